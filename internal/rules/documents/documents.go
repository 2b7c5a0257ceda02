// Package documents has the rules about documents of YAML and their objects. Most of them are reported by the readers in package manifest, and have no Run.
package documents

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	documentLimit,
	fieldType,
	fieldUnknown,
	keyDuplicate,
	kindUnknown,
	objectUntyped,
	templateUnrendered,
	valueType,
	yamlInvalid,
}

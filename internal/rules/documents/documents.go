// Package documents contains the rules about YAML documents and the objects in them.
// Most of them are reported by the readers in package manifest, and have no Run.
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

// Package variables has the rules about variables, $(...): their form, and whether
// they are replaced where they are used. The rules about params, results, workspaces
// and tasks check that what they refer to exists.
package variables

import (
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	variableForeign,
	variableIgnored,
	variableScope,
	variableSyntax,
	variableUnknown,
}

// problems calls visit for each problem with a variable of the object.
func problems(p *rule.Pass, visit func(*facts.Problem)) {
	all := p.Entry.Problems()
	for i := range all {
		visit(&all[i])
	}
}

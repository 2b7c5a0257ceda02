// Package variables has the rules about variables, $(...): their form, and
// whether they mean anything where they stand. Whether what they name exists is
// for the rules about params, results, workspaces and tasks.
package variables

import (
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	variableIgnored,
	variableScope,
	variableSyntax,
	variableUnknown,
}

// problems calls visit for what is wrong with each variable of the object.
func problems(p *rule.Pass, visit func(*facts.Problem)) {
	all := p.Entry.Problems()
	for i := range all {
		visit(&all[i])
	}
}

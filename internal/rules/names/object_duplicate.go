package names

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed object-duplicate.md
var objectDuplicateText string

var objectDuplicate = &rule.Rule{
	Code:     "object-duplicate",
	Severity: diag.Error,
	Topic:    "names",
	Text:     objectDuplicateText,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		first := p.Set.First(p.Entry)
		if first == nil || first == p.Entry || first.Object.Object == p.Entry.Object.Object {
			return
		}
		at, related := p.At("metadata", "name"), first.At("metadata", "name").Related(p.Entry.Ref.String()+" is first declared here")
		if p.Entry.IsCopy() {
			p.Warning(at, p.Entry.Ref.Name, p.Entry.Ref.String()+" is declared twice, with the same content", "remove one of them", related)
			return
		}
		p.Error(at, p.Entry.Ref.Name, p.Entry.Ref.String()+" is declared twice, with different content: the one that is applied last wins", "rename or remove one of them", related)
	},
}

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
		name := p.Entry.Ref.String()
		at, related := p.At("metadata", "name"), first.At("metadata", "name").Related(name+" is first declared here")
		switch {
		case p.Entry.IsCopy():
			p.Warning(at, p.Entry.Ref.Name, name+" is declared twice, with the same content", "remove one of them", related)
		case p.Set.IsApart(first, p.Entry):
			p.Warning(at, p.Entry.Ref.Name, name+" is also declared in another file of the directory, with different content: if both files are applied, the last one wins",
				"rename one of them, or move it to a directory of its own", related)
		default:
			p.Error(at, p.Entry.Ref.Name, name+" is declared twice, with different content: the one that is applied last wins", "rename or remove one of them", related)
		}
	},
}

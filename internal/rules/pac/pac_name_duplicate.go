package pac

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-name-duplicate.md
var nameDuplicateText string

// nameDuplicate reports runs of a folder that have the same name.
var nameDuplicate = &rule.Rule{
	Code:       "pac-name-duplicate",
	Severity:   diag.Error,
	Topic:      "pac",
	Text:       nameDuplicateText,
	Kinds:      []string{"PipelineRun"},
	Needs:      []rule.Fact{rule.Objects},
	Supersedes: []string{"object-duplicate"},
	Run: func(p *rule.Pass) {
		folder := p.Entry.TektonFolder()
		if folder == nil {
			return
		}
		for _, pair := range folder.Namesakes(p.Entry) {
			p.Error(nameOf(p.Entry, pair.Name), pair.Name, "two runs of the folder are named "+phrase.Quote(pair.Name)+": Pipelines-as-Code starts no run, whatever the event",
				"rename one of them", nameOf(pair.First, pair.Name).Related("the first run of that name"))
		}
		if first := folder.SameLabel(p.Entry); first != nil {
			name := p.Entry.Ref.Name
			p.Warning(nameOf(p.Entry, name), name,
				"Pipelines-as-Code gives "+p.Entry.Label()+" and "+first.Label()+" the same label, so max-keep-runs and cancel-in-progress treat them as one run",
				"rename one of them", nameOf(first, first.Ref.Name).Related("the other run"))
		}
	},
}

// nameOf returns the place of a name or generateName.
func nameOf(e *facts.Entry, name string) facts.Spot {
	if e.Run.Name != name {
		return e.At("metadata", "generateName")
	}
	return e.At("metadata", "name")
}

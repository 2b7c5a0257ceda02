package pac

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-reference-unknown.md
var referenceUnknownText string

// referenceUnknown reports references that Pipelines-as-Code cannot resolve.
var referenceUnknown = &rule.Rule{
	Code:       "pac-reference-unknown",
	Severity:   diag.Error,
	Topic:      "pac",
	Text:       referenceUnknownText,
	Kinds:      []string{"PipelineRun"},
	Needs:      []rule.Fact{rule.Objects},
	Supersedes: []string{"task-unknown", "task-external", "pipeline-unknown", "pipeline-external"},
	Run: func(p *rule.Pass) {
		folder := p.Entry.TektonFolder()
		if folder == nil || !folder.Whole && !p.Profile.Complete {
			return
		}
		resolved := folder.Resolved(p.Entry)
		if resolved == nil {
			return
		}
		for _, u := range resolved.Errs {
			if u.Name == "" || strings.Contains(u.Name, "{{") {
				continue // the annotation is reported, or the name is not known yet
			}
			at := folder.Spot(p.Entry, u.Of, u.Path)
			kind, key := "Task", "task"
			if strings.HasPrefix(u.Path.String(), "spec.pipelineRef") {
				kind, key = "Pipeline", "pipeline"
			}
			if p.Again(p.Set, kind+" "+u.Name+" "+at.Entry.File(), at) {
				continue // another run uses the same Pipeline
			}
			p.Error(at, u.Name, "Pipelines-as-Code cannot find "+kind+" "+phrase.Quote(u.Name)+" for "+p.Entry.Label()+
				": it is neither in the folder nor in an annotation, so no run starts for the event",
				phrase.Suggest(u.Name, p.Set.Names(kind), "add it to the folder, or refer to it in the annotation pipelinesascode.tekton.dev/"+key))
		}
	},
}

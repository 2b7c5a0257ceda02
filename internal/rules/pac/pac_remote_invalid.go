package pac

import (
	_ "embed"
	"errors"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-remote-invalid.md
var remoteInvalidText string

// remoteInvalid reports annotations that refer to tasks and pipelines that do not exist.
var remoteInvalid = &rule.Rule{
	Code:     "pac-remote-invalid",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     remoteInvalidText,
	Kinds:    []string{"PipelineRun", "Pipeline"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		annotations(p, func(at facts.Spot, key, value string) {
			if !pac.IsTask(pac.Prefix+key) && (key != "pipeline" || p.Entry.Pipeline != nil) {
				return
			}
			values, err := pac.List(value)
			if err != nil {
				return
			}
			for _, v := range values {
				if (pac.Remote{Value: v}).Where() == pac.Hub && pac.IsRead(v) {
					p.Error(at.Of(v), v, phrase.Quote(v)+" is a name of Artifact Hub, as it has no slash: Pipelines-as-Code cannot fetch it, and starts no run for the event",
						"write "+phrase.Quote("./"+v)+" for a file of the repository")
				}
			}
		})
		joined(p)
	},
}

// joined reports names of the hub that a Pipeline refers to, if a run takes the Pipeline
// from a file or a URL: they become files of the same directory.
func joined(p *rule.Pass) {
	folder := p.Entry.TektonFolder()
	if p.Entry.Run == nil || folder == nil {
		return
	}
	resolved := folder.Resolved(p.Entry)
	if resolved == nil {
		return
	}
	for _, u := range resolved.Errs {
		failed, ok := errors.AsType[*pac.FetchError](u)
		if !ok {
			continue
		}
		at := folder.Spot(p.Entry, u.Of, u.Path).Of(failed.Remote.Written)
		if !p.Again(p.Set, failed.Remote.Kind+" "+failed.Remote.Value, at) {
			p.Error(at, failed.Remote.Written, "the remote "+strings.ToLower(failed.Remote.Kind)+" "+phrase.Quote(failed.Remote.Value)+" cannot be used, so no run starts for the event: "+phrase.OneLine(failed.Err),
				"correct the annotation, or remotes in the profile")
		}
	}
	if resolved.Shared == nil || !resolved.Shared.Joined() {
		return
	}
	for _, r := range resolved.Shared.All {
		if r.Value == r.Written || strings.Contains(r.Written, "/") || pac.IsRead(r.Written) {
			continue
		}
		at := p.At("metadata", "annotations").Key(pac.PipelineAnnotation)
		if r.Of != nil {
			at = folder.Spot(p.Entry, r.Of, diag.Fields("metadata", "annotations").Key(r.Key))
		}
		p.Error(at, r.Written, "the Pipeline of "+p.Entry.Label()+" is remote, so Pipelines-as-Code fetches its task "+phrase.Quote(r.Written)+" from "+phrase.Quote(r.Value),
			"write the URL of the task, or refer to it in an annotation of the run")
	}
}

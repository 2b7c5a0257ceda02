package pac

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/builder"
)

// PipelineRun is a run of a .tekton folder: a PipelineRun, and the events that start it. It
// implements manifest.Source. Methods called on a nil PipelineRun do nothing.
type PipelineRun struct {
	at         callsite.Place
	run        *builder.PipelineRun
	repository *Repository
	events     []placedEvent
	keep       setting[int]
	cancel     setting[bool]
	namespace  setting[string]
	inline     bool

	remoteTasks    []placedItems
	remotePipeline setting[string]
	generate       bool
}

// placedEvent is an event, and the place where it was passed to On.
type placedEvent struct {
	at callsite.Place
	*event
}

// setting is a value, and the place of the call that set it. The zero value is not set.
type setting[T any] struct {
	at    callsite.Place
	value T
}

// Run returns a run of a .tekton folder. Its name is that of the PipelineRun without a dash
// at the end, so that the same function can make runs for package triggers.
// Pipelines-as-Code appends a unique suffix to it.
//
//	run := pac.Run(p.Run("checkout-push", repo.Set(pac.RepoURL), rev.Set(pac.Revision), src.VolumeClaimTemplate("1Gi"))).
//		On(pac.Push().Branches("main"))
//
// Use [Repository.Run] if the Repository is described, too.
func Run(run *builder.PipelineRun) *PipelineRun {
	return &PipelineRun{at: callsite.Here(), run: run}
}

// On adds events that start the run. Each of them starts it.
func (r *PipelineRun) On(events ...Event) *PipelineRun {
	if r != nil {
		at := callsite.Here()
		for _, e := range events {
			p := placedEvent{at: at}
			if e != nil {
				p.event = e.describe()
			}
			r.events = append(r.events, p)
		}
	}
	return r
}

// MaxKeepRuns sets how many completed runs of this name are kept. When a run ends, older
// ones are deleted.
func (r *PipelineRun) MaxKeepRuns(n int) *PipelineRun {
	if r != nil {
		r.keep = setting[int]{callsite.Here(), n}
	}
	return r
}

// CancelInProgress sets whether a new run cancels those of the same name for the same pull
// request or branch. The default is that of the installation.
func (r *PipelineRun) CancelInProgress(cancel bool) *PipelineRun {
	if r != nil {
		r.cancel = setting[bool]{callsite.Here(), cancel}
	}
	return r
}

// TargetNamespace selects the Repository in this namespace, if several have the same URL.
// Without one there, the run is skipped.
func (r *PipelineRun) TargetNamespace(name string) *PipelineRun {
	if r != nil {
		r.namespace = setting[string]{callsite.Here(), name}
	}
	return r
}

// Inline writes the Pipeline and its Tasks into the run, so that its file needs no other.
// Without Inline, they are files of the folder, which all runs share. Tasks that a resolver
// fetches remain references.
func (r *PipelineRun) Inline() *PipelineRun {
	if r != nil {
		r.inline = true
	}
	return r
}

// kinds returns the kinds of the events.
func (r *PipelineRun) kinds() kind {
	var all kind
	for _, e := range r.events {
		if e.event != nil {
			all |= e.kind
		}
	}
	return all
}

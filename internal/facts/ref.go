package facts

import v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

// Ref is a reference to a Task, a Pipeline or a StepAction: by name, or by a
// resolver.
type Ref struct {
	Spot    Spot   // of the reference: spec.tasks[0].taskRef
	Label   string // for sentences: the taskRef of task "image"
	Subject string // the name of the object or task that refers
	Kind    string // of the referenced object: Task, Pipeline, StepAction

	Name     string // of the object
	Resolver string
	Params   v1.Params // of the resolver
}

// Refs returns the references of the object, of its runs, pipelines and steps. It
// leaves out a reference next to a spec, and one to a custom task.
func (e *Entry) Refs() []Ref {
	if e.refsDone {
		return e.refs
	}
	e.refsDone = true
	s := e.At("spec")
	switch {
	case e.Run != nil && e.Run.Spec.PipelineRef != nil && e.Run.Spec.PipelineSpec == nil:
		ref := e.Run.Spec.PipelineRef
		e.addRef(s.Field("pipelineRef"), "the pipelineRef of "+e.Label(), e.Ref.Name, "Pipeline", ref.Name, ref.ResolverRef)
	case e.TaskRun != nil && e.TaskRun.Spec.TaskRef != nil && e.TaskRun.Spec.TaskSpec == nil:
		ref := e.TaskRun.Spec.TaskRef
		e.addRef(s.Field("taskRef"), "the taskRef of "+e.Label(), e.Ref.Name, "Task", ref.Name, ref.ResolverRef)
	}
	for _, p := range e.PipelineSpecs() {
		for _, t := range p.Tasks {
			switch {
			case t.TaskRef != nil && t.TaskSpec == nil && t.PipelineRef == nil && t.PipelineTask.PipelineSpec == nil:
				if ref := t.TaskRef; !IsCustom(ref.APIVersion, string(ref.Kind)) {
					e.addRef(t.Spot.Field("taskRef"), "the taskRef of "+t.Label, t.Name, "Task", ref.Name, ref.ResolverRef)
				}
			case t.PipelineRef != nil && t.TaskSpec == nil && t.TaskRef == nil && t.PipelineTask.PipelineSpec == nil:
				ref := t.PipelineRef
				e.addRef(t.Spot.Field("pipelineRef"), "the pipelineRef of "+t.Label, t.Name, "Pipeline", ref.Name, ref.ResolverRef)
			}
		}
	}
	for _, t := range e.TaskSpecs() {
		for _, c := range t.Steps() {
			if ref := c.Step.Ref; ref != nil {
				e.addRef(c.Spot.Field("ref"), "the ref of "+c.Label, c.Name, "StepAction", ref.Name, ref.ResolverRef)
			}
		}
	}
	return e.refs
}

func (e *Entry) addRef(s Spot, label, subject, kind, name string, r v1.ResolverRef) {
	e.refs = append(e.refs, Ref{Spot: s, Label: label, Subject: subject, Kind: kind, Name: name, Resolver: string(r.Resolver), Params: r.Params})
}

// Named reports whether the reference is by a valid object name, so that the object
// may be in the set.
func (r *Ref) Named() bool { return named(r.Name, v1.ResolverName(r.Resolver), r.Params) }

// Remote reports whether the reference is by a resolver.
func (r *Ref) Remote() bool { return r.Resolver != "" || r.Params != nil }

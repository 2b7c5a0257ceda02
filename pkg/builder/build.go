package builder

import (
	"context"
	"errors"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Build lowers the pipeline and its runs, checks them, and returns every
// error at once, in source order: a diag.Findings, whose Unwrap gives each
// diag.Finding. It is nil if there is none.
func (p *Pipeline) Build() error { return p.Findings().Err() }

// Findings is everything that Build looks at: the errors that Build returns,
// and warnings and notes as well.
func (p *Pipeline) Findings() diag.Findings {
	if p == nil || p.scope == nil {
		return diag.Findings{{
			Code: "pipeline-invalid", Severity: diag.Error, Message: "the pipeline is nil", Object: diag.ObjectRef{Kind: "Pipeline"},
			Help: "make it with builder.NewPipeline",
		}}
	}
	low := p.lower()
	findings, objects := low.findings, low.objects
	for _, r := range p.runs {
		lr := r.lower(low)
		findings = append(findings, lr.findings...)
		objects = append(objects, lr.checkable())
	}
	return checked(findings, objects)
}

// delivered are objects for a set, which will apply the rules to all that it
// holds. Where the builder itself found something wrong, they are applied
// here, so that everything is said at once.
func delivered(objects []object.Object, own diag.Findings) ([]object.Object, error) {
	if own.Err() == nil {
		return objects, nil
	}
	return objects, checked(own, objects).Err()
}

// Objects lowers the pipeline: StepActions, Tasks and pipelines that it refers
// to, and the Pipeline. Where the builder finds nothing wrong, the rules of
// package check are left to Build, and to the set that the objects go into. The
// error, and the objects beside one, are as in manifest.Source.
func (p *Pipeline) Objects() ([]object.Object, error) { return p.ObjectsIn(nil) }

// ObjectsIn is Objects for package manifest, which asks several sources about
// the same pipelines.
func (p *Pipeline) ObjectsIn(m *memo.Memo) ([]object.Object, error) {
	if p == nil || p.scope == nil {
		return nil, p.Findings().Err()
	}
	low := p.lowered(m)
	return delivered(low.objects, low.findings)
}

// lowered is the pipeline as upstream objects, which must not be changed.
func (p *Pipeline) lowered(m *memo.Memo) *lowered { return memo.Of(m, p, p.lower) }

// PipelineRun is the run as an upstream struct, checked as Build does.
func (r *PipelineRun) PipelineRun() (*v1.PipelineRun, error) {
	if r.none() {
		return nil, nilRun("PipelineRun")
	}
	low := r.pipeline.lower()
	lr := r.lower(low)
	all := checked(slices.Concat(low.findings, lr.findings, lr.eventsMisplaced()), append(low.objects, lr.object))
	if err := all.Err(); err != nil {
		return nil, err
	}
	return lr.run, nil
}

// Build checks the run and its pipeline as Pipeline.Build does. A run that
// takes fields of an event is checked with a word in place of each.
func (r *PipelineRun) Build() error {
	if r.none() {
		return nilRun("PipelineRun")
	}
	low := r.pipeline.lower()
	lr := r.lower(low)
	return checked(append(low.findings, lr.findings...), append(low.objects, lr.checkable())).Err()
}

// Object is the PipelineRun alone, checked against what it refers to. Fields
// of events stand in it as $(tt.params.NAME), as a TriggerTemplate has them.
func (r *PipelineRun) Object() (object.Object, error) {
	if r == nil || r.pipeline == nil {
		return object.Object{}, nilRun("PipelineRun")
	}
	low := r.pipeline.lower()
	lr := r.lower(low)
	own := append(append(diag.Findings(nil), low.findings...), lr.findings...)
	found := lr.findings
	if own.Err() == nil {
		all, _ := check.Run(context.Background(), append(low.objects, lr.checkable()), check.Profile{}) // which does not end
		found = append(found, inRuns(all)...)
	}
	return lr.object, found.Err()
}

// inRuns are the findings in the run; what it refers to is checked in the set
// that it goes into.
func inRuns(found diag.Findings) diag.Findings {
	return slices.DeleteFunc(found, func(f diag.Finding) bool { return f.Object.Kind != "PipelineRun" })
}

// Parts is what starts a run by an event.
type Parts struct {
	// Object is the PipelineRun. Fields of events stand in it as $(tt.params.NAME).
	Object object.Object
	// Dependencies is what the run refers to: its Pipeline, unless that is embedded,
	// the Tasks and the StepActions. A template holds the run alone.
	Dependencies []object.Object
	// Fields are the fields of events that the run takes, in the order of their
	// use. A run that takes any is for a trigger to start.
	Fields []EventField
}

// Parts returns what a trigger needs to start the run. The error, and what is
// there beside one, are as in manifest.Source. The memo may be nil.
func (r *PipelineRun) Parts(m *memo.Memo) (Parts, error) {
	if r.none() {
		return Parts{}, nilRun("PipelineRun")
	}
	low := r.pipeline.lowered(m)
	lr := r.lower(low)
	_, err := delivered(low.objects, low.findings)
	var found diag.Findings
	errors.As(err, &found)
	found = append(slices.Clip(found), lr.findings...)
	return Parts{Object: lr.object, Dependencies: r.dependencies(low), Fields: lr.events}, found.Err()
}

// referenced are the lowered objects that the run refers to.
func (r *PipelineRun) dependencies(low *lowered) []object.Object {
	if r.embed {
		return slices.Clip(low.objects[:len(low.objects)-1])
	}
	return low.objects
}

// Objects is the PipelineRun and all that it refers to. The error, and the
// objects beside one, are as in manifest.Source.
func (r *PipelineRun) Objects() ([]object.Object, error) { return r.ObjectsIn(nil) }

// ObjectsIn is Objects for package manifest, as that of Pipeline.
func (r *PipelineRun) ObjectsIn(m *memo.Memo) ([]object.Object, error) {
	if r.none() {
		return nil, nilRun("PipelineRun")
	}
	low := r.pipeline.lowered(m)
	lr := r.lower(low)
	own := slices.Concat(low.findings, lr.findings, lr.eventsMisplaced())
	return delivered(append(slices.Clip(r.dependencies(low)), lr.object), own)
}

// none tells whether nobody made the run.
func (r *PipelineRun) none() bool { return r == nil || r.pipeline == nil }

// none tells whether nobody made the run.
func (r *TaskRun) none() bool { return r == nil || r.node == nil }

func nilRun(kind string) error {
	return diag.Findings{{
		Code: "run-invalid", Severity: diag.Error, Message: "the run is nil", Object: diag.ObjectRef{Kind: kind},
		Help: "make it with Run or RunTask",
	}}.Err()
}

// TaskRun is the run as an upstream struct, checked as Build does.
func (r *TaskRun) TaskRun() (*v1.TaskRun, error) {
	if r.none() {
		return nil, nilRun("TaskRun")
	}
	o, objects, findings := r.lower()
	if err := checked(findings, objects).Err(); err != nil {
		return nil, err
	}
	return o, nil
}

// Object is the TaskRun alone, without its Task.
func (r *TaskRun) Object() (object.Object, error) {
	objects, err := r.Objects()
	if len(objects) == 0 {
		return object.Object{}, err
	}
	return objects[len(objects)-1], err
}

// Objects is the TaskRun, its Task and the StepActions of that. The error, and
// the objects beside one, are as in manifest.Source.
func (r *TaskRun) Objects() ([]object.Object, error) {
	if r.none() {
		return nil, nilRun("TaskRun")
	}
	_, objects, findings := r.lower()
	return delivered(objects, findings)
}

// Build checks the run as Pipeline.Build does.
func (r *TaskRun) Build() error {
	_, err := r.TaskRun()
	return err
}

// Task is the definition as an upstream struct, checked as Build does.
func (d *Definition) Task() (*v1.Task, error) {
	objects, err := d.Objects()
	if err != nil {
		return nil, err
	}
	if err := checked(nil, objects).Err(); err != nil {
		return nil, err
	}
	for _, o := range objects {
		if t, ok := o.Object.(*v1.Task); ok {
			return t, nil
		}
	}
	return nil, diag.Findings{{
		Code: "source-invalid", Severity: diag.Error, Object: diag.ObjectRef{Kind: "Task", Name: d.node.task.name}, Position: d.node.at.Position(),
		Message: "the task has no Task object: its definition lies elsewhere",
		Help:    "use it in a pipeline",
	}}
}

// Objects is the Task and the StepActions that it uses. The error, and the
// objects beside one, are as in manifest.Source.
func (d *Definition) Objects() ([]object.Object, error) {
	if d != nil && d.node != nil && d.node.broken {
		return nil, d.node.scope.problems.list.Err()
	}
	if d == nil || d.node == nil || d.node.task == nil {
		return nil, diag.Findings{{
			Code: "task-invalid", Severity: diag.Error, Message: "the task is nil", Object: diag.ObjectRef{Kind: "Task"},
			Help: "give Define a task type",
		}}
	}
	n := d.node
	findings := append(diag.Findings(nil), n.scope.problems.list...)
	if n.task.source != nil && n.task.source.task == nil {
		return nil, findings.Err()
	}
	def := n.task.lower()
	findings = append(findings, def.findings...)
	return delivered(def.withActions(), findings)
}

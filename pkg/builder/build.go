package builder

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Build checks the pipeline and its runs. It returns all errors at once, in
// source order, as a [diag.Findings] error that unwraps to each [diag.Finding],
// or nil if there are none.
func (p *Pipeline) Build() error { return p.Findings().Err() }

// Findings checks the pipeline and its runs as Build does, and returns warnings
// and notes as well as errors.
func (p *Pipeline) Findings() diag.Findings {
	if p == nil || p.scope == nil {
		return diag.Findings{{
			Code: "pipeline-invalid", Severity: diag.Error, Message: "the pipeline is nil", Object: diag.ObjectRef{Kind: "Pipeline"},
			Help: "create it with builder.NewPipeline",
		}}
	}
	low := p.lower()
	findings, objects := low.findings, low.objects
	for _, r := range p.runs {
		lr := r.lower(low)
		findings = append(findings, lr.findings...)
		objects = append(objects, lr.checkable())
	}
	return checked(findings, objects, p.profile)
}

// Profile sets the profile of the cluster for which Build, Findings and the runs of the
// pipeline check it. The default is a cluster with Tekton's default settings. A set has a
// profile of its own.
func (p *Pipeline) Profile(c check.Profile) *Pipeline {
	p = p.orNew()
	p.profile = c
	return p
}

// Profile is like [Pipeline.Profile].
func (r *TaskRun) Profile(c check.Profile) *TaskRun {
	if r != nil {
		r.profile = c
	}
	return r
}

// Profile is like [Pipeline.Profile], for [Definition.Task].
func (d *Definition) Profile(c check.Profile) *Definition {
	if d != nil {
		d.profile = c
	}
	return d
}

// Objects returns the StepActions, Tasks and Pipelines that the pipeline refers
// to, followed by the Pipeline itself. The rules of package check are not applied:
// Build does that, and so does the set that the objects are added to. See
// manifest.Source for the error, and for the objects returned together with an
// error.
func (p *Pipeline) Objects() ([]object.Object, error) { return p.ObjectsIn(nil) }

// ObjectsIn is like Objects. It is for package manifest, in which several
// sources may use the same pipeline.
func (p *Pipeline) ObjectsIn(m *memo.Memo) ([]object.Object, error) {
	if p == nil || p.scope == nil {
		return nil, p.Findings().Err()
	}
	low := p.lowered(m)
	return low.objects, low.findings.Err()
}

// lowered returns the pipeline as upstream objects, which must not be changed.
func (p *Pipeline) lowered(m *memo.Memo) *lowered { return memo.Of(m, p, p.lower) }

// PipelineRun returns the run as an upstream struct, after checking it as Build
// does.
func (r *PipelineRun) PipelineRun() (*v1.PipelineRun, error) {
	if r.none() {
		return nil, nilRun("PipelineRun")
	}
	low := r.pipeline.lower()
	lr := r.lower(low)
	all := checked(slices.Concat(low.findings, lr.findings, lr.eventsMisplaced()), append(low.objects, lr.object), r.pipeline.profile)
	if err := all.Err(); err != nil {
		return nil, err
	}
	return lr.run, nil
}

// Build checks the run and its pipeline as [Pipeline.Build] does. Fields of
// events that the run uses are replaced by a placeholder for the check.
func (r *PipelineRun) Build() error {
	if r.none() {
		return nilRun("PipelineRun")
	}
	low := r.pipeline.lower()
	lr := r.lower(low)
	return checked(append(low.findings, lr.findings...), append(low.objects, lr.checkable()), r.pipeline.profile).Err()
}

// Object returns only the PipelineRun, after checking it against the objects
// that it refers to. Fields of events are written as in a TriggerTemplate.
func (r *PipelineRun) Object() (object.Object, error) {
	if r == nil || r.pipeline == nil {
		return object.Object{}, nilRun("PipelineRun")
	}
	low := r.pipeline.lower()
	lr := r.lower(low)
	all := checked(slices.Concat(low.findings, lr.findings), append(low.objects, lr.checkable()), r.pipeline.profile)
	return lr.object, inRuns(all).Err()
}

// inRuns returns the findings in the run. The objects that it refers to are
// checked in the set that it is added to.
func inRuns(found diag.Findings) diag.Findings {
	return slices.DeleteFunc(found, func(f diag.Finding) bool { return f.Object.Kind != "PipelineRun" })
}

// Parts is what a trigger needs to start a run.
type Parts struct {
	// Object is the PipelineRun. Fields of events are written as in a TriggerTemplate.
	Object object.Object
	// Dependencies are the objects that the run refers to: its Pipeline, unless
	// that is embedded, the Tasks and the StepActions. They are not part of the
	// TriggerTemplate.
	Dependencies []object.Object
	// Fields are the fields of events that the run uses, in the order of their
	// use. If there are any, only a trigger can start the run.
	Fields []EventField
}

// Parts returns what a trigger needs to start the run. See manifest.Source for
// the error, and for the parts returned together with an error. The memo may be
// nil.
func (r *PipelineRun) Parts(m *memo.Memo) (Parts, error) {
	if r.none() {
		return Parts{}, nilRun("PipelineRun")
	}
	low := r.pipeline.lowered(m)
	lr := r.lower(low)
	found := slices.Concat(low.findings, lr.findings)
	return Parts{Object: lr.object, Dependencies: r.dependencies(low), Fields: lr.events}, found.Err()
}

// dependencies returns the lowered objects that the run refers to.
func (r *PipelineRun) dependencies(low *lowered) []object.Object {
	if r.embed && r.pipeline.elsewhere == nil {
		return slices.Clip(low.objects[:len(low.objects)-1])
	}
	return low.objects
}

// Objects returns the objects that the run refers to, followed by the
// PipelineRun. See manifest.Source for the error, and for the objects returned
// together with an error.
func (r *PipelineRun) Objects() ([]object.Object, error) { return r.ObjectsIn(nil) }

// ObjectsIn is like Objects. It is for package manifest; see
// [Pipeline.ObjectsIn].
func (r *PipelineRun) ObjectsIn(m *memo.Memo) ([]object.Object, error) {
	if r.none() {
		return nil, nilRun("PipelineRun")
	}
	low := r.pipeline.lowered(m)
	lr := r.lower(low)
	own := slices.Concat(low.findings, lr.findings, lr.eventsMisplaced())
	return append(slices.Clip(r.dependencies(low)), lr.object), own.Err()
}

// none reports whether the run is nil or a zero value.
func (r *PipelineRun) none() bool { return r == nil || r.pipeline == nil }

// none reports whether the run is nil or a zero value.
func (r *TaskRun) none() bool { return r == nil || r.pipelineTask == nil }

func nilRun(kind string) error {
	return diag.Findings{{
		Code: "run-invalid", Severity: diag.Error, Message: "the run is nil", Object: diag.ObjectRef{Kind: kind},
		Help: "create it with Run or RunTask",
	}}.Err()
}

// TaskRun returns the run as an upstream struct, after checking it as Build
// does.
func (r *TaskRun) TaskRun() (*v1.TaskRun, error) {
	if r.none() {
		return nil, nilRun("TaskRun")
	}
	o, objects, findings := r.lower()
	if err := checked(findings, objects, r.profile).Err(); err != nil {
		return nil, err
	}
	return o, nil
}

// Object returns only the TaskRun, without its Task.
func (r *TaskRun) Object() (object.Object, error) {
	objects, err := r.Objects()
	if len(objects) == 0 {
		return object.Object{}, err
	}
	return objects[len(objects)-1], err
}

// Objects returns the StepActions and the Task of the run, followed by the
// TaskRun. See manifest.Source for the error, and for the objects returned
// together with an error.
func (r *TaskRun) Objects() ([]object.Object, error) {
	if r.none() {
		return nil, nilRun("TaskRun")
	}
	_, objects, findings := r.lower()
	return objects, findings.Err()
}

// Build checks the run as [Pipeline.Build] does.
func (r *TaskRun) Build() error {
	_, err := r.TaskRun()
	return err
}

// Task returns the definition as an upstream struct, after checking it as Build
// does.
func (d *Definition) Task() (*v1.Task, error) {
	objects, err := d.Objects()
	if err != nil {
		return nil, err
	}
	if err := checked(nil, objects, d.profile).Err(); err != nil {
		return nil, err
	}
	for _, o := range objects {
		if t, ok := o.Object.(*v1.Task); ok {
			return t, nil
		}
	}
	return nil, diag.Findings{{
		Code: "source-invalid", Severity: diag.Error, Object: diag.ObjectRef{Kind: "Task", Name: d.pipelineTask.task.name}, Position: d.pipelineTask.at.Position(),
		Message: "there is no Task object to return: the task is remote or custom",
		Help:    "add the task to a pipeline",
	}}
}

// Objects returns the StepActions that the Task uses, followed by the Task. See
// manifest.Source for the error, and for the objects returned together with an
// error.
func (d *Definition) Objects() ([]object.Object, error) {
	if d != nil && d.pipelineTask != nil && d.pipelineTask.broken {
		return nil, d.pipelineTask.scope.problems.list.Err()
	}
	if d == nil || d.pipelineTask == nil || d.pipelineTask.task == nil {
		return nil, diag.Findings{{
			Code: "task-invalid", Severity: diag.Error, Message: "the task is nil", Object: diag.ObjectRef{Kind: "Task"},
			Help: "pass Define a struct with the methods TaskName and Define",
		}}
	}
	n := d.pipelineTask
	findings := append(diag.Findings(nil), n.scope.problems.list...)
	if n.task.source != nil && n.task.source.task == nil {
		return nil, findings.Err()
	}
	def := n.task.lower()
	findings = append(findings, def.findings...)
	return def.withActions(), findings.Err()
}

package builder

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/check"
)

// Build lowers the pipeline and its runs, checks them, and returns every
// error at once, in source order: a check.Findings, whose Unwrap gives each
// check.Finding. It is nil if there is none.
func (p *Pipeline) Build() error { return p.Findings().Err() }

// Findings is everything that Build looks at: the errors that Build returns,
// and warnings and notes as well.
func (p *Pipeline) Findings() check.Findings {
	if p == nil || p.scope == nil {
		return check.Findings{{
			Code: "pipeline-invalid", Message: "the pipeline is nil", Object: check.Ref{Kind: "Pipeline"},
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

// checked adds what the rules find to what the builder found itself, in source
// order. Where the builder has said what is wrong at a place, the rules that
// see the consequence there are not heard.
func checked(own check.Findings, objects []check.Object) check.Findings {
	said := map[string]bool{}
	for _, f := range own {
		said[f.Place] = true
	}
	out := append(check.Findings(nil), own...)
	for _, f := range check.Run(objects, check.Profile{}) {
		if said[f.Place] && consequence(f.Code) || len(own) > 0 && f.Code == "upstream" {
			continue
		}
		out = append(out, f)
	}
	out.Sort()
	return out
}

func consequence(code string) bool {
	for _, prefix := range [...]string{"reference-", "param-", "result-", "array-", "input-", "status-"} {
		if strings.HasPrefix(code, prefix) {
			return true
		}
	}
	return false
}

// Objects lowers the pipeline: StepActions, Tasks and pipelines that it refers
// to, and the Pipeline. The error is what the builder found wrong by itself;
// the rules of package check are for Build, and for the set that the objects
// go into.
func (p *Pipeline) Objects() ([]check.Object, error) {
	if p == nil || p.scope == nil {
		return nil, p.Findings().Err()
	}
	low := p.lower()
	low.findings.Sort()
	return low.objects, low.findings.Err()
}

// PipelineRun is the run as an upstream struct, checked as Build does.
func (r *Run) PipelineRun() (*v1.PipelineRun, error) {
	if r == nil {
		return nil, nilRun("PipelineRun")
	}
	low := r.pipeline.lower()
	lr := r.lower(low)
	all := checked(append(append(low.findings, lr.findings...), lr.eventsMisplaced()...), append(low.objects, lr.object))
	if err := all.Err(); err != nil {
		return nil, err
	}
	return lr.run, nil
}

// Object is the PipelineRun alone, without what it refers to. Fields of events
// stand in it as $(tt.params.NAME), as a TriggerTemplate has them.
func (r *Run) Object() (check.Object, error) {
	if r == nil {
		return check.Object{}, nilRun("PipelineRun")
	}
	lr := r.lower(r.pipeline.lower())
	return lr.object, lr.findings.Err()
}

// EventFields are the fields of events that the run takes, in the order of
// their use. Where there are any, the run is for a trigger to start.
func (r *Run) EventFields() []EventField {
	if r == nil {
		return nil
	}
	return r.lower(r.pipeline.lower()).events
}

// Referenced is what the run refers to: its Pipeline, unless that is embedded,
// the Tasks and the StepActions. It is for whoever starts the run, since a
// template holds the run alone.
func (r *Run) Referenced() ([]check.Object, error) {
	if r == nil {
		return nil, nilRun("PipelineRun")
	}
	low := r.pipeline.lower()
	low.findings.Sort()
	if r.embed {
		low.objects = low.objects[:len(low.objects)-1]
	}
	return low.objects, low.findings.Err()
}

// Objects is the PipelineRun and all that it refers to.
func (r *Run) Objects() ([]check.Object, error) {
	if r == nil {
		return nil, nilRun("PipelineRun")
	}
	low := r.pipeline.lower()
	lr := r.lower(low)
	objects := low.objects
	if r.embed {
		objects = objects[:len(objects)-1]
	}
	all := append(append(append(check.Findings(nil), low.findings...), lr.findings...), lr.eventsMisplaced()...)
	all.Sort()
	return append(objects, lr.object), all.Err()
}

func nilRun(kind string) error {
	return check.Findings{{
		Code: "run-invalid", Message: "the run is nil", Object: check.Ref{Kind: kind},
		Help: "make it with Run or RunTask",
	}}.Err()
}

// TaskRun is the run as an upstream struct, checked as Build does.
func (r *TaskRun) TaskRun() (*v1.TaskRun, error) {
	if r == nil {
		return nil, nilRun("TaskRun")
	}
	o, objects, findings := r.lower()
	if err := checked(findings, objects).Err(); err != nil {
		return nil, err
	}
	return o, nil
}

// Object is the TaskRun alone, without its Task.
func (r *TaskRun) Object() (check.Object, error) {
	objects, err := r.Objects()
	if len(objects) == 0 {
		return check.Object{}, err
	}
	return objects[len(objects)-1], err
}

// Objects is the TaskRun, its Task and the StepActions of that.
func (r *TaskRun) Objects() ([]check.Object, error) {
	if r == nil {
		return nil, nilRun("TaskRun")
	}
	_, objects, findings := r.lower()
	findings.Sort()
	return objects, findings.Err()
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
	return nil, check.Findings{{
		Code: "source-invalid", Object: check.Ref{Kind: "Task"},
		Message: "the task has no Task object: its definition lies elsewhere",
		Help:    "use it in a pipeline",
	}}
}

// Objects is the Task and the StepActions that it uses.
func (d *Definition) Objects() ([]check.Object, error) {
	if d == nil || d.node == nil || d.node.task == nil {
		return nil, check.Findings{{
			Code: "task-invalid", Message: "the task is nil", Object: check.Ref{Kind: "Task"},
			Help: "give Define a task type",
		}}
	}
	n := d.node
	findings := append(check.Findings(nil), n.scope.problems.list...)
	if n.task.source != nil && n.task.source.task == nil {
		return nil, findings.Err()
	}
	def := n.task.lower()
	findings = append(findings, def.findings...)
	findings.Sort()
	return def.withActions(), findings.Err()
}

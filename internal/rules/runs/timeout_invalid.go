package runs

import (
	_ "embed"
	"fmt"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed timeout-invalid.md
var timeoutInvalidText string

// positive is the help for a negative timeout.
const positive = "set a positive duration, such as 5m, or remove the timeout"

var timeoutInvalid = &rule.Rule{
	Code:     "timeout-invalid",
	Severity: diag.Error,
	Topic:    "runs",
	Text:     timeoutInvalidText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		for _, t := range p.Entry.TaskSpecs() {
			for i := range t.Spec.Steps {
				if d := t.Spec.Steps[i].Timeout; d != nil && d.Duration < 0 {
					c := &t.Steps()[i]
					p.Error(c.Spot.Field("timeout"), c.Name, "the timeout of "+c.Label+" is negative", positive)
				}
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if t.Timeout != nil && t.Timeout.Duration < 0 {
					p.Error(t.Spot.Field("timeout"), t.Name, "the timeout of "+t.Label+" is negative", positive)
				}
			}
		}
		switch e := p.Entry; {
		case e.TaskRun != nil:
			if d := e.TaskRun.Spec.Timeout; d != nil && d.Duration < 0 {
				p.Error(p.At("spec", "timeout"), e.Ref.Name, "the timeout of "+e.Label()+" is negative", positive)
			}
		case e.Run != nil:
			runTimeouts(p, e.Run.Spec.Timeouts)
			for i := range e.Run.Spec.TaskRunSpecs {
				overrideTimeout(p, p.At("spec").Index("taskRunSpecs", i), &e.Run.Spec.TaskRunSpecs[i], e.Run.Spec.Timeouts)
			}
			cutOff(p)
		}
	},
}

// runTimeouts checks the timeouts of a PipelineRun.
func runTimeouts(p *rule.Pass, t *v1.TimeoutFields) {
	if t == nil {
		return
	}
	limit, s := p.Profile.Timeout(), p.At("spec", "timeouts")
	if t.Pipeline != nil {
		limit = t.Pipeline.Duration
	}
	for _, f := range [...]struct {
		name string
		d    *metav1.Duration
	}{{"pipeline", t.Pipeline}, {"tasks", t.Tasks}, {"finally", t.Finally}} {
		switch at := s.Field(f.name); {
		case f.d == nil:
		case f.d.Duration < 0:
			p.Error(at, f.name, "the timeout of "+f.name+" is negative", positive)
		case f.name != "pipeline" && limit > 0 && f.d.Duration == 0:
			p.Error(at, f.name, "the timeout of "+f.name+" is 0, which means no timeout, but the pipeline has "+limit.String(),
				"set timeouts."+f.name+" to less than timeouts.pipeline, or remove it")
		case f.name != "pipeline" && limit > 0 && f.d.Duration > limit:
			p.Error(at, f.name, fmt.Sprintf("the timeout of %s (%s) is longer than that of the pipeline (%s)", f.name, f.d.Duration, limit),
				"raise timeouts.pipeline, or lower timeouts."+f.name)
		}
	}
	if t.Tasks != nil && t.Finally != nil && limit > 0 && t.Tasks.Duration <= limit && t.Finally.Duration <= limit && t.Tasks.Duration+t.Finally.Duration > limit {
		p.Error(s.Field("tasks"), "tasks", fmt.Sprintf("timeouts.tasks and timeouts.finally (%s + %s) add up to more than timeouts.pipeline (%s)",
			t.Tasks.Duration, t.Finally.Duration, limit), "raise timeouts.pipeline, or lower timeouts.tasks or timeouts.finally")
	}
}

// overrideTimeout checks the timeout that a run sets for one of its tasks.
func overrideTimeout(p *rule.Pass, s facts.Spot, o *v1.PipelineTaskRunSpec, t *v1.TimeoutFields) {
	if o.Timeout == nil {
		return
	}
	limit, of := p.Profile.Timeout(), "the default of the pipeline"
	switch {
	case t != nil && t.Tasks != nil:
		limit, of = t.Tasks.Duration, "that of all tasks"
	case t != nil && t.Pipeline != nil:
		limit, of = t.Pipeline.Duration, "that of the pipeline"
	}
	name, at := o.PipelineTaskName, s.Field("timeout")
	switch d := o.Timeout.Duration; {
	case d < 0:
		p.Error(at, name, "the timeout of task "+phrase.Quote(name)+" is negative", positive)
	case limit > 0 && d > limit:
		p.Error(at, name, "the timeout of task "+phrase.Quote(name)+" ("+d.String()+") is longer than "+of+" ("+limit.String()+")", "lower it, or raise the limit in timeouts")
	}
}

// cutOff reports pipeline tasks whose timeouts are longer than the run allows, so that
// they are stopped earlier.
func cutOff(p *rule.Pass) {
	pipeline := p.Entry.RunPipeline()
	if pipeline == nil {
		return
	}
	spec, run := &p.Entry.Run.Spec, p.Entry.Ref.String()
	if p.Entry.Ref.Name == "" {
		run = "its PipelineRun"
	}
	own := map[string]bool{}
	for i := range spec.TaskRunSpecs {
		own[spec.TaskRunSpecs[i].PipelineTaskName] = spec.TaskRunSpecs[i].Timeout != nil
	}
	for _, t := range pipeline.Tasks {
		if t.Timeout == nil || own[t.Name] {
			continue
		}
		d, l := t.Timeout.Duration, runLimit(p, spec.Timeouts, t.Finally)
		if l.d <= 0 || d <= l.d || p.Again(t, "", l.at) {
			continue
		}
		p.Warning(t.Spot.Field("timeout"), t.Name, t.Label+" has a timeout of "+d.String()+", but "+run+" stops it after "+l.d.String()+", "+l.why,
			"set a longer timeouts."+l.field+" in the run, or lower the timeout of the task", l.at.Related(run+" runs it"))
	}
}

// limit is the time that the tasks of a run may take together.
type limit struct {
	d     time.Duration
	why   string
	field string // of timeouts
	at    facts.Spot
}

// runLimit returns the limit of the tasks of a run, or of those of finally; 0 if there
// is none. As in Tekton, a timeout that is not set is what the others leave.
func runLimit(p *rule.Pass, t *v1.TimeoutFields, finally bool) limit {
	if t == nil {
		t = &v1.TimeoutFields{}
	}
	at := p.At("spec", "timeouts")
	own, other, name, otherName := t.Tasks, t.Finally, "tasks", "finally"
	if finally {
		own, other, name, otherName = other, own, otherName, name
	}
	switch {
	case own != nil && own.Duration > 0:
		return limit{own.Duration, "its timeouts." + name, name, at.Field(name)}
	case own == nil && other != nil && other.Duration > 0 && t.Pipeline != nil && t.Pipeline.Duration > 0:
		return limit{t.Pipeline.Duration - other.Duration, "its timeouts.pipeline without timeouts." + otherName, "pipeline", at.Field("pipeline")}
	case t.Pipeline != nil:
		return limit{t.Pipeline.Duration, "its timeouts.pipeline", "pipeline", at.Field("pipeline")}
	}
	return limit{p.Profile.Timeout(), "the default of the cluster", "pipeline", p.At("spec")}
}

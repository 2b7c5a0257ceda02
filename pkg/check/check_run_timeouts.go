package check

import (
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// cutOff warns of the tasks of a pipeline whose timeouts are longer than what
// the run gives them: it stops them before.
func (c *checker) cutOff(s spot, spec *v1.PipelineRunSpec, p *pipelineCheck) {
	own, run := map[string]bool{}, s.ref.String()
	if s.ref.Name == "" {
		run = "its PipelineRun"
	}
	for i := range spec.TaskRunSpecs {
		own[spec.TaskRunSpecs[i].PipelineTaskName] = spec.TaskRunSpecs[i].Timeout != nil
	}
	for _, t := range p.tasks {
		if t.Timeout == nil || own[t.Name] {
			continue
		}
		d, l := t.Timeout.Duration, c.runLimit(s, spec.Timeouts, t.finally)
		at := t.spot.field("timeout")
		if l.d <= 0 || d <= l.d || c.again(c.missing, "timeout "+at.ref.String()+" "+at.path, l.at) {
			continue
		}
		c.warn(at, "timeout-invalid", t.Name, t.label+" has a timeout of "+d.String()+", and "+run+" stops it after "+l.d.String()+": "+l.why,
			"raise timeouts."+l.field+" of the run, or lower this one", l.at.related(run+" runs it"))
	}
}

// limit is how long the tasks of a run may take together.
type limit struct {
	d     time.Duration
	why   string
	field string // of timeouts
	at    spot
}

// runLimit is the limit of the tasks of a run, or of those of finally; 0 if
// there is none. What is not set is what the others leave, as in Tekton.
func (c *checker) runLimit(s spot, t *v1.TimeoutFields, finally bool) limit {
	if t == nil {
		t = &v1.TimeoutFields{}
	}
	at := s.field("timeouts")
	own, other, name, otherName := t.Tasks, t.Finally, "tasks", "finally"
	if finally {
		own, other, name, otherName = other, own, otherName, name
	}
	switch {
	case own != nil && own.Duration > 0:
		return limit{own.Duration, "its timeouts." + name + " says so", name, at.field(name)}
	case own == nil && other != nil && other.Duration > 0 && t.Pipeline != nil && t.Pipeline.Duration > 0:
		return limit{t.Pipeline.Duration - other.Duration, "that is what its timeouts." + otherName + " leaves of timeouts.pipeline", "pipeline", at.field("pipeline")}
	case t.Pipeline != nil:
		return limit{t.Pipeline.Duration, "its timeouts.pipeline says so", "pipeline", at.field("pipeline")}
	}
	return limit{c.profile.timeout(), "that is the default of the cluster", "pipeline", s}
}

package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// pipelineRun checks a PipelineRun object, and what it means to its Pipeline.
func (c *checker) pipelineRun(e *entry) {
	c.objectName(e)
	s, spec, label := in(e, "spec"), &e.run.Spec, e.ref.String()
	if e.ref.Name == "" {
		label = "this PipelineRun"
	}
	switch spec.Status {
	case "", v1.PipelineRunSpecStatusPending, v1.PipelineRunSpecStatusCancelled, v1.PipelineRunSpecStatusCancelledRunFinally, v1.PipelineRunSpecStatusStoppedRunFinally:
	default:
		c.fail(s.field("status"), "status-invalid", string(spec.Status), "the status "+q(string(spec.Status))+" is none of a PipelineRun",
			oneOf(string(spec.Status), []string{"Cancelled", "CancelledRunFinally", "StoppedRunFinally", "PipelineRunPending"}))
	}
	if e.run.IsPending() && e.run.HasStarted() {
		c.fail(s.field("status"), "status-invalid", string(spec.Status), label+" is to wait, but has started already", "drop status")
	}
	c.timeouts(s, spec.Timeouts)
	c.runParams(s, spec.Params)
	c.runWorkspaces(s, spec.Workspaces)
	c.account(s.field("taskRunTemplate.serviceAccountName"), spec.TaskRunTemplate.ServiceAccountName)
	c.podEnv(s.field("taskRunTemplate.podTemplate"), spec.TaskRunTemplate.PodTemplate)
	p := c.runPipeline(e, s, label)
	c.taskRunSpecs(s, spec, p)
	c.runTexts(s, label, spec, p)
	c.podTexts(s, label, spec, p)
	if p == nil {
		return
	}
	c.wiring(s, label, spec, p)
	c.runMatrices(s, spec, p)
	c.claims(s, spec, p)
}

// extraSeverity is for a param of a run that its pipeline does not declare: an
// embedded pipeline gets it all the same.
func (c *checker) extraSeverity(spec *v1.PipelineRunSpec) diag.Severity {
	if spec.PipelineSpec != nil {
		return silent
	}
	return diag.Warning
}

// runPipeline finds and checks the pipeline of a run; nil if it is not known.
func (c *checker) runPipeline(e *entry, s spot, label string) *pipelineCheck {
	spec := &e.run.Spec
	switch {
	case spec.PipelineRef == nil && spec.PipelineSpec == nil:
		c.fail(s, "spec-missing", e.ref.Name, label+" says nothing to run", "set pipelineRef or pipelineSpec")
	case spec.PipelineRef != nil && spec.PipelineSpec != nil:
		c.fail(s, "spec-conflict", e.ref.Name, label+" has both pipelineRef and pipelineSpec", "keep one of them")
	case spec.PipelineSpec != nil:
		at := s.field("pipelineSpec")
		c.inline(at, "pipelinerun", "the pipeline of "+label)
		p := &pipelineCheck{checker: c, spot: at, spec: spec.PipelineSpec, label: "the pipeline of " + label, run: e.run}
		p.params = newParamScope(at.field("params"), p.label, spec.PipelineSpec.Params, valueScope(s.field("params"), label, spec.Params, nil, nil))
		p.check()
		if embedsSteps(spec.PipelineSpec) {
			c.pooled(s, spec.Params)
			for i := range spec.PipelineSpec.Tasks {
				c.pooled(at.index("tasks", i), spec.PipelineSpec.Tasks[i].Params)
			}
		}
		return p
	default:
		ref, rs := spec.PipelineRef, s.field("pipelineRef")
		if !c.ref(rs, e.ref.Name, "the pipelineRef of "+label, ref.Name, ref.Resolver, ref.Params) {
			return nil
		}
		found := c.find("Pipeline", e.ref.Namespace, ref.Name)
		if found == nil {
			meant := c.external(rs.field("name"), "Pipeline", ref.Name, "pipeline")
			c.supposing(s, label, spec, c.find("Pipeline", e.ref.Namespace, meant))
			return nil
		}
		return c.pipelines[found]
	}
	return nil
}

// supposing tells, as warnings, what the run lacks for the Pipeline that it
// most likely means.
func (c *checker) supposing(s spot, label string, spec *v1.PipelineRunSpec, meant *entry) {
	p := c.pipelines[meant]
	if meant == nil || p == nil || unsure(spec.PipelineRef.Name, []string{meant.ref.Name}) != diag.Warning {
		return
	}
	before := len(c.findings)
	c.wiring(s, label, spec, p)
	for i := before; i < len(c.findings); i++ {
		f := &c.findings[i]
		f.Severity = max(f.Severity, diag.Warning)
		f.Related = append(f.Related, s.field("pipelineRef.name").related("this most likely means Pipeline "+q(meant.ref.Name)))
	}
}

// wiring checks what a run gives to its pipeline.
func (c *checker) wiring(s spot, label string, spec *v1.PipelineRunSpec, p *pipelineCheck) {
	c.passed(passing{
		at: s, list: "params", values: spec.Params, target: p.params, from: label, missing: s.field("params"), extra: c.extraSeverity(spec),
	})
	c.boundWorkspaces(s, label, spec, p)
}

// timeouts checks the timeouts of a PipelineRun.
func (c *checker) timeouts(s spot, t *v1.TimeoutFields) {
	if t == nil {
		return
	}
	limit := c.profile.timeout()
	if t.Pipeline != nil {
		limit = t.Pipeline.Duration
	}
	for _, f := range []struct {
		name string
		d    *metav1.Duration
	}{{"pipeline", t.Pipeline}, {"tasks", t.Tasks}, {"finally", t.Finally}} {
		switch at := s.field("timeouts").field(f.name); {
		case f.d == nil:
		case f.d.Duration < 0:
			c.fail(at, "timeout-invalid", f.name, "the timeout of "+f.name+" is negative", "")
		case f.name != "pipeline" && limit > 0 && (f.d.Duration > limit || f.d.Duration == 0):
			c.fail(at, "timeout-invalid", f.name, fmt.Sprintf("the timeout of %s (%s) is longer than that of the pipeline (%s)", f.name, duration(f.d.Duration), limit),
				"raise timeouts.pipeline, or lower it")
		}
	}
	if t.Tasks != nil && t.Finally != nil && limit > 0 && t.Tasks.Duration <= limit && t.Finally.Duration <= limit && t.Tasks.Duration+t.Finally.Duration > limit {
		c.fail(s.field("timeouts.tasks"), "timeout-invalid", "tasks", fmt.Sprintf("the timeouts of tasks and finally (%s + %s) are longer than that of the pipeline (%s)",
			t.Tasks.Duration, t.Finally.Duration, limit), "raise timeouts.pipeline, or lower one of them")
	}
}

// pooled checks the names of values that reach embedded steps without being
// declared: there they must be such that a reference can name them.
func (c *checker) pooled(s spot, params v1.Params) {
	for i := range params {
		p := &params[i]
		if why := badParamName(p.Name, valueKind(&p.Value)); why != "" && p.Name != "" {
			c.fail(s.index("params", i).field("name"), "name-invalid", p.Name, "param name "+q(p.Name)+" "+why, "")
		}
		if p.Value.Type != v1.ParamTypeObject {
			continue
		}
		for _, k := range sortedKeys(p.Value.ObjectVal) {
			if why := badParamName(k, v1.ParamTypeObject); why != "" {
				c.fail(s.at(key(field(at(field(s.path, "params"), i), "value"), k)), "name-invalid", k, "key "+q(k)+" of param "+q(p.Name)+" "+why, "")
			}
		}
	}
}

// embedsSteps reports whether a task of the pipeline holds its steps itself.
func embedsSteps(spec *v1.PipelineSpec) bool {
	return slices.ContainsFunc(spec.Tasks, func(t v1.PipelineTask) bool { return t.TaskSpec != nil && len(t.TaskSpec.Steps) > 0 })
}

func duration(d time.Duration) string {
	if d == 0 {
		return "none"
	}
	return d.String()
}

// runParams checks the params that a run sets, for themselves.
func (c *checker) runParams(s spot, params v1.Params) {
	c.values(s, "params", params)
	seen := map[string]int{}
	for i := range params {
		ps, folded := s.index("params", i), strings.ToLower(params[i].Name)
		if folded == "" {
			continue
		}
		if first, ok := seen[folded]; ok {
			message := "param " + q(params[i].Name) + " is set twice"
			if params[first].Name != params[i].Name {
				message = "params " + q(params[first].Name) + " and " + q(params[i].Name) + " differ in case only, which Tekton refuses in a run"
			}
			c.fail(ps.field("name"), "param-duplicate", params[i].Name, message, "drop or rename one of them", s.index("params", first).related("the first one"))
			continue
		}
		seen[folded] = i
		walkTexts(&params[i].Value, ps.field("value").path, func(tx text) {
			scan(tx.value, func(m match) {
				at, r := s.at(tx.path).of(tx.value[m.start:m.end]), parseReference(m.expr)
				switch {
				case m.open || m.escaped || at.within != nil && (filledLater(at, m) || ofEvent(m.expr)):
				case (r.kind == refTaskResult || r.kind == refFinallyResult) && r.fault == "":
					c.fail(at, "reference-scope", r.expr, m.String()+" has no meaning in a param of a run", "a run sets its params before any task has a result")
				case r.kind == refEvent || ofEvent(m.expr):
					c.fail(at, "reference-scope", m.expr, m.String()+" is known only where an event starts the run", "in a TriggerTemplate, declare the param and use $(tt.params.NAME); in Go, use a field of the event")
				}
			})
		})
	}
}

// runMatrices counts the runs of the matrices with the params of this run.
func (c *checker) runMatrices(s spot, spec *v1.PipelineRunSpec, p *pipelineCheck) {
	given := map[string]int{}
	for i := range spec.Params {
		if v := &spec.Params[i].Value; v.Type == v1.ParamTypeArray {
			given[spec.Params[i].Name] = len(v.ArrayVal)
		}
	}
	for _, t := range p.tasks {
		if t.Matrix == nil || !t.IsMatrixed() || !usesDefaults(t) {
			continue
		}
		n, known := p.matrixSize(t, func(name string) (int, bool) {
			if n, ok := given[name]; ok {
				return n, true
			}
			return p.defaultLength(name)
		})
		switch {
		case known && n > c.profile.maxMatrix():
			c.tooManyRuns(s, t, n, p)
		case known && n == 0:
			c.warn(s.field("params"), "matrix-empty", t.Name, "the matrix of "+t.label+" has an empty list, so the task is skipped", "pass at least one value", t.spot.field("matrix").related("the matrix"))
		}
	}
}

func (c *checker) tooManyRuns(s spot, t *pipelineTask, n int, p *pipelineCheck) {
	c.fail(s.field("params"), "matrix-size", t.Name, "the matrix of "+t.label+" makes "+itoa(n)+" runs, more than the "+itoa(p.profile.maxMatrix())+" that are allowed: Tekton starts them all, and then fails the run",
		"shorten its lists", t.spot.field("matrix").related("the matrix"))
}

// ofEvent reports whether an expression is one of a TriggerBinding.
func ofEvent(expr string) bool {
	for _, root := range [...]string{"body.", "header.", "extensions."} {
		if strings.HasPrefix(expr, root) {
			return true
		}
	}
	return false
}

package check

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// taskRunObject checks a TaskRun object, and what it means to its Task.
func (c *checker) taskRunObject(e *entry) {
	c.objectName(e)
	s, spec, label := in(e, "spec"), &e.taskRun.Spec, e.ref.String()
	if e.ref.Name == "" {
		label = "this TaskRun"
	}
	if spec.Status != "" && spec.Status != v1.TaskRunSpecStatusCancelled && spec.Status != v1.TaskRunSpecStatusPending {
		c.fail(s.field("status"), "status-invalid", string(spec.Status), "the status "+q(string(spec.Status))+" is none of a TaskRun",
			oneOf(string(spec.Status), []string{string(v1.TaskRunSpecStatusCancelled), string(v1.TaskRunSpecStatusPending)}))
	}
	if e.taskRun.IsPending() && e.taskRun.HasStarted() {
		c.fail(s.field("status"), "status-invalid", string(spec.Status), label+" is to wait, but has started already", "drop status")
	}
	if spec.Status == "" && spec.StatusMessage != "" {
		c.fail(s.field("statusMessage"), "status-invalid", e.ref.Name, label+" has a statusMessage without a status", "drop it: it says why a run was cancelled")
	}
	if spec.Retries < 0 {
		c.fail(s.field("retries"), "retries-invalid", e.ref.Name, "the retries of "+label+" are negative", "")
	}
	if spec.Timeout != nil && spec.Timeout.Duration < 0 {
		c.fail(s.field("timeout"), "timeout-invalid", e.ref.Name, "the timeout of "+label+" is negative", "")
	}
	if spec.Debug != nil {
		c.debug(s.field("debug"), spec.Debug)
	}
	c.podEnv(s.field("podTemplate"), spec.PodTemplate)
	c.runParams(s, spec.Params)
	c.runWorkspaces(s, spec.Workspaces)
	c.account(s.field("serviceAccountName"), spec.ServiceAccountName)
	c.overrides(s, spec.StepSpecs, spec.SidecarSpecs, spec.ComputeResources)
	def := c.runTask(e, s, label)
	if def.spec == nil {
		return
	}
	c.passed(passing{at: s, list: "params", values: spec.Params, target: def.params, from: label, missing: s.field("params"), extra: taskExtra(spec)})
	c.taskRunWorkspaces(s, label, spec, def)
	c.overrideNames(s, spec.StepSpecs, spec.SidecarSpecs, def)
}

// debug checks the breakpoints of a TaskRun.
func (c *checker) debug(s spot, d *v1.TaskRunDebug) {
	c.level(s, "alpha", "debug")
	if d.Breakpoints == nil {
		return
	}
	s = s.field("breakpoints")
	if on := d.Breakpoints.OnFailure; on != v1.EnabledOnFailureBreakpoint {
		c.fail(s.field("onFailure"), "debug-invalid", on, "onFailure of the breakpoints is "+q(on), "write onFailure: enabled")
	}
	seen := map[string]int{}
	for i, step := range d.Breakpoints.BeforeSteps {
		if first, ok := seen[step]; ok {
			c.fail(s.index("beforeSteps", i), "debug-invalid", step, "beforeSteps lists step "+q(step)+" twice", "drop one of them", s.index("beforeSteps", first).related("the other one"))
			continue
		}
		seen[step] = i
	}
}

func taskExtra(spec *v1.TaskRunSpec) diag.Severity {
	if spec.TaskSpec != nil {
		return silent
	}
	return diag.Warning
}

// runTask finds and checks the Task of a run.
func (c *checker) runTask(e *entry, s spot, label string) taskDef {
	spec := &e.taskRun.Spec
	switch {
	case spec.TaskRef == nil && spec.TaskSpec == nil:
		c.fail(s, "spec-missing", e.ref.Name, label+" says nothing to run", "set taskRef or taskSpec")
	case spec.TaskRef != nil && spec.TaskSpec != nil:
		c.fail(s, "spec-conflict", e.ref.Name, label+" has both taskRef and taskSpec", "keep one of them")
	case spec.TaskSpec != nil:
		at := s.field("taskSpec")
		c.inline(at, "taskrun", "the task of "+label)
		inner := &taskCheck{
			checker: c, spot: at, spec: spec.TaskSpec, label: "the task of " + label, seen: repeats{},
			bound: map[string]bool{}, podVolumes: map[string]bool{},
		}
		inner.params = newParamScope(at.field("params"), inner.label, spec.TaskSpec.Params, valueScope(s.field("params"), label, spec.Params, nil, nil))
		for i := range spec.Workspaces {
			inner.bound[spec.Workspaces[i].Name] = true
		}
		if spec.PodTemplate != nil {
			for _, v := range spec.PodTemplate.Volumes {
				inner.podVolumes[v.Name] = true
			}
		}
		c.taskRunTexts(s, label, spec, inner.params)
		inner.run()
		if len(spec.TaskSpec.Steps) > 0 {
			c.pooled(s, spec.Params)
		}
		return taskDef{label: inner.label, spot: at, spec: spec.TaskSpec, params: inner.params, results: resultIndex(spec.TaskSpec)}
	default:
		ref, rs := spec.TaskRef, s.field("taskRef")
		if !c.ref(rs, e.ref.Name, "the taskRef of "+label, ref.Name, ref.Resolver, ref.Params) ||
			ref.APIVersion != "" && ref.Kind != "" && ref.Kind != "Task" {
			return taskDef{}
		}
		found := c.find("Task", e.ref.Namespace, ref.Name)
		if found == nil {
			c.external(rs.field("name"), "Task", ref.Name, "task")
			return taskDef{}
		}
		def := c.taskDefOf(found)
		if def.params != nil {
			c.taskRunTexts(s, label, spec, def.params)
		}
		return def
	}
	return taskDef{}
}

// taskRunWorkspaces compares the bindings of a TaskRun with what its Task
// declares.
func (c *checker) taskRunWorkspaces(s spot, label string, spec *v1.TaskRunSpec, def taskDef) {
	bound := map[string]bool{}
	names := namesOf(def.spec.Workspaces, func(w *v1.WorkspaceDeclaration) string { return w.Name })
	var unknown []string
	first, firstClaim := -1, ""
	for i := range spec.Workspaces {
		w := &spec.Workspaces[i]
		bound[w.Name] = true
		known := spec.TaskSpec != nil
		for _, n := range names {
			known = known || n == w.Name
		}
		if !known {
			unknown = append(unknown, w.Name)
		}
		if near := nearest(w.Name, names); !known && (near == "" || binds(spec.Workspaces, near) || optional(def.spec, near)) {
			c.fail(s.index("workspaces", i), "workspace-unknown", w.Name, label+" binds workspace "+q(w.Name)+", which "+def.label+" does not declare",
				suggest(w.Name, names, "drop it, or declare it there"))
		}
		claim := claimOf(w)
		switch {
		case claim == "" || !c.profile.oneClaim():
		case first < 0:
			first, firstClaim = i, claim
		case claim != firstClaim:
			c.twoClaims(s, label, spec.Workspaces, first, i)
		}
	}
	for i := range def.spec.Workspaces {
		w := &def.spec.Workspaces[i]
		if w.Optional || bound[w.Name] || w.Name == "" {
			continue
		}
		at, help := boundAt(s, spec.Workspaces, w.Name, unknown, "bind it")
		c.fail(at, "workspace-missing", w.Name, label+" does not bind workspace "+q(w.Name)+" of "+def.label, help,
			def.spot.index("workspaces", i).related(def.label+" declares it"))
	}
}

func optional(spec *v1.TaskSpec, workspace string) bool {
	for i := range spec.Workspaces {
		if spec.Workspaces[i].Name == workspace {
			return spec.Workspaces[i].Optional
		}
	}
	return false
}

// taskRunSpecs checks the per-task settings of a PipelineRun: rows 61 and 62.
func (c *checker) taskRunSpecs(s spot, spec *v1.PipelineRunSpec, p *pipelineCheck) {
	seen := map[string]int{}
	for i := range spec.TaskRunSpecs {
		o, at := &spec.TaskRunSpecs[i], s.index("taskRunSpecs", i)
		name := o.PipelineTaskName
		if first, ok := seen[name]; ok {
			c.warn(at.field("pipelineTaskName"), "override-duplicate", name, "there are two taskRunSpecs for task "+q(name)+": the last one holds", "make one of them",
				s.index("taskRunSpecs", first).related("the first one"))
		}
		seen[name] = i
		c.account(at.field("serviceAccountName"), o.ServiceAccountName)
		c.overrides(at, o.StepSpecs, o.SidecarSpecs, o.ComputeResources)
		c.podEnv(at.field("podTemplate"), o.PodTemplate)
		c.overrideTimeout(at, o, spec.Timeouts)
		if p == nil {
			continue
		}
		t := p.byName[name]
		if t == nil {
			names := namesOf(p.tasks, func(t **pipelineTask) string { return (*t).Name })
			c.fail(at.field("pipelineTaskName"), "task-unknown", name, "taskRunSpecs names task "+q(name)+", which "+p.label+" does not have", suggest(name, names, "name one of its tasks"))
			continue
		}
		if t.def.spec != nil {
			c.overrideNames(at, o.StepSpecs, o.SidecarSpecs, t.def)
		}
	}
	if p != nil {
		c.cutOff(s, spec, p)
	}
}

// overrideTimeout checks the timeout that a run gives to one of its tasks.
func (c *checker) overrideTimeout(s spot, o *v1.PipelineTaskRunSpec, t *v1.TimeoutFields) {
	if o.Timeout == nil {
		return
	}
	limit, of := c.profile.timeout(), "the default of the pipeline"
	switch {
	case t != nil && t.Tasks != nil:
		limit, of = t.Tasks.Duration, "that of all tasks"
	case t != nil && t.Pipeline != nil:
		limit, of = t.Pipeline.Duration, "that of the pipeline"
	}
	switch d := o.Timeout.Duration; {
	case d < 0:
		c.fail(s.field("timeout"), "timeout-invalid", o.PipelineTaskName, "the timeout of task "+q(o.PipelineTaskName)+" is negative", "")
	case limit > 0 && d > limit:
		c.fail(s.field("timeout"), "timeout-invalid", o.PipelineTaskName, "the timeout of task "+q(o.PipelineTaskName)+" ("+d.String()+") is longer than "+of+" ("+limit.String()+")",
			"lower it, or raise the other in timeouts")
	}
}

// overrides checks settings for steps and sidecars, for themselves.
func (c *checker) overrides(s spot, steps []v1.TaskRunStepSpec, sidecars []v1.TaskRunSidecarSpec, resources *corev1.ResourceRequirements) {
	c.duplicates(s, "stepSpecs", "step", diag.Error, namesOf(steps, func(o *v1.TaskRunStepSpec) string { return o.Name }))
	c.duplicates(s, "sidecarSpecs", "sidecar", diag.Error, namesOf(sidecars, func(o *v1.TaskRunSidecarSpec) string { return o.Name }))
	if resources != nil {
		c.level(s.field("computeResources"), "beta", "computeResources of a run")
	}
	if len(steps) > 0 {
		c.level(s.field("stepSpecs"), "beta", "stepSpecs")
	}
	if len(sidecars) > 0 {
		c.level(s.field("sidecarSpecs"), "beta", "sidecarSpecs")
	}
	for i := range steps {
		if steps[i].Name == "" {
			c.fail(s.index("stepSpecs", i), "name-invalid", "", "an item of stepSpecs has no name", "name its step")
		}
		if resources != nil && (len(steps[i].ComputeResources.Limits) > 0 || len(steps[i].ComputeResources.Requests) > 0) {
			c.fail(s.index("stepSpecs", i).field("computeResources"), "spec-conflict", steps[i].Name, "there are computeResources both for the whole task and for step "+q(steps[i].Name), "keep one of them")
		}
	}
	for i := range sidecars {
		if sidecars[i].Name == "" {
			c.fail(s.index("sidecarSpecs", i), "name-invalid", "", "an item of sidecarSpecs has no name", "name its sidecar")
		}
	}
}

// overrideNames checks that the steps and sidecars exist.
func (c *checker) overrideNames(s spot, steps []v1.TaskRunStepSpec, sidecars []v1.TaskRunSidecarSpec, def taskDef) {
	stepNames := namesOf(def.spec.Steps, func(o *v1.Step) string { return o.Name })
	for i := range steps {
		if steps[i].Name != "" && !slices.Contains(stepNames, steps[i].Name) {
			c.fail(s.index("stepSpecs", i).field("name"), "step-unknown", steps[i].Name, "stepSpecs names step "+q(steps[i].Name)+", which "+def.label+" does not have", suggest(steps[i].Name, stepNames, "name one of its steps"))
		}
	}
	sidecarNames := namesOf(def.spec.Sidecars, func(o *v1.Sidecar) string { return o.Name })
	for i := range sidecars {
		if sidecars[i].Name != "" && !slices.Contains(sidecarNames, sidecars[i].Name) {
			c.fail(s.index("sidecarSpecs", i).field("name"), "sidecar-unknown", sidecars[i].Name, "sidecarSpecs names sidecar "+q(sidecars[i].Name)+", which "+def.label+" does not have", suggest(sidecars[i].Name, sidecarNames, "name one of its sidecars"))
		}
	}
}

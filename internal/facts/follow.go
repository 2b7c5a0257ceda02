package facts

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// This file follows values of strangers through the tasks of a run: through results, nested
// pipelines and StepActions.

// Followed is a task of a run, with the values of strangers in it.
type Followed struct {
	// Task is the task; nil for that of a TaskRun.
	Task *PipelineTask
	// Spec is what it runs; nil if it is not known.
	Spec *TaskSpec
	// Around are the values in its pipeline. Carried are those in its Task.
	Around, Carried *Carried
	// Steps are its steps and sidecars, if values are in it.
	Steps []FollowedStep

	run   *Entry
	bound []boundWorkspace
	// inner reports whether it is in a nested pipeline, to which the settings of the run for
	// a single task do not apply.
	inner bool
}

// FollowedStep is a step or a sidecar, with what it does with the values of strangers.
type FollowedStep struct {
	// Evaluated are the places where it runs the values as commands.
	Evaluated []StrangerUse
	// Action is the StepAction that it runs, and Carried the values in it; nil if it runs
	// none, or one that is not in the set.
	Action  *TaskSpec
	Carried *Carried

	step   *Container
	script strangerScript
}

// boundWorkspace is a workspace that a task gets.
type boundWorkspace struct {
	inTask string
	directory
	binding int // its index in the run; -1 if it is not bound
}

// directory is a directory of a workspace of the run.
type directory struct{ name, path string }

// below returns a directory in this one.
func (d directory) below(path string) directory {
	if path != "" {
		d.path = clean(d.path + "/" + path)
	}
	return d
}

// maxNested is the number of pipelines in each other that are followed.
const maxNested = 5

// Follow returns the tasks of a run, with the values of strangers in them. The function in
// returns those in a text. Of the tasks in a pipeline, each precedes those that read its
// results. Tasks that the gate skips in the runs of strangers are left out.
func (e *Entry) Follow(in func(text string) []StrangerValue, gate *WhenGate) []Followed {
	carried := e.RunCarries(in)
	f := follower{run: e, in: in, bindings: map[string]int{}, skipped: map[*PipelineTask]bool{}}
	switch {
	case e.TaskRun != nil:
		for i := range e.TaskRun.Spec.Workspaces {
			f.bindings[e.TaskRun.Spec.Workspaces[i].Name] = i
		}
		t := Followed{run: e, Around: &carried, Carried: &carried}
		if t.Spec = e.TaskSpec(); t.Spec == nil {
			if def := e.RunTask(); def.Spec != nil {
				t.Spec = def.Spot.Entry.TaskSpec()
			}
		}
		for i := range e.TaskRun.Spec.Workspaces {
			w := &e.TaskRun.Spec.Workspaces[i]
			t.bound = append(t.bound, boundWorkspace{w.Name, directory{name: w.Name}, i})
		}
		t.steps(e.PodEnv("", in))
		f.all = append(f.all, t)
	case e.Run != nil:
		for i := range e.Run.Spec.Workspaces {
			f.bindings[e.Run.Spec.Workspaces[i].Name] = i
		}
		if p := e.RunPipeline(); p != nil {
			f.pipeline(p, &carried, gate.runScope(e.Run.Spec.Params, p), func(name string) directory { return directory{name: name} }, 0)
		}
	}
	return f.all
}

// follower collects the tasks of a run.
type follower struct {
	run      *Entry
	in       func(text string) []StrangerValue
	bindings map[string]int
	skipped  map[*PipelineTask]bool
	all      []Followed
}

// pipeline follows the values through a pipeline. The function outside returns the
// directory of a workspace of the pipeline.
func (f *follower) pipeline(p *PipelineSpec, around *Carried, scope *whenScope, outside func(name string) directory, depth int) {
	seen := make([]bool, len(p.Tasks))
	var visit func(t *PipelineTask)
	visit = func(t *PipelineTask) {
		if seen[t.Index] {
			return
		}
		seen[t.Index] = true
		for _, r := range t.ResultReads() {
			visit(r.Owner)
		}
		if f.skipped[t] = scope.skips(t, f.skipped); !f.skipped[t] {
			f.task(t, around, scope, outside, depth)
		}
	}
	for _, t := range p.Tasks {
		visit(t)
	}
}

func (f *follower) task(t *PipelineTask, around *Carried, scope *whenScope, outside func(name string) directory, depth int) {
	carried := t.Carries(around)
	if inner := t.nested(); inner != nil {
		if depth >= maxNested {
			return
		}
		carried.outer, carried.own = nil, nil // a nested pipeline gets only the params that are passed
		directories := map[string]directory{}
		for i := range t.Workspaces {
			w := &t.Workspaces[i]
			directories[w.Name] = outside(From(w)).below(w.SubPath)
		}
		f.pipeline(inner, &carried, scope.inner(t.Params, inner), func(name string) directory { return directories[name] }, depth+1)
		for i := range inner.Spec.Results {
			r := &inner.Spec.Results[i]
			for _, text := range textsOf(&r.Value) {
				around.addResult(t.Name, r.Name, carried.In(text))
			}
		}
		return
	}
	out := Followed{Task: t, Spec: t.TaskSpecOf(), Around: around, Carried: &carried, run: f.run, inner: depth > 0}
	for _, w := range t.BoundByTask() {
		at := outside(From(&w)).below(w.SubPath)
		binding, ok := f.bindings[at.name]
		if !ok {
			binding = -1
		}
		out.bound = append(out.bound, boundWorkspace{w.Name, at, binding})
	}
	name := t.Name
	if out.inner {
		name = ""
	}
	out.steps(f.run.PodEnv(name, f.in))
	for i := range out.Steps {
		for _, result := range sortedKeys(out.Steps[i].script.results) {
			around.addResult(t.Name, result, out.Steps[i].script.results[result])
		}
	}
	f.all = append(f.all, out)
}

// nested returns the pipeline that a task runs; nil if it runs a Task, or if the pipeline is
// not in the set.
func (t *PipelineTask) nested() *PipelineSpec {
	switch {
	case t.InnerPipeline != nil:
		return t.InnerPipeline
	case t.Runs.Nested && t.Runs.Inner != nil && t.Runs.InnerSpot.IsValid():
		return t.Runs.InnerSpot.Entry.PipelineSpec()
	}
	return nil
}

// addResult adds values in a result of a task.
func (c *Carried) addResult(task, result string, values []StrangerValue) {
	if len(values) == 0 {
		return
	}
	if c.results == nil {
		c.results = map[string][]StrangerValue{}
	}
	key := resultKey(task, result)
	c.results[key] = together(c.results[key], values)
}

// steps follows the values through the steps and the sidecars.
func (t *Followed) steps(pod []Env) {
	if t.Spec == nil || t.Spec.Action != nil || t.Carried.IsEmpty() && len(pod) == 0 {
		return
	}
	var template []corev1.EnvVar
	if s := t.Spec.Spec.StepTemplate; s != nil {
		template = s.Env
	}
	env := Env(nil).with(template, t.Carried.In)
	all := t.Spec.Containers()
	var before *strangerScript
	for i := range all {
		c := &all[i]
		if c.Kind == StepTemplate {
			continue
		}
		s := FollowedStep{step: c}
		switch {
		case c.Step == nil || c.Step.Ref == nil:
			s.script = c.strangers(t.Carried, template, env, pod, before)
		case t.Spec.ActionOf(c.Step) != nil:
			s.Action = t.Spec.ActionOf(c.Step).TaskSpec()
			s.Carried = &Carried{}
			s.Carried.add(c.Step.Params, s.Action.Params, t.Carried.In)
			s.script = s.Action.Containers()[0].strangers(s.Carried, template, env, pod, before)
		default:
			s.script.checkout = clones(c.Step, t.Carried)
		}
		s.Evaluated = s.script.evaluated
		t.Steps = append(t.Steps, s)
		if c.Kind == Step {
			before = &t.Steps[len(t.Steps)-1].script
		}
	}
}

// clones returns the value of a stranger that selects the commit that a step checks out, if
// it runs a StepAction whose name says that it does.
func clones(step *v1.Step, carried *Carried) *StrangerValue {
	name := stepActionName(step.Ref)
	if name == "" {
		name = step.Name
	}
	if !clonesByName(name) {
		return nil
	}
	var passed Carried
	passed.add(step.Params, nil, carried.In)
	fetches := fetchesRequest(step.Params)
	for _, name := range sortedKeys(passed.values) {
		for _, v := range passed.values[name] {
			if v.Commit || v.Number && fetches {
				return &v
			}
		}
	}
	return nil
}

// label returns the label of a step for sentences: step "build" of task "image".
func (t *Followed) label(c *Container) string {
	if t.Task == nil {
		return c.Label
	}
	return c.Label + " of " + t.Task.Label
}

// builds adds the credentials that steps get which run files of a stranger that a step of
// the same task checks out.
func (t *Followed) builds(x *Exposure, defaultAccount string) {
	var checkout *FollowedStep
	for i := range t.Steps {
		s := &t.Steps[i]
		if s.step.Kind != Step {
			continue
		}
		if s.script.left {
			checkout = nil
		}
		if checkout == nil && s.script.checkout != nil {
			checkout = s
		}
		if checkout == nil || !s.script.builds {
			continue
		}
		before := len(x.Reached)
		label := t.label(s.step)
		for _, w := range t.bound {
			if listed := t.Spec.Isolated(w.inTask); listed != nil && !slices.ContainsFunc(s.step.workspaces(), func(u v1.WorkspaceUsage) bool { return u.Name == w.inTask }) {
				continue
			}
			if w.binding >= 0 {
				x.reach(label, t.run.secretsAt(t.run.At("spec").Index("workspaces", w.binding))...)
			}
		}
		of := t.Spec.Entry()
		x.reach(label, of.secretsAt(s.step.Spot)...)
		mounts := s.step.Mounts
		if template := t.Spec.Spec.StepTemplate; template != nil {
			x.reach(label, of.secretsAt(t.Spec.Spot.Field("stepTemplate"))...)
			mounts = slices.Concat(mounts, template.VolumeMounts)
		}
		for i := range t.Spec.Spec.Volumes {
			if slices.ContainsFunc(mounts, func(m corev1.VolumeMount) bool { return m.Name == t.Spec.Spec.Volumes[i].Name }) {
				x.reach(label, of.secretsAt(t.Spec.Spot.Index("volumes", i))...)
			}
		}
		if s.Action != nil {
			x.reach(label, s.Action.Entry().secretsAt(s.Action.Spot)...)
		}
		t.reachAccount(x, label, defaultAccount)
		if !x.Checkout.IsValid() && len(x.Reached) > before {
			x.Checkout, x.Label, x.Value = checkout.step.Spot, t.label(checkout.step), *checkout.script.checkout
		}
	}
}

// reach adds all credentials that a task of a run gets.
func (t *Followed) reach(x *Exposure, defaultAccount string) {
	for _, w := range t.bound {
		if w.binding >= 0 {
			x.reach(t.Task.Label, t.run.secretsAt(t.run.At("spec").Index("workspaces", w.binding))...)
		}
	}
	if t.Spec != nil {
		x.reach(t.Task.Label, t.Spec.Entry().secretsAt(t.Spec.Spot)...)
	}
	t.reachAccount(x, t.Task.Label, defaultAccount)
}

// reachAccount adds the credentials of the service account, and those in the environment
// that the pod template adds.
func (t *Followed) reachAccount(x *Exposure, label, defaultAccount string) {
	e := t.run
	if e.TaskRun != nil {
		x.reach(label, e.secretsAt(e.At("spec", "podTemplate", "env"))...)
		x.reach(label, e.accountCredentials(e.TaskRun.Spec.ServiceAccountName, e.At("spec", "serviceAccountName"), defaultAccount)...)
		return
	}
	account, at := e.Run.Spec.TaskRunTemplate.ServiceAccountName, e.At("spec", "taskRunTemplate", "serviceAccountName")
	for i := range e.Run.Spec.TaskRunSpecs {
		s := &e.Run.Spec.TaskRunSpecs[i]
		if t.inner || s.PipelineTaskName != t.Task.Name {
			continue
		}
		place := e.At("spec").Index("taskRunSpecs", i)
		if s.PodTemplate != nil && len(s.PodTemplate.Env) > 0 {
			x.reach(label, e.secretsAt(place.Field("podTemplate", "env"))...)
		}
		if s.ServiceAccountName != "" {
			account, at = s.ServiceAccountName, place.Field("serviceAccountName")
		}
	}
	x.reach(label, e.secretsAt(e.At("spec", "taskRunTemplate", "podTemplate", "env"))...)
	x.reach(label, e.accountCredentials(account, at, defaultAccount)...)
}

package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/shell"
)

// practice warns of what works and had better be otherwise, where it does not
// stand in the spec of a Task: that is looked at wherever it is checked.
func (c *checker) practice(e *entry) {
	s := in(e, "spec")
	switch {
	case e.action != nil:
		spec := &e.action.Spec
		c.workload(&workload{
			taskCheck: &taskCheck{checker: c, spot: s, spec: &v1.TaskSpec{}, label: e.ref.String(), params: c.scopeOf(e), seen: repeats{}, action: true},
			spot:      s, label: e.ref.String(), image: spec.Image, script: spec.Script, command: spec.Command, args: spec.Args,
			env: spec.Env, mounts: spec.VolumeMounts, security: spec.SecurityContext, workingDir: spec.WorkingDir,
		})
	case e.run != nil:
		c.hostTemplate(s.field("taskRunTemplate.podTemplate"), e.run.Spec.TaskRunTemplate.PodTemplate)
		for i := range e.run.Spec.TaskRunSpecs {
			c.hostTemplate(s.index("taskRunSpecs", i).field("podTemplate"), e.run.Spec.TaskRunSpecs[i].PodTemplate)
		}
		c.flags(s, e.run.Spec.Params)
	case e.taskRun != nil:
		c.hostTemplate(s.field("podTemplate"), e.taskRun.Spec.PodTemplate)
		c.flags(s, e.taskRun.Spec.Params)
	}
}

// workload is what steps, their template, sidecars and StepActions have in
// common.
type workload struct {
	*taskCheck // of the spec that it stands in
	spot       spot
	label      string
	image      string
	script     string
	workingDir string
	command    []string
	args       []string
	env        []corev1.EnvVar
	mounts     []corev1.VolumeMount
	security   *corev1.SecurityContext
	step       *v1.Step // nil for others than steps

	sources []source // its scripts and command lines, read
}

// practices applies the rules of practice to a Task spec.
func (t *taskCheck) practices() {
	var all []workload
	if s := t.spec.StepTemplate; s != nil {
		all = append(all, workload{
			taskCheck: t, spot: t.spot.field("stepTemplate"), label: "the stepTemplate", image: s.Image, command: s.Command, args: s.Args,
			env: s.Env, mounts: s.VolumeMounts, security: s.SecurityContext, workingDir: s.WorkingDir,
		})
	}
	for i := range t.spec.Steps {
		s, at := &t.spec.Steps[i], t.spot.index("steps", i)
		all = append(all, workload{
			taskCheck: t, spot: at, label: stepLabel(at, s.Name), image: s.Image, script: s.Script, command: s.Command, args: s.Args,
			env: s.Env, mounts: s.VolumeMounts, security: s.SecurityContext, workingDir: s.WorkingDir, step: s,
		})
	}
	for i := range t.spec.Sidecars {
		s, at := &t.spec.Sidecars[i], t.spot.index("sidecars", i)
		all = append(all, workload{
			taskCheck: t, spot: at, label: sidecarLabel(at, s.Name), image: s.Image, script: s.Script, command: s.Command, args: s.Args,
			env: s.Env, mounts: s.VolumeMounts, security: s.SecurityContext, workingDir: s.WorkingDir,
		})
	}
	for i := range all {
		t.workload(&all[i])
		if all[i].step != nil {
			t.stepGuards(all[i].spot, all[i].step)
		}
	}
	t.requests()
	t.hostVolumes(t.spot, t.spec.Volumes)
	t.defaultFlags()
	t.tooManyResults()
}

func sidecarLabel(s spot, name string) string {
	if name != "" {
		return "sidecar " + q(name)
	}
	return "the sidecar " + s.path
}

// workload applies the rules of practice to one container.
func (c *checker) workload(w *workload) {
	w.read()
	w.floating()
	w.privileged()
	w.daemonVolume()
	w.secretsShown()
	w.tlsOff()
	w.exitsUnseen()
	w.variables()
	w.paths()
	w.resultSizes()
}

// requests warns of a Task without any resource requests, once: rules of a
// run's own do not count, since other runs have none.
func (t *taskCheck) requests() {
	asks := func(r *corev1.ResourceRequirements) bool {
		for _, list := range []corev1.ResourceList{r.Requests, r.Limits} { // a limit is a request as well
			for name := range list {
				if name == corev1.ResourceCPU || name == corev1.ResourceMemory {
					return true
				}
			}
		}
		return false
	}
	if len(t.spec.Steps) == 0 || t.spec.StepTemplate != nil && asks(&t.spec.StepTemplate.ComputeResources) || t.runAsks() {
		return
	}
	for i := range t.spec.Steps {
		if asks(&t.spec.Steps[i].ComputeResources) {
			return
		}
	}
	s, seen := t.spot.field("steps"), t.seen
	if t.pipeline != nil {
		seen = t.pipeline.seen
	}
	if t.again(seen, "requests-missing", s) {
		return
	}
	t.warn(s, "requests-missing", "", "no step of "+t.label+" requests cpu or memory: the scheduler counts its pod for nothing, and a full node kills it first",
		"set computeResources.requests of its largest step, or of stepTemplate")
}

// runAsks reports whether the run around an embedded spec sets resources.
func (t *taskCheck) runAsks() bool {
	if run := t.spot.taskRun; run != nil {
		return run.Spec.ComputeResources != nil || len(run.Spec.StepSpecs) > 0
	}
	if t.pipeline == nil || t.pipeline.run == nil {
		return false
	}
	specs := t.pipeline.run.Spec.TaskRunSpecs
	for i := range specs {
		if specs[i].PipelineTaskName == t.task.Name && (specs[i].ComputeResources != nil || len(specs[i].StepSpecs) > 0) {
			return true
		}
	}
	return false
}

// source is a script or a command line of a workload.
type source struct {
	script   *shell.Script // nil for a command line
	commands []shell.Command
	list     []spot // of the words of a command line
	spot     spot   // of a script
}

// at is the spot of a part of a script, as far as its line goes, or of a word
// of a command line.
func (s *source) at(from, to shell.Word) spot {
	if s.script == nil {
		return s.list[from.Start]
	}
	text, _, _ := strings.Cut(s.script.Text[from.Start:max(to.End, from.End)], "\n")
	return s.spot.of(strings.TrimSuffix(text, "\\"))
}

// read finds the scripts and the command lines.
func (w *workload) read() {
	if w.script != "" {
		script := w.scripts.Script(w.script)
		w.sources = append(w.sources, source{script: script, commands: script.Commands, spot: w.spot.field("script")})
	}
	n := len(w.command)
	line, spots := make([]string, 0, n+len(w.args)), make([]spot, 0, n+len(w.args))
	for i, a := range w.command {
		line, spots = append(line, a), append(spots, w.spot.index("command", i))
	}
	for i, a := range w.args {
		line, spots = append(line, a), append(spots, w.spot.index("args", i))
	}
	if i := inlineScript(line, n); i >= 0 {
		if shell.IsShell(line[0]) {
			script := w.scripts.Inline(line[i], line[:i])
			w.sources = append(w.sources, source{script: script, commands: script.Commands, spot: spots[i]})
		}
		return
	}
	if len(line) == 0 {
		return
	}
	var c shell.Command
	for i, text := range line {
		c.Words = append(c.Words, shell.Word{Text: text, Span: shell.Span{Start: i, End: i}})
	}
	if n == 0 { // the image names the program
		c.Words = append([]shell.Word{{Text: "$0"}}, c.Words...)
	}
	w.sources = append(w.sources, source{commands: []shell.Command{c}, list: spots})
}

// inlineScript is the index of the script in a command line such as sh -c
// SCRIPT, of which the command has n words; -1 if there is none.
func inlineScript(line []string, n int) int {
	if n == 0 {
		return -1
	}
	flag := byte('c')
	switch name := baseName(line[0]); {
	case shell.IsShell(name), strings.HasPrefix(name, "python"):
	case name == "perl", name == "ruby", name == "node":
		flag = 'e'
	default:
		return -1
	}
	for i, a := range line[1:] {
		if len(a) < 2 || a[0] != '-' {
			return -1
		}
		if a[1] != '-' && a[len(a)-1] == flag && i+2 < len(line) {
			return i + 2
		}
	}
	return -1
}

func baseName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// tektonVariables returns the variables of Tekton in a script.
func tektonVariables(script string) []shell.Span {
	var out []shell.Span
	scan(script, func(m match) {
		if !m.open && parseReference(m.expr).kind != refNone {
			out = append(out, shell.Span{Start: m.start, End: m.end})
		}
	})
	return out
}

package facts

import (
	"iter"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// ContainerKind is the kind of a [Container].
type ContainerKind int

// The kinds of containers.
const (
	StepTemplate ContainerKind = iota
	Step
	Sidecar
	Action // the step of a StepAction
)

// Container has the common fields of steps, step templates, sidecars and
// StepActions.
type Container struct {
	Kind  ContainerKind
	Index int // in steps or sidecars
	Task  *TaskSpec
	Spot  Spot
	Label string // for sentences: step "build"
	Name  string

	Image      string
	Script     string
	WorkingDir string
	Command    []string
	Args       []string
	Env        []corev1.EnvVar
	EnvFrom    []corev1.EnvFromSource
	Mounts     []corev1.VolumeMount
	Security   *corev1.SecurityContext
	Resources  corev1.ResourceRequirements

	// Step is the step; nil for other kinds.
	Step *v1.Step
	// Sidecar is the sidecar; nil for other kinds.
	Sidecar *v1.Sidecar

	memoSources
	memoMounts
}

// Containers returns the step template, the steps and the sidecars of the spec, in
// this order, or the one step of a StepAction.
func (t *TaskSpec) Containers() []Container {
	if t.containers != nil {
		return t.containers
	}
	if a := t.Action; a != nil {
		t.containers = []Container{{
			Kind: Action, Task: t, Spot: t.Spot, Label: t.Label, Name: t.Entry().Ref.Name, Image: a.Image, Script: a.Script, Command: a.Command,
			Args: a.Args, Env: a.Env, Mounts: a.VolumeMounts, Security: a.SecurityContext, WorkingDir: a.WorkingDir,
		}}
		return t.containers
	}
	all := make([]Container, 0, 1+len(t.Spec.Steps)+len(t.Spec.Sidecars))
	if s := t.Spec.StepTemplate; s != nil {
		all = append(all, Container{
			Kind: StepTemplate, Task: t, Spot: t.Spot.Field("stepTemplate"), Label: "the stepTemplate", Image: s.Image, Command: s.Command,
			Args: s.Args, Env: s.Env, EnvFrom: s.EnvFrom, Mounts: s.VolumeMounts, Security: s.SecurityContext, WorkingDir: s.WorkingDir,
			Resources: s.ComputeResources,
		})
	}
	for i := range t.Spec.Steps {
		s, at := &t.Spec.Steps[i], t.Spot.Index("steps", i)
		all = append(all, Container{
			Kind: Step, Index: i, Task: t, Spot: at, Label: label("step", at, s.Name), Name: s.Name, Image: s.Image, Script: s.Script,
			Command: s.Command, Args: s.Args, Env: s.Env, EnvFrom: s.EnvFrom, Mounts: s.VolumeMounts, Security: s.SecurityContext,
			WorkingDir: s.WorkingDir, Resources: s.ComputeResources, Step: s,
		})
	}
	for i := range t.Spec.Sidecars {
		s, at := &t.Spec.Sidecars[i], t.Spot.Index("sidecars", i)
		all = append(all, Container{
			Kind: Sidecar, Index: i, Task: t, Spot: at, Label: label("sidecar", at, s.Name), Name: s.Name, Image: s.Image, Script: s.Script,
			Command: s.Command, Args: s.Args, Env: s.Env, EnvFrom: s.EnvFrom, Mounts: s.VolumeMounts, Security: s.SecurityContext,
			WorkingDir: s.WorkingDir, Resources: s.ComputeResources, Sidecar: s,
		})
	}
	t.containers = all
	return all
}

// Steps returns the steps as containers.
func (t *TaskSpec) Steps() []Container {
	all := t.Containers()
	first := 0
	if t.Spec.StepTemplate != nil {
		first = 1
	}
	if t.Action != nil {
		return nil
	}
	return all[first : first+len(t.Spec.Steps)]
}

// Sidecars returns the sidecars as containers.
func (t *TaskSpec) Sidecars() []Container {
	if t.Action != nil {
		return nil
	}
	all := t.Containers()
	return all[len(all)-len(t.Spec.Sidecars):]
}

// label returns the label of a step or a sidecar for sentences.
func label(noun string, s Spot, name string) string {
	if name != "" {
		return noun + " " + strconv.Quote(name)
	}
	return "the unnamed " + noun + " " + s.String()
}

// mentions reports whether a container has the text in a field that can contain a
// file name.
func (c *Container) mentions(what string) bool {
	has := func(texts ...string) bool {
		for _, s := range texts {
			if strings.Contains(s, what) {
				return true
			}
		}
		return false
	}
	if has(c.Script, c.WorkingDir) || has(c.Command...) || has(c.Args...) {
		return true
	}
	for i := range c.Env {
		if has(c.Env[i].Value) {
			return true
		}
	}
	return false
}

// Containers returns a sequence of the containers of all Task specs in the object.
func (e *Entry) Containers() iter.Seq[*Container] {
	return func(yield func(*Container) bool) {
		for _, t := range e.TaskSpecs() {
			all := t.Containers()
			for i := range all {
				if !yield(&all[i]) {
					return
				}
			}
		}
	}
}

package builder

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Step is one container of a task; the steps of a task run one after the
// other in one pod. Its methods may be called on a nil Step and then do
// nothing.
type Step struct {
	container
	task    *Task
	action  *StepAction // the StepAction that it runs, nil for a step of its own
	timeout *time.Duration
	onError v1.OnErrorType
	when    []StepWhen
	isolate []v1.WorkspaceUsage
	stdout  said
	stderr  said
	results []*resultDecl
	mutate  []func(*v1.Step)
}

// Step adds a step. The name is a DNS label, unique in the task.
func (t *Task) Step(name string) *Step {
	t = t.orNew()
	s := &Step{container: container{scope: t.scope, at: callsite.Here(), name: name}, task: t}
	t.steps = append(t.steps, s)
	return s
}

// StepTemplate is what all steps of the task start from (spec.stepTemplate):
// image, environment, resources and the like. It has no name, script, timeout
// or results.
func (t *Task) StepTemplate() *Step {
	t = t.orNew()
	if t.template == nil {
		t.template = &Step{container: container{scope: t.scope, at: callsite.Here()}, task: t}
	}
	return t.template
}

// Image sets the container image: by tag, not floating.
func (s *Step) Image(image TaskString) *Step {
	if s != nil {
		s.image = said{callsite.Here(), image}
	}
	return s
}

// Command sets the program to run instead of the image's own.
func (s *Step) Command(command ...TaskString) *Step {
	if s != nil {
		s.command = says(callsite.Here(), command)
	}
	return s
}

// Args sets the arguments. An array's All stands for all of its items.
func (s *Step) Args(args ...TaskString) *Step {
	if s != nil {
		s.args = says(callsite.Here(), args)
	}
	return s
}

// Script sets the script to run instead of a command. Without a #! line it is
// run by /bin/sh with set -e. It is a plain string, so that no input can be
// pasted into it by accident: give inputs to Env and use "$NAME".
func (s *Step) Script(script string) *Step {
	if s != nil {
		s.script = said{callsite.Here(), TaskString(script)}
	}
	return s
}

// WorkingDir sets the directory that the step starts in, most often a
// workspace's PathValue.
func (s *Step) WorkingDir(dir TaskString) *Step {
	if s != nil {
		s.dir = said{callsite.Here(), dir}
	}
	return s
}

// Env sets an environment variable.
func (s *Step) Env(name string, v TaskString) *Step {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, value: v})
	}
	return s
}

// EnvSecret sets an environment variable from a key of a Secret.
func (s *Step) EnvSecret(name string, secret, key TaskString) *Step {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, secret: secret, key: key})
	}
	return s
}

// EnvConfigMap sets an environment variable from a key of a ConfigMap.
func (s *Step) EnvConfigMap(name string, cm, key TaskString) *Step {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, configMap: cm, key: key})
	}
	return s
}

// EnvSource sets an environment variable from any source that Kubernetes
// knows: a field of the pod, a resource, an optional key.
func (s *Step) EnvSource(name string, source corev1.EnvVarSource) *Step {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, source: source.DeepCopy()})
	}
	return s
}

// EnvFrom sets an environment variable for each key of a Secret or ConfigMap.
func (s *Step) EnvFrom(source corev1.EnvFromSource) *Step {
	if s != nil {
		s.envFrom = append(s.envFrom, *source.DeepCopy())
	}
	return s
}

// Requests asks for CPU and memory, as quantities ("250m", "1Gi"); "" leaves
// one out.
func (s *Step) Requests(cpu, memory string) *Step {
	if s != nil {
		s.requests = append(s.requests, amount{callsite.Here(), cpu, memory})
	}
	return s
}

// Limits bounds CPU and memory, as quantities; "" leaves one out.
func (s *Step) Limits(cpu, memory string) *Step {
	if s != nil {
		s.limits = append(s.limits, amount{callsite.Here(), cpu, memory})
	}
	return s
}

// SecurityContext sets the user, the privileges and the capabilities.
func (s *Step) SecurityContext(c corev1.SecurityContext) *Step {
	if s != nil {
		s.security = c.DeepCopy()
	}
	return s
}

// Mount puts a volume of the task at an absolute path.
func (s *Step) Mount(v Volume, path TaskString) *Step {
	if s != nil {
		s.mounts = append(s.mounts, mounting{callsite.Here(), v, path})
	}
	return s
}

// Isolate mounts a workspace in this step alone, and in others that isolate it
// too; path "" is the workspace's own mount path.
func (s *Step) Isolate(m Mount, path string) *Step {
	if s != nil {
		s.isolate = append(s.isolate, v1.WorkspaceUsage{Name: m.name, MountPath: path})
	}
	return s
}

// Timeout limits the step. The default is no limit but the task's.
func (s *Step) Timeout(d time.Duration) *Step {
	if s != nil {
		s.timeout = &d
	}
	return s
}

// ContinueOnError lets the task go on when the step fails (onError: continue).
func (s *Step) ContinueOnError() *Step {
	if s != nil {
		s.onError = v1.Continue
	}
	return s
}

// When adds conditions; the step runs only where all of them hold.
func (s *Step) When(conditions ...StepWhen) *Step {
	if s != nil {
		s.when = append(s.when, conditions...)
	}
	return s
}

// Stdout copies the step's output to a file. Tekton runs it only with
// enable-api-fields: alpha.
func (s *Step) Stdout(path TaskString) *Step {
	if s != nil {
		s.stdout = said{callsite.Here(), path}
	}
	return s
}

// Stderr copies the step's error output to a file. Tekton runs it only with
// enable-api-fields: alpha.
func (s *Step) Stderr(path TaskString) *Step {
	if s != nil {
		s.stderr = said{callsite.Here(), path}
	}
	return s
}

// Mutate changes the lowered step: the hatch for fields that have no method
// here. It may be called more than once, on a fresh copy each time.
func (s *Step) Mutate(change func(*v1.Step)) *Step {
	if s != nil && change != nil {
		s.mutate = append(s.mutate, change)
	}
	return s
}

// Result declares a result of this step, which later steps can use and
// FromStep makes the task's.
func (s *Step) Result(name string, opts ...ResultOption) StepResult {
	if s == nil || s.task == nil {
		return StepResult{}
	}
	d := stepResultDecl(s.task.scope, callsite.Here(), name, opts)
	s.results = append(s.results, d)
	return StepResult{scope: s.task.scope, step: s.name, name: name}
}

func stepResultDecl(s *scope, at place, name string, opts []ResultOption) *resultDecl {
	d := &resultDecl{at: at, name: name, kind: stringKind}
	for _, o := range opts {
		if o != nil {
			o.result(d)
		}
	}
	if d.fromStep {
		s.reportf(at, "option-misplaced", "result %s of a step takes FromStep", quote(name)).
			Help = "FromStep is for results of the task"
	}
	return d
}

// StepResult is a string result of a step.
type StepResult struct {
	scope      *scope // the task's
	step, name string
}

// Path is the file that the step writes the result to, for scripts:
// $(step.results.NAME.path).
func (r StepResult) Path() string {
	if r.scope == nil {
		return ""
	}
	return tekref.StepResultPathOf(r.name).String()
}

// PathValue is Path for Env and Args.
func (r StepResult) PathValue() TaskString { return TaskString(r.Path()) }

// Value is the result as later steps of the task use it, in Env, Command and
// Args: $(steps.STEP.results.NAME).
func (r StepResult) Value() TaskString {
	if r.scope == nil {
		return ""
	}
	return TaskString(r.scope.token(handle.Value, tekref.StepResultOf(r.step, r.name)))
}

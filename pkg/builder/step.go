package builder

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// Step is a container of a task. The steps of a task run one after the other in
// one pod. The methods of a nil Step do nothing.
type Step struct {
	container
	task    *Task
	action  *StepAction // the StepAction that it runs, or nil
	timeout *time.Duration
	onError said
	display said
	when    []StepWhen
	isolate []v1.WorkspaceUsage
	stdout  said
	stderr  said
	results []*resultDecl
	mutate  callsite.Changes[v1.Step]
}

// Step adds a step. The name is a DNS label and must be unique in the task.
func (t *Task) Step(name string) *Step {
	t = t.orNew()
	s := &Step{container: container{scope: t.scope, at: callsite.Here(), name: t.calledStep(name)}, task: t}
	t.steps = append(t.steps, s)
	return s
}

// StepTemplate returns the step template of the task (spec.stepTemplate), which
// sets defaults for all steps: image, environment, resources and so on. Tekton
// does not support a script, timeout, onError, when expressions or results in it.
func (t *Task) StepTemplate() *Step {
	t = t.orNew()
	if t.template == nil {
		t.template = &Step{container: container{scope: t.scope, at: callsite.Here()}, task: t}
	}
	return t.template
}

// Image sets the container image. It should have a fixed tag or a digest.
func (s *Step) Image(image TaskString) *Step {
	if s != nil {
		s.image = said{callsite.Here(), image}
	}
	return s
}

// Command sets the command, which replaces the image's entrypoint.
func (s *Step) Command(command ...TaskString) *Step {
	if s != nil {
		s.command = says(callsite.Here(), command)
	}
	return s
}

// Args sets the arguments. An array is expanded with [TaskArray.All].
func (s *Step) Args(args ...TaskString) *Step {
	if s != nil {
		s.args = says(callsite.Here(), args)
	}
	return s
}

// Script sets the script, which runs instead of a command. Without a #! line it is
// run by /bin/sh with set -e. It is a plain string, so that an input cannot be
// pasted into it by accident: pass inputs to Env and write "$NAME" in the script. For a
// script that contains inputs already, see [Step.PasteScript].
func (s *Step) Script(script string) *Step {
	if s != nil {
		s.script, s.pasted = said{callsite.Here(), TaskString(script)}, nil
	}
	return s
}

// WorkingDir sets the working directory, usually the [Mount.PathValue] of a
// workspace.
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

// EnvSecret sets an environment variable from a key of a Secret. The step cannot start
// without the key, unless it is [Optional].
func (s *Step) EnvSecret(name string, secret, key TaskString, opts ...EnvOption) *Step {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, secret: secret, key: key}.withOptions(opts))
	}
	return s
}

// EnvConfigMap sets an environment variable from a key of a ConfigMap.
func (s *Step) EnvConfigMap(name string, cm, key TaskString, opts ...EnvOption) *Step {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, configMap: cm, key: key}.withOptions(opts))
	}
	return s
}

// EnvSource sets an environment variable from any source that Kubernetes
// supports, such as a field of the pod, a resource or an optional key.
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

// Requests sets the CPU and memory requests, as quantities ("250m", "1Gi"). ""
// sets no request.
func (s *Step) Requests(cpu, memory string) *Step {
	if s != nil {
		s.requests = append(s.requests, amounts(callsite.Here(), cpu, memory)...)
	}
	return s
}

// Limits sets the CPU and memory limits, as quantities. "" sets no limit.
func (s *Step) Limits(cpu, memory string) *Step {
	if s != nil {
		s.limits = append(s.limits, amounts(callsite.Here(), cpu, memory)...)
	}
	return s
}

// SecurityContext sets the security context of the container.
func (s *Step) SecurityContext(c corev1.SecurityContext) *Step {
	if s != nil {
		s.security = c.DeepCopy()
	}
	return s
}

// Mount mounts a volume of the task at an absolute path.
func (s *Step) Mount(v Volume, path TaskString, opts ...VolumeMountOption) *Step {
	if s != nil {
		s.mounts = append(s.mounts, mounting{at: callsite.Here(), volume: v, path: path}.withOptions(opts))
	}
	return s
}

// Isolate mounts a workspace only in this step and in other steps that isolate
// it. An empty path means the mount path of the workspace.
func (s *Step) Isolate(m Mount, path string) *Step {
	if s != nil {
		s.isolate = append(s.isolate, v1.WorkspaceUsage{Name: m.name, MountPath: path})
	}
	return s
}

// Timeout limits the step. By default, only the timeout of the task applies.
func (s *Step) Timeout(d time.Duration) *Step {
	if s != nil {
		s.timeout = &d
	}
	return s
}

// ContinueOnError lets the task continue if the step fails (onError: continue).
func (s *Step) ContinueOnError() *Step {
	if s != nil {
		s.onError = said{callsite.Here(), TaskString(v1.Continue)}
	}
	return s
}

// When adds when expressions. The step runs only if all of them are true.
func (s *Step) When(conditions ...StepWhen) *Step {
	if s != nil {
		s.when = append(s.when, conditions...)
	}
	return s
}

// Stdout copies the standard output of the step to a file. Tekton accepts it only
// if enable-api-fields is alpha.
func (s *Step) Stdout(path TaskString) *Step {
	if s != nil {
		s.stdout = said{callsite.Here(), path}
	}
	return s
}

// Stderr copies the standard error of the step to a file. Tekton accepts it only
// if enable-api-fields is alpha.
func (s *Step) Stderr(path TaskString) *Step {
	if s != nil {
		s.stderr = said{callsite.Here(), path}
	}
	return s
}

// Mutate registers a function that changes the upstream Step before it is
// checked. It is an escape hatch for fields that have no method here. The
// function may be called more than once, each time with a fresh copy. On the
// step template it may set only the fields that a template has.
func (s *Step) Mutate(change func(*v1.Step)) *Step {
	if s != nil {
		s.mutate.Add(callsite.Here(), change)
	}
	return s
}

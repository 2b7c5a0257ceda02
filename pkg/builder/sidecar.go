package builder

import (
	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// Sidecar is a container that runs alongside the steps and is stopped when they
// have completed. The methods of a nil Sidecar do nothing.
type Sidecar struct {
	container
	ports   []port
	ready   *corev1.Probe
	live    *corev1.Probe
	startup *corev1.Probe

	lifecycle *corev1.Lifecycle
	isolate   []v1.WorkspaceUsage
	mutate    callsite.Changes[v1.Sidecar]
}

type port struct {
	name   string
	number int
}

// Sidecar adds a sidecar. The name is a DNS label and must be unique in the task.
func (t *Task) Sidecar(name string) *Sidecar {
	t = t.orNew()
	s := &Sidecar{container: container{scope: t.scope, at: callsite.Here(), name: t.called(name)}}
	t.sidecars = append(t.sidecars, s)
	return s
}

// Image sets the container image. It should have a fixed tag or a digest.
func (s *Sidecar) Image(image TaskString) *Sidecar {
	if s != nil {
		s.image = said{callsite.Here(), image}
	}
	return s
}

// Command sets the command, which replaces the image's entrypoint.
func (s *Sidecar) Command(command ...TaskString) *Sidecar {
	if s != nil {
		s.command = says(callsite.Here(), command)
	}
	return s
}

// Args sets the arguments. An array is expanded with [TaskArray.All].
func (s *Sidecar) Args(args ...TaskString) *Sidecar {
	if s != nil {
		s.args = says(callsite.Here(), args)
	}
	return s
}

// Script sets the script, as [Step.Script] does.
func (s *Sidecar) Script(script string) *Sidecar {
	if s != nil {
		s.script, s.pasted = said{callsite.Here(), TaskString(script)}, nil
	}
	return s
}

// Env sets an environment variable.
func (s *Sidecar) Env(name string, v TaskString) *Sidecar {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, value: v})
	}
	return s
}

// Requests sets the CPU and memory requests, as quantities ("250m", "1Gi"). ""
// sets no request.
func (s *Sidecar) Requests(cpu, memory string) *Sidecar {
	if s != nil {
		s.requests = append(s.requests, amounts(callsite.Here(), cpu, memory)...)
	}
	return s
}

// SecurityContext sets the security context of the container.
func (s *Sidecar) SecurityContext(c corev1.SecurityContext) *Sidecar {
	if s != nil {
		s.security = c.DeepCopy()
	}
	return s
}

// Privileged runs the sidecar privileged, as a container daemon requires.
func (s *Sidecar) Privileged() *Sidecar {
	if s == nil {
		return s
	}
	if s.security == nil {
		s.security = &corev1.SecurityContext{}
	}
	yes := true
	s.security.Privileged = &yes
	return s
}

// Mount mounts a volume of the task at an absolute path.
func (s *Sidecar) Mount(v Volume, path TaskString, opts ...VolumeMountOption) *Sidecar {
	if s != nil {
		s.mounts = append(s.mounts, mounting{at: callsite.Here(), volume: v, path: path}.withOptions(opts))
	}
	return s
}

// Port declares a TCP port that the sidecar listens on.
func (s *Sidecar) Port(name string, number int) *Sidecar {
	if s != nil {
		s.ports = append(s.ports, port{name, number})
	}
	return s
}

// Ready sets the readiness probe. The steps start when it succeeds.
func (s *Sidecar) Ready(probe corev1.Probe) *Sidecar {
	if s != nil {
		s.ready = probe.DeepCopy()
	}
	return s
}

// Mutate registers a function that changes the upstream Sidecar before it is
// checked. It is an escape hatch for fields that have no method here. The
// function may be called more than once, each time with a fresh copy.
func (s *Sidecar) Mutate(change func(*v1.Sidecar)) *Sidecar {
	if s != nil {
		s.mutate.Add(callsite.Here(), change)
	}
	return s
}

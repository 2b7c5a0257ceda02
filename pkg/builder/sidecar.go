package builder

import (
	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// Sidecar is a container that runs beside the steps and is stopped when they
// have ended. Its methods may be called on a nil Sidecar and then do nothing.
type Sidecar struct {
	container
	ports   []port
	ready   *corev1.Probe
	isolate []v1.WorkspaceUsage
	mutate  []func(*v1.Sidecar)
}

type port struct {
	name   string
	number int
}

// Sidecar adds a sidecar. The name is a DNS label, unique in the task.
func (t *Task) Sidecar(name string) *Sidecar {
	t = t.orNew()
	s := &Sidecar{container: container{scope: t.scope, at: callsite.Here(), name: name}}
	t.sidecars = append(t.sidecars, s)
	return s
}

// Image sets the container image: by tag, not floating.
func (s *Sidecar) Image(image TaskString) *Sidecar {
	if s != nil {
		s.image = said{callsite.Here(), image}
	}
	return s
}

// Command sets the program to run instead of the image's own.
func (s *Sidecar) Command(command ...TaskString) *Sidecar {
	if s != nil {
		s.command = says(callsite.Here(), command)
	}
	return s
}

// Args sets the arguments. An array's All stands for all of its items.
func (s *Sidecar) Args(args ...TaskString) *Sidecar {
	if s != nil {
		s.args = says(callsite.Here(), args)
	}
	return s
}

// Script sets the script to run instead of a command, as Step.Script does.
func (s *Sidecar) Script(script string) *Sidecar {
	if s != nil {
		s.script = said{callsite.Here(), TaskString(script)}
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

// Requests asks for CPU and memory, as quantities ("250m", "1Gi"); "" leaves
// one out.
func (s *Sidecar) Requests(cpu, memory string) *Sidecar {
	if s != nil {
		s.requests = append(s.requests, amount{callsite.Here(), cpu, memory})
	}
	return s
}

// SecurityContext sets the user, the privileges and the capabilities.
func (s *Sidecar) SecurityContext(c corev1.SecurityContext) *Sidecar {
	if s != nil {
		s.security = c.DeepCopy()
	}
	return s
}

// Privileged gives the sidecar all privileges on its node, as a container
// daemon needs.
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

// Mount puts a volume of the task at an absolute path.
func (s *Sidecar) Mount(v Volume, path TaskString) *Sidecar {
	if s != nil {
		s.mounts = append(s.mounts, mounting{callsite.Here(), v, path})
	}
	return s
}

// Port names a TCP port that the sidecar listens on.
func (s *Sidecar) Port(name string, number int) *Sidecar {
	if s != nil {
		s.ports = append(s.ports, port{name, number})
	}
	return s
}

// Ready sets the probe that tells when the steps may start.
func (s *Sidecar) Ready(probe corev1.Probe) *Sidecar {
	if s != nil {
		s.ready = probe.DeepCopy()
	}
	return s
}

// Mutate changes the lowered sidecar: the hatch for fields that have no
// method here. It may be called more than once, on a fresh copy each time.
func (s *Sidecar) Mutate(change func(*v1.Sidecar)) *Sidecar {
	if s != nil && change != nil {
		s.mutate = append(s.mutate, change)
	}
	return s
}

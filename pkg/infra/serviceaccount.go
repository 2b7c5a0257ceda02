package infra

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// ServiceAccount describes a ServiceAccount.
type ServiceAccount struct {
	at                  place
	name                string
	secrets, pullSecret []named
	automount           *bool
	metadata
	mutate callsite.Changes[corev1.ServiceAccount]
}

// named is a name and the place of the call that set it.
type named struct {
	at   place
	name string
}

func appendNames(list []named, at place, names []string) []named {
	for _, n := range names {
		list = append(list, named{at, n})
	}
	return list
}

// NewServiceAccount returns a ServiceAccount without permissions. Grant permissions
// with [NewRole]. [RunRBAC] and [ListenerRBAC] create their own service accounts.
func NewServiceAccount(name string) *ServiceAccount {
	return &ServiceAccount{at: callsite.Here(), name: name}
}

// Secrets adds Secrets for Git hosts and registries. Tekton puts those of
// [BasicAuth], [SSHAuth] and [DockerConfig] into the home directory of each step
// that runs with the service account.
func (s *ServiceAccount) Secrets(names ...string) *ServiceAccount {
	if s != nil {
		s.secrets = appendNames(s.secrets, callsite.Here(), names)
	}
	return s
}

// PullSecrets adds Secrets with which nodes pull the images of pods that run with
// the service account.
func (s *ServiceAccount) PullSecrets(names ...string) *ServiceAccount {
	if s != nil {
		s.pullSecret = appendNames(s.pullSecret, callsite.Here(), names)
	}
	return s
}

// Automount sets whether pods that run with the service account get its token as a file
// (automountServiceAccountToken). The default is true. Tasks that do not call the API of
// Kubernetes need no token; tasks that need permissions and the pod of a listener do.
func (s *ServiceAccount) Automount(token bool) *ServiceAccount {
	if s != nil {
		s.automount = &token
	}
	return s
}

// Mutate registers a function that changes the ServiceAccount before it is checked, for
// fields that have no method here. The function may be called more than once, each time with
// a new ServiceAccount.
func (s *ServiceAccount) Mutate(change func(*corev1.ServiceAccount)) *ServiceAccount {
	if s != nil {
		s.mutate.Add(callsite.Here(), change)
	}
	return s
}

// Objects returns the ServiceAccount. It implements manifest.Source.
func (s *ServiceAccount) Objects() ([]object.Object, error) {
	if s == nil {
		return absent("ServiceAccount", "create it with infra.NewServiceAccount")
	}
	return finish(s.lower())
}

func (s *ServiceAccount) lower() ([]object.Object, diag.Findings) {
	l := lower(s.at, corev1.SchemeGroupVersion.WithKind("ServiceAccount"), s.name)
	o := &corev1.ServiceAccount{}
	o.TypeMeta, o.ObjectMeta = l.meta(dnsName)
	s.metadata.lower(l, &o.ObjectMeta)
	each := func(field string, list []named, add func(name string)) {
		secrets := l.once("secret", "Secret")
		for i, n := range list {
			path := diag.Fields(field).Index(i)
			if l.check(n.at, path.Field("name"), dnsName, "the name of a Secret", n.name) && secrets.first(n.at, path, n.name) {
				add(n.name)
			}
		}
	}
	each("secrets", s.secrets, func(name string) {
		o.Secrets = append(o.Secrets, corev1.ObjectReference{Name: name})
	})
	each("imagePullSecrets", s.pullSecret, func(name string) {
		o.ImagePullSecrets = append(o.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	})
	if s.automount != nil {
		token := *s.automount
		o.AutomountServiceAccountToken = &token
	}
	l.list = append(l.list, s.mutate.Apply(o, l.ref())...)
	return []object.Object{l.object(o)}, l.list
}

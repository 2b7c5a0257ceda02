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
	metadata
}

// named is a name that somebody gave somewhere.
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

// NewServiceAccount describes a ServiceAccount. It has no rights: RunRBAC and
// ListenerRBAC derive those, and make their accounts by themselves; NewRole
// grants others.
func NewServiceAccount(name string) *ServiceAccount {
	return &ServiceAccount{at: callsite.Here(), name: name}
}

// Secrets lists Secrets of Git hosts and registries. Tekton puts those of
// BasicAuth, SSHAuth and DockerConfig into the home of each step that the
// account runs.
func (s *ServiceAccount) Secrets(names ...string) *ServiceAccount {
	if s != nil {
		s.secrets = appendNames(s.secrets, callsite.Here(), names)
	}
	return s
}

// PullSecrets lists Secrets that nodes pull the images of the account's pods
// with.
func (s *ServiceAccount) PullSecrets(names ...string) *ServiceAccount {
	if s != nil {
		s.pullSecret = appendNames(s.pullSecret, callsite.Here(), names)
	}
	return s
}

// Objects is the ServiceAccount. The error, and the objects beside one,
// are as in manifest.Source.
func (s *ServiceAccount) Objects() ([]object.Object, error) {
	if s == nil {
		return absent("ServiceAccount", "make it with infra.NewServiceAccount")
	}
	return finish(s.lower())
}

func (s *ServiceAccount) lower() ([]object.Object, diag.Findings) {
	l := lower(s.at, corev1.SchemeGroupVersion.WithKind("ServiceAccount"), s.name)
	o := &corev1.ServiceAccount{}
	o.TypeMeta, o.ObjectMeta = l.meta(dnsName)
	s.metadata.lower(l, &o.ObjectMeta)
	each := func(field string, list []named, add func(name string)) {
		secrets := l.once("secret")
		for i, n := range list {
			path := diag.Fields(field).Index(i)
			if l.check(n.at, path.Field("name"), dnsName, "secret name", n.name) && secrets.first(n.at, path, n.name) {
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
	return []object.Object{l.object(o)}, l.list
}

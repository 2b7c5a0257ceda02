package infra

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/object"
)

// Namespace describes a Namespace.
type Namespace struct {
	at   place
	name string
	metadata
}

// NewNamespace returns a Namespace with the given name. A set writes it before the
// objects in it.
func NewNamespace(name string) *Namespace { return &Namespace{at: callsite.Here(), name: name} }

// Label sets a label. For instance, if the cluster enforces Pod Security Standards,
// a Docker daemon in a sidecar needs a namespace that allows privileged pods:
//
//	infra.NewNamespace("ci").Label("pod-security.kubernetes.io/enforce", "privileged")
func (n *Namespace) Label(key, value string) *Namespace {
	if n != nil {
		n.metadata.label(key, value)
	}
	return n
}

// Objects returns the Namespace. It implements manifest.Source.
func (n *Namespace) Objects() ([]object.Object, error) {
	if n == nil {
		return absent("Namespace", "create it with infra.NewNamespace")
	}
	l := lower(n.at, corev1.SchemeGroupVersion.WithKind("Namespace"), n.name)
	o := &corev1.Namespace{}
	o.TypeMeta, o.ObjectMeta = l.meta(dnsLabel)
	n.metadata.lower(l, &o.ObjectMeta)
	return finish([]object.Object{l.object(o)}, l.list)
}

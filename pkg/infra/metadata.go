package infra

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
)

// metadata is the labels and annotations of an object.
type metadata struct{ labels, annotations []pair }

func (m *metadata) label(key, value string) {
	m.labels = append(m.labels, pair{callsite.Here(), key, value})
}

func (m *metadata) annotate(key, value string) {
	m.annotations = append(m.annotations, pair{callsite.Here(), key, value})
}

// lower checks the labels and annotations and sets them.
func (m *metadata) lower(l *lowering, o *metav1.ObjectMeta) {
	o.Labels = l.pairs(diag.Fields("metadata", "labels"), m.labels, &labelValue)
	o.Annotations = l.pairs(diag.Fields("metadata", "annotations"), m.annotations, nil)
}

// Label sets a label.
func (c *ConfigMap) Label(key, value string) *ConfigMap {
	if c != nil {
		c.metadata.label(key, value)
	}
	return c
}

// Annotate sets an annotation.
func (c *ConfigMap) Annotate(key, value string) *ConfigMap {
	if c != nil {
		c.metadata.annotate(key, value)
	}
	return c
}

// Label sets a label.
func (i *Ingress) Label(key, value string) *Ingress {
	if i != nil {
		i.metadata.label(key, value)
	}
	return i
}

// Annotate sets an annotation.
func (n *Namespace) Annotate(key, value string) *Namespace {
	if n != nil {
		n.metadata.annotate(key, value)
	}
	return n
}

// Label sets a label.
func (s *Secret) Label(key, value string) *Secret {
	if s != nil {
		s.metadata.label(key, value)
	}
	return s
}

// Annotate sets an annotation.
func (s *Secret) Annotate(key, value string) *Secret {
	if s != nil {
		s.metadata.annotate(key, value)
	}
	return s
}

// Label sets a label.
func (p *PVC) Label(key, value string) *PVC {
	if p != nil {
		p.metadata.label(key, value)
	}
	return p
}

// Annotate sets an annotation.
func (p *PVC) Annotate(key, value string) *PVC {
	if p != nil {
		p.metadata.annotate(key, value)
	}
	return p
}

// Label sets a label of the Role.
func (r *Role) Label(key, value string) *Role {
	if r != nil {
		r.r.metadata.label(key, value)
	}
	return r
}

// Annotate sets an annotation of the Role.
func (r *Role) Annotate(key, value string) *Role {
	if r != nil {
		r.r.metadata.annotate(key, value)
	}
	return r
}

// Label sets a label of the ClusterRole.
func (c *ClusterRole) Label(key, value string) *ClusterRole {
	if c != nil {
		c.r.metadata.label(key, value)
	}
	return c
}

// Annotate sets an annotation of the ClusterRole.
func (c *ClusterRole) Annotate(key, value string) *ClusterRole {
	if c != nil {
		c.r.metadata.annotate(key, value)
	}
	return c
}

// Label sets a label.
func (s *ServiceAccount) Label(key, value string) *ServiceAccount {
	if s != nil {
		s.metadata.label(key, value)
	}
	return s
}

// Annotate sets an annotation, such as the one that assigns an IAM role to the
// ServiceAccount:
//
//	infra.NewServiceAccount("release").Annotate("eks.amazonaws.com/role-arn", "arn:aws:iam::111122223333:role/release")
func (s *ServiceAccount) Annotate(key, value string) *ServiceAccount {
	if s != nil {
		s.metadata.annotate(key, value)
	}
	return s
}

package triggers

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/handle"
)

// metadata is the labels and annotations of an object.
type metadata struct{ labels, annotations map[string]string }

// meta returns the metadata of an object with the given name.
func (m metadata) meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: handle.Strip(name), Labels: copied(m.labels), Annotations: copied(m.annotations)}
}

// empty reports whether there are no labels and no annotations.
func (m metadata) empty() bool { return len(m.labels)+len(m.annotations) == 0 }

// Label sets a label of the EventListener.
func (l *Listener) Label(key, value string) *Listener {
	l = l.orNew()
	l.labels = with(l.labels, key, value)
	return l
}

// Annotate sets an annotation of the EventListener.
func (l *Listener) Annotate(key, value string) *Listener {
	l = l.orNew()
	l.annotations = with(l.annotations, key, value)
	return l
}

// with adds a pair to a map, which may be nil.
func with(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[key] = value
	return m
}

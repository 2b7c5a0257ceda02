package triggers

import (
	"encoding/json"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Creates returns the kinds of objects that the triggers create, by the service
// account that creates them; "" is that of the listener. It is for
// infra.ListenerRBAC.
func (l *Listener) Creates() map[string][]schema.GroupVersionKind {
	out := map[string][]schema.GroupVersionKind{}
	for _, t := range l.orNew().triggers() {
		for _, c := range t.creates {
			for _, k := range kindsOf(c) {
				if !slices.Contains(out[t.account], k) {
					out[t.account] = append(out[t.account], k)
				}
			}
		}
	}
	return out
}

// Selects returns the namespaces of [Listener.Namespaces]. It is for
// infra.ListenerRBAC.
func (l *Listener) Selects() []string { return slices.Clone(l.orNew().namespaces) }

// kindsOf returns the kinds of the objects of a Resource.
func kindsOf(r Resource) []schema.GroupVersionKind {
	if isNil(r) {
		return nil
	}
	if t, ok := r.(*Template); ok {
		var out []schema.GroupVersionKind
		for _, p := range t.parts {
			if p.raw == nil {
				if _, nested := p.create.(*Template); !nested {
					out = append(out, kindsOf(p.create)...)
				}
				continue
			}
			raw, err := rawJSON(p.raw)
			var o struct{ APIVersion, Kind string }
			if err == nil && json.Unmarshal(raw, &o) == nil {
				out = append(out, schema.FromAPIVersionAndKind(o.APIVersion, o.Kind))
			}
		}
		return out
	}
	if _, ok := r.(*builder.PipelineRun); ok {
		return []schema.GroupVersionKind{v1.SchemeGroupVersion.WithKind("PipelineRun")}
	}
	o, _ := r.Object()
	if o.Object == nil {
		return nil
	}
	return []schema.GroupVersionKind{o.GetObjectKind().GroupVersionKind()}
}

package triggers

import (
	"encoding/json"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Creates returns the kinds that the triggers create, by the account that
// creates them; "" is the listener's own. infra.ListenerRBAC asks for it.
func (l *Listener) Creates() map[string][]schema.GroupVersionKind {
	out := map[string][]schema.GroupVersionKind{}
	for _, t := range l.orNew().triggers {
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

// Selects returns the namespaces that the listener finds further Triggers in.
// infra.ListenerRBAC asks for it.
func (l *Listener) Selects() []string { return slices.Clone(l.orNew().namespaces) }

// kindsOf are the kinds of the objects that a Resource stands for.
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

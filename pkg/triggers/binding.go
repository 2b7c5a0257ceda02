package triggers

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Binding describes a TriggerBinding or a ClusterTriggerBinding, which assigns parts of
// an event to params, or params of a trigger without an object ([Value]). It is usually
// needed only for triggers that use a [Template].
type Binding struct {
	at       callsite.Place
	name     string
	kind     v1beta1.TriggerBindingKind // "" for TriggerBinding
	inline   bool                       // of Value
	existing bool
	params   []param
	mutate   callsite.Changes[v1beta1.TriggerBinding]
	metadata
}

type param struct {
	at                       callsite.Place
	name, value, description string
	hasDefault               bool
}

// NewBinding returns a TriggerBinding with the given metadata.name.
func NewBinding(name string) *Binding { return &Binding{at: callsite.Here(), name: name} }

// NewClusterBinding returns a ClusterTriggerBinding with the given metadata.name, which
// the triggers of all namespaces may use.
func NewClusterBinding(name string) *Binding {
	return &Binding{at: callsite.Here(), name: name, kind: v1beta1.ClusterTriggerBindingKind}
}

// Value returns a binding of one param that is part of the trigger, without an object of
// its own: Value("sha", "$(body.after)"). Param adds further ones.
func Value(name, value string) *Binding {
	at := callsite.Here()
	return &Binding{at: at, inline: true, params: []param{{at: at, name: name, value: value}}}
}

// Existing means that the binding is in the cluster already. Triggers refer to it by its
// name, and no object is written. If its params are given, they are those of the object
// in the cluster.
func (b *Binding) Existing() *Binding {
	if b != nil {
		b.existing = true
	}
	return b
}

// Label sets a label of the TriggerBinding.
func (b *Binding) Label(key, value string) *Binding {
	if b != nil {
		b.labels = with(b.labels, key, value)
	}
	return b
}

// Annotate sets an annotation of the TriggerBinding.
func (b *Binding) Annotate(key, value string) *Binding {
	if b != nil {
		b.annotations = with(b.annotations, key, value)
	}
	return b
}

// Mutate registers a function that changes the TriggerBinding before it is checked. A
// ClusterTriggerBinding gets the metadata and the spec of the result. The function may be
// called more than once, each time with a new TriggerBinding.
func (b *Binding) Mutate(change func(*v1beta1.TriggerBinding)) *Binding {
	if b != nil {
		b.mutate.Add(callsite.Here(), change)
	}
	return b
}

// Param adds a param with its value: Param("sha", "$(body.head_commit.id)").
func (b *Binding) Param(name, value string) *Binding {
	if b != nil {
		b.params = append(b.params, param{at: callsite.Here(), name: name, value: value})
	}
	return b
}

// named returns the names of the params that the binding supplies.
func (b *Binding) named() []string {
	if b == nil {
		return nil
	}
	var out []string
	for _, p := range b.params {
		if !slices.Contains(out, p.name) {
			out = append(out, p.name)
		}
	}
	return out
}

// open reports whether the binding may set params that are not known.
func (b *Binding) open() bool { return b != nil && b.existing && len(b.params) == 0 }

// refs returns the bindings of a trigger: a reference, or params.
func (b *Binding) refs() []*v1beta1.TriggerSpecBinding {
	if !b.inline {
		return []*v1beta1.TriggerSpecBinding{{Ref: handle.Strip(b.name), Kind: v1beta1.TriggerBindingKind(b.kindName())}}
	}
	var out []*v1beta1.TriggerSpecBinding
	for _, p := range b.params {
		value := p.value
		out = append(out, &v1beta1.TriggerSpecBinding{Name: p.name, Value: &value})
	}
	return out
}

// kindName returns the kind of the object.
func (b *Binding) kindName() string {
	if b.kind == "" {
		return string(v1beta1.NamespacedTriggerBindingKind)
	}
	return string(b.kind)
}

// lower returns the upstream struct.
func (b *Binding) lower(about diag.ObjectRef) (runtime.Object, diag.Findings) {
	o := &v1beta1.TriggerBinding{TypeMeta: typeMeta(b.kindName()), ObjectMeta: b.meta(b.name)}
	for _, p := range b.params {
		o.Spec.Params = append(o.Spec.Params, v1beta1.Param{Name: p.name, Value: p.value})
	}
	findings := b.mutate.Apply(o, about)
	if b.kind != v1beta1.ClusterTriggerBindingKind {
		return o, findings
	}
	return &v1beta1.ClusterTriggerBinding{TypeMeta: o.TypeMeta, ObjectMeta: o.ObjectMeta, Spec: o.Spec}, findings
}

// Objects returns the TriggerBinding or ClusterTriggerBinding. It returns no object for
// [Value] and after [Binding.Existing]. It implements manifest.Source.
func (b *Binding) Objects() ([]object.Object, error) {
	if b == nil {
		return nil, diag.Findings{{Code: "binding-invalid", Severity: diag.Error, Object: diag.ObjectRef{Kind: "TriggerBinding"},
			Message: "the binding is nil", Help: "create it with NewBinding"}}
	}
	about := reference(b.kindName(), b.name)
	findings := b.findings(about)
	if b.inline || b.existing {
		return nil, findings.Err()
	}
	var places callsite.Places
	for i, p := range b.params {
		places.Set(diag.Fields("spec", "params").Index(i), p.at)
	}
	o, more := b.lower(about)
	findings = append(findings, more...)
	out := []object.Object{{Object: o, Locate: places.Locate(b.at)}}
	if findings.Err() == nil {
		findings = append(findings, handles(out)...)
	}
	return out, findings.Err()
}

// findings returns the mistakes in the binding.
func (b *Binding) findings(about diag.ObjectRef) diag.Findings {
	var findings diag.Findings
	what := about.Kind + " " + quoted(b.name)
	switch {
	case b.inline && (b.existing || !b.metadata.empty() || len(b.mutate) > 0):
		findings = append(findings, finding(b.at, about, "binding-invalid",
			"a binding of Value has no object, so it cannot be Existing, and has no labels, annotations or Mutate", "use NewBinding, or remove the call"))
	case b.inline:
	case b.existing && (!b.metadata.empty() || len(b.mutate) > 0):
		findings = append(findings, finding(b.at, about, "binding-invalid",
			what+" is Existing, so its labels, annotations and Mutate have no effect", "remove these calls, or remove Existing"))
	case len(b.params) == 0 && !b.existing && len(b.mutate) == 0:
		findings = append(findings, finding(b.at, about, "binding-invalid",
			what+" has no params", "add one with Param, or remove the binding"))
	}
	if !b.inline {
		findings = append(findings, named(b.at, about, objectName, "the name of a binding", b.name)...)
	}
	seen := map[string]callsite.Place{}
	for _, p := range b.params {
		if first, ok := seen[p.name]; ok {
			f := finding(p.at, about, "param-duplicate", "param "+quoted(p.name)+" is set twice", "remove one")
			f.Related = []diag.Related{{Message: "first set", Position: first.Position()}}
			findings = append(findings, f)
		}
		seen[p.name] = p.at
		findings = append(findings, named(p.at, about, paramName, "the name of a param", p.name)...)
		if !handle.Plain(p.value) {
			findings = append(findings, finding(p.at, about, "handle-misplaced",
				"the value of param "+quoted(p.name)+" contains a handle: "+quoted(p.value), `write the path as text: "$(body.after)"`))
		} else if !closed(p.value) {
			findings = append(findings, finding(p.at, about, "param-invalid",
				"the value of param "+quoted(p.name)+" has an unclosed $(: "+quoted(p.value), `close it with ), as in "$(body.after)"`))
		}
	}
	return findings
}

// closed reports whether the last $( is closed. Upstream treats it as plain text
// otherwise. It rejects an unclosed $( before another one, which the rules report.
func closed(value string) bool {
	for m := range tekref.ScanBinding(value) {
		if m.Open && m.End == len(value) {
			return false
		}
	}
	return true
}

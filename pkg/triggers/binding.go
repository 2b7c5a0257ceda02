package triggers

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/caller"
	"github.com/tekwright/tekwright/internal/ref"
	"github.com/tekwright/tekwright/pkg/check"
)

// Binding is a TriggerBinding written by hand: names for parts of an event.
type Binding struct {
	at     caller.Place
	name   string
	params []param
}

type param struct {
	at          caller.Place
	name, value string
	hasDefault  bool
}

// NewBinding starts a TriggerBinding.
func NewBinding(name string) *Binding { return &Binding{at: caller.Here(), name: name} }

// Param names a value: Param("sha", "$(body.head_commit.id)").
func (b *Binding) Param(name, value string) *Binding {
	if b != nil {
		b.params = append(b.params, param{at: caller.Here(), name: name, value: value})
	}
	return b
}

// lower makes the upstream struct.
func (b *Binding) lower() *v1beta1.TriggerBinding {
	o := &v1beta1.TriggerBinding{TypeMeta: typeMeta("TriggerBinding"), ObjectMeta: metav1.ObjectMeta{Name: b.name}}
	for _, p := range b.params {
		o.Spec.Params = append(o.Spec.Params, v1beta1.Param{Name: p.name, Value: p.value})
	}
	return o
}

// Objects is the TriggerBinding.
func (b *Binding) Objects() ([]check.Object, error) {
	if b == nil {
		return nil, check.Findings{{Code: "binding-invalid", Object: check.Ref{Kind: "TriggerBinding"},
			Message: "the binding is nil", Help: "make it with NewBinding"}}
	}
	var findings check.Findings
	about := reference("TriggerBinding", b.name)
	if len(b.params) == 0 {
		findings = append(findings, finding(b.at, about, "binding-invalid",
			"TriggerBinding "+quoted(b.name)+" binds nothing", "give it a Param, or drop it"))
	}
	seen := map[string]caller.Place{}
	for _, p := range b.params {
		if first, ok := seen[p.name]; ok {
			f := finding(p.at, about, "param-duplicate", "param "+quoted(p.name)+" is bound twice", "drop one")
			f.Related = []check.Related{{Message: "it is bound first", Place: first.String()}}
			findings = append(findings, f)
		}
		seen[p.name] = p.at
		if ref.HasMark(p.value) {
			findings = append(findings, finding(p.at, about, "reference-misplaced",
				"param "+quoted(p.name)+" takes a field of an event", `write the path as text: "$(body.after)"`))
		}
	}
	places := map[string]caller.Place{}
	for i, p := range b.params {
		places[index("spec.params", i)] = p.at
	}
	return []check.Object{{Object: b.lower(), Place: finder(places, b.at)}}, findings.Err()
}

package triggers

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Binding describes a TriggerBinding, which assigns parts of an event to params.
// It is usually needed only for triggers that use a [Template].
type Binding struct {
	at     callsite.Place
	name   string
	params []param
}

type param struct {
	at          callsite.Place
	name, value string
	hasDefault  bool
}

// NewBinding returns a TriggerBinding with the given metadata.name.
func NewBinding(name string) *Binding { return &Binding{at: callsite.Here(), name: name} }

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

// lower returns the upstream struct.
func (b *Binding) lower() *v1beta1.TriggerBinding {
	o := &v1beta1.TriggerBinding{TypeMeta: typeMeta("TriggerBinding"), ObjectMeta: metav1.ObjectMeta{Name: b.name}}
	for _, p := range b.params {
		o.Spec.Params = append(o.Spec.Params, v1beta1.Param{Name: p.name, Value: p.value})
	}
	return o
}

// Objects returns the TriggerBinding. It implements manifest.Source.
func (b *Binding) Objects() ([]object.Object, error) {
	if b == nil {
		return nil, diag.Findings{{Code: "binding-invalid", Severity: diag.Error, Object: diag.ObjectRef{Kind: "TriggerBinding"},
			Message: "the binding is nil", Help: "create it with NewBinding"}}
	}
	var findings diag.Findings
	about := reference("TriggerBinding", b.name)
	if len(b.params) == 0 {
		findings = append(findings, finding(b.at, about, "binding-invalid",
			"TriggerBinding "+quoted(b.name)+" has no params", "add one with Param, or remove the binding"))
	}
	findings = append(findings, named(b.at, about, dnsLabel, "the name of a binding", b.name)...)
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
	var places callsite.Places
	for i, p := range b.params {
		places.Set(diag.Fields("spec", "params").Index(i), p.at)
	}
	out := []object.Object{{Object: b.lower(), Locate: places.Locate(b.at)}}
	if findings.Err() == nil {
		findings = append(findings, handles(out)...)
	}
	return out, findings.Err()
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

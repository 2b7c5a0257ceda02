package objects

import (
	_ "embed"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed ingress-invalid.md
var ingressInvalidText string

var ingressInvalid = &rule.Rule{
	Code:     "ingress-invalid",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     ingressInvalidText,
	Kinds:    []string{"Ingress"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		o, ok := p.Entry.Kube.(*networkingv1.Ingress)
		if !ok || p.Entry.IsCopy() {
			return
		}
		s, ref := p.At("spec"), p.Entry.Ref
		if len(o.Spec.Rules) == 0 && o.Spec.DefaultBackend == nil {
			p.Error(s, ref.Name, ref.String()+" has neither rules nor a defaultBackend", "add a rule")
		}
		for i := range o.Spec.Rules {
			r, at := &o.Spec.Rules[i], s.Index("rules", i)
			switch {
			case r.HTTP == nil && o.Spec.DefaultBackend == nil:
				p.Warning(at, r.Host, "a rule of "+ref.String()+" has no http, and the Ingress has no defaultBackend: the rule routes nothing", "add http with a path")
			case r.HTTP != nil && len(r.HTTP.Paths) == 0:
				p.Error(at.Field("http", "paths"), r.Host, "a rule of "+ref.String()+" has no paths", "add a path")
			}
		}
	},
}

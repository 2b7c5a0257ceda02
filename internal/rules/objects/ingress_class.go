package objects

import (
	_ "embed"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed ingress-class.md
var ingressClassText string

var ingressClass = &rule.Rule{
	Code:     "ingress-class",
	Severity: diag.Warning,
	Topic:    "objects",
	Text:     ingressClassText,
	Kinds:    []string{"Ingress"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		o, ok := p.Entry.Kube.(*networkingv1.Ingress)
		if !ok || p.Entry.IsCopy() {
			return
		}
		class, ok := o.Annotations[oldClass]
		if !ok {
			return
		}
		at := p.At("metadata", "annotations").Key(oldClass).Of(oldClass)
		if o.Spec.IngressClassName != nil {
			r := p.Error(at, class, p.Entry.Ref.String()+" sets both ingressClassName and the annotation "+phrase.Quote(oldClass)+", which the API server rejects", "remove the annotation")
			r.Fix("remove the annotation", *o.Spec.IngressClassName == class, rule.RemoveField(at))
			return
		}
		p.Warning(at, class, "annotation "+phrase.Quote(oldClass)+" is deprecated", "set spec.ingressClassName, and remove the annotation").
			Fix("set ingressClassName instead of the annotation", true, rule.RemoveField(at), rule.AddField(p.At("spec"), object.Field{Name: "ingressClassName", Text: class}))
	},
}

// oldClass is the annotation that spec.ingressClassName replaced.
const oldClass = "kubernetes.io/ingress.class"

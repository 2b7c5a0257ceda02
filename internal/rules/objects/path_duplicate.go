package objects

import (
	_ "embed"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed path-duplicate.md
var pathDuplicateText string

var pathDuplicate = &rule.Rule{
	Code:     "path-duplicate",
	Severity: diag.Warning,
	Topic:    "objects",
	Text:     pathDuplicateText,
	Kinds:    []string{"Ingress"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		if p.Entry.IsCopy() {
			return
		}
		p.Entry.EachPath(func(s facts.Spot, host string, o *networkingv1.HTTPIngressPath) {
			first, ok := p.Set.FirstRoute(p.Entry, host, o)
			same := first.Entry == s.Entry && first.Path.Equal(s.Path)
			if !ok || same || first.Entry != s.Entry && first.Entry.Ref == s.Entry.Ref { // reported as object-duplicate
				return
			}
			where := "on every host"
			if host != "" {
				where = "of host " + phrase.Quote(host)
			}
			p.Warning(s.Field("path"), o.Path, "path "+phrase.Quote(o.Path)+" "+where+" is declared twice, but only one of the two is served", "remove one of them",
				first.Field("path").Related("first declared in "+first.Entry.Ref.String()))
		})
	},
}

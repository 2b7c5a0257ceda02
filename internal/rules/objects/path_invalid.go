package objects

import (
	_ "embed"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed path-invalid.md
var pathInvalidText string

var pathInvalid = &rule.Rule{
	Code:     "path-invalid",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     pathInvalidText,
	Kinds:    []string{"Ingress"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		if !p.Entry.IsCopy() {
			p.Entry.EachPath(func(s facts.Spot, _ string, o *networkingv1.HTTPIngressPath) { ingressPath(p, s, o) })
		}
	},
}

// ingressPath checks a path and its type.
func ingressPath(p *rule.Pass, s facts.Spot, o *networkingv1.HTTPIngressPath) {
	types := []string{string(networkingv1.PathTypePrefix), string(networkingv1.PathTypeExact), string(networkingv1.PathTypeImplementationSpecific)}
	if o.PathType == nil {
		p.Error(s, o.Path, "path "+phrase.Quote(o.Path)+" has no pathType", "set pathType: Prefix")
		return
	}
	kind := string(*o.PathType)
	if tekref.Contains(kind) || tekref.Contains(o.Path) {
		return
	}
	if !slices.Contains(types, kind) {
		p.Error(s.Field("pathType"), kind, "the pathType "+phrase.Quote(kind)+" does not exist", phrase.OneOf(kind, types)).Misspelled(kind, types)
		return
	}
	at := s.Field("path")
	switch loose := kind == types[2]; {
	case o.Path == "" && loose:
	case !strings.HasPrefix(o.Path, "/"):
		p.Error(at, o.Path, "path "+phrase.Quote(o.Path)+" does not begin with a slash", "use "+phrase.Quote("/"+o.Path))
	case loose:
	default:
		for _, part := range [...]string{"//", "/./", "/../", "%2f", "%2F"} {
			if strings.Contains(o.Path, part) {
				p.Error(at, o.Path, "path "+phrase.Quote(o.Path)+" contains "+phrase.Quote(part)+", which the API server rejects", "remove it")
				return
			}
		}
		if strings.HasSuffix(o.Path, "/..") || strings.HasSuffix(o.Path, "/.") {
			p.Error(at, o.Path, "path "+phrase.Quote(o.Path)+" ends with dots, which the API server rejects", "remove them")
		}
	}
}

package practice

import (
	_ "embed"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed tls-missing.md
var tlsMissingText string

var tlsMissing = &rule.Rule{
	Code:     "tls-missing",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     tlsMissingText,
	Kinds:    []string{"Ingress"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		o, ok := p.Entry.Kube.(*networkingv1.Ingress)
		if !ok || p.Entry.IsCopy() || facts.HasCertificates(o) {
			return
		}
		ref := p.Entry.Ref
		if len(o.Spec.TLS) == 0 {
			if len(o.Spec.Rules) > 0 {
				p.Warning(p.At("metadata", "name"), ref.Name, ref.String()+" has no TLS: anyone on the network path can read and change the traffic", "list its hosts and a certificate under tls")
			}
			return
		}
		covered := map[string]bool{}
		for i := range o.Spec.TLS {
			for _, h := range o.Spec.TLS[i].Hosts {
				covered[h] = true
			}
			if len(o.Spec.TLS[i].Hosts) == 0 {
				covered["*"] = true
			}
		}
		for i := range o.Spec.Rules {
			host := o.Spec.Rules[i].Host
			_, domain, _ := strings.Cut(host, ".")
			if host == "" || tekref.Contains(host) || covered["*"] || covered[host] || covered["*."+domain] || !facts.IsHost(host) {
				continue
			}
			p.Warning(p.At("spec").Index("rules", i).Field("host"), host, "host "+phrase.Quote(host)+" of "+ref.String()+" is not listed under tls, so it is served without TLS", "add it to tls[].hosts")
		}
	},
}

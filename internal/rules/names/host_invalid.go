package names

import (
	_ "embed"
	"net/url"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed host-invalid.md
var hostInvalidText string

var hostInvalid = &rule.Rule{
	Code:     "host-invalid",
	Severity: diag.Error,
	Topic:    "names",
	Text:     hostInvalidText,
	Kinds:    []string{"Ingress", "Secret"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		if p.Entry.IsCopy() {
			return
		}
		switch o := p.Entry.Kube.(type) {
		case *networkingv1.Ingress:
			s := p.At("spec")
			for i := range o.Spec.Rules {
				host(p, s.Index("rules", i).Field("host"), o.Spec.Rules[i].Host)
			}
			for i := range o.Spec.TLS {
				for j, h := range o.Spec.TLS[i].Hosts {
					host(p, s.Index("tls", i).Index("hosts", j), h)
				}
			}
		case *corev1.Secret:
			for _, name := range facts.Hosts(o) {
				secretHost(p, o, name)
			}
		}
	},
}

// host reports a host that is not a DNS name.
func host(p *rule.Pass, s facts.Spot, host string) {
	if !facts.IsHost(host) {
		p.Error(s, host, "host "+phrase.Quote(host)+" is not a valid DNS name", `write only the name, in lower case: "ci.example.com" or "*.example.com"`)
	}
}

// secretHost checks an annotation with the host for which Tekton passes a Secret to
// git or docker.
func secretHost(p *rule.Pass, o *corev1.Secret, name string) {
	at, value := p.At("metadata", "annotations").Key(name), o.Annotations[name]
	git, ssh := strings.HasPrefix(name, facts.GitHost), o.Type == corev1.SecretTypeSSHAuth
	switch {
	case o.Type != corev1.SecretTypeBasicAuth && (!git || !ssh): // secret-ignored reports it
	case tekref.Contains(value):
	case value == "":
		p.Warning(at, name, "annotation "+phrase.Quote(name)+" has no host", "set it to the host that the Secret is for")
	case git && ssh && strings.Contains(value, "://"):
		p.Warning(at, value, "host "+phrase.Quote(value)+" has a scheme, so ssh never matches it", "write only the host: "+phrase.Quote(bareHost(value)))
	case git && !ssh && !webURL(value):
		p.Warning(at, value, "host "+phrase.Quote(value)+" is not a URL, so git never uses the credentials of this Secret", "add the scheme: https://git.example.com")
	}
}

func webURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func bareHost(s string) string {
	_, rest, _ := strings.Cut(s, "://")
	if _, host, ok := strings.Cut(rest, "@"); ok {
		return host
	}
	return rest
}

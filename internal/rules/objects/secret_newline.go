package objects

import (
	_ "embed"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-newline.md
var secretNewlineText string

var secretNewline = &rule.Rule{
	Code:     "secret-newline",
	Severity: diag.Warning,
	Topic:    "objects",
	Text:     secretNewlineText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		if o, ok := p.Entry.Kube.(*corev1.Secret); ok && o.Type == corev1.SecretTypeBasicAuth && !p.Entry.IsCopy() {
			for _, k := range []string{corev1.BasicAuthUsernameKey, corev1.BasicAuthPasswordKey} {
				if endsLine(o, k) {
					p.Warning(p.Entry.KeySpot(o, k), k, phrase.Quote(k)+" of "+p.Entry.Ref.String()+" ends with a line break, which becomes part of the credentials: git and registries refuse them", withoutBreak)
				}
			}
		}
		needs := p.Entry.Needs()
		for i := range needs {
			n := &needs[i]
			if n.Kind != "Secret" || n.For != facts.ForWebhook || len(n.Keys) == 0 {
				continue
			}
			found := n.Found()
			if found == nil {
				continue
			}
			o, ok := found.Kube.(*corev1.Secret)
			if !ok {
				continue
			}
			for _, k := range n.Keys {
				if endsLine(o, k.Key) {
					p.Warning(k.Spot, k.Key, "key "+phrase.Quote(k.Key)+" of "+found.Ref.String()+" ends with a line break, and the interceptor compares the whole value: it rejects every event of a sender that has the secret without it", withoutBreak,
						found.KeySpot(o, k.Key).Related(found.Ref.String()+" is declared here"))
				}
			}
		}
	},
}

const withoutBreak = "write the value on one line, without |, or encode it with printf instead of echo"

// endsLine reports whether the value of a key of a Secret is text that ends with a line
// break.
func endsLine(o *corev1.Secret, key string) bool {
	value, ok := o.StringData[key]
	if !ok {
		value = string(o.Data[key])
	}
	return strings.HasSuffix(value, "\n") && strings.TrimSpace(value) != ""
}

package steps

import (
	_ "embed"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed word-unknown.md
var wordUnknownText string

var wordUnknown = &rule.Rule{
	Code:     "word-unknown",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     wordUnknownText,
	Kinds:    append([]string{"Secret"}, rule.TaskSpecKinds...),
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		if o, ok := p.Entry.Kube.(*corev1.Secret); ok && !p.Entry.IsCopy() {
			secretType(p, string(o.Type))
			return
		}
		for _, w := range p.Entry.BadWords() {
			field := w.Spot.Path.At(w.Spot.Path.Len() - 1).Name
			help := phrase.OneOf(w.Word, w.Known)
			if i := slices.IndexFunc(w.Known, func(k string) bool { return strings.EqualFold(k, w.Word) }); i >= 0 {
				help = "write " + w.Known[i]
			}
			p.Error(w.Spot, w.Word, field+" has the unknown value "+phrase.Quote(w.Word)+", so Kubernetes rejects the pod", help)
		}
	},
}

// secretTypes are the types of Secrets that Kubernetes and Tekton look for.
var secretTypes = []string{
	string(corev1.SecretTypeServiceAccountToken), string(corev1.SecretTypeDockercfg), string(corev1.SecretTypeDockerConfigJson),
	string(corev1.SecretTypeBasicAuth), string(corev1.SecretTypeSSHAuth), string(corev1.SecretTypeTLS),
}

// secretType reports a type that is most likely a misspelled one: every text is a
// valid type, and nothing uses a Secret of another.
func secretType(p *rule.Pass, typ string) {
	const prefix = "kubernetes.io/"
	if slices.Contains(secretTypes, typ) || len(typ) < len(prefix) || !strings.EqualFold(typ[:len(prefix)], prefix) {
		return
	}
	near := suggest.Name(strings.ToLower(typ), secretTypes)
	if slices.Contains(secretTypes, strings.ToLower(typ)) {
		near = strings.ToLower(typ)
	}
	if near != "" {
		p.Warning(p.At("type"), typ, "nothing uses Secrets of type "+phrase.Quote(typ), "did you mean "+phrase.Quote(near)+"?")
	}
}

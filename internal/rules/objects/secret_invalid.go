package objects

import (
	_ "embed"
	"encoding/json"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-invalid.md
var secretInvalidText string

var secretInvalid = &rule.Rule{
	Code:     "secret-invalid",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     secretInvalidText,
	Kinds:    []string{"Secret"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		o, ok := p.Entry.Kube.(*corev1.Secret)
		if !ok || p.Entry.IsCopy() {
			return
		}
		switch o.Type {
		case corev1.SecretTypeDockerConfigJson, corev1.SecretTypeDockercfg:
			k := typeKeys[o.Type][0]
			value := o.Data[k]
			if text, ok := o.StringData[k]; ok {
				value = []byte(text)
			}
			if p.Entry.Declared == nil && len(value) > 0 && !tekref.Contains(string(value)) && !json.Valid(value) {
				p.Error(p.Entry.KeySpot(o, k), k, "the value of "+phrase.Quote(k)+" is not JSON", "use the config.json that docker login writes")
			}
		case corev1.SecretTypeServiceAccountToken:
			if o.Annotations[corev1.ServiceAccountNameKey] == "" && !(p.Entry.Declared != nil && len(p.Entry.Keys()) == 0) {
				p.Error(p.At("metadata", "annotations"), p.Entry.Ref.Name, p.Entry.Ref.String()+" is a service account token, but names no service account", "set the annotation "+corev1.ServiceAccountNameKey)
			}
		}
	},
}

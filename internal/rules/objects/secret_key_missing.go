package objects

import (
	_ "embed"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-key-missing.md
var secretKeyMissingText string

var secretKeyMissing = &rule.Rule{
	Code:     "secret-key-missing",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     secretKeyMissingText,
	Kinds:    []string{"Secret"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		o, ok := p.Entry.Kube.(*corev1.Secret)
		if !ok || p.Entry.IsCopy() {
			return
		}
		keys, at := p.Entry.Keys(), p.At("type")
		if p.Entry.Declared != nil && len(keys) == 0 {
			return
		}
		for _, k := range typeKeys[o.Type] {
			if slices.Contains(keys, k) {
				continue
			}
			help := "add the key"
			if near := suggest.Name(k, keys); near != "" {
				help = "add it, or rename " + phrase.Quote(near)
			}
			p.Error(at, k, p.Entry.Ref.String()+" lacks the key "+phrase.Quote(k)+", which type "+string(o.Type)+" requires", help)
		}
		if o.Type == corev1.SecretTypeBasicAuth && !slices.Contains(keys, corev1.BasicAuthUsernameKey) && !slices.Contains(keys, corev1.BasicAuthPasswordKey) {
			p.Error(at, corev1.BasicAuthUsernameKey, p.Entry.Ref.String()+` lacks the keys "username" and "password", which type `+string(o.Type)+" requires", "add them")
		}
	},
}

// typeKeys maps a type to the keys that the API server requires.
var typeKeys = map[corev1.SecretType][]string{
	corev1.SecretTypeDockerConfigJson: {corev1.DockerConfigJsonKey},
	corev1.SecretTypeDockercfg:        {corev1.DockerConfigKey},
	corev1.SecretTypeSSHAuth:          {corev1.SSHAuthPrivateKey},
	corev1.SecretTypeTLS:              {corev1.TLSCertKey, corev1.TLSPrivateKeyKey},
}

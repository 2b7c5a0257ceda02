package practice

import (
	"bytes"
	_ "embed"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-plain.md
var secretPlainText string

var secretPlain = &rule.Rule{
	Code:     "secret-plain",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     secretPlainText,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		if o, ok := p.Entry.Kube.(*corev1.Secret); ok && !p.Entry.IsCopy() {
			plainSecret(p, o)
		}
		p.Entry.EachEnv(func(s facts.Spot, v *corev1.EnvVar) {
			if v.ValueFrom == nil && secrets.Named(v.Name, true) && secrets.Valued(v.Name, v.Value) {
				p.Warning(s.Field("value"), v.Name, "environment variable "+phrase.Quote(v.Name)+" has its value in plain text", "read it from a Secret with valueFrom.secretKeyRef")
			}
		})
		const help = "keep the value out of the file, and read it from a Secret that is created elsewhere"
		p.Entry.EachDeclared(func(s facts.Spot, d *v1.ParamSpec) {
			if d.Default != nil && facts.ValueKind(d.Default) == v1.ParamTypeString && secrets.Named(d.Name, false) && secrets.Valued(d.Name, d.Default.StringVal) {
				p.Warning(s.Field("default"), d.Name, "param "+phrase.Quote(d.Name)+" has a default in plain text", help)
			}
		})
		p.Entry.EachPassed(func(s facts.Spot, v *v1.Param) {
			if facts.ValueKind(&v.Value) == v1.ParamTypeString && secrets.Named(v.Name, false) && secrets.Valued(v.Name, v.Value.StringVal) {
				p.Warning(s.Field("value"), v.Name, "param "+phrase.Quote(v.Name)+" has a value in plain text", help)
			}
		})
	},
}

const plainSecretHelp = "keep the Secret out of the files, and create it with kubectl create secret or from a secret store"

// plainSecret reports a Secret with values in plain text. One that is only
// declared is never written.
func plainSecret(p *rule.Pass, o *corev1.Secret) {
	if p.Entry.Declared != nil || o.Type == corev1.SecretTypeServiceAccountToken {
		return
	}
	ref := p.Entry.Ref
	for _, k := range sortedKeys(o.StringData) {
		if secrets.Literal(o.StringData[k]) {
			p.Warning(p.At("stringData").Key(k), ref.Name, ref.String()+" has its values in plain text", plainSecretHelp)
			return
		}
	}
	for _, k := range sortedKeys(o.Data) {
		if v := o.Data[k]; len(bytes.TrimSpace(v)) > 0 && secrets.Literal(string(v)) && !strings.HasSuffix(k, ".crt") {
			p.Warning(p.At("data").Key(k), ref.Name, ref.String()+" has its values in plain text: base64 is not encryption", plainSecretHelp)
			return
		}
	}
}

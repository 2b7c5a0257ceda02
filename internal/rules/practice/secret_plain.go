package practice

import (
	"bytes"
	_ "embed"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
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
			if v.ValueFrom == nil && secretName(v.Name, true) && secretValue(v.Name, v.Value) {
				p.Warning(s.Field("value"), v.Name, "environment variable "+phrase.Quote(v.Name)+" has its value in plain text", "read it from a Secret with valueFrom.secretKeyRef")
			}
		})
		const help = "keep the value out of the file, and read it from a Secret that is created elsewhere"
		p.Entry.EachDeclared(func(s facts.Spot, d *v1.ParamSpec) {
			if d.Default != nil && facts.ValueKind(d.Default) == v1.ParamTypeString && secretName(d.Name, false) && secretValue(d.Name, d.Default.StringVal) {
				p.Warning(s.Field("default"), d.Name, "param "+phrase.Quote(d.Name)+" has a default in plain text", help)
			}
		})
		p.Entry.EachPassed(func(s facts.Spot, v *v1.Param) {
			if facts.ValueKind(&v.Value) == v1.ParamTypeString && secretName(v.Name, false) && secretValue(v.Name, v.Value.StringVal) {
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
		if isLiteral(o.StringData[k]) {
			p.Warning(p.At("stringData").Key(k), ref.Name, ref.String()+" has its values in plain text", plainSecretHelp)
			return
		}
	}
	for _, k := range sortedKeys(o.Data) {
		if v := o.Data[k]; len(bytes.TrimSpace(v)) > 0 && isLiteral(string(v)) && !strings.HasSuffix(k, ".crt") {
			p.Warning(p.At("data").Key(k), ref.Name, ref.String()+" has its values in plain text: base64 is not encryption", plainSecretHelp)
			return
		}
	}
}

// isLiteral reports whether a text is a value, and not a placeholder.
func isLiteral(s string) bool {
	return strings.TrimSpace(s) != "" && !tekref.Contains(s) && !strings.Contains(s, "${") && !strings.Contains(s, "{{") && !strings.HasPrefix(s, "ENC[") &&
		!(strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">"))
}

// secretName reports whether a variable or a param is named like a secret. The
// value of a param named secret is usually the name of a Secret.
func secretName(name string, variable bool) bool {
	before, last := "", name
	if i := strings.LastIndexAny(name, "_-."); i >= 0 {
		before, last = name[:i], name[i+1:]
		before = before[strings.LastIndexAny(before, "_-.")+1:]
	}
	is := func(s string, words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(s, w) })
	}
	switch {
	case is(last, "secret"):
		return variable
	case is(last, "key"):
		return is(before, "api", "access", "private") || variable && is(before, "secret")
	case is(last, "passwd", "passphrase", "apikey", "credentials"):
		return true
	}
	return endsWith(last, "password") || endsWith(last, "token")
}

// endsWith reports whether s ends with a word, ignoring case.
func endsWith(s, word string) bool {
	return len(s) >= len(word) && strings.EqualFold(s[len(s)-len(word):], word)
}

// secretValue reports whether the value of a variable or param that is named like
// a secret is one, and not a switch, a path, an address or a name.
func secretValue(name, value string) bool {
	value = strings.TrimSpace(value)
	if !isLiteral(value) || suggest.Alike(name, value) {
		return false
	}
	switch strings.ToLower(value) {
	case "true", "false", "none", "null", "token", "password", "secret", "required", "optional", "auto", "yes", "no", "0", "1", "never", "always":
		return false
	}
	if strings.HasPrefix(value, "/") || strings.HasPrefix(value, "./") || strings.HasPrefix(value, "~") {
		return false
	}
	_, rest, ok := strings.Cut(value, "://")
	return !ok || strings.Contains(rest, "@")
}

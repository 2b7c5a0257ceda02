package check

import (
	"bytes"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

const plainHelp = "keep the value out of the file: take it from a Secret that is made elsewhere"

// plainSecret warns of a Secret whose values are written out. One that is only
// declared is never written.
func (c *checker) plainSecret(s spot, o *corev1.Secret) {
	if s.Declared != nil || o.Type == corev1.SecretTypeServiceAccountToken {
		return
	}
	for _, k := range sortedKeys(o.StringData) {
		if literal(o.StringData[k]) {
			c.warn(s.at(key("stringData", k)), "secret-plain", s.ref.Name, s.ref.String()+" has its values in plain text",
				"keep the Secret out of the files: make it with kubectl create secret, or from a store")
			return
		}
	}
	for _, k := range sortedKeys(o.Data) {
		if v := o.Data[k]; len(bytes.TrimSpace(v)) > 0 && literal(string(v)) && !strings.HasSuffix(k, ".crt") {
			c.warn(s.at(key("data", k)), "secret-plain", s.ref.Name, s.ref.String()+" has its values in plain text: base64 hides nothing",
				"keep the Secret out of the files: make it with kubectl create secret, or from a store")
			return
		}
	}
}

// literal reports whether a text is a value, and not a hole to be filled.
func literal(s string) bool {
	return strings.TrimSpace(s) != "" && !tekref.Contains(s) && !strings.Contains(s, "${") && !strings.Contains(s, "{{") && !strings.HasPrefix(s, "ENC[") &&
		!(strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">"))
}

// plainEnv warns of variables that are called like secrets, and have values.
func (c *checker) plainEnv(s spot, env []corev1.EnvVar) {
	for i := range env {
		if v := &env[i]; v.ValueFrom == nil && secretName(v.Name, true) && secretValue(v.Name, v.Value) {
			c.warn(s.index("env", i).field("value"), "secret-plain", v.Name, "variable "+q(v.Name)+" has its value in plain text", "take it from a Secret: valueFrom.secretKeyRef")
		}
	}
}

// plainDefaults warns of params that are called like secrets, and have values
// as their defaults.
func (c *checker) plainDefaults(s spot, params v1.ParamSpecs) {
	for i := range params {
		p := &params[i]
		if p.Default != nil && valueKind(p.Default) == v1.ParamTypeString && secretName(p.Name, false) && secretValue(p.Name, p.Default.StringVal) {
			c.warn(s.index("params", i).field("default"), "secret-plain", p.Name, "param "+q(p.Name)+" has a default in plain text", plainHelp)
		}
	}
}

// plainValues warns of values in plain text for params that are called like
// secrets.
func (c *checker) plainValues(s spot, params v1.Params) {
	for i := range params {
		p := &params[i]
		if valueKind(&p.Value) == v1.ParamTypeString && secretName(p.Name, false) && secretValue(p.Name, p.Value.StringVal) {
			c.warn(s.index("params", i).field("value"), "secret-plain", p.Name, "param "+q(p.Name)+" gets a value in plain text", plainHelp)
		}
	}
}

// secretName reports whether a variable or a param is called like a secret. A
// param called secret mostly names one.
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

// endsWith reports whether s ends with a word, in whatever case.
func endsWith(s, word string) bool {
	return len(s) >= len(word) && strings.EqualFold(s[len(s)-len(word):], word)
}

// secretValue reports whether the value of what is called like a secret is one,
// and not a switch, a path, an address or the name of something.
func secretValue(name, value string) bool {
	value = strings.TrimSpace(value)
	if !literal(value) || alike(name, value) {
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

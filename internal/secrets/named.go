package secrets

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Literal reports whether a text is a value, and not a placeholder.
func Literal(s string) bool {
	return strings.TrimSpace(s) != "" && !tekref.Contains(s) && !strings.Contains(s, "${") && !strings.Contains(s, "{{") && !strings.HasPrefix(s, "ENC[") &&
		!(strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">"))
}

// Named reports whether a variable or a param is named like a secret. The
// value of a param named secret is usually the name of a Secret.
func Named(name string, variable bool) bool {
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

// Valued reports whether the value of a variable or param that is named like
// a secret is one, and not a switch, a path, an address or a name.
func Valued(name, value string) bool {
	value = strings.TrimSpace(value)
	if !Literal(value) || suggest.Alike(name, value) {
		return false
	}
	switch strings.ToLower(value) {
	case "true", "false", "none", "null", "token", "password", "secret", "required", "optional", "auto", "yes", "no", "0", "1", "never", "always", "write":
		return false
	}
	if strings.HasPrefix(value, "/") || strings.HasPrefix(value, "./") || strings.HasPrefix(value, "~") {
		return false
	}
	_, rest, ok := strings.Cut(value, "://")
	return !ok || strings.Contains(rest, "@")
}

package jsonpath

import (
	"regexp"
	"strings"
)

// Dotted is a key with a dot in it that is read as several names.
type Dotted struct {
	Key     string // as written, without quotes
	Escaped string // with a backslash before each dot
}

var (
	// quotedKey is a key in brackets and quotes.
	quotedKey = regexp.MustCompile(`([A-Za-z0-9_-]*)(?:'\])?[\[,] *'([^']*)' *[\],]`)

	// inLabels are names below a map of strings of a Kubernetes object.
	inLabels = regexp.MustCompile(`(?:^|[.@])(?:` + stringMaps + `)\.((?:\\.|[^\\\s\[\](){},'"=<>!])+)`)

	// domain is the name of a domain as the beginning of a key, such as tekton.dev/x.
	domain = regexp.MustCompile(`(?:^|\.)([A-Za-z0-9-]+\.(?:ai|app|cloud|co|com|dev|edu|eu|gov|internal|io|local|net|org|sh|tech)/[A-Za-z0-9_-]+)`)

	keyed = regexp.MustCompile(`^(?:` + stringMaps + `)$`)
	file  = regexp.MustCompile(`\.(?:cfg|conf|env|gitconfig|ini|json|key|crt|pem|properties|sh|toml|txt|xml|ya?ml)$`)
)

// stringMaps are the fields of Kubernetes objects whose keys often have dots and slashes.
const stringMaps = `labels|annotations|matchLabels|nodeSelector`

// DottedKeys returns the keys in an expression that look like one name with a dot, such
// as labels['tekton.dev/pipeline'], and that Triggers reads as several: quotes do not
// escape the dot. Keys such as ['repository.name'] are left out, since they find the
// field name of repository.
func DottedKeys(expr string) []Dotted {
	if !strings.Contains(expr, ".") {
		return nil
	}
	var out []Dotted
	add := func(key string) {
		if escaped := escapeDots(key); escaped != key {
			out = append(out, Dotted{key, escaped})
		}
	}
	for _, m := range quotedKey.FindAllStringSubmatch(expr, -1) {
		of, key := m[1], m[2]
		prefix, _, slash := strings.Cut(key, "/")
		if keyed.MatchString(of) || slash && strings.Contains(prefix, ".") || (of == "data" || of == "stringData") && file.MatchString(key) {
			add(key)
		}
	}
	plain := quotedKey.ReplaceAllString(expr, "$1[]")
	for _, m := range inLabels.FindAllStringSubmatch(plain, -1) {
		if prefix, _, slash := strings.Cut(m[1], "/"); slash && strings.Contains(prefix, ".") {
			add(m[1])
		}
	}
	for _, m := range domain.FindAllStringSubmatch(inLabels.ReplaceAllString(plain, "[]"), -1) {
		add(m[1])
	}
	return out
}

// escapeDots returns a key with a backslash before each dot that has none.
func escapeDots(key string) string {
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		switch {
		case key[i] == '\\' && i+1 < len(key):
			b.WriteByte(key[i])
			i++
		case key[i] == '.':
			b.WriteByte('\\')
		}
		b.WriteByte(key[i])
	}
	return b.String()
}

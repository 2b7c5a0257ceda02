package infra

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Command returns the shell command that creates the Secret in a namespace; "" means
// the current one. The values are read from the sources set with FromEnv and
// FromFile. For other keys, the command uses environment variables, named after the
// Secret and the key. It fails if a variable is not set.
func (s *Secret) Command(namespace string) string {
	if s == nil {
		return ""
	}
	where := ""
	if namespace != "" {
		where = " --namespace=" + word(namespace)
	}
	var b strings.Builder
	b.WriteString("kubectl create secret generic " + word(s.name) + where)
	if s.kind != corev1.SecretTypeOpaque {
		b.WriteString(" --type=" + word(string(s.kind)))
	}
	for _, k := range s.keys {
		b.WriteString(" \\\n  " + s.value(k))
	}
	set := func(verb string, values map[string]string) {
		if len(values) == 0 {
			return
		}
		b.WriteString(" &&\nkubectl " + verb + " secret " + word(s.name) + where)
		for _, k := range slices.Sorted(maps.Keys(values)) {
			b.WriteString(" \\\n  " + word(k+"="+values[k]))
		}
	}
	labels := map[string]string{}
	for _, l := range s.metadata.labels {
		labels[l.key] = l.value
	}
	set("label", labels)
	set("annotate", s.annotated())
	return b.String()
}

// value returns the flag that sets the value of a key.
func (s *Secret) value(k secretKey) string {
	file, text := "--from-file="+word(k.name)+"=", "--from-literal="+word(k.name)+"="
	for _, from := range s.sources {
		switch {
		case from.key != k.name:
		case !from.isVariable:
			return file + word(from.value)
		case len(brokenVariable(from.value)) == 0:
			return text + expand(from.value)
		}
	}
	name := strings.ToUpper(strings.Trim(notInVariables.ReplaceAllString(s.name+"_"+k.name, "_"), "_"))
	if len(brokenVariable(name)) > 0 {
		name = "SECRET_" + name
	}
	if k.file {
		return file + expand(name+"_FILE")
	}
	return text + expand(name)
}

var (
	notInVariables = regexp.MustCompile(`[^a-zA-Z0-9]+`)
	plainWord      = regexp.MustCompile(`^[a-zA-Z0-9._/:@=,+-]+$`)
)

// expand returns the expansion of a shell variable, which fails if it is not set.
func expand(variable string) string { return `"${` + variable + `:?}"` }

// word quotes a text as one word of a shell command.
func word(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

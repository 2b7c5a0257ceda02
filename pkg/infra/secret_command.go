package infra

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Command returns the shell command that creates the Secret in a namespace; "" means
// the current one. The values are read from the sources set with FromEnv and
// FromFile. For other keys, the command uses environment variables, named after the
// Secret and the key. It fails if a variable is not set.
//
// Values of variables are never arguments of kubectl, which the process list and
// audit logs show. One value is passed on standard input, several in a temporary
// directory that only the user can read, and that is removed afterwards.
func (s *Secret) Command(namespace string) string {
	if s == nil {
		return ""
	}
	where := ""
	if namespace != "" {
		where = " --namespace=" + word(namespace)
	}
	create := "kubectl create secret generic " + word(s.name) + where
	if s.kind != corev1.SecretTypeOpaque {
		create += " --type=" + word(string(s.kind))
	}
	var variables []string
	for _, k := range s.keys {
		if text, isVariable := s.value(k); isVariable {
			variables = append(variables, text)
		}
	}
	passed := 0
	for _, k := range s.keys {
		text, isVariable := s.value(k)
		if isVariable {
			passed++
			text = passedAs(passed, len(variables))
		}
		create += " \\\n  --from-file=" + word(k.name) + "=" + text
	}

	var b strings.Builder
	switch len(variables) {
	case 0:
		b.WriteString(create)
	case 1:
		// If the variable is not set, printf fails, but kubectl would still create the Secret.
		b.WriteString(": " + variables[0] + " &&\nprintf %s " + variables[0] + " | " + create)
	default:
		b.WriteString("(dir=$(mktemp -d) && trap 'rm -rf \"$dir\"' EXIT &&\n")
		for i, v := range variables {
			b.WriteString("printf %s " + v + " >" + passedAs(i+1, len(variables)) + " &&\n")
		}
		b.WriteString(create + ")")
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

// passedAs returns the path from which kubectl reads the i-th value of a variable
// of n, counted from 1.
func passedAs(i, n int) string {
	if n == 1 {
		return "/dev/stdin"
	}
	return `"$dir/` + strconv.Itoa(i) + `"`
}

// value returns the word of the shell that is the value of a key, if it is in a
// variable, and otherwise the path of its file.
func (s *Secret) value(k secretKey) (text string, isVariable bool) {
	for _, from := range s.sources {
		switch {
		case from.key != k.name:
		case !from.isVariable:
			return word(from.value), false
		case len(brokenVariable(from.value)) == 0:
			return expand(from.value), true
		}
	}
	name := strings.ToUpper(strings.Trim(notInVariables.ReplaceAllString(s.name+"_"+k.name, "_"), "_"))
	if len(brokenVariable(name)) > 0 {
		name = "SECRET_" + name
	}
	if k.file {
		return expand(name + "_FILE"), false
	}
	return expand(name), true
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

package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/shell"
)

// minVariable is how long a name has to be for a guess.
const minVariable = 3

// variables warns of a variable that a script reads and nothing sets, while a
// variable of nearly that name is set and never read: one of them is misspelt.
// Others may come from the image, and be read by programs.
func (w *workload) variables() {
	if w.script == "" || len(w.env) == 0 || w.step != nil && len(w.step.EnvFrom) > 0 {
		return
	}
	set := map[string]bool{}
	for _, list := range [][]corev1.EnvVar{w.env, w.templateEnv()} {
		for i := range list {
			set[list[i].Name] = true
		}
	}
	reads, words := variablesRead(w.scripts.Script(w.script))
	var unread []int
	for i := range w.env {
		if name := w.env[i].Name; len(name) >= minVariable && !words[name] {
			unread = append(unread, i)
		}
	}
	for _, read := range reads {
		if set[read.name] {
			continue
		}
		for _, i := range unread {
			name := w.env[i].Name
			if nearest(read.name, []string{name}) == "" {
				continue
			}
			w.warn(w.spot.field("script").of(read.text), "variable-unknown", read.name, w.label+" reads "+read.text+", which nothing sets, and sets "+q(name)+", which its script does not read",
				"did you mean "+q(name)+"?", w.spot.index("env", i).field("name").related("the variable that is set"))
			break
		}
	}
}

// templateEnv are the variables of the stepTemplate, which steps have too.
func (w *workload) templateEnv() []corev1.EnvVar {
	if t := w.spec.StepTemplate; w.step != nil && t != nil {
		return t.Env
	}
	return nil
}

// variableRead is a variable that a script reads, and how it writes that.
type variableRead struct{ name, text string }

// variablesRead lists the variables that a script reads and never sets, each
// once: a name that stands anywhere without a $ may be set there, and one with
// a default (${NAME:-x}) need not be. words are all names in the script.
func variablesRead(s *shell.Script) (reads []variableRead, words map[string]bool) {
	expanded := map[int]bool{} // by where it begins
	for i := range s.Commands {
		for w := range s.Commands[i].AllWords() {
			for _, p := range w.Parts {
				expanded[p.Start] = expanded[p.Start] || p.Kind == shell.Expansion
			}
		}
	}
	script := s.Text
	known, words := map[string]bool{}, map[string]bool{}
	for i := 0; i < len(script); {
		n := variableLength(script[i:])
		if n == 0 {
			i++
			continue
		}
		name, before, after := script[i:i+n], script[:i], script[i+n:]
		words[name] = true
		switch {
		case strings.HasSuffix(before, "$"):
			if expanded[i-len("$")] {
				reads = append(reads, variableRead{name, "$" + name})
			}
		case strings.HasSuffix(before, "${") && strings.HasPrefix(after, "}"):
			if expanded[i-len("${")] {
				reads = append(reads, variableRead{name, "${" + name + "}"})
			}
		default:
			known[name] = true
		}
		i += n
	}
	kept := reads[:0]
	for _, read := range reads {
		if len(read.name) >= minVariable && !known[read.name] {
			known[read.name] = true
			kept = append(kept, read)
		}
	}
	return kept, words
}

// variableLength is the length of the name of a variable that a text begins
// with.
func variableLength(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

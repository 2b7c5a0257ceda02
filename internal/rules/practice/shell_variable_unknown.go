package practice

import (
	_ "embed"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed shell-variable-unknown.md
var shellVariableUnknownText string

var shellVariableUnknown = &rule.Rule{
	Code:     "shell-variable-unknown",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     shellVariableUnknownText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Scripts},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Script != "" && len(c.Env) > 0 && (c.Kind != facts.Step || len(c.EnvFrom) == 0) {
				misspelled(p, c)
			}
		}
	},
}

// minVariable is the minimum length of a name for a guess.
const minVariable = 3

// misspelled reports a variable that a script reads and nothing sets, if a variable
// with a similar name is set and never read: one of them is misspelled. Other
// variables may come from the image, and be read by programs.
func misspelled(p *rule.Pass, c *facts.Container) {
	if len(c.Env) == 0 {
		return
	}
	set := map[string]bool{}
	for _, list := range [][]corev1.EnvVar{c.Env, templateEnv(c)} {
		for i := range list {
			set[list[i].Name] = true
		}
	}
	alike := func(read string, env *corev1.EnvVar) bool {
		return len(env.Name) >= minVariable && suggest.Name(read, []string{env.Name}) != ""
	}
	script := p.Set.Script(c.Script)
	reads := variablesRead(script, func(name string) bool {
		return !set[name] && slices.ContainsFunc(c.Env, func(env corev1.EnvVar) bool { return alike(name, &env) })
	})
	if len(reads) == 0 {
		return // as in most scripts
	}
	words := variableWords(script.Text)
	for _, read := range reads {
		if words[read.name] {
			continue
		}
		words[read.name] = true // each is reported once
		for i := range c.Env {
			name := c.Env[i].Name
			if _, used := words[name]; used || !alike(read.name, &c.Env[i]) {
				continue
			}
			p.Warning(c.Spot.Field("script").Of(read.text), read.name,
				"the script of "+c.Label+" reads "+read.text+", which is never set, but "+phrase.Quote(name)+", which is set, is never read",
				"did you mean "+phrase.Quote(name)+"?", c.Spot.Index("env", i).Field("name").Related("the variable that is set"))
			break
		}
	}
}

// templateEnv returns the variables of stepTemplate, which each step gets too.
func templateEnv(c *facts.Container) []corev1.EnvVar {
	if t := c.Task.Spec.StepTemplate; c.Kind == facts.Step && t != nil {
		return t.Env
	}
	return nil
}

// A variableRead is the name of a variable that a script reads, and the text with
// which it does.
type variableRead struct{ name, text string }

// variablesRead returns the variables that a script reads, in order, if their names are
// wanted. One with a default (${NAME:-x}) need not be set.
func variablesRead(s *shell.Script, wanted func(name string) bool) []variableRead {
	var reads []variableRead
	var expanded []bool // by offset
	script := s.Text
	for i := strings.IndexByte(script, '$'); i >= 0; {
		rest := script[i+1:]
		name, braced := strings.CutPrefix(rest, "{")
		n := variableLength(name)
		if n >= minVariable && (!braced || strings.HasPrefix(name[n:], "}")) && wanted(name[:n]) {
			if expanded == nil {
				expanded = expansions(s)
			}
			if expanded[i] {
				text := script[i : len(script)-len(name)+n]
				if braced {
					text += "}"
				}
				reads = append(reads, variableRead{name[:n], text})
			}
		}
		next := strings.IndexByte(rest, '$')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return reads
}

// expansions returns the offsets at which a script expands a variable.
func expansions(s *shell.Script) []bool {
	expanded := make([]bool, len(s.Text))
	for i := range s.Commands {
		for w := range s.Commands[i].AllWords() {
			for j := range w.Parts {
				if w.Parts[j].Kind == shell.Expansion {
					expanded[w.Parts[j].Start] = true
				}
			}
		}
	}
	return expanded
}

// variableWords returns all names in a script, and whether they appear anywhere without
// a $, where they may be set.
func variableWords(script string) map[string]bool {
	words := map[string]bool{}
	for i := 0; i < len(script); {
		n := variableLength(script[i:])
		if n == 0 {
			i++
			continue
		}
		name, before, after := script[i:i+n], script[:i], script[i+n:]
		reads := strings.HasSuffix(before, "$") || strings.HasSuffix(before, "${") && strings.HasPrefix(after, "}")
		words[name] = words[name] || !reads
		i += n
	}
	return words
}

// variableLength returns the length of the variable name at the beginning of a
// text.
func variableLength(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

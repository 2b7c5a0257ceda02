package practice

import (
	_ "embed"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-traced.md
var secretTracedText string

var secretTraced = &rule.Rule{
	Code:     "secret-traced",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     secretTracedText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Scripts},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if !fromSecrets(c) {
				continue
			}
			sources := c.Sources()
			for i := range sources {
				traced(p, c, &sources[i])
			}
		}
	},
}

// secretVariables calls visit for each variable of a container that comes from a
// Secret, until visit returns true. It reports whether visit did.
func secretVariables(c *facts.Container, visit func(name string) bool) bool {
	each := func(env []corev1.EnvVar) bool {
		for i := range env {
			if e := &env[i]; e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil && e.Name != "" && visit(e.Name) {
				return true
			}
		}
		return false
	}
	return each(c.Env) || each(templateEnv(c))
}

func fromSecrets(c *facts.Container) bool {
	return secretVariables(c, func(string) bool { return true })
}

// traced reports set -x in a script that uses a variable from a Secret: the shell
// logs each command with its values.
func traced(p *rule.Pass, c *facts.Container, src *facts.Source) {
	if src.Script == nil || src.Script.Err != nil {
		return
	}
	var on *shell.Command
	var option shell.Word
	for i := range src.Commands {
		command := &src.Commands[i]
		switch set, word := command.Option('x', "xtrace"); set {
		case "off":
			return // tracing is off around the secret
		case "on":
			if on == nil {
				on, option = command, word
			}
		}
	}
	if on == nil {
		return
	}
	for i := range src.Commands {
		if src.Commands[i].Compound {
			continue // the shell logs it without values
		}
		for j := range src.Commands[i].Words {
			word := &src.Commands[i].Words[j]
			if word.Start >= option.End && secretVariables(c, func(name string) bool {
				if word.Expands(name) {
					p.Warning(src.Spot(&on.Words[0], &option), name, "set -x writes the value of "+phrase.Quote(name)+", which comes from a Secret, to the log",
						"remove -x, or write set +x before the secret is used")
					return true
				}
				return false
			}) {
				return
			}
		}
	}
}

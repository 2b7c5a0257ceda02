package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed exit-unreachable.md
var exitUnreachableText string

var exitUnreachable = &rule.Rule{
	Code:     "exit-unreachable",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     exitUnreachableText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Scripts},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			sources := c.Sources()
			for i := range sources {
				exitsUnseen(p, &sources[i])
			}
		}
	},
}

// exitsUnseen reports the first test of $? after a command whose failure ends the
// script. Under set -e, which Tekton adds to a script without a shebang, the test
// sees only success.
func exitsUnseen(p *rule.Pass, src *facts.Source) {
	if src.Script == nil || !src.Script.Errexit {
		return
	}
	for i := range src.Commands {
		c := &src.Commands[i]
		if c.Sub || c.Before == nil || !c.Before.Fatal {
			continue
		}
		if word := testedExit(c); word != nil && hasExit(c.Before) {
			unreachable(p, src, c, word)
			return
		}
	}
}

// testedExit returns the word with which a command tests $?; nil if it does not.
// Commands that only pass it on, such as exit and echo, do not count.
func testedExit(c *shell.Command) *shell.Word {
	for i := range c.Words {
		word := &c.Words[i]
		if !word.Expands("?") {
			continue
		}
		switch first := &c.Words[0]; {
		case first.Text == "[" || first.Text == "[[" || first.Text == "test" || first.Text == "case":
			return word
		case first.Sets != "" && i == 0:
			return word
		}
		return nil
	}
	return nil
}

// hasExit reports whether a command has an exit status that is worth testing.
func hasExit(c *shell.Command) bool {
	switch c.Name() {
	case "":
		return assigns(c)
	case "set", "trap", "return":
		return false
	}
	return true
}

// assigns reports whether a command is an assignment with the exit status of a
// command in it: NAME=$(...)
func assigns(c *shell.Command) bool {
	if len(c.Words) == 0 {
		return false
	}
	last := &c.Words[len(c.Words)-1]
	return last.Sets != "" && last.Has(shell.Substitution)
}

func unreachable(p *rule.Pass, src *facts.Source, c *shell.Command, word *shell.Word) {
	before, what := c.Before, "the command in the assignment"
	if name := before.Name(); name != "" {
		what = phrase.Quote(name)
	}
	p.Warning(src.Spot(&c.Words[0], word), "$?", "set -e ends the script when "+what+" fails, so $? is always 0 here",
		`use "if ! COMMAND; then ..." or "COMMAND || status=$?"`, src.Spot(&before.Words[0], &before.Words[len(before.Words)-1]).Related("the command that sets $?"))
}

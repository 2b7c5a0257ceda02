package check

import "github.com/tekwright/tekwright/internal/shell"

// exitsUnseen warns of a test of $? after a command whose failure ends the
// script: under set -e, which a script without a shebang has, it sees only
// success.
func (w *workload) exitsUnseen() {
	for i := range w.sources {
		src := &w.sources[i]
		if src.script == nil || !src.script.Errexit {
			continue
		}
		for j := range src.commands {
			c := &src.commands[j]
			if !c.Sub && c.Before != nil && c.Before.Fatal && w.readsExit(src, c) {
				break
			}
		}
	}
}

// readsExit reports a command that tests $? right after one that must have
// succeeded.
func (w *workload) readsExit(src *source, c *shell.Command) bool {
	before := c.Before
	name := before.Name()
	if name == "" && !assigns(before) || name == "set" || name == "trap" || name == "return" {
		return false
	}
	at := -1
	for k := range c.Words {
		if c.Words[k].Expands("?") {
			at = k
			break
		}
	}
	if at < 0 {
		return false
	}
	switch first := c.Words[0]; {
	case first.Text == "[" || first.Text == "[[" || first.Text == "test" || first.Text == "case":
	case first.Sets != "" && at == 0:
	default:
		return false // exit $? and echo $? do no harm
	}
	what := name
	if what == "" {
		what = "the command in the assignment"
	} else {
		what = q(what)
	}
	w.warn(src.at(c.Words[0], c.Words[at]), "exit-unreachable", "$?", "under set -e the script ends where "+what+" fails, so that $? is always 0 here: what is written for a failure never happens",
		`write "if ! COMMAND; then ...", or "COMMAND || status=$?"`, src.at(before.Words[0], before.Words[len(before.Words)-1]).related("the command before"))
	return true
}

// assigns reports whether the status of an assignment is that of a command in
// it: NAME=$(...)
func assigns(c *shell.Command) bool {
	if len(c.Words) == 0 {
		return false
	}
	last := &c.Words[len(c.Words)-1]
	return last.Sets != "" && last.Has(shell.Substitution)
}

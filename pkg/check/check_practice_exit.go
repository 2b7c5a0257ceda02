package check

import "strings"

// exitsUnseen warns of a test of $? after a command whose failure ends the
// script: under set -e, which a script without a shebang has, it sees only
// success.
func (w *workload) exitsUnseen() {
	for i := range w.sources {
		src := &w.sources[i]
		if src.list != nil || !src.errexit {
			continue
		}
		var before *shellCommand
		for j := range src.commands {
			c := &src.commands[j]
			if c.sub {
				continue
			}
			if before != nil && before.fatal() && !before.joined && before.nest == c.from && !c.branch && !c.joined && !c.piped && w.readsExit(src, c, before) {
				break
			}
			before = c
		}
	}
}

// readsExit reports a command that tests $? right after one that must have
// succeeded.
func (w *workload) readsExit(src *source, c, before *shellCommand) bool {
	name := before.name()
	if name == "" && !assigns(before) || name == "set" || name == "trap" || name == "return" {
		return false
	}
	at := -1
	for k, word := range c.words {
		if strings.Contains(word.text, "$?") {
			at = k
			break
		}
	}
	if at < 0 {
		return false
	}
	switch first := c.words[0].text; {
	case first == "[" || first == "[[" || first == "test" || first == "case":
	case isAssignment(first) && at == 0:
	default:
		return false // exit $? and echo $? do no harm
	}
	what := name
	if what == "" {
		what = "the command in the assignment"
	} else {
		what = q(what)
	}
	w.warn(src.at(c.words[0], c.words[at]), "exit-unreachable", "$?", "under set -e the script ends where "+what+" fails, so that $? is always 0 here: what is written for a failure never happens",
		`write "if ! COMMAND; then ...", or "COMMAND || status=$?"`, src.at(before.words[0], before.words[len(before.words)-1]).related("the command before"))
	return true
}

// assigns reports whether the status of an assignment is that of a command in
// it: NAME=$(...)
func assigns(c *shellCommand) bool {
	if len(c.words) == 0 {
		return false
	}
	last := c.words[len(c.words)-1].text
	return isAssignment(last) && (strings.Contains(last, "$(") || strings.Contains(last, "`"))
}

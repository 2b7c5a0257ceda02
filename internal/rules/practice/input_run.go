package practice

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// evaluators are the commands that run a text as commands, in a shell of this machine or of
// another one: a value that reaches them through a variable is run as well.
var evaluators = []string{"eval", "source", ".", "trap", "xargs", "ssh", "su", "parallel", "watch", "script", "at", "batch", "chroot", "nsenter"}

// inside are the commands that run a text in a container, by its argument.
var inside = []string{"exec", "rsh", "run", "debug"}

// languages are programs whose arguments may be code.
var languages = []string{"awk", "gawk", "mawk", "sed", "perl", "python", "python2", "python3", "ruby", "node", "php", "lua", "jq", "yq", "bc", "dc", "expr", "find", "let", "(("}

// asData are the options of languages behind which one or two words are no code.
var asData = []string{"-v", "--arg", "--argjson", "--rawfile", "--slurpfile"}

// comparing are the operators of [[ that compute their operands, in which a shell runs commands.
var comparing = []string{"-eq", "-ne", "-lt", "-le", "-gt", "-ge"}

// runsTexts reports whether a script may run a value as code although it is in a variable:
// because of one of its commands, or of one that has a value at one of the offsets.
func runsTexts(script *shell.Script, values []int) bool {
	for i := range script.Commands {
		c := &script.Commands[i]
		argv := c.Argv()
		if len(argv) == 0 {
			continue
		}
		name := c.Name()
		text := func(w shell.Word) bool { return slices.Contains(inside, w.Text) }
		switch {
		case slices.Contains(evaluators, name) || shell.IsShell(name):
			return true
		case slices.ContainsFunc(c.Words, func(w shell.Word) bool {
			return w.Text == "eval" || w.Text == "xargs" || w.Text == "ssh" || shell.IsShell(w.Text)
		}):
			return true // behind sudo, timeout and the like
		case slices.Contains([]string{"kubectl", "oc", "docker", "podman", "buildah", "nerdctl"}, name):
			if slices.ContainsFunc(argv, text) {
				return true
			}
		case slices.Contains(languages, name):
			if codeHas(argv, values) {
				return true
			}
		case name == "[[":
			// The operators are no words.
			all := strings.Fields(script.Text[argv[0].Start:argv[len(argv)-1].End])
			if slices.ContainsFunc(all, func(s string) bool { return slices.Contains(comparing, s) }) && codeHas(argv, values) {
				return true
			}
		}
	}
	return false
}

// codeHas reports whether an argument that may be code has a value at one of the offsets.
func codeHas(argv []shell.Word, values []int) bool {
	for i := range argv {
		w := &argv[i]
		if i > 0 && slices.Contains(asData, argv[i-1].Text) || i > 1 && slices.Contains(asData[1:], argv[i-2].Text) {
			continue
		}
		if slices.ContainsFunc(values, func(at int) bool { return at >= w.Start && at < w.End }) {
			return true
		}
	}
	return false
}

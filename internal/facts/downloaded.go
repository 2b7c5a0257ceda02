package facts

import (
	"path"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// This file finds scripts from a commit of a stranger that a shell runs without a file.

// downloaded notes the script that a command prints, if it is from a commit of a stranger,
// and reports whether it is.
func (t *tracker) downloaded(from *shell.Command) bool {
	for n := 0; from != nil && from.Reads != nil && n < maxPipeline && passesOn(from); n++ {
		from = from.Reads
	}
	if from == nil {
		return false
	}
	switch from.Name() {
	case "git":
		if !hasAny(from.Argv(), "show") {
			return false
		}
		v := t.commit(from.Argv(), func(word string) bool { return strings.Contains(word, ":") }, false)
		if v == nil {
			return false
		}
		t.foundAt(v, "")
		t.out.builds = true
		return true
	case "curl", "wget":
		return t.remoteIn(from.Argv(), ofRawFile)
	}
	return false
}

// runsDownloaded notes a script from a commit of a stranger in a substitution whose output
// runs, and reports whether there is one: bash -c "$(curl …)", bash <(curl …), source,
// eval, and a substitution that is the command.
func (t *tracker) runsDownloaded(argv []shell.Word, c *shell.Command) bool {
	if len(argv) == 0 || t.source.Script == nil {
		return false
	}
	var runs []shell.Word
	name := path.Base(argv[0].Text)
	switch {
	case slices.ContainsFunc(c.Words, func(w shell.Word) bool { return w.Text == "eval" && w.Start < argv[0].Start }):
		runs = argv
	case name == "." || name == "source":
		runs = argv[1:min(2, len(argv))]
	case shell.IsShell(name) || interpreters[name]:
		texts := textsOfWords(argv)
		if at := InlineScript(texts, len(texts)); at >= 0 {
			runs = argv[at : at+1]
			break
		}
		// The file that it runs, if that is the output of a command.
		i := slices.IndexFunc(argv[1:], func(w shell.Word) bool { return !strings.HasPrefix(w.Text, "-") })
		if i >= 0 && strings.HasPrefix(argv[i+1].Text, "<(") {
			runs = argv[i+1 : i+2]
		}
	default:
		runs = argv[:1]
	}
	for i := range runs {
		for last := range t.substitutions(&runs[i]) { // the output is that of the last command
			if t.downloaded(last) {
				return true
			}
			break
		}
	}
	return false
}

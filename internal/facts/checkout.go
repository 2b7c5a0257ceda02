package facts

import (
	"path"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// checksOut notes the value that selects the commit that a command checks out, and reports
// whether there is one.
func (t *tracker) checksOut(c *shell.Command) bool {
	argv := started(c.Argv())
	if len(argv) < 2 {
		return false
	}
	words, fetches := argv, false
	switch name := path.Base(argv[0].Text); {
	case name == "git", name == "$0": // the image determines the program
		if !slices.ContainsFunc(argv[:min(len(argv), maxStarters)], func(w shell.Word) bool { return gitCommands[w.Text] }) {
			return false
		}
	case name == "gh" && len(argv) > 2 && argv[1].Text == "pr" && argv[2].Text == "checkout":
		fetches = true
	case name == "curl", name == "wget":
		if !slices.ContainsFunc(argv, func(w shell.Word) bool {
			return strings.Contains(w.Text, "/archive/") || strings.Contains(w.Text, "/tarball/") || strings.Contains(w.Text, "/zipball/")
		}) {
			return false
		}
	default:
		return false
	}
	for i := range words {
		if before, _, ok := strings.Cut(words[i].Text, "$"); !ok || !selects(before) || i > 0 && createsName(words, i) {
			continue
		}
		for _, v := range t.in(&words[i], false) {
			if v.Commit || v.Number && (fetches || requestRef(words[i].Text)) {
				t.out.checkout = &v
				return true
			}
		}
	}
	return false
}

// selects reports whether a value behind a text selects a commit: it is the whole word, or
// follows a remote, a URL or an option, but is not a part of another name.
func selects(before string) bool {
	return before == "" || strings.IndexByte("/:+=@", before[len(before)-1]) >= 0
}

// createsName reports whether a word of git is the name of something new: of a branch, or a
// message.
func createsName(words []shell.Word, i int) bool {
	switch words[i-1].Text {
	case "-m", "--message", "--orphan", "-B", "--create":
		return true
	case "-b", "-c":
		return !hasAny(words[:i], "clone")
	}
	return false
}

// gitCommands are the commands of git that change the files of a work tree, or are the first
// step of it.
var gitCommands = map[string]bool{
	"clone": true, "fetch": true, "checkout": true, "pull": true, "reset": true, "switch": true, "worktree": true, "merge": true, "cherry-pick": true,
}

package facts

import (
	"path"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// This file finds the commands that put the files of a stranger's commit into a directory.

// fetched is what git has of a stranger, but not yet in the files of a work tree.
type fetched struct {
	value *StrangerValue
	names map[string]bool // of branches and remotes
}

func (f *fetched) add(v *StrangerValue, names ...string) {
	f.value = v
	if f.names == nil {
		f.names = map[string]bool{"FETCH_HEAD": true}
	}
	for _, name := range names {
		if name != "" && len(f.names) < maxFound {
			f.names[strings.NewReplacer("{", "", "}", "").Replace(name)] = true
		}
	}
}

// maxFound limits the names and the directories that are kept of one container.
const maxFound = 32

// has reports whether a word is what was fetched: FETCH_HEAD, pr, origin/pr or fork/main.
func (f *fetched) has(word string) bool {
	if f.value == nil {
		return false
	}
	word = strings.NewReplacer("{", "", "}", "").Replace(word)
	if f.names[word] {
		return true
	}
	remote, _, ok := strings.Cut(word, "/")
	return ok && f.names[remote]
}

// checksOut notes the value that selects the commit that a command checks out, and reports
// whether there is one.
func (t *tracker) checksOut(c *shell.Command) bool {
	argv := started(c.Argv())
	if len(argv) < 2 {
		return false
	}
	var v *StrangerValue
	dir := t.cwd
	switch name := path.Base(argv[0].Text); {
	case name == "git", name == "$0": // the image determines the program
		v, dir = t.git(argv, c)
	case name == "git-init": // of the Task git-clone
		v = t.commit(argv, nil, false)
	case len(argv) > 2 && argv[2].Text == "checkout" && requestTool(name, argv[1].Text):
		v = t.commit(argv, nil, true)
	case name == "curl", name == "wget":
		v = t.commit(argv, isArchive, false)
	case name == "patch":
		v = t.patch(c)
	case name == "tar" && c.Reads != nil && c.Reads.Name() == "git" && hasAny(c.Reads.Argv(), "archive"):
		v = t.commit(c.Reads.Argv(), nil, false)
		if v == nil && slices.ContainsFunc(c.Reads.Argv(), func(w shell.Word) bool { return t.fetched.has(w.Text) }) {
			v = t.fetched.value
		}
		if i := slices.IndexFunc(argv[:len(argv)-1], func(w shell.Word) bool { return w.Text == "-C" }); i > 0 {
			dir = t.join(argv[i+1].Text)
		}
	}
	if v == nil {
		return false
	}
	t.foundAt(v, dir)
	return true
}

// foundAt notes a commit of a stranger in a directory.
func (t *tracker) foundAt(v *StrangerValue, dir string) {
	if t.out.checkout == nil {
		t.out.builds = false // what ran before had other files
		t.out.checkout = v
	}
	switch {
	case dir == "" || dir == "/" || len(t.dirs) >= maxFound:
		t.anywhere = true
	case !slices.Contains(t.dirs, dir):
		t.dirs = append(t.dirs, dir)
	}
}

// requestTool reports whether a program has a command for the pull requests of a forge.
func requestTool(name, command string) bool {
	switch name {
	case "gh", "hub", "tea":
		return command == "pr" || command == "pulls"
	case "glab":
		return command == "mr"
	}
	return false
}

// isArchive reports whether a word is the URL of the files of a commit.
func isArchive(word string) bool {
	for _, part := range [...]string{"/archive/", "/archive.", "/tarball/", "/zipball/", "/tar.gz/", "/zip/refs", "codeload."} {
		if strings.Contains(word, part) {
			return true
		}
	}
	return strings.Contains(word, "bitbucket") && strings.Contains(word, "/get/")
}

// git returns the value that selects the commit that a command of git puts into a directory.
func (t *tracker) git(argv []shell.Word, c *shell.Command) (v *StrangerValue, dir string) {
	dir = t.cwd
	i := 1
	for ; i < len(argv) && strings.HasPrefix(argv[i].Text, "-"); i++ {
		switch argv[i].Text {
		case "-C":
			if i+1 < len(argv) {
				dir = t.join(argv[i+1].Text)
			}
			i++
		case "-c", "--git-dir", "--work-tree", "--namespace":
			i++
		}
	}
	if i >= len(argv) {
		return nil, ""
	}
	words, args := argv[i:], argv[i+1:]
	switch command := argv[i].Text; command {
	case "clone":
		v = t.commit(words, nil, false)
		if v != nil && hasAny(args, "-n", "--no-checkout", "--bare", "--mirror") {
			t.fetched.add(v, "origin")
			return nil, ""
		}
		if len(args) > 1 && isPlainPath(args[len(args)-1].Text) {
			dir = t.join(args[len(args)-1].Text)
		}
		t.cloned = t.cloned || v != nil
		return v, dir
	case "remote":
		if len(args) > 2 && args[0].Text == "add" {
			if v := t.commit(words, nil, false); v != nil {
				t.fetched.add(v, args[len(args)-2].Text)
			}
		}
	case "fetch":
		if v := t.commit(words, nil, false); v != nil {
			t.fetched.add(v)
			for i := range args {
				if t.commit(args[i:i+1], nil, false) != nil {
					t.fetched.add(v, destination(args[i].Text)...)
				}
			}
		}
	case "pull":
		if v = t.commit(words, nil, false); v == nil && slices.ContainsFunc(args, func(w shell.Word) bool { return t.fetched.has(w.Text) }) {
			v = t.fetched.value
		}
		return v, dir
	case "reset":
		if !hasAny(args, "--hard", "--merge", "--keep") {
			return nil, ""
		}
		fallthrough
	case "checkout", "switch", "merge", "worktree", "cherry-pick", "rebase", "read-tree", "restore":
		v = t.commit(words, nil, false)
		if v == nil && slices.ContainsFunc(args, func(w shell.Word) bool { return t.fetched.has(w.Text) }) {
			v = t.fetched.value
		}
		switch {
		case v == nil:
			t.leaves(command, args)
		case command == "worktree":
			if i := slices.IndexFunc(args[1:], func(w shell.Word) bool { return !strings.HasPrefix(w.Text, "-") }); i >= 0 {
				dir = t.join(args[1+i].Text)
			}
		case command == "checkout" || command == "switch":
			for j := range max(len(args)-1, 0) {
				switch args[j].Text {
				case "-b", "-B", "-c", "-C", "--create":
					t.fetched.add(v, args[j+1].Text)
				}
			}
		}
		return v, dir
	case "apply", "am":
		return t.patch(c), dir
	}
	return nil, ""
}

// leaves notes that a command of git checks out a branch of the repository again.
func (t *tracker) leaves(command string, args []shell.Word) {
	if command != "checkout" && command != "switch" && command != "reset" || t.cloned || t.out.builds || hasAny(args, "--", "-b", "-B", "-c", "-C") {
		return
	}
	for i := range args {
		switch name := strings.TrimPrefix(args[i].Text, "origin/"); {
		case strings.HasPrefix(name, "-"):
		case name == "main", name == "master", name == "develop", name == "trunk":
			if i == len(args)-1 {
				t.out.checkout, t.out.left = nil, true
			}
			return
		default:
			return
		}
	}
}

// destination returns the names that a refspec gives to what it fetches.
func destination(refspec string) []string {
	if strings.Contains(refspec, "://") || strings.HasPrefix(refspec, "git@") {
		return nil
	}
	_, to, ok := strings.Cut(refspec, ":")
	if !ok {
		return nil
	}
	names := []string{to}
	for _, prefix := range [...]string{"refs/heads/", "refs/remotes/", "refs/"} {
		if short, ok := strings.CutPrefix(to, prefix); ok {
			names = append(names, short)
		}
	}
	return names
}

// patch returns the value that selects the changes that a command gets through a pipe and
// applies.
func (t *tracker) patch(c *shell.Command) *StrangerValue {
	from := c.Reads
	for n := 0; from != nil; n++ {
		if n > maxPipeline {
			t.source.tooLong()
			return nil
		}
		if passesOn(from) {
			from = from.Reads
			continue
		}
		argv := started(from.Argv())
		if len(argv) < 2 {
			return nil
		}
		switch name := path.Base(argv[0].Text); {
		case name == "curl", name == "wget":
			return t.commit(argv, func(word string) bool { return strings.Contains(word, ".diff") || strings.Contains(word, ".patch") }, true)
		case len(argv) > 2 && argv[2].Text == "diff" && requestTool(name, argv[1].Text):
			return t.commit(argv, nil, true)
		}
		return nil
	}
	return nil
}

// commit returns the value in a word of a command that selects a commit; nil if there is
// none. The number of a pull request does in the name of its ref, or if numbers is set. If
// fits is not nil, it reports whether a word counts.
func (t *tracker) commit(words []shell.Word, fits func(word string) bool, numbers bool) *StrangerValue {
	for i := range words {
		w := &words[i]
		if before, _, ok := strings.Cut(w.Text, "$"); !ok || !selects(before) || fits != nil && !fits(w.Text) || i > 0 && createsName(words, i) {
			continue
		}
		for _, v := range t.in(w, false) {
			if v.Commit || v.Number && (numbers || requestRef(w.Text)) {
				return &v
			}
		}
	}
	return nil
}

// selects reports whether a value behind a text selects a commit: it is the whole word, or
// follows a remote, a URL or an option, but is not a part of another name.
func selects(before string) bool {
	return before == "" || strings.IndexByte("/:+=@#", before[len(before)-1]) >= 0
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

// join returns a directory that a command uses, seen from the current one; "" if it is not
// known. That in which the step starts is "." if the step does not set it.
func (t *tracker) join(dir string) string {
	switch {
	case dir == "." || dir == "":
		return t.cwd
	case dir[0] == '/' || dir[0] == '$':
		return strings.TrimSuffix(dir, "/")
	case t.cwd == "" || len(t.cwd) > maxPath || dir[0] == '-' || dir[0] == '~' || strings.HasPrefix(dir, ".."):
		return ""
	}
	return t.cwd + "/" + strings.TrimSuffix(strings.TrimPrefix(dir, "./"), "/")
}

// maxPath limits the length of a directory, since a script can always go into another one.
const maxPath = 256

// away reports whether the working directory surely has no files of a stranger.
func (t *tracker) away() bool {
	if t.anywhere || t.cwd == "" || len(t.dirs) == 0 || t.inside(t.cwd) {
		return false
	}
	return !slices.ContainsFunc(t.dirs, func(dir string) bool { return dir[0] != t.cwd[0] || strings.Contains(dir+t.cwd, "$") })
}

// isPlainPath reports whether the last word of git clone is a directory, not the URL.
func isPlainPath(word string) bool {
	return !strings.Contains(word, "://") && !strings.Contains(word, "@") && !strings.HasPrefix(word, "-")
}

// inside reports whether a path is one of the files of the commit.
func (t *tracker) inside(path string) bool {
	return slices.ContainsFunc(t.dirs, func(dir string) bool {
		rest, ok := strings.CutPrefix(path, dir)
		return ok && (rest == "" || rest[0] == '/')
	})
}

// remote notes a command that gets a commit of a stranger by its URL, and runs it or deploys
// it.
func (t *tracker) remote(c *shell.Command) {
	argv := started(c.Argv())
	if t.runsDownloaded(argv, c) {
		return
	}
	if len(argv) > 0 && shell.IsShell(path.Base(argv[0].Text)) || readsProgram(argv) {
		t.downloaded(c.Reads)
		return
	}
	if len(argv) < 2 {
		return
	}
	var fits func(before string) bool
	first := firstArgument(argv[1:])
	switch name := path.Base(argv[0].Text); name {
	case "docker", "podman", "nerdctl", "buildah", "img":
		if hasAny(argv, "build", "bud", "bake") {
			fits = func(before string) bool { return strings.HasSuffix(before, "#") && gitURL(before) }
		}
	case "executor", "$0":
		fits = func(before string) bool {
			_, context, ok := strings.Cut(before, "=")
			if !ok {
				context = before
			}
			return strings.HasSuffix(before, "#") && gitURL(context)
		}
	case "go":
		if first == "run" || first == "install" {
			fits = func(before string) bool { return strings.HasSuffix(before, "@") }
		}
	case "cargo":
		if first == "install" && hasAny(argv, "--git") {
			fits = func(before string) bool { return before == "" || before == "--rev=" }
		}
	case "pip", "pip3", "pipx", "uv", "uvx", "python", "python3":
		fits = func(before string) bool { return strings.Contains(before, "git+") && strings.HasSuffix(before, "@") }
	case "npm", "npx", "pnpm", "yarn", "bun":
		fits = func(before string) bool {
			return strings.HasSuffix(before, "#") && (strings.HasPrefix(before, "git+") || strings.HasPrefix(before, "github:") || gitURL(before) || onGitHub(before))
		}
	case "kubectl", "oc":
		if first == "apply" || first == "create" || first == "replace" {
			fits = remoteManifest
		}
	}
	if fits != nil {
		t.remoteIn(argv, fits)
	}
	if baseName(argv[0].Text) == "kubectl" && c.Reads != nil && c.Reads.Name() == "kustomize" {
		t.remoteIn(c.Reads.Argv(), remoteManifest)
	}
}

// remoteManifest reports whether a text before a commit is the URL of a kustomization or a
// manifest.
func remoteManifest(before string) bool {
	return strings.HasSuffix(before, "?ref=") || strings.Contains(before, "://raw.") && strings.HasSuffix(before, "/")
}

// onGitHub reports whether a text is the name of a package that npm gets from GitHub:
// acme/app#, but not @acme/app#.
func onGitHub(before string) bool {
	return strings.Count(before, "/") == 1 && before[0] != '.' && before[0] != '/' && before[0] != '@'
}

// readsProgram reports whether a command is an interpreter that runs what it reads.
func readsProgram(argv []shell.Word) bool {
	return len(argv) > 0 && interpreters[path.Base(argv[0].Text)] && (len(argv) == 1 || len(argv) == 2 && argv[1].Text == "-")
}

// ofRawFile reports whether a text, perhaps before a commit, is the URL of a file in a
// repository.
func ofRawFile(text string) bool {
	before, _, _ := strings.Cut(text, "$")
	return strings.Contains(before, "://raw.") || strings.Contains(before, "/raw/") && strings.HasSuffix(before, "/")
}

// remoteIn notes the commit of a stranger in a word that fits, and reports whether there is
// one.
func (t *tracker) remoteIn(argv []shell.Word, fits func(before string) bool) bool {
	for i := range argv {
		before, _, ok := strings.Cut(argv[i].Text, "$")
		if !ok || !fits(before) {
			continue
		}
		for _, v := range t.in(&argv[i], false) {
			if v.Commit {
				t.foundAt(&v, "")
				t.out.builds = true
				return true
			}
		}
	}
	return false
}

package workspaces

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
)

// sharedPaths returns the workspaces that a Task may write to at the same path in each
// run of a matrix with these params: a text or a word of a script has the path of the
// workspace, and no param that might be the name of a directory or a file.
func sharedPaths(t *facts.TaskSpec, params map[string]bool) map[string]bool {
	m := &matrixPaths{task: t, params: params, has: map[*facts.Text]bool{}, own: map[*facts.Container]bool{}}
	shared := map[string]bool{}
	uses := t.WorkspaceUses()
	for i := range uses {
		if u := &uses[i]; u.Var.Name == "path" && !u.Escaped && !shared[u.Var.Owner] && m.shares(u) {
			shared[u.Var.Owner] = true
		}
	}
	return shared
}

// matrixPaths judges the paths of workspaces in a Task that a matrix runs.
type matrixPaths struct {
	task   *facts.TaskSpec
	params map[string]bool
	has    map[*facts.Text]bool // texts with a param; many variables may be in one text
	own    map[*facts.Container]bool
	judged int // the paths that were looked for in scripts
}

// maxJudged limits the paths that are looked for in scripts.
const maxJudged = 64

// shares reports whether each run of the matrix may write to the path in a use.
func (m *matrixPaths) shares(u *facts.WorkspaceUse) bool {
	c, field := m.task.ContainerAt(u.Spot), u.Text.Field
	last := field[strings.LastIndexByte(field, '.')+1:]
	unsure := !m.hasParam(u, c) // what is not known may write, unless a param may be part of the path
	if m.judged++; c == nil || m.judged > maxJudged {
		return unsure
	}
	switch sources := c.Sources(); last {
	case "script", "command", "args":
		return m.inWords(sources, u.String(), unsure)
	case "value":
		if m.hasIn(u.Text.Value) {
			return false
		}
		for i := range c.Env {
			if c.Env[i].Value == u.Text.Value {
				return m.inWords(sources, c.Env[i].Name, unsure && !m.hasIn(c.Script) && !m.ownPlace(c))
			}
		}
	case "workingDir":
		for i := range sources {
			s := &sources[i]
			if !m.hasIn(u.Text.Value) && m.writesBelow(s, s.Commands) {
				return true
			}
			if s.Script != nil && s.Script.Err == nil && s.Script.Shell != "" {
				unsure = unsure && !m.hasIn(s.Script.Text) && !m.ownPlace(c) && slices.ContainsFunc(s.Commands, func(c shell.Command) bool {
					return !c.Compound && effect(&c, nil) != reading
				})
			}
		}
	}
	return unsure
}

// inWords reports whether a word of the sources with a path, which is a variable of Tekton
// or of the shell, is a file that each run may write. It returns unsure if that is not
// known.
func (m *matrixPaths) inWords(sources []facts.Source, path string, unsure bool) bool {
	found := false
	for i := range sources {
		s := &sources[i]
		if s.Script != nil && (s.Script.Err != nil || s.Script.Shell == "") {
			return unsure
		}
		for j := range s.Commands {
			c := &s.Commands[j]
			for w := range c.AllWords() {
				written := w.Text
				if s.Script != nil {
					written = s.Script.Text[w.Start:w.End]
				}
				if !strings.Contains(written, path) && !w.Expands(path) {
					continue
				}
				found = true
				if m.hasIn(written) || slices.ContainsFunc(w.Parts, func(p shell.Part) bool {
					return p.Kind == shell.Substitution || p.Kind == shell.Expansion && p.Text != path
				}) {
					continue // a name that may be another one in each run
				}
				if c.Name() == "cd" && m.writesBelow(s, s.Commands[j+1:]) {
					return true
				}
				if e := effect(c, w); e == writing || e == unknown && unsure {
					return true
				}
			}
		}
	}
	return !found && unsure
}

// writesBelow reports whether one of the commands of a source writes a file with a name that
// is relative to the directory in which they run, and the same in each run.
func (m *matrixPaths) writesBelow(s *facts.Source, commands []shell.Command) bool {
	if s.Script != nil && (s.Script.Err != nil || s.Script.Shell == "") || slices.ContainsFunc(commands, func(c shell.Command) bool {
		return changesDirectory[c.Name()]
	}) {
		return false
	}
	for i := range commands {
		c := &commands[i]
		writes := func(w *shell.Word) bool {
			name, literal := w.Literal()
			return literal && name != "" && !strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "-") && !tekref.Contains(name) && effect(c, w) == writing
		}
		words := c.Argv()
		for j := 1; j < len(words); j++ {
			if writes(&words[j]) {
				return true
			}
		}
		for j := range c.Redirects {
			if writes(&c.Redirects[j].Target) {
				return true
			}
		}
	}
	return false
}

// ownPlace reports whether a script of a container makes a directory, changes to one or
// writes a file whose name comes from a param in its environment. Each run may then have
// one of its own.
func (m *matrixPaths) ownPlace(c *facts.Container) bool {
	own, known := m.own[c]
	if !known {
		own = m.findOwnPlace(c)
		m.own[c] = own
	}
	return own
}

func (m *matrixPaths) findOwnPlace(c *facts.Container) bool {
	from := map[string]bool{} // variables whose value has a param
	for i := range c.Env {
		if m.hasIn(c.Env[i].Value) {
			from[c.Env[i].Name] = true
		}
	}
	if len(from) == 0 {
		return false
	}
	varies := func(w *shell.Word) bool {
		return slices.ContainsFunc(w.Parts, func(p shell.Part) bool { return p.Kind == shell.Expansion && from[p.Text] })
	}
	for _, s := range c.Sources() {
		for i := range s.Commands {
			command := &s.Commands[i]
			if slices.ContainsFunc(command.Redirects, func(r shell.Redirect) bool {
				return r.Writes() && varies(&r.Target) && !strings.HasPrefix(r.Target.Text, "/")
			}) {
				return true
			}
			words := command.Argv()
			for j := 1; j < len(words); j++ {
				if varies(&words[j]) && (makesPlace[command.Name()] || words[j-1].Text == "-C") {
					return true
				}
			}
			for j := range command.Words {
				if w := &command.Words[j]; w.Sets != "" && varies(w) {
					from[w.Sets] = true
				}
			}
		}
	}
	return false
}

// makesPlace are commands that make a directory or change to one.
var makesPlace = map[string]bool{"cd": true, "pushd": true, "mkdir": true}

// changesDirectory are commands after which it is not known what a relative name means.
var changesDirectory = map[string]bool{"cd": true, "pushd": true, "popd": true, "chroot": true, "su": true, "sudo": true, "docker": true, "ssh": true}

// hasParam reports whether the text of a use has one of the params. A script may also
// get it from the environment.
func (m *matrixPaths) hasParam(u *facts.WorkspaceUse, c *facts.Container) bool {
	has, known := m.has[u.Text]
	if known {
		return has
	}
	has = m.hasIn(u.Text.Value)
	if c != nil && strings.HasSuffix(u.Text.Field, "script") {
		for i := range c.Env {
			has = has || m.hasIn(c.Env[i].Value) && strings.Contains(c.Script, c.Env[i].Name)
		}
	}
	m.has[u.Text] = has
	return has
}

// hasIn reports whether a text has one of the params.
func (m *matrixPaths) hasIn(text string) bool {
	for match := range tekref.Scan(text) {
		if v := tekref.Parse(match.Expr); v.Kind == tekref.Param && m.params[v.Name] {
			return true
		}
	}
	return false
}

// What a command does to a file.
const (
	unknown = iota
	reading
	writing
)

// readers are programs that only read the files among their arguments, or do to them
// what may be done twice.
var readers = []string{
	"cat", "ls", "grep", "egrep", "fgrep", "head", "tail", "test", "[", "[[", "wc", "diff", "cmp", "comm", "stat", "du", "df", "md5sum", "sha1sum", "sha256sum", "sha512sum",
	"sort", "uniq", "cut", "jq", "echo", "printf", "basename", "dirname", "realpath", "readlink", "mkdir", "chmod", "chown", "base64", "set", "true", ":", "exit", "source", ".",
}

// writers are programs that write the files among their arguments.
var writers = []string{"touch", "mv", "rm", "ln", "tee", "rmdir", "truncate"}

// effect returns what a command does to the file that a word of it names; without a
// word, to the files in its directory.
func effect(c *shell.Command, w *shell.Word) int {
	for i := range c.Redirects {
		r := &c.Redirects[i]
		switch {
		case w == nil && r.Writes() && !strings.HasPrefix(r.Target.Text, "/"):
			return writing
		case w != &r.Target:
		case !r.Writes():
			return reading
		case strings.Contains(r.Op, ">>"):
			return unknown // each run may add a line of its own
		default:
			return writing
		}
	}
	words := c.Argv()
	name := c.Name()
	last := w != nil && len(words) > 1 && &words[len(words)-1] == w
	switch {
	case c.Compound, slices.Contains(readers, name):
		return reading
	case slices.Contains(writers, name):
		return writing
	case name == "cp" && w != nil:
		if last {
			return writing
		}
		return reading
	case name == "git" && last && words[1].Text == "clone":
		return writing
	case name == "sed" && !slices.ContainsFunc(words, func(w shell.Word) bool { return strings.HasPrefix(w.Text, "-i") || w.Text == "--in-place" }):
		return reading
	}
	return unknown
}

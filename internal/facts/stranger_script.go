package facts

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
)

// This file follows values of strangers through the variables of scripts.

// Env are the values of strangers in the environment of a container, by name.
type Env map[string][]StrangerValue

// with returns the environment with more variables, which replace those with the same name.
// Kubernetes replaces $(NAME) in a value by an earlier variable.
func (e Env) with(vars []corev1.EnvVar, in func(text string) []StrangerValue) Env {
	out := maps.Clone(e)
	for i := range vars {
		v := &vars[i]
		values := requested(v.Value, together(in(v.Value), out.In(v.Value)))
		if len(values) == 0 {
			delete(out, v.Name)
			continue
		}
		if out == nil {
			out = Env{}
		}
		out[v.Name] = values
	}
	return out
}

// requested returns the values in a text, in which the number of a pull request selects its
// commits if it is part of the name of a ref.
func requested(text string, values []StrangerValue) []StrangerValue {
	if !requestRef(text) {
		return values
	}
	values = slices.Clone(values)
	for i := range values {
		values[i].Commit = values[i].Commit || values[i].Number
	}
	return values
}

// In returns the values in the variables $(NAME) of a text, which Kubernetes replaces in
// commands and arguments.
func (e Env) In(text string) []StrangerValue {
	if len(e) == 0 || !tekref.Contains(text) {
		return nil
	}
	var out []StrangerValue
	for m := range tekref.Scan(text) {
		if !m.Open && !m.Escaped {
			out = together(out, e[m.Expr])
		}
	}
	return out
}

// PodEnv returns the values of strangers in the environment that the pod template of a run
// adds to the containers of a task. It is added behind that of a step.
func (e *Entry) PodEnv(task string, in func(text string) []StrangerValue) []Env {
	var all []Env
	add := func(vars []corev1.EnvVar) {
		if env := Env(nil).with(vars, in); len(env) > 0 {
			all = append(all, env)
		}
	}
	switch {
	case e.TaskRun != nil && e.TaskRun.Spec.PodTemplate != nil:
		add(e.TaskRun.Spec.PodTemplate.Env)
	case e.Run != nil:
		if t := e.Run.Spec.TaskRunTemplate.PodTemplate; t != nil {
			add(t.Env)
		}
		for i := range e.Run.Spec.TaskRunSpecs {
			if s := &e.Run.Spec.TaskRunSpecs[i]; s.PipelineTaskName == task && s.PodTemplate != nil {
				add(s.PodTemplate.Env)
			}
		}
	}
	return all
}

// StrangerUse is a place where a shell runs the value of a stranger as a command.
type StrangerUse struct {
	Spot  Spot
	Value StrangerValue
	By    string // the program that runs it: eval, sh -c
	// Document reports whether it is in a here-document.
	Document bool
}

// strangerScript is what a container does with values of strangers.
type strangerScript struct {
	evaluated []StrangerUse
	results   map[string][]StrangerValue // by the result of the Task that gets the value
	checkout  *StrangerValue             // selects the commit that is checked out
	// builds reports whether it runs files of a repository, after checkout if that is set.
	builds  bool
	left    bool    // it checks out a branch of the repository again
	fetched fetched // but not checked out
	// dirs are the directories with files of the commit. If anywhere is set, there are more.
	dirs     []string
	anywhere bool
}

// tracker follows values through one container.
type tracker struct {
	carried *Carried
	env     Env
	files   map[string][]string        // the results whose files a variable names
	checked map[string]bool            // variables that the script compares with something
	written map[string]bool            // files that the script writes itself
	texts   map[string][]StrangerValue // what it writes into files
	gets    map[string]StrangerValue   // the commits of files that it downloads
	source  *Source
	at      int // the index of the command
	out     strangerScript

	fetched fetched
	cloned  bool     // a whole repository is that of a stranger
	cwd     string   // "" if it is not known
	dirs    []string // with files of strangers
	// anywhere reports whether such files are in a directory that is not known.
	anywhere bool

	bodyOf []string        // the functions in which the commands are; nil if there are none
	bodies map[string]bool // the functions that build
}

func newTracker(carried *Carried) *tracker {
	return &tracker{
		carried: carried, checked: map[string]bool{}, written: map[string]bool{}, files: map[string][]string{}, texts: map[string][]StrangerValue{},
	}
}

// strangers returns what the container does with values of strangers. The environment env is
// that of the stepTemplate, with its variables, and pod is that of the run. Before is what
// the steps before it do; nil if there are none.
func (c *Container) strangers(carried *Carried, template []corev1.EnvVar, env Env, pod []Env, before *strangerScript) strangerScript {
	t := newTracker(carried)
	if t.cwd = cmp.Or(strings.TrimSuffix(c.WorkingDir, "/"), "."); before != nil {
		t.fetched, t.dirs, t.anywhere = before.fetched, slices.Clip(before.dirs), before.anywhere
		t.fetched.names = maps.Clone(t.fetched.names)
	}
	t.env = env.with(c.Env, carried.In)
	for _, vars := range [...][]corev1.EnvVar{template, c.Env} {
		for i := range vars {
			t.files[vars[i].Name] = resultFiles(vars[i].Value)
		}
	}
	for _, env := range pod {
		if t.env == nil {
			t.env = Env{}
		}
		maps.Copy(t.env, env)
	}
	t.arguments(c)
	sources := c.Sources()
	for i := range sources {
		t.source = &sources[i]
		t.commands()
	}
	line := slices.Concat(c.Command, c.Args)
	if at := InlineScript(line, len(c.Command)); at >= 0 {
		if values := onlyTexts(t.env.In(line[at])); len(values) > 0 {
			t.out.evaluated = append(t.out.evaluated, StrangerUse{Spot: c.word(at), Value: values[0], By: baseName(line[0]) + " " + line[at-1]})
		}
	}
	if c.Script == "" && len(c.Command) == 0 && strings.Contains(c.Image, "kaniko") {
		t.out.builds = true
	}
	t.out.fetched, t.out.dirs, t.out.anywhere = t.fetched, t.dirs, t.anywhere
	return t.out
}

// arguments adds the values in the arguments of a script: $1 is the first.
func (t *tracker) arguments(c *Container) {
	args := c.Args
	if c.Script == "" {
		line := slices.Concat(c.Command, c.Args)
		at := InlineScript(line, len(c.Command))
		if at < 0 || at+2 > len(line) {
			return
		}
		args = line[at+1:]
		args = args[min(1, len(args)):] // the first one is $0
	}
	for i, text := range args[:min(len(args), 9)] {
		if values := requested(text, together(t.carried.In(text), t.env.In(text))); len(values) > 0 {
			if t.env == nil {
				t.env = Env{}
			}
			for _, name := range [...]string{strconv.Itoa(i + 1), "@", "*"} {
				t.env[name] = together(t.env[name], values)
			}
		}
	}
}

// onlyTexts returns the values that strangers write.
func onlyTexts(values []StrangerValue) []StrangerValue {
	return slices.DeleteFunc(slices.Clone(values), func(v StrangerValue) bool { return !v.Text })
}

// in returns the values in a word, as they are: $NAME and "${NAME}", but not
// ${NAME%%-*}.
func (t *tracker) in(w *shell.Word, checked bool) []StrangerValue {
	if t.source.Script == nil {
		return together(t.carried.In(w.Text), t.env.In(w.Text))
	}
	var out []StrangerValue
	for i := range w.Parts {
		p := &w.Parts[i]
		if p.Inner {
			continue
		}
		text := t.source.Script.Text[p.Start:p.End]
		switch p.Kind {
		case shell.Variable:
			out = together(out, t.carried.In(text))
		case shell.Expansion:
			if !plainExpansion(text, p.Text) || checked && t.checked[p.Text] {
				continue
			}
			if isArgument(p.Text) && t.bodyOf != nil && t.bodyOf[t.at] != "" {
				continue // of the function
			}
			out = together(out, t.env[p.Text])
		}
	}
	return out
}

// isArgument reports whether a variable of the shell is an argument of the script.
func isArgument(name string) bool {
	return name == "@" || name == "*" || len(name) == 1 && name[0] >= '0' && name[0] <= '9'
}

// plainExpansion reports whether an expansion has the value of the variable, if it has
// one.
func plainExpansion(text, name string) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(strings.TrimPrefix(text, "$"), "{"), name)
	rest = strings.TrimPrefix(rest, ":")
	return ok && (rest == "" || rest[0] == '}' || rest[0] == '-' || rest[0] == '?')
}

// command follows the values through one command.
func (t *tracker) command(c *shell.Command) {
	if t.source.Script != nil {
		t.programs(c)
	}
	t.compares(c)
	for i := range c.Words {
		if w := &c.Words[i]; w.Sets != "" {
			t.files[w.Sets] = resultFiles(w.Text)
			if values := requested(w.Text, t.in(w, true)); len(values) > 0 {
				if t.env == nil {
					t.env = Env{}
				}
				t.env[w.Sets] = values
			} else {
				delete(t.env, w.Sets)
			}
		}
	}
	t.moves(c)
	if !t.checksOut(c) {
		t.remote(c)
		t.runs(c)
	}
	t.keeps(c)
	if t.source.Script != nil {
		t.evaluates(c)
		t.writes(c)
	}
}

// moves follows the working directory, and the arguments of the script.
func (t *tracker) moves(c *shell.Command) {
	if c.Compound && len(c.Words) > 0 && (c.Words[0].Text == "(" || c.Words[0].Text == "function") {
		t.cwd = "" // which may be that before it
	}
	switch argv := c.Argv(); c.Name() {
	case "cd", "pushd":
		if c.Sub {
			break
		}
		if len(argv) == 2 {
			t.cwd = t.join(argv[1].Text)
		} else {
			t.cwd = ""
		}
	case "popd":
		t.cwd = ""
	case "shift", "set":
		if c.Name() == "set" && !hasAny(argv, "--") {
			break
		}
		for _, name := range [...]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "@", "*"} {
			delete(t.env, name)
		}
	}
}

// runs notes that a command runs files of the repository. One in a function does so where
// the function is called.
func (t *tracker) runs(c *shell.Command) {
	argv := started(c.Argv())
	if len(argv) == 0 {
		return
	}
	if v, ok := t.gets[lastFile(argv)]; ok {
		t.foundAt(&v, "")
		t.out.builds = true
		return
	}
	builds := t.bodies[argv[0].Text] || t.builds(argv, c) && !t.written[lastFile(argv)] && (!t.away() || slices.ContainsFunc(argv, func(w shell.Word) bool { return t.inside(t.join(w.Text)) }))
	if !builds {
		return
	}
	if t.bodyOf != nil && t.bodyOf[t.at] != "" {
		t.bodies[t.bodyOf[t.at]] = true
		return
	}
	t.out.builds = true
}

// keeps notes the files that a command writes, and the values in them.
func (t *tracker) keeps(c *shell.Command) {
	note := func(w *shell.Word, values []StrangerValue) {
		file := strings.TrimPrefix(w.Text, "./")
		t.written[file] = true
		if len(values) > 0 && t.texts[file] == nil {
			t.texts[file] = values
		}
	}
	for i := range c.Redirects {
		if r := &c.Redirects[i]; r.Writes() {
			var values []StrangerValue
			if t.source.Script != nil {
				values = t.printed(c)
			}
			note(&r.Target, values)
		}
	}
	argv := c.Argv()
	switch c.Name() {
	case "tee":
		for i := range argv[1:] {
			if t.source.Script != nil {
				note(&argv[i+1], t.printed(c))
			}
		}
	case "cp", "mv":
		note(&argv[len(argv)-1], nil)
	case "curl", "wget":
		for i := range argv[:len(argv)-1] {
			if savesAs(argv[i].Text) {
				note(&argv[i+1], nil)
				if v := t.commit(argv, ofRawFile, false); v != nil {
					if t.gets == nil {
						t.gets = map[string]StrangerValue{}
					}
					t.gets[strings.TrimPrefix(argv[i+1].Text, "./")] = *v
				}
			}
		}
	}
}

// savesAs reports whether a word of curl or wget is the option before the name of a file:
// -o, -O, -fsSLo.
func savesAs(word string) bool {
	if strings.HasPrefix(word, "--") {
		return word == "--output" || word == "--output-document"
	}
	return len(word) > 1 && word[0] == '-' && (strings.HasSuffix(word, "o") || word == "-O" || word == "-qO")
}

// builds reports whether a command runs files of the repository, perhaps in the script of a
// shell that it starts.
func (t *tracker) builds(argv []shell.Word, c *shell.Command) bool {
	if t.builder(argv, c) {
		return true
	}
	texts := textsOfWords(argv)
	at := InlineScript(texts, len(texts))
	if at < 0 || t.source.Script == nil || !shell.IsShell(baseName(texts[0])) {
		return false
	}
	script := t.source.reader().Inline(texts[at], texts[:at])
	return slices.ContainsFunc(script.Commands, func(c shell.Command) bool { return t.builder(started(c.Argv()), &c) })
}

func textsOfWords(words []shell.Word) []string {
	texts := make([]string, len(words))
	for i := range words {
		texts[i] = words[i].Text
	}
	return texts
}

// starters are programs that start another one, with the number of their arguments before
// it.
var starters = map[string]int{
	"timeout": 1, "nice": 0, "ionice": 0, "xvfb-run": 0, "stdbuf": 0, "gosu": 1, "su-exec": 1, "setpriv": 0, "sudo": 0, "xargs": 0, "corepack": 0, "uvx": 0,
}

// started returns the words from the program on that others start, as in timeout 60 make.
func started(argv []shell.Word) []shell.Word {
	for range maxStarters {
		if len(argv) == 0 {
			break
		}
		n, ok := starters[path.Base(argv[0].Text)]
		if !ok {
			break
		}
		argv = argv[1:]
		for len(argv) > 0 && strings.HasPrefix(argv[0].Text, "-") {
			if argv[0].Text == "-n" && len(argv) > 1 {
				argv = argv[1:]
			}
			argv = argv[1:]
		}
		argv = argv[min(n, len(argv)):]
	}
	return argv
}

// lastFile returns the file that a command runs: itself, or the first argument of an
// interpreter.
func lastFile(argv []shell.Word) string {
	if len(argv) == 0 {
		return ""
	}
	file := argv[0].Text
	if name := path.Base(file); shell.IsShell(name) || interpreters[name] {
		file = firstArgument(argv[1:])
	}
	return strings.TrimPrefix(file, "./")
}

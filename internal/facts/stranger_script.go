package facts

import (
	"maps"
	"path"
	"slices"
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
		values := requested(v.Value, append(in(v.Value), out.In(v.Value)...))
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
			out = append(out, e[m.Expr]...)
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
}

// strangerScript is what a container does with values of strangers.
type strangerScript struct {
	evaluated []StrangerUse
	results   map[string][]StrangerValue // by the result of the Task that gets the value
	checkout  *StrangerValue             // selects the commit that is checked out
	// builds reports whether it runs files of a repository, after checkout if that is set.
	builds bool
}

// tracker follows values through one container.
type tracker struct {
	carried *Carried
	env     Env
	files   map[string][]string // the results whose files a variable names
	checked map[string]bool     // variables that the script compares with something
	written map[string]bool     // files that the script writes itself
	source  *Source
	out     strangerScript
}

// strangers returns what the container does with values of strangers. The environment env is
// that of the stepTemplate, with its variables, and pod is that of the run.
func (c *Container) strangers(carried *Carried, template []corev1.EnvVar, env Env, pod []Env) strangerScript {
	t := tracker{carried: carried, checked: map[string]bool{}, written: map[string]bool{}, files: map[string][]string{}}
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
	sources := c.Sources()
	for i := range sources {
		t.source = &sources[i]
		for j := range t.source.Commands {
			t.command(&t.source.Commands[j])
		}
	}
	line := slices.Concat(c.Command, c.Args)
	if at := InlineScript(line, len(c.Command)); at >= 0 {
		if values := t.texts(t.env.In(line[at])); len(values) > 0 {
			t.out.evaluated = append(t.out.evaluated, StrangerUse{c.word(at), values[0], baseName(line[0]) + " " + line[at-1]})
		}
	}
	if c.Script == "" && len(c.Command) == 0 && strings.Contains(c.Image, "kaniko") {
		t.out.builds = true
	}
	return t.out
}

// texts returns the values that strangers write.
func (t *tracker) texts(values []StrangerValue) []StrangerValue {
	return slices.DeleteFunc(slices.Clone(values), func(v StrangerValue) bool { return !v.Text })
}

// in returns the values in a word, as they are: $NAME and "${NAME}", but not
// ${NAME%%-*}.
func (t *tracker) in(w *shell.Word, checked bool) []StrangerValue {
	if t.source.Script == nil {
		return append(t.carried.In(w.Text), t.env.In(w.Text)...)
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
			out = append(out, t.carried.In(text)...)
		case shell.Expansion:
			if !plainExpansion(text, p.Text) || checked && t.checked[p.Text] {
				continue
			}
			out = append(out, t.env[p.Text]...)
		}
	}
	return out
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
	if t.checksOut(c) {
		t.out.builds = false // what ran before had other files
		return
	}
	if argv := started(c.Argv()); t.builds(argv) && !t.written[lastFile(argv)] {
		t.out.builds = true
	}
	for i := range c.Redirects {
		if r := &c.Redirects[i]; r.Writes() {
			t.written[strings.TrimPrefix(r.Target.Text, "./")] = true
		}
	}
	if t.source.Script != nil {
		t.evaluates(c)
		t.writes(c)
	}
}

// builds reports whether a command runs files of the repository, perhaps in the script of a
// shell that it starts.
func (t *tracker) builds(argv []shell.Word) bool {
	if builds(argv) {
		return true
	}
	texts := textsOfWords(argv)
	at := InlineScript(texts, len(texts))
	if at < 0 || t.source.Script == nil || !shell.IsShell(baseName(texts[0])) {
		return false
	}
	script := t.source.container.Task.Set().reader().Inline(texts[at], texts[:at])
	return slices.ContainsFunc(script.Commands, func(c shell.Command) bool { return builds(started(c.Argv())) })
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
var starters = map[string]int{"timeout": 1, "nice": 0, "ionice": 0, "xvfb-run": 0, "stdbuf": 0, "gosu": 1, "su-exec": 1, "setpriv": 0}

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

// compares notes the variables that a command compares with something, so that the script
// may stop for texts that it does not expect.
func (t *tracker) compares(c *shell.Command) {
	if len(c.Words) == 0 {
		return
	}
	switch name := c.Words[0].Text; name {
	case "case", "[", "[[", "test", "expr", "grep", "egrep", "awk", "sed", "printf":
		if name == "printf" || len(c.Words) > 1 && (c.Words[1].Text == "-z" || c.Words[1].Text == "-n") {
			break
		}
		t.check(c)
	}
	if c.Reads != nil && !passesOn(c) && !shell.IsShell(c.Name()) {
		for at, n := c.Reads, 0; at != nil && n < maxPipeline; at, n = at.Reads, n+1 {
			t.check(at)
		}
	}
}

func (t *tracker) check(c *shell.Command) {
	for w := range c.AllWords() {
		for i := range w.Parts {
			if w.Parts[i].Kind == shell.Expansion {
				t.checked[w.Parts[i].Text] = true
			}
		}
	}
}

// passesOn reports whether a command prints what it reads, apart from line breaks.
func passesOn(c *shell.Command) bool {
	switch c.Name() {
	case "cat", "tee":
		return true
	case "tr":
		return len(c.Words) == 3 && c.Words[1].Text == "-d" && strings.Trim(c.Words[2].Text, `\nr`) == ""
	}
	return false
}

// printed returns the values in what a command prints: an echo, a printf, or a cat of a
// here-document, and others that only pass it on.
func (t *tracker) printed(c *shell.Command) []StrangerValue {
	for n := 0; c.Reads != nil; n++ {
		if !passesOn(c) || n > maxPipeline {
			return nil
		}
		c = c.Reads
	}
	var out []StrangerValue
	switch c.Name() {
	case "echo", "printf":
		words := c.Words[1:]
		if c.Name() == "printf" && (len(words) == 0 || strings.Contains(words[0].Text, "%d") || strings.Contains(words[0].Text, "%q")) {
			return nil
		}
		for i := range words {
			out = append(out, t.in(&words[i], true)...)
		}
	case "cat", "tee":
		for i := range c.Redirects {
			out = append(out, t.in(&c.Redirects[i].Body, true)...)
		}
	}
	return out
}

// writes notes the results that get values.
func (t *tracker) writes(c *shell.Command) {
	for w := range c.AllWords() {
		if !c.WritesTo(w) {
			continue
		}
		names := resultFiles(t.source.Script.Text[w.Start:w.End])
		for i := range w.Parts {
			if w.Parts[i].Kind == shell.Expansion {
				names = append(names, t.files[w.Parts[i].Text]...)
			}
		}
		if len(names) == 0 {
			continue
		}
		if values := t.printed(c); len(values) > 0 {
			if t.out.results == nil {
				t.out.results = map[string][]StrangerValue{}
			}
			for _, name := range names {
				t.out.results[name] = append(t.out.results[name], values...)
			}
		}
	}
}

// evaluates notes the texts that a command runs: eval TEXT, sh -c TEXT, ssh HOST TEXT,
// echo TEXT | sh.
func (t *tracker) evaluates(c *shell.Command) {
	note := func(w *shell.Word, by string, values []StrangerValue) bool {
		values = t.texts(values)
		if len(values) > 0 {
			t.out.evaluated = append(t.out.evaluated, StrangerUse{t.source.Spot(w, w), values[0], by})
		}
		return len(values) > 0
	}
	argv := c.Argv()
	if len(argv) == 0 {
		return
	}
	for i := range c.Words {
		if c.Words[i].Text != "eval" {
			if c.Words[i].Start >= argv[0].Start {
				break
			}
			continue
		}
		for j := range argv {
			if note(&argv[j], "eval", t.expanded(&argv[j])) {
				return
			}
		}
	}
	if shell.IsShell(c.Name()) && c.Reads != nil && (len(argv) == 1 || len(argv) == 2 && argv[1].Text == "-s") {
		note(&argv[0], c.Name(), t.printed(c.Reads))
		return
	}
	switch c.Name() {
	case "trap":
		if len(argv) > 2 {
			note(&argv[1], "trap", t.expanded(&argv[1]))
		}
		return
	case "su", "runuser":
		if i := slices.IndexFunc(argv, func(w shell.Word) bool { return w.Text == "-c" }); i > 0 && i+1 < len(argv) {
			note(&argv[i+1], c.Name()+" -c", t.expanded(&argv[i+1]))
		}
		return
	}
	texts := textsOfWords(argv)
	for i := range min(len(argv), maxStarters) {
		if at := InlineScript(texts[i:], len(texts)-i); at > 0 {
			note(&argv[i+at], baseName(texts[i])+" "+texts[i+at-1], t.expanded(&argv[i+at]))
			return
		}
	}
	if last := &argv[len(argv)-1]; c.Name() == "ssh" && len(argv) > 2 && strings.Contains(last.Text, " ") {
		note(last, "ssh", t.expanded(last))
	}
}

// maxStarters is the number of words before a shell in a command, as in kubectl exec POD -- sh.
const maxStarters = 16

// expanded returns the values in the variables of the shell in a word. Those of Tekton are
// reported wherever they are in a script.
func (t *tracker) expanded(w *shell.Word) []StrangerValue {
	only := *w
	only.Parts = slices.DeleteFunc(slices.Clone(w.Parts), func(p shell.Part) bool { return p.Kind != shell.Expansion })
	return t.in(&only, true)
}

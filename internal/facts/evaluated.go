package facts

import (
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/shell"
)

// This file finds the texts of strangers that a script runs as commands.

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
	if c.Reads != nil && !passesOn(c) && !shell.IsShell(c.Name()) && c.Name() != "xargs" {
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
		if !passesOn(c) {
			return nil
		}
		if n > maxPipeline {
			t.source.tooLong()
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
			out = together(out, t.in(&words[i], true))
		}
	case "cat", "tee":
		for i := range c.Redirects {
			out = together(out, t.in(&c.Redirects[i].Body, true))
		}
	}
	return out
}

// writes notes the results that get values.
func (t *tracker) writes(c *shell.Command) {
	printed := sync.OnceValue(func() []StrangerValue { return t.printed(c) })
	for w, writes := range c.Written() {
		if !writes {
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
		if values := printed(); len(values) > 0 {
			if t.out.results == nil {
				t.out.results = map[string][]StrangerValue{}
			}
			for _, name := range names {
				t.out.results[name] = together(t.out.results[name], values)
			}
		}
	}
}

// evaluates notes the texts that a command runs: eval TEXT, sh -c TEXT, ssh HOST TEXT,
// echo TEXT | sh.
func (t *tracker) evaluates(c *shell.Command) {
	note := func(w *shell.Word, by string, values []StrangerValue) bool { return t.note(w, by, values, false) }
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
			if note(&argv[j], "eval", together(t.expanded(&argv[j]), t.substituted(&argv[j]))) {
				return
			}
		}
	}
	if shell.IsShell(c.Name()) && c.Reads != nil && (len(argv) == 1 || len(argv) == 2 && argv[1].Text == "-s") {
		note(&argv[0], c.Name(), t.printed(c.Reads))
		return
	}
	if t.documents(c, argv) || t.file(c, argv) {
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
			by := baseName(texts[i]) + " " + texts[i+at-1]
			if !note(&argv[i+at], by, t.expanded(&argv[i+at])) && c.Name() == "xargs" && c.Reads != nil {
				if replaced := replacement(texts[:i]); replaced != "" && strings.Contains(texts[i+at], replaced) {
					note(&argv[i+at], by, t.printed(c.Reads))
				}
			}
			return
		}
	}
	if last := &argv[len(argv)-1]; c.Name() == "ssh" && len(argv) > 2 && strings.Contains(last.Text, " ") {
		note(last, "ssh", t.expanded(last))
	}
}

// note notes the texts that a program runs, and reports whether there are some.
func (t *tracker) note(w *shell.Word, by string, values []StrangerValue, document bool) bool {
	values = onlyTexts(values)
	if len(values) > 0 {
		t.out.evaluated = append(t.out.evaluated, StrangerUse{t.source.Spot(w, w), values[0], by, document})
	}
	return len(values) > 0
}

// replacement returns the text that xargs replaces in the command that it starts.
func replacement(xargs []string) string {
	for i, word := range xargs {
		switch {
		case word == "-I" && i+1 < len(xargs):
			return xargs[i+1]
		case word == "-i" || word == "--replace":
			return "{}"
		case strings.HasPrefix(word, "-I"):
			return word[2:]
		case strings.HasPrefix(word, "--replace="):
			return strings.TrimPrefix(word, "--replace=")
		}
	}
	return ""
}

// documents notes the texts in a here-document that a program runs. Those in one with a
// quoted delimiter are variables of the program that reads it.
func (t *tracker) documents(c *shell.Command, argv []shell.Word) bool {
	by := readsScript(argv)
	if by == "" {
		return false
	}
	for i := range c.Redirects {
		r := &c.Redirects[i]
		switch {
		case strings.HasPrefix(r.Op, "<<<"):
			if t.note(&r.Target, by, t.expanded(&r.Target), false) {
				return true
			}
		case strings.HasPrefix(r.Op, "<<"):
			if t.note(&argv[0], by, t.expanded(&r.Body), true) {
				return true
			}
		}
	}
	return false
}

// readsScript returns the name of the program that runs what a command reads from its input:
// bash, ssh HOST, python3 -. It is "" if none does.
func readsScript(argv []shell.Word) string {
	last := argv[len(argv)-1].Text
	switch name := baseName(argv[0].Text); {
	case shell.IsShell(name):
		if firstArgument(argv[1:]) == "" && !hasAny(argv, "-c") || hasAny(argv, "-s") {
			return name
		}
	case name == "python", name == "python3", name == "node", name == "ruby", name == "perl", name == "php":
		if len(argv) == 1 || len(argv) == 2 && last == "-" {
			return name
		}
	case name == "ssh":
		if host := sshHost(argv); host == len(argv)-1 || host > 0 && host < len(argv)-1 && readsScript(argv[host+1:]) != "" {
			return name
		}
	case name == "kubectl", name == "oc", name == "docker", name == "podman", name == "chroot":
		if shell.IsShell(baseName(last)) {
			return baseName(last)
		}
	}
	return ""
}

// sshHost returns the index of the host in a command line of ssh; -1 if there is none.
func sshHost(argv []shell.Word) int {
	for i := 1; i < len(argv); i++ {
		text := argv[i].Text
		if !strings.HasPrefix(text, "-") {
			return i
		}
		if len(text) == 2 && strings.IndexByte("BbcDEeFIiJLlmOoPpQRSWw", text[1]) >= 0 {
			i++
		}
	}
	return -1
}

// file notes the texts in a file that the script has written and then runs, or in the output
// of a command that it runs as one.
func (t *tracker) file(c *shell.Command, argv []shell.Word) bool {
	name := c.Name()
	if name != "." && name != "source" && !shell.IsShell(name) || hasAny(argv, "-c", "-s") {
		return false
	}
	for i := range argv[1:] {
		w := &argv[i+1]
		if strings.HasPrefix(w.Text, "-") {
			continue
		}
		if values := t.texts[strings.TrimPrefix(w.Text, "./")]; len(values) > 0 {
			return t.note(w, name, values, false)
		}
		return t.note(w, name, t.substituted(w), false)
	}
	return false
}

// substituted returns the values in what the commands in a word print: $(echo TEXT).
func (t *tracker) substituted(w *shell.Word) []StrangerValue {
	var out []StrangerValue
	for c := range t.substitutions(w) {
		out = together(out, t.printed(c))
	}
	return out
}

// substitutions returns an iterator over the commands in the substitutions of a word of the
// current command, from the last to the first.
func (t *tracker) substitutions(w *shell.Word) iter.Seq[*shell.Command] {
	return func(yield func(*shell.Command) bool) {
		if !w.Has(shell.Substitution) {
			return
		}
		for i := t.at - 1; i >= 0; i-- {
			c := &t.source.Commands[i]
			if !c.Sub || len(c.Words) == 0 || c.Words[0].Start < w.Start || c.Words[0].Start >= w.End || !yield(c) {
				return
			}
		}
	}
}

// programs notes the texts in the program of an awk or a sed, which can start commands.
func (t *tracker) programs(c *shell.Command) {
	argv := c.Argv()
	name := c.Name()
	switch name {
	case "awk", "gawk", "mawk", "sed":
	default:
		return
	}
	for i := 1; i < len(argv); i++ {
		switch text := argv[i].Text; {
		case text == "-f", text == "--file":
			return
		case name != "sed" && (text == "-v" || text == "-F"), name == "sed" && text == "-l":
			i++
		case name == "sed" && (text == "-e" || text == "--expression") && i+1 < len(argv):
			t.note(&argv[i+1], name, t.expanded(&argv[i+1]), false)
			return
		case strings.HasPrefix(text, "-"):
		default:
			t.note(&argv[i], name, t.expanded(&argv[i]), false)
			return
		}
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

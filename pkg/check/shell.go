package check

import (
	"slices"
	"strings"
)

// A script is read as far as the rules of practice need it: which commands it
// has, their words, and whether a failure of one ends it. What is not written
// for a shell has no commands, and makes no finding.

// shellWord is a word of a command.
type shellWord struct {
	text       string // without its quotes; \x00 stands for a $ in single quotes
	start, end int    // in the script
}

// shellCommand is a simple command of a script.
type shellCommand struct {
	words   []shellWord
	ends    string // the operator after it: "\n", ";", "&", "&&", "||", "|", "(", ")", ""
	piped   bool   // it reads from the command before
	joined  bool   // && or || stands before it
	sub     bool   // it stands in a $(...) of another
	negated bool   // it follows a !
	closes  bool   // it is the end of an if, a loop, a case or a brace
	cond    bool   // it decides an if, a while or an until
	inner   bool   // it stands in a function or a subshell
	branch  bool   // it is the first of a branch: after then, else, do or a pattern
	from    int    // how many ifs, loops, cases and braces stand around its keywords
	nest    int    // and around itself
}

// readShell reads a script.
func readShell(script string) []shellCommand {
	if !isShellScript(script) {
		return nil
	}
	r := shellReader{src: script}
	r.list()
	return r.out
}

// isShellScript reports whether a script is run by a shell; one without a
// shebang is.
func isShellScript(script string) bool {
	line, ok := shebang(script)
	return !ok || slices.ContainsFunc(strings.Fields(line), isShell)
}

// shebang is the first line of a script, if that names its interpreter.
func shebang(script string) (string, bool) {
	line, ok := strings.CutPrefix(strings.TrimSpace(script), "#!")
	if !ok {
		return "", false
	}
	line, _, _ = strings.Cut(line, "\n")
	return line, true
}

// isShell reports whether a word names a shell.
func isShell(word string) bool {
	switch baseName(word) {
	case "sh", "bash", "ash", "dash", "ksh", "zsh":
		return true
	}
	return false
}

func baseName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// argv are the words from the name of the program on: without assignments
// before it, and without what only starts it.
func (c *shellCommand) argv() []shellWord {
	words := c.words
	for len(words) > 0 {
		switch w := words[0].text; {
		case isAssignment(w), w == "sudo", w == "exec", w == "command", w == "env", w == "time", w == "nohup", w == "eval":
			words = words[1:]
		default:
			return words
		}
	}
	return nil
}

// name is the program that the command runs.
func (c *shellCommand) name() string {
	if words := c.argv(); len(words) > 0 {
		return baseName(words[0].text)
	}
	return ""
}

// isAssignment reports whether a word is NAME=value.
func isAssignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	return ok && isVariable(name)
}

func isVariable(name string) bool {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

// errexit reports whether a failing command ends the script. Tekton runs a
// script without a shebang by "sh" with "set -e". A script that switches it
// off anywhere is taken not to have it.
func errexit(script string, commands []shellCommand) bool {
	line, ok := shebang(script)
	on := !ok
	for _, f := range strings.Fields(line) {
		on = on || strings.HasPrefix(f, "-") && strings.Contains(f, "e") && !strings.HasPrefix(f, "--")
	}
	for i := range commands {
		switch set, _ := setOption(&commands[i], 'e', "errexit"); set {
		case '-':
			on = true
		case '+':
			return false
		}
	}
	return on
}

// setOption reports whether a command is a set that switches an option on
// ('-') or off ('+'), and the word that does; 0 if it does neither.
func setOption(c *shellCommand, short byte, long string) (byte, shellWord) {
	words := c.argv()
	if len(words) < 2 || words[0].text != "set" {
		return 0, shellWord{}
	}
	for i, w := range words[1:] {
		if len(w.text) < 2 || w.text[0] != '-' && w.text[0] != '+' || w.text == "--" {
			continue
		}
		if strings.IndexByte(w.text[1:], short) >= 0 || strings.HasSuffix(w.text, "o") && i+2 < len(words) && words[i+2].text == long {
			return w.text[0], w
		}
	}
	return 0, shellWord{}
}

// fatal reports whether the failure of a command ends a script under set -e.
func (c *shellCommand) fatal() bool {
	return !c.sub && !c.negated && !c.cond && !c.inner && !c.closes && c.ends != "&&" && c.ends != "||" && c.ends != "|" && c.ends != "&"
}

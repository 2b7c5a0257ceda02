package facts

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
)

// plainCommands are commands that do not know of Tekton.
var plainCommands = []string{
	"cat", "chmod", "chown", "cp", "date", "echo", "env", "false", "head", "hostname", "id", "ls", "mkdir", "mv",
	"printf", "pwd", "rm", "sleep", "tail", "test", "touch", "true", "whoami",
}

// plainTools are programs that do what their arguments say, and know nothing of Tekton.
var plainTools = []string{
	"", ":", "[", "[[", "((", "alias", "apk", "apt", "apt-get", "awk", "base64", "basename", "break", "cd", "command", "comm", "continue", "curl", "cut", "declare",
	"df", "diff", "dirname", "dnf", "du", "egrep", "exit", "export", "expr", "fgrep", "find", "getopts", "git", "grep", "gunzip", "gzip", "hash", "helm", "jq", "kubectl",
	"let", "ln", "local", "md5sum", "microdnf", "mktemp", "nproc", "oc", "paste", "pip", "pip3", "popd", "ps", "pushd", "read", "readlink", "readonly", "realpath", "return",
	"rev", "sed", "seq", "set", "sha1sum", "sha256sum", "sha512sum", "shift", "shopt", "sort", "stat", "sync", "tac", "tar", "tee", "tr", "trap", "type", "typeset",
	"ulimit", "umask", "uname", "uniq", "unset", "unzip", "wait", "wc", "wget", "which", "yes", "yq", "yum", "zip",
}

// Opaque reports whether a step runs a program that may write results of the Task in
// a way that its text does not show: the entrypoint of the image, or a command that is
// not a common one, alone or in a script. A program that is told the path of one result
// is expected to be told those of the others.
func (c *Container) Opaque() bool {
	if c.Kind != Step || c.Step.Ref != nil {
		return c.Kind == Step && c.Step.Ref != nil
	}
	told := func(s string) bool {
		for m := range tekref.Scan(s) {
			if k := tekref.Parse(m.Expr).Kind; k == tekref.ResultPath || k == tekref.StepResultPath {
				return true
			}
		}
		return false
	}
	if told(c.Script) || slices.ContainsFunc(c.Command, told) || slices.ContainsFunc(c.Args, told) || slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return told(e.Value) }) {
		return false
	}
	if c.Script != "" {
		return opaque(c.Task.Set().Script(c.Script))
	}
	command := c.Command
	if t := c.Task.Spec.StepTemplate; len(command) == 0 && t != nil {
		command = t.Command
	}
	if len(command) == 0 {
		return true
	}
	line := slices.Concat(command, c.Args)
	if i := InlineScript(line, len(command)); i >= 0 && shell.IsShell(line[0]) {
		return opaque(c.Task.Set().InlineScript(line[i], line[:i]))
	}
	return !slices.Contains(plainCommands, path.Base(command[0]))
}

// opaque reports whether a script runs a program or another script that may do what its
// text does not show. A script for another interpreter than a shell may, if it loads
// anything.
func opaque(s *shell.Script) bool {
	if s.Shell == "" {
		return slices.ContainsFunc(loads, func(word string) bool { return strings.Contains(s.Text, word) })
	}
	functions := map[string]bool{}
	for i := range s.Commands {
		if c := &s.Commands[i]; c.Compound && len(c.Words) > 1 && c.Words[0].Text == "function" {
			functions[c.Words[1].Text] = true
		}
	}
	return slices.ContainsFunc(s.Commands, func(c shell.Command) bool {
		name := c.Name()
		if c.Compound || functions[name] {
			return false
		}
		if words := c.Argv(); len(words) > 0 {
			if _, literal := words[0].Literal(); !literal {
				return true
			}
		}
		return !slices.Contains(plainCommands, name) && !slices.Contains(plainTools, name)
	})
}

// loads are the words with which programs in other languages load or run others.
var loads = []string{"import", "require", "use ", "exec", "system", "open", "spawn", "load"}

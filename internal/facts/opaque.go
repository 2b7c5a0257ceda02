package facts

import (
	"path"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
)

// plainCommands are commands that do not know of Tekton.
var plainCommands = []string{
	"cat", "chmod", "chown", "cp", "date", "echo", "env", "false", "head", "hostname", "id", "ls", "mkdir", "mv",
	"printf", "pwd", "rm", "sleep", "tail", "test", "touch", "true", "whoami",
}

// Opaque reports whether a step runs a program that may write results of the Task in
// a way that its text does not show: the entrypoint of the image, or a command that is
// neither a script nor a common one. A program that is told the path of one result is
// expected to be told those of the others.
func (c *Container) Opaque() bool {
	if c.Kind != Step || c.Script != "" || c.Step.Ref != nil {
		return c.Kind == Step && c.Step.Ref != nil
	}
	command := c.Command
	if t := c.Task.Spec.StepTemplate; len(command) == 0 && t != nil {
		command = t.Command
	}
	told := func(s string) bool {
		for m := range tekref.Scan(s) {
			if k := tekref.Parse(m.Expr).Kind; k == tekref.ResultPath || k == tekref.StepResultPath {
				return true
			}
		}
		return false
	}
	if slices.ContainsFunc(c.Command, told) || slices.ContainsFunc(c.Args, told) || slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return told(e.Value) }) {
		return false
	}
	if len(command) == 0 {
		return true
	}
	if line := slices.Concat(command, c.Args); InlineScript(line, len(command)) >= 0 && shell.IsShell(line[0]) {
		return false
	}
	return !slices.Contains(plainCommands, path.Base(command[0]))
}

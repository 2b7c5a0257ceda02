package tasktest

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// absolutePath matches an absolute path and what is before it in its line.
var absolutePath = regexp.MustCompile("(^|[\\s\"'`=;|&(<>:,])(/[A-Za-z0-9_][A-Za-z0-9_.+/-]*)")

// commandBegins matches what is before the first word of a command.
var commandBegins = regexp.MustCompile("(^|[;|&(`]|\\b(then|do|else|exec|if|while|until|sudo))\\s*[\"']?$")

// bypassed returns an error if a step calls a command that has a recorder by an absolute path.
// A recorder is found in PATH, so the real command would run. A path is a command if it is in a
// folder of programs or where a command begins. Others may be data, such as /workspace/git.
func (p *plan) bypassed() error {
	if len(p.c.Commands) == 0 {
		return nil
	}
	for i, step := range p.steps {
		found := p.realCommand(step)
		if found == "" {
			continue
		}
		name := strings.TrimPrefix(containerName(step.Name, i), "step-")
		return fmt.Errorf("step %q calls %s by its path, so the real command would run and not the recorder %q: call %[3]s by its name in the Task, or remove it from the commands of the case", name, found, path.Base(found))
	}
	return nil
}

// realCommand returns the first path of a step by which it calls a command that has a recorder.
func (p *plan) realCommand(step v1.Step) string {
	for i, text := range append(append([]string{step.Script}, step.Command...), step.Args...) {
		first := i == 1 && len(step.Command) > 0
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "#") {
				continue // a comment, or the interpreter
			}
			for _, at := range absolutePath.FindAllStringSubmatchIndex(line, -1) {
				file := strings.TrimPrefix(line[at[4]:at[5]], p.layout.root)
				dir, base := path.Split(file)
				_, recorded := p.c.Commands[base]
				_, given := p.c.Files[file]
				if !recorded || given {
					continue
				}
				isArg := i > 0 && !first && file == strings.TrimSpace(text)
				if of := path.Base(dir); of == "bin" || of == "sbin" || !isArg && commandBegins.MatchString(line[:at[4]]) {
					return file
				}
			}
		}
	}
	return ""
}

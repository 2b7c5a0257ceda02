package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/shell"
)

// resultWrite is a place of a script that writes a result.
type resultWrite struct {
	step    int
	script  *shell.Script
	command *shell.Command // that writes
	first   *shell.Command // of its pipeline
	spot    spot

	literal string // what is written
	known   bool   // whether that is known
}

// writesOf is where the task writes a result, found once; nil where that is
// not known.
func (t *pipelineTask) writesOf(scripts *shell.Reader, result string) []resultWrite {
	writes, ok := t.writes[result]
	if !ok {
		if writes, ok = resultWrites(scripts, t.def.spot, t.def.spec, result); !ok {
			writes = nil
		}
		if t.writes == nil {
			t.writes = map[string][]resultWrite{}
		}
		t.writes[result] = writes
	}
	return writes
}

// resultWrites finds where a Task spec writes a result. It reports false if it
// may be written where a script is not read: through the environment, an
// argument, a StepAction, or a program of another language.
func resultWrites(scripts *shell.Reader, s spot, spec *v1.TaskSpec, name string) ([]resultWrite, bool) {
	paths := []string{"$(results." + name + ".path)", `$(results["` + name + `"].path)`, "$(results['" + name + "'].path)", resultsFolder + name}
	holds := func(texts ...string) bool {
		for _, t := range texts {
			for _, p := range paths {
				if strings.Contains(t, p) {
					return true
				}
			}
		}
		return false
	}
	var out []resultWrite
	for i := range spec.Results {
		if r := &spec.Results[i]; r.Name == name && r.Value != nil {
			return nil, false
		}
	}
	for i := range spec.Steps {
		step := &spec.Steps[i]
		if step.Ref != nil || step.StdoutConfig != nil && holds(step.StdoutConfig.Path) || step.StderrConfig != nil && holds(step.StderrConfig.Path) {
			return nil, false
		}
		if holds(step.Command...) || holds(step.Args...) {
			return nil, false
		}
		for _, e := range step.Env {
			if holds(e.Value) {
				return nil, false
			}
		}
		if !holds(step.Script) {
			continue
		}
		at := s.index("steps", i).field("script")
		script, found := scripts.Script(step.Script), false
		if script.Err != nil {
			return nil, false
		}
		for j := range script.Commands {
			c := &script.Commands[j]
			for w := range c.AllWords() {
				if !holds(script.Text[w.Start:w.End]) {
					continue
				}
				if !writes(c, w) {
					return nil, false // what happens to the file there is not known
				}
				found = true
				out = append(out, writeAt(script, c, w, i, at))
			}
		}
		if !found {
			return nil, false
		}
	}
	return out, len(out) > 0
}

// writes reports whether a word of a command is a file that it writes: the
// target of a > or a tee.
func writes(c *shell.Command, word *shell.Word) bool {
	for i := range c.Redirects {
		if &c.Redirects[i].Target == word && c.Redirects[i].Writes() {
			return true
		}
	}
	return c.Name() == "tee"
}

func writeAt(script *shell.Script, c *shell.Command, target *shell.Word, step int, s spot) resultWrite {
	pipeline := []*shell.Command{c}
	for pipeline[0].Reads != nil {
		pipeline = slices.Insert(pipeline, 0, pipeline[0].Reads)
	}
	w := resultWrite{step: step, script: script, command: c, first: pipeline[0], spot: s.of(lineOf(script.Text, target))}
	w.literal, w.known = written(pipeline, target)
	return w
}

// lineOf is the word of a script with what stands before it on its line.
func lineOf(script string, w *shell.Word) string {
	start := strings.LastIndexByte(script[:w.Start], '\n') + 1
	return strings.TrimLeft(script[start:w.End], " \t")
}

// written is what a pipeline prints into a file, if it is a plain echo or
// printf, with a tr -d '\n' or a tee behind it at most.
func written(pipeline []*shell.Command, target *shell.Word) (string, bool) {
	// into reports whether all that a command prints goes to the file.
	into := func(c *shell.Command) bool {
		if len(c.Redirects) != 1 {
			return false
		}
		r := &c.Redirects[0]
		return r.Op == ">" && (r.FD == "" || r.FD == "1") && &r.Target == target
	}
	first := pipeline[0]
	text, ok := printed(first.Words)
	if !ok || len(pipeline) == 1 && !into(first) || len(pipeline) > 1 && len(first.Redirects) > 0 {
		return "", false
	}
	for i, c := range pipeline[1:] {
		last := i+2 == len(pipeline)
		switch name := c.Name(); {
		case name == "tee" && last && len(c.Words) == 2 && len(c.Redirects) == 0:
		case name == "tr" && len(c.Words) == 3 && c.Words[1].Text == "-d" && c.Words[2].Text == `\n` && (last && into(c) || !last && len(c.Redirects) == 0):
			text = strings.ReplaceAll(text, "\n", "")
		default:
			return "", false
		}
	}
	return text, true
}

// printed is what an echo or a printf prints. It may hold a $?, for the status
// of the command before.
func printed(words []shell.Word) (string, bool) {
	if len(words) == 0 {
		return "", false
	}
	args := make([]string, 0, len(words))
	for i := range words[1:] {
		w := &words[i+1]
		text, ok := w.Literal()
		switch {
		case !ok && w.Text == "$?" && w.Expands("?"):
			text = w.Text
		case !ok || strings.Contains(text, "$?"):
			return "", false
		}
		args = append(args, text)
	}
	switch words[0].Text {
	case "echo":
		end := "\n"
		if len(args) > 0 && args[0] == "-n" {
			args, end = args[1:], ""
		}
		text := strings.Join(args, " ")
		if strings.HasPrefix(text, "-") || strings.Contains(text, `\`) { // not every echo does the same with these
			return "", false
		}
		return text + end, true
	case "printf":
		switch {
		case len(args) == 1 && !strings.ContainsAny(args[0], `%\`):
			return args[0], true
		case len(args) == 2 && (args[0] == "%s" || args[0] == "%d"):
			return args[1], true
		case len(args) == 2 && args[0] == `%s\n`:
			return args[1] + "\n", true
		}
	}
	return "", false
}

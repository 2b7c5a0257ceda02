package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// resultWrite is a place of a script that writes a result.
type resultWrite struct {
	step    int
	script  []shellCommand
	index   int // of the command that writes
	first   int // and of the first one of its pipeline
	errexit bool
	spot    spot

	literal string // what is written
	known   bool   // whether that is known
}

// writesOf is where the task writes a result, found once; nil where that is
// not known.
func (t *pipelineTask) writesOf(result string) []resultWrite {
	writes, ok := t.writes[result]
	if !ok {
		if writes, ok = resultWrites(t.def.spot, t.def.spec, result); !ok {
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
func resultWrites(s spot, spec *v1.TaskSpec, name string) ([]resultWrite, bool) {
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
		commands := readShell(step.Script)
		strict, found := errexit(step.Script, commands), false
		for j := range commands {
			for k, w := range commands[j].words {
				if !holds(step.Script[w.start:w.end]) {
					continue
				}
				if !writes(&commands[j], k) {
					return nil, false // what happens to the file there is not known
				}
				found = true
				out = append(out, writeAt(step.Script, commands, j, k, strict, i, at))
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
func writes(c *shellCommand, word int) bool {
	if word > 0 && (c.words[word-1].text == ">" || c.words[word-1].text == ">>") {
		return true
	}
	return c.name() == "tee"
}

func writeAt(script string, commands []shellCommand, j, k int, strict bool, step int, s spot) resultWrite {
	c := &commands[j]
	w := resultWrite{step: step, script: commands, index: j, first: j, errexit: strict, spot: s.of(lineOf(script, c.words[k]))}
	for w.first > 0 && commands[w.first].piped {
		w.first--
		for w.first > 0 && commands[w.first].sub {
			w.first-- // those of its $(...) stand before it
		}
	}
	var pipeline []shellCommand
	for _, c := range commands[w.first : j+1] {
		if !c.sub {
			pipeline = append(pipeline, c)
		}
	}
	w.literal, w.known = written(pipeline, k)
	return w
}

// lineOf is the word of a script with what stands before it on its line.
func lineOf(script string, w shellWord) string {
	start := strings.LastIndexByte(script[:w.start], '\n') + 1
	return strings.TrimLeft(script[start:w.end], " \t")
}

// written is what a pipeline prints into a file, if it is a plain echo or
// printf, with a tr -d '\n' or a tee behind it at most.
func written(pipeline []shellCommand, target int) (string, bool) {
	words := pipeline[0].words
	if len(pipeline) == 1 {
		if target == 0 || target+1 != len(words) || words[target-1].text != ">" {
			return "", false
		}
		words = words[:target-1]
	}
	text, ok := printed(words)
	for i := 1; i < len(pipeline); i++ {
		c := &pipeline[i]
		last := i == len(pipeline)-1
		if last && c.name() == "tee" && len(c.words) == 2 {
			continue
		}
		if c.name() == "tr" && len(c.words) >= 3 && c.words[1].text == "-d" && (c.words[2].text == `\n` || c.words[2].text == "n") && (!last || len(c.words) == 5 && target == 4) {
			text = strings.ReplaceAll(text, "\n", "")
			continue
		}
		return "", false
	}
	return text, ok
}

// printed is what an echo or a printf prints.
func printed(words []shellWord) (string, bool) {
	if len(words) == 0 {
		return "", false
	}
	args := make([]string, 0, len(words))
	for _, w := range words[1:] {
		if strings.ContainsAny(w.text, "$`\x00<>*?~{") && w.text != "$?" {
			return "", false
		}
		args = append(args, w.text)
	}
	switch words[0].text {
	case "echo":
		end := "\n"
		if len(args) > 0 && args[0] == "-n" {
			args, end = args[1:], ""
		}
		if len(args) > 0 && strings.HasPrefix(args[0], "-") {
			return "", false
		}
		return strings.Join(args, " ") + end, true
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

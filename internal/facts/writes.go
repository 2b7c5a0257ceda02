package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
)

// ResultWrite is a place in a script that writes a result.
type ResultWrite struct {
	Step    int // the index of the step
	Script  *shell.Script
	Command *shell.Command // the command that writes
	First   *shell.Command // the first command of its pipeline
	Spot    Spot

	// Literal is the written text, if Known. It may contain $?, the status of the
	// command before.
	Literal string
	Known   bool
}

// resultsFolder is the directory in which Tekton looks for the results of a step.
const resultsFolder = "/tekton/results/"

// memoWrites keeps [TaskSpec.ResultWrites] by the name of the result.
type memoWrites struct{ writes map[string][]ResultWrite }

// RunsTask returns the Task spec that the pipeline task runs; nil if it is not
// known.
func (t *PipelineTask) RunsTask() *TaskSpec {
	switch {
	case t.Inner != nil:
		return t.Inner
	case t.Runs.Spec != nil:
		return t.Runs.Spot.Entry.TaskSpec()
	}
	return nil
}

// ResultWrites returns the places where the spec writes a result. It returns nil if
// the spec may also write it in a way that is not analyzed: through the environment,
// an argument, a StepAction, or a program in another language.
func (t *TaskSpec) ResultWrites(result string) []ResultWrite {
	if t == nil || t.Action != nil {
		return nil
	}
	t.Set().asked(Scripts)
	found, ok := t.writes[result]
	if !ok {
		found = t.findWrites(result)
		if t.writes == nil {
			t.writes = map[string][]ResultWrite{}
		}
		t.writes[result] = found
	}
	return found
}

func (t *TaskSpec) findWrites(result string) []ResultWrite {
	if slices.ContainsFunc(t.Spec.Results, func(r v1.TaskResult) bool { return r.Name == result && r.Value != nil }) {
		return nil
	}
	file := fileOf(result)
	var out []ResultWrite
	for i := range t.Spec.Steps {
		step := &t.Spec.Steps[i]
		if step.Ref != nil || file.elsewhere(step) {
			return nil
		}
		if !file.in(step.Script) {
			continue
		}
		script, before := t.Set().reader().Script(step.Script), len(out)
		if script.Err != nil {
			return nil
		}
		for j := range script.Commands {
			c := &script.Commands[j]
			for w := range c.AllWords() {
				if !file.in(script.Text[w.Start:w.End]) {
					continue
				}
				if !c.WritesTo(w) {
					return nil // the file may be changed there in an unknown way
				}
				out = append(out, writeAt(script, c, w, i, t.Spot.Index("steps", i).Field("script")))
			}
		}
		if len(out) == before {
			return nil
		}
	}
	return out
}

// resultFile is the set of texts that can refer to the file of a result.
type resultFile [4]string

func fileOf(result string) *resultFile {
	return &resultFile{
		tekref.ResultPathOf(result).String(), tekref.Text(`results["` + result + `"].path`), tekref.Text("results['" + result + "'].path"),
		resultsFolder + result,
	}
}

// in reports whether one of the texts contains the file.
func (f *resultFile) in(texts ...string) bool {
	for _, t := range texts {
		for _, path := range f {
			if strings.Contains(t, path) {
				return true
			}
		}
	}
	return false
}

// elsewhere reports whether a step refers to the file outside scripts that are
// analyzed.
func (f *resultFile) elsewhere(step *v1.Step) bool {
	return step.StdoutConfig != nil && f.in(step.StdoutConfig.Path) || step.StderrConfig != nil && f.in(step.StderrConfig.Path) ||
		f.in(step.Command...) || f.in(step.Args...) ||
		slices.ContainsFunc(step.Env, func(e corev1.EnvVar) bool { return f.in(e.Value) })
}

func writeAt(script *shell.Script, c *shell.Command, target *shell.Word, step int, s Spot) ResultWrite {
	pipeline := []*shell.Command{c}
	for pipeline[0].Reads != nil {
		pipeline = slices.Insert(pipeline, 0, pipeline[0].Reads)
	}
	w := ResultWrite{Step: step, Script: script, Command: c, First: pipeline[0], Spot: s.Of(lineOf(script.Text, target))}
	w.Literal, w.Known = printedInto(pipeline, target)
	return w
}

// lineOf returns a word of a script together with the text before it on its line.
func lineOf(script string, w *shell.Word) string {
	start := strings.LastIndexByte(script[:w.Start], '\n') + 1
	return strings.TrimLeft(script[start:w.End], " \t")
}

// printedInto returns the text that a pipeline prints into a file, if it is a plain
// echo or printf, followed at most by a tr -d '\n' or a tee.
func printedInto(pipeline []*shell.Command, target *shell.Word) (string, bool) {
	// into reports whether the whole output of a command goes to the file.
	into := func(c *shell.Command) bool {
		if len(c.Redirects) != 1 {
			return false
		}
		r := &c.Redirects[0]
		return r.Op == ">" && (r.FD == "" || r.FD == "1") && &r.Target == target
	}
	first := pipeline[0]
	if text, ok := hereDocument(first, target); ok && len(pipeline) == 1 {
		return text, true
	}
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

// hereDocument returns the text of a here-document that a cat writes into a file.
func hereDocument(c *shell.Command, target *shell.Word) (string, bool) {
	if c.Name() != "cat" || len(c.Words) != 1 || len(c.Redirects) != 2 {
		return "", false
	}
	var text string
	var from, to bool
	for i := range c.Redirects {
		switch r := &c.Redirects[i]; {
		case r.Op == "<<" && r.FD == "":
			text, from = r.Body.Literal()
		case r.Op == ">" && (r.FD == "" || r.FD == "1") && &r.Target == target:
			to = true
		}
	}
	return text, from && to
}

// printed returns the output of an echo or a printf. It may contain $?, the status
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
		if strings.HasPrefix(text, "-") || strings.Contains(text, `\`) { // implementations of echo differ for these
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

// Value returns the written text; false if it is not known. A $? is 0 if any failure
// ends the script.
// failure ends the script.
func (w *ResultWrite) Value() (string, bool) {
	if !strings.Contains(w.Literal, "$?") {
		return w.Literal, w.Known
	}
	if before := w.First.Before; !w.Known || !w.Script.Errexit || w.First.Joined || before == nil || !before.Fatal {
		return "", false
	}
	return strings.ReplaceAll(w.Literal, "$?", "0"), true
}

// written returns the possible values of a result whose Task only writes literal
// texts of its scripts.
func (p *PipelineSpec) written(v tekref.Variable) WhenInput {
	owner := p.byName[v.Owner]
	if owner == nil || owner.Runs.Spec == nil || owner.IsMatrixed() || !v.Whole() {
		return WhenInput{}
	}
	if r := owner.Runs.Results[v.Name]; r == nil || ResultType(r.Type, r.Properties) != v1.ParamTypeString {
		return WhenInput{}
	}
	writes := owner.RunsTask().ResultWrites(v.Name)
	if len(writes) == 0 {
		return WhenInput{}
	}
	in := WhenInput{Source: WrittenResult, From: writes[0].Spot}
	for i := range writes {
		value, known := writes[i].Value()
		if !known {
			return WhenInput{}
		}
		if !slices.Contains(in.Values, value) {
			in.Values = append(in.Values, value)
		}
	}
	return in
}

package facts

import (
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

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

// memoWrites keeps where the scripts of a Task spec write results; nil before it is asked
// for.
type memoWrites struct{ writes *resultWrites }

// resultWrites are the places where scripts write results, by name.
type resultWrites struct {
	none    bool            // a StepAction may write any result
	unknown map[string]bool // results that may also be written in a way that is not analyzed
	places  map[string][]ResultWrite
}

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
	if t.writes == nil {
		t.writes = t.findWrites()
	}
	if t.writes.none || t.writes.unknown[result] {
		return nil
	}
	return t.writes.places[result]
}

func (t *TaskSpec) findWrites() *resultWrites {
	out := &resultWrites{unknown: map[string]bool{}, places: map[string][]ResultWrite{}}
	for i := range t.Spec.Results {
		if r := &t.Spec.Results[i]; r.Value != nil {
			out.unknown[r.Name] = true
		}
	}
	for i := range t.Spec.Steps {
		step := &t.Spec.Steps[i]
		if step.Ref != nil {
			return &resultWrites{none: true}
		}
		for _, text := range unanalyzed(step) {
			out.lose(resultFiles(text))
		}
		named := resultFiles(step.Script)
		if len(named) == 0 {
			continue
		}
		script := t.Set().reader().Script(step.Script)
		if script.Err != nil {
			out.lose(named)
			continue
		}
		at := t.Spot.Index("steps", i).Field("script")
		seen, first := map[string]bool{}, firsts{}
		for j := range script.Commands {
			c := &script.Commands[j]
			for w, writes := range c.Written() {
				for _, result := range resultFiles(script.Text[w.Start:w.End]) {
					seen[result] = true
					if !writes {
						out.unknown[result] = true // the file may be changed there in an unknown way
						continue
					}
					out.places[result] = append(out.places[result], writeAt(script, c, first.of(c), w, i, at))
				}
			}
		}
		for _, result := range named {
			if !seen[result] {
				out.unknown[result] = true
			}
		}
	}
	return out
}

// lose marks results that are written in an unknown way.
func (w *resultWrites) lose(results []string) {
	for _, result := range results {
		w.unknown[result] = true
	}
}

// unanalyzed returns the texts of a step, outside of its script, that may name files of
// results.
func unanalyzed(step *v1.Step) []string {
	texts := slices.Concat(step.Command, step.Args)
	for _, c := range []*v1.StepOutputConfig{step.StdoutConfig, step.StderrConfig} {
		if c != nil {
			texts = append(texts, c.Path)
		}
	}
	for i := range step.Env {
		texts = append(texts, step.Env[i].Value)
	}
	return texts
}

// longestResult is the length above which a text is no variable for the path of a result.
const longestResult = 300

// resultFiles returns the results whose files a text names, each once.
func resultFiles(text string) []string {
	var names []string
	const word = "results"
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			break
		}
		before, after := text[:at+i], text[at+i+len(word):]
		at += i + len(word)
		after = after[:min(len(after), longestResult)]
		name := ""
		switch {
		case strings.HasSuffix(before, "$("):
			expr, _, closed := strings.Cut(after, ")")
			if expr, ok := strings.CutSuffix(expr, ".path"); closed && ok {
				name = strings.Trim(expr, `.[]"'`)
			}
		case strings.HasSuffix(before, "/tekton/") && strings.HasPrefix(after, "/"):
			end := strings.IndexFunc(after[1:], func(r rune) bool { return !tekref.IsNameRune(r) })
			if name = after[1:]; end >= 0 {
				name = name[:end]
			}
		}
		if name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// maxPipeline is the number of commands above which what a pipeline prints is not known.
const maxPipeline = 32

// tooLong records that a pipeline is too long for finding out what it passes on.
func (s *Source) tooLong() {
	if s == nil || s.container == nil || s.container.Spot.Entry == nil {
		return
	}
	e := s.container.Spot.Entry
	e.LeaveOut("a script of "+e.Label()+" has a pipeline of more than "+strconv.Itoa(maxPipeline)+" commands; what it passes on has not been checked", "shorten the pipeline")
}

// firsts are the first commands of pipelines, by any of their commands.
type firsts map[*shell.Command]*shell.Command

// of returns the first command of the pipeline that ends with c.
func (f firsts) of(c *shell.Command) *shell.Command {
	first := c
	for f[first] == nil && first.Reads != nil {
		first = first.Reads
	}
	if known := f[first]; known != nil {
		first = known
	}
	f[c] = first
	return first
}

func writeAt(script *shell.Script, c *shell.Command, first *shell.Command, target *shell.Word, step int, s Spot) ResultWrite {
	w := ResultWrite{Step: step, Script: script, Command: c, First: first, Spot: s.Of(lineOf(script.Text, target))}
	pipeline := []*shell.Command{c}
	for len(pipeline) <= maxPipeline && c.Reads != nil {
		c = c.Reads
		pipeline = append(pipeline, c)
	}
	if len(pipeline) <= maxPipeline {
		slices.Reverse(pipeline)
		w.Literal, w.Known = printedInto(pipeline, target)
	}
	return w
}

// lineOf returns a word of a script together with the text before it on its line, or
// alone if that is long.
func lineOf(script string, w *shell.Word) string {
	const long = 1000
	from := max(0, w.Start-long)
	start := strings.LastIndexByte(script[from:w.Start], '\n') + 1
	if start == 0 && from > 0 {
		return script[w.Start:w.End]
	}
	return strings.TrimLeft(script[from+start:w.End], " \t")
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
	if len(pipeline) == 1 && !into(first) || len(pipeline) > 1 && len(first.Redirects) > 0 {
		return "", false
	}
	joined := false // into one line
	for i, c := range pipeline[1:] {
		last := i+2 == len(pipeline)
		switch name := c.Name(); {
		case name == "tee" && last && len(c.Words) == 2 && len(c.Redirects) == 0:
		case name == "tr" && len(c.Words) == 3 && c.Words[1].Text == "-d" && c.Words[2].Text == `\n` && (last && into(c) || !last && len(c.Redirects) == 0):
			joined = true
		default:
			return "", false
		}
	}
	// The words come last: of many files that a command writes to, none gets here.
	text, ok := printed(first.Words)
	if joined {
		text = strings.ReplaceAll(text, "\n", "")
	}
	return text, ok
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
	seen := make(map[string]bool, len(writes))
	for i := range writes {
		value, known := writes[i].Value()
		if !known {
			return WhenInput{}
		}
		if !seen[value] {
			seen[value] = true
			in.Values = append(in.Values, value)
		}
	}
	return in
}

// Package timeline shows what a simulated run does: as text, as a Mermaid diagram, and as
// a page of HTML.
package timeline

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/simulate"
)

// widest is the number of characters of a value that are shown.
const widest = 100

// Text returns the ways in which a run can go as lines: what ran, with params and decisions,
// what did not and why.
func Text(ways *simulate.Ways) printable.Safe {
	var b strings.Builder
	for i, w := range ways.Ways {
		if i > 0 {
			b.WriteString("\n")
		}
		if len(ways.Ways) > 1 {
			b.WriteString(printable.Sprintf("%d of %d ways%s\n\n", i+1, len(ways.Ways), assumed(w)))
		}
		run(&b, w.Result)
	}
	notes(&b, ways.Notes)
	if len(ways.Ways) == 1 && slices.ContainsFunc(ways.Ways[0].Result.Notes, func(n simulate.Note) bool {
		return n.Code == simulate.NoteOpen || n.Code == simulate.NoteLength
	}) {
		b.WriteString("note: --all shows every way in which the run can go\n")
	}
	if ways.Limited {
		b.WriteString(printable.Sprintf("note: %d runs were simulated, and there may be more ways\n", ways.Runs))
	}
	return printable.Safe(b.String())
}

// assumed says with which values a run goes a way.
func assumed(w simulate.Way) printable.Safe {
	var b strings.Builder
	for j, v := range w.Assumed {
		b.WriteString(printable.Sprintf("%s%s = %s", printable.Safe([]string{", if ", " and "}[min(j, 1)]), v.Name, printable.Safe(value(v.Value))))
	}
	return printable.Safe(b.String())
}

// run writes a run.
func run(b *strings.Builder, r *simulate.Result) {
	of := ""
	if r.Pipeline != "" && r.Pipeline != r.Name {
		of = " of Pipeline " + r.Pipeline
	}
	b.WriteString(printable.Sprintf("%s %s%s: %s after %s\n", r.Kind, r.Name, of, ending(r.Condition), r.Duration.String()))
	if r.Condition.Message != "" {
		b.WriteString(printable.Sprintf("  %s\n", r.Condition.Message))
	}
	for _, n := range r.Notes {
		if n.Code == simulate.NoteStuck {
			b.WriteString(printable.Sprintf("  stuck: %s\n", n.Message))
		}
	}
	tasks(b, r.Tasks, "")
	if len(r.Results) > 0 {
		b.WriteString("\n")
	}
	values(b, "results", r.Results, "")
	notes(b, r.Notes)
}

func notes(b *strings.Builder, all []simulate.Note) {
	for _, n := range all {
		if n.Code == simulate.NoteStuck {
			continue // below the first line of the run
		}
		task := ""
		if n.Task != "" {
			task = n.Task + ": "
		}
		b.WriteString(printable.Sprintf("note: %s%s\n", task, n.Message))
	}
}

// ending is the reason of a condition.
func ending(c simulate.Condition) string {
	if c.Reason != "" {
		return c.Reason
	}
	return map[string]string{"True": "Succeeded", "False": "Failed", "Unknown": "Running"}[c.Status]
}

// tasks writes those that ran with their times, and then the others.
func tasks(b *strings.Builder, all []simulate.Task, indent string) {
	name, end := 0, 0
	for _, t := range all {
		name = max(name, utf8.RuneCountInString(printable.Line(t.Name)))
		end = max(end, len(span(t)))
	}
	for _, t := range all {
		when := span(t)
		if len(t.Runs) == 0 {
			when = "-"
		}
		line := fmt.Sprintf("\n%s%*s  %s%s", indent, end, when, printable.Line(t.Name), strings.Repeat(" ", name-utf8.RuneCountInString(printable.Line(t.Name))))
		b.WriteString(line + "  " + printable.Sprintf("%s\n", state(t)))
		in := indent + strings.Repeat(" ", end+4)
		for _, w := range t.When {
			b.WriteString(in + printable.Sprintf("when %s\n", decision(w)))
		}
		if t.Message != "" && t.State != simulate.StateSucceeded {
			b.WriteString(in + printable.Sprintf("%s\n", t.Message))
		}
		for _, one := range t.Runs {
			taskRun(b, t, one, in)
		}
	}
}

// span is when a task ran.
func span(t simulate.Task) string {
	if len(t.Runs) == 0 {
		return ""
	}
	return t.Start.String() + " to " + t.End.String()
}

// state is what became of a task, in words.
func state(t simulate.Task) string {
	words := []string{strings.ReplaceAll(string(t.State), "-", " ")}
	if t.State == simulate.StateSkipped && t.Reason != "" {
		words = append(words, ": ", t.Reason)
	}
	if t.State == simulate.StateFailed && t.Reason != "" {
		words = append(words, ": ", t.Reason)
	}
	var more []string
	if t.Finally {
		more = append(more, "finally")
	}
	if t.Type != simulate.TypeTask {
		more = append(more, string(t.Type))
	}
	if len(t.Beside) > 0 {
		more = append(more, "beside "+strings.Join(t.Beside, ", "))
	}
	if t.Assumed {
		more = append(more, "not among the manifests")
	}
	if len(more) > 0 {
		words = append(words, " (", strings.Join(more, "; "), ")")
	}
	return strings.Join(words, "")
}

// decision is a when expression with the values that were compared.
func decision(w simulate.When) string {
	text := "CEL " + w.CEL
	if w.CEL == "" {
		values := make([]string, len(w.Values))
		for i, v := range w.Values {
			values[i] = fmt.Sprintf("%q", v)
		}
		text = fmt.Sprintf("%q %s [%s]", w.Input, w.Operator, strings.Join(values, ", "))
	}
	result := "false"
	switch {
	case w.NotEvaluated:
		result = "not evaluated"
	case w.True:
		result = "true"
	}
	if w.Open {
		result += ", but a value is not known"
	}
	var of []string
	for _, v := range w.Variables {
		symbol := "<" + strings.TrimSuffix(strings.TrimPrefix(v, "$("), ")") + ">"
		if !strings.Contains(text, v) && !strings.Contains(text, symbol) {
			of = append(of, v)
		}
	}
	if len(of) > 0 {
		result += " (" + strings.Join(of, ", ") + ")"
	}
	return text + ": " + result
}

// taskRun writes a run of a task. The one of a task without a matrix has no heading.
func taskRun(b *strings.Builder, t simulate.Task, run simulate.TaskRun, indent string) {
	if run.Combination > 0 {
		b.WriteString(indent + printable.Sprintf("combination %d: %s\n", run.Combination, ending(run.Condition)))
		if run.Condition.Message != "" && run.Condition.Status != "True" && run.Condition.Message != t.Message {
			b.WriteString(indent + printable.Sprintf("  %s\n", run.Condition.Message))
		}
		indent += "  "
	}
	values(b, "params", run.Params, indent)
	if len(run.Attempts) > 1 {
		words := make([]string, len(run.Attempts))
		for i, a := range run.Attempts {
			words[i] = fmt.Sprintf("%s after %s", ending(a.Condition), a.End-a.Start)
		}
		b.WriteString(indent + printable.Sprintf("%d attempts: %s\n", len(words), strings.Join(words, ", ")))
	}
	values(b, "results", run.Results, indent)
	if run.Nested != nil {
		tasks(b, run.Nested.Tasks, indent)
	}
}

// values writes params or results.
func values(b *strings.Builder, what string, all []simulate.Value, indent string) {
	if len(all) == 0 {
		return
	}
	b.WriteString(indent + what + ":\n")
	for _, v := range all {
		b.WriteString(indent + printable.Sprintf("  %s = %s\n", v.Name, printable.Safe(value(v.Value))))
	}
}

// value is a value in one line, with its end cut off if it is long.
func value(v any) string { return Short(whole(v)) }

// Short returns a text with its end cut off if it is long.
func Short(text string) string {
	if utf8.RuneCountInString(text) <= widest {
		return text
	}
	return string([]rune(text)[:widest]) + "…"
}

// whole is a value in one line, as JSON if it is no string.
func whole(v any) string {
	text := ""
	switch v := v.(type) {
	case string:
		text = v
	case []string:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = fmt.Sprintf("%q", item)
		}
		text = "[" + strings.Join(items, ", ") + "]"
	case map[string]string:
		var items []string
		for k, item := range v {
			items = append(items, fmt.Sprintf("%q: %q", k, item))
		}
		slices.Sort(items)
		text = "{" + strings.Join(items, ", ") + "}"
	}
	return printable.Value(text)
}

package cluster

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// Tree formats a Status as a tree with a line for each task, matrix combination
// and step:
//
//	● PipelineRun "release-1"  12s
//	├─ ✓ clone  8s
//	├─ ● test  4s
//	│  ├─ ✓ prepare  1s
//	│  └─ ● run  3s
//	├─ ○ image
//	└─ finally
//	   └─ ○ rollback
//
// The zero value writes lines of any width, without colors.
type Tree struct {
	// Now is the current time, for the durations of what is still running. They
	// are omitted if Now is zero.
	Now time.Time

	Width int  // maximum width of a line in characters; 0 for no limit
	Color bool // use ANSI escape sequences for colors
	ASCII bool // use only ASCII characters

	// Steps shows the steps of every task. By default, only those of running
	// and failed tasks are shown.
	Steps bool
}

// mark is how a state is drawn.
type mark struct{ sign, ascii, color string }

var marks = map[State]mark{
	StatePending:   {"○", ".", "2"},
	StateWaiting:   {"◌", "~", "33"},
	StateRunning:   {"●", ">", "34"},
	StateSucceeded: {"✓", "+", "32"},
	StateFailed:    {"✗", "x", "31"},
	StateCancelled: {"⊘", "#", "35"},
	StateTimedOut:  {"⧖", "!", "31"},
	StateSkipped:   {"–", "-", "2"},
	StateUnknown:   {"?", "?", "2"},
}

// Lines returns the lines of the tree, without line breaks.
func (t Tree) Lines(s Status) []string {
	d := &drawing{Tree: t}
	d.node("", s.State, fmt.Sprintf("%s %q", s.Kind, s.Name), t.took(s.Started, s.Finished), noteOfRun(s))
	d.tasks(s, "")
	return d.lines
}

// Write writes the lines of the tree.
func (t Tree) Write(w io.Writer, s Status) error {
	if w == nil {
		return errNoWriter
	}
	_, err := io.WriteString(w, strings.Join(t.Lines(s), "\n")+"\n")
	return err
}

func noteOfRun(s Status) string {
	switch s.State {
	case StateSucceeded, StateRunning, StatePending:
		if s.State == StateRunning && strings.HasSuffix(s.Reason, "RunningFinally") {
			return s.Reason
		}
		return ""
	case StateWaiting:
		return waitingText(s.Waiting)
	case StateFailed:
		for _, t := range s.Tasks {
			if t.State == StateFailed || t.State == StateTimedOut {
				return "" // the line of the task shows it
			}
		}
	}
	return firstOf(endText(s.State, s.Reason, s.Message, s.Timeout), ended(s.State))
}

func waitingText(reasons []Reason) string {
	if len(reasons) == 0 {
		return ""
	}
	last := reasons[len(reasons)-1]
	return reasonText(last.Reason, last.Message)
}

func (t Tree) took(from, to time.Time) string {
	if to.IsZero() {
		to = t.Now
	}
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return ""
	}
	return to.Sub(from).Round(time.Second).String()
}

type drawing struct {
	Tree
	lines []string
}

// node draws a line. The state is "" for a heading.
func (d *drawing) node(branch string, state State, texts ...string) {
	sign := ""
	if m, has := marks[state]; has {
		sign = m.sign
		if d.ASCII {
			sign = m.ascii
		}
		if d.Color {
			sign = "\x1b[" + m.color + "m" + sign + "\x1b[0m"
		}
		sign += " "
	}
	text := ""
	for _, part := range texts {
		if part == "" {
			continue
		}
		if text != "" {
			text += "  "
		}
		text += oneLineText(part)
	}
	if d.ASCII {
		branch = asciiBranches.Replace(branch)
	}
	if d.Width > 0 {
		used := utf8.RuneCountInString(branch)
		if sign != "" {
			used += 2
		}
		text = cutText(text, max(0, d.Width-used), d.ASCII)
	}
	d.lines = append(d.lines, strings.TrimRight(branch+sign+text, " "))
}

var asciiBranches = strings.NewReplacer("├─", "|-", "└─", "`-", "│", "|")

// oneLineText removes characters that would break the line or move the cursor.
func oneLineText(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}

func cutText(s string, width int, ascii bool) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	more := "…"
	if ascii {
		more = "~"
	}
	if width == 0 {
		return ""
	}
	return string([]rune(s)[:width-1]) + more
}

// children draws the nodes below a node.
func children(n int, indent string, draw func(i int, branch, indent string)) {
	for i := range n {
		if i == n-1 {
			draw(i, indent+"└─ ", indent+"   ")
		} else {
			draw(i, indent+"├─ ", indent+"│  ")
		}
	}
}

// tasks draws the tasks of a run, with the finally tasks below a heading.
func (d *drawing) tasks(s Status, indent string) {
	if s.Kind == KindTaskRun {
		for _, t := range s.Tasks {
			for _, r := range t.Runs {
				d.run(r, indent)
			}
		}
		return
	}
	var tasks, finally []TaskStatus
	for _, t := range s.Tasks {
		if t.Finally {
			finally = append(finally, t)
		} else {
			tasks = append(tasks, t)
		}
	}
	n := len(tasks)
	if len(finally) > 0 {
		n++
	}
	children(n, indent, func(i int, branch, indent string) {
		if i < len(tasks) {
			d.task(tasks[i], branch, indent)
			return
		}
		d.node(branch, "", "finally")
		children(len(finally), indent, func(i int, branch, indent string) { d.task(finally[i], branch, indent) })
	})
}

func (d *drawing) task(t TaskStatus, branch, indent string) {
	if len(t.Runs) != 1 || t.Runs[0].Matrix != nil {
		d.node(branch, t.State, t.Name, d.took(t.Started(), t.Finished()), skipText(t))
		children(len(t.Runs), indent, func(i int, branch, indent string) {
			r := t.Runs[i]
			d.node(branch, r.State, firstOf(matrixText(r.Matrix), r.Name), d.took(r.Started, r.Finished), noteOf(r))
			d.run(r, indent)
		})
		return
	}
	r := t.Runs[0]
	d.node(branch, t.State, t.Name, d.took(t.Started(), t.Finished()), noteOf(r))
	d.run(r, indent)
}

// skipText returns why a task was skipped, including the when expressions.
func skipText(t TaskStatus) string {
	if t.State != StateSkipped {
		return ""
	}
	if len(t.When) == 0 {
		return "skipped: " + t.Reason
	}
	return "skipped: when " + whenText(t.When)
}

func whenText(when v1.WhenExpressions) string {
	var all []string
	for _, w := range when {
		if w.CEL != "" {
			all = append(all, w.CEL)
			continue
		}
		all = append(all, fmt.Sprintf("%q %s [%s]", w.Input, w.Operator, strings.Join(w.Values, ", ")))
	}
	return strings.Join(all, " and ")
}

func noteOf(r RunStatus) string {
	var notes []string
	if n := len(r.Earlier); n > 0 {
		notes = append(notes, fmt.Sprintf("attempt %d", n+1))
	}
	switch {
	case r.State == StateWaiting:
		if text := waitingText(r.Waiting); text != "" {
			notes = append(notes, text)
		}
	case r.Timeout != nil:
		notes = append(notes, limitText(r.Timeout))
	case r.State == StateFailed:
		if _, has := failedStep(r.Attempt); !has && r.Nested == nil {
			notes = append(notes, reasonText(r.Reason, r.Message))
		}
	}
	if r.Ignored {
		notes = append(notes, "ignored")
	}
	return strings.Join(notes, ", ")
}

// run draws what is below a run.
func (d *drawing) run(r RunStatus, indent string) {
	if r.Nested != nil {
		d.tasks(*r.Nested, indent)
		return
	}
	if !d.Steps && r.State != StateRunning && r.State != StateFailed && r.State != StateTimedOut {
		return
	}
	children(len(r.Steps), indent, func(i int, branch, _ string) {
		step := r.Steps[i]
		note := ""
		if step.State == StateFailed {
			note = fmt.Sprintf("exit code %d", step.ExitCode)
			if step.Reason != "" && step.Reason != "Error" {
				note += ", " + step.Reason
			}
		}
		d.node(branch, step.State, step.Name, d.took(step.Started, step.Finished), note)
	})
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/cluster"
)

// followHelp is a part of the help of commands that follow runs.
const followHelp = `With --logs, the output includes the logs of the steps. With -o json, the output is
one line of JSON for each event. It has the fields type, time, path,
task, finally, kind, run, matrix, attempt, step, state, reason, message,
exitCode, line and seconds, without those that do not apply. The last object has
the type Outcome, and contains the state, the results, and the failures with the
last lines of their logs.`

// following has the options for following a run.
type following struct {
	*app
	logs    bool
	lines   int
	noColor bool
	format  choice
}

func newFollowing(a *app) following {
	return following{app: a, format: choice{allowed: []string{"tree", "lines", "json"}}}
}

// flags adds the flags for following a run.
func (f *following) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.logs, "logs", false, "show the logs of the steps")
	flags.IntVar(&f.lines, "last-lines", 10, "`number` of lines to show from the end of the log of a failed step")
	f.format.flag(cmd, "output", "o", "output `format`: "+alternatives(f.format.allowed)+" (default: tree on a terminal, otherwise lines)")
	flags.BoolVar(&f.noColor, "no-color", false, "disable colors (or set NO_COLOR)")
}

// follow follows the run until it ends, and reports its progress.
func (f *following) follow(ctx context.Context, run *cluster.Run) error {
	o := cluster.FollowOptions{Logs: f.logs, LastLines: f.lines}
	if f.lines == 0 {
		o.LastLines = -1
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// Stop when the output cannot be written.
	write := func(err error) {
		if err != nil {
			stop(fmt.Errorf("cannot write the output: %w", err))
		}
	}
	var end func(cluster.Outcome) error
	switch f.chosen() {
	case "tree":
		if !f.Terminal { // nothing can be redrawn
			end = func(o cluster.Outcome) error {
				if err := (cluster.Tree{}).Write(f.Out, o.Status); err != nil {
					return err
				}
				return f.results(o)
			}
			break
		}
		p := &liveTree{following: f, screen: cluster.Screen{Writer: f.Out}, write: write}
		o.Status, o.Events = p.show, p.log
		done := p.tick()
		end = func(o cluster.Outcome) error { return f.results(o) }
		defer done()
	case "json":
		o.Events = func(e cluster.Event) { write(printable.WriteJSON(f.Out, eventOf(e), false)) }
		end = func(o cluster.Outcome) error { return printable.WriteJSON(f.Out, outcomeOf(o), false) }
	default:
		o.Events = func(e cluster.Event) {
			for _, line := range f.text(e) {
				write(printable.Fprintf(f.Out, "%s\n", line))
			}
		}
		end = f.results
	}
	outcome, err := run.Follow(ctx, o)
	if err != nil {
		var (
			forbidden *cluster.ForbiddenError
			lost      *cluster.UnreachableError
		)
		switch {
		case errors.Is(err, context.Canceled):
			err = context.Cause(ctx)
		case errors.As(err, &forbidden), errors.As(err, &lost):
		default: // the run does not exist, or no longer
			return err
		}
		name := addressed(run)
		return fmt.Errorf("%w\n  help: the run continues; to follow it, run: tekwright watch %s; to cancel it, run: tekwright cancel %s", err, name, name)
	}
	if err := end(outcome); err != nil {
		return err
	}
	if o.Events == nil { // otherwise they have been reported as events
		for _, w := range outcome.Warnings {
			_ = f.complain("warning: " + w)
		}
	}
	if err := outcome.Err(); err != nil {
		_ = f.complain(err.Error())
		f.exit = found
	}
	return nil
}

// text returns the lines of an event. Logs have colors if the output has.
func (f *following) text(e cluster.Event) []printable.Safe {
	var lines []printable.Safe
	for l := range strings.SplitSeq(e.Colored(), "\n") {
		lines = append(lines, printable.Log(l, f.color(f.noColor)))
	}
	return lines
}

// results prints the results of the run.
func (f *following) results(o cluster.Outcome) error {
	for _, r := range o.Results {
		text := r.Value.StringVal
		if r.Value.Type != v1.ParamTypeString {
			b, err := r.Value.MarshalJSON()
			if err != nil {
				return err
			}
			text = string(b)
		}
		if err := printable.Fprintf(f.Out, "result %s = %s\n", r.Name, printable.Value(text)); err != nil {
			return err
		}
	}
	return nil
}

// liveTree draws a run on a terminal. It updates the durations every second.
type liveTree struct {
	*following
	write func(error)

	mu     sync.Mutex
	screen cluster.Screen
	status cluster.Status
	drawn  bool
}

// show draws a status.
func (p *liveTree) show(s cluster.Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status, p.drawn = s, true
	p.draw()
}

// log prints a log line above the tree.
func (p *liveTree) log(e cluster.Event) {
	if e.Type != cluster.EventLog && e.Type != cluster.EventWarning {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	width, _ := p.size()
	var lines []string
	for _, line := range p.text(e) {
		for _, l := range printable.Fold(line, width) {
			lines = append(lines, string(l))
		}
	}
	p.write(p.screen.Print(lines...))
}

func (p *liveTree) draw() {
	width, height := p.size()
	p.screen.Height = height
	tree := cluster.Tree{Now: time.Now(), Width: width, Color: p.color(p.noColor)} //nolint:forbidigo // for the duration of the run
	p.write(p.screen.Draw(tree.Lines(p.status)))
}

// tick redraws the tree every second until stop is called.
func (p *liveTree) tick() (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		second := time.NewTicker(time.Second) //nolint:forbidigo // for redrawing
		defer second.Stop()
		for {
			select {
			case <-end:
				return
			case <-second.C:
				p.mu.Lock()
				if p.drawn && !p.status.State.Ended() {
					p.draw()
				}
				p.mu.Unlock()
			}
		}
	}()
	return func() {
		close(end)
		<-ended
	}
}

// size returns the size of the terminal, 0 if it is not known.
func (p *liveTree) size() (width, height int) {
	if p.Size == nil {
		return 0, 0
	}
	return p.Size()
}

// chosen returns the chosen format, or the default.
func (f *following) chosen() string {
	switch {
	case f.format.value != "":
		return f.format.value
	case f.Terminal && f.Env("TERM") != "dumb":
		return "tree"
	}
	return "lines"
}

// eventJSON is the JSON of an event.
type eventJSON struct {
	Type     cluster.EventType `json:"type"`
	Time     *time.Time        `json:"time,omitempty"`
	Path     []string          `json:"path,omitempty"`
	Task     string            `json:"task,omitempty"`
	Finally  bool              `json:"finally,omitempty"`
	Kind     string            `json:"kind,omitempty"`
	Run      string            `json:"run,omitempty"`
	Matrix   any               `json:"matrix,omitempty"`
	Attempt  int               `json:"attempt,omitempty"`
	Step     string            `json:"step,omitempty"`
	State    cluster.State     `json:"state,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	Message  string            `json:"message,omitempty"`
	ExitCode int32             `json:"exitCode,omitempty"`
	Line     *string           `json:"line,omitempty"`
	Seconds  float64           `json:"seconds,omitempty"`
}

// eventOf returns the JSON of an event.
func eventOf(e cluster.Event) eventJSON {
	j := eventJSON{
		Type: e.Type, Path: e.Path, Task: e.Task, Finally: e.Finally, Kind: e.Kind, Run: e.Run, Attempt: e.Attempt, Step: e.Step,
		State: e.State, Reason: e.Reason, Message: e.Message, ExitCode: e.ExitCode, Seconds: e.Duration.Seconds(),
	}
	if !e.Time.IsZero() {
		j.Time = &e.Time
	}
	if e.Type == cluster.EventLog {
		j.Line = &e.Line
	}
	if len(e.Matrix) > 0 {
		j.Matrix = e.Matrix
	}
	return j
}

// outcomeJSON is the JSON of an outcome.
type outcomeJSON struct {
	Type      string         `json:"type"`
	Kind      string         `json:"kind"`
	Namespace string         `json:"namespace"`
	Run       string         `json:"run"`
	State     cluster.State  `json:"state"`
	Reason    string         `json:"reason"`
	Message   string         `json:"message"`
	Seconds   float64        `json:"seconds"`
	Results   map[string]any `json:"results"`
	Failures  []failureJSON  `json:"failures"`
}

type failureJSON struct {
	Path     []string      `json:"path,omitempty"`
	Task     string        `json:"task"`
	Kind     string        `json:"kind"`
	Run      string        `json:"run"`
	Step     string        `json:"step,omitempty"`
	State    cluster.State `json:"state"`
	ExitCode int32         `json:"exitCode,omitempty"`
	Reason   string        `json:"reason"`
	Message  string        `json:"message"`
	Log      []string      `json:"log,omitempty"`
}

// outcomeOf returns the JSON of an outcome.
func outcomeOf(o cluster.Outcome) outcomeJSON {
	j := outcomeJSON{
		Type: "Outcome", Kind: o.Kind, Namespace: o.Namespace, Run: o.Name, State: o.State, Reason: o.Reason, Message: o.Message,
		Seconds: o.Duration().Seconds(), Results: map[string]any{}, Failures: []failureJSON{},
	}
	for _, r := range o.Results {
		j.Results[r.Name] = r.Value
	}
	for _, f := range o.Failures {
		j.Failures = append(j.Failures, failureJSON{
			Path: f.Path, Task: f.Task, Kind: f.Kind, Run: f.Run, Step: f.Step, State: f.State, ExitCode: f.ExitCode,
			Reason: f.Reason, Message: f.Message, Log: f.Log,
		})
	}
	return j
}

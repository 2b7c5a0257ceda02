package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/cluster"
)

// followHelp is the help of the commands that follow runs.
const followHelp = `With --logs, the lines that the steps write are told, too. With -o json there is an
object on a line for each event, with those of the fields type, time, path, task,
finally, kind, run, matrix, attempt, step, state, reason, message, exitCode, line
and seconds that say something; the last one, of the type Outcome, has the
state, the results, and the failures with the last lines of their logs.`

// following is how a run is followed.
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

// flags adds the flags that say how a run is told.
func (f *following) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.logs, "logs", false, "tell the lines that the steps write")
	flags.IntVar(&f.lines, "last-lines", 10, "`number` of last lines of a failed step to show at the end")
	f.format.flag(cmd, "output", "o", "`format`: "+alternatives(f.format.allowed)+" (default: tree on a terminal, else lines)")
	flags.BoolVar(&f.noColor, "no-color", false, "no colours on a terminal either (as does NO_COLOR)")
}

// follow follows the run to its end, and tells of it.
func (f *following) follow(ctx context.Context, run *cluster.Run) error {
	o := cluster.FollowOptions{Logs: f.logs, LastLines: f.lines}
	if f.lines == 0 {
		o.LastLines = -1
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// Who cannot be told needs no further news.
	write := func(err error) {
		if err != nil {
			stop(fmt.Errorf("the news of the run cannot be written: %w", err))
		}
	}
	var end func(cluster.Outcome) error
	switch f.chosen() {
	case "tree":
		if !f.Terminal { // nothing can be drawn over
			end = func(o cluster.Outcome) error {
				if err := (cluster.Tree{}).Write(f.Out, o.Status); err != nil {
					return err
				}
				return f.results(o)
			}
			break
		}
		p := &picture{following: f, screen: cluster.Screen{To: f.Out}, write: write}
		o.Status, o.Events = p.show, p.log
		done := p.tick()
		end = func(o cluster.Outcome) error { return f.results(o) }
		defer done()
	case "json":
		encoder := json.NewEncoder(f.Out)
		o.Events = func(e cluster.Event) { write(encoder.Encode(eventOf(e))) }
		end = func(o cluster.Outcome) error { return encoder.Encode(outcomeOf(o)) }
	default:
		o.Events = func(e cluster.Event) {
			_, err := fmt.Fprintln(f.Out, printable(e.String()))
			write(err)
		}
		end = f.results
	}
	outcome, err := run.Follow(ctx, o)
	if err != nil {
		var (
			rights *cluster.ForbiddenError
			lost   *cluster.UnreachableError
		)
		switch {
		case errors.Is(err, context.Canceled):
			err = context.Cause(ctx)
		case errors.As(err, &rights), errors.As(err, &lost):
		default: // there is no such run, or no longer
			return err
		}
		name := addressed(run)
		return fmt.Errorf("%w\n  help: the run goes on; tekwright watch %s follows it, tekwright cancel %s ends it", err, name, name)
	}
	if err := end(outcome); err != nil {
		return err
	}
	if o.Events == nil { // which tells them as they come
		for _, w := range outcome.Warnings {
			fmt.Fprintln(f.Err, "tekwright: warning: "+w)
		}
	}
	if err := outcome.Err(); err != nil {
		fmt.Fprintln(f.Err, "tekwright: "+err.Error())
		f.exit = found
	}
	return nil
}

// results tells the results of the run.
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
		if _, err := fmt.Fprintf(f.Out, "result %s = %s\n", r.Name, printable(text)); err != nil {
			return err
		}
	}
	return nil
}

// picture is a run as it is drawn on a terminal. Its times go on even if
// nothing else happens.
type picture struct {
	*following
	write func(error)

	mu     sync.Mutex
	screen cluster.Screen
	status cluster.Status
	drawn  bool
}

// show draws the status.
func (p *picture) show(s cluster.Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status, p.drawn = s, true
	p.draw()
}

// log writes a line of a log above the tree.
func (p *picture) log(e cluster.Event) {
	if e.Type != cluster.EventLog && e.Type != cluster.EventWarning {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	width, _ := p.size()
	p.write(p.screen.Print(fold(printable(e.String()), width)...))
}

func (p *picture) draw() {
	width, height := p.size()
	p.screen.Height = height
	tree := cluster.Tree{Now: time.Now(), Width: width, Color: p.colour(p.noColor)} //nolint:forbidigo // draws how long a run takes
	p.write(p.screen.Draw(tree.Lines(p.status)))
}

// tick draws again each second, until the function that it returns is called.
func (p *picture) tick() (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		second := time.NewTicker(time.Second) //nolint:forbidigo // draws it anew
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

// size is that of the terminal, 0 where nobody knows.
func (p *picture) size() (width, height int) {
	if p.Size == nil {
		return 0, 0
	}
	return p.Size()
}

// fold breaks a line that is wider than the terminal.
func fold(line string, width int) []string {
	runes := []rune(line)
	if width < 1 || len(runes) <= width {
		return []string{line}
	}
	var all []string
	for part := range slices.Chunk(runes, width) {
		all = append(all, string(part))
	}
	return all
}

// printable leaves out what would steer a terminal: a log is a stranger's text.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, text)
}

// chosen is the format that was chosen, or that suits.
func (f *following) chosen() string {
	switch {
	case f.format.value != "":
		return f.format.value
	case f.Terminal && f.Env("TERM") != "dumb":
		return "tree"
	}
	return "lines"
}

// eventJSON is an event for programs.
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

// eventOf is the event as it is written.
func eventOf(e cluster.Event) eventJSON {
	j := eventJSON{
		Type: e.Type, Path: e.Path, Task: e.Task, Finally: e.Finally, Kind: e.Kind, Run: e.Run, Attempt: e.Attempt, Step: e.Step,
		State: e.State, Reason: e.Reason, Message: e.Message, ExitCode: e.ExitCode, Seconds: e.Took.Seconds(),
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

// outcomeJSON is what came out of a run, for programs.
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

// outcomeOf is the outcome as it is written.
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

package cluster

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// History returns the events of the run so far, oldest first, as Follow would
// have reported them. It lacks what the cluster does not record: log lines, and
// what tasks waited for before they ran.
func (s Status) History() []Event {
	var all []Event
	for _, e := range history(s, nil) {
		all = append(all, e.Event)
	}
	return all
}

// keyed is an event with a key that identifies it.
type keyed struct {
	Event
	key string
	// after is the log that must be reported before the event: that of a step,
	// or of a whole attempt if step is "".
	after logKey
	pod   string // whose log can be read from now on; "" if none
}

// logKey identifies the log of a step, or of all steps of a pod if step is "".
type logKey struct{ pod, step string }

// history returns the events of a status, each with a key that ensures it is
// reported only once. Later statuses contain all earlier events, so that
// nothing is lost if statuses are missed.
func history(s Status, path []string) []keyed {
	root := Event{Path: path, Kind: s.Kind, Run: s.Name}
	var events []keyed
	add := func(e Event, after logKey, more ...string) {
		pod := ""
		if e.Type == EventStepStarted {
			pod, after = after.pod, logKey{}
		}
		e.Path = path
		key := fmt.Sprint(e.Type, "\x00", strings.Join(path, "/"), "\x00", e.Task, "\x00", e.Run, "\x00", e.Attempt, "\x00", e.Step, "\x00", strings.Join(more, "\x00"))
		events = append(events, keyed{e, key, after, pod})
	}
	outer := path == nil // otherwise the events of the outer pipeline's task report it
	for _, w := range s.Waiting {
		if s.Kind == KindTaskRun || !outer {
			break // the event of its only task reports it
		}
		e := root
		e.Type, e.State, e.Reason, e.Message = EventRunWaiting, s.State, w.Reason, w.Message
		add(e, logKey{}, w.Reason, steady(w.Message))
	}
	if !s.Started.IsZero() && outer {
		e := root
		e.Type, e.Time, e.State = EventRunStarted, s.Started, StateRunning
		add(e, logKey{})
	}
	for _, t := range s.Tasks {
		if t.State == StateSkipped && t.Reason != "" && t.Reason != SkippedByEnd {
			add(Event{
				Type: EventTaskSkipped, Task: t.Name, Finally: t.Finally, State: t.State,
				Reason: t.Reason, Message: whenText(t.When),
			}, logKey{})
		}
		for _, r := range t.Runs {
			runHistory(t, r, add, func() {
				if r.Nested != nil {
					events = append(events, history(*r.Nested, append(slices.Clone(path), t.Name))...)
				}
			})
		}
	}
	inTime(events)
	if s.State.Ended() && outer {
		e := root
		e.Type, e.Time, e.State, e.Reason, e.Message, e.Duration = EventRunFinished, s.Finished, s.State, s.Reason, s.Message, s.Duration()
		e.Timeout = s.Timeout
		add(e, logKey{})
	}
	return events
}

// runHistory adds the events of a run of a task. Those of a nested pipeline
// come before its end.
func runHistory(t TaskStatus, r RunStatus, add func(Event, logKey, ...string), nested func()) {
	attempts := append(slices.Clone(r.Earlier), r.Attempt)
	for i, a := range attempts {
		last := i == len(attempts)-1
		base := Event{
			Task: t.Name, Finally: t.Finally, Kind: r.Kind, Run: r.Name, Matrix: r.Matrix, Attempt: i + 1,
		}
		if started := begun(a); !started.IsZero() {
			e := base
			e.Type, e.Time, e.State = EventTaskStarted, started, StateRunning
			add(e, logKey{})
		}
		for _, w := range a.Waiting {
			e := base
			e.Type, e.State, e.Reason, e.Message = EventTaskWaiting, a.State, w.Reason, w.Message
			add(e, logKey{}, w.Reason, steady(w.Message))
		}
		for _, step := range a.Steps {
			e := base
			e.Step = step.Name
			if !step.Started.IsZero() && step.State != StateSkipped {
				e.Type, e.Time, e.State = EventStepStarted, step.Started, StateRunning
				add(e, logKey{pod: a.Pod})
			}
			if step.State.Ended() && step.State != StateSkipped && !step.Started.IsZero() {
				e.Type, e.Time, e.State = EventStepFinished, step.Finished, step.State
				e.Reason, e.ExitCode, e.Duration = step.Reason, step.ExitCode, step.Duration()
				add(e, logKey{a.Pod, step.Name})
			}
		}
		if last {
			nested()
		}
		if !a.State.Ended() {
			continue
		}
		e := base
		e.Time, e.State, e.Reason, e.Message, e.Duration = a.Finished, a.State, a.Reason, a.Message, a.Duration()
		e.Timeout = a.Timeout
		e.Type = EventTaskFinished
		if !last {
			e.Type = EventTaskRetried
		}
		add(e, logKey{a.Pod, ""})
	}
}

// begun returns when an attempt began. For a retry, Tekton reports this later
// than the start of its steps.
func begun(a Attempt) time.Time {
	if !a.Started.IsZero() {
		return a.Started
	}
	for _, s := range a.Steps {
		if !s.Started.IsZero() {
			return s.Started
		}
	}
	return time.Time{}
}

// inTime sorts events by time without reordering the events of one run. An
// event without a time stays after the one before it. Many times are equal,
// because the server's times are whole seconds.
func inTime(events []keyed) {
	latest := map[string]time.Time{}
	var before time.Time
	when := make(map[string]time.Time, len(events))
	for _, e := range events {
		t := e.Time
		if t.IsZero() {
			t = before
		}
		if l := latest[e.Run]; t.Before(l) {
			t = l
		}
		latest[e.Run], before, when[e.key] = t, t, t
	}
	slices.SortStableFunc(events, func(a, b keyed) int { return when[a.key].Compare(when[b.key]) })
}

// steady removes the digits of a message, so that a growing back-off is
// reported only once.
func steady(message string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, message)
}

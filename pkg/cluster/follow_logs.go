package cluster

import (
	"context"
	"errors"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// attempted is an attempt with the event to report for each line of its log.
type attempted struct {
	Attempt
	line Event
}

// pods returns the attempts by pod, and records which steps have ended. It
// returns nothing if logs are not read.
func (f *follower) pods(s Status) map[string]attempted {
	all := map[string]attempted{}
	if f.o.Logs {
		podsOf(s, nil, all)
	}
	for pod, a := range all {
		l := f.logs[pod]
		if l == nil {
			continue
		}
		l.note(a.Attempt)
		if a.State.Ended() {
			f.hurry(l)
		}
	}
	return all
}

func podsOf(s Status, path []string, all map[string]attempted) {
	for _, t := range s.Tasks {
		for _, r := range t.Runs {
			if r.Nested != nil {
				podsOf(*r.Nested, append(slices.Clip(path), t.Name), all)
			}
			for i, a := range append(slices.Clip(r.Earlier), r.Attempt) {
				if a.Pod == "" {
					continue
				}
				all[a.Pod] = attempted{a, Event{
					Type: EventLog, Path: path, Task: t.Name, Finally: t.Finally,
					Kind: r.Kind, Run: r.Name, Matrix: r.Matrix, Attempt: i + 1,
				}}
			}
		}
	}
}

// startLog starts reading the log of a pod.
func (f *follower) startLog(a attempted) {
	event := a.line
	ctx, stop := context.WithCancel(f.ctx)
	l := &podLog{stop: stop, over: ctx.Done(), ended: map[string]chan struct{}{}, drained: map[string]bool{}, last: map[string][]string{}}
	for _, step := range a.Steps {
		l.ended[step.Name] = make(chan struct{})
	}
	f.logs[a.Pod] = l
	l.note(a.Attempt)
	if a.State.Ended() {
		f.hurry(l)
	}
	client := f.run.client
	f.start(func() {
		defer stop()
		var err error
		for _, step := range a.Steps {
			event := event
			event.Step = step.Name
			reader := &stepLog{
				client: client, namespace: f.run.namespace, pod: a.Pod, step: step, ended: l.hasEnded(step.Name), attempts: client.options.Attempts,
				line: func(line logLine) { f.do(func() { f.line(l, event, line) }) },
			}
			if err = reader.read(ctx); err != nil {
				break
			}
			f.do(func() { l.drained[step.Name], f.changed = true, true })
		}
		f.do(func() { f.logEnded(l, event, err) })
	})
}

func (f *follower) line(l *podLog, event Event, line logLine) {
	l.count++
	l.last[event.Step] = keep(l.last[event.Step], line.text, f.o.LastLines)
	event.Time, event.Line = line.at, line.text
	f.o.Events(event)
}

func (f *follower) logEnded(l *podLog, event Event, err error) {
	l.done, f.changed = true, true
	switch {
	case err == nil:
	case apierrors.IsForbidden(err), apierrors.IsUnauthorized(err):
		var full string
		full, l.trouble = f.run.unreadable(err, kindLog)
		f.warn("no logs: " + full)
	case apierrors.IsNotFound(err):
		l.trouble = "the pod was deleted together with its log"
		event.Type, event.Message = EventWarning, l.trouble
		f.o.Events(event)
	default:
		l.trouble = oneLine(err)
		f.warn("no logs of task \"" + event.Task + "\": " + l.trouble)
	}
}

// hurry stops reading a log if no line has arrived for a while. It is called
// when everything has been written.
func (f *follower) hurry(l *podLog) {
	if l.hurried || l.done {
		return
	}
	l.hurried, l.counted = true, l.count
	f.start(func() {
		for {
			select {
			case <-l.over:
				return
			case <-f.alarm():
				f.do(func() {
					if l.count == l.counted {
						l.stop()
					}
					l.counted = l.count
				})
			}
		}
	})
}

// drained reports whether all logs have been read.
func (f *follower) drained() bool {
	for _, l := range f.logs {
		if !l.done {
			return false
		}
	}
	return true
}

// drainedOf reports whether a log has been read as far as needed before an
// event.
func (f *follower) drainedOf(key logKey) bool {
	if key.pod == "" || !f.o.Logs {
		return true
	}
	l := f.logs[key.pod]
	return l == nil || l.done || key.step != "" && l.drained[key.step]
}

// oneLine returns the message of the server without the request.
func oneLine(err error) string {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return status.Status().Message
	}
	return err.Error()
}

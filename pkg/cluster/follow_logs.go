package cluster

import (
	"context"
	"errors"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// readLogs begins to read the logs of pods that run, and notes which steps have
// ended.
func (f *follower) readLogs(s Status) {
	if !f.o.Logs {
		return
	}
	f.readLogsOf(s, nil)
}

func (f *follower) readLogsOf(s Status, path []string) {
	for _, t := range s.Tasks {
		for _, r := range t.Runs {
			if r.Nested != nil {
				f.readLogsOf(*r.Nested, append(path[:len(path):len(path)], t.Name))
			}
			for i, a := range append(r.Earlier[:len(r.Earlier):len(r.Earlier)], r.Attempt) {
				l := f.readLog(a, Event{
					Type: EventLog, Path: path, Task: t.Name, Finally: t.Finally,
					Kind: r.Kind, Run: r.Name, Matrix: r.Matrix, Attempt: i + 1,
				})
				if l != nil && !l.done {
					break // one attempt after the other
				}
			}
		}
	}
}

func (f *follower) readLog(a Attempt, event Event) *podLog {
	l := f.logs[a.Pod]
	if l == nil {
		if a.Pod == "" || !hasRun(a) {
			return nil
		}
		l = f.startLog(a, event)
	}
	for _, step := range a.Steps {
		if step.State.Ended() || a.State.Ended() {
			l.end(step.Name)
		}
	}
	if a.State.Ended() {
		f.hurry(l)
	}
	return l
}

// hasRun tells whether a step of the attempt can have written anything.
func hasRun(a Attempt) bool {
	for _, s := range a.Steps {
		if !s.Started.IsZero() {
			return true
		}
	}
	return false
}

func (f *follower) startLog(a Attempt, event Event) *podLog {
	ctx, stop := context.WithCancel(f.ctx)
	l := &podLog{stop: stop, ended: map[string]chan struct{}{}, drained: map[string]bool{}, last: map[string][]string{}}
	for _, step := range a.Steps {
		l.ended[step.Name] = make(chan struct{})
	}
	f.logs[a.Pod] = l
	client := f.run.client
	f.start(func() {
		defer stop()
		var err error
		for _, step := range a.Steps {
			event := event
			event.Step = step.Name
			reader := &stepLog{
				pods: client.core.Pods(f.run.namespace), pod: a.Pod, step: step, ended: l.hasEnded(step.Name), attempts: client.options.Attempts,
				line: func(line logLine) { f.tell(func() { f.line(l, event, line) }) },
			}
			if err = reader.read(ctx); err != nil {
				break
			}
			f.tell(func() { l.drained[step.Name], f.changed = true, true })
		}
		f.tell(func() { f.logEnded(l, event, err) })
	})
	return l
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
		l.trouble = oneLine(err)
		f.warn("no logs: " + l.trouble)
	case apierrors.IsNotFound(err):
		l.trouble = "the pod is gone, and its log with it"
		event.Type, event.Message = EventWarning, l.trouble
		f.o.Events(event)
	default:
		l.trouble = oneLine(err)
		f.warn("no logs of task \"" + event.Task + "\": " + l.trouble)
	}
}

// hurry stops reading a log when nothing has come for a while, since all that
// it can hold has been written.
func (f *follower) hurry(l *podLog) {
	if l.hurried || l.done {
		return
	}
	l.hurried = true
	count := l.count
	f.start(func() {
		for over := false; !over && f.ctx.Err() == nil; {
			<-f.alarm()
			f.tell(func() {
				if over = l.done || l.count == count; over {
					l.stop()
				}
				count = l.count
			})
		}
	})
}

// drained tells whether all logs have been read.
func (f *follower) drained() bool {
	for _, l := range f.logs {
		if !l.done {
			return false
		}
	}
	return true
}

// drainedOf tells whether a log has been read as far as it belongs before an
// event.
func (f *follower) drainedOf(key logKey) bool {
	if key.pod == "" || !f.o.Logs {
		return true
	}
	l := f.logs[key.pod]
	return l == nil || l.done || key.step != "" && l.drained[key.step]
}

// oneLine is what the server said, without what was asked.
func oneLine(err error) string {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return status.Status().Message
	}
	return err.Error()
}

package cluster

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// LogOptions are options for [Run.Logs]. The zero value selects all logs.
type LogOptions struct {
	Tasks     []string // names of pipeline tasks; all if empty
	Steps     []string // names of steps of these tasks; all if empty
	LastLines int      // number of last lines of each step; all if zero
	NoPrefix  bool     // omits the prefix [task : step] from each line
}

// Logs writes the logs of the steps so far, in the order of the pipeline,
// including retried attempts. To see the logs as they are written, use Follow
// with FollowOptions.Logs.
//
// If the log of a step cannot be read, a line in its place says why. Without
// permission to get pods/log, Logs returns a *ForbiddenError.
func (r *Run) Logs(ctx context.Context, w io.Writer, o LogOptions) error {
	s, err := r.Status(ctx)
	if err != nil {
		return err
	}
	return r.logs(ctx, w, o, s, nil)
}

func (r *Run) logs(ctx context.Context, w io.Writer, o LogOptions, s Status, path []string) error {
	for _, t := range s.Tasks {
		if len(path) == 0 && len(o.Tasks) > 0 && !slices.Contains(o.Tasks, t.Name) {
			continue
		}
		for _, run := range t.Runs {
			if run.Nested != nil {
				if err := r.logs(ctx, w, o, *run.Nested, append(slices.Clone(path), t.Name)); err != nil {
					return err
				}
			}
			for i, a := range append(slices.Clip(run.Earlier), run.Attempt) {
				for _, step := range a.Steps {
					if a.Pod == "" || step.Started.IsZero() || len(o.Steps) > 0 && !slices.Contains(o.Steps, step.Name) {
						continue
					}
					from := Event{Type: EventLog, Path: path, Task: t.Name, Run: run.Name, Matrix: run.Matrix, Attempt: i + 1, Step: step.Name}
					if err := r.log(ctx, w, o, a.Pod, step, from); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// log writes the log of one step.
func (r *Run) log(ctx context.Context, w io.Writer, o LogOptions, pod string, step StepStatus, from Event) error {
	of := &corev1.PodLogOptions{Container: step.Container}
	if o.LastLines > 0 {
		n := int64(o.LastLines)
		of.TailLines = &n
	}
	var stream io.ReadCloser
	err := r.client.retry(ctx, func(ctx context.Context) (err error) {
		stream, err = r.client.podLog(ctx, r.namespace, pod, of)
		return err
	})
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("stopped reading the logs of %s: %w", r, context.Cause(ctx))
	case apierrors.IsForbidden(err):
		return r.explainKind(err, kindLog, "get")
	case apierrors.IsNotFound(err):
		from.Line = "(no log: the pod was deleted together with its log)"
	case err != nil:
		from.Line = "(no log: " + oneLine(cause(err)) + ")"
	default:
		defer stream.Close()
		return copyLines(w, stream, from, o.NoPrefix)
	}
	_, err = io.WriteString(w, from.String()+"\n")
	return err
}

// copyLines copies lines, each with a prefix unless noPrefix is set.
func copyLines(w io.Writer, r io.Reader, from Event, noPrefix bool) error {
	prefix := from.prefix()
	if noPrefix {
		prefix = ""
	}
	lines := &lineWriter{to: w, prefix: prefix}
	if _, err := io.Copy(lines, r); err != nil {
		return fmt.Errorf("cannot read the whole log of %s: %w", from.Subject(), err)
	}
	return lines.end()
}

// lineWriter writes a prefix before each line.
type lineWriter struct {
	to     io.Writer
	prefix string
	inside bool // of a line
}

func (l *lineWriter) Write(b []byte) (int, error) {
	for line := range strings.Lines(string(b)) {
		if !l.inside {
			line = l.prefix + line
		}
		if _, err := io.WriteString(l.to, line); err != nil {
			return 0, err
		}
		l.inside = !strings.HasSuffix(line, "\n")
	}
	return len(b), nil
}

func (l *lineWriter) end() error {
	if !l.inside {
		return nil
	}
	_, err := io.WriteString(l.to, "\n")
	return err
}

package cluster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/tekwright/tekwright/internal/printable"
)

// LogOptions are options for [Run.Logs]. The zero value selects all logs.
type LogOptions struct {
	Tasks     []string // names of pipeline tasks; all if empty
	Steps     []string // names of steps of these tasks; all if empty
	LastLines int      // number of last lines of each step; all if zero
	NoPrefix  bool     // omits the prefix [task : step] from each line
	Colors    bool     // keeps the colors of the lines, for a terminal; other escape sequences are left out
}

// Logs writes the logs of the steps so far, in the order of the pipeline,
// including retried attempts. To see the logs as they are written, use Follow
// with FollowOptions.Logs.
//
// Lines are written so that a terminal or a CI system only shows them, as by
// [Event.String]. To get them unchanged, use the events of Follow.
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
		return copyLines(w, stream, from, o)
	}
	return printable.Fprintf(w, "%s\n", from)
}

// copyLines copies lines, each with a prefix unless there must be none. Lines that are
// too long are split.
func copyLines(w io.Writer, r io.Reader, from Event, o LogOptions) error {
	prefix := from.prefix()
	if o.NoPrefix {
		prefix = ""
	}
	in := bufio.NewReaderSize(r, longestLine)
	for {
		b, err := in.ReadSlice('\n')
		if len(b) > 0 {
			if err := printable.Fprintf(w, "%s%s\n", prefix, printable.Log(string(bytes.TrimRight(b, "\r\n")), o.Colors)); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("cannot read the whole log of %s: %w", from.Subject(), err)
		}
	}
}

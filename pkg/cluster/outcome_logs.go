package cluster

import (
	"context"
	"io"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/tekwright/tekwright/pkg/diag"
)

// outcome returns the outcome for the last status, with the last log lines of
// failed steps.
func (f *follower) outcome(ctx context.Context) Outcome {
	o := OutcomeOf(f.status)
	o.Warnings = f.warnings
	for i := range o.Failures {
		failure := &o.Failures[i]
		failure.Position = f.run.positionOf(*failure)
		if failure.Step == "" || failure.Pod == "" || f.o.LastLines == 0 {
			continue
		}
		if l := f.logs[failure.Pod]; l != nil {
			if failure.Log = l.last[failure.Step]; len(failure.Log) == 0 {
				failure.LogError = firstOf(l.trouble, "the step wrote nothing")
			}
			continue
		}
		failure.Log, failure.LogError = f.run.tail(ctx, *failure, f.o.LastLines)
	}
	return o
}

// tail returns the last log lines of the failed step, or why there are none.
func (r *Run) tail(ctx context.Context, f TaskFailure, lines int) ([]string, string) {
	var text []byte
	n := int64(lines)
	o := &corev1.PodLogOptions{Container: "step-" + f.Step, TailLines: &n}
	err := r.client.retry(ctx, func(ctx context.Context) error {
		stream, err := r.client.podLog(ctx, r.namespace, f.Pod, o)
		if err != nil {
			return err
		}
		defer stream.Close()
		text, err = io.ReadAll(io.LimitReader(stream, int64(lines)*longestLine))
		return err
	})
	switch {
	case apierrors.IsNotFound(err):
		return nil, "the pod was deleted together with its log"
	case err != nil:
		_, short := r.unreadable(err, kindLog)
		return nil, short
	case len(text) == 0:
		return nil, "the step wrote nothing"
	}
	all := strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n")
	return all[max(0, len(all)-lines):], ""
}

// positionOf returns where a task is defined, if the run was started by Start.
func (r *Run) positionOf(f TaskFailure) diag.Position {
	if r.place == nil {
		return diag.Position{}
	}
	return r.place(top(f))
}

package cluster

import (
	"context"
	"encoding/json"
	"fmt"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// CancelMode determines what still runs when a run is cancelled.
type CancelMode string

const (
	// CancelNow ends all tasks immediately, and does not run the finally tasks.
	CancelNow CancelMode = v1.PipelineRunSpecStatusCancelled
	// CancelRunFinally ends all tasks immediately, and then runs the finally
	// tasks.
	CancelRunFinally CancelMode = v1.PipelineRunSpecStatusCancelledRunFinally
	// CancelStop starts no new tasks, lets running tasks complete, and then
	// runs the finally tasks.
	CancelStop CancelMode = v1.PipelineRunSpecStatusStoppedRunFinally
)

// Cancel asks Tekton to cancel the run. It does not wait until the run has
// ended; use Follow for that. An empty mode means CancelNow, the only mode that
// a TaskRun supports. Cancel returns an *EndedError if the run has already
// ended, and a *NotFoundError if it does not exist.
//
// To cancel a run that takes too long, call Cancel from time.AfterFunc while
// Follow runs, as in the example of Follow. A context with a deadline would end
// Follow instead, and not the run.
func (r *Run) Cancel(ctx context.Context, mode CancelMode) error {
	if err := r.valid(); err != nil {
		return err
	}
	var status string
	switch {
	case mode == "":
		mode = CancelNow
		fallthrough
	case mode == CancelNow, mode == CancelRunFinally, mode == CancelStop:
		status = string(mode)
	default:
		return fmt.Errorf("cannot cancel %s with mode %q: use CancelNow, CancelRunFinally or CancelStop (--mode now, finally or stop)", r, mode)
	}
	if r.kind == KindTaskRun {
		if mode != CancelNow {
			return fmt.Errorf("cannot cancel %s with mode %q: a TaskRun has no finally tasks, use CancelNow (--mode now)", r, mode)
		}
		status = v1.TaskRunSpecStatusCancelled
	}
	run, err := r.get(ctx)
	if err != nil {
		return err
	}
	if err := r.endedError(run); err != nil {
		return err
	}
	patch, err := json.Marshal(map[string]any{
		// Do not cancel another run of that name.
		"metadata": map[string]any{"uid": uidOf(run)},
		"spec":     map[string]any{"status": status},
	})
	if err != nil {
		return err
	}
	o := metav1.PatchOptions{FieldManager: r.client.options.FieldManager}
	err = r.client.retry(ctx, func(ctx context.Context) error {
		return r.client.structured(r.kind, r.namespace).Patch(ctx, r.name, patch, o)
	})
	if err == nil {
		return nil
	}
	if apierrors.IsInvalid(err) || apierrors.IsBadRequest(err) { // it may have ended meanwhile
		if run, again := r.get(ctx); again == nil {
			if ended := r.endedError(run); ended != nil {
				return ended
			}
		}
	}
	return r.explain(err, "patch")
}

func uidOf(run runtime.Object) types.UID {
	if o, is := run.(metav1.Object); is {
		return o.GetUID()
	}
	return ""
}

// endedError returns an *EndedError if the run has ended.
func (r *Run) endedError(run runtime.Object) error {
	s, err := StatusOf(run)
	if err != nil || !s.State.Ended() {
		return err
	}
	return &EndedError{Kind: r.kind, Namespace: r.namespace, Name: r.name, State: s.State, Reason: s.Reason}
}

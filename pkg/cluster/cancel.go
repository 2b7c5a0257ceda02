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

// CancelMode says what still runs when a run is cancelled.
type CancelMode string

const (
	// CancelNow ends every task at once, and runs none of finally.
	CancelNow CancelMode = v1.PipelineRunSpecStatusCancelled
	// CancelRunFinally ends every task at once, and then runs those of finally.
	CancelRunFinally CancelMode = v1.PipelineRunSpecStatusCancelledRunFinally
	// CancelStop begins no further task, lets those that run come to their end,
	// and then runs those of finally.
	CancelStop CancelMode = v1.PipelineRunSpecStatusStoppedRunFinally
)

// Cancel asks Tekton to cancel the run, and does not wait until it has: Follow
// does. No mode is CancelNow, the only one that a TaskRun has. The error is an
// *EndedError if the run has ended, and a *NotFoundError if it is not there.
//
// To cancel a run that takes too long, call it by time.AfterFunc while Follow
// runs, as in the example of Follow. A context with a deadline would end Follow
// itself, and what becomes of the run then is not told.
func (r *Run) Cancel(ctx context.Context, mode CancelMode) error {
	var status string
	switch {
	case mode == "":
		mode = CancelNow
		fallthrough
	case mode == CancelNow, mode == CancelRunFinally, mode == CancelStop:
		status = string(mode)
	default:
		return fmt.Errorf("cannot cancel %s by mode %q: use CancelNow, CancelRunFinally or CancelStop (--mode now, finally or stop)", r, mode)
	}
	if r.kind == KindTaskRun {
		if mode != CancelNow {
			return fmt.Errorf("cannot cancel %s by mode %q: a TaskRun has no finally, use CancelNow (--mode now)", r, mode)
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
		// Another run of that name is not meant.
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

// endedError is an *EndedError if the run has ended.
func (r *Run) endedError(run runtime.Object) error {
	s, err := StatusOf(run)
	if err != nil || !s.State.Ended() {
		return err
	}
	return &EndedError{Kind: r.kind, Namespace: r.namespace, Name: r.name, State: s.State, Reason: s.Reason}
}

package cluster

import (
	"context"
	"errors"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

// lister returns the list and watch functions for a kind in a namespace.
func (c *Client) lister(kind, namespace string) *cache.ListWatch {
	objects := c.structured(kind, namespace)
	return &cache.ListWatch{ListWithContextFunc: objects.List, WatchFuncWithContext: objects.Watch}
}

// watched keeps a list of objects up to date.
type watched struct {
	kind     string
	selector metav1.ListOptions
	from     *cache.ListWatch
	attempts int // number of consecutive failures after which it gives up

	objects map[types.UID]runtime.Object // owned by the loop
	synced  bool                         // listed at least once; owned by the loop
}

// run sends changes to the loop until ctx ends. It returns an error if the
// server permanently rejects the request or does not answer for too long.
//
// client-go's RetryWatcher resumes a watch where it was interrupted. If the
// server no longer has the changes since then, everything is listed again.
func (w *watched) run(ctx context.Context, loop func(func())) error {
	ctx = quiet(ctx)
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	f := &streak{limit: w.attempts, giveUp: giveUp}
	wait.NonSlidingUntilWithContext(ctx, func(ctx context.Context) {
		version, err := w.list(ctx, loop)
		if f.count(err) || version == "" {
			return
		}
		retrying, err := watchtools.NewRetryWatcherWithContext(ctx, version, &cache.ListWatch{
			WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
				o.LabelSelector, o.FieldSelector = w.selector.LabelSelector, w.selector.FieldSelector
				got, err := w.from.WatchFuncWithContext(ctx, o)
				if apierrors.IsGone(err) || apierrors.IsResourceExpired(err) {
					return tooOld(), nil // RetryWatcher would retry in vain
				}
				f.count(err)
				return got, err
			},
		})
		if err != nil {
			f.count(err)
			return
		}
		for e := range retrying.ResultChan() {
			w.apply(e, loop)
		}
		<-retrying.Done()
	}, time.Second)
	var gaveUp *gaveUpError
	if cause := context.Cause(ctx); errors.As(cause, &gaveUp) {
		return gaveUp.err
	}
	return nil
}

// tooOld returns a watch that reports only that the resource version is too
// old. Some servers return that as an error instead.
func tooOld() watch.Interface {
	w := watch.NewRaceFreeFake()
	w.Error(&apierrors.NewResourceExpired("the resource version is too old").ErrStatus)
	return w
}

func (w *watched) list(ctx context.Context, loop func(func())) (version string, err error) {
	list, err := w.from.ListWithContextFunc(ctx, w.selector)
	if err != nil {
		return "", err
	}
	items, err := meta.ExtractList(list)
	if err != nil {
		return "", err
	}
	of, err := meta.ListAccessor(list)
	if err != nil {
		return "", err
	}
	all := map[types.UID]runtime.Object{}
	for _, item := range items {
		if o, err := meta.Accessor(item); err == nil {
			all[o.GetUID()] = item
		}
	}
	loop(func() { w.objects, w.synced = all, true })
	return of.GetResourceVersion(), nil
}

func (w *watched) apply(e watch.Event, loop func(func())) {
	o, err := meta.Accessor(e.Object)
	if err != nil {
		return // an error ends the watch, and everything is listed again
	}
	loop(func() {
		if e.Type == watch.Deleted {
			delete(w.objects, o.GetUID())
			return
		}
		w.objects[o.GetUID()] = e.Object
	})
}

// streak counts consecutive failures.
type streak struct {
	limit, since int
	giveUp       context.CancelCauseFunc
}

type gaveUpError struct{ err error }

func (e *gaveUpError) Error() string { return e.err.Error() }

// count reports whether err is not nil. It gives up if the error is permanent
// or one too many.
func (f *streak) count(err error) bool {
	silent, isSilent := errors.AsType[*silentError](err)
	switch {
	case err == nil:
		f.since = 0
		return false
	case isSilent:
		f.since += int(silent.limit / time.Second) // others come once a second
	case !passing(err):
		f.giveUp(&gaveUpError{err})
		return true
	}
	if f.since++; f.since >= f.limit {
		f.giveUp(&gaveUpError{&attemptsError{f.since, err}})
	}
	return true
}

// warningsOfPods selects the warnings about pods.
func warningsOfPods() metav1.ListOptions {
	return metav1.ListOptions{FieldSelector: "involvedObject.kind=Pod,type=" + corev1.EventTypeWarning}
}

package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/tekwright/tekwright/internal/callsite"
)

// FollowOptions are options for [Run.Follow]. The zero value is valid.
type FollowOptions struct {
	// Events, if not nil, is called with each event exactly once, never
	// concurrently. It should return quickly, because it blocks Follow.
	Events func(Event)

	// Status, if not nil, is called with the state of the run whenever it has
	// changed, for example to draw it. It is never called concurrently with
	// itself or Events, and should return quickly.
	Status func(Status)

	// Logs reports the log lines of the steps as events of type EventLog. It
	// requires permission to get pods/log; without it, a warning is reported
	// instead.
	Logs bool

	// LastLines is the number of last log lines of a failed step to keep in the
	// Outcome. The default is 10; a negative value means none.
	LastLines int

	// Attempts is how many times in a row the server may fail to answer before
	// Follow gives up. The default is 120, which takes at least two minutes.
	Attempts int

	// IdleTimeout is how long to wait for Tekton to start processing the run
	// before an event reports that nothing happens, and how long to wait for
	// missing events and logs after the run has ended. The default is 10
	// seconds.
	IdleTimeout time.Duration
}

func (o FollowOptions) withDefaults() FollowOptions {
	o.LastLines = max(cmp.Or(o.LastLines, 10), 0)
	o.Attempts = cmp.Or(o.Attempts, 120)
	o.IdleTimeout = cmp.Or(o.IdleTimeout, 10*time.Second)
	if o.Events == nil {
		o.Events = func(Event) {}
	}
	if o.Status == nil {
		o.Status = func(Status) {}
	}
	return o
}

// Follow follows the run until it ends, and returns its outcome. A failed run
// is not an error of Follow; Outcome.Err turns it into one.
//
// Follow watches the run. It resumes after a lost connection without repeating
// or losing events. If the run has already ended, its events are reported from
// the beginning.
//
// Follow returns an error only if it cannot follow the run. If ctx ends, the error wraps its cause,
// and the run continues; use Cancel to stop it. If the run is deleted, the
// error is a *NotFoundError. In these cases the Outcome holds the last known
// state.
//
// Follow needs the permissions listed in the package documentation. If some are
// missing, it returns a *ForbiddenError, and the run continues: grant the
// permissions and call Follow again, or Cancel the run. Follow may be called
// several times, also concurrently; each call reports all events from the
// beginning.
func (r *Run) Follow(ctx context.Context, o FollowOptions) (Outcome, error) {
	if err := r.valid(); err != nil {
		return Outcome{}, err
	}
	o = o.withDefaults()
	inner, stop := context.WithCancel(ctx)
	f := &follower{
		run: r, o: o, ctx: inner, inbox: make(chan func()),
		sources: map[string]*watched{}, reported: map[string]bool{}, logs: map[string]*podLog{}, uid: r.uid,
	}
	var err error
	if p := callsite.Catch(func() { err = f.follow() }); p != nil {
		err = fmt.Errorf("stopped following %s in namespace %q, which keeps running, because a function of FollowOptions was called: %w", r, r.namespace, p)
	}
	stop()
	f.running.Wait()
	outcome := f.outcome(ctx)
	switch {
	case err == nil:
		return outcome, nil
	case ctx.Err() != nil:
		return outcome, fmt.Errorf("stopped following %s in namespace %q, which keeps running: %w", r, r.namespace, context.Cause(ctx))
	}
	var forbidden *ForbiddenError
	if errors.As(err, &forbidden) && (f.seen || r.uid != "") {
		err = fmt.Errorf("cannot follow %s in namespace %q, which keeps running: %w", r, r.namespace, err)
	}
	return outcome, err
}

// follower follows one run. All fields except inbox are owned by one goroutine,
// the loop.
type follower struct {
	run     *Run
	o       FollowOptions
	ctx     context.Context
	running sync.WaitGroup
	inbox   chan func() // work for the loop

	sources  map[string]*watched // by kind and selector
	logs     map[string]*podLog  // by pod
	reported map[string]bool
	warnings []string

	uid     types.UID
	seen    bool // the run itself has been seen
	changed bool // since the status was computed
	status  Status
	err     error
}

// do has the loop run a function, and waits until the loop receives it.
func (f *follower) do(work func()) {
	select {
	case f.inbox <- work:
	case <-f.ctx.Done():
	}
}

// start runs a function in a goroutine that Follow waits for.
func (f *follower) start(do func()) { f.running.Go(do) }

// watch starts watching a kind, once. Failures are ignored, except for a
// warning, unless it is needed.
func (f *follower) watch(kind string, selector metav1.ListOptions, needed bool) {
	key := kind + "\x00" + selector.LabelSelector + "\x00" + selector.FieldSelector
	if f.sources[key] != nil {
		return
	}
	w := &watched{
		kind: kind, selector: selector, attempts: f.o.Attempts, synced: !needed,
		from: f.run.client.lister(kind, f.run.namespace), objects: map[types.UID]runtime.Object{},
	}
	f.sources[key] = w
	f.start(func() {
		err := w.run(f.ctx, func(do func()) { f.do(func() { do(); f.changed = true }) })
		if err == nil {
			return
		}
		err = f.run.client.doubted(f.ctx, err)
		f.do(func() {
			if needed {
				f.err = f.run.explainKind(err, kind, "list")
				return
			}
			full, _ := f.run.unreadable(err, kind)
			f.warn("cannot read why pods do not start: " + full)
		})
	})
}

func (f *follower) warn(message string) {
	if slices.Contains(f.warnings, message) {
		return
	}
	f.warnings = append(f.warnings, message)
	f.o.Events(Event{Type: EventWarning, Kind: f.run.kind, Run: f.run.name, Message: message})
}

// alarm returns a channel that is closed after IdleTimeout.
func (f *follower) alarm() <-chan struct{} {
	ctx, cancel := context.WithTimeout(f.ctx, f.o.IdleTimeout)
	context.AfterFunc(f.ctx, cancel)
	return ctx.Done()
}

func (f *follower) follow() error {
	f.watch(f.run.kind, metav1.ListOptions{FieldSelector: "metadata.name=" + f.run.name}, true)
	if f.run.kind == KindPipelineRun {
		f.watch(KindTaskRun, metav1.ListOptions{LabelSelector: pipeline.PipelineRunLabelKey + "=" + f.run.name}, true)
	}
	neglected := f.alarm()
	var settled <-chan struct{}
	late := false // do not wait for missing events any longer
	for {
		select {
		case do := <-f.inbox:
			do()
			f.drain()
		case <-f.ctx.Done():
			return context.Cause(f.ctx)
		case <-neglected:
			neglected = nil
			f.neglected()
			continue
		case <-settled:
			late, settled, f.changed = true, nil, true
			for _, l := range f.logs {
				f.hurry(l)
			}
		}
		if f.err != nil {
			return f.err
		}
		if !f.changed || !f.synced() {
			continue
		}
		f.changed = false
		if known, err := f.look(); err != nil {
			return err
		} else if !known {
			continue
		}
		ended := f.status.State.Ended()
		over := ended && (late || f.complete(f.status))
		f.emit(over)
		if over && f.drained() {
			return nil
		}
		if ended && settled == nil && !late {
			settled = f.alarm()
		}
	}
}

// drain runs all waiting functions, so that the status is computed only once
// for many changes.
func (f *follower) drain() {
	for {
		select {
		case do := <-f.inbox:
			do()
		default:
			return
		}
	}
}

func (f *follower) synced() bool {
	for _, s := range f.sources {
		if !s.synced {
			return false
		}
	}
	return true
}

func (f *follower) neglected() {
	if f.seen && f.status.State == StatePending {
		f.o.Events(Event{
			Type: EventRunWaiting, Kind: f.run.kind, Run: f.run.name, State: StatePending,
			Message: "Tekton has not started it yet: check that the controller is running and watches the namespace",
		})
	}
}

// look computes the status from what has been watched, unless it has to watch
// more first.
func (f *follower) look() (known bool, err error) {
	var root runtime.Object
	var others []runtime.Object
	replaced := false
	for _, s := range f.sources {
		for _, o := range s.objects {
			if object, is := o.(metav1.Object); is && s.kind == f.run.kind && object.GetName() == f.run.name {
				if f.uid == "" {
					f.uid = object.GetUID()
				}
				if object.GetUID() != f.uid {
					replaced = true
					continue
				}
				root, f.seen = o, true
				continue
			}
			others = append(others, o)
		}
	}
	if root == nil {
		return false, &NotFoundError{
			Kind: f.run.kind, Namespace: f.run.namespace, Name: f.run.name,
			Deleted: f.seen || f.uid != "" && !replaced, Replaced: replaced,
		}
	}
	if p, is := root.(*v1.PipelineRun); is {
		if f.more(p); !f.synced() {
			return false, nil
		}
		if p.Status.PipelineSpec == nil && !p.IsDone() {
			others = nil // wait for the spec of the pipeline, which has the matrix of a task
		}
	}
	status, err := StatusOf(root, others...)
	if err != nil {
		return false, err
	}
	f.status = status
	if f.waits(status) {
		f.watch(kindEvent, warningsOfPods(), false)
	}
	f.o.Status(status)
	return true, nil
}

// more watches the custom runs and nested pipelines that the run turns out to
// have.
func (f *follower) more(run *v1.PipelineRun) {
	of := metav1.ListOptions{LabelSelector: pipeline.PipelineRunLabelKey + "=" + run.Name}
	for _, c := range run.Status.ChildReferences {
		f.watch(c.Kind, of, true)
	}
	key := ownerKey(run)
	for _, s := range f.sources {
		if s.kind != KindPipelineRun {
			continue
		}
		for _, o := range s.objects {
			if nested, is := o.(*v1.PipelineRun); is && ownerOf(nested) == key {
				f.more(nested)
			}
		}
	}
}

// waits reports whether an attempt has a pod that is not running yet.
func (f *follower) waits(s Status) bool {
	for _, t := range s.Tasks {
		for _, r := range t.Runs {
			if r.State == StateWaiting && r.Pod != "" || r.Nested != nil && f.waits(*r.Nested) {
				return true
			}
		}
	}
	return false
}

// complete reports whether an ended run has reported everything: Tekton ends a
// cancelled run before its tasks.
func (f *follower) complete(s Status) bool {
	for _, t := range s.Tasks {
		for _, r := range t.Runs {
			if !r.State.Ended() || r.Nested != nil && !f.complete(*r.Nested) {
				return false
			}
		}
	}
	return true
}

// emit reports the events that have not been reported, up to the first that has
// to wait for a log: the log of a step comes before its end, and its end before
// later events.
func (f *follower) emit(over bool) {
	pods := f.pods(f.status)
	for _, e := range history(f.status, nil) {
		switch {
		case f.reported[e.key]:
			continue
		case !f.drainedOf(e.after), e.Type == EventRunFinished && !(over && f.drained()):
			return
		}
		f.reported[e.key] = true
		f.o.Events(e.Event)
		if p, has := pods[e.pod]; has && f.logs[e.pod] == nil {
			f.startLog(p)
		}
	}
}

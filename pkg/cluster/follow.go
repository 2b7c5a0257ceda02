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
)

// FollowOptions say how a run is followed. The zero value is of use.
type FollowOptions struct {
	// Events is called with each event, once, and never twice at the same time.
	// It should return soon: nothing else is followed meanwhile. Nil tells
	// nothing.
	Events func(Event)

	// Status is called with the state of the run whenever it has changed, in the
	// same way: to draw it. Nil tells nothing.
	Status func(Status)

	// Logs tells what the steps write, a line at a time, as events of type
	// EventLog. The account needs the right to get pods/log; where it has not,
	// there is a warning instead.
	Logs bool

	// LastLines is how many of the last lines of a failed step the outcome
	// holds; 10 if zero, none if negative.
	LastLines int

	// Attempts is how often in a row the server may fail to answer before Follow
	// gives up; 120 if zero, which is two minutes at least.
	Attempts int

	// IdleTimeout is how long to wait for Tekton to take up a run before an event
	// says that nobody does, and for what is left to tell when the run has
	// ended; 10 seconds if zero.
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

// Follow follows the run to its end, whichever that is, and returns what came
// out: a run that failed is an outcome, and Outcome.Err makes an error of it.
//
// It watches; a connection that was lost is taken up again, and no event is
// told twice or left out. A run that has ended already is told from its
// beginning.
//
// The error is about following. When ctx ends, it wraps the cause, and the run
// goes on: see Cancel. When the run is deleted, it is a *NotFoundError. The outcome
// then holds what was known last.
//
// The account needs the rights that the package lists for it. Where they are
// missing, the error is a *ForbiddenError, and the run goes on: Follow it again when
// they are there, or Cancel it. A second Follow, at the same time or later, tells
// everything from the beginning.
func (r *Run) Follow(ctx context.Context, o FollowOptions) (Outcome, error) {
	if err := r.valid(); err != nil {
		return Outcome{}, err
	}
	o = o.withDefaults()
	inner, stop := context.WithCancel(ctx)
	f := &follower{
		run: r, o: o, ctx: inner, inbox: make(chan func()),
		sources: map[string]*watched{}, told: map[string]bool{}, logs: map[string]*podLog{}, uid: r.uid,
	}
	err := f.follow()
	stop()
	f.running.Wait()
	outcome := f.outcome(ctx)
	switch {
	case err == nil:
		return outcome, nil
	case ctx.Err() != nil:
		return outcome, fmt.Errorf("stopped following %s in namespace %q, which goes on: %w", r, r.namespace, context.Cause(ctx))
	}
	var rights *ForbiddenError
	if errors.As(err, &rights) && (f.seen || r.uid != "") {
		err = fmt.Errorf("cannot follow %s in namespace %q, which goes on: %w", r, r.namespace, err)
	}
	return outcome, err
}

// follower follows one run. One goroutine, the loop, owns all but inbox.
type follower struct {
	run     *Run
	o       FollowOptions
	ctx     context.Context
	running sync.WaitGroup
	inbox   chan func() // what the loop is to do next

	sources  map[string]*watched // by what they list
	logs     map[string]*podLog  // by pod
	told     map[string]bool
	warnings []string

	uid     types.UID
	seen    bool // the run itself
	changed bool // since the status was made
	status  Status
	err     error
}

// tell has the loop do something, and waits until it takes it up.
func (f *follower) tell(do func()) {
	select {
	case f.inbox <- do:
	case <-f.ctx.Done():
	}
}

// start runs something beside the loop until the run has been followed.
func (f *follower) start(do func()) { f.running.Go(do) }

// watch begins to watch a kind, once. What is watched without need may fail.
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
		err := w.run(f.ctx, func(do func()) { f.tell(func() { do(); f.changed = true }) })
		if err == nil {
			return
		}
		f.tell(func() {
			if needed {
				f.err = f.run.explainKind(err, kind, "list")
				return
			}
			full, _ := f.run.unreadable(err, kind)
			f.warn("it is not known why pods do not start: " + full)
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

// alarm ends its channel when the patience is at an end.
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
	late := false // what is left to tell is not waited for any longer
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

// drain does what is waiting, so that the status is made but once of many
// changes.
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
			Message: "nobody has taken it up: does Tekton's controller run, and does it watch the namespace?",
		})
	}
}

// look makes the status of what has been watched, unless more must be watched
// for it.
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
			others = nil // tasks come before what is known of them, such as their matrix
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

// more watches what the run turns out to have: custom runs, and pipelines in it.
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

// waits tells whether an attempt has a pod that does not run yet.
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

// complete tells whether nothing of an ended run is still to come: Tekton ends
// a run that is cancelled before its tasks.
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

// emit tells what has not been told, up to what has to wait for a log: so what
// a step wrote stands before its end, and its end before what comes after it.
func (f *follower) emit(over bool) {
	pods := f.pods(f.status)
	for _, e := range history(f.status, nil) {
		switch {
		case f.told[e.key]:
			continue
		case !f.drainedOf(e.after), e.Type == EventRunFinished && !(over && f.drained()):
			return
		}
		f.told[e.key] = true
		f.o.Events(e.Event)
		if p, has := pods[e.pod]; has && f.logs[e.pod] == nil {
			f.startLog(p)
		}
	}
}

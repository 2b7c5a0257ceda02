package cluster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// StatusOf returns the status of a PipelineRun or TaskRun of version v1,
// computed from recorded objects without a cluster. The others are its
// TaskRuns, CustomRuns and nested PipelineRuns, and warnings (core Events)
// about their pods. Objects of other runs are ignored.
func StatusOf(run runtime.Object, others ...runtime.Object) (Status, error) {
	r := newRecords(others)
	switch run := run.(type) {
	case *v1.PipelineRun:
		return r.pipelineRun(run), nil
	case *v1.TaskRun:
		return r.taskRun(run), nil
	}
	return Status{}, fmt.Errorf("%T is not a PipelineRun or TaskRun of tekton.dev/v1", run)
}

// records are objects, indexed by what they belong to.
type records struct {
	children map[string][]metav1.Object // by owner: see ownerKey
	warnings map[string][]*corev1.Event // by pod
}

func newRecords(objects []runtime.Object) *records {
	r := &records{children: map[string][]metav1.Object{}, warnings: map[string][]*corev1.Event{}}
	for _, o := range objects {
		switch o := o.(type) {
		case *corev1.Event:
			if o.InvolvedObject.Kind == "Pod" && o.Type == corev1.EventTypeWarning {
				key := o.InvolvedObject.Namespace + "/" + o.InvolvedObject.Name
				r.warnings[key] = append(r.warnings[key], o)
			}
		case *v1.TaskRun, *v1.PipelineRun, *v1beta1.CustomRun:
			child := o.(metav1.Object)
			if key := ownerOf(child); key != "" {
				r.children[key] = append(r.children[key], child)
			}
		}
	}
	for _, children := range r.children {
		slices.SortFunc(children, func(a, b metav1.Object) int { return naturally(a.GetName(), b.GetName()) })
	}
	for _, warnings := range r.warnings {
		slices.SortFunc(warnings, func(a, b *corev1.Event) int {
			return cmp.Or(a.LastTimestamp.Compare(b.LastTimestamp.Time), cmp.Compare(a.Name, b.Name))
		})
	}
	return r
}

// ownerOf returns a key for the PipelineRun that owns an object. It includes
// the UID, so that a run recreated with the same name does not get the tasks of
// the old one.
func ownerOf(o metav1.Object) string {
	if c := metav1.GetControllerOf(o); c != nil {
		if c.Kind != KindPipelineRun {
			return ""
		}
		return o.GetNamespace() + "/" + c.Name + "/" + string(c.UID)
	}
	return ""
}

func ownerKey(run *v1.PipelineRun) string {
	return run.Namespace + "/" + run.Name + "/" + string(run.UID)
}

// naturally compares names so that x-10 comes after x-9, as the TaskRuns of a
// matrix are numbered.
func naturally(a, b string) int {
	x, y := strings.TrimRight(a, "0123456789"), strings.TrimRight(b, "0123456789")
	if x != y {
		return cmp.Compare(a, b)
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func (r *records) pipelineRun(run *v1.PipelineRun) Status {
	s := Status{
		Kind: KindPipelineRun, Namespace: run.Namespace, Name: run.Name,
		Started: instant(run.Status.StartTime), Finished: instant(run.Status.CompletionTime),
	}
	if run.Spec.PipelineRef != nil {
		s.Ref = run.Spec.PipelineRef.Name
	}
	s.State, s.Reason, s.Message = stateOfPipelineRun(run)
	if s.State == StateWaiting && s.Message != "" {
		s.Waiting = []Reason{{s.Reason, s.Message}}
	}
	s.Timeout = timeoutOfPipelineRun(run)
	for _, result := range run.Status.Results {
		s.Results = append(s.Results, Result{result.Name, result.Value})
	}
	s.Tasks = r.tasks(run)
	return s
}

// tasks returns the tasks of a pipeline with their runs.
func (r *records) tasks(run *v1.PipelineRun) []TaskStatus {
	spec := run.Status.PipelineSpec
	if spec == nil {
		spec = run.Spec.PipelineSpec
	}
	if spec == nil {
		spec = &v1.PipelineSpec{}
	}
	runs := map[string][]RunStatus{}
	var order []string
	seen := map[string]bool{}
	add := func(task string, child RunStatus) {
		if runs[task] == nil {
			order = append(order, task)
		}
		runs[task] = append(runs[task], child)
		seen[child.Kind+"/"+child.Name] = true
	}
	tasks := pipelineTasks(spec)
	matrices := map[string]*v1.Matrix{}
	for _, t := range tasks {
		matrices[t.Name] = t.Matrix
	}
	for _, child := range r.children[ownerKey(run)] {
		task := child.GetLabels()[pipeline.PipelineTaskLabelKey]
		add(task, r.child(run, child, matrices[task]))
	}
	for _, ref := range run.Status.ChildReferences {
		if !seen[ref.Kind+"/"+ref.Name] {
			add(ref.PipelineTaskName, RunStatus{Kind: ref.Kind, Name: ref.Name, Attempt: Attempt{State: StateUnknown}})
		}
	}
	skipped := map[string]v1.SkippedTask{}
	for _, s := range run.Status.SkippedTasks {
		skipped[s.Name] = s
	}
	var statuses []TaskStatus
	for _, task := range tasks {
		s := TaskStatus{Name: task.Name, DisplayName: task.DisplayName, Finally: task.finally, Runs: runs[task.Name]}
		s.State = stateOfTask(s.Runs)
		if skip, is := skipped[task.Name]; is && len(s.Runs) == 0 {
			s.State, s.Reason = StateSkipped, string(skip.Reason)
			if skip.Reason == v1.WhenExpressionsSkip {
				s.When = skip.WhenExpressions
			}
		}
		if s.State == StatePending && len(s.Runs) == 0 && run.IsDone() {
			s.State, s.Reason = StateSkipped, SkippedByEnd
		}
		delete(runs, task.Name)
		statuses = append(statuses, s)
	}
	for _, task := range order {
		if left := runs[task]; left != nil { // the status does not contain the pipeline's spec yet
			statuses = append(statuses, TaskStatus{Name: task, State: stateOfTask(left), Runs: left})
		}
	}
	return statuses
}

type pipelineTask struct {
	*v1.PipelineTask
	finally bool
}

func pipelineTasks(spec *v1.PipelineSpec) []pipelineTask {
	var tasks []pipelineTask
	for i := range spec.Tasks {
		tasks = append(tasks, pipelineTask{&spec.Tasks[i], false})
	}
	for i := range spec.Finally {
		tasks = append(tasks, pipelineTask{&spec.Finally[i], true})
	}
	return tasks
}

// stateOfTask returns the state of a task with these runs.
func stateOfTask(runs []RunStatus) State {
	if len(runs) == 0 {
		return StatePending
	}
	for _, s := range []State{StateRunning, StateWaiting, StatePending, StateFailed, StateTimedOut, StateCancelled, StateUnknown} {
		if slices.ContainsFunc(runs, func(r RunStatus) bool { return r.State == s }) {
			return s
		}
	}
	return StateSucceeded
}

func (r *records) child(parent *v1.PipelineRun, child metav1.Object, matrix *v1.Matrix) RunStatus {
	switch child := child.(type) {
	case *v1.TaskRun:
		s := r.run(child, parent)
		s.Matrix = combination(child.Spec.Params, matrix)
		return s
	case *v1beta1.CustomRun:
		s := customRun(child)
		s.Matrix = combination(paramsOf(child), matrix)
		return s
	case *v1.PipelineRun:
		nested := r.pipelineRun(child)
		return RunStatus{
			Kind: KindPipelineRun, Name: child.Name, Nested: &nested, Results: nested.Results,
			Matrix: combination(child.Spec.Params, matrix),
			Attempt: Attempt{
				State: nested.State, Reason: nested.Reason, Message: nested.Message, Waiting: nested.Waiting,
				Timeout: nested.Timeout, Started: nested.Started, Finished: nested.Finished,
			},
		}
	}
	return RunStatus{}
}

// combination returns the params that a run got from the matrix.
func combination(params []v1.Param, matrix *v1.Matrix) []v1.Param {
	if matrix == nil {
		return nil
	}
	names := map[string]bool{}
	for _, p := range matrix.Params {
		names[p.Name] = true
	}
	for _, i := range matrix.Include {
		for _, p := range i.Params {
			names[p.Name] = true
		}
	}
	var of []v1.Param
	for _, p := range params {
		if names[p.Name] {
			of = append(of, p)
		}
	}
	slices.SortStableFunc(of, func(a, b v1.Param) int { return cmp.Compare(a.Name, b.Name) })
	return of
}

// taskRun returns the status of a TaskRun that belongs to no PipelineRun.
func (r *records) taskRun(run *v1.TaskRun) Status {
	of := r.run(run, nil)
	s := Status{
		Kind: KindTaskRun, Namespace: run.Namespace, Name: run.Name,
		State: of.State, Reason: of.Reason, Message: of.Message, Waiting: of.Waiting, Timeout: of.Timeout,
		Started: of.Started, Finished: of.Finished, Results: of.Results,
	}
	if len(of.Earlier) > 0 {
		s.Started = of.Earlier[0].Started
	}
	if run.Spec.TaskRef != nil {
		s.Ref = run.Spec.TaskRef.Name
	}
	s.Tasks = []TaskStatus{{Name: cmp.Or(s.Ref, s.Name), State: of.State, Runs: []RunStatus{of}}}
	return s
}

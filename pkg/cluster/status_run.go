package cluster

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/pkg/apis"
)

func instant(t *metav1.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time.UTC()
}

func stateOfPipelineRun(run *v1.PipelineRun) (State, string, string) {
	c := run.Status.GetCondition(apis.ConditionSucceeded)
	if c == nil {
		if run.Spec.Status == v1.PipelineRunSpecStatusPending {
			return StateWaiting, v1.PipelineRunSpecStatusPending, "spec.status keeps the run pending: remove it"
		}
		return StatePending, "", ""
	}
	switch c.Status {
	case corev1.ConditionTrue:
		return StateSucceeded, c.Reason, c.Message
	case corev1.ConditionFalse:
		switch v1.PipelineRunReason(c.Reason) {
		case v1.PipelineRunReasonCancelled:
			return StateCancelled, c.Reason, c.Message
		case v1.PipelineRunReasonTimedOut:
			return StateTimedOut, c.Reason, c.Message
		}
		return StateFailed, c.Reason, c.Message
	}
	switch v1.PipelineRunReason(c.Reason) {
	case v1.PipelineRunReasonPending, v1.PipelineRunReasonResolvingPipelineRef:
		return StateWaiting, c.Reason, c.Message
	}
	return StateRunning, c.Reason, c.Message
}

// tasksLimit is part of Tekton's message for a timeout of the tasks, whose
// reason is the same as for a timeout of the whole pipeline.
const tasksLimit = "due to tasks failed to finish within"

func timeoutOfPipelineRun(run *v1.PipelineRun) *Timeout {
	c := run.Status.GetCondition(apis.ConditionSucceeded)
	if c == nil || c.Status != corev1.ConditionFalse || c.Reason != string(v1.PipelineRunReasonTimedOut) {
		return nil
	}
	if strings.Contains(c.Message, tasksLimit) {
		return limitOf(run, false)
	}
	t := &Timeout{Field: "spec.timeouts.pipeline", Limit: within(c.Message)}
	if run.Spec.Timeouts == nil || run.Spec.Timeouts.Pipeline == nil {
		t.Field = "default-timeout-minutes of ConfigMap config-defaults"
	}
	return t
}

// limitOf returns the timeout that a PipelineRun sets for its tasks or for its
// finally tasks.
func limitOf(run *v1.PipelineRun, finally bool) *Timeout {
	t, limit, field, other := run.Spec.Timeouts, run.TasksTimeout(), "spec.timeouts.tasks", "spec.timeouts.finally"
	given := t != nil && t.Tasks != nil
	if finally {
		limit, given = run.FinallyTimeout(), t != nil && t.Finally != nil
		field, other = other, field
	}
	if limit == nil {
		return nil
	}
	if !given {
		field = "spec.timeouts.pipeline less " + other
	}
	return &Timeout{Field: field, Limit: limit.Duration}
}

var inQuotes = pattern(`within "([^"]*)"`)

// within returns the duration in a message of Tekton; 0 if there is none.
func within(message string) time.Duration {
	m := inQuotes().FindStringSubmatch(message)
	if m == nil {
		return 0
	}
	d, _ := time.ParseDuration(m[1])
	return d
}

// run returns the status of a TaskRun. The parent is nil if it belongs to no
// PipelineRun.
func (r *records) run(run *v1.TaskRun, parent *v1.PipelineRun) RunStatus {
	s := RunStatus{Kind: KindTaskRun, Name: run.Name}
	for i := range run.Status.RetriesStatus {
		earlier := attempt(&run.Status.RetriesStatus[i], run.Status.TaskSpec)
		s.Earlier = append(s.Earlier, earlier)
	}
	status := &run.Status
	if n := len(status.RetriesStatus); n > 0 {
		status = status.DeepCopy()
		status.Steps = slices.DeleteFunc(status.Steps, func(s v1.StepState) bool {
			return leftOver(s, status.RetriesStatus[n-1].Steps, status.CompletionTime != nil)
		})
	}
	s.Attempt = attempt(status, cmp.Or(run.Status.TaskSpec, run.Spec.TaskSpec))
	s.Ignored = s.Reason == string(v1.TaskRunReasonFailureIgnored)
	for _, result := range run.Status.Results {
		s.Results = append(s.Results, Result{result.Name, result.Value})
	}
	switch {
	case s.State == StateCancelled && run.Spec.StatusMessage == v1.TaskRunCancelledByPipelineTimeoutMsg:
		s.State = StateTimedOut
		s.Timeout = timeoutByParent(parent, run.Labels[memberOf] == "finally")
	case s.State == StateTimedOut:
		s.Timeout = &Timeout{Field: fieldOfTimeout(run, parent), Limit: within(s.Message)}
	case (s.State == StatePending || s.State == StateWaiting) && run.Spec.Status == v1.TaskRunSpecStatusPending:
		s.State = StateWaiting
		s.Message = "" // which would repeat it
		s.Waiting = []Reason{{v1.TaskRunSpecStatusPending, "spec.status keeps the run pending: remove it"}}
	}
	if s.State == StateWaiting || (s.State == StateFailed || s.State == StateTimedOut) && !hasRun(s.Attempt) {
		s.Waiting = append(s.Waiting, waiting(s.Attempt, r.warnings[run.Namespace+"/"+s.Pod])...)
	}
	return s
}

// leftOver reports whether a step is that of the previous attempt, which Tekton
// leaves in the status until the pod of the next attempt has started.
func leftOver(s v1.StepState, before []v1.StepState, ended bool) bool {
	if s.Terminated == nil || ended && s.Terminated.ContainerID == "" {
		return false
	}
	return slices.ContainsFunc(before, func(b v1.StepState) bool {
		return b.Name == s.Name && b.Terminated != nil && *b.Terminated == *s.Terminated
	})
}

// memberOf is the label of a TaskRun that distinguishes tasks from finally
// tasks.
const memberOf = "tekton.dev/memberOf"

func timeoutByParent(parent *v1.PipelineRun, finally bool) *Timeout {
	if parent == nil {
		return nil
	}
	if t := timeoutOfPipelineRun(parent); t != nil && t.Field == "spec.timeouts.pipeline" {
		return t
	}
	if limit := limitOf(parent, finally); limit != nil {
		return limit
	}
	if t := parent.Spec.Timeouts; t != nil && t.Pipeline != nil { // the status of the run does not show it yet
		return &Timeout{Field: "spec.timeouts.pipeline", Limit: t.Pipeline.Duration}
	}
	return nil
}

// fieldOfTimeout returns where the timeout of a TaskRun is set.
func fieldOfTimeout(run *v1.TaskRun, parent *v1.PipelineRun) string {
	if parent == nil {
		return "spec.timeout"
	}
	task := run.Labels["tekton.dev/pipelineTask"]
	for i, s := range parent.Spec.TaskRunSpecs {
		if s.PipelineTaskName == task && s.Timeout != nil {
			return "spec.taskRunSpecs[" + strconv.Itoa(i) + "].timeout"
		}
	}
	if parent.Status.PipelineSpec != nil {
		for _, t := range pipelineTasks(parent.Status.PipelineSpec) {
			if t.Name == task && t.Timeout != nil {
				return "the timeout of task \"" + task + "\""
			}
		}
	}
	return "default-timeout-minutes of ConfigMap config-defaults"
}

func attempt(status *v1.TaskRunStatus, spec *v1.TaskSpec) Attempt {
	a := Attempt{
		State: StatePending, Pod: status.PodName,
		Started: instant(status.StartTime), Finished: instant(status.CompletionTime),
		Steps: steps(status, spec),
	}
	c := status.GetCondition(apis.ConditionSucceeded)
	if c == nil {
		return a
	}
	a.Reason, a.Message = c.Reason, c.Message
	switch c.Status {
	case corev1.ConditionTrue:
		a.State = StateSucceeded
	case corev1.ConditionFalse:
		switch v1.TaskRunReason(c.Reason) {
		case v1.TaskRunReasonCancelled:
			a.State = StateCancelled
		case v1.TaskRunReasonTimedOut:
			a.State = StateTimedOut
		default:
			a.State = StateFailed
		}
	default:
		switch v1.TaskRunReason(c.Reason) {
		case v1.TaskRunReasonStarted, v1.TaskRunReasonRunning, v1.TaskRunReasonToBeRetried:
			a.State = StateRunning
		default:
			a.State = StateWaiting
		}
	}
	return a
}

// waiting returns what keeps an attempt from running, without the states that
// every pod goes through.
func waiting(a Attempt, warnings []*corev1.Event) []Reason {
	var reasons []Reason
	if a.State == StateWaiting && worthReporting(a.Message) {
		reasons = append(reasons, Reason{a.Reason, a.Message})
	}
	for _, w := range warnings {
		reason := Reason{w.Reason, w.Message}
		if len(reasons) == 0 || !strings.Contains(reasons[0].Message, w.Message) {
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

// hasRun reports whether a step of the attempt has started.
func hasRun(a Attempt) bool {
	return slices.ContainsFunc(a.Steps, func(s StepStatus) bool { return !s.Started.IsZero() })
}

func worthReporting(message string) bool {
	switch {
	case message == "", message == "Pending", strings.HasSuffix(message, `message: ""`):
		return false
	case strings.HasPrefix(message, `pod status "PodScheduled"`):
		return true
	case strings.HasPrefix(message, `pod status "`): // containers are starting
		return false
	}
	return true
}

func steps(status *v1.TaskRunStatus, spec *v1.TaskSpec) []StepStatus {
	of := map[string]StepStatus{}
	var order []string
	for _, s := range status.Steps {
		step := stepStatus(s)
		of[step.Name] = step
		order = append(order, step.Name)
	}
	if spec == nil {
		spec = &v1.TaskSpec{}
	}
	var all []StepStatus
	for i, s := range spec.Steps {
		name := cmp.Or(s.Name, "unnamed-"+strconv.Itoa(i))
		step, has := of[name]
		if !has {
			step = StepStatus{Name: name, Container: "step-" + name, State: StatePending}
		}
		delete(of, name)
		all = append(all, step)
	}
	for _, name := range order {
		if step, has := of[name]; has {
			all = append(all, step)
		}
	}
	inTurn(all)
	return all
}

// inTurn marks steps as pending if a previous step has not ended: all
// containers of a pod start together, and each waits for the previous one.
// Until a step has ended, the cluster reports when its container started.
func inTurn(steps []StepStatus) {
	busy := false
	var before time.Time
	for i := range steps {
		s := &steps[i]
		switch {
		case s.State == StateRunning && busy:
			s.State, s.Started = StatePending, time.Time{}
		case s.State == StateRunning && s.Started.Before(before):
			s.Started = before
		}
		busy = busy || s.State == StateRunning || s.State == StateWaiting
		if s.Finished.After(before) {
			before = s.Finished
		}
	}
}

func stepStatus(s v1.StepState) StepStatus {
	step := StepStatus{Name: s.Name, Container: s.Container, State: StatePending}
	switch {
	case s.Running != nil:
		step.State, step.Started = StateRunning, instant(&s.Running.StartedAt)
	case s.Waiting != nil:
		step.State, step.Reason = StateWaiting, s.Waiting.Reason
	case s.Terminated != nil:
		step.Reason = cmp.Or(s.TerminationReason, s.Terminated.Reason)
		step.ExitCode = s.Terminated.ExitCode
		step.Started, step.Finished = instant(&s.Terminated.StartedAt), instant(&s.Terminated.FinishedAt)
		switch {
		case step.Reason == "Skipped":
			step.State = StateSkipped
		case step.Reason == "Cancelled", step.Reason == string(v1.TaskRunReasonCancelled):
			step.State = StateCancelled
		case step.Reason == "TimeoutExceeded", step.Reason == string(v1.TaskRunReasonTimedOut):
			step.State = StateTimedOut
		case step.ExitCode != 0, step.Reason == "OOMKilled":
			step.State = StateFailed
		default:
			step.State = StateSucceeded
		}
	}
	return step
}

func customRun(run *v1beta1.CustomRun) RunStatus {
	s := RunStatus{Kind: KindCustomRun, Name: run.Name}
	s.State = StatePending
	s.Started, s.Finished = instant(run.Status.StartTime), instant(run.Status.CompletionTime)
	for _, r := range run.Status.Results {
		s.Results = append(s.Results, Result{r.Name, *v1.NewStructuredValues(r.Value)})
	}
	for i := range run.Status.RetriesStatus {
		e := &run.Status.RetriesStatus[i]
		earlier := Attempt{State: StateFailed, Started: instant(e.StartTime), Finished: instant(e.CompletionTime)}
		if c := e.GetCondition(apis.ConditionSucceeded); c != nil {
			earlier.Reason, earlier.Message = c.Reason, c.Message
		}
		s.Earlier = append(s.Earlier, earlier)
	}
	c := run.Status.GetCondition(apis.ConditionSucceeded)
	if c == nil {
		return s
	}
	s.Reason, s.Message = c.Reason, c.Message
	switch {
	case c.Status == corev1.ConditionTrue:
		s.State = StateSucceeded
	case c.Status != corev1.ConditionFalse:
		s.State = StateRunning
	case run.Spec.StatusMessage == v1beta1.CustomRunCancelledByPipelineTimeoutMsg, c.Reason == "CustomRunTimedOut":
		s.State = StateTimedOut
	case c.Reason == string(v1beta1.CustomRunReasonCancelled):
		s.State = StateCancelled
	default:
		s.State = StateFailed
	}
	return s
}

func paramsOf(run *v1beta1.CustomRun) []v1.Param {
	var params []v1.Param
	for _, p := range run.Spec.Params {
		params = append(params, v1.Param{Name: p.Name, Value: v1.ParamValue{
			Type: v1.ParamType(p.Value.Type), StringVal: p.Value.StringVal,
			ArrayVal: p.Value.ArrayVal, ObjectVal: p.Value.ObjectVal,
		}})
	}
	return params
}

package simulate

import (
	"context"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/pkg/apis"
)

// customRun plays the controller of custom tasks as Tekton's documentation asks of one: it
// retries, and ends what timed out or was canceled.
func (m *machine) customRun(r *v1beta1.CustomRun, created bool) {
	name := r.Name
	switch {
	case r.IsDone():
	case r.IsCancelled():
		m.after(0, func() error {
			return m.endCustomRun(name, false, "CustomRunCancelled", string(r.Spec.StatusMessage), nil)
		})
	case created:
		m.attemptCustomRun(r)
	}
}

// attemptCustomRun starts an attempt.
func (m *machine) attemptCustomRun(r *v1beta1.CustomRun) {
	params := v1.Params{}
	for _, p := range r.Spec.Params {
		if p.Value.Type == v1beta1.ParamTypeString {
			params = append(params, v1.Param{Name: p.Name, Value: *v1.NewStructuredValues(p.Value.StringVal)})
		}
	}
	attempt := len(r.Status.RetriesStatus) + 1
	w := m.who("customruns", r, params, attempt)
	o, name := m.outcomeOf(w), r.Name
	current := func(do func() error) func() error {
		return func() error {
			if now := m.custom(name); now == nil || now.IsDone() || len(now.Status.RetriesStatus)+1 != attempt {
				return nil
			}
			return do()
		}
	}
	duration := m.duration(o)
	if t := r.Spec.Timeout; t != nil && t.Duration > 0 && (o.Status == TimeOut || t.Duration <= duration) {
		m.after(t.Duration, current(func() error {
			return m.endCustomRun(name, true, "CustomRunTimedOut", "CustomRun "+name+" failed to finish within "+t.Duration.String(), nil)
		}))
		return
	}
	switch o.Status {
	case TimeOut:
	case Fail:
		message := o.Message
		if message == "" {
			message = "the script lets it fail"
		}
		m.after(duration, current(func() error { return m.endCustomRun(name, true, "Failed", message, nil) }))
	default:
		m.after(duration, current(func() error {
			var results []v1beta1.CustomRunResult
			for _, res := range m.plan.customResults(w.path) {
				if value, ok := o.Results[res.Name]; ok {
					text, err := asText(value)
					if err != nil {
						return errorf("task %q: result %q: %w", w.path, res.Name, err)
					}
					results = append(results, v1beta1.CustomRunResult{Name: res.Name, Value: text})
				} else if !slices.Contains(o.Without, res.Name) {
					text, err := asText(m.plan.unknown(w.label(), v1.TaskResult{Name: res.Name, Type: v1.ResultsTypeString}))
					if err != nil {
						return err
					}
					results = append(results, v1beta1.CustomRunResult{Name: res.Name, Value: text})
				}
			}
			return m.endCustomRun(name, false, "", "", results)
		}))
	}
}

// endCustomRun ends an attempt. Without a reason, it has succeeded.
func (m *machine) endCustomRun(name string, retry bool, reason, message string, results []v1beta1.CustomRunResult) error {
	r := m.custom(name)
	if r == nil || r.IsDone() {
		return nil
	}
	r = r.DeepCopy()
	now := metav1.NewTime(m.clock.Now())
	if r.Status.StartTime == nil {
		r.Status.StartTime = &r.CreationTimestamp
	}
	condition := apis.Condition{Type: apis.ConditionSucceeded, Status: corev1.ConditionTrue, Reason: "Succeeded"}
	if reason != "" {
		condition.Status, condition.Reason, condition.Message = corev1.ConditionFalse, reason, message
	}
	r.Status.SetCondition(&condition)
	r.Status.CompletionTime, r.Status.Results = &now, results
	again := retry && len(r.Status.RetriesStatus) < r.Spec.Retries
	if again {
		failed := r.Status.DeepCopy()
		failed.RetriesStatus = nil
		r.Status = v1beta1.CustomRunStatus{CustomRunStatusFields: v1beta1.CustomRunStatusFields{
			RetriesStatus: append(r.Status.RetriesStatus, *failed), StartTime: &now,
		}}
		r.Status.SetCondition(&apis.Condition{Type: apis.ConditionSucceeded, Status: corev1.ConditionUnknown, Reason: "Running"})
	}
	_, err := m.tekton.TektonV1beta1().CustomRuns(r.Namespace).UpdateStatus(context.Background(), r, metav1.UpdateOptions{})
	if err == nil && again {
		m.attemptCustomRun(r)
	}
	return err
}

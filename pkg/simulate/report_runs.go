package simulate

import (
	"regexp"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/pkg/apis"
)

// item is an unknown item of an array.
var item = regexp.MustCompile(`<(?:tasks\.[^<>]+\.results|params)\.[^<>]+\[[0-9]+\]>`)

// ended is the time of the end, or the current time if there is none yet.
func (m *machine) ended(t *metav1.Time) Duration {
	if t == nil {
		t = &metav1.Time{Time: m.clock.Now()}
	}
	return since(t)
}

// runOfTask is what happened to a TaskRun.
func (m *machine) runOfTask(tr *v1.TaskRun) TaskRun {
	w := m.who("taskruns", tr, nil, 1)
	r := TaskRun{
		Name: tr.Name, Combination: w.combination,
		Condition: conditionOf(tr.Status.GetCondition(apis.ConditionSucceeded)),
		Start:     since(&tr.CreationTimestamp), End: m.ended(tr.Status.CompletionTime),
	}
	for _, p := range tr.Spec.Params {
		r.Params = append(r.Params, Value{p.Name, plain(p.Value)})
	}
	for _, res := range tr.Status.Results {
		r.Results = append(r.Results, Value{res.Name, plain(res.Value)})
	}
	for _, of := range append(append([]v1.TaskRunStatus{}, tr.Status.RetriesStatus...), tr.Status) {
		r.Attempts = append(r.Attempts, Attempt{
			conditionOf(of.GetCondition(apis.ConditionSucceeded)), since(of.StartTime), m.ended(of.CompletionTime),
		})
	}
	return r
}

// runOfCustom is what happened to a CustomRun.
func (m *machine) runOfCustom(cr *v1beta1.CustomRun) TaskRun {
	w := m.who("customruns", cr, nil, 1)
	r := TaskRun{
		Name: cr.Name, Combination: w.combination,
		Condition: conditionOf(cr.Status.GetCondition(apis.ConditionSucceeded)),
		Start:     since(&cr.CreationTimestamp), End: m.ended(cr.Status.CompletionTime),
	}
	for _, p := range cr.Spec.Params {
		var value v1.ParamValue
		switch p.Value.Type {
		case v1beta1.ParamTypeArray:
			value = v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: p.Value.ArrayVal}
		case v1beta1.ParamTypeObject:
			value = v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: p.Value.ObjectVal}
		default:
			value = v1.ParamValue{Type: v1.ParamTypeString, StringVal: p.Value.StringVal}
		}
		r.Params = append(r.Params, Value{p.Name, plain(value)})
	}
	for _, res := range cr.Status.Results {
		r.Results = append(r.Results, Value{res.Name, res.Value})
	}
	for _, of := range append(append([]v1beta1.CustomRunStatus{}, cr.Status.RetriesStatus...), cr.Status) {
		start := &cr.CreationTimestamp
		if of.StartTime != nil {
			start = of.StartTime
		}
		r.Attempts = append(r.Attempts, Attempt{
			conditionOf(of.GetCondition(apis.ConditionSucceeded)), since(start), m.ended(of.CompletionTime),
		})
	}
	return r
}

// runOfPipeline is what happened to the PipelineRun of a nested pipeline.
func (m *machine) runOfPipeline(pr *v1.PipelineRun) TaskRun {
	nested := m.reportPipelineRun(pr)
	r := TaskRun{
		Name: pr.Name, Condition: nested.Condition, Results: nested.Results, Nested: nested,
		Start: since(&pr.CreationTimestamp), End: m.ended(pr.Status.CompletionTime),
	}
	for _, p := range pr.Spec.Params {
		r.Params = append(r.Params, Value{p.Name, plain(p.Value)})
	}
	return r
}

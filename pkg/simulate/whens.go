package simulate

import (
	"encoding/json"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"

	"github.com/tekwright/tekwright/internal/tekref"
)

// keepWhens keeps the when expressions with which Tekton starts or skips a task. When it
// reconciles the run again, it writes those of finally tasks to the status without the values
// of $(tasks.NAME.status) and $(tasks.status).
func (m *machine) keepWhens(pr *v1.PipelineRun) {
	keep := func(task string, when v1.WhenExpressions) {
		if of := [2]string{pr.Name, task}; len(when) > 0 && m.whens[of] == nil {
			m.whens[of] = when.DeepCopy()
		}
	}
	for _, c := range pr.Status.ChildReferences {
		keep(c.PipelineTaskName, c.WhenExpressions)
	}
	for _, s := range pr.Status.SkippedTasks {
		if s.Reason == v1.WhenExpressionsSkip {
			keep(s.Name, s.WhenExpressions)
		}
	}
}

// whenOf returns the when expressions of a task that ran or was skipped.
func (m *machine) whenOf(pr *v1.PipelineRun, pt v1.PipelineTask, t Task) []When {
	out := m.decided(pr, pt, t)
	of := m.plan.tasks[m.prefix[pr.Name]+pt.Name]
	if of == nil || len(of.when) != len(out) {
		return out
	}
	for i, w := range of.when {
		if out[i].NotEvaluated {
			continue // it has them
		}
		for m := range tekref.Scan(w.Input + " " + w.CEL + " " + strings.Join(w.Values, " ")) {
			if v := m.String(); !slices.Contains(out[i].Variables, v) {
				out[i].Variables = append(out[i].Variables, v)
			}
		}
	}
	return out
}

// decided returns the when expressions with the values that decided.
func (m *machine) decided(pr *v1.PipelineRun, pt v1.PipelineTask, t Task) []When {
	if kept := m.whens[[2]string{pr.Name, pt.Name}]; kept != nil && (len(t.Runs) > 0 || t.Reason == string(v1.WhenExpressionsSkip)) {
		return decisions(kept)
	}
	when := pt.When
	for _, s := range pr.Status.SkippedTasks {
		if s.Name == pt.Name && len(s.WhenExpressions) > 0 {
			when = s.WhenExpressions
		}
	}
	out := decisions(when)
	if len(t.Runs) == 0 && !decides(v1.SkippingReason(t.Reason), t.Finally) {
		for i := range out {
			out[i].True, out[i].Open, out[i].NotEvaluated = false, false, true
		}
	}
	for i, w := range out {
		// Tekton has not put in the result of a task that did not run.
		if len(t.Runs) == 0 && strings.Contains(w.Input+w.CEL+strings.Join(w.Values, " "), "$(tasks.") {
			out[i].True, out[i].Open, out[i].NotEvaluated = false, false, true
		}
	}
	return out
}

// decides reports whether Tekton evaluates the when expressions before it skips a task for a
// reason. It has the reasons in this order, and other ones for finally tasks.
func decides(reason v1.SkippingReason, finally bool) bool {
	switch reason {
	case v1.WhenExpressionsSkip, v1.PipelineTimedOutSkip, v1.TasksTimedOutSkip, v1.FinallyTimedOutSkip, v1.EmptyArrayInMatrixParams:
		return true
	case v1.ParentTasksSkip, v1.MissingResultsSkip:
		return !finally
	}
	return false
}

// decisions are the when expressions, each decided alone by Tekton's code.
func decisions(all v1.WhenExpressions) (out []When) {
	for _, w := range all {
		d := When{Input: w.Input, Operator: string(w.Operator), Values: w.Values, CEL: w.CEL}
		one := resources.ResolvedPipelineTask{PipelineTask: &v1.PipelineTask{When: v1.WhenExpressions{w}}}
		if err := one.EvaluateCEL(); err == nil {
			d.True = one.PipelineTask.When.AllowsExecution(one.EvaluatedCEL)
		}
		d.Open = IsSymbol(w.Input) || IsSymbol(w.CEL) || slices.ContainsFunc(w.Values, IsSymbol)
		out = append(out, d)
	}
	return out
}

// MarshalJSON leaves out the field true of an expression that was not evaluated.
func (w When) MarshalJSON() ([]byte, error) {
	type plain When
	if !w.NotEvaluated {
		return json.Marshal(plain(w))
	}
	return json.Marshal(struct {
		plain
		True *bool `json:"true,omitempty"`
	}{plain: plain(w)})
}

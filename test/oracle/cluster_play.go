package oracle

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	prr "github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"
	"github.com/tektoncd/pipeline/pkg/reconciler/taskrun"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/pkg/apis"
)

// play runs the tasks in their order, each successfully. What a guard says is
// not looked at: every task may have to run.
func (s *simulation) play() error {
	s.taskRuns = map[string]*v1.TaskRun{}
	done := prr.PipelineRunState{}
	for _, pt := range inOrder(s.spec) {
		rpt, err := s.resolve(pt, done)
		if err != nil {
			return fmt.Errorf("task %s: %w", pt.Name, err)
		}
		if rpt.IsFinalTask(s.facts) {
			prr.ApplyPipelineTaskStateContext(prr.PipelineRunState{rpt}, s.status())
		}
		prr.PropagateResults(rpt, done)
		// From here on the state is what was resolved last.
		i := slices.IndexFunc(s.facts.State, func(r *prr.ResolvedPipelineTask) bool { return r.PipelineTask.Name == pt.Name })
		s.facts.State[i] = rpt
		if rpt.PipelineTask.IsMatrixed() {
			if err := prr.ValidateParameterTypesInMatrix(s.facts.State); err != nil {
				return fmt.Errorf("task %s: %w", pt.Name, err)
			}
		}
		if empty(rpt.PipelineTask.Matrix) {
			continue // skipped
		}
		if err := s.start(rpt); err != nil {
			return fmt.Errorf("task %s: %w", pt.Name, err)
		}
		done = append(done, rpt)
	}
	results, err := prr.ApplyTaskResultsToPipelineResults(s.spec.Results, s.facts.State.GetTaskRunsResults(), nil, s.status())
	if err != nil {
		return err
	}
	return literal("results of the run", results, "tasks", "finally")
}

// status is what the tasks of finally are told of the others.
func (s *simulation) status() map[string]string {
	out := map[string]string{"tasks.status": "Succeeded"}
	for _, pt := range s.spec.Tasks {
		out["tasks."+pt.Name+".status"], out["tasks."+pt.Name+".reason"] = "Succeeded", "Succeeded"
	}
	return out
}

// inOrder sorts the tasks so that each comes after those that it needs.
func inOrder(spec *v1.PipelineSpec) []v1.PipelineTask {
	deps := v1.PipelineTaskList(spec.Tasks).Deps()
	var out []v1.PipelineTask
	started := map[string]bool{}
	for len(out) < len(spec.Tasks) {
		before := len(out)
		for _, pt := range spec.Tasks {
			waits := slices.ContainsFunc(deps[pt.Name], func(name string) bool { return !started[name] })
			if !started[pt.Name] && !waits {
				started[pt.Name] = true
				out = append(out, pt)
			}
		}
		if len(out) == before {
			break // a cycle: the webhook knows it
		}
	}
	return append(out, spec.Finally...)
}

// start makes the TaskRuns of a task, as createTaskRuns of Tekton's
// pkg/reconciler/pipelinerun does, and lets them succeed.
func (s *simulation) start(rpt *prr.ResolvedPipelineTask) error {
	var combinations []v1.Params
	if rpt.PipelineTask.IsMatrixed() {
		combinations = rpt.PipelineTask.Matrix.FanOut()
	}
	// Those of a matrix are alike but for a string.
	for i, name := range rpt.TaskRunNames[:min(len(rpt.TaskRunNames), 8)] {
		var params v1.Params
		if i < len(combinations) {
			params = combinations[i]
		}
		check := append(slices.Clone(params), rpt.PipelineTask.Params...)
		if err := taskrun.ValidateEnumParam(s.ctx, check, rpt.ResolvedTask.TaskSpec.Params); err != nil {
			return err
		}
		rpt.PipelineTask = prr.ApplyPipelineTaskContexts(rpt.PipelineTask, s.run.Status, s.facts)
		if err := literal("task of the Pipeline", withoutSpec(rpt.PipelineTask), "params", "tasks", "finally", "context.pipelineRun", "context.pipeline", "context.pipelineTask"); err != nil {
			return err
		}
		tr, err := s.makeTaskRun(rpt, name, append(params, rpt.PipelineTask.Params...))
		if err != nil {
			return err
		}
		if err := admit(s.ctx, tr); err != nil {
			return fmt.Errorf("its TaskRun: %w", err)
		}
		if err := s.reconcileTaskRun(tr); err != nil {
			return err
		}
		succeed(tr, rpt.ResolvedTask.TaskSpec)
		if err := validateTaskRunResults(tr, rpt.ResolvedTask.TaskSpec); err != nil {
			return err
		}
		s.taskRuns[name] = tr
		rpt.TaskRuns = append(rpt.TaskRuns, tr)
	}
	return nil
}

func (s *simulation) makeTaskRun(rpt *prr.ResolvedPipelineTask, name string, params v1.Params) (*v1.TaskRun, error) {
	spec := s.run.GetTaskRunSpec(rpt.PipelineTask.Name)
	tr := &v1.TaskRun{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: s.run.Namespace}, Spec: v1.TaskRunSpec{
		Params: params, Retries: rpt.PipelineTask.Retries, Timeout: rpt.PipelineTask.Timeout,
		ServiceAccountName: spec.ServiceAccountName, PodTemplate: spec.PodTemplate,
		StepSpecs: spec.StepSpecs, SidecarSpecs: spec.SidecarSpecs, ComputeResources: spec.ComputeResources,
	}}
	if rpt.ResolvedTask.TaskName != "" {
		tr.Spec.TaskRef = rpt.PipelineTask.TaskRef
	} else {
		tr.Spec.TaskSpec = rpt.ResolvedTask.TaskSpec.DeepCopy()
	}
	var err error
	tr.Spec.Workspaces, _, err = getTaskrunWorkspaces(nil, s.ctx, s.run, rpt)
	return tr, err
}

// succeed ends the TaskRun with a value for each result of the Task.
func succeed(tr *v1.TaskRun, spec *v1.TaskSpec) {
	tr.Status.SetCondition(&apis.Condition{Type: apis.ConditionSucceeded, Status: corev1.ConditionTrue, Reason: "Succeeded"})
	for _, r := range spec.Results {
		value := text("made")
		switch r.Type {
		case v1.ResultsTypeArray:
			value = list("made", "made too")
		case v1.ResultsTypeObject:
			value = objectValue(map[string]string{})
			for k := range maps.Keys(r.Properties) {
				value.ObjectVal[k] = "made"
			}
		}
		tr.Status.Results = append(tr.Status.Results, v1.TaskRunResult{Name: r.Name, Type: r.Type, Value: value})
	}
}

// empty reports whether a matrix has an empty array.
func empty(m *v1.Matrix) bool {
	return m != nil && slices.ContainsFunc(m.Params, func(p v1.Param) bool {
		return p.Value.Type == v1.ParamTypeArray && len(p.Value.ArrayVal) == 0
	})
}

// withoutSpec leaves out the embedded Task, which is looked at when its TaskRun
// is made, and what is not filled in by then.
func withoutSpec(pt *v1.PipelineTask) *v1.PipelineTask {
	pt = pt.DeepCopy()
	pt.TaskSpec, pt.Matrix = nil, nil
	return pt
}

// literal is an error if a variable of one of the roots is left in the value.
func literal(what string, value any, roots ...string) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	for _, root := range roots {
		for _, next := range []string{".", "["} {
			if i := strings.Index(string(data), "$("+root+next); i >= 0 {
				return fmt.Errorf("literal in the %s: %.60s", what, data[i:])
			}
		}
	}
	return nil
}

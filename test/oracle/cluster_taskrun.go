package oracle

import (
	"fmt"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/reconciler/taskrun"
	trr "github.com/tektoncd/pipeline/pkg/reconciler/taskrun/resources"
	"github.com/tektoncd/pipeline/pkg/workspace"
)

// reconcileTaskRun does what prepare, reconcile and createPod of Tekton's
// pkg/reconciler/taskrun do, in that order, up to the Pod.
func (c *cluster) reconcileTaskRun(tr *v1.TaskRun) error {
	meta, ts, err := trr.GetTaskData(c.ctx, tr, c.getTask)
	if err != nil {
		return err
	}
	steps, err := trr.GetStepActionsData(c.ctx, *ts, tr, c.client, nil, nil)
	if err != nil {
		return err
	}
	ts.Steps = steps
	resolved := &trr.ResolvedTask{TaskName: meta.Name, TaskSpec: ts, Kind: trr.GetTaskKind(tr)}
	declared := slices.Clone(ts.Workspaces)
	if tr.Spec.TaskSpec != nil {
		for _, w := range tr.Spec.Workspaces {
			declared = append(declared, v1.WorkspaceDeclaration{Name: w.Name})
		}
	}
	if err := first(
		func() error { return validateTaskSpecRequestResources(ts) },
		func() error { return taskrun.ValidateResolvedTask(c.ctx, tr.Spec.Params, &v1.Matrix{}, resolved) },
		func() error { return taskrun.ValidateEnumParam(c.ctx, tr.Spec.Params, ts.Params) },
		func() error { return trr.ValidateParamArrayIndex(ts, tr.Spec.Params) },
		func() error { return workspace.ValidateBindings(c.ctx, declared, tr.Spec.Workspaces) },
		func() error { return workspace.ValidateOnlyOnePVCIsUsed(tr.Spec.Workspaces) },
		func() error { return validateOverrides(ts, &tr.Spec) },
	); err != nil {
		return err
	}
	trr.ApplyParametersToWorkspaceBindings(ts, tr)
	volumes := workspace.CreateVolumes(tr.Spec.Workspaces)
	ts, err = applyAll(c.ctx, tr, resolved, volumes)
	if err != nil {
		return err
	}
	if err := v1.ValidateUsageOfDeclaredParameters(c.ctx, ts.Steps, ts.Params); err != nil {
		return fmt.Errorf("pod: %w", err)
	}
	if err := ts.Validate(c.ctx); err != nil {
		return fmt.Errorf("pod: %w", err)
	}
	if ts, err = workspace.Apply(c.ctx, *ts, tr.Spec.Workspaces, volumes); err != nil {
		return err
	}
	c.pods[tr.Name] = ts.DeepCopy()
	ts.Params, ts.Description = nil, "" // what is declared is no longer looked at, and a description is for people
	return literal("Pod", ts, "params", "tasks", "finally", "context", "workspaces", "results", "step.results")
}

package oracle

import (
	"context"
	"fmt"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"github.com/tektoncd/pipeline/pkg/reconciler/pipeline/dag"
	prr "github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"
	"github.com/tektoncd/pipeline/pkg/reconciler/taskrun"
	"github.com/tektoncd/pipeline/pkg/trustedresources"
)

// reconcilePipelineRun does what reconcile of Tekton's pkg/reconciler/pipelinerun
// does, in that order.
func (c *cluster) reconcilePipelineRun() error {
	pr := c.run
	name, spec := pr.Name, pr.Spec.PipelineSpec
	if ref := pr.Spec.PipelineRef; ref != nil {
		if c.pipeline == nil || c.pipeline.Name != ref.Name {
			return notFound("pipelines", ref.Name)
		}
		name, spec = ref.Name, c.pipeline.Spec.DeepCopy()
	}
	graph, err := dag.Build(v1.PipelineTaskList(spec.Tasks), v1.PipelineTaskList(spec.Tasks).Deps())
	if err != nil {
		return err
	}
	final, err := dag.Build(v1.PipelineTaskList(spec.Finally), map[string][]string{})
	if err != nil {
		return err
	}
	if err := spec.Validate(c.ctx); err != nil {
		return err
	}
	if err := first(
		func() error { return prr.ValidateRequiredParametersProvided(&spec.Params, &pr.Spec.Params) },
		func() error { return prr.ValidateParamTypesMatching(spec, pr) },
		func() error { return taskrun.ValidateEnumParam(c.ctx, pr.Spec.Params, spec.Params) },
		func() error { return prr.ValidateObjectParamRequiredKeys(spec.Params, pr.Spec.Params) },
		func() error { return prr.ValidateParamArrayIndex(spec, pr.Spec.Params) },
		func() error { return prr.ValidateWorkspaceBindings(spec, pr) },
		func() error { return prr.ValidateTaskRunSpecs(spec, pr) },
	); err != nil {
		return err
	}
	prr.ApplyParametersToWorkspaceBindings(pr)
	original := spec.DeepCopy()
	if spec, err = prr.ApplyParameters(spec, pr); err != nil {
		return err
	}
	spec = prr.ApplyWorkspaces(prr.ApplyContexts(spec, name, pr), pr)
	pr.Status.PipelineSpec = spec
	if err := validateAfterParameters(c.ctx, spec); err != nil {
		return err
	}
	run := &simulation{cluster: c, spec: spec, facts: &prr.PipelineRunFacts{TasksGraph: graph, FinalTasksGraph: final}}
	if err := run.validate(slices.Concat(original.Tasks, original.Finally)); err != nil {
		return err
	}
	return run.play()
}

// first returns the first error.
func first(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// simulation is a run of the Pipeline.
type simulation struct {
	*cluster
	spec     *v1.PipelineSpec // after the params have been filled in
	facts    *prr.PipelineRunFacts
	taskRuns map[string]*v1.TaskRun // those that are done, by name
}

func (s *simulation) resolve(pt v1.PipelineTask, state prr.PipelineRunState) (*prr.ResolvedPipelineTask, error) {
	return prr.ResolvePipelineTask(s.ctx, *s.run,
		func(name string) (*v1.PipelineRun, error) { return nil, notFound("pipelineruns", name) },
		func(_ context.Context, name string) (*v1.Pipeline, *v1.RefSource, *trustedresources.VerificationResult, error) {
			return nil, nil, nil, notFound("pipelines", name)
		},
		s.getTask,
		func(name string) (*v1.TaskRun, error) {
			if tr := s.taskRuns[name]; tr != nil {
				return tr, nil
			}
			return nil, notFound("taskruns", name)
		},
		func(name string) (*v1beta1.CustomRun, error) { return nil, notFound("customruns", name) },
		*pt.DeepCopy(), state)
}

// validate is what Tekton does before it starts the first task.
func (s *simulation) validate(original []v1.PipelineTask) error {
	for _, pt := range slices.Concat(s.spec.Tasks, s.spec.Finally) {
		rpt, err := s.resolve(pt, s.facts.State)
		if err != nil {
			return err
		}
		s.facts.State = append(s.facts.State, rpt)
	}
	for i, rpt := range s.facts.State {
		if err := first(
			func() error {
				return taskrun.ValidateResolvedTask(s.ctx, rpt.PipelineTask.Params, rpt.PipelineTask.Matrix, rpt.ResolvedTask)
			},
			func() error {
				return prr.ValidateParamEnumSubset(original[i].Params, s.spec.Params, rpt.ResolvedTask)
			},
		); err != nil {
			return fmt.Errorf("task %s: %w", rpt.PipelineTask.Name, err)
		}
	}
	return first(
		func() error { return prr.ValidatePipelineTaskResults(s.facts.State) },
		func() error { return prr.ValidatePipelineResults(s.spec, s.facts.State) },
		func() error { return prr.ValidateOptionalWorkspaces(s.spec.Workspaces, s.facts.State) },
	)
}

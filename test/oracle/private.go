package oracle

import (
	"context"
	_ "unsafe" // for go:linkname

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun"
	prr "github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"
	_ "github.com/tektoncd/pipeline/pkg/reconciler/taskrun" // linked below
	trr "github.com/tektoncd/pipeline/pkg/reconciler/taskrun/resources"
	corev1 "k8s.io/api/core/v1"
	"knative.dev/pkg/apis"
)

// What the reconcilers call and do not export. Written once more here, it
// would be no oracle: it is called where it stands. The version of Tekton is
// pinned, so that the signatures cannot change unseen.

//go:linkname validateOverrides github.com/tektoncd/pipeline/pkg/reconciler/taskrun.validateOverrides
func validateOverrides(ts *v1.TaskSpec, trs *v1.TaskRunSpec) error

//go:linkname validateTaskSpecRequestResources github.com/tektoncd/pipeline/pkg/reconciler/taskrun.validateTaskSpecRequestResources
func validateTaskSpecRequestResources(taskSpec *v1.TaskSpec) error

//go:linkname validateTaskRunResults github.com/tektoncd/pipeline/pkg/reconciler/taskrun.validateTaskRunResults
func validateTaskRunResults(tr *v1.TaskRun, resolvedTaskSpec *v1.TaskSpec) error

//go:linkname applyAll github.com/tektoncd/pipeline/pkg/reconciler/taskrun.applyParamsContextsResultsAndWorkspaces
func applyAll(ctx context.Context, tr *v1.TaskRun, rtr *trr.ResolvedTask, volumes map[string]corev1.Volume) (*v1.TaskSpec, error)

//go:linkname validateAfterParameters github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun.validatePipelineSpecAfterApplyParameters
func validateAfterParameters(ctx context.Context, spec *v1.PipelineSpec) *apis.FieldError

//go:linkname getTaskrunWorkspaces github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun.(*Reconciler).getTaskrunWorkspaces
func getTaskrunWorkspaces(c *pipelinerun.Reconciler, ctx context.Context, pr *v1.PipelineRun, rpt *prr.ResolvedPipelineTask) ([]v1.WorkspaceBinding, string, error)

//go:linkname childReference github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources.(*ResolvedPipelineTask).getChildRefForTaskRun
func childReference(t *prr.ResolvedPipelineTask, taskRun *v1.TaskRun) v1.ChildStatusReference

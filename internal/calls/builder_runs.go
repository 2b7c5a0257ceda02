package calls

func pipeline() map[string]string {
	t := map[string]string{
		"displayName":              "Pipeline.DisplayName",
		"description":              "Pipeline.Describe",
		"workspaces[].name":        "Pipeline.Workspace",
		"workspaces[].description": "Describe",
		"workspaces[].optional":    "Optional",
		"results[].name":           "Pipeline.Result, Pipeline.ArrayResult, Pipeline.ObjectResult, FinallyTask.Publish",
		"results[].type":           "Pipeline.Result, Pipeline.ArrayResult, Pipeline.ObjectResult",
		"results[].description":    "Describe",
		"results[].value":          "Pipeline.Result, Pipeline.ArrayResult, Pipeline.ObjectResult, FinallyTask.Publish",
	}
	below(t, "params[]", params("Pipeline"))
	below(t, "tasks[]", pipelineTask("PipelineTask", "Add, Pipeline.AddInline", "AddMatrix", "Matrix.Include"))
	below(t, "finally[]", pipelineTask("FinallyTask", "AddFinally, Pipeline.AddFinallyInline", "AddFinallyMatrix", "FinallyMatrix.Include"))
	t["tasks[].runAfter"] = "PipelineTask.After"
	t["finally[].runAfter"] = "Mutate, because Tekton rejects it"
	t["tasks[].pipelineRef.name"] = "Pipeline.AddPipeline"
	t["finally[].pipelineRef.name"] = "Pipeline.AddFinallyPipeline"
	return t
}

// pipelineTask returns the table of a task of a pipeline.
func pipelineTask(of, add, matrix, include string) map[string]string {
	const (
		custom = "Task.Custom"
		input  = "Task.Param, Task.ArrayParam, Task.ObjectParam"
		when   = "String.In, String.NotIn, Status.In, Status.NotIn"
	)
	return map[string]string{
		"name":                            add,
		"displayName":                     of + ".DisplayName",
		"description":                     of + ".Describe",
		"taskRef.name":                    add + ", Task.Existing",
		"taskRef.kind":                    custom,
		"taskRef.apiVersion":              custom,
		"taskRef.resolver":                "Task.From",
		"taskRef.params[].name":           "Task.From",
		"taskRef.params[].value":          "Task.From",
		"taskSpec":                        of + ".Embed, Task.Custom",
		"when[].input":                    when,
		"when[].operator":                 when,
		"when[].values":                   when,
		"when[].cel":                      "CEL",
		"retries":                         of + ".Retries",
		"timeout":                         of + ".Timeout",
		"onError":                         of + ".ContinueOnError",
		"params[].name":                   input + ", " + of + ".Pass",
		"params[].value":                  input + ", " + of + ".Pass",
		"matrix.params[].name":            matrix,
		"matrix.params[].value":           "Each, Axis",
		"matrix.include[].name":           include,
		"matrix.include[].params[].name":  include,
		"matrix.include[].params[].value": include,
		"workspaces[].name":               "Task.Workspace, " + of + ".PassWorkspace",
		"workspaces[].workspace":          "Task.Workspace, " + of + ".PassWorkspace",
		"workspaces[].subPath":            "Workspace.SubPath",
		"pipelineRef.apiVersion":          rare,
		"pipelineRef.resolver":            "RemotePipeline",
		"pipelineRef.params[].name":       "RemotePipeline, Resolver.With",
		"pipelineRef.params[].value":      "RemotePipeline, Resolver.With",
		"pipelineSpec":                    of + ".Embed",
	}
}

func pipelineRun() map[string]string {
	const template, spec = "taskRunTemplate", "PipelineRun.TaskRunSpec"
	t := map[string]string{
		"pipelineRef.name":               "Pipeline.Run, ExistingPipeline",
		"pipelineRef.apiVersion":         rare,
		"pipelineRef.resolver":           "RemotePipeline",
		"pipelineRef.params[].name":      "RemotePipeline, Resolver.With",
		"pipelineRef.params[].value":     "RemotePipeline, Resolver.With",
		"pipelineSpec":                   "PipelineRun.Embed",
		"params[].name":                  "String.Set, Array.Set, Object.Set, PipelineRun.Pass",
		"params[].value":                 "String.Set, Array.Set, Object.Set, PipelineRun.Pass",
		"status":                         "Mutate, because it cancels a run that exists",
		"managedBy":                      rare,
		"timeouts.pipeline":              "PipelineRun.Timeouts",
		"timeouts.tasks":                 "PipelineRun.Timeouts",
		"timeouts.finally":               "PipelineRun.Timeouts",
		template + ".podTemplate":        "PipelineRun.Pod, PipelineRun.FSGroup",
		template + ".serviceAccountName": "PipelineRun.ServiceAccount",

		"taskRunSpecs[].pipelineTaskName":   spec,
		"taskRunSpecs[].serviceAccountName": spec,
		"taskRunSpecs[].podTemplate":        spec,
		"taskRunSpecs[].timeout":            spec,
		"taskRunSpecs[].computeResources":   spec,
		"taskRunSpecs[].stepSpecs[]":        spec,
		"taskRunSpecs[].sidecarSpecs[]":     spec,
		"taskRunSpecs[].metadata":           spec,
	}
	below(t, "workspaces[]", binding())
	return t
}

func taskRun() map[string]string {
	t := map[string]string{
		"debug":                  "Mutate, because it is for one run by hand",
		"params[].name":          "RunTask, TaskRun.Pass",
		"params[].value":         "RunTask, TaskRun.Pass",
		"serviceAccountName":     "TaskRun.ServiceAccount",
		"taskRef.name":           "RunTask",
		"taskRef.kind":           "Mutate, because a TaskRun runs no custom task",
		"taskRef.apiVersion":     "Mutate, because a TaskRun runs no custom task",
		"taskRef.resolver":       "Task.From",
		"taskRef.params[].name":  "Task.From",
		"taskRef.params[].value": "Task.From",
		"taskSpec":               "TaskRun.Embed",
		"status":                 "Mutate, because it cancels a run that exists",
		"statusMessage":          "Mutate, because it cancels a run that exists",
		"retries":                "TaskRun.Retries",
		"timeout":                "TaskRun.Timeout",
		"podTemplate":            "TaskRun.Pod, TaskRun.FSGroup",
		"computeResources":       "TaskRun.Requests, TaskRun.Limits, TaskRun.Request, TaskRun.Limit",
		"stepSpecs[]":            "TaskRun.StepResources",
		"sidecarSpecs[]":         "TaskRun.SidecarResources",
		"managedBy":              rare,
	}
	below(t, "workspaces[]", binding())
	return t
}

// binding returns the table of a workspace of a run.
func binding() map[string]string {
	return map[string]string{
		"name":                  "Pipeline.Workspace, NewWorkspace",
		"subPath":               "WorkspaceBinding.SubPath",
		"volumeClaimTemplate":   "Workspace.VolumeClaimTemplate",
		"persistentVolumeClaim": "Workspace.PVC",
		"emptyDir":              "Workspace.EmptyDir",
		"configMap":             "Workspace.ConfigMap",
		"secret":                "Workspace.Secret",
		"projected":             "Workspace.Bind",
		"csi":                   "Workspace.Bind",
	}
}

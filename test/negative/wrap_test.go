package negative

import (
	"encoding/json"
	"strings"
)

type object = map[string]any

// subject is a full object made of what a test of Tekton's validated.
type subject struct {
	call   call
	kind   string // what was validated: PipelineTask
	object object
}

// whole makes a full object of what was validated; false if that is nothing
// that stands in an object.
func whole(c call) (subject, bool) {
	s := subject{call: c}
	version := c.Package[strings.LastIndexByte(c.Package, '/')+1:]
	group := "tekton.dev/"
	if strings.Contains(c.Package, "tektoncd/triggers") {
		group = "triggers.tekton.dev/"
	}
	var pipeline, task object
	lists := 0 // of pipeline tasks
	for _, v := range c.Values {
		var content any
		if json.Unmarshal(v.Value, &content) != nil || content == nil {
			content = map[string]any{}
		}
		kind := v.Type[strings.LastIndexAny(v.Type, ".]*")+1:]
		if strings.HasPrefix(v.Type, "[]") {
			kind += "s"
		}
		if s.kind == "" {
			s.kind = kind
		}
		in := func(spec *object) object {
			if *spec == nil {
				*spec = object{}
			}
			return *spec
		}
		one := []any{content}
		switch kind {
		case "Task", "TaskRun", "Pipeline", "PipelineRun", "StepAction", "CustomRun", "Run", "VerificationPolicy",
			"EventListener", "Trigger", "TriggerTemplate", "TriggerBinding", "ClusterTriggerBinding", "ClusterInterceptor", "Interceptor":
			s.object, _ = content.(object)
			s.object["apiVersion"], s.object["kind"] = group+version, kind
			return s, true
		case "TaskSpec":
			task, _ = content.(object)
		case "PipelineSpec":
			pipeline, _ = content.(object)
		case "PipelineRunSpec", "TaskRunSpec", "StepActionSpec":
			s.object = full(group+version, strings.TrimSuffix(kind, "Spec"), content)
			return s, true
		case "Steps":
			in(&task)["steps"] = content
		case "Step":
			in(&task)["steps"] = one
		case "Sidecar":
			in(&task)["sidecars"] = one
		case "TaskResult":
			in(&task)["results"] = one
		case "StepResult":
			in(&task)["steps"] = []any{object{"image": "registry.local/a:1", "results": one}}
		case "Ref":
			in(&task)["steps"] = []any{object{"ref": content}}
		case "ParamSpecs":
			if _, ok := content.([]any); !ok {
				continue // none
			}
			if pipeline != nil {
				pipeline["params"] = content
			} else {
				in(&task)["params"] = content
			}
		case "TaskRef":
			s.object = full(group+version, "TaskRun", object{"taskRef": content})
			return s, true
		case "PipelineRef":
			s.object = full(group+version, "PipelineRun", object{"pipelineRef": content})
			return s, true
		case "WorkspaceBinding":
			s.object = full(group+version, "TaskRun", object{"taskRef": object{"name": "t"}, "workspaces": one})
			return s, true
		case "WhenExpressions":
			in(&pipeline)["tasks"] = []any{object{"name": "a", "taskRef": object{"name": "t"}, "when": content}}
		case "PipelineTask":
			in(&pipeline)["tasks"] = one
		case "PipelineTasks", "PipelineTaskList":
			if content == nil || len(listOf(content)) == 0 {
				lists++
				continue
			}
			if lists++; lists == 1 {
				in(&pipeline)["tasks"] = content
			} else {
				in(&pipeline)["finally"] = content
			}
		case "PipelineWorkspaceDeclarations":
			in(&pipeline)["workspaces"] = content
		case "PipelineResults":
			in(&pipeline)["results"] = content
		}
	}
	switch {
	case pipeline != nil:
		complete(pipeline, s.call.Func)
		s.object = full(group+version, "Pipeline", pipeline)
	case task != nil:
		if task["steps"] == nil && s.kind != "TaskSpec" {
			task["steps"] = []any{object{"image": "registry.local/a:1"}}
		}
		s.object = full(group+version, "Task", task)
	}
	return s, s.object != nil
}

// complete gives the tasks of a pipeline what a test of something else left
// out.
func complete(pipeline object, fn string) {
	for _, list := range []string{"tasks", "finally"} {
		for i, item := range listOf(pipeline[list]) {
			task, ok := item.(object)
			if !ok || fn == "Validate" || fn == "validateRefOrSpec" {
				continue
			}
			if (task["name"] == nil || task["name"] == "") && fn != "ValidateName" {
				task["name"] = list + "-" + string(rune('a'+i%26))
			}
			if task["taskRef"] == nil && task["taskSpec"] == nil && task["pipelineRef"] == nil && task["pipelineSpec"] == nil {
				task["taskRef"] = object{"name": "t"}
			}
		}
	}
	if pipeline["finally"] != nil && pipeline["tasks"] == nil && fn != "validateTasksAndFinallySection" {
		pipeline["tasks"] = []any{object{"name": "first", "taskRef": object{"name": "t"}}}
	}
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

func full(apiVersion, kind string, spec any) object {
	return object{"apiVersion": apiVersion, "kind": kind, "metadata": object{"name": "x"}, "spec": spec}
}

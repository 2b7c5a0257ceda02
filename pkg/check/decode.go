package check

import (
	"encoding/json"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// tektonGroup is the API group of Tekton Pipelines.
const tektonGroup = "tekton.dev/"

// decodeTekton sets the struct of an object of Tekton Pipelines, whichever
// form and version the object has. What cannot be decoded has none, and is
// looked at by no rule.
func (e *entry) decodeTekton() {
	switch o := e.Object.Object.(type) {
	case *v1beta1.Task, *v1beta1.Pipeline, *v1beta1.PipelineRun, *v1beta1.TaskRun:
		e.convert(o)
	default:
		if !e.take(o) {
			if content := e.tektonContent(); content != nil {
				e.decodeContent(content)
			}
		}
	}
}

// take sets the struct of the object to one that is there already.
func (e *entry) take(o runtime.Object) bool {
	switch o := o.(type) {
	case *v1.Task:
		e.task = o
	case *v1.Pipeline:
		e.pipeline = o
	case *v1.PipelineRun:
		e.run = o
	case *v1.TaskRun:
		e.taskRun = o
	case *v1beta1.StepAction:
		e.action = o
	case *v1beta1.CustomRun:
		e.customRun = o
	default:
		return false
	}
	return true
}

// tektonContent is the object as maps and lists, if it is one of Tekton
// Pipelines: structs of v1alpha1, which no package that is linked declares,
// are written and read again.
func (e *entry) tektonContent() map[string]any {
	if len(e.ref.APIVersion) <= len(tektonGroup) || e.ref.APIVersion[:len(tektonGroup)] != tektonGroup {
		return nil
	}
	if u, ok := e.Object.Object.(*unstructured.Unstructured); ok {
		return u.Object
	}
	var content map[string]any
	if b, err := json.Marshal(e.Object.Object); err != nil || json.Unmarshal(b, &content) != nil {
		return nil
	}
	return content
}

// decodeContent reads an object of Tekton Pipelines from maps and lists.
func (e *entry) decodeContent(content map[string]any) {
	switch e.ref.APIVersion[len(tektonGroup):] + "/" + e.ref.Kind {
	case "v1/Task":
		e.task = decoded[v1.Task](content)
	case "v1/Pipeline":
		e.pipeline = decoded[v1.Pipeline](content)
	case "v1/PipelineRun":
		e.run = decoded[v1.PipelineRun](content)
	case "v1/TaskRun":
		e.taskRun = decoded[v1.TaskRun](content)
	case "v1beta1/StepAction", "v1alpha1/StepAction": // which are spelt the same
		e.action = decoded[v1beta1.StepAction](content)
	case "v1beta1/CustomRun":
		e.customRun = decoded[v1beta1.CustomRun](content)
	case "v1alpha1/VerificationPolicy":
		e.policy = decoded[verificationPolicy](content)
	case "v1beta1/Task":
		e.convert(runtimeObject(decoded[v1beta1.Task](content)))
	case "v1beta1/Pipeline":
		e.convert(runtimeObject(decoded[v1beta1.Pipeline](content)))
	case "v1beta1/PipelineRun":
		e.convert(runtimeObject(decoded[v1beta1.PipelineRun](content)))
	case "v1beta1/TaskRun":
		e.convert(runtimeObject(decoded[v1beta1.TaskRun](content)))
	}
}

// decoded reads a struct from maps and lists; nil if they do not fit.
func decoded[T any](content map[string]any) *T {
	t := new(T)
	if runtime.DefaultUnstructuredConverter.FromUnstructured(content, t) != nil {
		return nil
	}
	return t
}

// runtimeObject keeps a nil pointer from becoming an object.
func runtimeObject[T any, P interface {
	*T
	runtime.Object
}](o P) runtime.Object {
	if o == nil {
		return nil
	}
	return o
}

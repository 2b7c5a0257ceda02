package facts

import (
	"encoding/json"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/conversion"
	"github.com/tekwright/tekwright/pkg/diag"
)

// tektonGroup is the API group of Tekton Pipelines.
const tektonGroup = "tekton.dev/"

// decodeTekton sets the struct of an object of Tekton Pipelines, whatever form and
// version the object has. An object that cannot be decoded has no struct, and rules
// do not check it.
func (e *Entry) decodeTekton() {
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

// take sets the struct of the object to an existing one.
func (e *Entry) take(o runtime.Object) bool {
	switch o := o.(type) {
	case *v1.Task:
		e.Task = o
	case *v1.Pipeline:
		e.Pipeline = o
	case *v1.PipelineRun:
		e.Run = o
	case *v1.TaskRun:
		e.TaskRun = o
	case *v1beta1.StepAction:
		e.StepAction = o
	case *v1beta1.CustomRun:
		e.CustomRun = o
	default:
		return false
	}
	return true
}

// tektonContent returns the object as maps and lists, if it is one of Tekton
// Pipelines. Structs of v1alpha1, whose packages are not imported, are marshaled and
// unmarshaled.
func (e *Entry) tektonContent() map[string]any {
	if len(e.Ref.APIVersion) <= len(tektonGroup) || e.Ref.APIVersion[:len(tektonGroup)] != tektonGroup {
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

// decodeContent decodes an object of Tekton Pipelines from maps and lists.
func (e *Entry) decodeContent(content map[string]any) {
	switch e.Ref.APIVersion[len(tektonGroup):] + "/" + e.Ref.Kind {
	case "v1/Task":
		e.Task = decoded[v1.Task](content)
	case "v1/Pipeline":
		e.Pipeline = decoded[v1.Pipeline](content)
	case "v1/PipelineRun":
		e.Run = decoded[v1.PipelineRun](content)
	case "v1/TaskRun":
		e.TaskRun = decoded[v1.TaskRun](content)
	case "v1beta1/StepAction", "v1alpha1/StepAction": // these have the same fields
		e.StepAction = decoded[v1beta1.StepAction](content)
	case "v1beta1/CustomRun":
		e.CustomRun = decoded[v1beta1.CustomRun](content)
	case "v1alpha1/VerificationPolicy":
		e.Policy = decoded[VerificationPolicy](content)
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

// decoded decodes a struct from maps and lists. It returns nil if they do not match.
func decoded[T any](content map[string]any) *T {
	t := new(T)
	if runtime.DefaultUnstructuredConverter.FromUnstructured(content, t) != nil {
		return nil
	}
	return t
}

// runtimeObject returns nil as an interface for a nil pointer.
func runtimeObject[T any, P interface {
	*T
	runtime.Object
}](o P) runtime.Object {
	if o == nil {
		return nil
	}
	return o
}

// convert converts an object of tekton.dev/v1beta1 to v1 with Tekton's own
// conversion, so that the same rules check it. Findings have the field paths of
// v1beta1.
func (e *Entry) convert(o runtime.Object) {
	if o == nil {
		return
	}
	converted, err := conversion.Convert(o)
	if err != nil {
		return
	}
	e.take(converted)
	e.Old = o
}

// spelt returns a path of v1 in the version of the object.
func (e *Entry) spelt(path diag.Path) diag.Path {
	if e.Old == nil {
		return e.Event.asWritten(path)
	}
	return conversion.Path(e.Old, path)
}

// VerificationPolicy has the checked fields of that kind of v1alpha1, whose package
// is not imported.
type VerificationPolicy struct {
	Spec struct {
		Resources []struct {
			Pattern string `json:"pattern"`
		} `json:"resources"`
		Authorities []struct {
			Name string     `json:"name"`
			Key  *PolicyKey `json:"key,omitempty"`
		} `json:"authorities"`
		Mode string `json:"mode,omitempty"`
	} `json:"spec"`
}

// PolicyKey is a key of an authority of a VerificationPolicy.
type PolicyKey struct {
	Data      string `json:"data,omitempty"`
	KMS       string `json:"kms,omitempty"`
	SecretRef *struct {
		Name string `json:"name,omitempty"`
	} `json:"secretRef,omitempty"`
	HashAlgorithm string `json:"hashAlgorithm,omitempty"`
}

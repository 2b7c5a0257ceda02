package check_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/object"
)

var separator = regexp.MustCompile(`(?m)^---\s*(#.*)?$`)

// read decodes the documents of a YAML stream.
func read(data []byte) ([]object.Object, error) {
	var out []object.Object
	for _, doc := range separator.Split(string(bytes.ReplaceAll(data, []byte("\r"), nil)), -1) {
		if strings.TrimSpace(doc) == "" {
			continue
		}
		var meta metav1.TypeMeta
		if err := yaml.Unmarshal([]byte(doc), &meta); err != nil {
			return nil, err
		}
		o := empty(meta)
		if o == nil {
			if meta.Kind == "" {
				continue
			}
			o = &unstructured.Unstructured{}
		}
		if err := yaml.UnmarshalStrict([]byte(doc), o); err != nil {
			return nil, fmt.Errorf("%s: %w", meta.Kind, err)
		}
		out = append(out, object.Object{Object: o})
	}
	return out, nil
}

func empty(meta metav1.TypeMeta) runtime.Object {
	switch meta.APIVersion + " " + meta.Kind {
	case "tekton.dev/v1 Task":
		return &v1.Task{}
	case "tekton.dev/v1 Pipeline":
		return &v1.Pipeline{}
	case "tekton.dev/v1 PipelineRun":
		return &v1.PipelineRun{}
	case "tekton.dev/v1 TaskRun":
		return &v1.TaskRun{}
	case "tekton.dev/v1beta1 StepAction":
		return &v1beta1.StepAction{}
	case "tekton.dev/v1beta1 Task":
		return &v1beta1.Task{}
	case "tekton.dev/v1beta1 Pipeline":
		return &v1beta1.Pipeline{}
	case "tekton.dev/v1beta1 PipelineRun":
		return &v1beta1.PipelineRun{}
	case "tekton.dev/v1beta1 TaskRun":
		return &v1beta1.TaskRun{}
	case "tekton.dev/v1beta1 CustomRun":
		return &v1beta1.CustomRun{}
	case "tekton.dev/v1alpha1 StepAction", "tekton.dev/v1alpha1 VerificationPolicy":
		return &unstructured.Unstructured{}
	case "v1 ServiceAccount":
		return &corev1.ServiceAccount{}
	}
	if o := kinds.New(meta.APIVersion, meta.Kind); o != nil || !strings.HasPrefix(meta.APIVersion, "triggers.tekton.dev/") {
		return o
	}
	return &unstructured.Unstructured{}
}

func must(t *testing.T, data string) []object.Object {
	t.Helper()
	objects, err := read([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

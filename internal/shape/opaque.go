package shape

import (
	"reflect"
	"slices"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
)

// opaque are the fields of Tekton's types whose contents the CustomResourceDefinitions do
// not describe. The tests in test/crd compare them with the definitions.
var opaque = map[reflect.Type][]string{
	reflect.TypeFor[pipelinev1.PipelineRunSpec]():       {"pipelineSpec"},
	reflect.TypeFor[pipelinev1beta1.PipelineRunSpec]():  {"pipelineSpec"},
	reflect.TypeFor[pipelinev1.PipelineTask]():          {"pipelineSpec", "taskSpec"},
	reflect.TypeFor[pipelinev1beta1.PipelineTask]():     {"pipelineSpec", "taskSpec"},
	reflect.TypeFor[pipelinev1.TaskRunSpec]():           {"taskSpec"},
	reflect.TypeFor[pipelinev1beta1.TaskRunSpec]():      {"taskSpec"},
	reflect.TypeFor[pipelinev1.TaskSpec]():              {"volumes"},
	reflect.TypeFor[pipelinev1beta1.TaskSpec]():         {"volumes"},
	reflect.TypeFor[pod.Template]():                     {"affinity", "securityContext", "volumes"},
	reflect.TypeFor[pipelinev1.WorkspaceBinding]():      {"volumeClaimTemplate"},
	reflect.TypeFor[pipelinev1beta1.WorkspaceBinding](): {"volumeClaimTemplate"},
}

// IsOpaque reports whether the API server keeps the contents of a field as they are, so
// that only the webhook of Tekton reads them: it decodes them with encoding/json, which
// ignores the case of keys, and stores them under their exact names.
func (t *Type) IsOpaque(field string) bool { return IsOpaque(t.Go, field) }

// IsOpaque is Type.IsOpaque for a Go type.
func IsOpaque(t reflect.Type, field string) bool { return slices.Contains(opaque[t], field) }

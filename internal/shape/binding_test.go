package shape_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/shape"
)

// TestBindingHelp tests which fields belong to the binding of a workspace in a run.
func TestBindingHelp(t *testing.T) {
	for _, declaration := range []reflect.Type{
		reflect.TypeFor[pipelinev1.WorkspaceDeclaration](), reflect.TypeFor[pipelinev1beta1.WorkspaceDeclaration](),
		reflect.TypeFor[pipelinev1.PipelineWorkspaceDeclaration](), reflect.TypeFor[pipelinev1.WorkspacePipelineTaskBinding](),
		reflect.TypeFor[pipelinev1beta1.PipelineWorkspaceDeclaration](), reflect.TypeFor[pipelinev1beta1.WorkspacePipelineTaskBinding](),
	} {
		for _, field := range []string{"volumeClaimTemplate", "persistentVolumeClaim", "emptyDir", "configMap", "secret", "csi", "projected"} {
			assert.Contains(t, shape.BindingHelp(declaration, field), "spec.workspaces of the run", "%s %s", declaration, field)
		}
		for _, field := range []string{"name", "volumeClaim", "spec", ""} {
			assert.Empty(t, shape.BindingHelp(declaration, field), "%s %s", declaration, field)
		}
	}
	for _, other := range []reflect.Type{nil, reflect.TypeFor[pipelinev1.WorkspaceBinding](), reflect.TypeFor[pipelinev1.PipelineTask](), reflect.TypeFor[string]()} {
		assert.Empty(t, shape.BindingHelp(other, "emptyDir"))
	}
}

package shape

import (
	"reflect"
	"slices"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
)

// declarations are the items of lists of workspaces that only a run binds to a volume.
var declarations = []reflect.Type{
	reflect.TypeFor[pipelinev1.WorkspaceDeclaration](), reflect.TypeFor[pipelinev1beta1.WorkspaceDeclaration](),
	reflect.TypeFor[pipelinev1.PipelineWorkspaceDeclaration](), reflect.TypeFor[pipelinev1beta1.PipelineWorkspaceDeclaration](),
	reflect.TypeFor[pipelinev1.WorkspacePipelineTaskBinding](), reflect.TypeFor[pipelinev1beta1.WorkspacePipelineTaskBinding](),
}

// BindingHelp returns what to do with a field that belongs to the binding of a workspace in a
// run, but is in a struct that has no such field; "" for other structs and fields.
func BindingHelp(t reflect.Type, field string) string {
	if t == nil || !slices.Contains(declarations, t) || Of(t).Field(field) != nil ||
		Of(reflect.TypeFor[pipelinev1.WorkspaceBinding]()).Field(field) == nil {
		return ""
	}
	return "move it to spec.workspaces of the run: only a run binds a workspace to a volume"
}

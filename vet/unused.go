package vet

import (
	"go/ast"
	"go/types"
	"slices"
)

// pure are the functions of package builder, and the methods by their types, that
// do nothing but return something.
var pure = map[string][]string{
	"": {
		"Strings", "ObjectOf", "Each", "Axis", "CEL", "CELString", "StepCEL", "StepCELString", "TaskStrings", "TaskObjectOf", "Git", "Bundle", "Cluster", "HTTP", "Hub", "NewResolver", "NewWorkspace", "NewPipeline", "ExistingPipeline", "RemotePipeline",
		"Default", "DefaultArray", "DefaultObject", "Enum", "Describe", "FromStep",
		"ReadOnly", "Concurrent", "MountPath", "Optional",
		"SubPath", "MutateMount", "SizeLimit", "Medium", "Item", "Mode",
	},
	"String":       {"In", "NotIn", "Set"},
	"TaskString":   {"In", "NotIn"},
	"Array":        {"All", "At", "Set"},
	"Object":       {"Key", "Set"},
	"TaskArray":    {"All", "At"},
	"TaskObject":   {"Key"},
	"Workspace":    {"SubPath", "IsSet", "Bound", "PVC", "VolumeClaimTemplate", "EmptyDir", "Secret", "ConfigMap", "Bind", "From"},
	"Mount":        {"Path", "PathValue", "Bound", "Claim", "VolumeName", "Value"},
	"Result":       {"Path", "PathValue", "Value"},
	"ArrayResult":  {"Path", "PathValue", "Value"},
	"ObjectResult": {"Path", "PathValue", "Value"},
	"StepResult":   {"Path", "PathValue", "Value"},

	"StepArrayResult":  {"Path", "PathValue", "Value"},
	"StepObjectResult": {"Path", "PathValue", "Value"},

	"Status":       {"In", "NotIn", "Value"},
	"Reason":       {"In", "NotIn", "Value"},
	"Step":         {"ExitCodePath", "ExitCodePathValue"},
	"Resolver":     {"With", "WithArray", "WithObject", "WithTaskString"},
	"Pipeline":     {"Status", "Task", "OuterWorkspace"},
	"Task":         {"ResultOf", "StepResultOf", "PodVolume"},
	"PipelineTask": {"Status", "Reason"},
	"Matrix":       {"Length", "LengthOf"},
}

// uses say what to do with a result, by its type.
var uses = map[string]string{
	"When":             "pass it to When",
	"StepWhen":         "pass it to Step.When",
	"StatusWhen":       "pass it to When of a finally task",
	"Arg":              "pass it to Run",
	"WorkspaceBinding": "pass it to Run",
}

// statement reports the call of a pure function whose result is dropped.
func (c *reporter) statement(n *ast.ExprStmt) {
	call, ok := ast.Unparen(n.X).(*ast.CallExpr)
	if !ok {
		return
	}
	fn := c.function(call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != builder || fn.Signature().Results().Len() != 1 {
		return
	}
	recv := ""
	if v := fn.Signature().Recv(); v != nil {
		recv = builderType(pointee(v.Type()))
		if recv == "" {
			return
		}
	}
	if !slices.Contains(pure[recv], fn.Name()) {
		return
	}
	help := uses[builderType(pointee(fn.Signature().Results().At(0).Type()))]
	if help == "" {
		help = "use what it returns, or delete the call"
	}
	c.report(n, unused, "the result of "+show(call.Fun)+" is not used, and the call does nothing else; "+help)
}

// pointee returns what a pointer points to, and any other type as it is.
func pointee(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

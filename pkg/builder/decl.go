package builder

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// kind is the type of a param or a result.
type kind = v1.ParamType

const (
	stringKind = v1.ParamTypeString
	arrayKind  = v1.ParamTypeArray
	objectKind = v1.ParamTypeObject
)

// paramDecl declares a param of a pipeline, a task or a StepAction.
type paramDecl struct {
	at   place
	name string
	kind kind
	desc string
	def  *v1.ParamValue
	enum []string
	keys []string // of an object
}

// resultDecl declares a result of a task or a step.
type resultDecl struct {
	at       place
	name     string
	kind     kind
	desc     string
	keys     []string
	value    TaskString
	fromStep bool
	stepKind kind       // of the result that FromStep was called with
	step     StepResult // if AddSharedStep made it
}

// mountDecl declares a workspace of a task.
type mountDecl struct {
	at         place
	name       string
	desc       string
	mountPath  string
	optional   bool
	readOnly   bool
	concurrent bool
}

// workspaceDecl declares a workspace of a pipeline.
type workspaceDecl struct {
	at       place
	name     string
	desc     string
	optional bool
}

// spec returns the declaration as an upstream struct.
func (d *paramDecl) spec() v1.ParamSpec {
	s := v1.ParamSpec{Name: d.name, Type: d.kind, Description: d.desc, Enum: slices.Clone(d.enum)}
	if d.kind == stringKind {
		s.Type = "" // upstream's default
	}
	if d.def != nil {
		s.Default = d.def.DeepCopy()
	}
	return s
}

// label is a label or an annotation.
type label struct {
	at    place
	key   string
	value String
}

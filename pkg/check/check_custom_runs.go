package check

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
)

// customRunObject checks a CustomRun, as far as Tekton itself knows it: what
// its ref or spec means is known to whoever runs it.
func (c *checker) customRunObject(e *entry) {
	c.objectName(e)
	s, spec := in(e, "spec"), &e.customRun.Spec
	kind := func(field, apiVersion, kind string) {
		if apiVersion == "" {
			c.fail(s.field(field), "ref-invalid", e.ref.Name, "the "+field+" of this CustomRun has no apiVersion", "set apiVersion to group/version")
		}
		if kind == "" {
			c.fail(s.field(field), "ref-invalid", e.ref.Name, "the "+field+" of this CustomRun has no kind", "set kind")
		}
	}
	switch {
	case spec.CustomRef == nil && spec.CustomSpec == nil:
		c.fail(s, "spec-missing", e.ref.Name, "this CustomRun says nothing to run", "set customRef or customSpec")
	case spec.CustomRef != nil && spec.CustomSpec != nil:
		c.fail(s, "spec-conflict", e.ref.Name, "this CustomRun has both customRef and customSpec", "keep one of them")
	case spec.CustomRef != nil:
		kind("customRef", spec.CustomRef.APIVersion, string(spec.CustomRef.Kind))
	default:
		kind("customSpec", spec.CustomSpec.APIVersion, spec.CustomSpec.Kind)
	}
	if spec.Status == "" && spec.StatusMessage != "" {
		c.fail(s.field("statusMessage"), "status-invalid", e.ref.Name, "this CustomRun has a statusMessage without a status", "drop it: it says why a run was cancelled")
	}
	params := make(v1.Params, len(spec.Params))
	for i, p := range spec.Params {
		params[i] = v1.Param{Name: p.Name, Value: v1.ParamValue{
			Type: v1.ParamType(p.Value.Type), StringVal: p.Value.StringVal, ArrayVal: p.Value.ArrayVal, ObjectVal: p.Value.ObjectVal,
		}}
	}
	c.runParams(s, params)
	c.runWorkspaces(s, modernBindings(spec.Workspaces))
}

// modernBindings are workspace bindings of v1beta1 as v1 has them.
func modernBindings(list []v1beta1.WorkspaceBinding) []v1.WorkspaceBinding {
	out := make([]v1.WorkspaceBinding, len(list))
	for i, w := range list {
		out[i] = v1.WorkspaceBinding(w)
	}
	return out
}

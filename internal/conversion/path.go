package conversion

import (
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Path returns the path in a v1beta1 object that corresponds to a path in the
// result of [Convert].
func Path(old runtime.Object, path diag.Path) diag.Path {
	run, _ := old.(*v1beta1.PipelineRun)
	var out diag.Path
	parent := "" // the field around, whatever the items and keys in between
	segments := path.Segments()
	for i, s := range segments {
		if s.Kind != diag.FieldSegment {
			out = out.Append(s)
			continue
		}
		name := s.Name
		switch {
		case name == "taskRunTemplate" && parent == "spec":
			continue // its fields stand in spec
		case name == "timeouts" && parent == "spec" && run != nil && run.Spec.Timeout != nil &&
			len(segments) == i+2 && segments[i+1] == (diag.Segment{Name: "pipeline"}):
			return out.Field("timeout")
		default:
			if renamed := oldField(parent, name); renamed != "" {
				s.Name = renamed
			}
		}
		out = out.Append(s)
		parent = name
	}
	return out
}

// oldField is what v1beta1 calls a field of v1 below parent, "" if the same.
func oldField(parent, name string) string {
	switch name {
	case "computeResources":
		switch parent {
		case "steps", "sidecars", "stepTemplate", "stepSpecs", "sidecarSpecs":
			return "resources"
		}
	case "stepSpecs":
		return "stepOverrides"
	case "sidecarSpecs":
		return "sidecarOverrides"
	case "serviceAccountName":
		if parent == "taskRunSpecs" {
			return "taskServiceAccountName"
		}
	case "podTemplate":
		if parent == "taskRunSpecs" {
			return "taskPodTemplate"
		}
	}
	return ""
}

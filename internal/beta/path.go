package beta

import (
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Path is what an object of v1beta1 calls a path of what [Convert] made of it.
func Path(old runtime.Object, path string) string {
	run, _ := old.(*v1beta1.PipelineRun)
	out := make([]byte, 0, len(path))
	parent := ""
	for rest := path; rest != ""; {
		segment := rest[:segmentEnd(rest)]
		rest = rest[len(segment):]
		if rest != "" {
			rest = rest[1:]
		}
		name := fieldName(segment)
		index := segment[len(name):]
		switch {
		case name == "taskRunTemplate" && parent == "spec":
			continue // its fields stand in spec
		case name == "timeouts" && parent == "spec" && rest == "pipeline" && run != nil && run.Spec.Timeout != nil:
			return string(append(out, ".timeout"...))
		default:
			if old := oldField(parent, name); old != "" {
				segment = old + index
			}
		}
		if len(out) > 0 {
			out = append(out, '.')
		}
		out = append(out, segment...)
		parent = name
	}
	return string(out)
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

// segmentEnd is where the first field of a path ends: at a dot that stands in
// no key.
func segmentEnd(path string) int {
	quoted := false
	for i := 0; i < len(path); i++ {
		switch {
		case quoted && path[i] == '\\':
			i++
		case path[i] == '"':
			quoted = !quoted
		case path[i] == '.' && !quoted:
			return i
		}
	}
	return len(path)
}

// fieldName is a field of a path without its indexes and keys.
func fieldName(segment string) string {
	for i := 0; i < len(segment); i++ {
		if segment[i] == '[' {
			return segment[:i]
		}
	}
	return segment
}

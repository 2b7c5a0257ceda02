package check

import (
	"context"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// convert reads an object of tekton.dev/v1beta1 as one of v1, with Tekton's
// own conversion, so that it is held against the same rules. Findings lead to
// the fields as v1beta1 calls them.
func (e *entry) convert(o runtime.Object) {
	if o == nil {
		return
	}
	ctx := context.Background()
	// The conversion writes to the annotations of what it converts.
	switch o := o.DeepCopyObject().(type) {
	case *v1beta1.Task:
		sink := &v1.Task{}
		if o.ConvertTo(ctx, sink) == nil {
			e.task, e.old = sink, o
		}
	case *v1beta1.Pipeline:
		sink := &v1.Pipeline{}
		if o.ConvertTo(ctx, sink) == nil {
			nest(ctx, &o.Spec, &sink.Spec)
			e.pipeline, e.old = sink, o
		}
	case *v1beta1.PipelineRun:
		start := o.Status.StartTime
		o.Status = v1beta1.PipelineRunStatus{}
		sink := &v1.PipelineRun{}
		defer func() { sink.Status.StartTime = start }()
		if o.ConvertTo(ctx, sink) == nil {
			if o.Spec.PipelineSpec != nil {
				nest(ctx, o.Spec.PipelineSpec, sink.Spec.PipelineSpec)
			}
			e.run, e.old = sink, o
		}
	case *v1beta1.TaskRun:
		start := o.Status.StartTime
		o.Status = v1beta1.TaskRunStatus{}
		sink := &v1.TaskRun{}
		defer func() { sink.Status.StartTime = start }()
		if o.ConvertTo(ctx, sink) == nil {
			e.taskRun, e.old = sink, o
		}
	}
}

// nest adds the pipelines inside the pipeline, which Tekton's conversion
// leaves out.
func nest(ctx context.Context, from *v1beta1.PipelineSpec, to *v1.PipelineSpec) {
	list := func(from []v1beta1.PipelineTask, to []v1.PipelineTask) {
		for i := range from {
			if ref := from[i].PipelineRef; ref != nil && to[i].PipelineRef == nil {
				run := v1beta1.PipelineRunSpec{PipelineRef: ref}
				var sink v1.PipelineRunSpec
				if run.ConvertTo(ctx, &sink, &metav1.ObjectMeta{}) == nil {
					to[i].PipelineRef = sink.PipelineRef
				}
			}
			if spec := from[i].PipelineSpec; spec != nil && to[i].PipelineSpec == nil {
				sink := &v1.PipelineSpec{}
				if spec.ConvertTo(ctx, sink, &metav1.ObjectMeta{}) == nil {
					nest(ctx, spec, sink)
					to[i].PipelineSpec = sink
				}
			}
		}
	}
	list(from.Tasks, to.Tasks)
	list(from.Finally, to.Finally)
}

// spelt is what the version of the object calls a path of v1.
func (e *entry) spelt(path string) string {
	if e.old == nil {
		return path
	}
	run, _ := e.old.(*v1beta1.PipelineRun)
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

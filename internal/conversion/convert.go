// Package conversion converts tekton.dev/v1beta1 objects to v1, using Tekton's
// own conversions, and maps the paths of fields between the versions.
package conversion

import (
	"context"
	"reflect"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Convert converts a v1beta1 object to v1 as Tekton does when it is read. It
// returns nil if there is no conversion. The object is not changed. Of the
// status of a run, only its start is kept.
func Convert(o runtime.Object) (runtime.Object, error) {
	sink, err := convert(o)
	if sink != nil {
		retype(reflect.ValueOf(sink), unset, "")
	}
	return sink, err
}

func convert(o runtime.Object) (runtime.Object, error) {
	ctx := context.Background()
	typed := func(kind string) metav1.TypeMeta {
		return metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: kind}
	}
	// What is converted is a copy: the conversion writes to its annotations.
	switch o := o.(type) {
	case *v1beta1.Task:
		from, sink := o.DeepCopy(), &v1.Task{TypeMeta: typed("Task")}
		retype(reflect.ValueOf(&from.Spec), "", unset)
		typeTask(ctx, &from.Spec)
		return sink, from.ConvertTo(ctx, sink)
	case *v1beta1.Pipeline:
		from, sink := o.DeepCopy(), &v1.Pipeline{TypeMeta: typed("Pipeline")}
		retype(reflect.ValueOf(&from.Spec), "", unset)
		typePipeline(ctx, &from.Spec)
		if err := from.ConvertTo(ctx, sink); err != nil {
			return sink, err
		}
		return sink, nest(ctx, &from.Spec, &sink.Spec)
	case *v1beta1.PipelineRun:
		from, sink := o.DeepCopy(), &v1.PipelineRun{TypeMeta: typed("PipelineRun")}
		retype(reflect.ValueOf(&from.Spec), "", unset)
		from.Status = v1beta1.PipelineRunStatus{}
		typePipeline(ctx, from.Spec.PipelineSpec)
		if err := from.ConvertTo(ctx, sink); err != nil {
			return sink, err
		}
		sink.Status.StartTime = o.Status.StartTime
		return sink, nest(ctx, from.Spec.PipelineSpec, sink.Spec.PipelineSpec)
	case *v1beta1.TaskRun:
		from, sink := o.DeepCopy(), &v1.TaskRun{TypeMeta: typed("TaskRun")}
		retype(reflect.ValueOf(&from.Spec), "", unset)
		from.Status = v1beta1.TaskRunStatus{}
		typeTask(ctx, from.Spec.TaskSpec)
		if err := from.ConvertTo(ctx, sink); err != nil {
			return sink, err
		}
		sink.Status.StartTime = o.Status.StartTime
		return sink, nil
	}
	return nil, nil
}

// typeTask gives params without a type the one that Tekton infers when an
// object is made: the conversion takes all of them for texts.
func typeTask(ctx context.Context, spec *v1beta1.TaskSpec) {
	if spec == nil {
		return
	}
	for i := range spec.Params {
		spec.Params[i].SetDefaults(ctx)
	}
}

func typePipeline(ctx context.Context, spec *v1beta1.PipelineSpec) {
	if spec == nil {
		return
	}
	for i := range spec.Params {
		spec.Params[i].SetDefaults(ctx)
	}
	for _, tasks := range [][]v1beta1.PipelineTask{spec.Tasks, spec.Finally} {
		for i := range tasks {
			if t := tasks[i].TaskSpec; t != nil {
				typeTask(ctx, &t.TaskSpec)
			}
			typePipeline(ctx, tasks[i].PipelineSpec)
		}
	}
}

// nest adds the pipelines inside the pipeline, which Tekton's conversion
// leaves out.
func nest(ctx context.Context, from *v1beta1.PipelineSpec, to *v1.PipelineSpec) error {
	if from == nil {
		return nil
	}
	for _, tasks := range []struct {
		from []v1beta1.PipelineTask
		to   []v1.PipelineTask
	}{{from.Tasks, to.Tasks}, {from.Finally, to.Finally}} {
		for i := range tasks.from {
			if err := nestTask(ctx, &tasks.from[i], &tasks.to[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func nestTask(ctx context.Context, from *v1beta1.PipelineTask, to *v1.PipelineTask) error {
	if from.PipelineRef != nil && to.PipelineRef == nil {
		run := v1beta1.PipelineRunSpec{PipelineRef: from.PipelineRef}
		var sink v1.PipelineRunSpec
		if err := run.ConvertTo(ctx, &sink, &metav1.ObjectMeta{}); err != nil {
			return err
		}
		to.PipelineRef = sink.PipelineRef
	}
	if from.PipelineSpec == nil || to.PipelineSpec != nil {
		return nil
	}
	sink := &v1.PipelineSpec{}
	if err := from.PipelineSpec.ConvertTo(ctx, sink, &metav1.ObjectMeta{}); err != nil {
		return err
	}
	to.PipelineSpec = sink
	return nest(ctx, from.PipelineSpec, sink)
}

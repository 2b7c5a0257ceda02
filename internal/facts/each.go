package facts

import (
	"reflect"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// eachTask calls visit for each Task spec in the object, even if another field next
// to it makes it unclear what runs.
func (e *Entry) eachTask(visit func(Spot, *v1.TaskSpec)) {
	s := e.At("spec")
	var pipeline func(s Spot, spec *v1.PipelineSpec)
	pipeline = func(s Spot, spec *v1.PipelineSpec) {
		for _, list := range [...]struct {
			name  string
			tasks []v1.PipelineTask
		}{{"tasks", spec.Tasks}, {"finally", spec.Finally}} {
			for i := range list.tasks {
				t, at := &list.tasks[i], s.Index(list.name, i)
				if t.TaskSpec != nil {
					visit(at.Field("taskSpec"), &t.TaskSpec.TaskSpec)
				}
				if t.PipelineSpec != nil {
					pipeline(at.Field("pipelineSpec"), t.PipelineSpec)
				}
			}
		}
	}
	switch {
	case e.Task != nil:
		visit(s, &e.Task.Spec)
	case e.Pipeline != nil:
		pipeline(s, &e.Pipeline.Spec)
	case e.Run != nil && e.Run.Spec.PipelineSpec != nil:
		pipeline(s.Field("pipelineSpec"), e.Run.Spec.PipelineSpec)
	case e.TaskRun != nil && e.TaskRun.Spec.TaskSpec != nil:
		visit(s.Field("taskSpec"), e.TaskRun.Spec.TaskSpec)
	}
}

// eachPipeline calls visit for each pipeline spec in the object.
func (e *Entry) eachPipeline(visit func(Spot, *v1.PipelineSpec)) {
	var pipeline func(s Spot, spec *v1.PipelineSpec)
	pipeline = func(s Spot, spec *v1.PipelineSpec) {
		visit(s, spec)
		for i := range spec.Tasks {
			if inner := spec.Tasks[i].PipelineSpec; inner != nil {
				pipeline(s.Index("tasks", i).Field("pipelineSpec"), inner)
			}
		}
		for i := range spec.Finally {
			if inner := spec.Finally[i].PipelineSpec; inner != nil {
				pipeline(s.Index("finally", i).Field("pipelineSpec"), inner)
			}
		}
	}
	switch {
	case e.Pipeline != nil:
		pipeline(e.At("spec"), &e.Pipeline.Spec)
	case e.Run != nil && e.Run.Spec.PipelineSpec != nil:
		pipeline(e.At("spec", "pipelineSpec"), e.Run.Spec.PipelineSpec)
	}
}

// EachPodTemplate calls visit for each pod template of a run.
func (e *Entry) EachPodTemplate(visit func(Spot, *pod.PodTemplate)) {
	s := e.At("spec")
	switch {
	case e.Run != nil:
		if t := e.Run.Spec.TaskRunTemplate.PodTemplate; t != nil {
			visit(s.Field("taskRunTemplate", "podTemplate"), t)
		}
		for i := range e.Run.Spec.TaskRunSpecs {
			if t := e.Run.Spec.TaskRunSpecs[i].PodTemplate; t != nil {
				visit(s.Index("taskRunSpecs", i).Field("podTemplate"), t)
			}
		}
	case e.TaskRun != nil:
		if t := e.TaskRun.Spec.PodTemplate; t != nil {
			visit(s.Field("podTemplate"), t)
		}
	}
}

// EachVolume calls visit for each volume of Task specs and of the pod templates of
// runs.
func (e *Entry) EachVolume(visit func(Spot, *corev1.Volume)) {
	each := func(s Spot, volumes []corev1.Volume) {
		for i := range volumes {
			visit(s.Index("volumes", i), &volumes[i])
		}
	}
	e.EachPodTemplate(func(s Spot, t *pod.PodTemplate) { each(s, t.Volumes) })
	e.eachTask(func(s Spot, spec *v1.TaskSpec) { each(s, spec.Volumes) })
}

// EachEnv calls visit for each environment variable of steps, step templates,
// sidecars, StepActions and the pod templates of runs.
func (e *Entry) EachEnv(visit func(Spot, *corev1.EnvVar)) {
	each := func(s Spot, env []corev1.EnvVar) {
		for i := range env {
			visit(s.Index("env", i), &env[i])
		}
	}
	if e.StepAction != nil {
		each(e.At("spec"), e.StepAction.Spec.Env)
	}
	e.EachPodTemplate(func(s Spot, t *pod.PodTemplate) { each(s, t.Env) })
	e.eachTask(func(s Spot, spec *v1.TaskSpec) {
		if t := spec.StepTemplate; t != nil {
			each(s.Field("stepTemplate"), t.Env)
		}
		for i := range spec.Steps {
			each(s.Index("steps", i), spec.Steps[i].Env)
		}
		for i := range spec.Sidecars {
			each(s.Index("sidecars", i), spec.Sidecars[i].Env)
		}
	})
}

// EachDeclared calls visit for each declared param of Task specs, pipeline specs and
// StepActions.
func (e *Entry) EachDeclared(visit func(Spot, *v1.ParamSpec)) {
	each := func(s Spot, params v1.ParamSpecs) {
		for i := range params {
			visit(s.Index("params", i), &params[i])
		}
	}
	if e.StepAction != nil {
		each(e.At("spec"), e.StepAction.Spec.Params)
	}
	e.eachPipeline(func(s Spot, spec *v1.PipelineSpec) { each(s, spec.Params) })
	e.eachTask(func(s Spot, spec *v1.TaskSpec) { each(s, spec.Params) })
}

// EachPassed calls visit for each param that a run, a pipeline task or a step sets.
func (e *Entry) EachPassed(visit func(Spot, *v1.Param)) {
	each := func(s Spot, params v1.Params) {
		for i := range params {
			visit(s.Index("params", i), &params[i])
		}
	}
	if e.Run != nil || e.TaskRun != nil {
		each(e.At("spec"), e.RunParams())
	}
	e.eachPipeline(func(s Spot, spec *v1.PipelineSpec) {
		for i := range spec.Tasks {
			each(s.Index("tasks", i), spec.Tasks[i].Params)
		}
		for i := range spec.Finally {
			each(s.Index("finally", i), spec.Finally[i].Params)
		}
	})
	e.eachTask(func(s Spot, spec *v1.TaskSpec) {
		for i := range spec.Steps {
			each(s.Index("steps", i), spec.Steps[i].Params)
		}
	})
}

// VolumeSource returns the field with the source of a volume, the first that Tekton
// checks: secret, configMap, persistentVolumeClaim, projected, csi, then any other;
// "" if there is none.
func VolumeSource(v *corev1.Volume) string {
	switch {
	case v.Secret != nil:
		return "secret"
	case v.ConfigMap != nil:
		return "configMap"
	case v.PersistentVolumeClaim != nil:
		return "persistentVolumeClaim"
	case v.Projected != nil:
		return "projected"
	case v.CSI != nil:
		return "csi"
	}
	set := VolumeSources(v)
	if len(set) == 0 {
		return ""
	}
	return set[0]
}

// VolumeSources returns the fields of a volume that set a source.
func VolumeSources(v *corev1.Volume) []string {
	source, typ := reflect.ValueOf(v.VolumeSource), reflect.TypeFor[corev1.VolumeSource]()
	var set []string
	for i := range source.NumField() {
		if source.Field(i).Kind() == reflect.Pointer && !source.Field(i).IsNil() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			set = append(set, name)
		}
	}
	return set
}

package facts

import "github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"

// PodVolumes are the names of the volumes that the pod templates of a run add to a Task:
// those of the run as a whole, which its tasks share, and those for the task.
type PodVolumes struct{ all, own map[string]bool }

// Has reports whether a pod template adds the volume.
func (v *PodVolumes) Has(name string) bool { return v != nil && (v.all[name] || v.own[name]) }

// podVolumes returns the volumes of the pod templates of the run by task. Those of the
// run as a whole are at "".
func (p *PipelineSpec) podVolumes() map[string]map[string]bool {
	if p.podVolumesOf != nil {
		return p.podVolumesOf
	}
	p.podVolumesOf = map[string]map[string]bool{}
	add := func(task string, t *pod.PodTemplate) {
		if t == nil || len(t.Volumes) == 0 {
			return
		}
		if p.podVolumesOf[task] == nil {
			p.podVolumesOf[task] = map[string]bool{}
		}
		for i := range t.Volumes {
			p.podVolumesOf[task][t.Volumes[i].Name] = true
		}
	}
	spec := &p.Run.Spec
	add("", spec.TaskRunTemplate.PodTemplate)
	for i := range spec.TaskRunSpecs {
		if s := &spec.TaskRunSpecs[i]; s.PipelineTaskName != "" {
			add(s.PipelineTaskName, s.PodTemplate)
		}
	}
	return p.podVolumesOf
}

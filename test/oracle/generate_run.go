package oracle

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func (g *gen) pipelineRun(s *system) {
	spec, _ := s.spec()
	s.run.Spec.Params = g.runParams(spec.Params)
	claimed := false
	for _, w := range spec.Workspaces {
		if !w.Optional || g.chance(0.5) {
			s.run.Spec.Workspaces = append(s.run.Spec.Workspaces, g.binding(w.Name, &claimed))
		}
	}
	if g.chance(0.4) {
		n, _ := pick(g, s.nodes())
		trs := v1.PipelineTaskRunSpec{PipelineTaskName: n.Name, ServiceAccountName: "builder"}
		if g.chance(0.5) {
			step, _ := pick(g, n.spec.Steps)
			trs.StepSpecs = []v1.TaskRunStepSpec{{Name: step.Name, ComputeResources: small()}}
		}
		s.run.Spec.TaskRunSpecs = []v1.PipelineTaskRunSpec{trs}
	}
}

func (g *gen) taskRun(s *system) {
	t, _ := pick(g, s.tasks)
	tr := &v1.TaskRun{TypeMeta: typeMeta("v1", "TaskRun"), ObjectMeta: metav1.ObjectMeta{Name: t.Name + "-1"}}
	tr.Spec.ServiceAccountName = "builder"
	if g.chance(0.2) {
		tr.Spec.TaskSpec = t.Spec.DeepCopy()
	} else {
		tr.Spec.TaskRef = &v1.TaskRef{Name: t.Name, Kind: v1.NamespacedTaskKind}
	}
	tr.Spec.Params = g.runParams(t.Spec.Params)
	claimed := false
	for _, w := range t.Spec.Workspaces {
		if !w.Optional || g.chance(0.5) {
			tr.Spec.Workspaces = append(tr.Spec.Workspaces, g.binding(w.Name, &claimed))
		}
	}
	if g.chance(0.3) {
		step, _ := pick(g, t.Spec.Steps)
		tr.Spec.StepSpecs = []v1.TaskRunStepSpec{{Name: step.Name, ComputeResources: small()}}
	}
	s.taskRun = tr
}

func (g *gen) runParams(specs v1.ParamSpecs) v1.Params {
	var out v1.Params
	for _, p := range specs {
		if p.Default == nil || g.chance(0.4) {
			out = append(out, v1.Param{Name: p.Name, Value: g.literal(p)})
		}
	}
	return out
}

// binding binds a workspace; to one claim at most, which is all that a task
// may mount.
func (g *gen) binding(name string, claimed *bool) v1.WorkspaceBinding {
	b := v1.WorkspaceBinding{Name: name}
	switch n := g.IntN(5); {
	case n == 0 && !*claimed:
		*claimed = true
		b.PersistentVolumeClaim = &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "cache"}
	case n == 1 && !*claimed:
		*claimed = true
		b.VolumeClaimTemplate = claimTemplate()
	case n == 2:
		b.ConfigMap = &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "settings"}}
	case n == 3:
		b.Secret = &corev1.SecretVolumeSource{SecretName: "key"}
	default:
		b.EmptyDir = &corev1.EmptyDirVolumeSource{}
	}
	return b
}

func claimTemplate() *corev1.PersistentVolumeClaim {
	return &corev1.PersistentVolumeClaim{Spec: corev1.PersistentVolumeClaimSpec{
		AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")}},
	}}
}

func small() corev1.ResourceRequirements {
	return corev1.ResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("100m")}}
}

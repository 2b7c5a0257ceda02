package builder

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// Volume is a volume of a task's pod, for [Step.Mount] and [Sidecar.Mount].
type Volume struct {
	scope *scope // of its task
	name  string
}

type volume struct {
	at place
	v  corev1.Volume
}

// Volume adds a volume of any kind. Variables in its fields are written as text.
func (t *Task) Volume(v corev1.Volume) Volume {
	return t.orNew().volume(callsite.Here(), *v.DeepCopy())
}

func (t *Task) volume(at place, v corev1.Volume) Volume {
	v.Name = t.called(v.Name)
	t.volumes = append(t.volumes, &volume{at, v})
	return Volume{t.scope, v.Name}
}

func emptyDir(name string) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}
}

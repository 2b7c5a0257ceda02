package builder

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// VolumeMountOption is an option of [Step.Mount], [Sidecar.Mount] and
// [StepAction.Mount]: ReadOnly, SubPath, MutateMount.
type VolumeMountOption interface{ volumeMount(*mounting) }

// mounting is a volume mounted at a path.
type mounting struct {
	at       place
	volume   Volume
	name     TaskString // of the volume, in a StepAction
	path     TaskString
	sub      said
	readOnly bool
	mutate   callsite.Changes[corev1.VolumeMount]
}

// withOptions returns the mount with the options applied.
func (m mounting) withOptions(opts []VolumeMountOption) mounting {
	for _, o := range opts {
		if o != nil {
			o.volumeMount(&m)
		}
	}
	return m
}

type volumeMountOption func(*mounting)

func (o volumeMountOption) volumeMount(m *mounting) { o(m) }

// SubPath mounts only a file or a directory of the volume, at a relative path in it.
func SubPath(path TaskString) VolumeMountOption {
	return volumeMountOption(func(m *mounting) { m.sub = said{m.at, path} })
}

// MutateMount changes the upstream VolumeMount. It is an escape hatch for fields that have
// no option here, such as mountPropagation. The function may be called more than once, each
// time with a fresh copy.
func MutateMount(change func(*corev1.VolumeMount)) VolumeMountOption {
	at := callsite.Here()
	return volumeMountOption(func(m *mounting) { m.mutate.Add(at, change) })
}

package builder

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
)

// Volume is a volume of a task's pod, for [Step.Mount] and [Sidecar.Mount].
type Volume struct {
	scope *scope // of its task
	name  string
	other TaskString // the name, if the task does not declare the volume
}

type volume struct {
	at place
	v  corev1.Volume
}

// Volume adds a volume of any kind. Handles in its fields are checked; Tekton replaces
// variables only in some of them (variable-ignored).
func (t *Task) Volume(v corev1.Volume) Volume {
	return t.orNew().volume(callsite.Here(), *v.DeepCopy())
}

func (t *Task) volume(at place, v corev1.Volume) Volume {
	v.Name = t.called(v.Name)
	t.volumes = append(t.volumes, &volume{at, v})
	return Volume{scope: t.scope, name: v.Name}
}

// PodVolume returns a volume of the pod that the task does not declare: one of the pod
// template of the run, or one whose name is an input.
//
//	t.Step("build").Mount(t.PodVolume(t.Param("cache", b.Cache)), "/cache")
func (t *Task) PodVolume(name TaskString) Volume {
	t = t.orNew()
	return Volume{scope: t.scope, name: handle.Strip(string(name)), other: name}
}

// EmptyDirOption is an option of [Task.EmptyDir]: SizeLimit, Medium.
type EmptyDirOption interface {
	emptyDir(s *scope, at place, v *corev1.EmptyDirVolumeSource)
}

type emptyDirOption func(s *scope, at place, v *corev1.EmptyDirVolumeSource)

func (o emptyDirOption) emptyDir(s *scope, at place, v *corev1.EmptyDirVolumeSource) { o(s, at, v) }

// SizeLimit limits the size of an empty directory to a quantity, such as "1Gi". The pod is
// evicted if the directory becomes larger.
func SizeLimit(quantity string) EmptyDirOption {
	return emptyDirOption(func(s *scope, at place, v *corev1.EmptyDirVolumeSource) {
		q, err := resource.ParseQuantity(quantity)
		if err != nil {
			s.reportf(at, "quantity-invalid", "the size limit %s of a volume is not a valid quantity", quote(quantity)).
				Help = `write a quantity such as "500Mi" or "1Gi"`
			return
		}
		v.SizeLimit = &q
	})
}

// Medium sets where an empty directory is stored: [corev1.StorageMediumMemory] is a RAM
// disk, which counts as memory of the container.
func Medium(m corev1.StorageMedium) EmptyDirOption {
	return emptyDirOption(func(_ *scope, _ place, v *corev1.EmptyDirVolumeSource) { v.Medium = m })
}

// EmptyDir adds a volume that is initially empty and exists as long as the pod.
func (t *Task) EmptyDir(name string, opts ...EmptyDirOption) Volume {
	t = t.orNew()
	at, v := callsite.Here(), &corev1.EmptyDirVolumeSource{}
	for _, o := range opts {
		if o != nil {
			o.emptyDir(t.scope, at, v)
		}
	}
	return t.volume(at, corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{EmptyDir: v}})
}

// FilesOption is an option of [Task.Secret] and [Task.ConfigMap]: Optional, Item, Mode.
type FilesOption interface{ files(*files) }

// files are the keys of a Secret or a ConfigMap as files.
type files struct {
	items    []corev1.KeyToPath
	mode     *int32
	optional *bool
}

type filesOption func(*files)

func (o filesOption) files(f *files) { o(f) }

// Item adds a key to the files of a volume, at a relative path. Without any Item, the
// volume has a file for each key.
func Item(key, path TaskString) FilesOption {
	return filesOption(func(f *files) {
		f.items = append(f.items, corev1.KeyToPath{Key: string(key), Path: string(path)})
	})
}

// Mode sets the permissions of the files of a volume, such as 0o400. The default is 0o644.
func Mode(mode int32) FilesOption { return filesOption(func(f *files) { f.mode = &mode }) }

func filesOf(opts []FilesOption) *files {
	f := &files{}
	for _, o := range opts {
		if o != nil {
			o.files(f)
		}
	}
	return f
}

// Secret adds a volume with a file for each key of a Secret.
//
//	key := t.Secret("ssh", t.Param("secret", d.Secret), builder.Mode(0o400))
//	t.Step("push").Mount(key, "/ssh", builder.ReadOnly())
func (t *Task) Secret(name string, secret TaskString, opts ...FilesOption) Volume {
	t = t.orNew()
	f := filesOf(opts)
	return t.volume(callsite.Here(), corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{
		SecretName: string(secret), Items: f.items, DefaultMode: f.mode, Optional: f.optional,
	}}})
}

// ConfigMap adds a volume with a file for each key of a ConfigMap.
func (t *Task) ConfigMap(name string, configMap TaskString, opts ...FilesOption) Volume {
	t = t.orNew()
	f := filesOf(opts)
	return t.volume(callsite.Here(), corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
		LocalObjectReference: corev1.LocalObjectReference{Name: string(configMap)},
		Items:                f.items, DefaultMode: f.mode, Optional: f.optional,
	}}})
}

// PVC adds a volume that is a PersistentVolumeClaim. A workspace is usually better: each
// run binds it to a volume of its own.
func (t *Task) PVC(name string, claim TaskString) Volume {
	t = t.orNew()
	return t.volume(callsite.Here(), corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{
		PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: string(claim)},
	}})
}

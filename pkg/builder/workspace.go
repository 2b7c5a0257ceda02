package builder

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// Workspace is a volume that tasks share, as its last writer left it: whoever
// takes clone.Source runs after clone. The zero value means "not given".
type Workspace struct{ d *workspace }

type workspace struct {
	scope  *scope // nil for NewWorkspace
	decl   *workspaceDecl
	writer *PipelineTask
	sub    String
}

// NewWorkspace is a workspace without a pipeline, for RunTask.
func NewWorkspace(name string) Workspace {
	return Workspace{&workspace{decl: &workspaceDecl{at: callsite.Here(), name: name}}}
}

// IsSet tells whether this is a workspace at all: false for the zero value.
func (w Workspace) IsSet() bool { return w.d != nil }

// name is the workspace's, "" for the zero value.
func (w Workspace) name() string {
	if w.d == nil {
		return ""
	}
	return w.d.decl.name
}

// SubPath is the sub-directory of the workspace at a relative path. It keeps the
// order that the workspace gives.
func (w Workspace) SubPath(path String) Workspace {
	if w.d == nil {
		return w
	}
	d := *w.d
	if d.sub != "" {
		path = d.sub + "/" + path
	}
	d.sub = path
	return Workspace{&d}
}

// as is the workspace as a node leaves it.
func (w Workspace) as(n *PipelineTask) Workspace {
	if w.d == nil {
		return w
	}
	d := *w.d
	d.writer = n
	return Workspace{&d}
}

// PVC binds the workspace to a PersistentVolumeClaim that exists.
func (w Workspace) PVC(name String) *WorkspaceBinding {
	b := w.binding(callsite.Here())
	b.pvc = name
	b.v.PersistentVolumeClaim = &corev1.PersistentVolumeClaimVolumeSource{}
	return b
}

// VolumeClaimTemplate binds the workspace to a PersistentVolumeClaim that Tekton
// makes for the run and deletes with it. The size is a quantity ("1Gi"), the
// access mode ReadWriteOnce unless AccessModes says otherwise.
func (w Workspace) VolumeClaimTemplate(size string) *WorkspaceBinding {
	b := w.binding(callsite.Here())
	claim := &corev1.PersistentVolumeClaim{}
	claim.Spec.AccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}
	q, err := resource.ParseQuantity(size)
	if err != nil {
		b.bad = "the size " + quoteAll([]string{size}) + " is not a quantity"
		b.help = `write it as "1Gi" or "500Mi"`
		q = *resource.NewQuantity(1, resource.BinarySI) // it is on record
	}
	claim.Spec.Resources.Requests = corev1.ResourceList{corev1.ResourceStorage: q}
	b.v.VolumeClaimTemplate = claim
	return b
}

// EmptyDir binds the workspace to a directory that lives as long as the pod.
// Each task has a pod of its own: it cannot carry files from task to task.
func (w Workspace) EmptyDir() *WorkspaceBinding {
	b := w.binding(callsite.Here())
	b.v.EmptyDir = &corev1.EmptyDirVolumeSource{}
	return b
}

// Secret binds the workspace to a Secret, whose keys become files.
func (w Workspace) Secret(name String) *WorkspaceBinding {
	b := w.binding(callsite.Here())
	b.secret = name
	b.v.Secret = &corev1.SecretVolumeSource{}
	return b
}

// ConfigMap binds the workspace to a ConfigMap, whose keys become files.
func (w Workspace) ConfigMap(name String) *WorkspaceBinding {
	b := w.binding(callsite.Here())
	b.configMap = name
	b.v.ConfigMap = &corev1.ConfigMapVolumeSource{}
	return b
}

// Bind binds the workspace to any volume that Tekton knows: the hatch for
// projected and CSI volumes, chosen keys and the like. The binding's name is
// set to the workspace's.
func (w Workspace) Bind(v v1.WorkspaceBinding) *WorkspaceBinding {
	b := w.binding(callsite.Here())
	b.v = *v.DeepCopy()
	return b
}

// From gives a nested pipeline's workspace a workspace of the outer pipeline.
func (w Workspace) From(parent Workspace) Arg {
	return &nestedWorkspace{at: callsite.Here(), target: w, from: parent}
}

func (w Workspace) binding(at place) *WorkspaceBinding { return &WorkspaceBinding{at: at, target: w} }

// WorkspaceBinding is the volume of a workspace for one run.
type WorkspaceBinding struct {
	at                     place
	target                 Workspace
	v                      v1.WorkspaceBinding
	sub                    String
	pvc, secret, configMap String
	bad, help              string // why it cannot be used
}

// SubPath uses a sub-directory of the volume.
func (b *WorkspaceBinding) SubPath(path String) *WorkspaceBinding {
	if b != nil {
		b.sub = path
	}
	return b
}

// StorageClass sets the storage class of a ClaimTemplate. The default is the
// cluster's.
func (b *WorkspaceBinding) StorageClass(name string) *WorkspaceBinding {
	if b == nil {
		return b
	}
	if b.v.VolumeClaimTemplate == nil {
		b.bad, b.help = "StorageClass is set on a volume that is not made for the run", "use it after ClaimTemplate"
		return b
	}
	b.v.VolumeClaimTemplate.Spec.StorageClassName = &name
	return b
}

// AccessModes sets the access modes of a ClaimTemplate: "ReadWriteMany" and
// the like.
func (b *WorkspaceBinding) AccessModes(modes ...string) *WorkspaceBinding {
	if b == nil {
		return b
	}
	if b.v.VolumeClaimTemplate == nil {
		b.bad, b.help = "AccessModes is set on a volume that is not made for the run", "use it after ClaimTemplate"
		return b
	}
	list := make([]corev1.PersistentVolumeAccessMode, len(modes))
	for i, m := range modes {
		list[i] = corev1.PersistentVolumeAccessMode(m)
	}
	b.v.VolumeClaimTemplate.Spec.AccessModes = list
	return b
}

// Arg is an argument of a run or a nested pipeline: a param's Set, or a
// workspace's volume. It is sealed.
type Arg interface{ arg() }

// paramArg gives a param a value.
type paramArg struct {
	at     place
	target string // the marked handle
	kind   kind
	str    String
	array  Array
	object Object
}

// nestedWorkspace gives a nested pipeline's workspace one of the outer one's.
type nestedWorkspace struct {
	at           place
	target, from Workspace
}

func (*paramArg) arg()         {}
func (*WorkspaceBinding) arg() {}
func (*nestedWorkspace) arg()  {}

package builder

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// Workspace is a workspace of a pipeline, as a task left it: a
// task that uses clone.Source runs after clone. The zero value means "not set".
type Workspace struct{ d *workspace }

type workspace struct {
	scope  *scope // nil for NewWorkspace
	decl   *workspaceDecl
	writer *PipelineTask
	sub    String
}

// NewWorkspace returns a workspace that does not belong to a pipeline, for
// [RunTask].
func NewWorkspace(name string) Workspace {
	return Workspace{&workspace{decl: &workspaceDecl{at: callsite.Here(), name: name}}}
}

// OuterWorkspace returns a workspace that the run binds, without declaring it. Tekton
// allows that only in a pipeline that is embedded in the run (see [PipelineRun.Embed]). The
// run binds it with [PipelineRun.PassWorkspace].
//
//	netrc := p.OuterWorkspace("netrc")
//	builder.Add(p, "fetch", Fetch{Netrc: netrc})
//	p.Run("fetch-").Embed().PassWorkspace(builder.NewWorkspace("netrc").Secret("netrc"))
func (p *Pipeline) OuterWorkspace(name string) Workspace {
	p = p.orNew()
	return Workspace{&workspace{scope: p.scope, decl: &workspaceDecl{at: callsite.Here(), name: name}}}
}

// IsSet reports whether w is not the zero value.
func (w Workspace) IsSet() bool { return w.d != nil }

// name returns the name of the workspace, "" for the zero value.
func (w Workspace) name() string {
	if w.d == nil {
		return ""
	}
	return w.d.decl.name
}

// SubPath returns the subdirectory of the workspace at a relative path. A task
// that uses it runs after the same task as with w.
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

// as returns the workspace in the state in which a task leaves it.
func (w Workspace) as(n *PipelineTask) Workspace {
	if w.d == nil {
		return w
	}
	d := *w.d
	d.writer = n
	return Workspace{&d}
}

// PVC binds the workspace to an existing PersistentVolumeClaim.
func (w Workspace) PVC(name String) *WorkspaceBinding {
	b := w.binding(callsite.Here())
	b.pvc = name
	b.v.PersistentVolumeClaim = &corev1.PersistentVolumeClaimVolumeSource{}
	return b
}

// VolumeClaimTemplate binds the workspace to a PersistentVolumeClaim that Tekton
// creates for the run and deletes with it. The size is a quantity ("1Gi"). The
// access mode is ReadWriteOnce; see [WorkspaceBinding.AccessModes].
func (w Workspace) VolumeClaimTemplate(size string) *WorkspaceBinding {
	b := w.binding(callsite.Here())
	claim := &corev1.PersistentVolumeClaim{}
	claim.Spec.AccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}
	q, err := resource.ParseQuantity(size)
	if err != nil {
		b.bad = "the size " + quoteAll([]string{size}) + " is not a valid volume size"
		b.help = `write a size such as "1Gi" or "500Mi"`
		q = *resource.NewQuantity(1, resource.BinarySI) // the mistake is recorded
	}
	claim.Spec.Resources.Requests = corev1.ResourceList{corev1.ResourceStorage: q}
	b.v.VolumeClaimTemplate = claim
	return b
}

// EmptyDir binds the workspace to an empty directory that exists as long as the
// pod. Each task runs in its own pod, so tasks cannot share files in it.
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

// Bind binds the workspace to any volume that Tekton supports. It is an escape
// hatch for projected and CSI volumes, selected keys and so on. The name of the
// binding is set to that of the workspace.
func (w Workspace) Bind(v v1.WorkspaceBinding) *WorkspaceBinding {
	b := w.binding(callsite.Here())
	b.v = *v.DeepCopy()
	return b
}

// From returns an argument of [Pipeline.AddPipeline] that binds a workspace of the
// nested pipeline to a workspace of the outer one.
func (w Workspace) From(parent Workspace) Arg {
	return &nestedWorkspace{at: callsite.Here(), target: w, from: parent}
}

func (w Workspace) binding(at place) *WorkspaceBinding { return &WorkspaceBinding{at: at, target: w} }

// WorkspaceBinding is an argument of a run that binds a workspace to a volume.
type WorkspaceBinding struct {
	at                     place
	target                 Workspace
	v                      v1.WorkspaceBinding
	sub                    String
	pvc, secret, configMap String
	bad, help              string // why it cannot be used
	passed                 bool   // by PassWorkspace: the pipeline does not declare it
}

// SubPath sets the subdirectory of the volume to use.
func (w *WorkspaceBinding) SubPath(path String) *WorkspaceBinding {
	if w != nil {
		w.sub = path
	}
	return w
}

// StorageClass sets the storage class of a VolumeClaimTemplate. The default is
// that of the cluster.
func (w *WorkspaceBinding) StorageClass(name string) *WorkspaceBinding {
	if w == nil {
		return w
	}
	if w.v.VolumeClaimTemplate == nil {
		w.bad, w.help = "StorageClass is called on a binding that is not a VolumeClaimTemplate", "call StorageClass on what VolumeClaimTemplate returned"
		return w
	}
	w.v.VolumeClaimTemplate.Spec.StorageClassName = &name
	return w
}

// AccessModes sets the access modes of a VolumeClaimTemplate, such as
// "ReadWriteMany".
func (w *WorkspaceBinding) AccessModes(modes ...string) *WorkspaceBinding {
	if w == nil {
		return w
	}
	if w.v.VolumeClaimTemplate == nil {
		w.bad, w.help = "AccessModes is set on a binding that is not a VolumeClaimTemplate", "call it on what VolumeClaimTemplate returned"
		return w
	}
	list := make([]corev1.PersistentVolumeAccessMode, len(modes))
	for i, m := range modes {
		list[i] = corev1.PersistentVolumeAccessMode(m)
	}
	w.v.VolumeClaimTemplate.Spec.AccessModes = list
	return w
}

// Arg is an argument of a run or of a nested pipeline. It is made by the Set
// methods of params and by methods of [Workspace].
type Arg interface{ arg() }

// paramArg sets a param.
type paramArg struct {
	at     place
	target string // the marked handle, or
	name   string // for Pass: the pipeline does not declare it
	kind   kind
	str    String
	array  Array
	object Object
}

// nestedWorkspace binds a workspace of a nested pipeline to one of the outer
// pipeline.
type nestedWorkspace struct {
	at           place
	target, from Workspace
}

func (*paramArg) arg()         {}
func (*WorkspaceBinding) arg() {}
func (*nestedWorkspace) arg()  {}

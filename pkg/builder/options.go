package builder

import (
	"maps"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// ParamOption is an option of a string param: Describe, Default, Enum.
type ParamOption interface{ param(*paramDecl) }

// ArrayOption is an option of an array param: Describe, DefaultArray.
type ArrayOption interface{ array(*paramDecl) }

// ObjectOption is an option of an object param: Describe, DefaultObject.
type ObjectOption interface{ object(*paramDecl) }

// ResultOption is an option of a result: Describe, FromStep.
type ResultOption interface{ result(*resultDecl) }

// MountOption is an option of a task's workspace: Describe, Optional,
// ReadOnly, Concurrent, MountPath.
type MountOption interface{ mount(*mountDecl) }

// WorkspaceOption is an option of a pipeline's workspace, and of a task's:
// Describe, Optional.
type WorkspaceOption interface {
	MountOption
	workspace(*workspaceDecl)
}

// Description is the option that [Describe] returns. It is valid for params, results
// and workspaces. Pipelines, tasks and StepActions have a method Describe instead.
type Description string

// Describe sets the description of a param, result or workspace.
func Describe(text string) Description { return Description(text) }

func (d Description) param(p *paramDecl)         { p.desc = string(d) }
func (d Description) array(p *paramDecl)         { p.desc = string(d) }
func (d Description) object(p *paramDecl)        { p.desc = string(d) }
func (d Description) result(r *resultDecl)       { r.desc = string(d) }
func (d Description) mount(m *mountDecl)         { m.desc = string(d) }
func (d Description) workspace(w *workspaceDecl) { w.desc = string(d) }

// EnvOption is an option of an environment variable from a Secret or a ConfigMap:
// Optional.
type EnvOption interface{ env(*envVar) }

type paramOption func(*paramDecl)

func (o paramOption) param(p *paramDecl) { o(p) }

type arrayOption func(*paramDecl)

func (o arrayOption) array(p *paramDecl) { o(p) }

type objectOption func(*paramDecl)

func (o objectOption) object(p *paramDecl) { o(p) }

type resultOption func(*resultDecl)

func (o resultOption) result(r *resultDecl) { o(r) }

type mountOption func(*mountDecl)

func (o mountOption) mount(m *mountDecl) { o(m) }

// Default makes a string param optional: v is used if no value is set. It is a
// plain Go string, because a default cannot be a variable; "" is the empty
// string.
func Default(v string) ParamOption {
	return paramOption(func(p *paramDecl) { p.def = v1.NewStructuredValues(v) })
}

// DefaultArray makes an array param optional. DefaultArray() is the empty
// array.
func DefaultArray(items ...string) ArrayOption {
	items = append([]string{}, items...)
	return arrayOption(func(p *paramDecl) { p.def = &v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: items} })
}

// DefaultObject makes an object param optional. Keys without a default must be
// set by each run.
func DefaultObject(fields map[string]string) ObjectOption {
	fields = maps.Clone(fields)
	return objectOption(func(p *paramDecl) { p.def = &v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: fields} })
}

// Enum lists the allowed values of a string param. Tekton rejects it unless the
// feature flag enable-param-enum is true; the default is false.
func Enum(values ...string) ParamOption {
	values = append([]string{}, values...)
	return paramOption(func(p *paramDecl) { p.enum = values })
}

// OptionalOption is the option that [Optional] returns. It is valid for workspaces,
// environment variables and volumes.
type OptionalOption interface {
	WorkspaceOption
	EnvOption
	FilesOption
}

type optional struct{}

func (optional) mount(m *mountDecl)         { m.optional = true }
func (optional) workspace(w *workspaceDecl) { w.optional = true }
func (optional) env(e *envVar)              { e.optional = true }
func (optional) files(f *files)             { f.optional = new(true) }

// Optional makes a workspace optional: a run need not bind it. A step can test
// [Mount.Bound]. It also lets a step start without the Secret or the ConfigMap of an
// environment variable or of a volume, or without its key.
func Optional() OptionalOption { return optional{} }

// ReadOnlyOption is the option that [ReadOnly] returns. It is valid for workspaces of a
// task and for mounts of volumes.
type ReadOnlyOption interface {
	MountOption
	VolumeMountOption
}

type readOnly struct{}

func (readOnly) mount(m *mountDecl)      { m.readOnly = true }
func (readOnly) volumeMount(m *mounting) { m.readOnly = true }

// ReadOnly mounts a workspace or a volume read-only. Tasks that only read a workspace
// may share it without an order between them.
func ReadOnly() ReadOnlyOption { return readOnly{} }

// Concurrent declares that the task may write to the workspace while other tasks
// do, as for a cache. Tasks that share the workspace are then not reported as
// unordered. The Task gets the annotation [rule.ConcurrentAnnotation].
func Concurrent() MountOption { return mountOption(func(m *mountDecl) { m.concurrent = true }) }

// MountPath sets the absolute path at which the workspace is mounted. The default
// is /workspace/NAME.
func MountPath(path string) MountOption {
	return mountOption(func(m *mountDecl) { m.mountPath = path })
}

// FromStep sets the value of a task's result to a step's result, which must have the
// same type: a [StepResult], a [StepArrayResult] or a [StepObjectResult], or a result in the
// output of a StepAction:
//
//	login := builder.AddStepAction(t, "login", Login{})
//	token := t.Result("token", builder.FromStep(login.Token))
func FromStep(r AnyStepResult) ResultOption {
	return resultOption(func(d *resultDecl) {
		d.fromStep = true
		if r != nil {
			d.value, d.stepKind = r.stepResult()
		}
	})
}

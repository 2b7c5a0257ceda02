package builder

import (
	rbacv1 "k8s.io/api/rbac/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Task is the body of a task: it is what Define declares params, workspaces,
// results, steps, sidecars and volumes on. Declaring an input binds it, too:
// t.Param("image", d.Image) is the Task's param and the value that the
// pipeline gives it.
type Task struct {
	*scope
	node        *PipelineTask
	name        string
	typeName    string // for messages: tasks.GitClone
	typed       bool   // a task type has a Define; a task made by Do has none
	desc        said
	labels      []label
	annotations []label
	params      []*paramDecl
	workspaces  []*mountDecl
	results     []*resultDecl
	steps       []*Step
	template    *Step
	sidecars    []*Sidecar
	volumes     []*volume
	mutate      []func(*v1.TaskSpec)
	source      *source // where the definition comes from, nil for steps
	needs       []Permission
}

func newTask(n *PipelineTask, name string) *Task {
	return &Task{
		scope: &scope{owner: handle.NewOwner(handle.Task, name), problems: n.scope.problems},
		node:  n, name: name,
	}
}

// Describe sets spec.description.
func (t *Task) Describe(text string) *Task {
	t = t.orNew()
	t.desc = said{callsite.Here(), TaskString(text)}
	return t
}

// Label sets a label of the Task.
func (t *Task) Label(key, value string) *Task {
	t = t.orNew()
	t.labels = append(t.labels, label{callsite.Here(), key, String(value)})
	return t
}

// Annotate sets an annotation of the Task.
func (t *Task) Annotate(key, value string) *Task {
	t = t.orNew()
	t.annotations = append(t.annotations, label{callsite.Here(), key, String(value)})
	return t
}

// Mutate changes the lowered definition: the hatch for fields that have no
// method here. It may be called more than once, on a fresh copy each time.
func (t *Task) Mutate(change func(*v1.TaskSpec)) *Task {
	t = t.orNew()
	if change != nil {
		t.mutate = append(t.mutate, change)
	}
	return t
}

// PipelineTask is the task in its pipeline, for the struct that Define returns.
func (t *Task) PipelineTask() *PipelineTask { return t.orNew().node }

// RequirePermissions declares what the task's pod must be allowed to do in a namespace
// ("" for the run's own). Whoever makes the run's account grants it.
func (t *Task) RequirePermissions(namespace String, rules ...rbacv1.PolicyRule) *Task {
	t = t.orNew()
	r := Permission{Namespace: namespace}
	for i := range rules {
		r.Rules = append(r.Rules, *rules[i].DeepCopy())
	}
	t.needs = append(t.needs, r)
	return t
}

// Param declares a string param, gives it the value v, and returns the input
// as steps use it. A zero v is "not given": the default holds, and without a
// Default that is an error.
func (t *Task) Param(name string, v String, opts ...ParamOption) TaskString {
	t = t.orNew()
	d := &paramDecl{at: callsite.Here(), name: name, kind: stringKind}
	for _, o := range opts {
		if o != nil {
			o.param(d)
		}
	}
	t.declare(d, &input{at: d.at, name: name, kind: stringKind, str: v})
	return TaskString(t.token(handle.Value, tekref.ParamOf(name)))
}

// ArrayParam declares an array param.
func (t *Task) ArrayParam(name string, v Array, opts ...ArrayOption) TaskArray {
	t = t.orNew()
	d := &paramDecl{at: callsite.Here(), name: name, kind: arrayKind}
	for _, o := range opts {
		if o != nil {
			o.array(d)
		}
	}
	t.declare(d, &input{at: d.at, name: name, kind: arrayKind, array: v})
	return TaskArray{newArray(t.scope, tekref.ParamOf(name)).d}
}

// ObjectParam declares an object param with these keys, all of them strings.
func (t *Task) ObjectParam(name string, v Object, keys []string, opts ...ObjectOption) TaskObject {
	t = t.orNew()
	d := &paramDecl{at: callsite.Here(), name: name, kind: objectKind, keys: append([]string{}, keys...)}
	for _, o := range opts {
		if o != nil {
			o.object(d)
		}
	}
	t.declare(d, &input{at: d.at, name: name, kind: objectKind, object: v})
	return TaskObject{newObject(t.scope, tekref.ParamOf(name), d.keys).d}
}

func (t *Task) declare(d *paramDecl, in *input) {
	t.params = append(t.params, d)
	t.node.params = append(t.node.params, in)
	t.node.checkBound(in)
}

// Workspace declares a workspace and gives it the pipeline's workspace w. A
// zero w is "not given", which only an Optional workspace stands.
func (t *Task) Workspace(name string, w Workspace, opts ...MountOption) Mount {
	t = t.orNew()
	d := &mountDecl{at: callsite.Here(), name: name}
	for _, o := range opts {
		if o != nil {
			o.mount(d)
		}
	}
	t.workspaces = append(t.workspaces, d)
	t.node.workspaces = append(t.node.workspaces, &mounted{at: d.at, decl: d, from: w})
	t.node.checkWorkspace(d.at, "workspace "+quote(name), w)
	return Mount{task: t, name: name, from: w}
}

// Mount is a workspace inside a task.
type Mount struct {
	task *Task
	name string
	from Workspace
}

// Path is where the workspace is mounted, for scripts: $(workspaces.NAME.path).
// It is ours, not the user's, and so a plain string.
func (m Mount) Path() string { return tekref.WorkspaceOf(m.name, "path").String() }

// PathValue is Path for Env, Args and WorkingDir.
func (m Mount) PathValue() TaskString { return TaskString(m.Path()) }

// Bound is "true" where the run binds the workspace, else "false".
func (m Mount) Bound() TaskString { return TaskString(tekref.WorkspaceOf(m.name, "bound").String()) }

// Value is the workspace as this task leaves it: who takes it runs after this
// task.
func (m Mount) Value() Workspace {
	if m.task == nil {
		return m.from
	}
	return m.from.as(m.task.node)
}

// EmptyDir adds a volume that starts empty and lives as long as the pod.
func (t *Task) EmptyDir(name string) Volume {
	t = t.orNew()
	return t.volume(callsite.Here(), emptyDir(name))
}

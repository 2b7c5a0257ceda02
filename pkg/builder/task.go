package builder

import (
	rbacv1 "k8s.io/api/rbac/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Task describes a Task. Define uses it to declare params, workspaces, results,
// steps, sidecars and volumes. Declaring an input also sets it in the pipeline:
// t.Param("image", d.Image) declares the param "image" of the Task and sets it to
// d.Image in the pipeline task.
type Task struct {
	*scope
	pipelineTask *PipelineTask
	name         string
	typeName     string // for messages: tasks.GitClone
	typed        bool   // a task type has a Define; a task made by AddInline has none
	desc         said
	display      said
	labels       []label
	annotations  []label
	params       []*paramDecl
	workspaces   []*mountDecl
	results      []*resultDecl
	steps        []*Step
	template     *Step
	sidecars     []*Sidecar
	volumes      []*volume
	mutate       callsite.Changes[v1.TaskSpec]
	source       *source // where the definition comes from, nil for steps
	required     []Permission
	joined       joined
	prefix       string          // of all names that are declared, for the steps of another type
	parts        map[string]bool // the prefixes of steps of other types
}

func newTask(n *PipelineTask, name string) *Task {
	return &Task{
		scope:        &scope{owner: handle.NewOwner(handle.Task, name), within: n, problems: n.scope.problems},
		pipelineTask: n, name: name,
	}
}

// Describe sets spec.description.
func (t *Task) Describe(text string) *Task {
	t = t.orNew()
	t.desc = said{callsite.Here(), TaskString(text)}
	return t
}

// DisplayName sets the name that dashboards show for the Task.
func (t *Task) DisplayName(text string) *Task {
	t = t.orNew()
	t.display = said{callsite.Here(), TaskString(text)}
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

// Mutate registers a function that changes the upstream TaskSpec before it is
// checked. It is an escape hatch for fields that have no method here. The
// function may be called more than once, each time with a fresh copy.
func (t *Task) Mutate(change func(*v1.TaskSpec)) *Task {
	t = t.orNew()
	t.mutate.Add(callsite.Here(), change)
	return t
}

// PipelineTask returns the pipeline task, for the struct that Define returns.
func (t *Task) PipelineTask() *PipelineTask { return t.orNew().pipelineTask }

// RequirePermissions declares RBAC rules that the service account of the task's
// pod needs in a namespace ("" for that of the run). They are granted where the
// service account is described; see package infra.
func (t *Task) RequirePermissions(namespace String, rules ...rbacv1.PolicyRule) *Task {
	t = t.orNew()
	r := Permission{Namespace: namespace}
	for i := range rules {
		r.Rules = append(r.Rules, *rules[i].DeepCopy())
	}
	t.required = append(t.required, r)
	return t
}

// Param declares a string param, sets it to v in the pipeline, and returns the
// handle to use in steps. An empty v means "not set": the default is used, and it
// is an error if there is none.
func (t *Task) Param(name string, v String, opts ...ParamOption) TaskString {
	t = t.orNew()
	name = t.called(name)
	d := &paramDecl{at: callsite.Here(), name: name, kind: stringKind}
	for _, o := range opts {
		if o != nil {
			o.param(d)
		}
	}
	if text, ok := t.join(d, v); ok {
		return text
	}
	t.declare(d, &input{at: d.at, name: name, kind: stringKind, str: v})
	return TaskString(t.token(handle.Value, tekref.ParamOf(name)))
}

// ArrayParam declares an array param; see [Task.Param].
func (t *Task) ArrayParam(name string, v Array, opts ...ArrayOption) TaskArray {
	t = t.orNew()
	name = t.called(name)
	d := &paramDecl{at: callsite.Here(), name: name, kind: arrayKind}
	for _, o := range opts {
		if o != nil {
			o.array(d)
		}
	}
	t.declare(d, &input{at: d.at, name: name, kind: arrayKind, array: v})
	return TaskArray{newArray(t.scope, tekref.ParamOf(name)).d}
}

// ObjectParam declares an object param with these keys, whose values are strings;
// see [Task.Param].
func (t *Task) ObjectParam(name string, v Object, keys []string, opts ...ObjectOption) TaskObject {
	t = t.orNew()
	name = t.called(name)
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
	t.pipelineTask.params = append(t.pipelineTask.params, in)
	t.pipelineTask.checkBound(in)
}

// Workspace declares a workspace and binds it to the pipeline's workspace w. A
// zero w means "not set", which is an error unless the workspace is Optional.
func (t *Task) Workspace(name string, w Workspace, opts ...MountOption) Mount {
	t = t.orNew()
	name = t.called(name)
	d := &mountDecl{at: callsite.Here(), name: name}
	for _, o := range opts {
		if o != nil {
			o.mount(d)
		}
	}
	t.workspaces = append(t.workspaces, d)
	t.pipelineTask.workspaces = append(t.pipelineTask.workspaces, &mounted{at: d.at, decl: d, from: w})
	t.pipelineTask.checkWorkspace(d.at, "workspace "+quote(name), w)
	return Mount{task: t, name: name, from: w}
}

// Mount is a workspace of a task, as its steps use it.
type Mount struct {
	task *Task
	name string
	from Workspace
}

// Path returns the path at which the workspace is mounted, for use in scripts. It is
// not user input, so it is a plain string.
func (m Mount) Path() string { return tekref.WorkspaceOf(m.name, "path").String() }

// PathValue returns the path for use in Env, Args and WorkingDir.
func (m Mount) PathValue() TaskString { return TaskString(m.Path()) }

// Bound returns a value that is "true" if the run binds the workspace, and "false"
// otherwise.
func (m Mount) Bound() TaskString { return TaskString(tekref.WorkspaceOf(m.name, "bound").String()) }

// Value returns the workspace in the state in which this task leaves it, for the
// struct that Define returns. A task that uses it runs after this one.
func (m Mount) Value() Workspace {
	if m.task == nil {
		return m.from
	}
	return m.from.as(m.task.pipelineTask)
}

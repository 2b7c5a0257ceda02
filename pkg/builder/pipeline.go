package builder

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Pipeline describes a Tekton Pipeline: params, workspaces, tasks, finally
// tasks and results. Its methods never fail: they record problems, which Build
// returns all at once.
//
// The methods that describe a Pipeline are not safe for concurrent use. Build,
// Findings and Objects only read it.
type Pipeline struct {
	*scope
	at          place
	name        string
	desc        said
	displayName said
	labels      []label
	annotations []label
	params      []*paramDecl
	workspaces  []*workspaceDecl
	tasks       []*PipelineTask
	finally     []*PipelineTask
	byName      map[string]*PipelineTask
	results     []*pipelineResult
	runs        []*PipelineRun
	mutate      callsite.Changes[v1.Pipeline]
	elsewhere   *elsewhere // nil if it is described here
	profile     check.Profile
}

// pipelineResult is a result of the pipeline.
type pipelineResult struct {
	at     place
	name   string
	kind   kind
	desc   string
	str    String
	array  Array
	object Object
}

// NewPipeline returns a new Pipeline. The name is its metadata.name: a DNS label
// of at most 63 characters.
func NewPipeline(name string) *Pipeline { return newPipeline(callsite.Here(), name) }

func newPipeline(at place, name string) *Pipeline {
	p := &Pipeline{at: at, name: name, byName: map[string]*PipelineTask{}}
	p.scope = &scope{
		owner: handle.NewOwner(handle.Pipeline, name),
		problems: &problems{owner: diag.ObjectRef{
			APIVersion: v1.SchemeGroupVersion.String(), Kind: "Pipeline", Name: name,
		}},
	}
	return p
}

// orNew lets functions and methods with a nil Pipeline not panic. What is added
// to it is lost.
func (p *Pipeline) orNew() *Pipeline {
	if p == nil || p.scope == nil {
		return NewPipeline("")
	}
	return p
}

// Describe sets spec.description.
func (p *Pipeline) Describe(text string) *Pipeline {
	p = p.orNew()
	p.desc = said{callsite.Here(), TaskString(text)}
	return p
}

// DisplayName sets spec.displayName, the name that dashboards show.
func (p *Pipeline) DisplayName(text string) *Pipeline {
	p = p.orNew()
	p.displayName = said{callsite.Here(), TaskString(text)}
	return p
}

// Label sets a label of the Pipeline. Tekton propagates it to PipelineRuns.
func (p *Pipeline) Label(key, value string) *Pipeline {
	p = p.orNew()
	p.labels = append(p.labels, label{callsite.Here(), key, String(value)})
	return p
}

// Annotate sets an annotation of the Pipeline. Tekton propagates it to
// PipelineRuns.
func (p *Pipeline) Annotate(key, value string) *Pipeline {
	p = p.orNew()
	p.annotations = append(p.annotations, label{callsite.Here(), key, String(value)})
	return p
}

// Mutate registers a function that changes the upstream Pipeline before it is
// checked. It is an escape hatch for fields that have no method here. The
// function may be called more than once, each time with a fresh copy.
func (p *Pipeline) Mutate(change func(*v1.Pipeline)) *Pipeline {
	p = p.orNew()
	p.mutate.Add(callsite.Here(), change)
	return p
}

// Param declares a string param and returns its handle. Without a Default, every
// run must set it.
func (p *Pipeline) Param(name string, opts ...ParamOption) String {
	p = p.orNew()
	d := &paramDecl{at: callsite.Here(), name: name, kind: stringKind}
	for _, o := range opts {
		if o != nil {
			o.param(d)
		}
	}
	p.params = append(p.params, d)
	return String(p.token(handle.Value, tekref.ParamOf(name)))
}

// ArrayParam declares an array param; see [Pipeline.Param].
func (p *Pipeline) ArrayParam(name string, opts ...ArrayOption) Array {
	p = p.orNew()
	d := &paramDecl{at: callsite.Here(), name: name, kind: arrayKind}
	for _, o := range opts {
		if o != nil {
			o.array(d)
		}
	}
	p.params = append(p.params, d)
	return newArray(p.scope, tekref.ParamOf(name))
}

// ObjectParam declares an object param with these keys, whose values are
// strings; see [Pipeline.Param].
func (p *Pipeline) ObjectParam(name string, keys []string, opts ...ObjectOption) Object {
	p = p.orNew()
	d := &paramDecl{at: callsite.Here(), name: name, kind: objectKind, keys: append([]string{}, keys...)}
	for _, o := range opts {
		if o != nil {
			o.object(d)
		}
	}
	p.params = append(p.params, d)
	return newObject(p.scope, tekref.ParamOf(name), d.keys)
}

// Workspace declares a workspace, which each run binds to a volume. To order the
// tasks that share it, pass it to the first task and pass the workspace that this
// task outputs, such as clone.Source, to the next ones.
func (p *Pipeline) Workspace(name string, opts ...WorkspaceOption) Workspace {
	p = p.orNew()
	d := &workspaceDecl{at: callsite.Here(), name: name}
	for _, o := range opts {
		if o != nil {
			o.workspace(d)
		}
	}
	p.workspaces = append(p.workspaces, d)
	return Workspace{&workspace{scope: p.scope, decl: d}}
}

// Result declares a string result of the pipeline, usually with the value of a
// task's result: p.Result("digest", image.Digest). If that task was skipped, the
// run does not have the result.
func (p *Pipeline) Result(name string, v String, opts ...ResultOption) {
	p = p.orNew()
	p.result(callsite.Here(), name, stringKind, opts).str = v
}

// ArrayResult declares an array result of the pipeline.
func (p *Pipeline) ArrayResult(name string, v Array, opts ...ResultOption) {
	p = p.orNew()
	p.result(callsite.Here(), name, arrayKind, opts).array = v
}

// ObjectResult declares an object result of the pipeline.
func (p *Pipeline) ObjectResult(name string, v Object, opts ...ResultOption) {
	p = p.orNew()
	p.result(callsite.Here(), name, objectKind, opts).object = v
}

func (p *Pipeline) result(at place, name string, k kind, opts []ResultOption) *pipelineResult {
	var d resultDecl
	for _, o := range opts {
		if o != nil {
			o.result(&d)
		}
	}
	if d.fromStep {
		p.reportf(at, "option-misplaced", "pipeline result %s uses FromStep, but a pipeline has no steps", quote(name)).
			Help = "declare a result of the task with FromStep, and pass its Value here"
	}
	r := &pipelineResult{at: at, name: name, kind: k, desc: d.desc}
	p.results = append(p.results, r)
	return r
}

// Status returns the aggregate status of all tasks except finally tasks: Succeeded,
// Failed, Completed or None.
func (p *Pipeline) Status() Status {
	return Status{scope: p.orNew().scope, variable: tekref.StatusOfTasks()}
}

// TaskStatuses returns an array with the name and the status of each task that has been
// added so far, such as clone=Failed, for the inputs of finally tasks.
func (p *Pipeline) TaskStatuses() Array {
	p = p.orNew()
	items := make([]String, len(p.tasks))
	for i, t := range p.tasks {
		items[i] = String(handle.Strip(t.name)) + "=" + t.Status().Value()
	}
	return Strings(items...)
}

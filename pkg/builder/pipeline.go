package builder

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Pipeline describes a Tekton Pipeline: params, workspaces, tasks, finally
// tasks and results. Its methods never fail: they record, and Build returns
// every problem at once.
//
// A Pipeline is not safe for concurrent use while it is being described;
// Build, Objects and the like only read it.
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
	mutate      []func(*v1.Pipeline)
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

// NewPipeline starts a Pipeline. The name is its metadata.name: a DNS label,
// at most 63 characters.
func NewPipeline(name string) *Pipeline {
	p := &Pipeline{at: callsite.Here(), name: name, byName: map[string]*PipelineTask{}}
	p.scope = &scope{
		owner: handle.NewOwner(handle.Pipeline, name),
		problems: &problems{owner: diag.ObjectRef{
			APIVersion: v1.SchemeGroupVersion.String(), Kind: "Pipeline", Name: name,
		}},
	}
	return p
}

// orNew lets functions that take a Pipeline survive a nil one: what is added
// to it is lost, as the caller's pipeline is.
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

// DisplayName sets spec.displayName, which dashboards show.
func (p *Pipeline) DisplayName(text string) *Pipeline {
	p = p.orNew()
	p.displayName = said{callsite.Here(), TaskString(text)}
	return p
}

// Label sets a label of the Pipeline. Tekton hands it down to its runs.
func (p *Pipeline) Label(key, value string) *Pipeline {
	p = p.orNew()
	p.labels = append(p.labels, label{callsite.Here(), key, String(value)})
	return p
}

// Annotate sets an annotation of the Pipeline. Tekton hands it down to its runs.
func (p *Pipeline) Annotate(key, value string) *Pipeline {
	p = p.orNew()
	p.annotations = append(p.annotations, label{callsite.Here(), key, String(value)})
	return p
}

// Mutate changes the Pipeline after it has been lowered and before it is
// checked: the hatch for fields that have no method here. Build may call it
// more than once, on a fresh copy each time.
func (p *Pipeline) Mutate(change func(*v1.Pipeline)) *Pipeline {
	p = p.orNew()
	if change != nil {
		p.mutate = append(p.mutate, change)
	}
	return p
}

// Param declares a string param and returns the handle to use it by. Without
// a Default every run must set it.
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

// ArrayParam declares an array param.
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

// ObjectParam declares an object param with these keys, all of them strings.
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

// Workspace declares a workspace, which each run binds to a volume. Tasks that
// take it, and then what the tasks before them left in it (clone.Source), run
// in that order.
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

// Result makes a string the pipeline's result, most often a task's:
// p.Result("digest", image.Digest). It is missing where the task was skipped.
func (p *Pipeline) Result(name string, v String, opts ...ResultOption) {
	p = p.orNew()
	p.result(callsite.Here(), name, stringKind, opts).str = v
}

// ArrayResult makes an array the pipeline's result.
func (p *Pipeline) ArrayResult(name string, v Array, opts ...ResultOption) {
	p = p.orNew()
	p.result(callsite.Here(), name, arrayKind, opts).array = v
}

// ObjectResult makes an object the pipeline's result.
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
		p.reportf(at, "option-misplaced", "pipeline result %s takes FromStep: a pipeline has no steps", quote(name)).
			Help = "give the task a result with FromStep, and pass that result here"
	}
	r := &pipelineResult{at: at, name: name, kind: k, desc: d.desc}
	p.results = append(p.results, r)
	return r
}

// Status is how all tasks but the finally ones ended: $(tasks.status), one of
// Succeeded, Failed, Completed and None.
func (p *Pipeline) Status() Status {
	return Status{scope: p.orNew().scope, variable: tekref.StatusOfTasks()}
}

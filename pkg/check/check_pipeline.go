package check

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/graph"
)

// pipelineCheck is the check of one Pipeline spec: of a Pipeline, or embedded
// in a run or in a task of another pipeline.
type pipelineCheck struct {
	*checker
	spot   spot // of the spec
	spec   *v1.PipelineSpec
	label  string
	params *paramScope
	seen   repeats

	// run is the run around an embedded spec; nil where the runs are unknown.
	run *v1.PipelineRun

	tasks  []*pipelineTask // those of tasks, then those of finally
	byName map[string]*pipelineTask
	graph  *graph.Graph
	edges  []graph.Edge
	hops   map[graph.Edge]spot // where each edge comes from, first of all

	workspaces     map[string]*v1.PipelineWorkspaceDeclaration
	usedWorkspaces map[string]bool
	strays         strays // workspaces that the tasks take, and that are not declared
	lengths        []lengthRef
}

// pipelineTask is one task of a pipeline.
type pipelineTask struct {
	*v1.PipelineTask
	spot    spot
	index   int // among all tasks
	finally bool
	label   string // task "image"
	def     taskDef
	inner   *taskCheck // of its embedded spec

	resolved map[[2]string]bool // results that it reads where Tekton looks for edges
	loose    []looseRef         // results that it reads elsewhere
	guarded  map[string]bool    // producers it was warned of

	writes map[string][]resultWrite // where it writes its results, as far as a guard asked
}

// looseRef is a reference to a result in a field that makes no edge.
type looseRef struct {
	spot  spot
	match match
	ref   reference
}

// pipeline checks a Pipeline object.
func (c *checker) pipeline(e *entry) {
	c.objectName(e)
	p := &pipelineCheck{checker: c, spot: in(e, "spec"), spec: &e.pipeline.Spec, label: e.ref.String(), params: c.scopeOf(e)}
	c.pipelines[e] = p
	p.check()
}

// check applies the rules of Pipeline specs.
func (p *pipelineCheck) check() {
	p.seen, p.usedWorkspaces = repeats{}, map[string]bool{}
	p.paramDeclarations(p.params)
	for _, d := range p.params.list {
		if len(d.Enum) > 0 {
			p.gate(d.spot.field("enum"), "enable-param-enum", "enum")
		}
	}
	p.declareWorkspaces()
	p.collect()
	switch {
	case len(p.spec.Tasks) > 0:
	case len(p.spec.Finally) > 0:
		p.fail(p.spot, "task-missing", "", p.label+" has no tasks", "add a task: finally alone is refused")
	case equality.Semantic.DeepEqual(p.spec, &v1.PipelineSpec{}):
		p.fail(p.spot.field("tasks"), "task-missing", "", p.label+" is empty", "add a task")
	default:
		p.warn(p.spot, "task-missing", "", p.label+" has no tasks, so it runs nothing", "add a task")
	}
	p.paramTexts()
	for _, t := range p.tasks {
		p.taskTexts(t)
	}
	for _, t := range p.tasks {
		p.embedded(t)
	}
	p.order()
	for _, t := range p.tasks {
		p.passing(t)
		p.matrix(t)
		p.bindings(t)
		p.shadows(t)
	}
	p.guards()
	p.looseResults()
	p.matrixLengths()
	p.results()
	p.workspaceOrder()
	p.paramsUnused(p.params)
	p.pipelineWorkspacesUnused()
}

// collect lists the tasks, and finds what each of them runs.
func (p *pipelineCheck) collect() {
	p.byName = make(map[string]*pipelineTask, len(p.spec.Tasks)+len(p.spec.Finally))
	add := func(list string, tasks []v1.PipelineTask, finally bool) {
		for i := range tasks {
			t := &pipelineTask{PipelineTask: &tasks[i], spot: p.spot.index(list, i), index: len(p.tasks), finally: finally, label: "task " + q(tasks[i].Name)}
			p.tasks = append(p.tasks, t)
			if t.Name == "" {
				t.label = "the task " + t.spot.path
				p.fail(t.spot, "name-invalid", "", t.label+" has no name", "set its name")
			}
			p.labelName(t.spot.field("name"), "task", t.Name)
			if first := p.byName[t.Name]; first != nil && t.Name != "" {
				p.fail(t.spot.field("name"), "task-duplicate", t.Name, "there are two tasks "+q(t.Name)+" in "+p.label, "rename one of them",
					first.spot.field("name").related("task "+q(t.Name)+" is first"))
			} else {
				p.byName[t.Name] = t
			}
			p.taskFields(t)
			t.def = p.define(t)
		}
	}
	add("tasks", p.spec.Tasks, false)
	add("finally", p.spec.Finally, true)
}

// taskFields checks the fields of a pipeline task that need no other.
func (p *pipelineCheck) taskFields(t *pipelineTask) {
	if t.Retries < 0 {
		p.fail(t.spot.field("retries"), "retries-invalid", t.Name, "the retries of "+t.label+" are negative", "")
	}
	if t.Timeout != nil && t.Timeout.Duration < 0 {
		p.fail(t.spot.field("timeout"), "timeout-invalid", t.Name, "the timeout of "+t.label+" is negative", "")
	}
	if t.OnError != "" {
		p.onError(t.spot, string(t.OnError), t.label)
		p.level(t.spot.field("onError"), "beta", "onError of a task")
		if t.OnError == v1.PipelineTaskContinue && t.Retries > 0 {
			p.fail(t.spot.field("onError"), "onerror-invalid", t.Name, t.label+" has both retries and onError continue", "keep one of them: a command that is to be tried again, and may fail all the same, has to be repeated by its script")
		}
	}
	if t.finally && len(t.RunAfter) > 0 {
		p.fail(t.spot.field("runAfter"), "finally-misuse", t.Name, t.label+" stands in finally, where nothing has an order", "drop runAfter, or move the task to tasks")
	}
	p.whenOf(t.spot, t.When)
	p.values(t.spot, "params", t.Params)
	p.flags(t.spot, t.Params)
	if t.Matrix != nil {
		p.values(t.spot.field("matrix"), "params", t.Matrix.Params)
	}
	p.duplicates(t.spot, "params", "param", diag.Error, namesOf(t.Params, func(v *v1.Param) string { return v.Name }))
}

// taskNames lists the tasks, without those of finally, for suggestions.
func (p *pipelineCheck) taskNames() []string {
	tasks := p.spec.Tasks[:min(len(p.spec.Tasks), maxCandidates)]
	return namesOf(tasks, func(t *v1.PipelineTask) string { return t.Name })
}

// passing checks the params that a task hands to what it runs.
func (p *pipelineCheck) passing(t *pipelineTask) {
	if t.def.params == nil {
		return
	}
	matrix := map[string]spot{}
	if t.Matrix != nil {
		for i := range t.Matrix.Params {
			matrix[t.Matrix.Params[i].Name] = t.spot.field("matrix").index("params", i)
		}
		for i := range t.Matrix.Include {
			for j := range t.Matrix.Include[i].Params {
				name := t.Matrix.Include[i].Params[j].Name
				if _, ok := matrix[name]; !ok {
					matrix[name] = t.spot.field("matrix").index("include", i).index("params", j)
				}
			}
		}
	}
	in := passing{
		at: t.spot, list: "params", values: t.Params, target: t.def.params, from: t.label, matrix: matrix,
		typeOf: p.typeOf, enumOf: p.params.find, extra: diag.Warning,
	}
	if t.inner != nil {
		in = p.propagated(in)
	}
	p.passed(in)
}

// propagated leaves out what reaches an embedded spec without being declared
// by it, and what a pipeline param of the same name gives.
func (p *pipelineCheck) propagated(in passing) passing {
	var values v1.Params
	var at []int
	for i, v := range in.values {
		if in.target.index[v.Name] != nil {
			values, at = append(values, v), append(at, i)
		}
	}
	in.values, in.indexes = values, at
	for name := range in.matrix {
		if in.target.index[name] == nil {
			delete(in.matrix, name)
		}
	}
	return in
}

// typeOf says what a reference in a pipeline stands for.
func (p *pipelineCheck) typeOf(r reference) (v1.ParamType, bool) {
	switch r.kind {
	case refParam:
		return paramRefType(p.params, r)
	case refTaskResult, refFinallyResult:
		t := p.byName[r.owner]
		if t == nil || t.def.results == nil {
			return "", false
		}
		if t.IsMatrixed() {
			return v1.ParamTypeArray, r.star
		}
		result := t.def.results[r.name]
		if result == nil {
			return "", false
		}
		typ := resultType(result.Type, result.Properties)
		switch {
		case !r.whole():
			return v1.ParamTypeString, true
		case typ == v1.ParamTypeString:
			return typ, !r.star
		}
		return typ, true
	case refNone:
		return "", false
	}
	return v1.ParamTypeString, true
}

package importer

import (
	"container/heap"
	"fmt"
	"maps"
	"slices"
	"sort"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/internal/tekref"
)

// pipelineBody translates the spec of a Pipeline to the statements of a function.
type pipelineBody struct {
	w     *writer
	p     *plan.Var // the *builder.Pipeline
	at    string    // the path of the spec in the original
	name  string    // of the Pipeline
	names *names
	scope *scope
	body  []plan.Stmt
	spec  *v1.PipelineSpec

	tasks  []*pipelineTask // and finally tasks, as in the YAML
	byName map[string]*pipelineTask
	runs   *same.Order // the order of the tasks, as the original says

	written map[part]*writers // by the tasks that were added
	outputs int               // the number of them
}

// pipelineTask is a task of the pipeline.
type pipelineTask struct {
	pt    *v1.PipelineTask
	at    string
	index int // in the list of tasks
	final bool
	typ   *taskType // nil for a task without a type
	v     *plan.Var
	after map[string]bool // what it runs after as far as results and workspaces say
	added bool
}

func (w *writer) newPipelineBody(name, at string, spec *v1.PipelineSpec, outer *names) *pipelineBody {
	n := newNames(outer)
	n.taken["t"] = true // of the functions of tasks
	b := &pipelineBody{
		w: w, at: at, name: name, names: n, scope: newScope(false), spec: spec,
		p: &plan.Var{Name: n.take("p", "")}, byName: map[string]*pipelineTask{},
		runs: same.NewOrder(spec.Tasks), written: map[part]*writers{},
	}
	for i := range spec.Tasks {
		b.task(&spec.Tasks[i], fmt.Sprintf("%s.tasks[%d]", at, i), i, false)
	}
	for i := range spec.Finally {
		b.task(&spec.Finally[i], fmt.Sprintf("%s.finally[%d]", at, i), i, true)
	}
	b.scope.status = func(name string) plan.Expr {
		if name == "" {
			return b.p
		}
		if t := b.byName[name]; t != nil && !t.final && t.added {
			return t.v
		}
		return nil
	}
	return b
}

func (b *pipelineBody) task(pt *v1.PipelineTask, at string, index int, final bool) {
	t := &pipelineTask{pt: pt, at: at, index: index, final: final, after: map[string]bool{}}
	b.tasks = append(b.tasks, t)
	if b.byName[pt.Name] == nil {
		b.byName[pt.Name] = t
	}
}

func (b *pipelineBody) add(v *plan.Var, e plan.Expr) {
	b.body = append(b.body, plan.Stmt{Var: v, Expr: e})
}

// write translates the pipeline, its tasks first where a result is used.
func (b *pipelineBody) write(labels, annotations map[string]string) {
	b.add(b.p, plan.Fn("NewPipeline", plan.Text(b.name)))
	c := &chain{b.p}
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		c.do("Label", plan.Text(k), plan.Text(labels[k]))
		c.from(labelPath("labels", k))
	}
	for _, k := range slices.Sorted(maps.Keys(annotations)) {
		c.do("Annotate", plan.Text(k), plan.Text(annotations[k]))
		c.from(labelPath("annotations", k))
	}
	if b.spec.DisplayName != "" {
		c.do("DisplayName", plan.Text(b.spec.DisplayName))
	}
	if b.spec.Description != "" {
		c.do("Describe", plan.Text(b.spec.Description))
		c.from(b.at + ".description")
	}
	if c.e != plan.Expr(b.p) {
		b.add(nil, c.e)
	}
	from(b.body, "metadata")
	for i := range b.spec.Params {
		b.param(&b.spec.Params[i])
		from(b.body, fmt.Sprintf("%s.params[%d]", b.at, i))
	}
	for i, w := range b.spec.Workspaces {
		v := &plan.Var{Name: b.names.take(b.w.index.Spelling.unexported(w.Name), "Workspace")}
		args := append([]plan.Expr{plan.Text(w.Name)}, describe(w.Description)...)
		if w.Optional {
			args = append(args, plan.Fn("Optional"))
		}
		b.add(v, plan.Method(b.p, "Workspace", args...))
		b.scope.spaces[w.Name] = v
		from(b.body, fmt.Sprintf("%s.workspaces[%d]", b.at, i))
	}
	for _, t := range b.ordered() {
		b.addTask(t)
		from(b.body, t.at)
	}
	for i := range b.spec.Results {
		b.result(&b.spec.Results[i])
		from(b.body, fmt.Sprintf("%s.results[%d]", b.at, i))
	}
}

func (b *pipelineBody) param(p *v1.ParamSpec) {
	p = typed(p)
	v := &plan.Var{Name: b.names.take(b.w.index.Spelling.unexported(p.Name), "Param")}
	b.add(v, b.scope.declare(b.p, v, p))
}

// ordered returns the tasks in the order in which Go can declare them: as in the YAML, but
// each after those whose results, workspaces or names it uses.
func (b *pipelineBody) ordered() []*pipelineTask {
	tasks := b.tasks[:len(b.spec.Tasks)]
	waits := make([]int, len(tasks)) // for how many names
	next := map[string][]int{}       // the tasks that wait for a name
	ready := &indexes{}
	for i, t := range tasks {
		seen := map[string]bool{t.pt.Name: true}
		for _, name := range b.runs.Direct(i) {
			if other := b.byName[name]; other != nil && !other.final && !seen[name] {
				seen[name] = true
				waits[i]++
				next[name] = append(next[name], i)
			}
		}
		if waits[i] == 0 {
			heap.Push(ready, i)
		}
	}
	out := make([]*pipelineTask, 0, len(b.tasks))
	first, added := 0, make([]bool, len(tasks))
	for len(out) < len(tasks) {
		for first < len(tasks) && added[first] {
			first++
		}
		i := first // in a cycle
		if ready.Len() > 0 {
			i, _ = heap.Pop(ready).(int)
		}
		if added[i] {
			continue
		}
		added[i] = true
		out = append(out, tasks[i])
		for _, after := range next[tasks[i].pt.Name] {
			if waits[after]--; waits[after] == 0 {
				heap.Push(ready, after)
			}
		}
		delete(next, tasks[i].pt.Name)
	}
	return append(out, b.tasks[len(b.spec.Tasks):]...)
}

// indexes is a heap of indexes.
type indexes struct{ sort.IntSlice }

// Push adds an index.
func (x *indexes) Push(v any) {
	i, _ := v.(int)
	x.IntSlice = append(x.IntSlice, i)
}

// Pop removes the last index.
func (x *indexes) Pop() any {
	last := x.IntSlice[len(x.IntSlice)-1]
	x.IntSlice = x.IntSlice[:len(x.IntSlice)-1]
	return last
}

// result translates a result of the pipeline.
func (b *pipelineBody) result(r *v1.PipelineResult) {
	opts := describe(r.Description)
	text := r.Value.StringVal
	if r.Value.Type == v1.ParamTypeArray && len(r.Value.ArrayVal) == 1 {
		text = r.Value.ArrayVal[0]
	}
	if v, ok := b.scope.only(text); ok {
		if v.Kind == tekref.FinallyResult && b.publish(r, v, opts) {
			return
		}
		for kind, method := range map[v1.ParamType]string{v1.ParamTypeArray: "ArrayResult", v1.ParamTypeObject: "ObjectResult"} {
			if e := b.scope.whole(v, kind); e != nil {
				b.add(nil, plan.Method(b.p, method, append([]plan.Expr{plan.Text(r.Name), e}, opts...)...))
				return
			}
		}
	}
	switch r.Value.Type {
	case v1.ParamTypeString:
		b.add(nil, plan.Method(b.p, "Result", append([]plan.Expr{plan.Text(r.Name), b.scope.text(r.Value.StringVal)}, opts...)...))
	case v1.ParamTypeArray:
		b.add(nil, plan.Method(b.p, "ArrayResult", append([]plan.Expr{plan.Text(r.Name), plan.Fn("Strings", b.scope.items(r.Value.ArrayVal)...)}, opts...)...))
	case v1.ParamTypeObject:
		b.add(nil, plan.Method(b.p, "ObjectResult", append([]plan.Expr{plan.Text(r.Name), b.scope.objectOf(r.Value.ObjectVal)}, opts...)...))
	}
}

// publish translates a result that a finally task gives.
func (b *pipelineBody) publish(r *v1.PipelineResult, v tekref.Variable, opts []plan.Expr) bool {
	t := b.byName[v.Owner]
	if t == nil || !t.final || t.typ == nil || v.Star || v.Key != "" || v.Index >= 0 {
		return false
	}
	f, ok := t.typ.results[v.Name]
	if !ok || f.kind != v1.ParamTypeString {
		return false
	}
	b.add(nil, plan.Method(t.v, "Publish", append([]plan.Expr{plan.Text(r.Name), plan.Pick{Type: t.typ.Type, Field: f.field}}, opts...)...))
	return true
}

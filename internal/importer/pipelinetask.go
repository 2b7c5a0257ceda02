package importer

import (
	"fmt"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/builder"
)

// addTask translates a task of the pipeline.
func (b *pipelineBody) addTask(t *pipelineTask) {
	b.scope.final = t.final
	pt := t.pt
	t.v = &plan.Var{Name: b.names.take(b.w.index.Spelling.unexported(pt.Name), "Task")}
	t.typ = b.typeOf(t)
	c := &chain{}
	if t.typ != nil {
		b.add(t.v, plan.Fn(b.function(pt, t.final), b.p, plan.Text(pt.Name), plan.Make{Type: t.typ.Type, Fields: b.fields(t, pt.Params)}))
		c.e = t.v
		b.include(c, t)
		b.pass(c, t)
		if pt.TaskSpec != nil && pt.TaskSpec.APIVersion == "" {
			c.do("Embed")
		}
	} else if pt.PipelineRef != nil && pt.Matrix == nil {
		c.e = b.nested(t)
	} else {
		method := map[bool]string{false: "AddInline", true: "AddFinallyInline"}[t.final]
		c.e = plan.Method(b.p, method, plan.Text(pt.Name), b.inline(t))
		b.pass(c, t)
	}
	b.options(c, t)
	b.order(c, t)
	b.w.mutate(c, t.at, reflect.TypeFor[v1.PipelineTask]())
	switch {
	case t.typ == nil:
		b.add(t.v, c.e)
	case c.e != plan.Expr(t.v):
		b.add(nil, c.e)
	}
	t.added = true
	b.writes(t)
	b.declareResults(t)
}

// nested returns the call that adds a task that runs another pipeline.
func (b *pipelineBody) nested(t *pipelineTask) plan.Expr {
	run := &v1.PipelineRun{Spec: v1.PipelineRunSpec{PipelineRef: t.pt.PipelineRef, Params: t.pt.Params}}
	for _, w := range t.pt.Workspaces {
		run.Spec.Workspaces = append(run.Spec.Workspaces, v1.WorkspaceBinding{Name: w.Name})
	}
	r := &runBody{w: b.w, text: b.scope}
	var child plan.Expr
	if pf := b.w.pipelineOf(run); pf != nil {
		v := &plan.Var{Name: b.names.take(b.w.index.Spelling.unexported(t.pt.Name), "Pipeline")}
		b.add(v, plan.New{Func: pf.fn})
		r.handles(v, pf)
		// A run that is imported later may need handles of it, which makes it a struct.
		b.w.withHandles(pf.fn)
		child = v.Of("Pipeline")
	} else {
		var body []plan.Stmt
		body, child = r.elsewhere(run, b.names)
		b.body = append(b.body, body...)
	}
	var args []plan.Expr
	for i := range t.pt.Params {
		p := &t.pt.Params[i]
		if on, kind := r.param(p.Name); on != nil {
			if e := b.scope.value(kind, &p.Value); e != nil {
				args = append(args, plan.Method(on, "Set", e))
			}
		}
	}
	for i := range t.pt.Workspaces {
		w := &t.pt.Workspaces[i]
		if on := r.space(w.Name); on != nil {
			if e := b.workspace(t, w); e != nil {
				args = append(args, plan.Method(on, "From", e))
			}
		}
	}
	method := map[bool]string{false: "AddPipeline", true: "AddFinallyPipeline"}[t.final]
	return plan.Method(b.p, method, append([]plan.Expr{plan.Text(t.pt.Name), child}, args...)...)
}

// function returns the name of the function that adds a task.
func (b *pipelineBody) function(pt *v1.PipelineTask, final bool) string {
	name := "Add"
	if final {
		name = "AddFinally"
	}
	if pt.Matrix != nil {
		name += "Matrix"
	}
	return name
}

// declareResults makes the results of a task known to those that follow.
func (b *pipelineBody) declareResults(t *pipelineTask) {
	if t.typ == nil || t.final {
		return
	}
	for name, f := range t.typ.results {
		key := [2]string{t.pt.Name, name}
		if _, ok := b.scope.outputs[key]; ok {
			continue
		}
		if t.pt.Matrix != nil {
			if f.kind == v1.ParamTypeString {
				b.scope.outputs[key] = handleOf{kind: v1.ParamTypeArray, use: func() plan.Expr {
					return plan.Method(t.v, "Collect", plan.Pick{Type: t.typ.Type, Field: f.field})
				}}
			}
			continue
		}
		b.scope.outputs[key] = handleOf{kind: f.kind, use: func() plan.Expr { return t.v.Of(f.field) }}
	}
}

// fields returns the inputs that a task sets.
func (b *pipelineBody) fields(t *pipelineTask, params v1.Params) []plan.Set {
	var out []plan.Set
	set, at := map[string]plan.Expr{}, map[string]string{}
	for i := range params {
		if f, ok := t.typ.params[params[i].Name]; ok && set[f.field] == nil {
			if e := b.scope.value(f.kind, &params[i].Value); e != nil {
				set[f.field] = e
				at[f.field] = fmt.Sprintf("%s.params[%d]", t.at, i)
			}
		}
	}
	if m := t.pt.Matrix; m != nil {
		for i := range m.Params {
			if f, ok := t.typ.params[m.Params[i].Name]; ok && f.kind == v1.ParamTypeString {
				if e := b.scope.value(v1.ParamTypeArray, &m.Params[i].Value); e != nil {
					set[f.field] = plan.Fn("Each", e)
					at[f.field] = fmt.Sprintf("%s.matrix.params[%d]", t.at, i)
				}
			}
		}
	}
	for i, w := range t.pt.Workspaces {
		if f, ok := t.typ.workspaces[w.Name]; ok && set[f.field] == nil {
			if e := b.workspace(t, &w); e != nil {
				set[f.field] = e
				at[f.field] = fmt.Sprintf("%s.workspaces[%d]", t.at, i)
			}
		}
	}
	if r := t.pt.TaskRef; r != nil {
		for i := range r.Params {
			if f, ok := t.typ.origin[r.Params[i].Name]; ok {
				set[f] = b.scope.text(r.Params[i].Value.StringVal)
				at[f] = fmt.Sprintf("%s.taskRef.params[%d]", t.at, i)
			}
		}
	}
	for _, f := range t.typ.Fields {
		if e := set[f.Name]; e != nil {
			out = append(out, plan.Set{Field: f.Name, Value: e, Origin: plan.Origin{At: at[f.Name]}})
		}
	}
	return out
}

// pass passes params and workspaces that the task does not declare.
func (b *pipelineBody) pass(c *chain, t *pipelineTask) {
	declaredHere := func(name string) bool {
		if t.typ != nil {
			_, ok := t.typ.params[name]
			return ok
		}
		return t.pt.TaskSpec != nil && slices.ContainsFunc(t.pt.TaskSpec.Params, func(p v1.ParamSpec) bool { return p.Name == name })
	}
	for i := range t.pt.Params {
		p := &t.pt.Params[i]
		if declaredHere(p.Name) {
			continue
		}
		kind := p.Value.Type
		if kind == v1.ParamTypeString {
			kind = wholeKind(b.spec, p.Value.StringVal)
		}
		if e := b.scope.value(kind, &p.Value); e != nil {
			c.do(passMethod(kind), plan.Text(p.Name), e)
		}
	}
	for i := range t.pt.Workspaces {
		w := &t.pt.Workspaces[i]
		known := t.pt.TaskSpec != nil && slices.ContainsFunc(t.pt.TaskSpec.Workspaces, func(d v1.WorkspaceDeclaration) bool { return d.Name == w.Name })
		if t.typ != nil {
			_, known = t.typ.workspaces[w.Name]
		}
		if known {
			continue
		}
		if e := b.workspace(t, w); e != nil {
			c.do("PassWorkspace", plan.Text(w.Name), e)
		}
	}
}

func passMethod(kind v1.ParamType) string {
	switch kind {
	case v1.ParamTypeArray:
		return "PassArray"
	case v1.ParamTypeObject:
		return "PassObject"
	}
	return "Pass"
}

// include translates matrix.include.
func (b *pipelineBody) include(c *chain, t *pipelineTask) {
	if t.pt.Matrix == nil {
		return
	}
	for _, inc := range t.pt.Matrix.Include {
		m := plan.Make{Type: t.typ.Type}
		for i := range inc.Params {
			if f, ok := t.typ.params[inc.Params[i].Name]; ok {
				if e := b.scope.value(f.kind, &inc.Params[i].Value); e != nil {
					m.Fields = append(m.Fields, plan.Set{Field: f.field, Value: e})
				}
			}
		}
		c.do("Include", plan.Text(inc.Name), m)
	}
}

// inline returns the function of a task that has no type.
func (b *pipelineBody) inline(t *pipelineTask) plan.Expr {
	param := &plan.Var{Name: "t"}
	spec := t.pt.TaskSpec
	body := b.w.newTaskBody(param, b.name+"-"+t.pt.Name, t.at+".taskSpec", b.names, func(kind plan.Kind, name string) plan.Expr {
		if kind == plan.Workspace {
			for i := range t.pt.Workspaces {
				if t.pt.Workspaces[i].Name == name {
					if e := b.workspace(t, &t.pt.Workspaces[i]); e != nil {
						return e
					}
				}
			}
			return plan.Literal{Value: builder.Workspace{}}
		}
		for i := range t.pt.Params {
			if p := &t.pt.Params[i]; p.Name == name {
				if e := b.scope.value(map[plan.Kind]v1.ParamType{plan.Array: v1.ParamTypeArray, plan.Object: v1.ParamTypeObject}[kind], &p.Value); e != nil {
					return e
				}
			}
		}
		switch kind {
		case plan.Array:
			return plan.Literal{Value: builder.Array{}}
		case plan.Object:
			return plan.Literal{Value: builder.Object{}}
		}
		return plan.Text("")
	})
	body.scope.outer = func(v tekref.Variable) plan.Expr {
		d := b.scope.params[v.Name]
		if d == nil {
			return nil
		}
		if e := d.value(v); e != nil {
			return plan.Method(param, "Outer", e)
		}
		return nil
	}
	if spec != nil {
		body.write(&spec.TaskSpec, spec.Metadata.Labels, spec.Metadata.Annotations)
	}
	return plan.Inline{Param: param, Body: body.body}
}

// typeOf returns the type of a task, or nil if it needs none.
func (b *pipelineBody) typeOf(t *pipelineTask) *taskType {
	pt := t.pt
	switch {
	case pt.TaskSpec != nil && pt.TaskSpec.APIVersion != "":
		return b.custom(t, pt.TaskSpec.APIVersion, pt.TaskSpec.Kind, pt.TaskSpec.Metadata, &pt.TaskSpec.Spec)
	case pt.TaskSpec != nil:
		if pt.Matrix == nil && len(b.w.index.resultsOf(b.spec, pt.Name)) == 0 {
			return nil
		}
		return b.w.writeSpec(b.w.name(t.at, b.w.index.Spelling.exported(pt.Name), "Task"), pt.Name, &pt.TaskSpec.TaskSpec,
			pt.TaskSpec.Metadata.Labels, pt.TaskSpec.Metadata.Annotations, t.at+".taskSpec", nil)
	case pt.TaskRef == nil:
		return nil
	case pt.TaskRef.Resolver != "":
		return b.elsewhere(t)
	case pt.TaskRef.Kind != "" && pt.TaskRef.Kind != v1.NamespacedTaskKind && pt.TaskRef.APIVersion != "" && !isTekton(pt.TaskRef.APIVersion):
		return b.custom(t, pt.TaskRef.APIVersion, string(pt.TaskRef.Kind), v1.PipelineTaskMetadata{}, nil)
	}
	o, file := b.w.index.find("Task", pt.TaskRef.Name, b.w.file, func(o runtime.Object) bool { return fits(o, pt) })
	if task, ok := o.(*v1.Task); ok && takesMatrix(task, pt.Matrix) { // no call passes to a matrix what a Task does not declare
		if b.w.index.isKnown(task) {
			if typ := b.bound(t); typ != nil {
				return typ
			}
			return b.knownType(task)
		}
		if t := b.w.taskType(task, file); t != nil { // it is nil for a Task that is no Go
			return t
		}
	}
	return b.elsewhere(t)
}

func isTekton(apiVersion string) bool {
	return len(apiVersion) > 11 && apiVersion[:11] == "tekton.dev/"
}

// takesMatrix reports whether a Task declares the params of a matrix, each of which is a string.
func takesMatrix(t *v1.Task, m *v1.Matrix) bool {
	if m == nil {
		return true
	}
	for _, p := range m.Params {
		if !slices.ContainsFunc(t.Spec.Params, func(d v1.ParamSpec) bool { return d.Name == p.Name && typed(&d).Type == v1.ParamTypeString }) {
			return false
		}
	}
	return true
}

// fits reports whether a Task declares what a task of a pipeline sets.
func fits(o runtime.Object, pt *v1.PipelineTask) bool {
	t, ok := o.(*v1.Task)
	if !ok || !takesMatrix(t, pt.Matrix) {
		return false
	}
	for _, p := range pt.Params {
		if !slices.ContainsFunc(t.Spec.Params, func(d v1.ParamSpec) bool { return d.Name == p.Name }) {
			return false
		}
	}
	for _, w := range pt.Workspaces {
		if !slices.ContainsFunc(t.Spec.Workspaces, func(d v1.WorkspaceDeclaration) bool { return d.Name == w.Name }) {
			return false
		}
	}
	return true
}

// custom returns a type for a custom task.
func (b *pipelineBody) custom(t *pipelineTask, apiVersion, kind string, meta v1.PipelineTaskMetadata, spec *runtime.RawExtension) *taskType {
	s := b.w.index.signature([]use{{b.spec, t.pt}})
	name := t.pt.Name
	if t.pt.TaskRef != nil {
		name = t.pt.TaskRef.Name
	}
	args := []plan.Expr{plan.Text(apiVersion), plan.Text(kind)}
	if spec != nil {
		args = append(args, plan.Literal{Value: rawJSON(spec.Raw)})
	}
	return b.w.writeSpec(b.w.name(t.at, b.w.index.Spelling.exported(t.pt.Name), "Task"), name, s, meta.Labels, meta.Annotations, none, func(t *taskType, body *taskBody) {
		body.add(nil, plan.Method(t.Param, "Custom", args...))
	})
}

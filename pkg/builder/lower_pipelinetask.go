package builder

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
)

// pipelineTask lowers a task of the pipeline. It also returns the definition, if
// that is to become a separate object.
func (l *lowering) pipelineTask(n *PipelineTask, path diag.Path) (v1.PipelineTask, *definition) {
	l.in = "task " + quote(n.name)
	l.put(path, n.at)
	pt := v1.PipelineTask{
		Name:        l.plain(n.at, "the name of a task", n.name),
		DisplayName: l.str(n, n.at, "the display name", String(n.displayName)),
		Retries:     n.retries,
		OnError:     n.onError,
	}
	pt.Description = l.prose("the description of "+l.in, n.desc)
	l.put(path.Field("retries"), n.retriesAt)
	l.put(path.Field("timeout"), n.timeoutAt)
	if n.timeout != nil {
		pt.Timeout = timeoutOf(*n.timeout)
	}
	def := l.define(n, &pt, path)
	l.inputs(n, &pt, path)
	for _, m := range n.workspaces {
		if m.from.d == nil {
			continue
		}
		if slices.ContainsFunc(pt.Workspaces, func(b v1.WorkspacePipelineTaskBinding) bool { return b.Name == handle.Strip(m.decl.name) }) {
			continue // the task declares it twice, which is reported there
		}
		l.put(path.FieldIndex("workspaces", len(pt.Workspaces)), n.gave(m.at, m.passed))
		pt.Workspaces = append(pt.Workspaces, v1.WorkspacePipelineTaskBinding{
			Name: handle.Strip(m.decl.name), Workspace: handle.Strip(m.from.name()), SubPath: text(m.from.d.sub),
		})
	}
	if n.nested != nil {
		l.nestedArgs(n, &pt, path)
	}
	pt.When = l.when(n, path.Field("when"))
	l.hiddenResults(n, &pt)
	l.outerWorkspaces(n)
	return pt, def
}

// str lowers a string at pipeline scope that belongs to a task.
func (l *lowering) str(n *PipelineTask, at place, what string, s String) string {
	if handle.Plain(string(s)) {
		return string(s)
	}
	n.wiring(l.problems, false).check(at, what+" of "+l.in, string(s))
	return text(s)
}

// define lowers what the pipeline task runs.
func (l *lowering) define(n *PipelineTask, pt *v1.PipelineTask, path diag.Path) *definition {
	switch {
	case n.nested != nil:
		return l.nestedPipeline(n, pt, path)
	case n.broken || n.task == nil || n.task.source != nil && n.task.source.broken:
		pt.TaskRef = &v1.TaskRef{Name: "none"} // reported already
		return nil
	}
	t := n.task
	if t.source != nil && t.source.task == nil {
		l.knows(path.Field("taskRef"), t.signature(l))
	}
	t.onlySource(l)
	if s := t.source; s != nil && s.resolver != nil {
		l.put(path.Field("taskRef"), s.at)
		pt.TaskRef = &v1.TaskRef{ResolverRef: l.resolver(n.wiring(l.problems, false), *s.resolver)}
		return nil
	}
	if s := t.source; s != nil && s.existing {
		l.put(path.Field("taskRef"), s.at)
		pt.TaskRef = &v1.TaskRef{Name: l.plain(n.at, "the name of a task type", t.name)}
		return nil
	}
	if s := t.source; s != nil && s.apiVersion+s.kind != "" {
		l.put(path.Field("taskRef"), s.at)
		l.put(path.Field("taskSpec"), s.at)
		apiVersion, kind := l.plain(s.at, "the apiVersion of a custom task", s.apiVersion), l.plain(s.at, "the kind of a custom task", s.kind)
		if s.spec == nil {
			pt.TaskRef = &v1.TaskRef{APIVersion: apiVersion, Kind: v1.TaskKind(kind), Name: l.plain(n.at, "the name of a task type", t.name)}
			return nil
		}
		pt.TaskSpec = &v1.EmbeddedTask{
			TypeMeta: runtime.TypeMeta{APIVersion: apiVersion, Kind: kind},
			Spec:     runtime.RawExtension{Raw: l.customSpec(t, s)},
			Metadata: v1.PipelineTaskMetadata{
				Labels:      l.labels(path.Field("taskSpec", "metadata", "labels"), t.labels),
				Annotations: l.labels(path.Field("taskSpec", "metadata", "annotations"), t.annotations),
			},
		}
		return nil
	}
	def := t.lower()
	l.list = append(l.list, def.findings...)
	if !n.embed {
		pt.TaskRef = &v1.TaskRef{Name: handle.Strip(t.name)}
		return def
	}
	pt.TaskSpec = &v1.EmbeddedTask{
		TaskSpec: def.spec,
		Metadata: v1.PipelineTaskMetadata{Labels: def.meta.Labels, Annotations: def.meta.Annotations},
	}
	l.places.Mount(path.Field("taskSpec"), def.places, diag.Fields("spec"))
	l.mount(path.Field("taskSpec"), def.known)
	return &definition{actions: def.actions}
}

// customSpec returns the spec of a custom task. Tekton replaces no variables in
// it.
func (l *lowering) customSpec(t *Task, s *source) []byte {
	if handle.Plain(string(s.spec)) {
		return append([]byte(nil), s.spec...)
	}
	parts, fault := handle.Parse(string(s.spec))
	if fault != handle.NoFault {
		l.fault(s.at, "the spec of custom task "+quote(t.name), fault)
		return []byte("{}")
	}
	for _, p := range parts {
		if p.Token != nil {
			f := l.reportf(s.at, "variable-ignored", "the spec of custom task %s contains %s, but Tekton replaces no variables in it",
				quote(t.name), quote(p.Token.Text()))
			f.Help, f.Subject = "pass the value as a param, declared with Param", p.Token.Expr
		}
	}
	return []byte(handle.Strip(string(s.spec)))
}

// nestedPipeline lowers the pipeline that a pipeline task runs.
func (l *lowering) nestedPipeline(n *PipelineTask, pt *v1.PipelineTask, path diag.Path) *definition {
	child := n.nested.child
	if slices.Contains(l.nested.open, child) {
		l.reportf(n.at, "cycle", "task %s runs pipeline %s, which contains it", quote(n.name), quote(child.name)).
			Help = "remove the task: a pipeline cannot run itself"
		pt.PipelineRef = &v1.PipelineRef{Name: handle.Strip(child.name)}
		return nil
	}
	low := l.nested.done[child]
	if low == nil {
		low = child.lowerIn(l.nested)
	}
	pt.PipelineRef = l.pipelineRef(child, low, n.at, path.Field("pipelineRef"), n.wiring(l.problems, false), n.embed)
	if child.elsewhere != nil {
		return &definition{nested: low}
	}
	if n.embed {
		pt.PipelineRef, pt.PipelineSpec = nil, low.object.Spec.DeepCopy()
		typed(pt.PipelineSpec)
		l.places.Mount(path.Field("pipelineSpec"), low.places, diag.Fields("spec"))
		l.mount(path.Field("pipelineSpec"), low.known)
	}
	return &definition{nested: low, embedded: n.embed}
}

// typed sets the type of every param and result. Tekton sets no defaults in
// embedded pipelines, and rejects a param or result without a type.
func typed(spec *v1.PipelineSpec) {
	params := func(list v1.ParamSpecs) {
		for i := range list {
			if list[i].Type == "" {
				list[i].Type = stringKind
			}
		}
	}
	params(spec.Params)
	for _, tasks := range [][]v1.PipelineTask{spec.Tasks, spec.Finally} {
		for i := range tasks {
			if s := tasks[i].TaskSpec; s != nil {
				params(s.Params)
				for j := range s.Results {
					if s.Results[j].Type == "" {
						s.Results[j].Type = v1.ResultsTypeString
					}
				}
			}
		}
	}
}

// inputs lowers params and the matrix.
func (l *lowering) inputs(n *PipelineTask, pt *v1.PipelineTask, path diag.Path) {
	given := make(map[string]bool, len(n.params))
	for _, p := range pt.Params {
		given[p.Name] = true
	}
	for _, in := range n.params {
		if !in.isSet() {
			continue
		}
		if tok, ok := handle.Single(string(in.str)); ok && tok.Form == handle.Each && n.matrixed {
			if pt.Matrix == nil {
				pt.Matrix = &v1.Matrix{}
			}
			l.put(path.Field("matrix", "params").Index(len(pt.Matrix.Params)), n.at)
			pt.Matrix.Params = append(pt.Matrix.Params, v1.Param{Name: handle.Strip(in.name), Value: axisValue(tok.Expr)})
			continue
		}
		name := handle.Strip(in.name)
		if given[name] {
			continue // the task declares it twice, which is reported there
		}
		given[name] = true
		l.put(path.FieldIndex("params", len(pt.Params)), n.gave(in.at, in.passed))
		pt.Params = append(pt.Params, v1.Param{Name: name, Value: in.value()})
	}
	for _, inc := range n.includes {
		if pt.Matrix == nil {
			pt.Matrix = &v1.Matrix{}
		}
		l.put(path.Field("matrix", "include").Index(len(pt.Matrix.Include)), inc.at)
		pt.Matrix.Include = append(pt.Matrix.Include, l.include(inc))
	}
	if n.matrixed && pt.Matrix == nil && !n.broken && !n.axisLost {
		l.reportf(n.at, "each-missing", "task %s is added with AddMatrix, but none of its inputs uses Each", quote(n.name)).
			Help = "set an input to builder.Each(array), or add the task with builder.Add"
	}
}

func axisValue(encoded string) v1.ParamValue {
	return wholeArray(decodeAxis(encoded).array())
}

func (l *lowering) include(inc *include) v1.IncludeParams {
	out := v1.IncludeParams{Name: l.plain(inc.at, "the name of an include", inc.name)}
	for _, in := range inc.params {
		if tok, ok := handle.Single(string(in.str)); ok && tok.Form == handle.Each {
			continue // reported already
		}
		if in.kind != stringKind {
			l.reportf(inc.at, "param-type", "include %s sets %s, which is not a string", quote(inc.name), quote(in.name)).
				Help = "set only strings in an include, and pass arrays and objects to AddMatrix"
			continue
		}
		out.Params = append(out.Params, v1.Param{Name: handle.Strip(in.name), Value: in.value()})
	}
	return out
}

// when lowers the when expressions of a pipeline task.
func (l *lowering) when(n *PipelineTask, path diag.Path) v1.WhenExpressions {
	var out v1.WhenExpressions
	for _, w := range n.when {
		if !w.made {
			l.reportf(n.at, "when-invalid", "%s has an empty when expression", l.in).Help = "make it with In, NotIn or CEL"
			continue
		}
		l.put(path.Index(len(out)), w.at)
		if w.cel != "" || w.op == "" {
			out = append(out, v1.WhenExpression{CEL: l.str(n, w.at, "a when expression", w.cel)})
			continue
		}
		e := v1.WhenExpression{Input: l.str(n, w.at, "a when expression", w.input), Operator: w.op}
		list := n.wiring(l.problems, true)
		for _, v := range w.values {
			list.check(w.at, "a when expression of "+l.in, string(v))
			e.Values = append(e.Values, text(v))
		}
		out = append(out, e)
	}
	return out
}

// resolver lowers a resolver whose params are values of the pipeline.
func (l *lowering) resolver(c wiring, r Resolver) v1.ResolverRef {
	return l.resolverOf(r, func(where string, in *input) {
		list := c
		list.list = true
		for _, s := range in.array.list() {
			list.check(r.at, where, string(s))
		}
		c.checkObject(r.at, where, in.object)
		c.check(r.at, where, string(in.str))
	})
}

// stepResolver lowers a resolver whose params are values of the task of a step.
func (l *lowering) stepResolver(s *Step, r Resolver) v1.ResolverRef {
	return l.resolverOf(r, func(where string, in *input) {
		for _, item := range in.array.list() {
			l.text(s.scope, r.at, "values", where, TaskString(item))
		}
		if in.object.d != nil {
			for _, k := range slices.Sorted(maps.Keys(in.object.d.fields)) {
				l.text(s.scope, r.at, where, "", TaskString(in.object.d.fields[k]))
			}
		}
		l.text(s.scope, r.at, where, "", TaskString(in.str))
	})
}

// resolverOf lowers a resolver.
func (l *lowering) resolverOf(r Resolver, check func(where string, in *input)) v1.ResolverRef {
	out := v1.ResolverRef{Resolver: v1.ResolverName(r.name)}
	for _, p := range r.params {
		in := &input{at: r.at, name: p.name, kind: p.kind, str: p.str, array: p.array, object: p.object}
		if !in.isSet() {
			continue
		}
		check("param "+quote(p.name)+" of the "+r.name+" resolver", in)
		out.Params = append(out.Params, v1.Param{Name: l.plain(r.at, "the name of a param of the "+r.name+" resolver", p.name), Value: in.value()})
	}
	return out
}

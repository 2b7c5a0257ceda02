package builder

import (
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/ref"
)

// node lowers a task of the pipeline. The definition comes along where it is
// an object of its own.
func (l *lowering) node(n *Node, path string) (v1.PipelineTask, *definition) {
	l.in = "task " + strconv.Quote(n.name)
	l.put(path, n.at)
	pt := v1.PipelineTask{
		Name:        l.plain(n.at, "the name of a task", n.name),
		DisplayName: l.str(n, n.at, "the display name", String(n.displayName)),
		Retries:     n.retries,
		OnError:     n.onError,
	}
	if n.timeout != nil {
		pt.Timeout = &metav1.Duration{Duration: *n.timeout}
	}
	def := l.define(n, &pt, path)
	l.inputs(n, &pt, path)
	for _, m := range n.workspaces {
		if m.from.d == nil {
			continue
		}
		l.put(index(path+".workspaces", len(pt.Workspaces)), m.at)
		pt.Workspaces = append(pt.Workspaces, v1.WorkspacePipelineTaskBinding{
			Name: m.decl.name, Workspace: m.from.d.decl.name, SubPath: text(m.from.d.sub),
		})
	}
	if n.nested != nil {
		l.nestedArgs(n, &pt, path)
	}
	pt.When = l.when(n, path+".when")
	l.hiddenResults(n, &pt)
	return pt, def
}

// str lowers a string of pipeline scope that belongs to a node.
func (l *lowering) str(n *Node, at place, what string, s String) string {
	if ref.Plain(string(s)) {
		return string(s)
	}
	n.wiring(l.problems, false).check(at, what+" of "+l.in, string(s))
	return text(s)
}

// define lowers what the node runs.
func (l *lowering) define(n *Node, pt *v1.PipelineTask, path string) *definition {
	switch {
	case n.nested != nil:
		if n.embed {
			child := n.nested.child.lower()
			pt.PipelineSpec = &child.object.Spec
			return nil
		}
		pt.PipelineRef = &v1.PipelineRef{Name: n.nested.child.name}
		return nil
	case n.task == nil:
		return nil
	}
	t := n.task
	if s := t.source; s != nil && s.resolver != nil {
		pt.TaskRef = &v1.TaskRef{ResolverRef: l.resolver(n.wiring(l.problems, false), *s.resolver)}
		return nil
	}
	if s := t.source; s != nil && s.apiVersion+s.kind != "" {
		if s.spec == nil {
			pt.TaskRef = &v1.TaskRef{APIVersion: s.apiVersion, Kind: v1.TaskKind(s.kind), Name: t.name}
			return nil
		}
		pt.TaskSpec = &v1.EmbeddedTask{
			TypeMeta: runtime.TypeMeta{APIVersion: s.apiVersion, Kind: s.kind},
			Spec:     runtime.RawExtension{Raw: append([]byte(nil), s.spec...)},
		}
		return nil
	}
	def := t.lower()
	l.list = append(l.list, def.findings...)
	if !n.embed {
		pt.TaskRef = &v1.TaskRef{Name: t.name}
		return def
	}
	pt.TaskSpec = &v1.EmbeddedTask{
		TaskSpec: def.spec,
		Metadata: v1.PipelineTaskMetadata{Labels: def.meta.Labels, Annotations: def.meta.Annotations},
	}
	for p, at := range def.places {
		if len(p) > len("spec") && p[:len("spec")] == "spec" {
			l.put(path+".taskSpec"+p[len("spec"):], at)
		}
	}
	return &definition{actions: def.actions}
}

// inputs lowers params and the matrix.
func (l *lowering) inputs(n *Node, pt *v1.PipelineTask, path string) {
	for _, in := range n.params {
		if !in.given() {
			continue
		}
		if tok, ok := ref.Single(string(in.str)); ok && tok.Form == ref.Each {
			if !n.matrixed {
				continue // on record
			}
			if pt.Matrix == nil {
				pt.Matrix = &v1.Matrix{}
			}
			l.put(index(path+".matrix.params", len(pt.Matrix.Params)), n.at)
			pt.Matrix.Params = append(pt.Matrix.Params, v1.Param{Name: in.name, Value: axisValue(tok.Expr)})
			continue
		}
		l.put(index(path+".params", len(pt.Params)), n.at)
		pt.Params = append(pt.Params, v1.Param{Name: in.name, Value: in.value()})
	}
	for _, inc := range n.includes {
		if pt.Matrix == nil {
			pt.Matrix = &v1.Matrix{}
		}
		l.put(index(path+".matrix.include", len(pt.Matrix.Include)), inc.at)
		pt.Matrix.Include = append(pt.Matrix.Include, l.include(inc))
	}
	if n.matrixed && pt.Matrix == nil && !n.broken {
		l.reportf(n.at, "each-missing", "task %s is a FanOut with no axis", strconv.Quote(n.name)).
			Help = "give an input builder.Each(array), or add the task with builder.Add"
	}
}

func axisValue(encoded string) v1.ParamValue {
	x := decodeAxis(encoded)
	return wholeArray(Array{&array{whole: x.Whole, items: x.Items}})
}

func (l *lowering) include(inc *include) v1.IncludeParams {
	out := v1.IncludeParams{Name: l.plain(inc.at, "the name of an include", inc.name)}
	for _, in := range inc.params {
		if in.kind != stringKind {
			l.reportf(inc.at, "param-type", "include %s sets %s, which is no string", strconv.Quote(inc.name), strconv.Quote(in.name)).
				Help = "an include sets strings only: give arrays and objects to FanOut"
			continue
		}
		out.Params = append(out.Params, v1.Param{Name: in.name, Value: in.value()})
	}
	return out
}

// when lowers the conditions of a node.
func (l *lowering) when(n *Node, path string) v1.WhenExpressions {
	var out v1.WhenExpressions
	for _, w := range n.when {
		if !w.made {
			l.reportf(n.at, "when-invalid", "%s has an empty condition", l.in).Help = "make it with In, NotIn or CEL"
			continue
		}
		l.put(index(path, len(out)), w.at)
		if w.cel != "" || w.op == "" {
			out = append(out, v1.WhenExpression{CEL: l.str(n, w.at, "a condition", w.cel)})
			continue
		}
		e := v1.WhenExpression{Input: l.str(n, w.at, "a condition", w.input), Operator: w.op}
		list := n.wiring(l.problems, true)
		for _, v := range w.values {
			list.check(w.at, "a condition of "+l.in, string(v))
			e.Values = append(e.Values, text(v))
		}
		out = append(out, e)
	}
	return out
}

// resolver lowers a reference to what lies elsewhere.
func (l *lowering) resolver(c wiring, r Resolver) v1.ResolverRef {
	out := v1.ResolverRef{Resolver: v1.ResolverName(r.name)}
	for _, p := range r.params {
		if p.v == "" {
			continue
		}
		c.check(r.at, "param "+strconv.Quote(p.name)+" of the "+r.name+" resolver", string(p.v))
		out.Params = append(out.Params, v1.Param{Name: p.name, Value: *v1.NewStructuredValues(text(p.v))})
	}
	return out
}

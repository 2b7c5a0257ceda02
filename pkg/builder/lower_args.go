package builder

import (
	"strconv"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/ref"
)

// target finds the param of a pipeline that an argument sets.
func (l *lowering) target(p *Pipeline, a *paramArg) (*paramDecl, bool) {
	tok, ok := ref.Single(a.target)
	switch {
	case !ok || tok.Owner.Scope != ref.Pipeline:
		l.report(a.at, "set-misplaced", "Set is called on what is no param").
			Help = "call it on what Param, ArrayParam or ObjectParam returned"
		return nil, false
	case tok.Owner.ID != p.owner.ID:
		l.reportf(a.at, "handle-foreign", "Set is called on %s of another pipeline, %s",
			strconv.Quote("$("+tok.Expr+")"), strconv.Quote(tok.Owner.Name)).
			Help = "set the params of pipeline " + strconv.Quote(p.name)
		return nil, false
	}
	for _, d := range p.params {
		expr := paramExpr(d.name)
		if d.kind != stringKind {
			expr += "[*]"
		}
		if d.kind == a.kind && expr == tok.Expr {
			return d, true
		}
	}
	l.reportf(a.at, "set-misplaced", "Set is called on %s, which is no whole param", strconv.Quote("$("+tok.Expr+")")).
		Help = "call it on what Param, ArrayParam or ObjectParam returned"
	return nil, false
}

// paramArg lowers an argument for a param; c tells what its value may refer to.
func (l *lowering) paramArg(p *Pipeline, a *paramArg, c wiring) (v1.Param, bool) {
	d, ok := l.target(p, a)
	if !ok {
		return v1.Param{}, false
	}
	out := v1.Param{Name: d.name}
	where := "the value of param " + strconv.Quote(d.name)
	list := c
	list.list = true
	switch a.kind {
	case arrayKind:
		for _, s := range a.array.list() {
			list.check(a.at, where, string(s))
		}
		out.Value = arrayValue(a.array)
	case objectKind:
		if o := a.object.d; o != nil {
			list.check(a.at, where, o.whole)
			for _, s := range sortedValues(o.fields) {
				c.check(a.at, where, string(s))
			}
		}
		out.Value = objectValue(a.object)
	default:
		c.check(a.at, where, string(a.str))
		out.Value = *v1.NewStructuredValues(text(a.str))
	}
	return out, true
}

// nestedArgs lowers the arguments of a nested pipeline.
func (l *lowering) nestedArgs(n *Node, pt *v1.PipelineTask, path string) {
	child := n.nested.child
	for _, a := range n.nested.args {
		switch a := a.(type) {
		case *paramArg:
			p, ok := l.paramArg(child, a, n.wiring(l.problems, false))
			if ok {
				l.put(index(path+".params", len(pt.Params)), a.at)
				pt.Params = append(pt.Params, p)
			}
		case *nestedWorkspace:
			if !l.ofPipeline(a.at, child, a.target) || !l.ofPipeline(a.at, n.pipeline, a.from) {
				continue
			}
			l.put(index(path+".workspaces", len(pt.Workspaces)), a.at)
			pt.Workspaces = append(pt.Workspaces, v1.WorkspacePipelineTaskBinding{
				Name: a.target.d.decl.name, Workspace: a.from.d.decl.name, SubPath: text(a.from.d.sub),
			})
		case *Binding:
			if a != nil {
				l.report(a.at, "binding-misplaced", "a nested pipeline's workspace is bound to a volume").
					Help = "give it a workspace of the outer pipeline with From"
			}
		}
	}
}

// ofPipeline reports a workspace that is not the pipeline's.
func (l *lowering) ofPipeline(at place, p *Pipeline, w Workspace) bool {
	switch {
	case w.d == nil:
		l.report(at, "workspace-unknown", "an argument is for a workspace that is not given").
			Help = "use what the pipeline's Workspace method returned"
	case w.d.scope != p.scope:
		l.reportf(at, "handle-foreign", "workspace %s is not of pipeline %s", strconv.Quote(w.d.decl.name), strconv.Quote(p.name)).
			Help = "use what the Workspace method of pipeline " + strconv.Quote(p.name) + " returned"
	default:
		return true
	}
	return false
}

// binding lowers a workspace's volume.
func (l *lowering) binding(b *Binding, c wiring) v1.WorkspaceBinding {
	v := *b.v.DeepCopy()
	v.Name = b.target.d.decl.name
	where := "the volume of workspace " + strconv.Quote(v.Name)
	value := func(s String) string {
		c.check(b.at, where, string(s))
		return text(s)
	}
	if b.bad != "" {
		f := l.report(b.at, "binding-invalid", b.bad)
		f.Help, f.Subject = b.help, v.Name
	}
	c.raw(b.at, where, &v)
	if b.sub != "" {
		v.SubPath = value(b.sub)
	}
	if b.claim != "" {
		v.PersistentVolumeClaim.ClaimName = value(b.claim)
	}
	if b.secret != "" {
		v.Secret.SecretName = value(b.secret)
	}
	if b.configMap != "" {
		v.ConfigMap.Name = value(b.configMap)
	}
	return v
}

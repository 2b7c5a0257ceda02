package builder

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// target finds the param of a pipeline that an argument sets.
func (l *lowering) target(p *Pipeline, a *paramArg) (*paramDecl, bool) {
	tok, ok := handle.Single(a.target)
	switch {
	case !ok || tok.Owner.Scope != handle.Pipeline:
		what := "a value that is not a param"
		if s := handle.Strip(a.target); s != "" {
			what = quote(s) + ", which is not a param"
		}
		l.reportf(a.at, "set-misplaced", "Set is called on %s", what).
			Help = "call Set on what Param, ArrayParam or ObjectParam returned"
		return nil, false
	case tok.Owner.ID != p.owner.ID:
		f := l.reportf(a.at, "handle-foreign", "Set is called on %s of another pipeline, %s",
			quote(tok.Text()), quote(tok.Owner.Name))
		f.Help, f.Subject = "call Set on a param of Pipeline "+quote(p.name), tok.Expr
		f.Path = diag.Fields("spec", "params")
		return nil, false
	}
	for _, d := range p.params {
		v := tekref.ParamOf(d.name)
		if d.kind != stringKind {
			v = v.All()
		}
		if d.kind == a.kind && v.Expr == tok.Expr {
			return d, true
		}
	}
	l.reportf(a.at, "set-misplaced", "Set is called on %s, which is not a whole param", quote(tok.Text())).
		Help = "call Set on what Param, ArrayParam or ObjectParam returned"
	return nil, false
}

// paramArg lowers an argument that sets a param. Its value is checked by c.
func (l *lowering) paramArg(p *Pipeline, a *paramArg, c wiring) (v1.Param, bool) {
	d, ok := &paramDecl{name: a.name}, true
	if a.name == "" {
		d, ok = l.target(p, a)
	} else if slices.ContainsFunc(p.params, func(d *paramDecl) bool { return d.name == a.name }) {
		l.reportf(a.at, "param-duplicate", "Pass sets param %s, which Pipeline %s declares", quote(a.name), quote(p.name)).
			Help = "pass Run what the Set method of the param returns"
		return v1.Param{}, false
	}
	if !ok {
		return v1.Param{}, false
	}
	l.plain(a.at, "the name of a param", d.name)
	out := v1.Param{Name: handle.Strip(d.name)}
	where := "the value of param " + quote(d.name)
	list := c
	list.list = true
	switch a.kind {
	case arrayKind:
		for _, s := range a.array.list() {
			list.check(a.at, where, string(s))
		}
		out.Value = arrayValue(a.array)
	case objectKind:
		c.checkObject(a.at, where, a.object)
		out.Value = objectValue(a.object)
	default:
		c.check(a.at, where, string(a.str))
		out.Value = *v1.NewStructuredValues(text(a.str))
	}
	return out, true
}

// nestedArgs lowers the arguments of a nested pipeline.
func (l *lowering) nestedArgs(n *PipelineTask, pt *v1.PipelineTask, path diag.Path) {
	child := n.nested.child
	for _, a := range n.nested.args {
		switch a := a.(type) {
		case *paramArg:
			p, ok := l.paramArg(child, a, n.wiring(l.problems, false))
			if ok {
				l.put(path.FieldIndex("params", len(pt.Params)), a.at)
				pt.Params = append(pt.Params, p)
			}
		case *nestedWorkspace:
			if !l.ofPipeline(a.at, child, a.target) || !l.ofPipeline(a.at, n.pipeline, a.from) {
				continue
			}
			l.put(path.FieldIndex("workspaces", len(pt.Workspaces)), a.at)
			pt.Workspaces = append(pt.Workspaces, v1.WorkspacePipelineTaskBinding{
				Name: handle.Strip(a.target.name()), Workspace: handle.Strip(a.from.name()), SubPath: text(a.from.d.sub),
			})
		case *WorkspaceBinding:
			if a != nil {
				f := l.report(a.at, "binding-misplaced", "the workspace of a nested pipeline is bound to a volume")
				f.Help, f.Subject = "bind it to a workspace of the outer pipeline with From", a.target.name()
			}
		}
	}
}

// ofPipeline reports a workspace that is not the pipeline's.
func (l *lowering) ofPipeline(at place, p *Pipeline, w Workspace) bool {
	switch {
	case w.d == nil:
		l.report(at, "workspace-unknown", "an argument binds a workspace that was never declared").
			Help = "use what the Workspace method of the pipeline returned"
	case w.d.scope != p.scope:
		f := l.reportf(at, "handle-foreign", "workspace %s does not belong to pipeline %s", quote(w.d.decl.name), quote(p.name))
		f.Help, f.Subject = "use what the Workspace method of pipeline "+quote(p.name)+" returned", w.d.decl.name
	default:
		return true
	}
	return false
}

// binding lowers a workspace's volume.
func (l *lowering) binding(b *WorkspaceBinding, c wiring) v1.WorkspaceBinding {
	v := *b.v.DeepCopy()
	v.Name = handle.Strip(b.target.name())
	where := "the volume of workspace " + quote(v.Name)
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
	if b.pvc != "" {
		v.PersistentVolumeClaim.ClaimName = value(b.pvc)
	}
	if b.secret != "" {
		v.Secret.SecretName = value(b.secret)
	}
	if b.configMap != "" {
		v.ConfigMap.Name = value(b.configMap)
	}
	return v
}

package builder

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/graph"
)

// edges writes runAfter for the edges that neither results nor other edges
// imply.
func (l *lowering) edges(p *Pipeline, tasks []v1.PipelineTask) {
	var fixed, wanted []graph.Edge
	at := map[graph.Edge]place{}
	want := func(node, after string, by place) {
		e := graph.Edge{Node: node, After: after}
		if _, ok := at[e]; !ok {
			at[e] = by
			wanted = append(wanted, e)
		}
	}
	for i := range tasks {
		for _, r := range results(&tasks[i]) {
			if r.Owner != tasks[i].Name && p.byName[r.Owner] != nil {
				fixed = append(fixed, graph.Edge{Node: tasks[i].Name, After: r.Owner})
			}
		}
	}
	for _, n := range p.tasks {
		for _, a := range n.after {
			if a.pipelineTask.finally {
				l.reportf(a.at, "task-unknown", "task %s runs after finally task %s", quote(n.name), quote(a.pipelineTask.name)).
					Help = "remove the call to After: no task can run after a finally task"
				continue
			}
			want(n.name, a.pipelineTask.name, a.at)
		}
		for _, u := range n.outer {
			if p.byName[u.owner] != nil && u.owner != n.name {
				want(n.name, u.owner, u.at)
			}
		}
		if n.nested != nil {
			for _, a := range n.nested.args {
				if w, ok := a.(*nestedWorkspace); ok && w.from.d != nil {
					if d := w.from.d; d.writer != nil && d.writer != n && !d.writer.finally && d.scope == p.scope {
						want(n.name, d.writer.name, w.at)
					}
				}
			}
		}
		for _, m := range n.workspaces {
			if d := m.from.d; d != nil && d.writer != nil && d.writer != n && !d.writer.finally && d.scope == p.scope {
				want(n.name, d.writer.name, n.gave(m.at, m.passed))
			}
		}
	}
	byName := make(map[string]int, len(tasks))
	for i := range tasks {
		if _, ok := byName[tasks[i].Name]; !ok {
			byName[tasks[i].Name] = i
		}
	}
	for _, e := range graph.Reduce(fixed, wanted) {
		i, ok := byName[e.Node]
		if !ok {
			continue
		}
		t := &tasks[i]
		l.put(diag.Fields("spec").FieldIndex("tasks", i).Field("runAfter").Index(len(t.RunAfter)), at[e])
		t.RunAfter = append(t.RunAfter, e.After)
	}
}

// hiddenResults reports results in the subPath of workspaces, in the params of a
// resolver and in display names, unless a param, the matrix or a when expression
// uses them too. Tekton neither waits for them there nor replaces them.
func (l *lowering) hiddenResults(n *PipelineTask, pt *v1.PipelineTask) {
	var hidden []tekref.Variable
	for i := range pt.Workspaces {
		hidden = mentioned(pt.Workspaces[i].SubPath, hidden)
	}
	if pt.TaskRef != nil {
		for i := range pt.TaskRef.Params {
			hidden = mentionedIn(&pt.TaskRef.Params[i].Value, hidden)
		}
	}
	hidden = mentioned(pt.DisplayName, hidden)
	if len(hidden) == 0 || n.finally {
		return
	}
	seen := results(pt)
	for _, r := range hidden {
		if !slices.Contains(seen, r) {
			f := l.reportf(n.at, "result-unsupported", "task %s uses %s only where Tekton does not look for results",
				quote(n.name), quote(r.String()))
			f.Help = "use the result in an input or a when expression of the task as well: Tekton then replaces it here too"
			f.Subject = r.Expr
		}
	}
}

// results returns the results that make a task wait in Tekton: those in params,
// in the matrix and in when expressions.
func results(pt *v1.PipelineTask) []tekref.Variable {
	var out []tekref.Variable
	for i := range pt.Params {
		out = mentionedIn(&pt.Params[i].Value, out)
	}
	if pt.Matrix != nil {
		for i := range pt.Matrix.Params {
			out = mentionedIn(&pt.Matrix.Params[i].Value, out)
		}
		for _, inc := range pt.Matrix.Include {
			for i := range inc.Params {
				out = mentionedIn(&inc.Params[i].Value, out)
			}
		}
	}
	for i := range pt.When {
		out = mentioned(pt.When[i].Input, out)
		out = mentioned(pt.When[i].CEL, out)
		for _, v := range pt.When[i].Values {
			out = mentioned(v, out)
		}
	}
	return out
}

func mentionedIn(v *v1.ParamValue, out []tekref.Variable) []tekref.Variable {
	out = mentioned(v.StringVal, out)
	for _, s := range v.ArrayVal {
		out = mentioned(s, out)
	}
	for _, s := range v.ObjectVal {
		out = mentioned(s, out)
	}
	return out
}

// mentioned appends the results that a text refers to.
func mentioned(s string, out []tekref.Variable) []tekref.Variable {
	for m := range tekref.Scan(s) {
		if v := tekref.Parse(m.Expr); v.Kind == tekref.TaskResult && v.Fault == "" && !m.Open {
			out = append(out, v)
		}
	}
	return out
}

package check

import (
	"path"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// workspaceUse is a task's use of a workspace of the pipeline.
type workspaceUse struct {
	task   *pipelineTask
	spot   spot
	sub    string
	writes bool // its Task may write
	known  bool // its Task is known
}

// conflicts reports whether two uses disturb each other if nothing orders
// them: one of them writes, and they share a folder. Of a Task that is not
// known nothing is held against it.
func (u *workspaceUse) conflicts(o *workspaceUse) bool {
	return (u.known && u.writes || o.known && o.writes) && overlap(u.sub, o.sub)
}

// maxFront bounds what each use is compared with, so that the cost stays
// linear for a pipeline in which nothing is ordered.
const maxFront = 64

// workspaceOrder warns of tasks that share a workspace without an order.
func (p *pipelineCheck) workspaceOrder() {
	uses := map[string][]*workspaceUse{}
	rank := map[string]int{}
	for i, name := range p.graph.Order() {
		rank[name] = i
	}
	ordered := make([]*pipelineTask, len(rank))
	var finally []*pipelineTask
	for _, t := range p.tasks {
		switch {
		case p.byName[t.Name] != t:
		case t.finally:
			finally = append(finally, t)
		default:
			ordered[rank[t.Name]] = t
		}
	}
	for _, t := range append(ordered, finally...) {
		if t != nil {
			p.usesOf(t, uses)
		}
	}
	for i := range p.spec.Workspaces {
		if name := p.spec.Workspaces[i].Name; p.workspaces[name] == &p.spec.Workspaces[i] {
			p.unordered(name, uses[name])
			delete(uses, name)
		}
	}
	for _, name := range sortedKeys(uses) {
		p.unordered(name, uses[name])
	}
}

func (p *pipelineCheck) usesOf(t *pipelineTask, uses map[string][]*workspaceUse) {
	for i := range t.Workspaces {
		w := &t.Workspaces[i]
		u := &workspaceUse{task: t, spot: t.spot.index("workspaces", i), sub: w.SubPath, writes: true, known: t.def.spec != nil}
		if t.def.spec != nil {
			for j := range t.def.spec.Workspaces {
				if d := &t.def.spec.Workspaces[j]; d.Name == w.Name {
					u.writes = !d.ReadOnly
				}
			}
		}
		uses[from(w)] = append(uses[from(w)], u)
	}
	if t.inner == nil {
		return
	}
	bound := map[string]bool{}
	for i := range t.Workspaces {
		bound[t.Workspaces[i].Name] = true
	}
	// An embedded spec gets what its steps name.
	for _, name := range sortedKeys(t.inner.usedWorkspaces) {
		if bound[name] || p.workspaces[name] == nil && !p.runBinds(name) {
			continue
		}
		uses[name] = append(uses[name], &workspaceUse{task: t, spot: t.def.spot, writes: !t.readsOnly(name), known: true})
	}
}

func (t *pipelineTask) readsOnly(name string) bool {
	for i := range t.def.spec.Workspaces {
		if w := &t.def.spec.Workspaces[i]; w.Name == name {
			return w.ReadOnly
		}
	}
	return false
}

// unordered compares each use with the last ones of the branches before it.
func (p *pipelineCheck) unordered(name string, uses []*workspaceUse) {
	if p.secret(name) {
		return
	}
	var front []*workspaceUse
	for _, u := range uses {
		for _, o := range front {
			if o.task != u.task && u.conflicts(o) && !p.before(o.task, u.task) && !p.before(u.task, o.task) {
				p.reportUnordered(name, o, u)
				break
			}
		}
		keep := front[:0]
		for _, o := range front {
			// What comes after u comes after o too, so o need not be kept.
			if !(p.before(o.task, u.task) && u.known && u.writes && overlapsAll(u.sub, o.sub)) {
				keep = append(keep, o)
			}
		}
		if front = append(keep, u); len(front) > maxFront {
			front = front[1:]
		}
	}
}

// secret reports whether the run around the pipeline binds the workspace to
// something that is not written to, or that each task has for itself.
func (p *pipelineCheck) secret(name string) bool {
	if p.run == nil {
		return false
	}
	for i := range p.run.Spec.Workspaces {
		if w := &p.run.Spec.Workspaces[i]; w.Name == name {
			return w.Secret != nil || w.ConfigMap != nil || w.Projected != nil || w.EmptyDir != nil
		}
	}
	return false
}

func (p *pipelineCheck) before(a, b *pipelineTask) bool {
	if a.finally || b.finally {
		return !a.finally && b.finally
	}
	return p.graph.Reaches(a.Name, b.Name)
}

func (p *pipelineCheck) reportUnordered(name string, o, u *workspaceUse) {
	later, earlier := u, o
	if later.task.finally == earlier.task.finally && later.task.index < earlier.task.index {
		later, earlier = earlier, later
	}
	help := "add runAfter, bind different subPaths, or declare the workspace readOnly in the Tasks that only read it"
	if later.task.finally {
		help = "in finally nothing has an order: bind different subPaths, or make one task of them"
	}
	p.warn(later.spot, "workspace-unordered", name, later.task.label+" and "+earlier.task.label+" share workspace "+q(name)+", and neither runs after the other",
		help, earlier.spot.related(earlier.task.label+" takes it"))
}

// overlap reports whether two sub-paths share a folder. What a reference will
// make of one is not known: only equal texts are the same then.
func overlap(a, b string) bool {
	return overlapsAll(a, b) || overlapsAll(b, a)
}

// overlapsAll reports whether all of b lies in a.
func overlapsAll(a, b string) bool {
	if a == b || a == "" {
		return true
	}
	if tekref.Contains(a) || tekref.Contains(b) {
		return false
	}
	a, b = path.Clean("/"+a), path.Clean("/"+b)
	return a == "/" || a == b || strings.HasPrefix(b, a+"/")
}

// taskWorkspaces lists what a task mounts: the name in the Task, and the
// workspace of the pipeline behind it.
func (t *pipelineTask) taskWorkspaces() []v1.WorkspacePipelineTaskBinding {
	out := append([]v1.WorkspacePipelineTaskBinding(nil), t.Workspaces...)
	if t.inner == nil {
		return out
	}
	bound := map[string]bool{}
	for i := range out {
		bound[out[i].Name] = true
	}
	for _, name := range sortedKeys(t.inner.usedWorkspaces) {
		if !bound[name] {
			out = append(out, v1.WorkspacePipelineTaskBinding{Name: name})
		}
	}
	return out
}

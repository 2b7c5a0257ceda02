package workspaces

import (
	_ "embed"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed workspace-unordered.md
var workspaceUnorderedText string

var workspaceUnordered = &rule.Rule{
	Code:     "workspace-unordered",
	Severity: diag.Warning,
	Topic:    "workspaces",
	Text:     workspaceUnorderedText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Order, rule.Results, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			if shares(s) {
				unorderedUses(p, s)
			}
		}
	},
}

// sharing is a task's use of a workspace of the pipeline.
type sharing struct {
	task   *facts.PipelineTask
	spot   facts.Spot
	sub    string // cleaned
	writes bool   // its Task may write
	apart  bool   // it may do so while others do
	known  bool   // its Task is known
}

// conflicts reports whether two uses conflict if nothing orders them: one of them
// writes, they share a directory, and neither is meant to be concurrent. A Task that is not known is assumed not to write.
func (u *sharing) conflicts(o *sharing) bool {
	return !u.apart && !o.apart && (u.known && u.writes || o.known && o.writes) && overlap(u.sub, o.sub)
}

// maxFront is the number of uses of one workspace that each use is compared with, so that
// the cost stays linear for a pipeline in which nothing is ordered. A finding check-limit
// says if there are more.
const maxFront = 512

// shares reports whether more than one task has workspaces.
func shares(s *facts.PipelineSpec) bool {
	n := 0
	for _, t := range s.Tasks {
		if len(t.Workspaces) > 0 || t.Inner != nil && (len(s.Spec.Workspaces) > 0 || s.Run != nil) {
			n++
		}
	}
	return n > 1
}

// unorderedUses reports tasks that share a workspace without an order.
func unorderedUses(p *rule.Pass, s *facts.PipelineSpec) {
	uses := map[string][]*sharing{}
	for _, t := range inOrder(s) {
		sharings(t, uses)
	}
	for i := range s.Spec.Workspaces {
		if w := &s.Spec.Workspaces[i]; s.Workspaces[w.Name] == w {
			unordered(p, s, w.Name, uses[w.Name])
			delete(uses, w.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		unordered(p, s, name, uses[name])
	}
}

// inOrder returns the tasks in the order of the graph, then those of finally.
func inOrder(s *facts.PipelineSpec) []*facts.PipelineTask {
	order := s.Graph().Order()
	out := make([]*facts.PipelineTask, 0, len(s.Tasks))
	for _, name := range order {
		out = append(out, s.Task(name))
	}
	for _, t := range s.Tasks {
		if t.Finally && s.Task(t.Name) == t {
			out = append(out, t)
		}
	}
	return out
}

func sharings(t *facts.PipelineTask, uses map[string][]*sharing) {
	for i := range t.Workspaces {
		w := &t.Workspaces[i]
		u := &sharing{task: t, spot: t.Spot.Index("workspaces", i), sub: cleanSub(w.SubPath), writes: true, known: t.Runs.Spec != nil && !t.Runs.Signed, apart: t.Runs.IsConcurrent(w.Name)}
		if t.Runs.Spec != nil {
			if d := t.Runs.Workspace(w.Name); d != nil {
				u.writes = !d.ReadOnly
			}
		}
		uses[facts.From(w)] = append(uses[facts.From(w)], u)
	}
	if t.Inner == nil {
		return
	}
	// An embedded spec gets the workspaces that its steps use.
	for _, w := range t.BoundByTask()[len(t.Workspaces):] {
		if t.Pipeline.Workspaces[w.Name] == nil && !t.Pipeline.RunBinds(w.Name) {
			continue
		}
		d := t.Runs.Workspace(w.Name)
		uses[w.Name] = append(uses[w.Name], &sharing{task: t, spot: t.Runs.Spot, writes: d == nil || !d.ReadOnly, known: true, apart: t.Runs.IsConcurrent(w.Name)})
	}
}

// conflict is a pair of uses without an order, and the later uses that this order would
// order as well.
type conflict struct {
	earlier, later *sharing
	after          []*sharing
}

// maxAlike is the number of conflicts of one use that another one is compared with.
const maxAlike = 16

// unordered compares each use with the last uses of the branches before it.
func unordered(p *rule.Pass, s *facts.PipelineSpec, name string, uses []*sharing) {
	if len(uses) < 2 || s.IsApart(name) {
		return
	}
	var front []*sharing
	var found []*conflict
	of := map[*sharing][]*conflict{} // by the earlier use
	for _, u := range uses {
		for _, o := range front {
			if o.task == u.task || !u.conflicts(o) || o.task.Exclusive(u.task) || s.Before(o.task, u.task) || s.Before(u.task, o.task) {
				continue
			}
			alike := of[o][max(0, len(of[o])-maxAlike):]
			if i := slices.IndexFunc(alike, func(c *conflict) bool { return s.Before(c.later.task, u.task) }); i >= 0 {
				alike[i].after = append(alike[i].after, u)
				continue
			}
			c := &conflict{earlier: o, later: u}
			found, of[o] = append(found, c), append(of[o], c)
			break
		}
		keep := front[:0]
		for _, o := range front {
			// What runs after u runs after o too, so o need not be kept.
			if !(s.Before(o.task, u.task) && u.known && u.writes && covers(u.sub, o.sub)) {
				keep = append(keep, o)
			}
		}
		if front = append(keep, u); len(front) > maxFront {
			front = front[1:]
			s.Entry().LeaveOut("more than "+phrase.Itoa(maxFront)+" tasks of "+s.Label+" may use workspace "+phrase.Quote(name)+" at the same time; not all of them have been compared",
				"order the tasks, or use several workspaces")
		}
	}
	for _, c := range found {
		reportUnordered(p, name, c)
	}
}

func reportUnordered(p *rule.Pass, name string, c *conflict) {
	later, earlier := c.later, c.earlier
	if later.task.Finally == earlier.task.Finally && later.task.Index < earlier.task.Index {
		later, earlier = earlier, later
	}
	help := "add runAfter, set a different subPath for each, or, if both tasks only read it, declare the workspace readOnly in both Tasks"
	if later.task.Finally {
		help = "set a different subPath for each, or merge the tasks; tasks in finally have no order"
	}
	related := []diag.Related{earlier.spot.Related(earlier.task.Label + " uses it too")}
	for _, u := range c.after {
		related = append(related, u.spot.Related(u.task.Label+", which runs after "+c.later.task.Label+", uses it at the same time too"))
	}
	p.Warning(later.spot, name, later.task.Label+" and "+earlier.task.Label+" share workspace "+phrase.Quote(name)+" and may run at the same time, so one may read files that the other is still writing",
		help, related...)
}

// overlap reports whether two cleaned sub-paths share a directory. Sub-paths with
// variables overlap only if they are equal.
func overlap(a, b string) bool { return covers(a, b) || covers(b, a) }

// covers reports whether b is a or is inside a.
func covers(a, b string) bool {
	return a == "" || a == b || len(b) > len(a) && b[len(a)] == '/' && b[:len(a)] == a && !tekref.Contains(b)
}

// cleanSub returns a sub-path in the form in which equal ones are written the same: empty
// for the whole workspace. One with variables is left as it is.
func cleanSub(sub string) string {
	if tekref.Contains(sub) {
		return sub
	}
	return strings.TrimSuffix(path.Clean("/"+sub), "/")
}

package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/tekref"
)

// SkippedWith reports whether the when expressions of a task skip it whenever those
// of the other skip that one: each of the other's follows from one of its own.
func (t *PipelineTask) SkippedWith(other *PipelineTask) bool {
	for i := range other.When {
		if !slices.ContainsFunc(t.When, func(w v1.WhenExpression) bool { return implies(&w, &other.When[i]) }) {
			return false
		}
	}
	return true
}

// SkipsItself reports whether a when expression of the task may be false because it
// reads a result that is missing: Tekton compares the variable itself, which is not
// among the values. With notin, such an expression is true.
func (t *PipelineTask) SkipsItself() bool {
	return slices.ContainsFunc(t.When, func(w v1.WhenExpression) bool {
		text := strings.Join(append([]string{w.Input}, w.Values...), " ")
		return w.CEL != "" || strings.Contains(text, "$(tasks.") && (w.Operator != selection.NotIn || !strings.Contains(w.Input, "$(tasks."))
	})
}

// implies reports whether b is true whenever a is.
func implies(a, b *v1.WhenExpression) bool {
	if a.CEL == b.CEL && a.Input == b.Input && a.Operator == b.Operator && slices.Equal(a.Values, b.Values) {
		return true
	}
	a, b = turned(a, b)
	if !sameInput(a, b) {
		return false
	}
	switch in := func(w *v1.WhenExpression) bool { return w.Operator == selection.In }; {
	case in(a) && in(b):
		return subset(a.Values, b.Values)
	case in(a):
		return known(a, b) && disjoint(a.Values, b.Values)
	case !in(b):
		return subset(b.Values, a.Values)
	}
	return false
}

// Exclusive reports whether the when expressions of two tasks never let both run: they
// compare the same input with values that exclude each other. A task that reads a
// result is skipped with the task that has it, so the when expressions of that one
// count as well.
func (t *PipelineTask) Exclusive(other *PipelineTask) bool {
	t.Spot.Entry.set.asked(Order)
	if t == other {
		return false
	}
	mine, theirs := t.guards(), other.guards()
	for i := range mine {
		for j := range theirs {
			if t.excludes(&mine[i], &theirs[j]) {
				return true
			}
		}
	}
	return false
}

// RunsWithout reports whether a task that runs after another one runs even if the when
// expressions of that one skip it: Tekton skips those that read its results, those that run
// after these, and those whose own when expressions are false as well.
func (t *PipelineTask) RunsWithout(other *PipelineTask) bool {
	t.Spot.Entry.set.asked(Order)
	if len(other.When) == 0 {
		return false
	}
	readers, all := t.Pipeline.readersOf(other)
	if !all {
		return false
	}
	for _, r := range readers {
		if r == t || t.Pipeline.Before(r, t) {
			return false
		}
	}
	need, all := t.needs()
	for i := range other.When {
		if !slices.ContainsFunc(need, func(w v1.WhenExpression) bool { return implies(&w, &other.When[i]) }) {
			return all
		}
	}
	return false
}

// needs returns the when expressions without which the task does not run, also those of
// tasks whose results it reads; false if there are more.
func (t *PipelineTask) needs() ([]v1.WhenExpression, bool) {
	var out []v1.WhenExpression
	seen := []*PipelineTask{t}
	for i := 0; i < len(seen); i++ {
		if out = append(out, seen[i].When...); len(out) > maxGuards || len(seen) > maxGuards {
			return out, false
		}
		for _, r := range seen[i].ResultReads() {
			if r.Waits && !slices.Contains(seen, r.Owner) {
				seen = append(seen, r.Owner)
			}
		}
	}
	return out, true
}

// readersOf returns the tasks that read results of a task; false if there are more.
func (p *PipelineSpec) readersOf(owner *PipelineTask) ([]*PipelineTask, bool) {
	if p.readers == nil {
		p.readers = map[*PipelineTask][]*PipelineTask{}
		for _, t := range p.Tasks {
			for _, r := range t.ResultReads() {
				if !t.Finally && len(r.Owner.When) > 0 && len(p.readers[r.Owner]) <= maxGuards && !endsWith(p.readers[r.Owner], t) {
					p.readers[r.Owner] = append(p.readers[r.Owner], t)
				}
			}
		}
	}
	return p.readers[owner], len(p.readers[owner]) <= maxGuards
}

// maxGuards limits the number of when expressions that [PipelineTask.Exclusive]
// compares. With more, two tasks may not be known to exclude each other, so that no
// finding is lost.
const maxGuards = 16

// guards returns the when expressions without which the task does not run.
func (t *PipelineTask) guards() []v1.WhenExpression {
	if t.guardsDone {
		return t.guardList
	}
	t.guardsDone = true
	seen := []*PipelineTask{t}
	for i := 0; i < len(seen) && len(seen) <= maxGuards; i++ {
		for _, w := range seen[i].When {
			if w.CEL == "" && len(t.guardList) < maxGuards {
				t.guardList = append(t.guardList, w)
			}
		}
		if seen[i].OnError == v1.PipelineTaskContinue {
			continue
		}
		for _, r := range seen[i].ResultReads() {
			if r.Waits && len(seen) <= maxGuards && !slices.Contains(seen, r.Owner) {
				seen = append(seen, r.Owner)
			}
		}
	}
	return t.guardList
}

// excludes reports whether two when expressions are never both true.
func (t *PipelineTask) excludes(a, b *v1.WhenExpression) bool {
	a, b = turned(a, b)
	if !sameInput(a, b) {
		return false
	}
	switch in := func(w *v1.WhenExpression) bool { return w.Operator == selection.In }; {
	case in(a) && in(b):
		return known(a, b) && disjoint(a.Values, b.Values)
	case in(a):
		return subset(a.Values, b.Values)
	case in(b):
		return subset(b.Values, a.Values)
	}
	input := t.WhenInput(a)
	return len(input.Values) > 0 && subset(input.Values, slices.Concat(a.Values, b.Values))
}

// sameInput reports whether two when expressions compare the same input. The same
// variable has the same value in both.
func sameInput(a, b *v1.WhenExpression) bool {
	fine := func(w *v1.WhenExpression) bool {
		return w.CEL == "" && (w.Operator == selection.In || w.Operator == selection.NotIn) && len(w.Values) > 0
	}
	return a.Input == b.Input && a.Input != "" && fine(a) && fine(b)
}

// known reports whether the values of two when expressions are known.
func known(a, b *v1.WhenExpression) bool {
	return !slices.ContainsFunc(a.Values, tekref.Contains) && !slices.ContainsFunc(b.Values, tekref.Contains)
}

// turned returns two when expressions, of which one may be turned around so that both
// have the same input: "x" in [$(params.a)] is $(params.a) in ["x"].
func turned(a, b *v1.WhenExpression) (*v1.WhenExpression, *v1.WhenExpression) {
	turn := func(w *v1.WhenExpression, input string) *v1.WhenExpression {
		if len(w.Values) != 1 || w.Values[0] != input || w.Input == "" || tekref.Contains(w.Input) {
			return w
		}
		if v, ok := Alone(input); !ok || v.Star {
			return w // it may be several values
		}
		return &v1.WhenExpression{Input: input, Operator: w.Operator, Values: []string{w.Input}}
	}
	if a.Input == b.Input {
		return a, b
	}
	return turn(a, b.Input), turn(b, a.Input)
}

func subset(a, b []string) bool {
	in := Among(b)
	return !slices.ContainsFunc(a, func(v string) bool { return !in(v) })
}

func disjoint(a, b []string) bool {
	return !slices.ContainsFunc(a, Among(b))
}

// endsWith reports whether a task is the last one of a list.
func endsWith(list []*PipelineTask, t *PipelineTask) bool {
	return len(list) > 0 && list[len(list)-1] == t
}

// maxFollowers limits the number of tasks that [PipelineSpec.SkippedAfter] visits. A
// message lists fewer.
const maxFollowers = 16

// SkippedAfter returns the tasks that are skipped because a task is skipped for
// another reason than its own when expressions: those that run after it, directly or
// indirectly, except those of which lets reports true. It returns at most a few.
func (p *PipelineSpec) SkippedAfter(t *PipelineTask, lets func(*PipelineTask) bool) []*PipelineTask {
	p.Set().asked(Order)
	if p.followers == nil {
		p.followers = map[*PipelineTask][]*PipelineTask{}
		for _, next := range p.Tasks {
			if next.Finally {
				continue
			}
			for _, name := range slices.Concat(next.Producers(), next.RunAfter) {
				if before := p.byName[name]; before != nil && before != next && !before.Finally && !endsWith(p.followers[before], next) {
					p.followers[before] = append(p.followers[before], next)
				}
			}
		}
	}
	out := []*PipelineTask{t}
	for i := 0; i < len(out) && len(out) <= maxFollowers; i++ {
		for _, next := range p.followers[out[i]] {
			if len(out) <= maxFollowers && !slices.Contains(out, next) && !lets(next) {
				out = append(out, next)
			}
		}
	}
	return out[1:]
}

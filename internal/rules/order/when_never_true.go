package order

import (
	_ "embed"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed when-never-true.md
var whenNeverTrueText string

var whenNeverTrue = &rule.Rule{
	Code:     "when-never-true",
	Severity: diag.Warning,
	Topic:    "order",
	Text:     whenNeverTrueText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Order, rule.Results, rule.Scripts, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if len(t.When) > 0 {
					unreachableTask(p, t)
				}
			}
		}
		for _, t := range p.Entry.TaskSpecs() {
			for i := range t.Spec.Steps {
				when := t.Spec.Steps[i].When
				for j := range when {
					if in := t.WhenInput(&when[j]); in.Excludes(&when[j]) {
						deadWhen(p, t.Spot.Index("steps", i).Index("when", j), &when[j], t.Steps()[i].Label, &in)
						break
					}
				}
			}
		}
	},
}

// unreachableTask reports the first reason for which a task never runs.
func unreachableTask(p *rule.Pass, t *facts.PipelineTask) {
	if i := t.DeadWhen(); i >= 0 {
		in := t.WhenInput(&t.When[i])
		deadWhen(p, t.Spot.Index("when", i), &t.When[i], t.Label, &in)
		return
	}
	if againstItself(p, t) {
		return
	}
	for _, name := range t.Producers() {
		if owner := t.Pipeline.Task(name); owner != nil && owner != t && (behindFailure(p, t, owner) || againstProducer(p, t, owner)) {
			return
		}
	}
	afterFailure(p, t)
}

// deadWhen reports a when expression that no possible value of its input makes true.
func deadWhen(p *rule.Pass, s facts.Spot, w *v1.WhenExpression, label string, in *facts.WhenInput) {
	never := label + " never runs: "
	help := "remove the when expression, or " + label
	if w.Operator == selection.In && len(in.Values) > 1 {
		help = phrase.OneOf(w.Values[0], in.Values)
	}
	var related []diag.Related
	if in.From.IsValid() {
		related = append(related, in.From.Related(source(in)))
	}
	for _, v := range in.Values {
		if w.Operator == selection.In && strings.HasSuffix(v, "\n") && slices.Contains(w.Values, strings.TrimSuffix(v, "\n")) {
			p.Warning(s, w.Input, never+"the result that this when expression reads is "+phrase.Quote(v)+", with a newline at its end", "write the result with printf or echo -n", related...)
			return
		}
	}
	what := "the input of this when expression is always "
	if len(in.Values) > 1 {
		what = "the input of this when expression can only be "
	}
	if w.Operator == selection.NotIn {
		p.Warning(s, w.Input, never+"this when expression excludes every possible value of its input ("+phrase.AllOf(in.Values)+")", help, related...)
		return
	}
	p.Warning(s, w.Input, never+what+phrase.AnyOf(in.Values), help, related...)
}

// source describes where the values of an input come from.
func source(in *facts.WhenInput) string {
	switch in.Source {
	case facts.EnumOfParam:
		return "the values of param " + phrase.Quote(in.Param.Name)
	case facts.BoundWorkspace:
		return "the workspace is not optional"
	case facts.WrittenResult:
		return "where the result is written"
	}
	return ""
}

// againstItself reports when expressions of one task that exclude each other.
func againstItself(p *rule.Pass, t *facts.PipelineTask) bool {
	if len(t.When) < 2 {
		return false
	}
	own := remainders{}
	for i := range t.When {
		s := t.Spot.Index("when", i)
		if first, ok := own.add(&t.When[i], s); !ok {
			p.Warning(s, t.Name, t.Label+" never runs: no value of "+t.When[i].Input+" satisfies both this when expression and another one",
				"remove one of the when expressions, or split the task", first.Related("the other when expression"))
			return true
		}
	}
	return false
}

// againstProducer reports when expressions that exclude those of a task whose result
// the task reads. The task is skipped if that one is.
func againstProducer(p *rule.Pass, t, owner *facts.PipelineTask) bool {
	if len(owner.When) == 0 {
		return false
	}
	both := remainders{}
	for i := range owner.When {
		both.add(&owner.When[i], owner.Spot.Index("when", i))
	}
	for i := range t.When {
		s := t.Spot.Index("when", i)
		if first, ok := both.add(&t.When[i], s); !ok {
			p.Warning(s, t.Name, t.Label+" never runs: it reads a result of "+owner.Label+", whose when expressions are true only if this one is false",
				"remove the when expression, or read the result of another task", first.Related("the when expression of "+owner.Label))
			return true
		}
	}
	return false
}

// remainders are the values that when expressions allow for each input.
type remainders map[string]*remainder

type remainder struct {
	any    bool // no in yet
	values []string
	not    []string
	spot   facts.Spot // of the first when expression
}

// add adds a when expression. It returns the place of the first one for the same input,
// and reports whether a value is left.
func (r remainders) add(w *v1.WhenExpression, s facts.Spot) (facts.Spot, bool) {
	if w.CEL != "" || !tekref.Contains(w.Input) || len(w.Values) == 0 || slices.ContainsFunc(w.Values, tekref.Contains) {
		return facts.Spot{}, true
	}
	left := r[w.Input]
	if left == nil {
		left = &remainder{any: true, spot: s}
		r[w.Input] = left
	}
	switch {
	case w.Operator == selection.NotIn:
		left.not = append(left.not, w.Values...)
	case left.any:
		left.any, left.values = false, w.Values
	default:
		listed := facts.Among(w.Values)
		left.values = slices.DeleteFunc(slices.Clone(left.values), func(v string) bool { return !listed(v) })
	}
	if left.any {
		return left.spot, true
	}
	not := facts.Among(left.not)
	return left.spot, slices.ContainsFunc(left.values, func(v string) bool { return !not(v) })
}

// behindFailure reports a task of finally that handles the failure of one task, and
// reads a result of another one that runs later, and so has not run.
func behindFailure(p *rule.Pass, t, owner *facts.PipelineTask) bool {
	if !t.Finally {
		return false
	}
	for i := range t.When {
		w := &t.When[i]
		v, ok := facts.Alone(w.Input)
		if !ok || v.Kind != tekref.TaskStatus || v.Name != "status" || w.Operator != selection.In || len(w.Values) == 0 ||
			slices.ContainsFunc(w.Values, func(v string) bool { return v != "Failed" }) {
			continue
		}
		failed := t.Pipeline.Task(v.Owner)
		if failed == nil || failed == owner || failed.OnError == v1.PipelineTaskContinue || !t.Pipeline.Graph().Reaches(failed.Name, owner.Name) {
			continue
		}
		p.Warning(t.Spot.Index("when", i), t.Name,
			t.Label+" never runs: it reads a result of "+owner.Label+", which does not run if "+failed.Label+" fails",
			"read the result of a task that runs before "+failed.Label+", or remove the variable", owner.Spot.Related("task "+phrase.Quote(owner.Name)))
		return true
	}
	return false
}

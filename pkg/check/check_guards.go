package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/pkg/diag"
)

// guards warns of tasks that never run since their guard cannot hold.
func (p *pipelineCheck) guards() {
	for _, t := range p.tasks {
		if len(t.When) == 0 || p.guardsOf(t) {
			continue
		}
		p.afterFailure(t)
	}
}

// stepGuards does so for steps.
func (t *taskCheck) stepGuards(s spot, step *v1.Step) {
	for i := range step.When {
		w, in := &step.When[i], guardInput{}
		if r, ok := isolated(w.Input); ok && r.kind == refParam && r.fault == "" {
			in = enumValues(t.params, r)
		} else if !holdsReference(w.Input) {
			in = guardInput{values: []string{w.Input}, literal: true}
		}
		if t.deadGuard(s.index("when", i), w, stepLabel(s, step.Name), in) {
			return
		}
		t.repeatedValues(s.index("when", i), w)
	}
}

// guardsOf looks at the guards of one task, and reports whether it found
// something.
func (p *pipelineCheck) guardsOf(t *pipelineTask) bool {
	for i := range t.When {
		in := p.guardValues(t.When[i].Input, t.finally)
		if p.deadGuard(t.spot.index("when", i), &t.When[i], t.label, in) {
			return true
		}
	}
	for i := range t.When {
		p.repeatedValues(t.spot.index("when", i), &t.When[i])
	}
	own := guardSets{}
	for i := range t.When {
		s := t.spot.index("when", i)
		if first, ok := own.add(&t.When[i], s); !ok {
			p.warn(s, "guard-unreachable", t.Name, t.label+" never runs: no value of "+q(t.When[i].Input)+" fits both this guard and another one of the task",
				"drop one of them, or make two tasks", first.related("the other guard"))
			return true
		}
	}
	for _, name := range t.producers() {
		owner := p.byName[name]
		if owner == nil || owner == t {
			continue
		}
		if p.behindFailure(t, owner) {
			return true
		}
		if len(owner.When) == 0 {
			continue
		}
		both := guardSets{}
		for i := range owner.When {
			both.add(&owner.When[i], owner.spot.index("when", i))
		}
		for i := range t.When {
			if first, ok := both.add(&t.When[i], t.spot.index("when", i)); !ok {
				p.warn(t.spot.index("when", i), "guard-unreachable", t.Name, t.label+" never runs: it reads a result of "+owner.label+", whose guard holds only when this one does not",
					"drop the guard, or read the result of another task", first.related("the guard of "+owner.label))
				return true
			}
		}
	}
	return false
}

// deadGuard warns of a guard whose input can have none of the values it asks
// for.
func (c *checker) deadGuard(s spot, w *v1.WhenExpression, label string, in guardInput) bool {
	if w.CEL != "" || len(w.Values) == 0 || w.Operator != selection.In && w.Operator != selection.NotIn {
		return false
	}
	if len(in.values) == 0 || slices.ContainsFunc(w.Values, holdsReference) {
		return false
	}
	for _, v := range in.values {
		if slices.Contains(w.Values, v) == (w.Operator == selection.In) {
			return false
		}
	}
	help := "drop the guard, or " + label
	if w.Operator == selection.In && len(in.values) > 1 {
		help = oneOf(w.Values[0], in.values)
	}
	var related []diag.Related
	if in.from.entry != nil {
		related = append(related, in.from.related(in.why))
	}
	for _, v := range in.values {
		if w.Operator == selection.In && strings.HasSuffix(v, "\n") && slices.Contains(w.Values, strings.TrimSuffix(v, "\n")) {
			c.warn(s, "guard-unreachable", w.Input, "this guard never holds, so that "+label+" never runs: the result is "+q(v)+", with a line break at its end",
				"write the result with printf or echo -n", related...)
			return true
		}
	}
	what := "the input is always "
	if len(in.values) > 1 {
		what = "the input can only be "
	}
	if w.Operator == selection.NotIn {
		what = "it lists all that the input can be: "
	}
	c.warn(s, "guard-unreachable", w.Input, "this guard never holds, so that "+label+" never runs: "+what+listed(in.values), help, related...)
	return true
}

// listed lists values in a sentence.
func listed(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = q(v)
	}
	if n := len(out); n > 1 {
		return strings.Join(out[:n-1], ", ") + " or " + out[n-1]
	}
	return strings.Join(out, "")
}

// repeatedValues warns of a value that a guard lists twice.
func (c *checker) repeatedValues(s spot, w *v1.WhenExpression) {
	for i, v := range w.Values {
		if j := slices.Index(w.Values[:min(i, 256)], v); j >= 0 {
			c.warn(s.index("values", i), "guard-duplicate", v, "the guard lists "+q(v)+" twice", "drop one, or write the value that was meant", s.index("values", j).related("the first one"))
			return
		}
	}
}

// guardInput is what is known of the input of a guard.
type guardInput struct {
	values  []string // all that it can be; nil where that is not known
	literal bool     // it is no reference
	from    spot     // where the values come from, if that is elsewhere
	why     string
}

// guardValues are the values that the input of a guard can have.
func (p *pipelineCheck) guardValues(input string, finally bool) guardInput {
	if !holdsReference(input) {
		return guardInput{values: []string{input}, literal: true}
	}
	r, ok := isolated(input)
	if !ok || r.fault != "" {
		return guardInput{}
	}
	switch r.kind {
	case refParam:
		return enumValues(p.params, r)
	case refWorkspace:
		if r.name != "bound" {
			return guardInput{}
		}
		for i := range p.spec.Workspaces {
			if ws := &p.spec.Workspaces[i]; ws.Name == r.owner && !ws.Optional {
				return guardInput{values: []string{"true"}, from: p.spot.index("workspaces", i), why: "the workspace is not optional"}
			}
		}
		return guardInput{values: []string{"true", "false"}}
	case refTaskStatus:
		if finally && r.name == "status" {
			return guardInput{values: []string{"Succeeded", "Failed", "None"}}
		}
	case refTasksStatus:
		if finally {
			return guardInput{values: []string{"Succeeded", "Failed", "Completed", "None"}}
		}
	case refTaskResult:
		return p.writtenValues(r)
	}
	return guardInput{}
}

// enumValues are the values that a param with an enum can have.
func enumValues(ps *paramScope, r reference) guardInput {
	if d := ps.find(r.name); d != nil && r.whole() && len(d.Enum) > 0 {
		return guardInput{values: d.Enum, from: d.spot.field("enum"), why: "the values of param " + q(d.Name)}
	}
	return guardInput{}
}

// writtenValues are the values of a result whose Task writes nothing but
// texts that stand in its script.
func (p *pipelineCheck) writtenValues(r reference) guardInput {
	owner := p.byName[r.owner]
	if owner == nil || owner.def.spec == nil || owner.IsMatrixed() || !r.whole() {
		return guardInput{}
	}
	if result := owner.def.results[r.name]; result == nil || resultType(result.Type, result.Properties) != v1.ParamTypeString {
		return guardInput{}
	}
	writes := owner.writesOf(r.name)
	if len(writes) == 0 {
		return guardInput{}
	}
	in := guardInput{from: writes[0].spot, why: "where the result is written"}
	for i := range writes {
		value, known := writes[i].value()
		if !known {
			return guardInput{}
		}
		if !slices.Contains(in.values, value) {
			in.values = append(in.values, value)
		}
	}
	return in
}

// value is what a place writes, if that is known: $? is 0 where any failure
// ends the script.
func (w *resultWrite) value() (string, bool) {
	if !strings.Contains(w.literal, "$?") {
		return w.literal, w.known
	}
	i := w.first - 1
	for i >= 0 && w.script[i].sub {
		i--
	}
	c := &w.script[w.first]
	if !w.known || !w.errexit || i < 0 || c.branch || c.joined || !w.script[i].fatal() || w.script[i].joined || w.script[i].nest != c.from {
		return "", false
	}
	return strings.ReplaceAll(w.literal, "$?", "0"), true
}

// producers are the tasks whose results it reads where Tekton waits for them.
func (t *pipelineTask) producers() []string {
	names := map[string]bool{}
	for r := range t.resolved {
		names[r[0]] = true
	}
	return sortedKeys(names)
}

// guardSets are the values that guards leave to each input.
type guardSets map[string]*guardSet

type guardSet struct {
	any    bool // no guard with in yet
	values []string
	not    []string
	spot   spot // of the first guard
}

// add adds a guard. It reports false, and the first guard of that input, if no
// value is left.
func (g guardSets) add(w *v1.WhenExpression, s spot) (spot, bool) {
	if w.CEL != "" || !holdsReference(w.Input) || len(w.Values) == 0 || slices.ContainsFunc(w.Values, holdsReference) {
		return spot{}, true
	}
	set := g[w.Input]
	if set == nil {
		set = &guardSet{any: true, spot: s}
		g[w.Input] = set
	}
	switch {
	case w.Operator == selection.NotIn:
		set.not = append(set.not, w.Values...)
	case set.any:
		set.any, set.values = false, w.Values
	default:
		set.values = slices.DeleteFunc(slices.Clone(set.values), func(v string) bool { return !slices.Contains(w.Values, v) })
	}
	if set.any {
		return set.spot, true
	}
	for _, v := range set.values {
		if !slices.Contains(set.not, v) {
			return set.spot, true
		}
	}
	return set.spot, false
}

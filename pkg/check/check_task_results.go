package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// resultDeclarations checks the declared results of a Task spec.
func (t *taskCheck) resultDeclarations() {
	results := t.spec.Results
	t.duplicates(t.spot, "results", "result", diag.Warning, namesOf(results, func(r *v1.TaskResult) string { return r.Name }))
	for i := range results {
		r, s := &results[i], t.spot.index("results", i)
		t.resultDeclaration(s, r.Name, string(r.Type), r.Properties)
		if r.Value == nil {
			continue
		}
		if kind := valueKind(r.Value); kind != v1.ParamTypeString {
			t.fail(s.field("value"), "result-type", r.Name, "the value of result "+q(r.Name)+" is "+article(kind)+", but it must be a reference to a result of a step",
				"write $(steps.STEP.results.RESULT)")
			continue
		}
		if r.Value.StringVal == "" {
			continue
		}
		if ref, ok := isolated(r.Value.StringVal); !ok || ref.kind != refStepResult {
			t.fail(s.field("value"), "result-type", r.Name, "the value of result "+q(r.Name)+" must be a reference to a result of a step, and nothing else",
				"write $(steps.STEP.results.RESULT)")
		}
	}
}

func (c *checker) resultDeclaration(s spot, name, typ string, properties map[string]v1.PropertySpec) {
	c.resultName(s.field("name"), name)
	switch resultType(v1.ResultsType(typ), properties) {
	case v1.ParamTypeString, v1.ParamTypeArray:
	case v1.ParamTypeObject:
		if properties == nil {
			c.fail(s.field("properties"), "key-missing", name, "object result "+q(name)+" declares no keys", "list its keys under properties")
		}
		for _, k := range sortedKeys(properties) {
			if kt := properties[k].Type; kt != "" && kt != v1.ParamTypeString {
				c.fail(s.at(key(field(s.path, "properties"), k)+".type"), "result-type", k,
					"key "+q(k)+" of result "+q(name)+" is "+article(kt)+", but a key of an object holds a string", "make it a string")
			}
		}
	default:
		c.fail(s.field("type"), "result-type", name, "result "+q(name)+" has the unknown type "+q(typ),
			suggest(typ, []string{"string", "array", "object"}, "the types are string, array and object"))
	}
}

// stepResults checks the declared results of a step or a StepAction.
func (c *checker) stepResults(s spot, results []v1.StepResult, action bool) {
	c.duplicates(s, "results", "result", diag.Warning, namesOf(results, func(r *v1.StepResult) string { return r.Name }))
	for i := range results {
		r := &results[i]
		c.resultDeclaration(s.index("results", i), r.Name, string(r.Type), r.Properties)
		for _, k := range sortedKeys(r.Properties) {
			if r.Properties[k].Type == "" && r.Type == v1.ResultsTypeObject && !action {
				c.fail(s.at(key(field(s.index("results", i).path, "properties"), k)), "result-type", k,
					"key "+q(k)+" of result "+q(r.Name)+" has no type, which Tekton takes for a string everywhere but in steps", "write type: string")
			}
		}
	}
}

// resultPath checks $(results.R.path).
func (t *taskCheck) resultPath(s spot, m match, r reference) {
	t.usedResults[r.name] = true
	if t.action {
		for i := range t.step0.Results {
			if t.step0.Results[i].Name == r.name {
				t.warn(s, "reference-scope", r.expr, m.String()+" names a result of the Task, not of this StepAction: it stays as it is unless the Task has one of that name",
					"write $(step."+r.expr+")")
				return
			}
		}
	}
	for i := range t.spec.Results {
		if t.spec.Results[i].Name == r.name {
			return
		}
	}
	names := namesOf(t.spec.Results, func(r *v1.TaskResult) string { return r.Name })
	if near := nearest(r.name, names); near != "" {
		t.usedResults[near] = true // so that one typo makes one finding
	}
	if m.escaped || t.again(t.seen, "result-unknown "+r.name, s) {
		return
	}
	t.fail(s, "result-unknown", r.name, m.String()+" names no result of "+t.label+", and stays as it is",
		suggest(r.name, namesOf(t.spec.Results, func(r *v1.TaskResult) string { return r.Name }), "declare result "+q(r.name)+" in "+t.label))
}

// stepResultPath checks $(step.results.R.path), which is the step's own.
func (t *taskCheck) stepResultPath(s spot, tx text, m match, r reference) {
	var results []v1.StepResult
	owner := t.label
	if t.action {
		results = t.step0.Results
	} else {
		i := t.stepIndex(tx.path)
		if i < 0 {
			t.scopeError(s, m, r, strings.SplitN(tx.field, ".", 2)[0], "it belongs into a step that declares the result")
			return
		}
		results, owner = t.spec.Steps[i].Results, stepLabel(t.spot.index("steps", i), t.spec.Steps[i].Name)
	}
	for i := range results {
		if results[i].Name == r.name {
			return
		}
	}
	if m.escaped {
		return
	}
	t.fail(s, "result-unknown", r.name, m.String()+" names no result of "+owner+", and stays as it is",
		suggest(r.name, namesOf(results, func(r *v1.StepResult) string { return r.Name }), "declare result "+q(r.name)+" in "+owner))
}

// stepResult checks $(steps.S.results.R): of an earlier step, in a field where
// the entrypoint replaces it.
func (t *taskCheck) stepResult(s spot, tx text, m match, r reference, isolated bool) {
	switch f := strings.TrimPrefix(tx.field, "steps."); {
	case tx.field == "results.value":
	case f == "command" || f == "args" || f == "env.value" || f == "params.value" || strings.HasPrefix(f, "when."):
	default:
		t.fail(s, "reference-scope", r.expr, m.String()+" is replaced only in env, command, args and when of a step", "pass it through env")
		return
	}
	if t.action {
		return // the steps around a StepAction are not known
	}
	here := t.stepIndex(tx.path)
	target := -1
	var names []string
	for i := range t.spec.Steps {
		names = append(names, t.spec.Steps[i].Name)
		if t.spec.Steps[i].Name == r.owner {
			target = i
		}
	}
	switch {
	case target < 0:
		if !m.escaped {
			t.fail(s, "step-unknown", r.owner, m.String()+" names no step of "+t.label, suggest(r.owner, names, "name the step whose result it is"))
		}
		return
	case here >= 0 && target >= here:
		t.fail(s, "step-order", r.owner, m.String()+" reads a result of a step that has not run yet", "move step "+q(r.owner)+" up",
			t.spot.index("steps", target).related("step "+q(r.owner)+" comes later"))
		return
	}
	results, known := t.resultsOfStep(target)
	if !known {
		return
	}
	for i := range results {
		if results[i].Name == r.name {
			t.stepResultForm(s, m, r, &results[i])
			return
		}
	}
	t.fail(s, "result-unknown", r.name, m.String()+" names no result of step "+q(r.owner),
		suggest(r.name, namesOf(results, func(r *v1.StepResult) string { return r.Name }), "declare result "+q(r.name)+" in the step"),
		t.spot.index("steps", target).related("step "+q(r.owner)))
}

// resultsOfStep returns what a step declares, be it through its StepAction.
func (t *taskCheck) resultsOfStep(i int) ([]v1.StepResult, bool) {
	step := &t.spec.Steps[i]
	if step.Ref == nil {
		return step.Results, true
	}
	if action := t.actionOf(t.entry(), step); action != nil {
		return action.Results, true
	}
	return nil, false
}

func (t *taskCheck) entry() *entry { return t.spot.entry }

func (c *checker) stepResultForm(s spot, m match, r reference, result *v1.StepResult) {
	typ := resultType(result.Type, result.Properties)
	switch {
	case typ != v1.ParamTypeArray && (r.index >= 0 || r.star && typ == v1.ParamTypeString):
		c.fail(s, "result-type", r.name, m.String()+" takes an item of result "+q(r.name)+", which is "+article(typ), "")
	case typ != v1.ParamTypeObject && r.key != "":
		c.fail(s, "result-type", r.name, m.String()+" takes a key of result "+q(r.name)+", which is "+article(typ), "")
	case r.key != "" && result.Properties != nil:
		if _, ok := result.Properties[r.key]; !ok {
			c.fail(s, "key-unknown", r.key, m.String()+" takes key "+q(r.key)+", which result "+q(r.name)+" does not have", oneOf(r.key, sortedKeys(result.Properties)))
		}
	}
}

// stepExit checks $(steps.step-S.exitCode.path).
func (t *taskCheck) stepExit(s spot, m match, r reference) {
	if t.action || m.escaped {
		return
	}
	var names []string
	for i := range t.spec.Steps {
		name := "step-" + t.spec.Steps[i].Name
		if t.spec.Steps[i].Name == "" {
			name = "step-unnamed-" + itoa(i)
		}
		if name == r.owner {
			return
		}
		if t.spec.Steps[i].Name == r.owner {
			t.fail(s, "reference-syntax", r.expr, m.String()+" stays as it is: here a step is named by its container", "write $(steps.step-"+r.owner+".exitCode.path)")
			return
		}
		names = append(names, name)
	}
	t.fail(s, "step-unknown", r.owner, m.String()+" names no step of "+t.label, suggest(r.owner, names, "name the step whose exit code it is"))
}

// resultsUnwritten warns of results that no step can have written: row 32.
func (t *taskCheck) resultsUnwritten() {
	var left []int
	for i := range t.spec.Results {
		if r := &t.spec.Results[i]; !t.usedResults[r.Name] && (r.Value == nil || r.Value.StringVal == "") {
			left = append(left, i)
		}
	}
	if len(left) == 0 {
		return
	}
	for i := range t.spec.Steps {
		if t.spec.Steps[i].Ref != nil {
			return // a StepAction may write it
		}
	}
	if t.mentions("/tekton/results") || t.mentions("$(results.") && t.usedResults[""] {
		return
	}
	var also []diag.Related
	for _, i := range left[1:] {
		also = append(also, t.spot.index("results", i).related("nor result "+q(t.spec.Results[i].Name)))
	}
	name := t.spec.Results[left[0]].Name
	t.warn(t.spot.index("results", left[0]), "result-unwritten", name, "no step of "+t.label+" writes result "+q(name)+": who reads it fails",
		"write it to $(results."+name+".path), or drop it", also...)
}

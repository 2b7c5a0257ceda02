package results

import (
	_ "embed"
	"maps"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed result-type.md
var resultTypeText string

var resultType = &rule.Rule{
	Code:     "result-type",
	Severity: diag.Error,
	Topic:    "results",
	Text:     resultTypeText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			resultDeclarations(p, t)
			uses := t.StepUses()
			for i := range uses {
				stepResultForm(p, &uses[i])
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			uses := s.TaskUses()
			for i := range uses {
				taskResultForm(p, &uses[i])
			}
			if len(s.Spec.Results) > 0 {
				pipelineResultTypes(p, s)
			}
		}
	},
}

// resultDeclarations checks the types and values of the results that a Task spec
// declares.
func resultDeclarations(p *rule.Pass, t *facts.TaskSpec) {
	for i := range t.Spec.Results {
		r := &t.Spec.Results[i]
		declaredType(p, t.Spot, i, r.Name, string(r.Type), r.Properties)
		resultSource(p, t.Spot, i, r)
	}
	for i := range t.Spec.Steps {
		if results := t.Spec.Steps[i].Results; len(results) > 0 {
			stepDeclarations(p, t.Spot.Index("steps", i), results, false)
		}
	}
	if t.Action != nil {
		stepDeclarations(p, t.Spot, t.Action.Results, true)
	}
}

// stepDeclarations checks the types of the results of a step or a StepAction at s.
func stepDeclarations(p *rule.Pass, s facts.Spot, results []v1.StepResult, action bool) {
	for i := range results {
		r := &results[i]
		declaredType(p, s, i, r.Name, string(r.Type), r.Properties)
		if r.Type != v1.ResultsTypeObject || action {
			continue
		}
		for _, k := range slices.Sorted(maps.Keys(r.Properties)) {
			if r.Properties[k].Type == "" {
				p.Error(s.Index("results", i).Field("properties").Key(k), k,
					"key "+phrase.Quote(k)+" of result "+phrase.Quote(r.Name)+" has no type; in a step, Tekton does not default it to string", "write type: string")
			}
		}
	}
}

// declaredType checks the type of the result with index i of the value at s.
func declaredType(p *rule.Pass, s facts.Spot, i int, name, typ string, properties map[string]v1.PropertySpec) {
	switch facts.ResultType(v1.ResultsType(typ), properties) {
	case v1.ParamTypeString, v1.ParamTypeArray:
	case v1.ParamTypeObject:
		for _, k := range slices.Sorted(maps.Keys(properties)) {
			if kt := properties[k].Type; kt != "" && kt != v1.ParamTypeString {
				p.Error(s.Index("results", i).Field("properties").Key(k).Field("type"), k,
					"key "+phrase.Quote(k)+" of result "+phrase.Quote(name)+" is "+phrase.Article(kt)+", but the keys of an object must be strings", "make it a string")
			}
		}
	default:
		p.Error(s.Index("results", i).Field("type"), name, "result "+phrase.Quote(name)+" has the unknown type "+phrase.Quote(typ),
			phrase.Suggest(typ, []string{"string", "array", "object"}, "use string, array or object")).Misspelled(typ, []string{"string", "array", "object"})
	}
}

// resultSource checks the value of a Task result, which can only be a step result.
func resultSource(p *rule.Pass, s facts.Spot, i int, r *v1.TaskResult) {
	if r.Value == nil {
		return
	}
	const help = "write $(steps.STEP.results.RESULT)"
	if kind := facts.ValueKind(r.Value); kind != v1.ParamTypeString {
		p.Error(s.Index("results", i).Field("value"), r.Name,
			"the value of result "+phrase.Quote(r.Name)+" is "+phrase.Article(kind)+", but it must be a variable of a step result", help)
		return
	}
	if r.Value.StringVal == "" {
		return
	}
	if v, ok := facts.Alone(r.Value.StringVal); !ok || v.Kind != tekref.StepResult {
		p.Error(s.Index("results", i).Field("value"), r.Name,
			"the value of result "+phrase.Quote(r.Name)+" must be a single variable of a step result, with nothing around it", help)
	}
}

// stepResultForm checks that $(steps.S.results.R) matches the type of the result.
func stepResultForm(p *rule.Pass, u *facts.StepUse) {
	part := ""
	switch u.Fault {
	case facts.ItemOfStepResult:
		part = "an item"
	case facts.KeyOfStepResult:
		part = "a key"
	default:
		return
	}
	p.Error(u.Spot, u.Var.Name, u.String()+" reads "+part+" of result "+phrase.Quote(u.Var.Name)+", which is "+
		phrase.Article(facts.ResultType(u.Result.Type, u.Result.Properties)), "")
}

// taskResultForm checks that $(tasks.T.results.R) matches the type of the result, and
// the type that its field needs.
func taskResultForm(p *rule.Pass, u *facts.TaskUse) {
	result := func() string { return "result " + phrase.Quote(u.Var.Name) }
	whole := func() tekref.Variable { return tekref.TaskResultOf(u.Var.Owner, u.Var.Name) }
	fail := func(what, help string, related ...diag.Related) {
		p.Error(u.Spot, u.Var.Name, u.String()+what, help, related...)
	}
	switch u.Fault {
	case facts.NamesakeType:
		fail(" collects the results of a matrix, which must be strings, but "+phrase.Quote(u.Var.Name)+" of "+u.Namesake.Label+" is "+phrase.Article(u.Type)+
			"; Tekton confuses that task with the Task of the same name", "rename "+u.Namesake.Label, u.Namesake.Spot.Field("name").Related("the task with the name of the Task"))
	case facts.CollectedType:
		fail(" collects the results of a matrix, which must be strings, but "+phrase.Quote(u.Var.Name)+" is "+phrase.Article(u.Type), "make it a string")
	case facts.PartOfStringResult:
		help := "write " + whole().String()
		switch need := neededType(u); {
		case need == "":
		case u.Result != nil && u.Result.Type == "":
			help = "declare type: " + string(need) + " for " + result() + " of " + u.Owner.Label
		default:
			help = "change the type of " + result() + " of " + u.Owner.Label + " to " + string(need)
		}
		fail(" reads items or a key of "+result()+", which is a string", help)
	case facts.KeyOfArrayResult:
		fail(" reads a key of "+result()+", which is an array", "write "+whole().At(0).String()+" for one item")
	case facts.ArrayForString:
		fail(" is an array, but a string is needed here", "make it a list item of its own, or write "+whole().At(0).String()+" for one item")
	case facts.ItemOfObjectResult:
		fail(" reads an item of "+result()+", which is an object", oneKey(whole(), u.Result))
	case facts.ObjectForString:
		fail(" is an object, but a string is needed here", oneKey(whole(), u.Result))
	}
	if u.FirstItem() {
		p.Error(u.Spot, u.Var.Name, u.String()+" reads only the first item of the array here", "write "+u.Var.All().String())
	}
}

// neededType returns the type that a result must have for all its items or keys to be
// used where they are; "" if a string is needed there.
func neededType(u *facts.TaskUse) v1.ParamType {
	if !u.Var.Star || !u.Alone() {
		return ""
	}
	switch u.Text.Field {
	case "matrix.params.value", "when.input", "when.values":
		return v1.ParamTypeArray
	case "params.value":
		if u.Text.Item {
			return v1.ParamTypeArray
		}
		i := u.Spot.Path.At(u.Reader.Spot.Path.Len() + 1).Index
		if target := u.Reader.Runs.Params.Own(u.Reader.Params[i].Name); target != nil && target.Type != v1.ParamTypeString {
			return target.Type
		}
	}
	return ""
}

// oneKey returns the help to read one key of a result.
func oneKey(whole tekref.Variable, r *v1.TaskResult) string {
	key := "KEY"
	if keys := slices.Sorted(maps.Keys(r.Properties)); len(keys) > 0 {
		key = keys[0]
	}
	return "write " + whole.WithKey(key).String() + " for one key"
}

// pipelineResultTypes checks the declared types of pipeline results.
func pipelineResultTypes(p *rule.Pass, s *facts.PipelineSpec) {
	faulty := faultyValues(s)
	for i := range s.Spec.Results {
		r := &s.Spec.Results[i]
		if r.Type == "" || faulty[i] || !readsTask(s, i) || hasTextBefore(&r.Value) {
			continue
		}
		if got, known := facts.ValueType(&r.Value, s.TypeOf); known && got != v1.ParamType(r.Type) {
			p.Warning(s.Spot.Index("results", i).Field("type"), r.Name,
				"result "+phrase.Quote(r.Name)+" is declared as "+phrase.Article(r.Type)+", but its value is "+phrase.Article(got), "use the same type for both")
		}
	}
}

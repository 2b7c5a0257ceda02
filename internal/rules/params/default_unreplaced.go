package params

import (
	_ "embed"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed default-unreplaced.md
var defaultUnreplacedText string

// defaultUnreplaced checks the params that the default of a param refers to. Tasks,
// StepActions and pipelines each resolve defaults in their own way.
var defaultUnreplaced = &rule.Rule{
	Code:     "default-unreplaced",
	Severity: diag.Error,
	Topic:    "params",
	Text:     defaultUnreplacedText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			d := newDefaults(p, t.Params, t.Uses())
			if t.Action != nil {
				d.each(d.inStepAction)
			} else {
				d.each(d.inTask)
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			d := newDefaults(p, s.Params, s.DefaultUses())
			d.each(d.inPipeline)
		}
	},
}

// defaults are the variables for params in the defaults of a scope.
type defaults struct {
	*rule.Pass
	scope *facts.ParamScope
	uses  map[*facts.Param][]*facts.Use
	index map[*facts.Param]int
}

func newDefaults(p *rule.Pass, scope *facts.ParamScope, uses []facts.Use) *defaults {
	d := &defaults{p, scope, map[*facts.Param][]*facts.Use{}, map[*facts.Param]int{}}
	for i, param := range scope.List {
		d.index[param] = i
	}
	at := scope.Spot.Path.Len()
	for i := range uses {
		u := &uses[i]
		if u.Var.Kind != tekref.Param || u.Var.Fault != "" || u.Open || u.Escaped || !u.Spot.Path.HasPrefix(scope.Spot.Path) || u.Spot.Path.At(at+1).Name != "default" {
			continue
		}
		if n := u.Spot.Path.At(at).Index; n < len(scope.List) {
			d.uses[scope.List[n]] = append(d.uses[scope.List[n]], u)
		}
	}
	return d
}

// each calls check for each variable in a default, with the param that it refers to; nil
// if the scope does not declare it.
func (d *defaults) each(check func(of *facts.Param, u *facts.Use, to *facts.Param)) {
	for _, of := range d.scope.List {
		for _, u := range d.uses[of] {
			check(of, u, d.scope.Own(u.Var.Name))
		}
	}
}

const useDirectly = "use the other param where this one is used"

// bracket reports a variable in brackets in the default of a string, which is not
// replaced anywhere.
func (d *defaults) bracket(of *facts.Param, u *facts.Use) bool {
	if !u.Var.Bracket || of.Type != v1.ParamTypeString {
		return false
	}
	help := ""
	if !strings.Contains(u.Var.Name, ".") {
		help = "write $(params." + u.Var.Name + ")"
	}
	d.Error(u.Spot, of.Name, u.Match.String()+" is not replaced in the default of param "+phrase.Quote(of.Name)+": Tekton looks up only the dotted form there", help)
	return true
}

// inTask checks a variable in a default of a Task. Tekton looks up only the defaults of
// other params there, in the order of the declarations, and replaces only the last of
// several params.
func (d *defaults) inTask(of *facts.Param, u *facts.Use, to *facts.Param) {
	name, match := phrase.Quote(u.Var.Name), u.Match.String()
	nowhere := "; without a value for " + phrase.Quote(of.Name) + ", $(params." + of.Name + ") stays unreplaced"
	last := d.uses[of][len(d.uses[of])-1]
	switch {
	case of.Type != v1.ParamTypeString:
		d.Error(u.Spot, of.Name, match+" is not replaced in the default of param "+phrase.Quote(of.Name)+", which is "+phrase.Article(of.Type), useDirectly)
	case d.bracket(of, u):
	case to == nil && d.scope.Find(u.Var.Name) != nil:
		d.Error(u.Spot, of.Name, "the default of param "+phrase.Quote(of.Name)+" refers to param "+name+" of "+d.scope.Outer.Owner+", which a taskSpec cannot use in a default"+nowhere, useDirectly)
	case to == nil || to.Type != v1.ParamTypeString && u.Var.Whole():
		// param-unknown and param-type report it.
	case to.Default == nil:
		d.Error(u.Spot, of.Name, "the default of param "+phrase.Quote(of.Name)+" refers to param "+name+", which has no default"+nowhere, "give param "+name+" a default, or "+useDirectly)
	case len(d.uses[to]) > 0 && d.index[to] >= d.index[of]:
		d.Error(u.Spot, of.Name, "the default of param "+phrase.Quote(of.Name)+" refers to param "+name+", whose default refers to another param and comes later"+nowhere,
			"declare param "+name+" before param "+phrase.Quote(of.Name), to.Spot.Related("param "+name))
	case u.Expr != last.Expr:
		d.Error(u.Spot, of.Name, match+" is not replaced in the default of param "+phrase.Quote(of.Name)+": Tekton replaces only the last param in the default of a Task", useDirectly)
	default:
		d.Warning(u.Spot, of.Name, "the default of param "+phrase.Quote(of.Name)+" uses the default of param "+name+", even if a run sets "+name, useDirectly)
	}
}

// inStepAction checks a variable in a default of a StepAction, which fails the TaskRun
// if it is not a whole param.
func (d *defaults) inStepAction(of *facts.Param, u *facts.Use, to *facts.Param) {
	switch {
	case d.bracket(of, u), to == nil || of.Type != v1.ParamTypeString:
	case !u.Var.Whole():
		d.Error(u.Spot, of.Name, "the TaskRun fails if the step does not set param "+phrase.Quote(of.Name)+": its default reads a part of param "+phrase.Quote(to.Name), "use whole params in the default of a StepAction")
	}
}

// inPipeline checks a variable in a default of a pipeline, which fails the run if it is a
// part of a param that the run does not set.
func (d *defaults) inPipeline(of *facts.Param, u *facts.Use, to *facts.Param) {
	switch {
	case d.bracket(of, u), to == nil || of.Type != v1.ParamTypeString:
	case !u.Var.Whole():
		d.Warning(u.Spot, of.Name, "runs that set neither "+phrase.Quote(of.Name)+" nor "+phrase.Quote(to.Name)+" fail: Tekton does not read a part of a default", "use whole params in a default")
	}
}

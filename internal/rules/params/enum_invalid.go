package params

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed enum-invalid.md
var enumInvalidText string

var enumInvalid = &rule.Rule{
	Code:     "enum-invalid",
	Severity: diag.Error,
	Topic:    "params",
	Text:     enumInvalidText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Passing},
	Run: func(p *rule.Pass) {
		declarations(p, func(ps *facts.ParamScope) {
			first(ps, func(d *facts.Param) { declaredEnum(p, d) })
		})
		passings(p, func(in *facts.Passing, r *reporter) {
			in.Each(func(i int, v *v1.Param, target *facts.Param) {
				if target == nil || len(target.Enum) == 0 || target.Type != v1.ParamTypeString || facts.IsUnset(&v.Value) {
					return
				}
				if got, known := facts.ValueType(&v.Value, in.TypeOf); known && got == target.Type {
					passedEnum(in, r, in.Spot(i).Field("value"), &v.Value, target)
				}
			})
		})
	},
}

func declaredEnum(p *rule.Pass, d *facts.Param) {
	if len(d.Enum) == 0 || !knownType(d.Type) {
		return
	}
	name := phrase.Quote(d.Name)
	if d.Type != v1.ParamTypeString {
		p.Error(d.Spot.Field("enum"), d.Name, "param "+name+" is "+phrase.Article(d.Type)+", but only string params can have an enum", "")
		return
	}
	seen := make(map[string]bool, len(d.Enum))
	for i, v := range d.Enum {
		if seen[v] {
			p.Error(d.Spot.Index("enum", i), d.Name, "the enum of param "+name+" lists "+phrase.Quote(v)+" twice", "remove one of them")
		}
		seen[v] = true
	}
	if d.Default != nil && d.Default.StringVal != "" && !d.Allows(d.Default.StringVal) {
		p.Error(d.Spot.Field("default"), d.Name,
			"the default "+phrase.Quote(d.Default.StringVal)+" of param "+name+" is not in its enum", phrase.OneOf(d.Default.StringVal, d.Enum)).Misspelled(d.Default.StringVal, d.Enum)
	}
}

// passedEnum checks a literal against the enum of the target, and for a param that
// is passed on, its enum.
func passedEnum(in *facts.Passing, r *reporter, s facts.Spot, v *v1.ParamValue, target *facts.Param) {
	name := phrase.Quote(target.Name)
	declared := target.Spot.Field("enum").Related(in.Target.Owner + " declares the enum")
	if !tekref.Contains(v.StringVal) {
		if v.StringVal != "" && !target.Allows(v.StringVal) {
			r.report(s, diag.Error, target.Name, in.From+" sets param "+name+" to "+phrase.Quote(v.StringVal)+", which is not in its enum",
				phrase.OneOf(v.StringVal, target.Enum), declared).Misspelled(v.StringVal, target.Enum)
		}
		return
	}
	variable, ok := facts.Alone(v.StringVal)
	if !ok || variable.Kind != tekref.Param || in.Scope == nil {
		return
	}
	source := in.Scope.Find(variable.Name)
	if source == nil {
		return
	}
	from := phrase.Quote(source.Name)
	if len(source.Enum) == 0 {
		r.report(s, diag.Error, target.Name, in.From+" passes param "+from+", which has no enum, to param "+name+", which has one",
			"give param "+from+" the same enum, or a subset of it", declared)
		return
	}
	for _, value := range source.Enum {
		if !target.Allows(value) {
			r.report(s, diag.Error, target.Name, "the enum of param "+from+" allows "+phrase.Quote(value)+", but param "+name+" of "+in.Target.Owner+" does not",
				"remove "+phrase.Quote(value)+" from this enum, or add it to that of "+in.Target.Owner, declared, source.Spot.Field("enum").Related("the enum of param "+from))
			return
		}
	}
}

// knownType reports whether Tekton knows the type.
func knownType(t v1.ParamType) bool {
	return t == v1.ParamTypeString || t == v1.ParamTypeArray || t == v1.ParamTypeObject
}

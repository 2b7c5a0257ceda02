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

//go:embed key-missing.md
var keyMissingText string

var keyMissing = &rule.Rule{
	Code:     "key-missing",
	Severity: diag.Error,
	Topic:    "params",
	Text:     keyMissingText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Passing},
	Run: func(p *rule.Pass) {
		declarations(p, func(ps *facts.ParamScope) {
			first(ps, func(d *facts.Param) { declaredKeys(p, ps, d) })
		})
		for _, t := range p.Entry.TaskSpecs() {
			t.EachResult(func(s facts.Spot, name string, typ v1.ResultsType, properties map[string]v1.PropertySpec) {
				if properties == nil && facts.ResultType(typ, properties) == v1.ParamTypeObject {
					p.Error(s.Field("properties"), name, "object result "+phrase.Quote(name)+" declares no keys", "list its keys under properties")
				}
			})
		}
		passings(p, func(in *facts.Passing, r *reporter) {
			in.Each(func(i int, v *v1.Param, target *facts.Param) {
				switch {
				case target == nil || target.Type != v1.ParamTypeObject || facts.IsUnset(&v.Value):
				case facts.ValueKind(&v.Value) == v1.ParamTypeObject:
					passedKeys(in, r, i, &v.Value, target)
				default:
					wholeKeys(p, in, r, i, v.Value.StringVal, target)
				}
			})
		})
	},
}

// declaredKeys reports an object param without keys, or one whose default lacks
// some.
func declaredKeys(p *rule.Pass, ps *facts.ParamScope, d *facts.Param) {
	if d.Type != v1.ParamTypeObject {
		return
	}
	name := phrase.Quote(d.Name)
	if d.Properties == nil {
		p.Error(d.Spot.Field("properties"), d.Name, "object param "+name+" of "+ps.Owner+" declares no keys", "list its keys under properties")
		return
	}
	if d.Default == nil || d.Default.Type != v1.ParamTypeObject {
		return
	}
	var missing []string
	for _, k := range d.Keys {
		if _, ok := d.Default.ObjectVal[k]; !ok {
			missing = append(missing, k)
		}
	}
	// Tekton fails only runs that rely on the default.
	if given := ps.Outer.Find(d.Name); len(missing) > 0 && (given == nil || given.Default == nil) {
		p.Warning(d.Spot.Field("default"), d.Name,
			"the default of object param "+name+" lacks "+phrase.Plural("key", missing)+", so runs that rely on the default fail",
			"add "+phrase.Plural("key", missing)+" to the default, or remove the default")
	}
}

func passedKeys(in *facts.Passing, r *reporter, i int, v *v1.ParamValue, target *facts.Param) {
	var missing []string
	for _, k := range target.Keys {
		_, ok := v.ObjectVal[k]
		if !ok && target.Default != nil {
			_, ok = target.Default.ObjectVal[k]
		}
		if !ok {
			missing = append(missing, k)
		}
	}
	if len(missing) > 0 {
		r.report(in.Spot(i).Field("value"), diag.Error, target.Name, in.From+" sets param "+phrase.Quote(target.Name)+" without "+phrase.Plural("key", missing),
			"add "+phrase.Plural("key", missing), target.Spot.Related(in.Target.Owner+" declares it as "+phrase.Article(target.Type)))
	}
}

// wholeKeys reports an object param that is passed on as a whole and does not declare the keys
// that the receiving one needs. A run may set other keys than the declared ones, so that it is
// an error only if one uses the default.
func wholeKeys(p *rule.Pass, in *facts.Passing, r *reporter, i int, value string, target *facts.Param) {
	u, ok := facts.Alone(value)
	if !ok || u.Fault != "" || u.Kind != tekref.Param || u.Key != "" || u.Index >= 0 || in.Scope == nil {
		return
	}
	source := in.Scope.Find(u.Name)
	if source == nil || source.Given || source.Type != v1.ParamTypeObject || len(source.Keys) == 0 {
		return
	}
	var missing []string
	severity := diag.Warning
	for _, k := range target.Keys {
		has := source.HasKey(k)
		if !has && target.Default != nil {
			_, has = target.Default.ObjectVal[k]
		}
		if has {
			continue
		}
		missing = append(missing, k)
		if source.Default != nil && len(p.Set.Keeping(source)) > 0 {
			if _, has := source.Default.ObjectVal[k]; !has {
				severity = diag.Error
			}
		}
	}
	if len(missing) > 0 {
		r.report(in.Spot(i).Field("value"), severity, target.Name, in.From+" sets param "+phrase.Quote(target.Name)+" to param "+phrase.Quote(source.Name)+", which has no "+phrase.Plural("key", missing),
			"declare "+phrase.Plural("key", missing)+" there, or list the keys that are needed one by one", target.Spot.Related(in.Target.Owner+" declares it as "+phrase.Article(target.Type)))
	}
}

package params

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed param-type.md
var paramTypeText string

var paramType = &rule.Rule{
	Code:     "param-type",
	Severity: diag.Error,
	Topic:    "params",
	Text:     paramTypeText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Passing},
	Run: func(p *rule.Pass) {
		declarations(p, func(ps *facts.ParamScope) {
			first(ps, func(d *facts.Param) { declaredType(p, d) })
		})
		problems, targets := p.Entry.Problems(), sync.OnceValue(func() map[string]*facts.Param { return passedTo(p) })
		for i := range problems {
			usedAs(p, &problems[i], targets)
		}
		passings(p, passedType)
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if t.Matrix != nil && t.IsMatrixed() {
					matrixType(p, t)
				}
			}
		}
	},
}

func declaredType(p *rule.Pass, d *facts.Param) {
	name := phrase.Quote(d.Name)
	if !knownType(d.Type) {
		p.Error(d.Spot.Field("type"), d.Name, "param "+name+" has the unknown type "+phrase.Quote(string(d.Type)),
			phrase.Suggest(string(d.Type), []string{"string", "array", "object"}, "use string, array or object")).Misspelled(string(d.Type), []string{"string", "array", "object"})
		return
	}
	if d.Default != nil && d.Default.Type != "" && d.Default.Type != d.Type {
		p.Error(d.Spot.Field("default"), d.Name,
			"param "+name+" is "+phrase.Article(d.Type)+", but its default is "+phrase.Article(d.Default.Type), "use the same type for both")
	}
	if d.Type != v1.ParamTypeObject {
		return
	}
	for _, k := range slices.Sorted(maps.Keys(d.Properties)) {
		if t := d.Properties[k].Type; t != "" && t != v1.ParamTypeString {
			p.Error(d.Spot.Field("properties").Key(k).Field("type"), k,
				"key "+phrase.Quote(k)+" of param "+name+" is "+phrase.Article(t)+", but the keys of an object must be strings", "make it a string")
		}
	}
}

// usedAs reports a variable whose form does not match the type of the param.
func usedAs(p *rule.Pass, pr *facts.Problem, targets func() map[string]*facts.Param) {
	d := pr.Param
	var message, help string
	switch pr.Kind {
	case facts.PartOfString:
		message, help = " reads an item or a key of param "+phrase.Quote(d.Name)+", which is a string", "write $(params."+d.Name+")"
		if !pr.Alone() {
			break
		}
		if target := targets()[pr.Text.Spot.String()]; target != nil && target.Type != v1.ParamTypeString {
			help = "set param " + phrase.Quote(d.Name) + " to " + phrase.Article(target.Type) + ", as param " + phrase.Quote(target.Name) + " expects, or remove this value"
		}
	case facts.KeyOfArray:
		message, help = " reads a key of param "+phrase.Quote(d.Name)+", which is an array", "write $(params."+d.Name+"[0]) for one item"
	case facts.ItemOfObject:
		message, help = " reads an item of param "+phrase.Quote(d.Name)+", which is an object", keyHelp("params."+d.Name, d.Keys)
	case facts.WholeAsString:
		message, help = " is "+phrase.Article(d.Type)+", but is used as a string", "write $(params."+d.Name+"[*]) to pass the whole "+string(d.Type)
	case facts.ArrayInText:
		message = " is an array, so it cannot be used inside other text"
		help = "make it a list item of its own, or write $(params." + d.Name + "[0]) for one item"
	case facts.WholeInString:
		message, help = " is "+phrase.Article(d.Type)+", but a string is needed here", "write $(params."+d.Name+"[0]) for one item, or use it in a list"
		if d.Type == v1.ParamTypeObject {
			help = keyHelp("params."+d.Name, d.Keys)
		}
	default:
		return
	}
	r := p.Error(pr.Spot, d.Name, pr.Match.String()+message, help, declaredAs(d))
	if pr.Kind == facts.PartOfString && !d.Given && d.ParamSpec.Type == "" && d.Default == nil && impliesArray(pr) {
		r.Fix("declare param "+phrase.Quote(d.Name)+" with type: array", true, rule.AddField(d.Spot, object.Field{Name: "type", Text: "array"}, "name"))
	}
}

// passedTo returns the params that get the values of params, by the place of the value.
func passedTo(p *rule.Pass) map[string]*facts.Param {
	out := map[string]*facts.Param{}
	for _, in := range p.Entry.Passings() {
		in.Each(func(i int, _ *v1.Param, target *facts.Param) {
			if target != nil {
				out[in.Spot(i).Field("value").String()] = target
			}
		})
	}
	return out
}

// impliesArray reports whether a variable is right if its param is an array: it reads an
// item, or all of them where they become arguments.
func impliesArray(pr *facts.Problem) bool {
	expr, ok := strings.CutSuffix(pr.Expr, "]")
	if !ok {
		return false
	}
	if whole, ok := strings.CutSuffix(expr, "[*"); ok {
		return whole != "" && pr.Alone() && (strings.HasSuffix(pr.Text.Field, ".args") || strings.HasSuffix(pr.Text.Field, ".command"))
	}
	return strings.TrimRight(expr, "0123456789") != expr
}

// declaredAs returns the declaration of a param, with its type, or the value that a run
// sets.
func declaredAs(d *facts.Param) diag.Related {
	if d.Given {
		return d.Spot.Related("param " + phrase.Quote(d.Name) + " is set to " + phrase.Article(d.Type))
	}
	return d.Spot.Related("param " + phrase.Quote(d.Name) + " is declared as " + phrase.Article(d.Type))
}

func keyHelp(name string, keys []string) string {
	if len(keys) == 0 {
		return "write $(" + name + ".KEY) for one key"
	}
	return "write $(" + name + "." + keys[0] + ") for one key"
}

func passedType(in *facts.Passing, r *reporter) {
	in.Each(func(i int, v *v1.Param, target *facts.Param) {
		if target == nil || facts.IsUnset(&v.Value) {
			return
		}
		if got, known := facts.ValueType(&v.Value, in.TypeOf); known && got != target.Type {
			r.report(in.Spot(i).Field("value"), diag.Error, target.Name,
				in.From+" sets param "+phrase.Quote(target.Name)+" to "+phrase.Article(got)+", but it is declared as "+phrase.Article(target.Type),
				typeHelp(&v.Value, target.Type), target.Spot.Related(in.Target.Owner+" declares it as "+phrase.Article(target.Type)))
		}
	})
	for _, name := range slices.Sorted(maps.Keys(in.Matrix)) {
		if target := in.Target.Own(name); target != nil && target.Type != v1.ParamTypeString {
			r.report(in.Matrix[name], diag.Error, name,
				"the matrix of "+in.From+" sets param "+phrase.Quote(name)+" to single strings, but it is declared as "+phrase.Article(target.Type),
				"set it in the params of the task, not in its matrix", target.Spot.Related(in.Target.Owner+" declares it"))
		}
	}
}

const yamlHelp = "quote its values: y, no and 1 are not strings in YAML, so Tekton reads the whole value as one string"

func typeHelp(v *v1.ParamValue, want v1.ParamType) string {
	if facts.ValueKind(v) == v1.ParamTypeString && tekref.Contains(v.StringVal) {
		return ""
	}
	switch want {
	case v1.ParamTypeArray:
		if strings.HasPrefix(v.StringVal, "[") {
			return yamlHelp
		}
		return "write a list, or use an array param: $(params.NAME[*])"
	case v1.ParamTypeObject:
		if strings.HasPrefix(v.StringVal, "{") {
			return yamlHelp
		}
		return "write an object"
	}
	return "write a string"
}

// matrixType reports params of a matrix that are not arrays, and those of an include
// that are not strings.
func matrixType(p *rule.Pass, t *facts.PipelineTask) {
	m := t.Spot.Field("matrix")
	for i := range t.Matrix.Params {
		v := &t.Matrix.Params[i]
		if facts.IsUnset(&v.Value) {
			continue // reported by value-missing
		}
		if got, known := facts.ValueType(&v.Value, t.Pipeline.TypeOf); known && got != v1.ParamTypeArray {
			p.Error(m.Index("params", i).Field("value"), v.Name, "matrix param "+phrase.Quote(v.Name)+" is "+phrase.Article(got)+", but must be an array", "write a list, or use an array param: $(params.NAME[*])")
		}
	}
	for i := range t.Matrix.Include {
		for j := range t.Matrix.Include[i].Params {
			v := &t.Matrix.Include[i].Params[j]
			if got, known := facts.ValueType(&v.Value, t.Pipeline.TypeOf); known && got != v1.ParamTypeString {
				p.Error(m.Index("include", i).Index("params", j).Field("value"), v.Name,
					"matrix include param "+phrase.Quote(v.Name)+" is "+phrase.Article(got)+", but must be a string", "write one string")
			}
		}
	}
}

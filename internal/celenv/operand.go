package celenv

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

// operand is what is known about the value of a part of an expression.
type operand struct {
	form  form
	text  string // of a constant
	null  bool   // whether the constant is null
	path  string // of a value
	value Known  // also what is known about the worst part of a mixture
	items []operand
}

// form is what an operand is.
type form int

const (
	mixture   form = iota // made of several values
	constant              // a literal, or a value that is always the same
	valueForm             // the value at a path
	listForm              // a list of which the items are known
	choice                // one of the items
)

func textOperand(s string) operand { return operand{form: constant, text: s} }

func (p *passer) at(path string) operand {
	return operand{form: valueForm, path: path, value: p.event.At(path)}
}

// same are the functions whose result is compared like what they convert.
var same = map[string]bool{"lowerAscii": true, "upperAscii": true, "trim": true, "string": true, "int": true, "double": true, "uint": true, "bool": true, "dyn": true}

// operand returns what is known about the value of an expression.
func (p *passer) operand(e ast.Expr, in *scope) operand {
	if p.tired() {
		return operand{}
	}
	if path, test, ok := eventPath(e); ok && !test {
		if inner, ok := p.overlay(e); ok {
			defer func() { p.depth-- }()
			return p.operand(inner, nil)
		}
		return p.at(path)
	}
	switch e.Kind() {
	case ast.LiteralKind:
		return p.literal(e)
	case ast.IdentKind:
		if v, ok := in.find(e.AsIdent()); ok {
			return v
		}
		return p.at(e.AsIdent())
	case ast.SelectKind:
		return p.field(p.operand(e.AsSelect().Operand(), in), e.AsSelect().FieldName())
	case ast.ListKind:
		out := operand{form: listForm}
		for _, x := range e.AsList().Elements() {
			out.items = append(out.items, p.operand(x, in))
		}
		return out
	case ast.MapKind:
		var parts []operand
		for _, x := range e.AsMap().Entries() {
			parts = append(parts, p.operand(x.AsMapEntry().Value(), in))
		}
		return mixed(parts)
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		list := p.operand(c.IterRange(), in)
		if macroOf(c) == listMacro && list.isEmpty() {
			return operand{form: listForm}
		}
		item := list
		if list.form != valueForm {
			item = mixed(list.items)
		}
		return mixed([]operand{list, p.operand(c.LoopStep(), &scope{c.IterVar(), item, &scope{c.AccuVar(), textOperand(""), in}})})
	case ast.CallKind:
		return p.call(e.AsCall(), in)
	case ast.StructKind, ast.UnspecifiedExprKind:
	}
	return operand{}
}

func (p *passer) literal(e ast.Expr) operand {
	switch v := e.AsLiteral().(type) {
	case types.String:
		if p.references && strings.Contains(string(v), "$(") {
			return p.textOf(string(v))
		}
		return textOperand(string(v))
	case types.Int:
		return textOperand(strconv.FormatInt(int64(v), 10))
	case types.Uint:
		return textOperand(strconv.FormatUint(uint64(v), 10))
	case types.Double:
		return textOperand(strconv.FormatFloat(float64(v), 'f', -1, 64))
	case types.Bool:
		return textOperand(strconv.FormatBool(bool(v)))
	case types.Null:
		return operand{form: constant, null: true, text: "null"}
	}
	return operand{}
}

// reference is a path of the event in a text.
var reference = regexp.MustCompile(`\$\(((?:body|header|extensions)[^()]*)\)`)

// textOf returns what is known about a text with paths of the event, such as
// $(body.sender.login). Other variables are not known.
func (p *passer) textOf(text string) operand {
	all := reference.FindAllStringSubmatchIndex(text, -1)
	if len(all) == 1 && all[0][0] == 0 && all[0][1] == len(text) {
		path := text[all[0][2]:all[0][3]]
		if name, isHeader := strings.CutPrefix(path, "header."); isHeader { // in CEL, X-GitHub-Event is a difference
			return p.at("header." + strings.ToLower(name))
		}
		if root := parse(path); root != nil {
			return p.operand(root, nil)
		}
		return operand{}
	}
	if len(all) == 0 && !strings.Contains(text, "$(") {
		return textOperand(text)
	}
	if len(all) != strings.Count(text, "$(") {
		return operand{}
	}
	parts := []operand{textOperand(text)}
	for _, m := range all {
		parts = append(parts, p.textOf(text[m[0]:m[1]]))
	}
	return mixed(parts)
}

// field returns a field of a value.
func (p *passer) field(of operand, name string) operand {
	if of.form == valueForm {
		return p.at(of.path + "." + name)
	}
	return operand{form: mixture, value: of.worst()}
}

func (p *passer) call(c ast.CallExpr, in *scope) operand {
	args := c.Args()
	parts := make([]operand, 0, len(args)+1)
	if c.IsMemberFunction() {
		parts = append(parts, p.operand(c.Target(), in))
	}
	switch name := c.FunctionName(); {
	case name == operators.Conditional && len(args) == 3:
		out := operand{form: choice}
		if p.pass(args[0], true, in) {
			out.items = append(out.items, p.operand(args[1], in))
		}
		if p.pass(args[0], false, in) {
			out.items = append(out.items, p.operand(args[2], in))
		}
		return out
	case c.IsMemberFunction() && len(args) == 0 && (same[name] || name == "size"):
		if name != "size" {
			return parts[0]
		}
		return parts[0].size()
	case !c.IsMemberFunction() && len(args) == 1 && (same[name] || name == "size"):
		v := p.operand(args[0], in)
		if name == "size" {
			return v.size()
		}
		return v
	case name == "join" && len(parts) == 1 && parts[0].isEmpty():
		return textOperand("")
	case name == operators.Index && len(args) == 2:
		list := p.operand(args[0], in)
		if key, ok := literal(args[1]); ok {
			return p.field(list, key)
		}
		if list.isEmpty() {
			return operand{form: mixture, value: Known{Kind: Missing}}
		}
		parts = append(parts, list)
		args = args[1:]
	}
	for _, x := range args {
		parts = append(parts, p.operand(x, in))
	}
	return mixed(parts)
}

// size returns the number of items.
func (o operand) size() operand {
	switch {
	case o.isEmpty():
		return textOperand("0")
	case o.form == listForm:
		return textOperand(strconv.Itoa(len(o.items)))
	case o.form == valueForm && o.value.Kind == Chosen:
		// Programs may have chosen some: others, as the owners of the files.
		return operand{form: mixture, value: Known{Kind: OneOf, Options: []string{"0"}, Asked: []string{}}}
	}
	return operand{form: mixture, value: o.worst()}
}

func mixed(parts []operand) operand {
	out := operand{form: mixture, value: Known{Kind: Any}}
	for i := range parts {
		if !parts[i].isHarmless() {
			out.value = Known{}
		}
	}
	return out
}

// worst returns what is known about the parts of an operand together.
func (o *operand) worst() Known {
	if o.isHarmless() {
		return Known{Kind: Any}
	}
	return Known{}
}

// isHarmless reports whether nothing in the operand tells strangers from others.
func (o *operand) isHarmless() bool {
	switch o.form {
	case constant:
		return true
	case listForm, choice:
		return !slices.ContainsFunc(o.items, func(x operand) bool { return !x.isHarmless() })
	}
	return o.value.Kind.harmless()
}

// isReadable reports whether the event has the value.
func (o *operand) isReadable() bool {
	return o.form == constant || o.value.Kind != Missing && o.value.Kind != Unsure
}

func (k KnownKind) harmless() bool { return k == Text || k == Any || k == Target }

func (o *operand) isEmpty() bool {
	return o.form == listForm && len(o.items) == 0 || o.form == valueForm && o.value.Kind == Empty
}

// equals reports whether the comparison of two values may be want.
func (o operand) equals(b operand, want bool) bool {
	if o.form == choice {
		return slices.ContainsFunc(o.items, func(x operand) bool { return x.equals(b, want) })
	}
	if b.form == choice || o.form == constant && b.form != constant {
		return b.equals(o, want)
	}
	if o.form == listForm || b.form == listForm {
		if o.isEmpty() && b.isEmpty() {
			return want
		}
		return o.isHarmless() && b.isHarmless()
	}
	if o.form == constant {
		return strings.EqualFold(o.text, b.text) == want
	}
	if b.form == constant {
		return o.value.equals(&b, want)
	}
	return together(o.value.Kind, b.value.Kind, want)
}

// equals reports whether the comparison of a value with a constant may be want.
func (v *Known) equals(c *operand, want bool) bool {
	is := func(s string) bool { return strings.EqualFold(s, c.text) }
	switch v.Kind {
	case Any, Target:
		return !want || !is("merged") // the state of a request
	case OneOf:
		if want {
			return slices.ContainsFunc(v.Options, is)
		}
		if v.Asked != nil {
			return slices.ContainsFunc(v.Asked, is)
		}
		return slices.ContainsFunc(v.Options, func(s string) bool { return !is(s) })
	case Text, Person, Source:
		return !want
	case Chosen:
		return want == c.null
	}
	return false
}

// together reports whether the comparison of two values of an event may be want.
func together(a, b KnownKind, want bool) bool {
	if a > b {
		a, b = b, a
	}
	switch {
	case a.harmless() && b.harmless():
		return true
	case a.harmless() && (b == Person || b == Source || b == Chosen):
		return !want
	case a == Person && b == Person, a == Person && b == Source:
		return want // a stranger comments on a request of the same stranger, whose fork it is
	}
	return false
}

// ordering are the comparisons by order.
var ordering = map[string]func(a, b float64) bool{
	operators.Less:          func(a, b float64) bool { return a < b },
	operators.LessEquals:    func(a, b float64) bool { return a <= b },
	operators.Greater:       func(a, b float64) bool { return a > b },
	operators.GreaterEquals: func(a, b float64) bool { return a >= b },
}

// ordered reports whether the comparison by order may be want.
func (o operand) ordered(b operand, holds func(a, b float64) bool, want bool) bool {
	options := func(x operand) []string {
		switch {
		case x.form == constant:
			return []string{x.text}
		case x.value.Kind == OneOf && x.form != listForm && x.form != choice:
			return x.value.Options
		}
		return nil
	}
	as, bs := options(o), options(b)
	if as == nil || bs == nil {
		return o.isHarmless() && b.isHarmless()
	}
	return slices.ContainsFunc(as, func(a string) bool {
		return slices.ContainsFunc(bs, func(b string) bool {
			x, err := strconv.ParseFloat(a, 64)
			y, err2 := strconv.ParseFloat(b, 64)
			return err == nil && err2 == nil && holds(x, y) == want
		})
	})
}

// textTest are the functions that test a text.
var textTest = map[string]func(s, with string) bool{
	"startsWith": strings.HasPrefix,
	"endsWith":   strings.HasSuffix,
	"contains":   strings.Contains,
	"matches": func(s, with string) bool {
		re, err := syntax.Parse(with, syntax.Perl)
		if err != nil || size(re) > maxRegexp {
			return false
		}
		ok, err := regexp.MatchString(with, s)
		return ok && err == nil
	},
}

// tested reports whether the test of a text may be want.
func (o operand) tested(with operand, name string, want bool) bool {
	test := textTest[name]
	if with.form != constant {
		return o.isHarmless() && with.isHarmless()
	}
	switch {
	case o.form == choice:
		return slices.ContainsFunc(o.items, func(x operand) bool { return x.tested(with, name, want) })
	case o.form == constant:
		return test(o.text, with.text) == want
	case o.value.Kind == OneOf && o.value.Asked == nil:
		return slices.ContainsFunc(o.value.Options, func(s string) bool { return test(s, with.text) == want })
	case o.value.Kind == Person, o.value.Kind == Source:
		return !want || o.form == valueForm && similar(o.path, with.text, name)
	case o.value.Kind == Text && name == "matches" && want:
		return !narrow(with.text)
	}
	return o.isHarmless()
}

func literalBool(e ast.Expr) bool { return e.AsLiteral() == types.True }

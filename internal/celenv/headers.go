package celenv

import (
	"net/textproto"
	"strings"
	"sync"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"

	"github.com/tekwright/tekwright/internal/memo"
)

// The interceptor declares header as a map of anything, so that everything compiles. Its
// values are lists of strings, under names in canonical form. An expression that uses
// one as a string fails, or compares a list with a string, which is never equal.

// Misuse is a part of an expression that does not treat a header as a list, or that uses
// a name which no header has.
type Misuse struct {
	Kind   MisuseKind
	Header string // the name of the header, "" if it is not a literal
	Text   string // the header as written, "" if it is not found in the expression
	Value  string // the string that it is compared with, "" if it is not a literal
	Call   string // the function or operator that fails, such as +, matches() or the field x
}

// MisuseKind is the kind of a [Misuse].
type MisuseKind int

// The kinds.
const (
	NeverEqual    MisuseKind = iota // a list is compared with something else: always false
	AlwaysUnequal                   // likewise with !=: always true
	NoOverload                      // a function or an operator that takes no list: an error
	NotCanonical                    // the name is not in canonical form: an error, or false
)

// Outcome is what becomes of an expression, as far as headers determine it.
type Outcome int

// The outcomes.
const (
	Depends   Outcome = iota // on the event
	NeverTrue                // it is false or fails for every event
	Fails                    // it fails for every event
)

// Headers returns the misuses of headers in an expression in the order of the text, and
// its outcome. It returns nothing for an expression that cannot be parsed.
func Headers(expr string) ([]Misuse, Outcome) {
	if !strings.Contains(expr, "header") {
		return nil, Depends
	}
	r := recentHeaders.Of(expr, func() (headerUse, int) { return headersOf(expr), 256 + 2*len(expr) })
	return r.found, r.outcome
}

type headerUse struct {
	found   []Misuse
	outcome Outcome
}

var recentHeaders = memo.NewRecent[string, headerUse](256 << 10)

func headersOf(expr string) headerUse {
	env, err := Env()
	if err != nil {
		return headerUse{}
	}
	parsed, issues := env.Parse(expr)
	if issues != nil && issues.Err() != nil {
		return headerUse{}
	}
	root := parsed.NativeRep().Expr()
	if withinLimits(root) != nil {
		return headerUse{}
	}
	c := headerChecker{expr: expr, bound: map[string]int{}, seen: map[Misuse]bool{}}
	out := headerUse{}
	switch got := c.visit(root).can; {
	case len(c.found) == 0:
	case got == fail:
		out.outcome = Fails
	case got&yes == 0:
		out.outcome = NeverTrue
	}
	out.found = c.found
	return out
}

// can is a set of the ways in which an expression can end.
type can uint8

const (
	yes  can = 1 << iota // with true, or with a value that is not a bool
	no                   // with false, or with such a value
	fail                 // with an error
	any3 = yes | no | fail
)

// judged is what is known of an expression.
type judged struct {
	can
	kind   types.Kind // DynKind if it is not known
	header *headerRef // set for the list of a header
}

// headerRef is an expression for a header.
type headerRef struct{ name, text string }

type headerChecker struct {
	expr  string
	bound map[string]int // the variables of the macros around
	found []Misuse
	seen  map[Misuse]bool
}

func (c *headerChecker) add(m Misuse) {
	if !c.seen[m] {
		c.seen[m] = true
		c.found = append(c.found, m)
	}
}

func (c *headerChecker) visit(e ast.Expr) judged {
	unknown := judged{can: any3, kind: types.DynKind}
	switch e.Kind() {
	case ast.LiteralKind:
		return literalOf(e)
	case ast.IdentKind:
		return c.ident(e.AsIdent())
	case ast.SelectKind:
		return c.selected(e.AsSelect())
	case ast.CallKind:
		return c.call(e.AsCall())
	case ast.ListKind:
		failed := false
		for _, x := range e.AsList().Elements() {
			failed = c.visit(x).can == fail || failed
		}
		return strict(failed, types.ListKind)
	case ast.MapKind:
		failed := false
		for _, x := range e.AsMap().Entries() {
			entry := x.AsMapEntry()
			k, v := c.visit(entry.Key()), c.visit(entry.Value())
			failed = failed || k.can == fail || v.can == fail
		}
		return strict(failed, types.MapKind)
	case ast.ComprehensionKind:
		x := e.AsComprehension()
		over := c.visit(x.IterRange())
		c.visit(x.AccuInit())
		names := [...]string{x.IterVar(), x.IterVar2(), x.AccuVar()}
		for _, name := range names {
			c.bound[name]++
		}
		c.visit(x.LoopCondition())
		c.visit(x.LoopStep())
		c.visit(x.Result())
		for _, name := range names {
			c.bound[name]--
		}
		if over.can == fail {
			return judged{can: fail, kind: types.DynKind}
		}
	}
	return unknown
}

func strict(failed bool, kind types.Kind) judged {
	if failed {
		return judged{can: fail, kind: kind}
	}
	return judged{can: any3, kind: kind}
}

func literalOf(e ast.Expr) judged {
	switch v := e.AsLiteral().(type) {
	case types.Bool:
		if v {
			return judged{can: yes, kind: types.BoolKind}
		}
		return judged{can: no, kind: types.BoolKind}
	case types.String:
		return judged{can: yes | no, kind: types.StringKind}
	case types.Int:
		return judged{can: yes | no, kind: types.IntKind}
	case types.Uint:
		return judged{can: yes | no, kind: types.UintKind}
	case types.Double:
		return judged{can: yes | no, kind: types.DoubleKind}
	case types.Bytes:
		return judged{can: yes | no, kind: types.BytesKind}
	case types.Null:
		return judged{can: yes | no, kind: types.NullTypeKind}
	}
	return judged{can: any3, kind: types.DynKind}
}

func (c *headerChecker) ident(name string) judged {
	out := judged{can: yes | no, kind: types.DynKind}
	if c.bound[name] > 0 {
		return out
	}
	switch name {
	case "header", "body", "extensions":
		out.kind = types.MapKind
	case "requestURL":
		out.kind = types.StringKind
	default:
		out.can = any3
	}
	return out
}

// isHeader reports whether an expression is the variable header.
func (c *headerChecker) isHeader(e ast.Expr) bool {
	return e.Kind() == ast.IdentKind && e.AsIdent() == "header" && c.bound["header"] == 0
}

// named returns the list of the header with a name.
func (c *headerChecker) named(name string, texts ...string) judged {
	h := &headerRef{name: name}
	for _, text := range texts {
		if strings.Contains(c.expr, text) {
			h.text = text
			break
		}
	}
	out := judged{can: any3, kind: types.ListKind, header: h}
	if name != "" && textproto.CanonicalMIMEHeaderKey(name) != name {
		c.add(Misuse{Kind: NotCanonical, Header: name, Text: h.text})
		out.can = fail
	}
	return out
}

func (c *headerChecker) selected(s ast.SelectExpr) judged {
	if c.isHeader(s.Operand()) {
		out := c.named(s.FieldName(), "header."+s.FieldName())
		if s.IsTestOnly() {
			if out.can == fail {
				return judged{can: no, kind: types.BoolKind}
			}
			return judged{can: yes | no, kind: types.BoolKind}
		}
		return out
	}
	of := c.visit(s.Operand())
	if of.can == fail {
		return judged{can: fail, kind: types.DynKind}
	}
	if h := of.header; h != nil {
		c.add(Misuse{Kind: NoOverload, Header: h.name, Text: h.text, Call: "the field " + s.FieldName()})
		return judged{can: fail, kind: types.DynKind}
	}
	return judged{can: any3, kind: types.DynKind}
}

func (c *headerChecker) call(call ast.CallExpr) judged {
	name, args := call.FunctionName(), call.Args()
	if call.IsMemberFunction() {
		args = append([]ast.Expr{call.Target()}, args...)
	}
	if name == operators.Index && len(args) == 2 && c.isHeader(args[0]) {
		key, ok := literal(args[1])
		if !ok {
			c.visit(args[1])
			return c.named("")
		}
		return c.named(key, "header['"+key+"']", `header["`+key+`"]`)
	}
	all := make([]judged, len(args))
	failed := false
	for i, x := range args {
		all[i] = c.visit(x)
		failed = failed || all[i].can == fail
	}
	switch {
	case name == operators.LogicalAnd && len(args) == 2:
		return c.logic(name, all, (all[0].can&all[1].can)&yes|(all[0].can|all[1].can)&(no|fail))
	case name == operators.LogicalOr && len(args) == 2:
		return c.logic(name, all, (all[0].can|all[1].can)&(yes|fail)|(all[0].can&all[1].can)&no)
	case name == operators.Conditional && len(args) == 3:
		if c.condition(name, all[0]); all[0].can == fail || all[0].header != nil {
			return judged{can: fail, kind: types.DynKind}
		}
		out := judged{can: all[0].can & fail, kind: types.DynKind}
		if all[0].can&yes != 0 {
			out.can |= all[1].can
		}
		if all[0].can&no != 0 {
			out.can |= all[2].can
		}
		return out
	case failed:
		return judged{can: fail, kind: types.DynKind}
	}
	switch name {
	case operators.LogicalNot:
		if len(all) == 1 && all[0].header == nil {
			in := all[0].can
			return judged{can: in&yes<<1 | in&no>>1 | in&fail, kind: types.BoolKind}
		}
	case operators.Equals, operators.NotEquals:
		return c.equality(name, all, args)
	case operators.In, operators.OldIn:
		return c.membership(all, args)
	}
	return c.overload(call, all)
}

// condition reports a header that is used as a bool.
func (c *headerChecker) condition(name string, of judged) {
	if h := of.header; h != nil && of.can != fail {
		c.add(Misuse{Kind: NoOverload, Header: h.name, Text: h.text, Call: written(name)})
	}
}

// logic judges && or ||, of which an operand that is not a bool is an error, unless the
// other operand decides.
func (c *headerChecker) logic(name string, all []judged, out can) judged {
	for i := range all {
		if all[i].header == nil {
			continue
		}
		c.condition(name, all[i])
		all[i] = judged{can: fail}
		if name == operators.LogicalAnd {
			out = (all[0].can&all[1].can)&yes | (all[0].can|all[1].can)&(no|fail)
		} else {
			out = (all[0].can|all[1].can)&(yes|fail) | (all[0].can&all[1].can)&no
		}
	}
	return judged{can: out, kind: types.BoolKind}
}

// equality judges == and !=.
func (c *headerChecker) equality(name string, all []judged, args []ast.Expr) judged {
	out := judged{can: any3, kind: types.BoolKind}
	for i := range all {
		h, other := all[i].header, all[1-i]
		if h == nil || other.kind == types.DynKind || other.kind == types.ListKind {
			continue
		}
		value, _ := literal(args[1-i])
		m := Misuse{Kind: NeverEqual, Header: h.name, Text: h.text, Value: value}
		out.can = no | fail
		if name == operators.NotEquals {
			m.Kind, out.can = AlwaysUnequal, yes|fail
		}
		c.add(m)
	}
	return out
}

// membership judges the operator in.
func (c *headerChecker) membership(all []judged, args []ast.Expr) judged {
	out := judged{can: any3, kind: types.BoolKind}
	if len(all) != 2 {
		return out
	}
	if c.isHeader(args[1]) {
		if name, ok := literal(args[0]); ok && textproto.CanonicalMIMEHeaderKey(name) != name {
			c.add(Misuse{Kind: NotCanonical, Header: name})
			out.can = no
		}
	}
	h := all[0].header
	if h == nil || args[1].Kind() != ast.ListKind {
		return out
	}
	value := ""
	for _, x := range args[1].AsList().Elements() {
		text, ok := literal(x)
		if !ok {
			return out
		}
		if value == "" {
			value = text
		}
	}
	c.add(Misuse{Kind: NeverEqual, Header: h.name, Text: h.text, Value: value})
	out.can = no | fail
	return out
}

// overload judges a call of a function or an operator that has the list of a header as
// an argument.
func (c *headerChecker) overload(call ast.CallExpr, all []judged) judged {
	name := call.FunctionName()
	out := judged{can: any3, kind: types.DynKind}
	var of *headerRef
	for i := range all {
		if all[i].header != nil && of == nil {
			of = all[i].header
		}
	}
	result, fits := match(name, call.IsMemberFunction(), all)
	if of != nil && !fits {
		c.add(Misuse{Kind: NoOverload, Header: of.name, Text: of.text, Call: written(name)})
		return judged{can: fail, kind: types.DynKind}
	}
	out.kind = result
	if of != nil && all[0].header != nil && (name == operators.Index || name == "first" || name == "last") {
		out.kind = types.StringKind
	}
	return out
}

// signature is an overload of a function.
type signature struct {
	member bool
	args   []types.Kind
	result types.Kind
}

// signatures are the overloads of each function of the environment.
var signatures = sync.OnceValue(func() map[string][]signature {
	out := map[string][]signature{}
	env, err := Env()
	if err != nil {
		return out
	}
	for name, f := range env.Functions() {
		for _, o := range f.OverloadDecls() {
			s := signature{member: o.IsMemberFunction(), result: o.ResultType().Kind()}
			for _, a := range o.ArgTypes() {
				s.args = append(s.args, a.Kind())
			}
			out[name] = append(out[name], s)
		}
	}
	return out
})

// match reports whether a function has an overload for the arguments, and returns the
// kind of its result if all of them have the same.
func match(name string, member bool, all []judged) (result types.Kind, fits bool) {
	overloads := signatures()[name]
	if len(overloads) == 0 {
		return types.DynKind, true // a macro
	}
	for i := range overloads {
		s := &overloads[i]
		if s.member != member || len(s.args) != len(all) || !s.accepts(all) {
			continue
		}
		switch {
		case !fits:
			result = s.result
		case result != s.result:
			result = types.DynKind
		}
		fits = true
	}
	if !fits || result == types.TypeParamKind || result == types.AnyKind {
		result = types.DynKind
	}
	return result, fits
}

// accepts reports whether the kinds of the arguments may be those of the overload.
func (s *signature) accepts(all []judged) bool {
	for i := range all {
		switch want := s.args[i]; {
		case want == types.DynKind || want == types.AnyKind || want == types.TypeParamKind:
		case all[i].kind == types.DynKind || all[i].kind == types.NullTypeKind:
		case want != all[i].kind:
			return false
		}
	}
	return true
}

// written returns a function or an operator as it is written in an expression.
func written(name string) string {
	switch name {
	case operators.Index:
		return "a key"
	case operators.Conditional:
		return "?:"
	}
	if symbol, ok := operators.FindReverse(name); ok && symbol != "" {
		return symbol
	}
	return name + "()"
}

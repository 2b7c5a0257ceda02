package celenv

import (
	"slices"
	"strings"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"

	"github.com/tekwright/tekwright/internal/memo"
)

// An Event describes the events of a sender, so that [Passes] can tell whether a filter
// lets them pass.
type Event interface {
	// At returns what is known about the value at a path, such as body.sender.login. A
	// header has the path header.NAME in lower case. The path of an element of a list
	// is that of the list.
	At(path string) Known
	// Has reports whether all events have a value at the path, or none.
	Has(path string) (always, never bool)
	// Overlay returns the expression that sets an extension, and the part of the path
	// inside its value; false if it is not known.
	Overlay(path string) (expression, inside string, ok bool)
}

// Known is what is known about a value in an event.
type Known struct {
	Kind KnownKind
	// Options are the values that it may have if Kind is OneOf.
	Options []string
	// Asked are the values of which it is known that it may have another; nil for all.
	Asked []string
}

// KnownKind is the kind of a Known.
type KnownKind int

// The kinds of values.
const (
	Unsure  KnownKind = iota // nothing is known about it
	Text                     // the sender writes it
	Any                      // the sender chooses it, or it does not matter who sends the event
	Target                   // it is about the repository that gets the event
	OneOf                    // it is one of some
	Person                   // it identifies the sender
	Source                   // it identifies the repository of the sender
	Chosen                   // others have to choose it, so that it is empty or null
	Empty                    // it is an empty list
	Missing                  // the event has none
)

// Passes reports whether an expression is known to be true for some of the events. It is
// false for an expression that cannot be parsed, and if what it reads is not known.
func Passes(expr string, event Event) bool {
	p := passer{event: event}
	root := parse(expr)
	return root != nil && p.pass(root, true, nil)
}

// PassesWhen is like [Passes] for a CEL when expression, in which paths of the event are
// strings: '$(body.sender.login)' == 'ada'.
func PassesWhen(expr string, event Event) bool {
	p := passer{event: event, references: true}
	root := parse(expr)
	return root != nil && p.pass(root, true, nil)
}

// PassesIn reports whether a text is known to be one of some for some of the events, or
// none of them if want is false. The texts may contain paths of the event, such as
// $(body.sender.login).
func PassesIn(text string, values []string, want bool, event Event) bool {
	p := passer{event: event, references: true}
	v := p.textOf(text)
	if want {
		return slices.ContainsFunc(values, func(s string) bool { return v.equals(p.textOf(s), true) })
	}
	return !slices.ContainsFunc(values, func(s string) bool { return !v.equals(p.textOf(s), false) })
}

// maxSteps limits the parts of expressions that a passer visits: overlays may use others
// many times.
const maxSteps = 20_000

// maxDepth limits how deep overlays use each other.
const maxDepth = 8

type passer struct {
	event        Event
	references   bool // whether $(...) in a string is a path
	steps, depth int
}

// scope are the variables of macros.
type scope struct {
	name  string
	value operand
	outer *scope
}

func (s *scope) find(name string) (operand, bool) {
	for ; s != nil; s = s.outer {
		if s.name == name {
			return s.value, true
		}
	}
	return operand{}, false
}

// parse parses an expression; nil if it is not valid. Nobody may modify it.
func parse(expr string) ast.Expr {
	return recentRoots.Of(expr, func() (ast.Expr, int) { return parseAnew(expr), 512 + 32*len(expr) })
}

// recentRoots caches the most recently parsed expressions, which are asked for each type
// of event.
var recentRoots = memo.NewRecent[string, ast.Expr](1 << 20)

func parseAnew(expr string) ast.Expr {
	env, err := Env()
	if err != nil {
		return nil
	}
	parsed, issues := env.Parse(expr)
	if issues != nil && issues.Err() != nil {
		return nil
	}
	root := parsed.NativeRep().Expr()
	if withinLimits(root) != nil {
		return nil
	}
	return root
}

// tired counts a step, and reports whether there were too many.
func (p *passer) tired() bool {
	p.steps++
	return p.steps > maxSteps
}

// pass reports whether the value of a condition is known to be want for some of the
// events.
func (p *passer) pass(e ast.Expr, want bool, in *scope) bool {
	if p.tired() {
		return false
	}
	switch {
	case isBool(e):
		return literalBool(e) == want
	case e.Kind() == ast.ComprehensionKind:
		return p.macro(e.AsComprehension(), want, in)
	case e.Kind() == ast.CallKind:
		return p.condition(e.AsCall(), e, want, in)
	}
	if path, test, ok := eventPath(e); ok && test {
		return p.has(path, want)
	}
	if inner, ok := p.overlay(e); ok {
		defer func() { p.depth-- }()
		return p.pass(inner, want, nil)
	}
	v := p.operand(e, in)
	return v.equals(textOperand("true"), want)
}

// overlay returns the expression of the overlay that sets the extension that an
// expression reads. The caller decreases the depth.
func (p *passer) overlay(e ast.Expr) (ast.Expr, bool) {
	path, test, ok := eventPath(e)
	key, isExtension := strings.CutPrefix(path, "extensions.")
	if !ok || test || !isExtension || p.depth >= maxDepth {
		return nil, false
	}
	expr, inside, known := p.event.Overlay(key)
	if !known {
		return nil, false
	}
	root := parse(expr)
	if root == nil {
		return nil, false
	}
	for name := range strings.SplitSeq(strings.TrimPrefix(inside, "."), ".") {
		if name == "" {
			break
		}
		if root, ok = entryOf(root, name); !ok {
			return nil, false
		}
	}
	p.depth++
	return root, true
}

// entryOf returns the value of a key of a map literal.
func entryOf(e ast.Expr, name string) (ast.Expr, bool) {
	if e.Kind() != ast.MapKind {
		return nil, false
	}
	for _, x := range e.AsMap().Entries() {
		if key, ok := literal(x.AsMapEntry().Key()); ok && key == name {
			return x.AsMapEntry().Value(), true
		}
	}
	return nil, false
}

func (p *passer) has(path string, want bool) bool {
	always, never := p.event.Has(path)
	if want {
		return !never
	}
	return !always
}

func (p *passer) condition(c ast.CallExpr, e ast.Expr, want bool, in *scope) bool {
	args := c.Args()
	if x, same, ok := toBool(c.FunctionName(), args); ok {
		return p.pass(x, want == same, in)
	}
	switch name := c.FunctionName(); {
	case name == operators.LogicalNot && len(args) == 1:
		return p.pass(args[0], !want, in)
	case (name == operators.LogicalAnd || name == operators.LogicalOr) && len(args) >= 2:
		if (name == operators.LogicalAnd) == want {
			return !slices.ContainsFunc(args, func(x ast.Expr) bool { return !p.pass(x, want, in) })
		}
		return slices.ContainsFunc(args, func(x ast.Expr) bool { return p.pass(x, want, in) })
	case name == operators.Conditional && len(args) == 3:
		return p.pass(args[0], true, in) && p.pass(args[1], want, in) || p.pass(args[0], false, in) && p.pass(args[2], want, in)
	case (name == operators.Equals || name == operators.NotEquals) && len(args) == 2:
		a, b := p.operand(args[0], in), p.operand(args[1], in)
		return a.equals(b, want == (name == operators.Equals))
	case name == operators.In && len(args) == 2:
		return p.within(args[0], args[1], want, in)
	case name == "match" && c.IsMemberFunction() && len(args) == 2 && c.Target().Kind() == ast.IdentKind && c.Target().AsIdent() == "header":
		header, ok := literal(args[0])
		a, b := p.at("header."+strings.ToLower(header)), p.operand(args[1], in)
		return ok && a.equals(b, want)
	case ordering[name] != nil && len(args) == 2:
		a, b := p.operand(args[0], in), p.operand(args[1], in)
		return a.ordered(b, ordering[name], want)
	case c.IsMemberFunction() && textTest[name] != nil && len(args) == 1:
		a, b := p.operand(c.Target(), in), p.operand(args[0], in)
		return a.tested(b, name, want)
	}
	v := p.operand(e, in)
	return v.equals(textOperand("true"), want)
}

// within reports whether x in list may be want.
func (p *passer) within(x, list ast.Expr, want bool, in *scope) bool {
	if path, _, ok := eventPath(list); ok {
		if name, isName := literal(x); isName && p.at(path).value.Kind != Empty && (strings.Count(path, ".") == 0) {
			return p.has(path+"."+name, want) // 'pull_request' in body
		}
	}
	v, all := p.operand(x, in), p.operand(list, in)
	switch {
	case all.isEmpty():
		return !want && v.isReadable()
	case all.form == listForm && want:
		return slices.ContainsFunc(all.items, func(item operand) bool { return v.equals(item, true) })
	case all.form == listForm:
		return !slices.ContainsFunc(all.items, func(item operand) bool { return !v.equals(item, false) })
	}
	return all.isHarmless() && v.isHarmless()
}

// macro reports whether the value of exists, all or exists_one may be want.
func (p *passer) macro(c ast.ComprehensionExpr, want bool, in *scope) bool {
	list := p.operand(c.IterRange(), in)
	kind := macroOf(c)
	pred, ok := predicateOf(c, kind)
	if !ok || kind == otherMacro {
		return false
	}
	if list.isEmpty() {
		return want == (kind == allMacro)
	}
	holds := func(item operand, want bool) bool {
		return p.pass(pred, want, &scope{c.IterVar(), item, in})
	}
	items := list.items
	switch list.form {
	case listForm:
	case valueForm:
		items = []operand{p.at(list.path)}
	case mixture:
		items = []operand{list}
	default:
		return false
	}
	switch {
	case kind == oneMacro:
		return !slices.ContainsFunc(items, func(x operand) bool { return !holds(x, want) })
	case (kind == allMacro) == want:
		return !slices.ContainsFunc(items, func(x operand) bool { return !holds(x, want) })
	}
	return slices.ContainsFunc(items, func(x operand) bool { return holds(x, want) })
}

type macroKind int

const (
	otherMacro macroKind = iota
	allMacro
	existsMacro
	oneMacro
	listMacro // map and filter
)

// macroOf returns the macro of a comprehension, which has another first value for each.
func macroOf(c ast.ComprehensionExpr) macroKind {
	first := c.AccuInit()
	switch {
	case c.HasIterVar2():
	case first.Kind() == ast.ListKind:
		return listMacro
	case isBool(first) && literalBool(first):
		return allMacro
	case isBool(first):
		return existsMacro
	case first.Kind() == ast.LiteralKind:
		return oneMacro
	}
	return otherMacro
}

// predicateOf returns the condition of a macro: the step of all is ACCU && PRED, that of
// exists ACCU || PRED, and that of exists_one PRED ? ACCU + 1 : ACCU.
func predicateOf(c ast.ComprehensionExpr, kind macroKind) (ast.Expr, bool) {
	step := c.LoopStep()
	if step.Kind() != ast.CallKind {
		return nil, false
	}
	args := step.AsCall().Args()
	switch name := step.AsCall().FunctionName(); {
	case len(args) == 2 && (name == operators.LogicalAnd || name == operators.LogicalOr) && (kind == allMacro || kind == existsMacro):
		return args[1], true
	case len(args) == 3 && name == operators.Conditional && kind == oneMacro:
		return args[0], true
	}
	return nil, false
}

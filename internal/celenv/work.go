package celenv

import (
	"errors"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/interpreter"
)

// cel-go has a limit of its own, but counts most calls as one unit, whatever their
// arguments, and afterwards: "aaa".replace("a", x) can have allocated any amount of memory by
// then. And what it remembers for counting grows with each step, so that a limit of ten
// million steps takes minutes. So the steps are counted here, and the work of a call before it
// is made.

// maxCall is the maximum work of one call, in bytes that are read or written.
const maxCall = 16 << 20

// ErrBudget is the error of an evaluation that takes too long or needs too much memory.
var ErrBudget = errors.New("the expressions take too long to evaluate")

// A Budget bounds the steps of several evaluations. A step takes some tenths of a
// microsecond. Nil is no bound.
type Budget struct {
	left      uint64
	exhausted bool
}

// NewBudget returns a budget of steps.
func NewBudget(steps uint64) *Budget { return &Budget{left: steps} }

// Exhausted reports whether an evaluation did not end within its limit or the budget.
func (b *Budget) Exhausted() bool { return b != nil && b.exhausted }

func (b *Budget) exhaust() {
	if b != nil {
		b.exhausted = true
	}
}

// spend reports whether there are some steps left, for work that is no evaluation.
func (b *Budget) spend(steps uint64) bool {
	if b == nil {
		return true
	}
	if steps > b.left {
		b.left, b.exhausted = 0, true
	}
	b.left -= min(steps, b.left)
	return !b.exhausted
}

// compiling returns the steps of compiling an expression with a number of calls: the checker
// copies what it knows about types for each.
func compiling(calls int) uint64 { return uint64(calls) * uint64(calls) / 2 }

// eachEvaluation is what every evaluation costs, however short the expression is.
const eachEvaluation = 100

// evaluate evaluates a checked expression with a limit, and within the budget. The error is
// [ErrBudget] if it exceeds one of them.
func (b *Budget) evaluate(env *cel.Env, checked *cel.Ast, limit uint64, data map[string]any) (ref.Val, error) {
	if b != nil {
		if b.exhausted || b.left < eachEvaluation {
			b.exhausted = true
			return nil, ErrBudget
		}
		b.left -= eachEvaluation
		limit = min(limit, b.left)
	}
	m := &meter{env: env, left: limit}
	program, err := env.Program(checked, cel.CustomDecoratorV2(m.decorate))
	if err != nil {
		return nil, err
	}
	value, _, err := program.Eval(data)
	if b != nil {
		b.left -= limit - m.left
	}
	if _, ok := errors.AsType[interpreter.EvalCancelledError](err); ok {
		b.exhaust()
		return nil, ErrBudget
	}
	return value, err
}

// meter counts the steps of an evaluation.
type meter struct {
	env  *cel.Env
	left uint64
}

// spend ends the evaluation if there are not enough steps left.
func (m *meter) spend(steps uint64) {
	if steps > m.left {
		m.left = 0
		panic(interpreter.EvalCancelledError{Message: ErrBudget.Error(), Cause: interpreter.CostLimitExceeded}) //nolint:forbidigo // cel-go recovers it; || and && would absorb an error value
	}
	m.left -= steps
}

// decorate makes a part of an expression count its steps.
func (m *meter) decorate(i interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	switch i := i.(type) {
	case interpreter.InterpretableAttribute, interpreter.InterpretableConst:
		return i, nil // cel-go looks at their types
	case interpreter.InterpretableCall:
		if weighed[i.Function()] {
			apply, err := implementation(m.env, i)
			if err != nil {
				return nil, err
			}
			if apply != nil {
				return &weighedCall{i, m, apply}, nil
			}
		}
	}
	return &counted{i, m}, nil
}

// counted is a part of an expression that counts as one step.
type counted struct {
	interpreter.InterpretableV2
	meter *meter
}

// Exec evaluates the part.
func (c *counted) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	c.meter.spend(1)
	return c.InterpretableV2.Exec(frame)
}

// Eval evaluates the part.
func (c *counted) Eval(vars interpreter.Activation) ref.Val { return c.Exec(interpreter.AsFrame(vars)) }

// weighed are the functions whose work depends on their arguments. Some have results that
// are larger than their arguments, or take longer than reading them.
var weighed = map[string]bool{
	"replace": true, "join": true, "format": true, "split": true, "lists.range": true, "flatten": true, "distinct": true,
	"sort": true, "reverse": true, "slice": true, "@sortByAssociatedKeys": true, "indexOf": true, "lastIndexOf": true,
	"lowerAscii": true, "upperAscii": true, "trim": true, "substring": true, "charAt": true, "strings.quote": true, "size": true,
	"contains": true, "startsWith": true, "endsWith": true, "matches": true, "string": true, "bytes": true,
	operators.Add: true, operators.In: true, operators.Equals: true, operators.NotEquals: true,
}

// implementation returns the function that a call calls, nil if it is not known.
func implementation(env *cel.Env, call interpreter.InterpretableCall) (func(args []ref.Val) ref.Val, error) {
	switch call.Function() { // which are no functions for cel-go
	case operators.Equals:
		return func(args []ref.Val) ref.Val { return types.Equal(args[0], args[1]) }, nil
	case operators.NotEquals:
		return func(args []ref.Val) ref.Val { return types.Bool(types.Equal(args[0], args[1]) != types.True) }, nil
	}
	declared, ok := env.Functions()[call.Function()]
	if !ok {
		return nil, nil
	}
	overloads, err := declared.Bindings()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{call.OverloadID(), call.Function()} {
		for _, o := range overloads {
			has := func(args []ref.Val) bool { return o.OperandTrait == 0 || args[0].Type().HasTrait(o.OperandTrait) }
			switch {
			case o.Operator != name:
			case o.Unary != nil && len(call.Args()) == 1:
				return func(args []ref.Val) ref.Val { return o.Unary(args[0]) }, nil
			case o.Binary != nil && len(call.Args()) == 2:
				return func(args []ref.Val) ref.Val {
					if !has(args) {
						return types.MaybeNoSuchOverloadErr(args[0])
					}
					return o.Binary(args[0], args[1])
				}, nil
			case o.Function != nil:
				return func(args []ref.Val) ref.Val { return o.Function(args...) }, nil
			}
		}
	}
	return nil, nil
}

// weighedCall is a call whose work is estimated before it is made.
type weighedCall struct {
	interpreter.InterpretableCall
	meter *meter
	apply func(args []ref.Val) ref.Val
}

// Exec evaluates the arguments and calls the function.
func (c *weighedCall) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	args := make([]ref.Val, len(c.Args()))
	for i, arg := range c.Args() {
		if args[i] = arg.Exec(frame); types.IsUnknownOrError(args[i]) {
			return args[i]
		}
	}
	n := work(c.Function(), args)
	if n > maxCall {
		c.meter.spend(c.meter.left + 1)
	}
	c.meter.spend(1 + uint64(n)/10)
	return types.LabelErrNode(c.ID(), c.apply(args))
}

// Eval evaluates the call.
func (c *weighedCall) Eval(vars interpreter.Activation) ref.Val {
	return c.Exec(interpreter.AsFrame(vars))
}

// work estimates the bytes that a call reads and writes.
func work(function string, args []ref.Val) int {
	text := func(i int) string {
		if i < len(args) {
			s, _ := args[i].(types.String)
			return string(s)
		}
		return ""
	}
	items := func(i int) int {
		if i < len(args) {
			if l, ok := args[i].(traits.Lister); ok {
				n, _ := l.Size().(types.Int)
				return 16 * int(n)
			}
		}
		return 0
	}
	n := 0
	switch function {
	case "replace":
		times := strings.Count(text(0), text(1))
		if len(args) > 3 {
			if most, ok := args[3].(types.Int); ok && most >= 0 {
				times = int(min(int64(times), int64(most)))
			}
		}
		n = len(text(0)) + times*len(text(2))
	case "join":
		n = sizeOf(args[0], maxCall)
		n += items(0) / 16 * len(text(1))
	case "format":
		n = len(text(0)) + sizeOf(args[len(args)-1], maxCall)
	case "split":
		n = len(text(0)) + 16*strings.Count(text(0), text(1))
	case "lists.range":
		count, _ := args[0].(types.Int)
		n = 16 * int(min(max(count, 0), maxCall))
	case "distinct": // compares each with each
		n = items(0) / 16
		n *= min(n, maxCall)
	case "flatten":
		n = sizeOf(args[0], maxCall)
	case "sort", "reverse", "slice", "@sortByAssociatedKeys":
		n = items(0) + len(text(0))
	case "indexOf", "lastIndexOf":
		n = len(text(0)) / 16 * (1 + len(text(1)))
	case "lowerAscii", "upperAscii", "trim", "substring", "charAt", "strings.quote", "size", "string", "bytes":
		n = len(text(0))
	case "contains", "startsWith", "endsWith":
		n = len(text(0)) + len(text(1))
	case "matches": // compiles the expression, too
		n = (1+len(text(0))/4)*(1+len(text(1))/4) + 100*len(text(1))
	case operators.Equals, operators.NotEquals:
		n = min(sizeOf(args[0], maxCall), sizeOf(args[1], maxCall))
	case operators.In:
		n = items(1) + sizeOf(args[0], maxCall)
	case operators.Add: // lists are only linked, but somebody will read them
		n = len(text(0)) + len(text(1)) + items(0) + items(1)
	}
	return n
}

// sizeOf returns the approximate size of a value, as far as it has been counted when it
// exceeds a limit.
func sizeOf(v ref.Val, most int) int {
	n := 16
	switch v := v.(type) {
	case types.String:
		n += len(v)
	case types.Bytes:
		n += len(v)
	case traits.Mapper:
		for it := v.Iterator(); it.HasNext() == types.True && n <= most; {
			key := it.Next()
			n += sizeOf(key, most-n) + sizeOf(v.Get(key), most-n)
		}
	case traits.Lister:
		for it := v.Iterator(); it.HasNext() == types.True && n <= most; {
			n += sizeOf(it.Next(), most-n)
		}
	}
	return n
}

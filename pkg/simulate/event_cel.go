package simulate

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http" //nolint:depguard // Tekton's interceptors are handlers, called in this process
	"slices"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/interceptors"
	triggerscel "github.com/tektoncd/triggers/pkg/interceptors/cel"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/secrets"
)

// explain adds what the interceptor cel looked at. It has already decided.
func (c *chain) explain(seen *InterceptorResult, r *v1beta1.InterceptorRequest, values *secretValues) {
	var p triggerscel.InterceptorParams
	if err := interceptors.UnmarshalParams(r.InterceptorParams, &p); err != nil {
		return
	}
	seen.Filter = p.Filter
	if seen.Passed {
		for _, o := range p.Overlays {
			seen.Overlays = append(seen.Overlays, EventOverlay(o))
		}
		return
	}
	e, err := newCELEvent(c.namespace, r, values)
	if err != nil {
		return // the body is no object, as the message says
	}
	if p.Filter != "" {
		if whole := e.condition(p.Filter); whole.Value != "true" {
			seen.Conditions = e.conditions(p.Filter, whole)
			return
		}
	}
	for _, o := range p.Overlays {
		if one := e.condition(o.Expression); one.Error != "" {
			seen.Conditions = []EventCondition{one}
			return
		}
	}
}

// celEvent is an event as expressions see it.
type celEvent struct {
	env  *cel.Env
	data map[string]any
}

// newCELEvent does what makeCelEnv and makeEvalContext of the interceptor do.
func newCELEvent(namespace string, r *v1beta1.InterceptorRequest, values *secretValues) (*celEvent, error) {
	object := cel.MapType(cel.StringType, cel.DynType)
	env, err := cel.NewEnv(
		triggerscel.Triggers(context.Background(), namespace, values),
		ext.Strings(), ext.Encoders(), ext.Sets(), ext.Lists(), ext.Math(),
		cel.Variable("body", object),
		cel.Variable("header", object),
		cel.Variable("extensions", object),
		cel.Variable("requestURL", cel.StringType),
	)
	if err != nil {
		return nil, err
	}
	body := map[string]any{}
	if r.Body != "" {
		if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
			return nil, err
		}
	}
	extensions := r.Extensions
	if extensions == nil {
		extensions = map[string]any{}
	}
	return &celEvent{env, map[string]any{
		"body": body, "header": http.Header(r.Header), "requestURL": r.Context.EventURL, "extensions": extensions,
	}}, nil
}

// conditions are the parts of a filter, or the filter if it has no parts.
func (e *celEvent) conditions(filter string, whole EventCondition) []EventCondition {
	parsed, issues := e.env.Parse(filter)
	if issues.Err() != nil {
		return []EventCondition{whole}
	}
	var out []EventCondition
	for _, part := range celenv.Conjuncts(parsed) {
		out = append(out, e.condition(part))
	}
	if !slices.ContainsFunc(out, func(c EventCondition) bool { return c.Value != "true" }) {
		return []EventCondition{whole}
	}
	return out
}

// condition evaluates an expression.
func (e *celEvent) condition(text string) (out EventCondition) {
	out.Expression = text
	defer func() {
		if v := recover(); v != nil {
			out.Error = fmt.Sprintf("the code of Tekton panics: %v", v)
		}
	}()
	compiled, issues := e.env.Compile(text)
	if issues.Err() != nil {
		out.Error = issues.Err().Error()
		return out
	}
	o := operands{celEvent: e}
	o.visit(compiled.NativeRep().Expr())
	out.Operands = o.found
	program, err := e.env.Program(compiled, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		out.Error = err.Error()
		return out
	}
	value, _, err := program.Eval(e.data)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	if out.Value = fmt.Sprint(value.Value()); value.Type() != types.BoolType {
		out.Value = "a value of type " + value.Type().TypeName()
	}
	return out
}

// operands finds the parts of the event in an expression.
type operands struct {
	*celEvent
	found []EventValue
}

func (o *operands) add(name string, value any, ok bool) {
	v := EventValue{Name: name, Missing: !ok}
	if ok {
		v.Value = shown(name, value)
	}
	if !slices.Contains(o.found, v) {
		o.found = append(o.found, v)
	}
}

// shown is a value as text, or stars for one that nobody should see.
func shown(name string, value any) string {
	text, ok := value.(string)
	if !ok {
		raw, err := json.Marshal(value)
		if err != nil {
			return "?"
		}
		text = string(raw)
	}
	last := strings.TrimRight(name, `"]`)
	last = last[strings.LastIndexAny(last, `."[ `)+1:]
	if lower := strings.ToLower(name); strings.Contains(lower, "signature") || strings.Contains(lower, "-token") ||
		strings.Contains(lower, "authorization") || secrets.Named(last, false) && secrets.Valued(last, text) {
		return printable.Hidden
	}
	return secrets.Addresses(text)
}

func (o *operands) visit(e ast.Expr) {
	if name, value, ok := o.chain(e); name != "" {
		o.add(name, value, ok)
		return
	}
	switch e.Kind() {
	case ast.CallKind:
		call := e.AsCall()
		if f := call.FunctionName(); call.IsMemberFunction() && (f == "match" || f == "canonical") && isHeader(call.Target()) {
			if key, ok := textOf(call.Args()[0]); ok {
				all := o.data["header"].(http.Header).Values(key)
				o.add("header "+http.CanonicalHeaderKey(key), strings.Join(all, ","), len(all) > 0)
				return
			}
		}
		if call.IsMemberFunction() {
			o.visit(call.Target())
		}
		for _, a := range call.Args() {
			o.visit(a)
		}
	case ast.SelectKind:
		o.visit(e.AsSelect().Operand())
	case ast.ListKind:
		for _, a := range e.AsList().Elements() {
			o.visit(a)
		}
	case ast.MapKind:
		for _, a := range e.AsMap().Entries() {
			o.visit(a.AsMapEntry().Key())
			o.visit(a.AsMapEntry().Value())
		}
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		for _, a := range []ast.Expr{c.IterRange(), c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result()} {
			o.visit(a)
		}
	}
}

func isHeader(e ast.Expr) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == "header" }

func textOf(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().Value().(string)
	return s, ok
}

// chain returns the name and the value of a field of the event, such as body.head.ref. The
// name is empty if the expression is another one.
func (o *operands) chain(e ast.Expr) (name string, value any, ok bool) {
	name, value, ok = o.field(e)
	switch name {
	case "body", "header", "extensions": // all of it
		return "", nil, false
	}
	return name, value, ok
}

func (o *operands) field(e ast.Expr) (name string, value any, ok bool) {
	switch e.Kind() {
	case ast.IdentKind:
		if value, ok = o.data[e.AsIdent()]; ok {
			return e.AsIdent(), value, true
		}
	case ast.SelectKind:
		s := e.AsSelect()
		name, in, found := o.field(s.Operand())
		if name == "" {
			return "", nil, false
		}
		value, ok = within(in, s.FieldName())
		return name + "." + s.FieldName(), value, ok && found
	case ast.CallKind:
		call := e.AsCall()
		if call.FunctionName() != operators.Index || call.Args()[1].Kind() != ast.LiteralKind {
			return "", nil, false
		}
		name, in, found := o.field(call.Args()[0])
		if name == "" {
			return "", nil, false
		}
		key := call.Args()[1].AsLiteral().Value()
		value, ok = within(in, key)
		if text, isText := key.(string); isText {
			key = fmt.Sprintf("%q", text)
		}
		return fmt.Sprintf("%s[%v]", name, key), value, ok && found
	}
	return "", nil, false
}

// within returns a part of a value.
func within(in, key any) (any, bool) {
	switch in := in.(type) {
	case map[string]any:
		name, _ := key.(string)
		v, ok := in[name]
		return v, ok
	case http.Header:
		name, _ := key.(string)
		v, ok := in[name]
		return v, ok
	case []any:
		if i, ok := key.(int64); ok && i >= 0 && i < int64(len(in)) {
			return in[i], true
		}
	case []string:
		if i, ok := key.(int64); ok && i >= 0 && i < int64(len(in)) {
			return in[i], true
		}
	}
	return nil, false
}

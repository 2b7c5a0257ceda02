package plan

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Run executes a function and returns what it describes.
func Run(f *Func) (manifest.Source, error) {
	v, err := runFunc(f)
	if err != nil {
		return nil, err
	}
	if out, ok := reflect.TypeAssert[*made](v); ok {
		return out.Pipeline, nil
	}
	s, ok := reflect.TypeAssert[manifest.Source](v)
	if !ok {
		return nil, fmt.Errorf("%s returns %s", f.Name, v.Type())
	}
	return s, nil
}

func runFunc(f *Func) (reflect.Value, error) {
	fr := &frame{vars: map[*Var]reflect.Value{}}
	if err := fr.run(f.Body); err != nil {
		return reflect.Value{}, fmt.Errorf("%s: %w", f.Name, err)
	}
	v, err := fr.eval(f.Returns, nil)
	if err != nil || f.Struct == "" {
		return v, err
	}
	p, ok := reflect.TypeAssert[*builder.Pipeline](v)
	if !ok {
		return v, fmt.Errorf("%s: a struct embeds %s", f.Name, v.Type())
	}
	out := &made{Pipeline: p, fields: fields{}}
	return reflect.ValueOf(out), fr.fill(out.fields, f.Out, f.Values)
}

// fields has the values of a struct that exists only as a Type.
type fields map[string]reflect.Value

// made is a pipeline with handles.
type made struct {
	*builder.Pipeline
	fields
}

func (m *made) field(name string) (reflect.Value, bool) {
	if name == "Pipeline" {
		return reflect.ValueOf(m.Pipeline), true
	}
	return m.fields.field(name)
}

// has is implemented by values with fields.
type has interface {
	field(string) (reflect.Value, bool)
}

func (f fields) field(name string) (reflect.Value, bool) {
	v, ok := f[name]
	return v, ok
}

// task is a value of a task type.
type task struct {
	decl *Type
	fields
	run *failure
}

// output is what the Define method of a task type returns.
type output struct {
	*builder.PipelineTask
	fields
}

// action is a value of a StepAction type.
type action struct {
	decl *Type
	fields
	run *failure
}

// actionOutput is what the Define method of a StepAction type returns.
type actionOutput struct {
	*builder.Step
	fields
}

// failure is the first error in a Define method, which cannot return it.
type failure struct{ err error }

func (t task) TaskName() string { return t.decl.Object }

// Define executes the body of the type.
func (t task) Define(b *builder.Task) *output {
	out := &output{b.PipelineTask(), fields{}}
	t.run.define(t.decl, t.fields, reflect.ValueOf(b), out.fields)
	return out
}

func (a action) StepActionName() string { return a.decl.Object }

// Define executes the body of the type.
func (a action) Define(b *builder.StepAction) *actionOutput {
	out := &actionOutput{b.Step(), fields{}}
	a.run.define(a.decl, a.fields, reflect.ValueOf(b), out.fields)
	return out
}

func (f *failure) define(t *Type, in fields, param reflect.Value, out fields) {
	fr := &frame{vars: map[*Var]reflect.Value{t.In: reflect.ValueOf(in), t.Param: param}, failed: f}
	err := fr.run(t.Body)
	if err == nil {
		err = fr.fill(out, t.Out, t.Returns)
	}
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("%s: %w", t.Name, err)
	}
}

// frame has the variables of a function.
type frame struct {
	outer  *frame
	vars   map[*Var]reflect.Value
	failed *failure // of the Define methods that were called
}

func (fr *frame) run(body []Stmt) error {
	if fr.failed == nil {
		fr.failed = &failure{}
	}
	for _, s := range body {
		v, err := fr.eval(s.Expr, nil)
		if err != nil {
			return err
		}
		if s.Var != nil {
			fr.vars[s.Var] = v
		}
	}
	return fr.failed.err
}

// fill evaluates the values of the fields of a struct.
func (fr *frame) fill(into fields, decl []Field, values []Set) error {
	for _, f := range decl {
		for _, s := range values {
			if s.Field != f.Name {
				continue
			}
			v, err := fr.eval(s.Value, typeOf(f))
			if err != nil {
				return err
			}
			into[f.Name] = v
		}
	}
	return nil
}

func (fr *frame) lookup(v *Var) (reflect.Value, error) {
	for f := fr; f != nil; f = f.outer {
		if x, ok := f.vars[v]; ok {
			return x, nil
		}
	}
	return reflect.Value{}, fmt.Errorf("variable %s is used before it is declared", v.Name)
}

// eval returns the value of an expression. Constants get the type that is wanted, if there
// is one; other values must have it.
func (fr *frame) eval(e Expr, want reflect.Type) (reflect.Value, error) {
	v, err := fr.value(e, want)
	if err != nil || want == nil || !v.IsValid() {
		return v, err
	}
	if !v.Type().AssignableTo(want) {
		return v, fmt.Errorf("%s is used as %s", v.Type(), want)
	}
	return v, nil
}

func (fr *frame) value(e Expr, want reflect.Type) (reflect.Value, error) {
	switch e := e.(type) {
	case Text:
		return constant(string(e), want), nil
	case Int:
		return number(int64(e), want), nil
	case Octal:
		return number(int64(e), want), nil
	case Span:
		return reflect.ValueOf(time.Duration(e)), nil
	case Const:
		v, ok := constants[string(e)]
		if !ok {
			return v, fmt.Errorf("package builder has no constant %s", string(e))
		}
		return v, nil
	case Join:
		return fr.join(e, want)
	case Literal:
		return reflect.ValueOf(e.Value), nil
	case *Var:
		return fr.lookup(e)
	case Select:
		return fr.selected(e)
	case *Call:
		return fr.call(e)
	case Make:
		return fr.make(e)
	case Map:
		return fr.mapped(e, want)
	case Change:
		return e.function()
	case Inline:
		return fr.inline(e), nil
	case Pick:
		return reflect.ValueOf(func(o *output) builder.String {
			v, ok := o.fields[e.Field]
			if !ok {
				return ""
			}
			s, _ := reflect.TypeAssert[builder.String](v)
			return s
		}), nil
	case New:
		return runFunc(e.Func)
	case Embedded:
		if e.Bytes {
			return reflect.ValueOf([]byte(e.Text)), nil
		}
		return reflect.ValueOf(e.Text), nil
	case Convert:
		return constant(e.Text, types[e.Kind]), nil
	}
	return reflect.Value{}, fmt.Errorf("unknown expression %T", e)
}

// constant returns an untyped string constant as the type that is wanted.
func constant(s string, want reflect.Type) reflect.Value {
	v := reflect.ValueOf(s)
	if want != nil && want.Kind() == reflect.String {
		return v.Convert(want)
	}
	return v
}

func number(n int64, want reflect.Type) reflect.Value {
	if want != nil && (want.Kind() == reflect.Int64 || want.Kind() == reflect.Int32) {
		return reflect.ValueOf(n).Convert(want)
	}
	return reflect.ValueOf(int(n))
}

// join joins texts. As in Go, all that are not constants must have the same type.
func (fr *frame) join(list Join, want reflect.Type) (reflect.Value, error) {
	var b strings.Builder
	var typ reflect.Type
	for _, e := range list {
		v, err := fr.value(e, nil)
		if err != nil {
			return v, err
		}
		if v.Kind() != reflect.String {
			return v, fmt.Errorf("%s is joined to a text", v.Type())
		}
		if _, ok := e.(Text); !ok {
			if typ != nil && typ != v.Type() {
				return v, fmt.Errorf("%s is joined to %s", typ, v.Type())
			}
			typ = v.Type()
		}
		b.WriteString(v.String())
	}
	if typ == nil {
		return constant(b.String(), want), nil
	}
	return reflect.ValueOf(b.String()).Convert(typ), nil
}

func (fr *frame) selected(e Select) (reflect.Value, error) {
	on, err := fr.lookup(e.On)
	if err != nil {
		return on, err
	}
	h, ok := reflect.TypeAssert[has](on)
	if !ok {
		return on, fmt.Errorf("%s has no field %s", on.Type(), e.Field)
	}
	v, ok := h.field(e.Field)
	if !ok {
		return v, fmt.Errorf("%s has no field %s", e.On.Name, e.Field)
	}
	return v, nil
}

func (fr *frame) make(e Make) (reflect.Value, error) {
	values := fields{}
	for _, f := range e.Type.Fields {
		values[f.Name] = reflect.Zero(typeOf(f))
	}
	set := fields{}
	if err := fr.fill(set, e.Type.Fields, e.Fields); err != nil {
		return reflect.Value{}, err
	}
	maps.Copy(values, set)
	if len(set) != len(e.Fields) {
		return reflect.Value{}, fmt.Errorf("a value of %s sets an unknown field", e.Type.Name)
	}
	if e.Type.Action {
		return reflect.ValueOf(action{e.Type, values, fr.failed}), nil
	}
	return reflect.ValueOf(task{e.Type, values, fr.failed}), nil
}

func (fr *frame) mapped(e Map, want reflect.Type) (reflect.Value, error) {
	if want == nil || want.Kind() != reflect.Map {
		return reflect.Value{}, errors.New("a map is used as something else")
	}
	m := reflect.MakeMapWithSize(want, len(e.Entries))
	for _, entry := range e.Entries {
		v, err := fr.eval(entry.Value, want.Elem())
		if err != nil {
			return v, err
		}
		m.SetMapIndex(reflect.ValueOf(entry.Key), v)
	}
	return m, nil
}

// call calls a method or a function.
func (fr *frame) call(e *Call) (reflect.Value, error) {
	var f reflect.Value
	if e.On != nil {
		on, err := fr.value(e.On, nil)
		if err != nil {
			return on, err
		}
		if f = on.MethodByName(e.Func); !f.IsValid() {
			return f, fmt.Errorf("%s has no method %s", on.Type(), e.Func)
		}
	} else {
		var ok bool
		if f, ok = functions[e.Func]; !ok {
			return f, fmt.Errorf("package builder has no function %s", e.Func)
		}
	}
	t := f.Type()
	if len(e.Args) < t.NumIn() && !(t.IsVariadic() && len(e.Args) == t.NumIn()-1) || len(e.Args) > t.NumIn() && !t.IsVariadic() {
		return f, fmt.Errorf("%s is called with %d arguments", e.Func, len(e.Args))
	}
	in := make([]reflect.Value, len(e.Args))
	for i, a := range e.Args {
		want := t.In(min(i, t.NumIn()-1))
		if t.IsVariadic() && i >= t.NumIn()-1 {
			want = want.Elem()
		}
		v, err := fr.eval(a, want)
		if err != nil {
			return v, fmt.Errorf("%s: %w", e.Func, err)
		}
		in[i] = v
	}
	out := f.Call(in)
	if fr.failed != nil && fr.failed.err != nil {
		return f, fr.failed.err
	}
	if len(out) == 0 {
		return reflect.ValueOf(struct{}{}), nil
	}
	return out[0], nil
}

func (fr *frame) inline(e Inline) reflect.Value {
	return reflect.ValueOf(func(t *builder.Task) {
		in := &frame{outer: fr, vars: map[*Var]reflect.Value{e.Param: reflect.ValueOf(t)}, failed: fr.failed}
		if err := in.run(e.Body); err != nil && fr.failed.err == nil {
			fr.failed.err = err
		}
	})
}

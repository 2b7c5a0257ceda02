package builder

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/handle"
)

// This file inspects the structs of inputs and outputs by reflection, so that a
// finding can name the field, and so that values are checked that Define never
// declares.

var (
	stringType       = reflect.TypeFor[String]()
	arrayType        = reflect.TypeFor[Array]()
	objectType       = reflect.TypeFor[Object]()
	workspaceType    = reflect.TypeFor[Workspace]()
	pipelineTaskType = reflect.TypeFor[*PipelineTask]()
)

// typeName returns the name of a task type as the user writes it:
// tasks.GitClone.
func typeName(task any) string {
	t := reflect.TypeOf(task)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.String()
}

// structOf returns the struct that v is or points to, or the zero Value if there
// is none.
func structOf(v any) reflect.Value {
	r := reflect.ValueOf(v)
	for r.Kind() == reflect.Pointer || r.Kind() == reflect.Interface {
		if r.IsNil() {
			return reflect.Value{}
		}
		r = r.Elem()
	}
	if r.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	return r
}

// eachField calls visit for the exported fields of a struct, including those of
// embedded structs.
func eachField(v reflect.Value, visit func(name string, f reflect.Value)) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			eachField(v.Field(i), visit)
			continue
		}
		if f.IsExported() {
			visit(f.Name, v.Field(i))
		}
	}
}

// checkInputs reports what is wrong with the values of a task's fields,
// whether or not Define declares them.
func (t *PipelineTask) checkInputs(task any) { t.checkInputsAt(t.at, task) }

// checkInputsAt is checkInputs for inputs that are set at another place.
func (t *PipelineTask) checkInputsAt(at place, task any) {
	v := structOf(task)
	if !v.IsValid() {
		return
	}
	owner := typeName(task)
	eachField(v, func(name string, f reflect.Value) {
		where := "field " + name + " of " + owner
		if f.IsZero() {
			t.unset = append(t.unset, unsetField{name, f.Type()})
		}
		switch f.Type() {
		case stringType:
			t.checkInput(at, where, f.Interface().(String), inputString)
		case arrayType:
			t.checkArray(at, where, f.Interface().(Array))
		case objectType:
			t.checkObject(at, where, f.Interface().(Object))
		case workspaceType:
			t.checkWorkspace(at, where, f.Interface().(Workspace))
		}
	})
}

// checkBound reports what is wrong with the value that Define sets a param to.
func (t *PipelineTask) checkBound(in *input) {
	where := "param " + quote(in.name)
	switch in.kind {
	case arrayKind:
		t.checkArray(in.at, where, in.array)
	case objectKind:
		t.checkObject(in.at, where, in.object)
	default:
		t.checkInput(in.at, where, in.str, inputString)
	}
}

func (t *PipelineTask) checkArray(at place, where string, a Array) {
	for _, s := range a.list() {
		t.checkInput(at, where, s, inputItem)
	}
}

func (t *PipelineTask) checkObject(at place, where string, o Object) {
	if o.d == nil {
		return
	}
	t.checkInput(at, where, String(o.d.whole), inputItem)
	for _, k := range slices.Sorted(maps.Keys(o.d.fields)) {
		t.wiring(t.scope.problems, false).key(at, where, k)
		t.checkInput(at, where, o.d.fields[k], inputPath)
	}
}

// inputUse is where a value is used.
type inputUse int

const (
	inputString inputUse = iota // an axis is allowed where the task is matrixed
	inputItem                   // an item of a list: All is allowed
	inputPath                   // neither
)

func (t *PipelineTask) checkInput(at place, where string, s String, use inputUse) {
	if handle.Plain(string(s)) {
		return
	}
	if t.checked == nil {
		t.checked = map[checkedInput]bool{}
	}
	if t.checked[checkedInput{s, use}] {
		return
	}
	t.checked[checkedInput{s, use}] = true
	if t.ownUse(at, where, s) {
		return
	}
	if use == inputString && t.matrixed && !t.including {
		if tok, ok := handle.Single(string(s)); ok && tok.Form == handle.Each {
			t.checkAxis(at, where, decodeAxis(tok.Expr))
			return
		}
		if axes, rest := withoutAxes(s); axes != nil {
			for _, x := range axes {
				t.checkAxis(at, where, x)
			}
			s = rest
		}
	}
	if !t.wiring(t.scope.problems, use == inputItem).check(at, where, string(s)) && holdsEach(string(s)) {
		t.axisLost = true
	}
}

func (t *PipelineTask) checkAxis(at place, where string, x axis) {
	if !x.Set {
		t.scope.reportf(at, "each-misplaced", "%s uses Each of an array that is not set", where).
			Help = "pass Each a param, a result, or a list made by Strings"
	}
	items := x.Items
	if x.Whole != "" {
		items = []String{String(x.Whole)}
	}
	for _, item := range items {
		t.checkInput(at, where, item, inputItem)
	}
}

func holdsEach(s string) bool {
	if handle.Plain(s) {
		return false
	}
	parts, _ := handle.Parse(s)
	return slices.ContainsFunc(parts, func(p handle.Part) bool { return p.Token != nil && p.Token.Form == handle.Each })
}

// checkedInput is a value that has been checked, so that a mistake in a field is
// not reported again when Define passes the field on.
type checkedInput struct {
	s   String
	use inputUse
}

// wiring returns what values of the task's inputs may refer to.
func (t *PipelineTask) wiring(ps *problems, list bool) wiring {
	return wiring{problems: ps, owner: t.scope.owner, pipeline: t.pipeline, finally: t.finally, list: list, run: t.pipeline == nil, matrix: t.matrixed, include: t.including}
}

func (t *PipelineTask) checkWorkspace(at place, where string, w Workspace) {
	if w.d == nil || t.checkedMounts[w.d] {
		return
	}
	if t.checkedMounts == nil {
		t.checkedMounts = map[*workspace]bool{}
	}
	t.checkedMounts[w.d] = true
	report := func(help, format string, args ...any) {
		f := t.scope.reportf(at, "handle-foreign", where+" is workspace "+quote(w.name())+format, args...)
		f.Help, f.Subject = help, w.name()
	}
	switch {
	case t.pipeline == nil && w.d.scope != nil:
		report("use a workspace made by builder.NewWorkspace", " of pipeline %s, but the task runs without a pipeline", quote(w.d.scope.owner.Name))
	case t.pipeline != nil && w.d.scope == nil:
		report("declare it with the Workspace method of the pipeline", ", which does not belong to a pipeline")
	case t.pipeline != nil && w.d.scope != t.scope:
		report("declare the workspace in pipeline "+quote(t.scope.owner.Name), " of another pipeline, %s", quote(w.d.scope.owner.Name))
	}
	if w.d.sub != "" {
		t.checkInput(at, where, w.d.sub, inputPath)
	}
}

// hiding caches, per output type, the fields that hide a method of PipelineTask.
var hiding sync.Map // reflect.Type -> []string

func hides(t reflect.Type) []string {
	if v, ok := hiding.Load(t); ok {
		return v.([]string)
	}
	var names []string
	for f := range t.Fields() {
		if _, ok := pipelineTaskType.MethodByName(f.Name); ok && !f.Anonymous {
			names = append(names, f.Name)
		}
	}
	hiding.Store(t, names)
	return names
}

// checkOutputs reports handles that Define left unset, and output fields that
// hide a method of PipelineTask. out is a pointer: strings left unset are set to
// a value marked as a mistake, so that it is not reported again where they are
// used.
func (t *PipelineTask) checkOutputs(out any) {
	v := structOf(out)
	if !v.IsValid() || v.Type() == pipelineTaskType.Elem() {
		return
	}
	for _, name := range hides(v.Type()) {
		t.scope.reportf(t.at, "output-hides-method", "field %s of %s hides the method %s of PipelineTask", name, v.Type(), name).
			Help = "rename the field"
	}
	eachField(v, func(name string, f reflect.Value) {
		unset := false
		switch f.Type() {
		case stringType:
			unset = f.String() == ""
		case arrayType, objectType:
			unset = f.IsZero()
		}
		if unset {
			if f.Type() == stringType && f.CanSet() {
				f.SetString(t.scope.token(handle.Bad, harmless))
			}
			t.scope.reportf(t.at, "output-unset", "%s leaves field %s of %s unset", t.task.typeName, name, v.Type()).
				Help = "set it to the Value of a result in Define, or remove the field"
		}
	})
}

// unsetField is a field of a task type that the caller did not set.
type unsetField struct {
	name string
	kind reflect.Type
}

// feeds returns the name of the field that sets a param or a workspace without a
// value, or "" if that is unclear. It is the unset field with the matching type
// and name, or the only unset field of the type if nothing else of that type
// lacks a value.
func (t *PipelineTask) feeds(kind reflect.Type, name string) string {
	var open []string
	for _, f := range t.unset {
		switch {
		case f.kind != kind:
		case sameName(f.name, name):
			return f.name
		default:
			open = append(open, f.name)
		}
	}
	lacking := 0
	for _, in := range t.params {
		if !in.isSet() && typeOf(in.kind) == kind {
			lacking++
		}
	}
	for _, m := range t.workspaces {
		if m.from.d == nil && kind == workspaceType {
			lacking++
		}
	}
	if len(open) == 1 && lacking == 1 {
		return open[0]
	}
	return ""
}

// typeOf returns the Go type of values of a kind.
func typeOf(k kind) reflect.Type {
	switch k {
	case arrayKind:
		return arrayType
	case objectKind:
		return objectType
	}
	return stringType
}

// sameName reports whether a Go field and a param have the same name, such as
// GoVersion and go-version.
func sameName(field, param string) bool {
	return strings.EqualFold(field, strings.NewReplacer("-", "", "_", "", ".", "").Replace(param))
}

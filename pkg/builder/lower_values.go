package builder

import (
	"maps"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// wiring describes where a value at pipeline scope is used, which determines what
// it may refer to.
type wiring struct {
	*problems
	owner    handle.Owner
	pipeline *Pipeline // nil for a task without one, and for runs
	finally  bool      // in a finally task: statuses are allowed
	result   bool      // in a pipeline result: results of finally tasks are allowed
	list     bool      // in a list: All is allowed
	matrix   bool      // in a matrix
	include  bool      // in an Include of a matrix
	run      bool      // in an argument of a run: only fields of events are allowed
	events   *[]EventField
}

// check reports whether a text at pipeline scope is valid, and records what is
// wrong with it. where describes the text and begins the message.
func (c wiring) check(at place, where, s string) bool {
	if handle.Plain(s) {
		return true
	}
	parts, fault := handle.Parse(s)
	if fault != handle.NoFault {
		c.fault(at, where, fault)
		return false
	}
	ok := true
	for _, p := range parts {
		if p.Token != nil && !c.checkToken(at, where, *p.Token, len(parts) == 1) {
			ok = false
		}
	}
	return ok
}

// checkObject records what is wrong with an object.
func (c wiring) checkObject(at place, where string, o Object) {
	if o.d == nil {
		return
	}
	list := c
	list.list = true
	list.check(at, where, o.d.whole)
	for _, k := range slices.Sorted(maps.Keys(o.d.fields)) {
		c.key(at, where, k)
		c.check(at, where, string(o.d.fields[k]))
	}
}

// key records a handle in a key of an object.
func (c wiring) key(at place, where, k string) {
	if !handle.Plain(k) {
		c.reportf(at, "handle-misplaced", "a key of %s contains a handle: %s", where, quote(k)).
			Help = "write it as plain text: Tekton replaces no variables here"
	}
}

// fault records a text with a damaged handle.
func (ps *problems) fault(at place, where string, f handle.Fault) {
	switch f {
	case handle.Quoted:
		ps.reportf(at, "handle-quoted", "%s contains a handle that was formatted with %%q", where).
			Help = "format it with %s, or join it to the text with +"
	case handle.NotUTF8:
		ps.reportf(at, "handle-sliced", "%s contains part of a handle, or is not valid UTF-8", where).
			Help = "do not slice, split or trim a handle: its value is known only at run time"
	default:
		ps.reportf(at, "handle-sliced", "%s contains part of a handle", where).
			Help = "do not slice, split or trim a handle: its value is known only at run time"
	}
}

// checkToken reports whether a handle may be used here, and records a problem if
// not. whole is true if the handle is the whole text.
func (c wiring) checkToken(at place, where string, t handle.Token, whole bool) bool {
	expr := quote(t.Text())
	report := func(code, message, help string) bool {
		f := c.problems.report(at, code, where+" "+message)
		f.Help, f.Subject = help, t.Expr
		return false
	}
	switch {
	case t.Form == handle.Bad:
		switch t.Mistake {
		case handle.AllOfList:
			return report("array-misplaced", "uses All of a list made by Strings", "pass the array itself, or list its items")
		case handle.NoItem:
			return report("index-invalid", "uses an index that is out of range", "use an index that is less than the number of items")
		case handle.NoKey:
			return report("key-unknown", "uses a key that the object does not have", "use one of its keys")
		case handle.NoField:
			return report("field-missing", "uses a field that is not defined for the event", "use another field, or read the value with Body")
		}
		return false // reported already
	case t.Form == handle.Each:
		named := decodeAxis(t.Expr).Name != ""
		switch {
		case !whole && !named:
			return report("each-misplaced", "joins Each to other text", "use builder.Axis instead of builder.Each, or join the text in the task")
		case c.include:
			return report("each-misplaced", "uses Each, but an include is a single combination", "pass a single value to the include")
		case c.matrix:
			return report("each-misplaced", "uses Each, but is not a string input of the task", "pass Each to a string input: the task runs once for each item")
		}
		return report("each-misplaced", "uses Each, but the task has no matrix", "add the task with builder.AddMatrix")
	case t.Owner.Scope == handle.Task || t.Owner.Scope == handle.Action:
		return report("scope-mixed", "uses "+expr+", an input of task "+quote(t.Owner.Name),
			"use a result of the task, or the value that its input is set to")
	case t.Owner.Scope.OfEvent() && !c.run:
		return report("scope-mixed", "uses "+expr+", a field of an event",
			"declare a param of the pipeline, use it here, and set it to the field in Run")
	case t.Owner.Scope.OfEvent():
		if c.events != nil {
			*c.events = append(*c.events, EventField{Text: String(t.String()), Position: at.Position()})
		}
		return true
	case c.run:
		return report("run-value", "uses "+expr+", which has a value only inside Pipeline "+quote(t.Owner.Name),
			"use plain text, or a field of the event that starts the run")
	case t.Owner.ID != c.owner.ID:
		help := "declare a param for it in pipeline " + quote(c.owner.Name)
		switch tekref.Parse(t.Expr).Kind {
		case tekref.TaskResult, tekref.TaskStatus, tekref.TasksStatus, tekref.MatrixLength:
			help = "use a result of a task of pipeline " + quote(c.owner.Name) + ": a result can be used only in its own pipeline"
		}
		return report("handle-foreign", "uses "+expr+" of another pipeline, "+quote(t.Owner.Name), help)
	case t.Form == handle.All && !(c.list && whole):
		return report("array-misplaced", "uses the whole array "+expr+" as a string",
			"pass All as an item of its own in a list, or use At for a single item")
	case t.Form == handle.Status && !c.finally:
		return report("status-misplaced", "uses "+expr+", which is available only in finally tasks",
			"add the task with builder.AddFinally")
	case t.Form == handle.Final && !c.result:
		return report("result-misplaced", "uses "+expr+", the result of a finally task",
			"use Publish: results of finally tasks can be used only in pipeline results")
	case t.Form == handle.Value && c.matrixedResult(t.Expr):
		return report("result-matrixed", "uses "+expr+" of a task with a matrix, which has one result for each combination",
			"use Collect, which returns the array of all results")
	}
	return true
}

// matrixedResult reports whether an expression uses a single result of a task
// with a matrix.
func (c wiring) matrixedResult(expr string) bool {
	if c.pipeline == nil {
		return false
	}
	v := tekref.Parse(expr)
	n := c.pipeline.byName[v.Owner]
	return v.Kind == tekref.TaskResult && n != nil && n.matrixed
}

// text returns a string at pipeline scope as Tekton reads it, without reporting
// anything. An Each has been converted to an axis or reported as a mistake.
func text(s String) string {
	if !holdsEach(string(s)) {
		return handle.Strip(string(s))
	}
	parts, _ := handle.Parse(string(s))
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.Token == nil:
			b.WriteString(p.Text)
		case p.Token.Form == handle.Each:
			b.WriteString(harmless.String())
		default:
			b.WriteString(handle.Strip(p.Token.String()))
		}
	}
	return b.String()
}

// value returns an input as an upstream struct.
func (i *input) value() v1.ParamValue {
	switch i.kind {
	case arrayKind:
		return arrayValue(i.array)
	case objectKind:
		return objectValue(i.object)
	}
	return v1.ParamValue{Type: v1.ParamTypeString, StringVal: text(i.str)}
}

func arrayValue(a Array) v1.ParamValue {
	items := make([]string, 0, len(a.list()))
	for _, s := range a.list() {
		items = append(items, text(s))
	}
	return v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: items}
}

// wholeArray returns an array that may be a single variable: an axis of a matrix,
// or a result.
func wholeArray(a Array) v1.ParamValue {
	if a.d != nil && a.d.whole != "" {
		return v1.ParamValue{Type: v1.ParamTypeString, StringVal: handle.Strip(a.d.whole)}
	}
	return arrayValue(a)
}

func objectValue(o Object) v1.ParamValue {
	if o.d != nil && o.d.whole != "" {
		return v1.ParamValue{Type: v1.ParamTypeString, StringVal: handle.Strip(o.d.whole)}
	}
	v := v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: map[string]string{}}
	if o.d != nil {
		for k, s := range o.d.fields {
			v.ObjectVal[handle.Strip(k)] = text(s)
		}
	}
	return v
}

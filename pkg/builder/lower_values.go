package builder

import (
	"maps"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// wiring is where a value of pipeline scope stands: what it may refer to
// follows from that.
type wiring struct {
	*problems
	owner    handle.Owner
	pipeline *Pipeline // nil for a task without one, and for runs
	finally  bool      // in a finally task: statuses are known
	result   bool      // in a pipeline result: results of finally tasks are known
	list     bool      // inside a list: All is allowed
	matrix   bool      // in a matrix
	include  bool      // in an Include of a matrix
	run      bool      // an argument of a run: only events are known
	events   *[]EventField
}

// check reports what is wrong with a text at pipeline scope; where says what
// it is, as the start of a sentence.
func (c wiring) check(at place, where, s string) bool {
	if handle.Plain(s) {
		return true
	}
	parts, fault := handle.Parse(s)
	if fault != handle.Fine {
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

// checkObject reports what is wrong with an object.
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

// key reports a handle in a key of an object.
func (c wiring) key(at place, where, k string) {
	if !handle.Plain(k) {
		c.reportf(at, "handle-misplaced", "a key of %s holds a reference: %s", where, quote(k)).
			Help = "write it as plain text: it is fixed when the manifest is generated"
	}
}

// fault reports a text whose references are broken.
func (ps *problems) fault(at place, where string, f handle.Fault) {
	switch f {
	case handle.Quoted:
		ps.reportf(at, "handle-quoted", "%s holds a handle that went through %%q", where).
			Help = "use %s, or join the text with +"
	case handle.NoUTF8:
		ps.reportf(at, "handle-sliced", "%s holds a piece of a reference, or is not UTF-8", where).
			Help = "a handle is a reference, not the value of a run: do not slice, split or trim it"
	default:
		ps.reportf(at, "handle-sliced", "%s holds a piece of a reference", where).
			Help = "a handle is a reference, not the value of a run: do not slice, split or trim it"
	}
}

// checkToken reports a reference that does not belong where it stands. whole
// tells that it is the whole text.
func (c wiring) checkToken(at place, where string, t handle.Token, whole bool) bool {
	expr := quote(tekref.Text(t.Expr))
	report := func(code, message, help string) bool {
		f := c.problems.report(at, code, where+" "+message)
		f.Help, f.Subject = help, t.Expr
		return false
	}
	switch {
	case t.Form == handle.Bad:
		switch t.Mistake {
		case handle.AllOfList:
			return report("array-misplaced", "takes All of a list made by Strings", "pass the array itself, or list its items")
		case handle.NoItem:
			return report("index-invalid", "takes an item that the list does not have", "an index counts from 0")
		case handle.NoKey:
			return report("key-unknown", "takes a key that the object does not have", "use one of its keys")
		case handle.NoField:
			return report("field-missing", "takes a field that its event does not have", "take another field, or read it by Body")
		}
		return false // on record already
	case t.Form == handle.Each:
		switch {
		case !whole:
			return report("each-misplaced", "joins Each to other text", "an axis is a whole input: join the text inside the task")
		case c.include:
			return report("each-misplaced", "takes Each, and an include is one combination", "give the include a single value")
		case c.matrix:
			return report("each-misplaced", "takes Each where no axis can be", "give Each to a string input: the task runs once for each item")
		}
		return report("each-misplaced", "takes Each, and the task is not a matrix", "add the task with builder.AddMatrix")
	case t.Owner.Scope == handle.Task || t.Owner.Scope == handle.Action:
		return report("scope-mixed", "holds "+expr+", an input of task "+quote(t.Owner.Name),
			"values of a task stay inside it: pass on a result, or the value that the task was given")
	case t.Owner.Scope == handle.Event && !c.run:
		return report("scope-mixed", "holds "+expr+", a field of an event",
			"give the pipeline a param, use that here, and set it to the field in Run")
	case t.Owner.Scope == handle.Event:
		if c.events != nil {
			*c.events = append(*c.events, EventField{Text: String(t.String()), Position: at.Position()})
		}
		return true
	case c.run:
		return report("run-value", "holds "+expr+", which is known only inside pipeline "+quote(t.Owner.Name),
			"a run takes literals and fields of events")
	case t.Owner.ID != c.owner.ID:
		help := "declare a param for it in pipeline " + quote(c.owner.Name)
		switch tekref.Parse(t.Expr).Kind {
		case tekref.TaskResult, tekref.TaskStatus, tekref.TasksStatus, tekref.MatrixLength:
			help = "results stay in their pipeline: add the task to pipeline " + quote(c.owner.Name)
		}
		return report("handle-foreign", "holds "+expr+" of another pipeline, "+quote(t.Owner.Name), help)
	case t.Form == handle.All && !(c.list && whole):
		return report("array-misplaced", "takes the whole array "+expr+" as a string",
			"All stands alone, as one item of a list; At takes one item")
	case t.Form == handle.Status && !c.finally:
		return report("status-misplaced", "takes "+expr+", which only finally tasks know",
			"move the task to builder.AddFinally")
	case t.Form == handle.Final && !c.result:
		return report("result-misplaced", "takes "+expr+", the result of a finally task",
			"results of finally tasks feed only pipeline results: use Publish")
	case t.Form == handle.Value && c.matrixedResult(t.Expr):
		return report("result-matrixed", "takes "+expr+" of a matrix, which has one for each combination",
			"take the array of them with Collect")
	}
	return true
}

// matrixedResult tells whether an expression takes the result of a matrixed
// task as if it had one.
func (c wiring) matrixedResult(expr string) bool {
	if c.pipeline == nil {
		return false
	}
	v := tekref.Parse(expr)
	n := c.pipeline.byName[v.Owner]
	return v.Kind == tekref.TaskResult && n != nil && n.matrixed
}

// text is a string of pipeline scope as Tekton reads it, without reports. An
// Each has become an axis already, or is a mistake on record.
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

// value is an input as upstream has it.
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

// wholeArray is an array that may be one reference: a matrix's axis, a result.
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

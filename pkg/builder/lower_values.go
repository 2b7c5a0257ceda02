package builder

import (
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/ref"
)

// wiring is where a value of pipeline scope stands: what it may refer to
// follows from that.
type wiring struct {
	*problems
	owner    ref.Owner
	pipeline *Pipeline // nil for a task without one, and for runs
	finally  bool      // in a finally task: statuses are known
	result   bool      // in a pipeline result: results of finally tasks are known
	list     bool      // inside a list: All is allowed
	run      bool      // an argument of a run: only events are known
	events   *[]EventField
}

// check reports what is wrong with a text at pipeline scope; where says what
// it is, as the start of a sentence.
func (c wiring) check(at place, where, s string) bool {
	if ref.Plain(s) {
		return true
	}
	parts, fault := ref.Parse(s)
	if fault != ref.Fine {
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

// fault reports a text whose references are broken.
func (s *problems) fault(at place, where string, f ref.Fault) {
	switch f {
	case ref.Quoted:
		s.reportf(at, "reference-quoted", "%s holds a handle that went through %%q", where).
			Help = "use %s, or join the text with +"
	default:
		s.reportf(at, "reference-cut", "%s holds a piece of a reference", where).
			Help = "a handle is a reference, not the value of a run: do not slice, split or trim it"
	}
}

// checkToken reports a reference that does not belong where it stands. whole
// tells that it is the whole text.
func (c wiring) checkToken(at place, where string, t ref.Token, whole bool) bool {
	expr := strconv.Quote("$(" + t.Expr + ")")
	report := func(code, message, help string) bool {
		c.problems.report(at, code, where+" "+message).Help = help
		return false
	}
	switch {
	case t.Form == ref.Bad:
		switch t.Expr {
		case "all-of-a-list":
			return report("array-misplaced", "takes All of a list made by Strings", "pass the array itself, or list its items")
		case "index-of-a-list":
			return report("index-invalid", "takes an item that the list does not have", "an index counts from 0")
		case "key-of-an-object":
			return report("key-unknown", "takes a key that the object does not have", "use one of its keys")
		}
		return false // on record already
	case t.Form == ref.Each:
		if whole {
			return report("each-misplaced", "takes Each, and the task is not a FanOut", "add the task with builder.FanOut")
		}
		return report("each-misplaced", "joins Each to other text", "an axis is a whole input: join the text inside the task")
	case t.Owner.Scope == ref.Task || t.Owner.Scope == ref.Action:
		return report("scope-mixed", "holds "+expr+", an input of task "+strconv.Quote(t.Owner.Name),
			"values of a task stay inside it: pass on a result, or the value that the task was given")
	case t.Owner.Scope == ref.Event && !c.run:
		return report("scope-mixed", "holds "+expr+", a field of an event",
			"give the pipeline a param, use that here, and set it to the field in Run")
	case t.Owner.Scope == ref.Event:
		if c.events != nil {
			*c.events = append(*c.events, EventField{Text: String(t.String()), Place: at.String()})
		}
		return true
	case t.Owner.ID != c.owner.ID:
		return report("handle-foreign", "holds "+expr+" of another pipeline, "+strconv.Quote(t.Owner.Name),
			"declare a param for it in pipeline "+strconv.Quote(c.owner.Name))
	case c.run:
		return report("run-value", "holds "+expr+", which is known only inside the pipeline",
			"an argument of a run is a literal or a field of an event")
	case t.Form == ref.All && !(c.list && whole):
		return report("array-misplaced", "takes the whole array "+expr+" as a string",
			"All stands alone, as one item of a list; At takes one item")
	case t.Form == ref.Status && !c.finally:
		return report("status-misplaced", "takes "+expr+", which only finally tasks know",
			"move the task to builder.Finally")
	case t.Form == ref.Final && !c.result:
		return report("result-misplaced", "takes "+expr+", the result of a finally task",
			"results of finally tasks feed only pipeline results: use Publish")
	case t.Form == ref.Value && c.matrixedResult(t.Expr):
		return report("result-matrixed", "takes "+expr+" of a FanOut, which has one for each combination",
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
	name, rest, ok := resultTask(expr)
	if !ok || !strings.HasPrefix(rest, "results.") {
		return false
	}
	n := c.pipeline.byName[name]
	return n != nil && n.matrixed
}

// text is a string of pipeline scope as Tekton reads it, without reports.
func text(s String) string { return ref.Strip(string(s)) }

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
		return v1.ParamValue{Type: v1.ParamTypeString, StringVal: ref.Strip(a.d.whole)}
	}
	return arrayValue(a)
}

func objectValue(o Object) v1.ParamValue {
	if o.d != nil && o.d.whole != "" {
		return v1.ParamValue{Type: v1.ParamTypeString, StringVal: ref.Strip(o.d.whole)}
	}
	v := v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: map[string]string{}}
	if o.d != nil {
		for k, s := range o.d.fields {
			v.ObjectVal[k] = text(s)
		}
	}
	return v
}

// sortedValues are the values of a map in the order of its keys.
func sortedValues(m map[string]String) []String {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([]String, len(keys))
	for i, k := range keys {
		out[i] = m[k]
	}
	return out
}

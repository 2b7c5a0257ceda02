package builder

import (
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
)

// lowering converts a description to upstream structs. It only reads the
// description and records problems in a list of its own, so that a description
// can be lowered any number of times.
type lowering struct {
	*problems
	places *callsite.Places // in the object being lowered
	in     string           // what is being lowered, for messages: step "build"
	nested *nesting         // of pipelines
	known  signatures       // of what the object refers to
}

// nesting is the state of lowering pipelines that run pipelines.
type nesting struct {
	open []*Pipeline // being lowered, outermost first
	done map[*Pipeline]*lowered
}

func newLowering(about diag.ObjectRef) *lowering {
	return &lowering{problems: &problems{owner: about}, places: &callsite.Places{}}
}

// put records the place in the caller's code that set the value at a path.
func (l *lowering) put(path diag.Path, at place) { l.places.Set(path, at) }

// plain lowers a text that must not contain a handle: a name, a description, a
// default.
func (l *lowering) plain(at place, what, s string) string {
	if handle.Plain(s) {
		return s
	}
	if parts, fault := handle.Parse(s); fault != handle.NoFault {
		l.fault(at, what, fault)
	} else if s != handle.Empty {
		f := l.reportf(at, "handle-misplaced", "%s contains a handle: %s", what, quote(handle.Strip(s)))
		f.Help = "write it as plain text: Tekton replaces no variables here"
		f.Subject = only(parts)
	}
	return handle.Strip(s)
}

// only returns the variable of a text that contains a single one, or "".
func only(parts []handle.Part) string {
	variable := ""
	for _, p := range parts {
		switch {
		case p.Token == nil:
		case variable != "" || p.Token.Form != handle.Value && p.Token.Form != handle.All:
			return ""
		default:
			variable = p.Token.Expr
		}
	}
	return variable
}

// prose is like plain, for a text with its place.
func (l *lowering) prose(what string, t said) string { return l.plain(t.at, what, string(t.v)) }

// labels lowers labels or annotations that must be plain text.
func (l *lowering) labels(path diag.Path, list []label) map[string]string {
	if len(list) == 0 {
		return nil
	}
	m := make(map[string]string, len(list))
	for _, x := range list {
		m[l.plain(x.at, "the key of a "+noun(path), x.key)] = l.plain(x.at, "the value of "+noun(path)+" "+quote(x.key), string(x.value))
		l.put(path.Key(handle.Strip(x.key)), x.at)
	}
	return m
}

// noun returns the word for an entry of metadata.labels or metadata.annotations.
func noun(path diag.Path) string { return strings.TrimSuffix(path.Last().Name, "s") }

// text lowers a text at task scope. what and name describe it: env "IMAGE".
func (l *lowering) text(s *scope, at place, what, name string, t TaskString) string {
	v := string(t)
	if handle.Plain(v) {
		return v
	}
	where := what
	if name != "" {
		where += " " + quote(name)
	}
	if l.in != "" {
		where += " of " + l.in
	}
	parts, fault := handle.Parse(v)
	if fault != handle.NoFault {
		l.fault(at, where, fault)
		return handle.Strip(v)
	}
	for _, p := range parts {
		if p.Token != nil {
			l.textToken(s, at, where, what, *p.Token, len(parts) == 1)
		}
	}
	return handle.Strip(v)
}

// textToken reports a handle that must not be used in a text at task scope.
func (l *lowering) textToken(s *scope, at place, where, what string, t handle.Token, whole bool) {
	expr := quote(t.Text())
	report := func(code, message, help string) {
		f := l.report(at, code, where+" "+message)
		f.Help, f.Subject = help, t.Expr
	}
	switch {
	case t.Form == handle.Bad && t.Mistake == handle.AllOfList:
		report("array-misplaced", "uses All of a list made by TaskStrings", "pass the array itself, or list its items")
	case t.Form == handle.Bad && t.Mistake == handle.NoItem:
		report("index-invalid", "uses an index that is out of range", "use an index that is less than the number of items")
	case t.Form == handle.Bad && t.Mistake == handle.NoKey:
		report("key-unknown", "uses a key that the object does not have", "use one of its keys")
	case t.Form == handle.Bad: // reported already
	case what == "script":
		report("input-in-script", "contains "+expr+", whose value the shell would run as code",
			`pass it to Env and write "$NAME" in the script`)
	case t.Form == handle.Outer:
		l.outerToken(s, t, report)
	case t.Owner.Scope.OfEvent():
		report("scope-mixed", "uses "+expr+", a field of an event",
			"add a param to the pipeline, set it to the field in Run, and declare an input for it with Param")
	case t.Owner.Scope == handle.Pipeline || t.Form == handle.Each:
		report("scope-mixed", "uses "+expr+", a value of the pipeline",
			"declare an input for it with the method Param of the task, and use what Param returns")
	case t.Owner.ID != s.owner.ID && s.owner.Scope == handle.Action:
		report("scope-mixed", "uses "+expr+", a value of task "+quote(t.Owner.Name),
			"declare an input for it with Param of the StepAction, and use what Param returns")
	case t.Owner.ID != s.owner.ID:
		report("scope-mixed", "uses "+expr+", an input of another task, "+quote(t.Owner.Name),
			"declare an input for it with Param, and use what Param returns")
	case t.Form == handle.All && !(whole && (what == "args" || what == "command" || what == "values")):
		report("array-misplaced", "uses the whole array "+expr+" as a string",
			"pass All to Args or Command as an item of its own, or use At for a single item")
	}
}

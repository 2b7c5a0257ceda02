package builder

import (
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// lowering turns what was described into upstream structs. It only reads the
// description: whatever it finds wrong goes into problems of its own, so that
// a description can be lowered any number of times.
type lowering struct {
	*problems
	places *callsite.Places // in the object being lowered
	in     string           // what is being lowered, for sentences: step "build"
	nested *nesting         // of pipelines
}

// nesting is where lowering stands in pipelines that run pipelines.
type nesting struct {
	open []*Pipeline // being lowered, outermost first
	done map[*Pipeline]*lowered
}

func newLowering(about diag.ObjectRef) *lowering {
	return &lowering{problems: &problems{owner: about}, places: &callsite.Places{}}
}

// put remembers who asked for the value at a path.
func (l *lowering) put(path diag.Path, at place) { l.places.Set(path, at) }

// plain is a text that takes no handle: a name, a description, a default.
func (l *lowering) plain(at place, what, s string) string {
	if handle.Plain(s) {
		return s
	}
	if _, fault := handle.Parse(s); fault != handle.Fine {
		l.fault(at, what, fault)
	} else if s != handle.Empty {
		l.reportf(at, "handle-misplaced", "%s holds a reference: %s", what, quote(handle.Strip(s))).
			Help = "write it as plain text: it is fixed when the manifest is generated"
	}
	return handle.Strip(s)
}

// prose is plain for a text that knows its place.
func (l *lowering) prose(what string, t said) string { return l.plain(t.at, what, string(t.v)) }

// labels lowers labels or annotations of an object that takes plain text.
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

// noun is what metadata.labels and metadata.annotations hold.
func noun(path diag.Path) string { return strings.TrimSuffix(path.Last().Name, "s") }

// text lowers a text at task scope. what and name say what it is: env "IMAGE".
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
	if fault != handle.Fine {
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

// textToken reports a reference that does not belong into a text at task scope.
func (l *lowering) textToken(s *scope, at place, where, what string, t handle.Token, whole bool) {
	expr := quote(tekref.Text(t.Expr))
	report := func(code, message, help string) {
		f := l.report(at, code, where+" "+message)
		f.Help, f.Subject = help, t.Expr
	}
	switch {
	case t.Form == handle.Bad: // on record already
	case what == "script":
		report("input-in-script", "pastes in "+expr+", which a shell would run as code",
			`give it to Env and write "$NAME" in the script`)
	case t.Owner.Scope == handle.Event:
		report("scope-mixed", "holds "+expr+", a field of an event",
			"give the pipeline a param, set it to the field in Run, and declare an input for it with Param")
	case t.Owner.Scope == handle.Pipeline || t.Form == handle.Each:
		report("scope-mixed", "holds "+expr+", a value of the pipeline",
			"declare an input for it with Param and use what Param returns")
	case t.Owner.ID != s.owner.ID && s.owner.Scope == handle.Action:
		report("scope-mixed", "holds "+expr+", a value of task "+quote(t.Owner.Name),
			"declare an input for it with the Action's Param and use what Param returns")
	case t.Owner.ID != s.owner.ID:
		report("scope-mixed", "holds "+expr+", an input of another task, "+quote(t.Owner.Name),
			"declare an input for it with Param and use what Param returns")
	case t.Form == handle.All && !(whole && (what == "args" || what == "command" || what == "values")):
		report("array-misplaced", "takes the whole array "+expr+" as a string",
			"All stands alone, as one of Args or Command; At takes one item")
	}
}

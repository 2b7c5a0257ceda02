package triggers

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/builder"
)

// UID is unique for each event: $(uid).
const UID builder.String = "$(uid)"

// Event is something that happens elsewhere and starts runs: a push, a pull
// request. It is sealed; the constructors of this package make events.
type Event interface {
	// Body is a field of the payload by its path: Body("repository.id"). A
	// number or a bool becomes a string in the run. A list or an object does
	// not fit into one, and nothing here can know: an event whose field is one
	// starts nothing, nor does an event without the field. Take one item of it
	// (Body("commits[0].id")), or see CEL.
	Body(path string) builder.String
	// Header is a header of the request, by its name in any case. A request
	// without it starts nothing.
	Header(name string) builder.String
	// CEL is a value computed by an expression of the Common Expression
	// Language, under a name of its own: CEL("minor", "body.tag.split('.')[1]").
	// A list is joined, or marshalled: CEL("labels", "body.labels.marshalJSON()").
	CEL(name, expr string) builder.String
	// Slug is a field of this event in at most 40 lower-case letters, digits
	// and dashes, fit for the value of a label, and for the name of a run or a
	// claim: release/1.2 becomes release-1-2. Two texts may have one slug.
	Slug(field builder.String) builder.String

	describe() *event
}

// event is what all events have in common.
type event struct {
	owner  handle.Owner
	kind   string // for messages: "a GitHub push"
	sender *sender
	types  []string // the event types that the sender's header may name
	means  []string // CEL conditions without which it is not this event
	filter []filter // CEL conditions that the caller asked for
	fields []*field
	byName map[string]*field
	faults []fault
	// The CEL expressions that Trigger's own filters compare.
	repository, author string
	// touched is the CEL expression of the files that a push touches, "" where
	// the event does not say.
	touched string
	// fetch tells that the sender's interceptor must fetch the changed files.
	fetch bool
	// globs are what the caller lets a field be, by the name of the field.
	globs map[string][]string
}

// filter is a condition and who asked for it.
type filter struct {
	at      callsite.Place
	expr    string
	foreign bool // written by the caller, not here
}

// fault is something wrong with an event, said where it was asked for.
type fault struct {
	at                  callsite.Place
	code, message, help string
}

// field is a value of the event: a path, or an overlay.
type field struct {
	name    string         // of the template's param
	path    string         // body.after, header.X; "" for an overlay
	overlay string         // CEL
	fetched bool           // the sender's interceptor must fetch it
	free    bool           // people chose its value: it may hold any character
	at      callsite.Place // who declared it; nil for the event's own
}

func newEvent(kind string, s *sender, types ...string) *event {
	return &event{
		owner: handle.NewOwner(handle.Event, kind), kind: kind, sender: s, types: types,
		byName: map[string]*field{}, globs: map[string][]string{},
	}
}

func (e *event) describe() *event { return e }

// add declares a field and returns its handle.
func (e *event) add(f *field) builder.String {
	if old, ok := e.byName[f.name]; ok && (old.path != f.path || old.overlay != f.overlay) {
		e.fault(f.at, "field-duplicate", e.kind+" has two fields named "+quoted(f.name), "give the field another name")
	} else if !ok {
		e.byName[f.name] = f
		e.fields = append(e.fields, f)
	}
	return e.token(f.name)
}

func (e *event) token(name string) builder.String {
	return builder.String(handle.Token{Owner: e.owner, Form: handle.Value, Expr: tekref.EventOf(name).Expr}.String())
}

// body declares a field by its path in the payload.
func (e *event) body(name, path string) builder.String {
	return e.add(&field{name: name, path: "body." + path, free: slices.Contains(freeFields, name)})
}

// computed declares a field by a CEL expression.
func (e *event) computed(name, expr string) builder.String {
	return e.add(&field{name: name, overlay: expr, free: slices.Contains(freeFields, name)})
}

// absent is a field that this event does not have.
func (e *event) absent() builder.String {
	return builder.String(handle.Token{Owner: e.owner, Form: handle.Bad, Mistake: handle.NoField, Expr: "no-such-field"}.String())
}

// Body is as in Event.
func (e *event) Body(path string) builder.String {
	if e == nil {
		return ""
	}
	at := callsite.Here()
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$."), "body.")
	if !validPath(path) {
		e.fault(at, "field-invalid", quoted(path)+" is not the path of a field",
			`write it as "repository.owner.login" or "commits[0].id"`)
		return e.absentQuietly()
	}
	return e.add(&field{name: "body-" + kebab(path), path: "body." + path, at: at})
}

// Header is as in Event.
func (e *event) Header(name string) builder.String {
	if e == nil {
		return ""
	}
	at := callsite.Here()
	if name == "" || kebab(name) != strings.ToLower(name) {
		e.fault(at, "field-invalid", quoted(name)+" is not the name of a header", `write it as "X-GitHub-Delivery"`)
		return e.absentQuietly()
	}
	return e.add(&field{name: "header-" + kebab(name), path: "header." + name, at: at})
}

// CEL is as in Event.
func (e *event) CEL(name, expr string) builder.String {
	if e == nil {
		return ""
	}
	at := callsite.Here()
	if name == "" || kebab(name) != name {
		e.fault(at, "field-invalid", quoted(name)+" is not the name of a field", "use lower-case letters, digits and dashes")
		return e.absentQuietly()
	}
	return e.add(&field{name: name, overlay: expr, at: at})
}

func (e *event) absentQuietly() builder.String {
	return builder.String(handle.Token{Owner: e.owner, Form: handle.Bad}.String())
}

// fault records something wrong.
func (e *event) fault(at callsite.Place, code, message, help string) {
	if e != nil {
		e.faults = append(e.faults, fault{at, code, message, help})
	}
}

// match adds the condition that a field is like one of the globs that a method
// was given; expr is the field in CEL.
func (e *event) match(at callsite.Place, method, name, expr string, globs []string) {
	if e == nil {
		return
	}
	if f, ok := unusable(at, method, globs); ok {
		e.faults = append(e.faults, f)
		return
	}
	e.globs[name] = append([]string(nil), globs...)
	e.where(at, celMatch(expr, globs))
}

// paths adds the condition that one of the touched files is like one of the
// globs: any holds it for the condition on one file, f.
func (e *event) paths(at callsite.Place, globs []string, any func(condition string) string) {
	if e == nil {
		return
	}
	switch f, ok := unusable(at, "Paths", globs); {
	case e.touched == "":
		e.fault(at, "filter-invalid", e.kind+" does not say which files it touches", "look at the files in a task, or filter by branch")
	case ok:
		e.faults = append(e.faults, f)
	default:
		e.where(at, any(celMatch("f", globs)))
	}
}

// where adds a condition that the caller asked for.
func (e *event) where(at callsite.Place, expr string) {
	if e != nil && expr != "" {
		e.filter = append(e.filter, filter{at: at, expr: expr})
	}
}

// validPath accepts names, dots and indexes: what a binding's JSONPath reads
// without surprises.
func validPath(path string) bool {
	if path == "" {
		return false
	}
	for part := range strings.SplitSeq(path, ".") {
		name, index, _ := strings.Cut(part, "[")
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
			return false
		}
		if index != "" && (!strings.HasSuffix(index, "]") || strings.Trim(index[:len(index)-1], "0123456789") != "" || len(index) < 2) {
			return false
		}
	}
	return true
}

// kebab is a text in lower case with a dash for each run of other characters.
func kebab(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}

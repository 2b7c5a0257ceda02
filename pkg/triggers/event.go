package triggers

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/glob"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/builder"
)

// quote is that of the literals in CEL filters.
const quote = glob.Quote('\'')

// UID is the variable $(uid), which is unique for each event.
const UID builder.String = "$(uid)"

// Event is an event that starts runs, such as a push or a pull request. Only the
// types of this package implement it.
type Event interface {
	// Body returns the field of the payload with the given path:
	// Body("repository.id"). Numbers and booleans become strings. A list or an
	// object becomes a text like [a, b] or {k: v}; select one item
	// (Body("commits[0].id")) or use CEL for another form. If the field is missing,
	// the event starts nothing; this cannot be checked in advance.
	Body(path string) builder.String
	// Header returns the value of a header of the request. The name is not
	// case-sensitive. A request without the header starts nothing.
	Header(name string) builder.String
	// CEL returns the value of a CEL expression and gives it a name that is unique
	// in the event: CEL("minor", "body.tag.split('.')[1]"). An expression whose value
	// is always a list or an object is an error; join or marshal those:
	// CEL("labels", "body.labels.marshalJSON()").
	CEL(name, expr string) builder.String
	// Slug returns a field of this event, converted to at most 40 lower-case
	// letters, digits and dashes, for use in a label value or in the name of a run
	// or a PersistentVolumeClaim: release/1.2 becomes release-1-2. Different texts
	// may have the same slug.
	Slug(field builder.String) builder.String
	// As returns a field of this event under another name, which the params of the
	// TriggerBinding and the TriggerTemplate then have: As("merged-by",
	// pr.Body("pull_request.merged_by.login")) instead of body-pull-request-merged-by-login.
	As(name string, field builder.String) builder.String

	describe() *event
}

// event is the common part of all events.
type event struct {
	owner  handle.Owner
	kind   string // for messages: "a GitHub push"
	sender *sender
	types  []string // the allowed event types in the sender's header
	means  []string // CEL conditions that define the event
	filter []filter // CEL conditions of the caller
	fields []*field
	byName map[string]*field
	faults []fault
	// repository is the CEL expression that Repositories compares.
	repository string
	// author is the user whom Authors and AuthorIDs compare.
	author author
	// touched is the CEL expression of the changed files, "" if the event has no
	// such field.
	touched string
	// fetch reports whether the sender's interceptor must fetch the changed files.
	fetch bool
	// globs are the caller's patterns for the values of a field, by field name.
	globs map[string][]string
}

// filter is a condition and the place of the call that added it.
type filter struct {
	at      callsite.Place
	expr    string
	foreign bool // written by the caller, not here
}

// fault is a mistake in the description of an event, and its place.
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
	free    bool           // the value is free text and may contain any character
	fixed   bool           // the sender of the event forms the value, which contains no $
	at      callsite.Place // where the caller declared it; nil for built-in fields
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
		e.fault(f.at, "field-duplicate", e.kind+" has two fields named "+quoted(f.name), "rename one of them")
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
	return e.add(&field{name: name, path: "body." + path, free: slices.Contains(freeFields, name), fixed: slices.Contains(fixedFields, name)})
}

// computed declares a field by a CEL expression.
func (e *event) computed(name, expr string) builder.String {
	return e.add(&field{name: name, overlay: expr, free: slices.Contains(freeFields, name), fixed: slices.Contains(fixedFields, name)})
}

// absent returns a handle for a field that this event does not have.
func (e *event) absent() builder.String {
	return builder.String(handle.Token{Owner: e.owner, Form: handle.Bad, Mistake: handle.NoField, Expr: "no-such-field"}.String())
}

// Body implements [Event].
func (e *event) Body(path string) builder.String {
	if e == nil {
		return ""
	}
	at := callsite.Here()
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$."), "body.")
	if !validPath(path) {
		e.fault(at, "field-invalid", quoted(path)+" is not a valid field path",
			`write a path such as "repository.owner.login" or "commits[0].id"`)
		return e.absentQuietly()
	}
	return e.add(&field{name: "body-" + kebab(path), path: "body." + path, at: at})
}

// Header implements [Event].
func (e *event) Header(name string) builder.String {
	if e == nil {
		return ""
	}
	at := callsite.Here()
	if name == "" || kebab(name) != strings.ToLower(name) {
		e.fault(at, "field-invalid", quoted(name)+" is not a valid header name", `write a name such as "X-GitHub-Delivery"`)
		return e.absentQuietly()
	}
	return e.add(&field{name: "header-" + kebab(name), path: "header." + name, at: at})
}

// CEL implements [Event].
func (e *event) CEL(name, expr string) builder.String {
	if e == nil {
		return ""
	}
	at := callsite.Here()
	if name == "" || kebab(name) != name {
		e.fault(at, "field-invalid", quoted(name)+" is not a valid field name", "use only lower-case letters, digits and -")
		return e.absentQuietly()
	}
	return e.add(&field{name: name, overlay: expr, at: at})
}

func (e *event) absentQuietly() builder.String {
	return builder.String(handle.Token{Owner: e.owner, Form: handle.Bad}.String())
}

// fault records a mistake.
func (e *event) fault(at callsite.Place, code, message, help string) {
	if e != nil {
		e.faults = append(e.faults, fault{at, code, message, help})
	}
}

// match adds the condition that a field matches one of the globs. The method is
// the one that the caller used; expr is the field in CEL.
func (e *event) match(at callsite.Place, method, name, expr string, globs []string) {
	if e == nil {
		return
	}
	if f, ok := unusable(at, method, globs); ok {
		e.faults = append(e.faults, f)
		return
	}
	e.globs[name] = append([]string(nil), globs...)
	e.where(at, quote.Match(expr, "", globs))
}

// paths adds the condition that one of the changed files matches one of the globs.
// The function any extends the condition on one file, f, to all of them.
func (e *event) paths(at callsite.Place, globs []string, any func(condition string) string) {
	if e == nil {
		return
	}
	switch f, ok := unusable(at, "Paths", globs); {
	case e.touched == "":
		e.fault(at, "filter-invalid", "Paths cannot filter "+e.kind+", which does not list the changed files", "compare the files in a task, or filter by branch")
	case ok:
		e.faults = append(e.faults, f)
	default:
		e.where(at, any(quote.Match("f", "", globs)))
	}
}

// where adds a condition of the caller.
func (e *event) where(at callsite.Place, expr string) {
	if e != nil && expr != "" {
		e.filter = append(e.filter, filter{at: at, expr: expr})
	}
}

// validPath reports whether a path consists of names, dots and indexes, which mean
// the same in the JSONPath of a binding.
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

// kebab returns a text in lower case, with each run of other characters replaced by
// a dash.
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

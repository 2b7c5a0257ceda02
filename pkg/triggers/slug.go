package triggers

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// This file makes fields fit where Kubernetes takes few characters: the values
// of labels, and names.

// freeFields are the fields that hold what people chose.
var freeFields = []string{
	"clone-url", "ssh-url", "repository", "branch", "target", "author", "title", "message", "text", "changed-files",
}

// Slug is as in Event.
func (e *event) Slug(value builder.String) builder.String {
	if e == nil {
		return ""
	}
	at := callsite.Here()
	tok, ok := handle.Single(string(value))
	if ok && tok.Form == handle.Bad {
		return value // said elsewhere
	}
	f := e.byName[tekref.Parse(tok.Expr).Name]
	if !ok || tok.Owner.ID != e.owner.ID || f == nil {
		e.fault(at, "slug-invalid", "Slug takes one field of "+e.kind+", and is given "+quoted(string(value)),
			"pass a field of the same event alone, and join other text to what Slug returns")
		return e.absentQuietly()
	}
	return e.add(&field{
		name: f.name + "-slug", fetched: f.fetched, at: at,
		overlay: f.cel() + ".lowerAscii().translate('[^0-9a-z]+', '-').truncate(40).translate('^-|-$', '')",
	})
}

// written is an expression of any type as a string. A string() of it would not
// do: it writes a number as 1.8e+08.
func written(expr string) string { return "'%s'.format([" + expr + "])" }

// chainable is an expression that a method can be called on as it is.
var chainable = regexp.MustCompile(`^\w+(\.\w+|\([^()]*\)|\[[^\[\]]*\])*$`)

// cel is the field as an expression that is a string.
func (f *field) cel() string {
	switch {
	case f.overlay != "" && f.at == nil && (f.overlay[0] == '(' || chainable.MatchString(f.overlay)):
		return f.overlay
	case f.overlay != "":
		return written(f.overlay)
	case strings.HasPrefix(f.path, "header."):
		return "header.canonical(" + celString(strings.TrimPrefix(f.path, "header.")) + ")"
	}
	var b strings.Builder
	for i, part := range strings.Split(f.path, ".") {
		name, index, indexed := strings.Cut(part, "[")
		switch {
		case i == 0:
			b.WriteString(name)
		case plainName.MatchString(name) && !slices.Contains(reserved, name):
			b.WriteString("." + name)
		default:
			b.WriteString("[" + celString(name) + "]")
		}
		if indexed {
			b.WriteString("[" + index)
		}
	}
	if f.at != nil || f.name == "number" {
		return written(b.String())
	}
	return b.String()
}

var plainName = regexp.MustCompile(`^[_a-zA-Z][_a-zA-Z0-9]*$`)

// tame tells whether all values of a field will do, since the caller's filters
// let no others pass.
func (e *event) tame(f *field, r nameForm) bool {
	globs, ok := e.globs[f.name]
	return ok && !slices.ContainsFunc(globs, func(g string) bool {
		return strings.Contains(g, "**") || len(r.Broken(strings.NewReplacer("*", "x", "?", "x").Replace(g))) > 0
	})
}

// dnsPart is the rule for a piece of a name.
var dnsPart = nameForm{Broken: validation.IsDNS1123Label}

// misfits reports fields with which some events would make an object that the
// cluster refuses.
func (e *event) misfits(at callsite.Place, about diag.ObjectRef, o object.Object) diag.Findings {
	m, ok := o.Object.(metav1.Object)
	if !ok || e == nil {
		return nil
	}
	var out diag.Findings
	look := func(path diag.Path, code, where, what, help string, r nameForm, text string) {
		for _, name := range tekref.TemplateParams(text) {
			f := e.byName[name]
			if f == nil || !f.free || e.tame(f, r) {
				continue
			}
			x := finding(at, about, code, where+" takes the field "+quoted(name)+" of "+e.kind+", which may hold characters that "+what+" cannot", help)
			if at := o.At(path); at.IsValid() {
				x.Position = at
			}
			x.Subject = name
			out = append(out, x)
		}
	}
	kind := o.Object.GetObjectKind().GroupVersionKind().Kind
	const slug = "pass it through the event's Slug, which shortens it to lower-case letters, digits and dashes"
	look(diag.Fields("metadata", "name"), "name-invalid", "the name of a "+kind, "a name", slug, dnsPart, m.GetName()+m.GetGenerateName())
	values := m.GetLabels()
	for _, k := range slices.Sorted(maps.Keys(values)) {
		look(diag.Fields("metadata", "labels").Key(handle.Strip(k)), "label-invalid", "label "+quoted(k)+" of a "+kind, "a label",
			slug+", or keep it whole with Annotate", labelValue, values[k])
	}
	return out
}

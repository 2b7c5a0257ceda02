package triggers

import (
	"maps"
	"net/textproto"
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

// This file handles fields in places where Kubernetes allows few characters: label
// values and names.

// freeFields lists the fields with free text.
var freeFields = []string{
	"clone-url", "ssh-url", "repository", "branch", "target", "author", "title", "message", "text", "changed-files", "labels",
}

// Slug implements [Event].
func (e *event) Slug(value builder.String) builder.String {
	if e == nil {
		return ""
	}
	at := callsite.Here()
	tok, ok := handle.Single(string(value))
	if ok && tok.Form == handle.Bad {
		return value // reported elsewhere
	}
	f := e.field(at, tok, ok, "slug-invalid", "Slug", value)
	if f == nil {
		return e.absentQuietly()
	}
	return e.add(&field{
		name: f.name + "-slug", fetched: f.fetched, fixed: true, at: at,
		overlay: f.cel() + ".lowerAscii().translate('[^0-9a-z]+', '-').truncate(40).translate('^-|-$', '')",
	})
}

// As implements [Event].
func (e *event) As(name string, value builder.String) builder.String {
	if e == nil {
		return ""
	}
	at := callsite.Here()
	tok, ok := handle.Single(string(value))
	if ok && tok.Form == handle.Bad {
		return value // reported elsewhere
	}
	f := e.field(at, tok, ok, "field-invalid", "As", value)
	switch {
	case f == nil:
		return e.absentQuietly()
	case name == "" || kebab(name) != name:
		e.fault(at, "field-invalid", quoted(name)+" is not a valid field name", "use only lower-case letters, digits and -")
		return e.absentQuietly()
	}
	named := *f
	named.name, named.at = name, at
	return e.add(&named)
}

// field returns the field that is the argument of a method, nil if it is something else.
func (e *event) field(at callsite.Place, tok handle.Token, ok bool, code, method string, value builder.String) *field {
	f := e.byName[tekref.Parse(tok.Expr).Name]
	if !ok || tok.Owner.ID != e.owner.ID || f == nil {
		e.fault(at, code, "the argument of "+method+" is "+quoted(string(value))+", which is not a field of this event ("+e.kind+")",
			"pass one field of the same event, and join other text to the result of "+method)
		return nil
	}
	return f
}

// written converts an expression of any type to a string. The function string()
// would write a number as 1.8e+08.
func written(expr string) string { return "'%s'.format([" + expr + "])" }

// chainable matches an expression on which a method can be called without
// parentheses.
var chainable = regexp.MustCompile(`^\w+(\.\w+|\([^()]*\)|\[[^\[\]]*\])*$`)

// cel returns the field as an expression of type string.
func (f *field) cel() string {
	switch {
	case f.overlay != "" && f.at == nil && (f.overlay[0] == '(' || chainable.MatchString(f.overlay)):
		return f.overlay
	case f.overlay != "":
		return written(f.overlay)
	case strings.HasPrefix(f.path, "header."):
		// Unlike header.canonical, this fails for a request without the header.
		return "header[" + quote.Text(textproto.CanonicalMIMEHeaderKey(strings.TrimPrefix(f.path, "header."))) + "].join(',')"
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
			b.WriteString("[" + quote.Text(name) + "]")
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

// tame reports whether the caller's filters restrict a field to valid values.
func (e *event) tame(f *field, r nameForm) bool {
	globs, ok := e.globs[f.name]
	return ok && !slices.ContainsFunc(globs, func(g string) bool {
		return strings.Contains(g, "**") || len(r.Problems(strings.NewReplacer("*", "x", "?", "x").Replace(g))) > 0
	})
}

// dnsPart is the syntax of a part of a name.
var dnsPart = nameForm{Problems: validation.IsDNS1123Label}

// misfits reports fields whose values may make an object invalid.
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
			x := finding(at, about, code, where+" uses the field "+quoted(name)+" of "+e.kind+", which may contain characters that are invalid in "+what, help)
			if at := o.At(path); at.IsValid() {
				x.Position = at
			}
			x.Subject = name
			out = append(out, x)
		}
	}
	kind := o.Object.GetObjectKind().GroupVersionKind().Kind
	const slug = "pass it to the method Slug of the event, which converts it to lower-case letters, digits and dashes"
	look(diag.Fields("metadata", "name"), "name-invalid", "the name of a "+kind, "a name", slug, dnsPart, m.GetName()+m.GetGenerateName())
	values := m.GetLabels()
	for _, k := range slices.Sorted(maps.Keys(values)) {
		look(diag.Fields("metadata", "labels").Key(handle.Strip(k)), "label-invalid", "label "+quoted(k)+" of a "+kind, "a label value",
			slug+", or use Annotate to keep the full text", labelValue, values[k])
	}
	return out
}

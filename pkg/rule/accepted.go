package rule

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/namedpath"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Accepted is a known finding that is not reported, with the reason. Unlike an annotation
// or a comment, it is not part of the object.
type Accepted struct {
	// Object is the object of the finding. Kind and Name are required; an empty APIVersion
	// or Namespace means any. The Name of an object without one is its generateName.
	Object diag.ObjectRef
	// Code is the code of the rule.
	Code string
	// Path is where the finding is, such as spec.steps[0].script, or a value around it. An
	// empty Path means the whole object.
	//
	// An item of a list can be given by its name, so that the path stays the same when items
	// are added: spec.tasks[name=build].params[name=image]. A name with other characters
	// than letters, digits and -_./ is quoted: [name="my task"].
	Path string
	// Subject is what the finding is about, as in its field Subject, such as the name of a param.
	// So another finding of the rule at the same path is reported. An empty Subject means any.
	Subject string
	// Reason is why the finding is accepted. Without a reason, it is not.
	Reason string
}

// Matches reports whether it accepts the finding, which is about the given object.
func (a Accepted) Matches(f diag.Finding, o object.Object) bool {
	if a.Code != f.Code || a.Object.Kind != f.Object.Kind || a.Object.Name != f.Object.Name ||
		a.Subject != "" && a.Subject != f.Subject ||
		a.Object.APIVersion != "" && a.Object.APIVersion != f.Object.APIVersion ||
		a.Object.Namespace != "" && a.Object.Namespace != f.Object.Namespace {
		return false
	}
	if namedpath.Named(a.Path) {
		return slices.ContainsFunc(namedpath.Paths(namedpath.Tree(o.Object), a.Path), f.Path.HasPrefix)
	}
	rest, ok := strings.CutPrefix(f.Path.String(), a.Path)
	return ok && (a.Path == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

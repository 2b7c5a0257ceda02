package triggers

import (
	"strconv"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// templateObject is a template made of these objects. What is found inside one
// of them has the place that the object knows, and the object may say more on it.
func templateObject(o *v1beta1.TriggerTemplate, bodies []object.Object, place func(string) string) object.Object {
	return object.Object{Object: o, Place: func(path string) string {
		if i, rest, ok := inBody(path); ok && i < len(bodies) {
			if at := bodies[i].At(rest); at != "" {
				return at
			}
		}
		return place(path)
	}, Adjust: func(f diag.Finding) (diag.Finding, bool) {
		i, rest, ok := inBody(f.Path)
		if !ok || i >= len(bodies) || bodies[i].Adjust == nil {
			return f, true
		}
		inner := f
		inner.Path = rest
		inner, keep := bodies[i].Adjust(inner)
		inner.Path = f.Path
		return inner, keep
	}}
}

// inBody takes a path of a template apart: which of its objects it leads into,
// and where to in there.
func inBody(path string) (i int, rest string, ok bool) {
	after, ok := strings.CutPrefix(path, "spec.resourcetemplates[")
	if !ok {
		return 0, "", false
	}
	n, rest, ok := strings.Cut(after, "]")
	if !ok {
		return 0, "", false
	}
	i, err := strconv.Atoi(n)
	return i, strings.TrimPrefix(rest, "."), err == nil && i >= 0
}

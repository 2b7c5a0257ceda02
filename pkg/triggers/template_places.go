package triggers

import (
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// templateObject returns a template with these objects in it. Findings inside one of
// them get their position from the object, and are adjusted by it.
func templateObject(o *v1beta1.TriggerTemplate, bodies []object.Object, places *callsite.Places, at callsite.Place) object.Object {
	return object.Object{Object: o, Locate: func(path diag.Path, excerpt string) diag.Position {
		if i, rest, ok := inBody(path); ok && i < len(bodies) {
			if at := bodies[i].Find(rest, excerpt); at.IsValid() {
				return at
			}
		}
		return places.Find(path, at)
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

var resourceTemplates = diag.Fields("spec", "resourcetemplates")

// inBody splits a path of a template into the index of an object in it, and the path
// inside that object.
func inBody(path diag.Path) (i int, rest diag.Path, ok bool) {
	rest, ok = path.Cut(resourceTemplates)
	if !ok || rest.At(0).Kind != diag.IndexSegment || rest.At(0).Index < 0 {
		return 0, diag.Path{}, false
	}
	return rest.At(0).Index, diag.NewPath(rest.Segments()[1:]...), true
}

// mount is an object whose spec is the value at a path of another one.
type mount struct {
	at    diag.Path
	inner object.Object
}

// mounted returns an object with these objects in it. Findings inside one of them get their
// position from that object, and are adjusted by it.
func mounted(o runtime.Object, places *callsite.Places, at callsite.Place, mounts ...mount) object.Object {
	inside := func(path diag.Path) (object.Object, diag.Path, bool) {
		for _, m := range mounts {
			if rest, ok := path.Cut(m.at); ok && m.inner.Object != nil {
				return m.inner, diag.Fields("spec").Join(rest), true
			}
		}
		return object.Object{}, diag.Path{}, false
	}
	return object.Object{Object: o, Locate: func(path diag.Path, excerpt string) diag.Position {
		if inner, rest, ok := inside(path); ok {
			if at := inner.Find(rest, excerpt); at.IsValid() {
				return at
			}
		}
		return places.Find(path, at)
	}, Adjust: func(f diag.Finding) (diag.Finding, bool) {
		inner, rest, ok := inside(f.Path)
		if !ok || inner.Adjust == nil {
			return f, true
		}
		path := f.Path
		f.Path = rest
		f, keep := inner.Adjust(f)
		f.Path = path
		return f, keep
	}}
}

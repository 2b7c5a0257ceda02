package pac

import (
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// moved are the objects whose specs are written into a run, by the path of the spec in it.
// What their makers know about references and findings in them holds there as well.
type moved []struct {
	at diag.Path
	of object.Object
}

// move records that the spec of an object among the dependencies is written to a path.
func (m *moved) move(at diag.Path, deps []object.Object, o runtime.Object) {
	for _, d := range deps {
		if d.Object == o {
			*m = append(*m, struct {
				at diag.Path
				of object.Object
			}{at, d})
			return
		}
	}
}

// find returns the object that what is at a path of the run is from, and the path in that
// object. The specs of Tasks come after that of the Pipeline, which contains them.
func (m moved) find(path diag.Path) (object.Object, diag.Path, bool) {
	for i := len(m) - 1; i >= 0; i-- {
		if rest, ok := path.Cut(m[i].at); ok && !rest.IsRoot() {
			return m[i].of, diag.Fields("spec").Join(rest), true
		}
	}
	return object.Object{}, path, false
}

// inlined returns the functions Signature and Adjust of the run, of which parts may be from
// other objects.
func (l *lowering) inlined(run object.Object) (signature func(diag.Path) object.Object, adjust func(diag.Finding) (diag.Finding, bool)) {
	if len(l.moved) == 0 {
		return run.Signature, run.Adjust
	}
	signature = func(path diag.Path) object.Object {
		of, inner, ok := l.moved.find(path)
		if !ok {
			of, inner = run, path
		}
		if of.Signature == nil {
			return object.Object{}
		}
		return of.Signature(inner)
	}
	adjust = func(f diag.Finding) (diag.Finding, bool) {
		keep := true
		of, inner, ok := l.moved.find(f.Path)
		if !ok {
			of, inner = run, f.Path
		}
		if of.Adjust != nil {
			g := f
			g.Path = inner
			g, keep = of.Adjust(g)
			f.Message, f.Help, f.Severity = g.Message, g.Help, g.Severity
		}
		return f, keep
	}
	return signature, adjust
}

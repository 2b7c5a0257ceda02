package check

import (
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/beta"
	"github.com/tekwright/tekwright/pkg/diag"
)

// convert reads an object of tekton.dev/v1beta1 as one of v1, with Tekton's
// own conversion, so that it is held against the same rules. Findings lead to
// the fields as v1beta1 calls them.
func (e *entry) convert(o runtime.Object) {
	if o == nil {
		return
	}
	converted, err := beta.Convert(o)
	if err != nil {
		return
	}
	e.take(converted)
	e.old = o
}

// spelt is what the version of the object calls a path of v1.
func (e *entry) spelt(path string) string {
	if e.old == nil {
		return e.event.asWritten(path)
	}
	p, _ := diag.ParsePath(path) // which the rules build
	return beta.Path(e.old, p).String()
}

package manifest

import (
	"github.com/tekwright/tekwright/internal/typecheck"
	"github.com/tekwright/tekwright/pkg/diag"
)

// fixes returns the fix of a fault in the document, if there is one.
func (s *reading) fixes(f *typecheck.Fix) []diag.Fix {
	edits, ok := f.Edits(s.doc)
	if !ok {
		return nil
	}
	for i := range edits {
		edits[i].File = s.name
	}
	return []diag.Fix{{Message: f.Message, Edits: edits, Safe: f.Safe}}
}

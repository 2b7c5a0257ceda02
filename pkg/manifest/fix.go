package manifest

import (
	"github.com/tekwright/tekwright/internal/typecheck"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
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

// edit returns the edits of the file that make a change.
func (s *source) edit(c object.Change) ([]diag.Edit, bool) {
	var (
		edits []diag.Edit
		ok    bool
	)
	switch c.Kind {
	case object.ReplaceText:
		edits, ok = s.outline.Replace(c.Path, c.Old, c.New)
	case object.RenameKey:
		edits, ok = s.outline.Rename(c.Path, c.New)
	case object.AddField:
		f := yamlread.Field{Name: c.Field.Name, Text: c.Field.Text, List: c.Field.List, Fields: c.Field.Item}
		edits, ok = s.outline.Insert(c.Path, f, c.Behind...)
	case object.RemoveField:
		edits, ok = s.outline.Remove(c.Path)
	}
	for i := range edits {
		edits[i].File = s.name
	}
	return edits, ok
}

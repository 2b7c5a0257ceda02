package manifest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/kinds"
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

// kindFix returns the fix of an unknown kind, if it is known which one was meant. It is a
// guess, unless only the case differs.
func (s *reading) kindFix(o *yamlread.Outline, g *kinds.Guess) []diag.Fix {
	if g.Kind == "" {
		return nil
	}
	source := source{name: s.name, outline: o}
	fix := diag.Fix{Message: "set apiVersion: " + g.APIVersion + " and kind: " + g.Kind,
		Safe: strings.EqualFold(g.Kind, s.ref.Kind) && strings.EqualFold(g.APIVersion, s.ref.APIVersion)}
	for _, c := range []object.Change{
		{Path: diag.Fields("apiVersion"), Old: s.ref.APIVersion, New: g.APIVersion},
		{Path: diag.Fields("kind"), Old: s.ref.Kind, New: g.Kind},
	} {
		if c.Old == c.New {
			continue
		}
		c.Kind = object.ReplaceText
		edits, ok := source.edit(c)
		if !ok {
			return nil
		}
		fix.Edits = append(fix.Edits, edits...)
	}
	slices.SortFunc(fix.Edits, func(a, b diag.Edit) int { return a.Start - b.Start })
	return []diag.Fix{fix}
}

// caseFix returns the fix of a key of a map that is in another case, if it is the only one.
func (d *decoder) caseFix(doc *yamlread.Document, root *yamlread.Node, key, field string) []diag.Fix {
	n := 0
	for _, k := range root.Keys {
		if strings.EqualFold(k.Name, field) {
			n++
		}
	}
	source := source{name: d.name, outline: doc.Outline(root)}
	edits, ok := source.edit(object.Change{Kind: object.RenameKey, Path: diag.Fields(key), New: field})
	if n != 1 || !ok {
		return nil
	}
	return []diag.Fix{{Message: "rename " + strconv.Quote(key) + " to " + strconv.Quote(field), Edits: edits, Safe: true}}
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
	case object.ReplacePart:
		edits, ok = s.outline.ReplaceAt(c.Path, c.Offset, c.Old, c.New)
	case object.NestField:
		edits, ok = s.outline.Nest(c.Path, c.Field.Name, c.New)
	case object.RenameKey:
		edits, ok = s.outline.Rename(c.Path, c.New)
	case object.AddField:
		f := yamlread.Field{Name: c.Field.Name, Text: c.Field.Text, List: c.Field.List, Maps: c.Field.Items}
		edits, ok = s.outline.Insert(c.Path, f, c.Behind...)
	case object.RemoveField:
		edits, ok = s.outline.Remove(c.Path)
	}
	for i := range edits {
		edits[i].File = s.name
	}
	return edits, ok
}

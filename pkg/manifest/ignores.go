package manifest

import (
	"sort"

	"github.com/tekwright/tekwright/internal/ignore"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// ignores adds to the objects of a document the comments that suppress rules.
func (d *decoder) ignores(doc *yamlread.Document, objects []object.Object, findings diag.Findings) {
	if len(objects) == 0 {
		return
	}
	all := ignore.In(doc, d.name)
	if len(all) == 0 {
		return
	}
	d.held = true                      // they have the reasons
	lines := make([]int, len(objects)) // of a List, where its items begin
	for i, o := range objects {
		lines[i] = o.At(diag.Path{}).Line
	}
	for _, one := range all {
		line := one.First
		if line == 0 {
			line = one.Position.Line
		}
		i := max(0, sort.SearchInts(lines, line+1)-1)
		objects[i].Ignores = append(objects[i].Ignores, one)
	}
	index := ignore.NewIndex(objects)
	for _, f := range findings {
		if one := index.At(f.Code, f.Position); one != nil {
			one.Read = true
		}
	}
}

package fix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Apply returns a text with the edits, which must be sorted and not overlap. Nothing else
// in the text changes.
func Apply(text string, edits []diag.Edit) (string, error) {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.Start < at || e.End < e.Start || e.End > len(text) {
			return "", fmt.Errorf("the edit of bytes %d to %d overlaps another one, or is outside of the text", e.Start, e.End)
		}
		b.WriteString(text[at:e.Start])
		b.WriteString(e.New)
		at = e.End
	}
	b.WriteString(text[at:])
	return b.String(), nil
}

// byFile returns the edits of each file, sorted.
func byFile(fixes []candidate) map[string][]diag.Edit {
	all := map[string][]diag.Edit{}
	for _, c := range fixes {
		for _, e := range c.fix.Edits {
			all[e.File] = append(all[e.File], e)
		}
	}
	for _, edits := range all {
		slices.SortStableFunc(edits, func(a, b diag.Edit) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	}
	return all
}

// apart splits fixes into those that can be applied at the same time, and the others. Of two
// that overlap, the one that begins first wins.
func apart(fixes []candidate) (now, later []candidate) {
	type edit struct {
		diag.Edit
		of int
	}
	var all []edit
	for i, c := range fixes {
		for _, e := range c.fix.Edits {
			all = append(all, edit{e, i})
		}
	}
	slices.SortStableFunc(all, func(a, b edit) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Start-b.Start, a.End-b.End, a.of-b.of)
	})
	waits := make([]bool, len(fixes))
	var last *edit
	for i := range all {
		e := &all[i]
		if waits[e.of] {
			continue
		}
		if last != nil && last.File == e.File && (e.Start < last.End || e.Start == last.Start) {
			waits[e.of] = true
			continue
		}
		last = e
	}
	for i, c := range fixes {
		if waits[i] {
			later = append(later, c)
		} else {
			now = append(now, c)
		}
	}
	return now, later
}

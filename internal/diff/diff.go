// Package diff computes unified diffs.
package diff

import (
	"bytes"

	"github.com/rogpeppe/go-internal/diff"
)

// Unified returns the unified diff from before to after, or "" if they are equal. It
// takes O(n log n) time for all texts.
func Unified(oldName, newName, before, after string) string {
	d := diff.Diff(oldName, []byte(before), newName, []byte(after))
	return string(bytes.TrimPrefix(d, []byte("diff "+oldName+" "+newName+"\n")))
}

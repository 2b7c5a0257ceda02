// Package diff shows how two texts differ, as a unified diff.
package diff

import (
	"bytes"

	"github.com/rogpeppe/go-internal/diff"
)

// Unified returns the unified diff that turns before into after, "" when they
// are equal. It takes O(n log n), whatever the texts look like.
func Unified(oldName, newName, before, after string) string {
	d := diff.Diff(oldName, []byte(before), newName, []byte(after))
	return string(bytes.TrimPrefix(d, []byte("diff "+oldName+" "+newName+"\n")))
}

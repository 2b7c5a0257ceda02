package builder

import (
	"github.com/tekwright/tekwright/internal/handle"
)

// Upstream structs that a caller fills in or changes with Mutate may contain
// handles like any other text. sweep finds them.

// sweep replaces every string in v that contains a handle by the result of fix.
// v is a pointer.
func sweep(v any, fix func(string) string) {
	handle.Walk(v, func(s string) string {
		if handle.Plain(s) {
			return s
		}
		return fix(s)
	})
}

// raw lowers the handles in an upstream struct at task scope.
func (l *lowering) raw(s *scope, at place, what string, v any) {
	sweep(v, func(text string) string { return l.text(s, at, what, "", TaskString(text)) })
}

// raw lowers the handles in an upstream struct at pipeline scope.
func (c wiring) raw(at place, where string, v any) {
	sweep(v, func(s string) string {
		c.check(at, where, s)
		return handle.Strip(s)
	})
}

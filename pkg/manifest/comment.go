package manifest

import (
	"strings"

	"github.com/tekwright/tekwright/internal/printable"
)

// comment returns a text as a comment of YAML, each line of it behind prefix. What a
// reader of YAML takes for the end of a line (CR, NEL, LS, PS), and what no terminal
// should be sent, is written as an escape: a comment must not end before its text does.
func comment(prefix, text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(prefix)
		for _, r := range strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r") {
			if text, ok := printable.Escape(r); ok && r != '\t' {
				b.WriteString(text)
			} else {
				b.WriteRune(r)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

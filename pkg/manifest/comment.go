package manifest

import (
	"fmt"
	"strings"
	"unicode"
)

// comment returns a text as a comment of YAML, each line of it behind prefix. What a
// reader of YAML takes for the end of a line (CR, NEL, LS, PS), and what no terminal
// should be sent, is written as an escape: a comment must not end before its text does.
func comment(prefix, text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(prefix)
		for _, r := range strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r") {
			switch {
			case r == '\t' || !unicode.IsControl(r) && r != '\u2028' && r != '\u2029' && r != '\ufeff':
				b.WriteRune(r)
			case r < 0x100:
				fmt.Fprintf(&b, `\x%02x`, r)
			default:
				fmt.Fprintf(&b, `\u%04x`, r)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

package yamlwrite

import "strings"

// blockable reports whether a literal block can hold the text: it has more than
// white space in it, and no character but tab and line break needs an escape.
func blockable(s string) bool {
	solid := false
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
		case !printable(r):
			return false
		case r != ' ':
			solid = true
		}
	}
	return solid
}

// appendLiteral appends a literal block from its | on; its lines start in the
// given column.
func appendLiteral(b []byte, s string, column int) []byte {
	b = append(b, '|')
	if first := strings.TrimLeft(s, "\n"); first[0] == ' ' || first[0] == '\t' {
		// The reader cannot tell the indentation from the first line with text.
		b = append(b, '0'+indent)
	}
	switch body := strings.TrimRight(s, "\n"); len(s) - len(body) {
	case 0:
		b = append(b, '-')
	case 1:
	default:
		b = append(b, '+')
	}
	b = append(b, '\n')
	for line := range strings.Lines(s) {
		if line != "\n" {
			b = spaces(b, column)
		}
		b = append(b, line...)
	}
	if s[len(s)-1] != '\n' {
		b = append(b, '\n')
	}
	return b
}

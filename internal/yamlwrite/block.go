package yamlwrite

import "strings"

// blockable reports whether s can be written as a literal block: it does not consist
// only of white space, and no characters except tabs and line breaks need an escape.
func blockable(s string) bool {
	hasText := false
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
		case !printable(r):
			return false
		case r != ' ':
			hasText = true
		}
	}
	return hasText
}

// appendLiteral appends a literal block, beginning with the |. The lines of the block
// are indented to column.
func appendLiteral(b []byte, s string, column int) []byte {
	b = append(b, '|')
	if first := strings.TrimLeft(s, "\n"); first[0] == ' ' || first[0] == '\t' {
		// Readers cannot derive the indentation from a first line that is indented.
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
			b = appendSpaces(b, column)
		}
		b = append(b, line...)
	}
	if s[len(s)-1] != '\n' {
		b = append(b, '\n')
	}
	return b
}

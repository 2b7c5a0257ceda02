package yamlwrite

import (
	"strings"
	"unicode/utf8"
)

// appendQuoted appends a string as it stands where every reader takes it for
// that string, otherwise in quotes: single ones if the text holds a double
// quote or a backslash and needs no escape, double ones otherwise.
func appendQuoted(b []byte, s string) []byte {
	switch {
	case plain(s):
		return append(b, s...)
	case strings.ContainsAny(s, `"\`) && allPrintable(s):
		b = append(b, '\'')
		b = append(b, strings.ReplaceAll(s, "'", "''")...)
		return append(b, '\'')
	}
	return appendEscaped(b, s)
}

func appendEscaped(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\t':
			b = append(b, '\\', 't')
		case r == '\r':
			b = append(b, '\\', 'r')
		case printable(r):
			b = utf8.AppendRune(b, r)
		case r < 0x100:
			b = append(b, '\\', 'x', hex[r>>4], hex[r&15])
		default: // of the characters above, only those of four digits are not printable
			b = append(b, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		}
	}
	return append(b, '"')
}

// printable reports whether YAML lets the character stand without an escape, and
// no reader takes it for a line break or drops it.
func printable(r rune) bool {
	switch {
	case r < 0x7f:
		return r >= ' '
	case r == '\u2028' || r == '\u2029' || r == '\ufeff':
		return false
	case r == '\u200b' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
		return false // who reads would not see what is there, or in another order
	}
	return r >= 0xa0 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000
}

func allPrintable(s string) bool {
	for _, r := range s {
		if !printable(r) {
			return false
		}
	}
	return true
}

// plain reports whether the string may stand without quotes.
func plain(s string) bool {
	if s == "" || s[0] == ' ' || s[len(s)-1] == ' ' || s[len(s)-1] == ':' {
		return false
	}
	if strings.IndexByte("?:,[]{}#&*!|>'\"%@`", s[0]) >= 0 {
		return false
	}
	if s[0] == '-' && (len(s) == 1 || s[1] == ' ' || strings.HasPrefix(s, "---")) {
		return false
	}
	return allPrintable(s) && !strings.Contains(s, ": ") && !strings.Contains(s, " #") && !typed(s)
}

// simple tells of most plain strings at a glance: words of letters, digits and
// a few signs that begin with a letter and are too long to be taken for
// anything else.
func simple(s string) bool {
	if len(s) < 6 || !letter(s[0]) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !letter(c) && (c < '-' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// words are what some reader takes for a boolean, a null, a number, a merge or
// a default, in any case of their letters.
var words = map[string]bool{
	"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true,
	"true": true, "false": true, "null": true, "~": true, "=": true, "<<": true,
	".inf": true, "+.inf": true, "-.inf": true, ".nan": true,
}

// typed reports whether some reader takes the plain string for something else:
// one of the words, a number (also octal, hexadecimal, in base 60 or with
// underscores) or a date. Where in doubt it says yes.
func typed(s string) bool {
	if len(s) <= 5 && words[strings.ToLower(s)] {
		return true
	}
	if s[0] != '+' && s[0] != '-' && s[0] != '.' && (s[0] < '0' || s[0] > '9') {
		return false
	}
	if only(s, "0123456789+-.,:_eE") || date(s) {
		return true
	}
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0' && only(s[1:], "xXoObB0123456789abcdefABCDEF_")
}

func only(s, set string) bool { return strings.Trim(s, set) == "" }

// date reports whether the string starts as 2006-1-2 does.
func date(s string) bool {
	digits := func() bool {
		rest := strings.TrimLeft(s, "0123456789")
		found := len(rest) < len(s)
		s = rest
		return found
	}
	if !digits() || !strings.HasPrefix(s, "-") {
		return false
	}
	s = s[1:]
	return digits() && strings.HasPrefix(s, "-")
}

package yamlwrite

import (
	"strings"
	"unicode/utf8"
)

// appendQuoted appends a string. It omits the quotes if all readers read the plain text
// as the same string. It uses single quotes if the text contains a double quote, a
// backslash or {{ and needs no other escapes, and double quotes otherwise.
//
// Text with {{ is a template, of Pipelines-as-Code for example, which replaces a part of
// it in the file. So it is always quoted, and by quotes that leave the part as it is.
func appendQuoted(b []byte, s string) []byte {
	switch {
	case plain(s):
		return append(b, s...)
	case (strings.ContainsAny(s, `"\`) || strings.Contains(s, "{{")) && allPrintable(s):
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
		default: // all other characters that are not printable have four digits
			b = append(b, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		}
	}
	return append(b, '"')
}

// printable reports whether YAML allows the character without an escape, and no reader
// treats it as a line break or drops it.
func printable(r rune) bool {
	switch {
	case r < 0x7f:
		return r >= ' '
	case r == '\u2028' || r == '\u2029' || r == '\ufeff':
		return false
	case r == '\u200b' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
		return false // invisible, or changes the order in which the text is displayed
	}
	return r >= 0xa0 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000
}

// IsVerbatim reports whether a string with a {{ is written without escapes: in single
// quotes, in which only a single quote is doubled, or in a literal block.
func IsVerbatim(s string) bool {
	if strings.Contains(s, "\n") {
		return blockable(s)
	}
	return allPrintable(s)
}

func allPrintable(s string) bool {
	for _, r := range s {
		if !printable(r) {
			return false
		}
	}
	return true
}

// plain reports whether the string may be written without quotes.
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
	return allPrintable(s) && !strings.Contains(s, "{{") && !strings.Contains(s, ": ") && !strings.Contains(s, " #") && !isAmbiguous(s)
}

// simple reports whether s is certainly plain, as most strings are: it begins with a
// letter, contains only letters, digits and - . / _, and is longer than all
// reservedWords.
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

// reservedWords are the lower-case forms of the plain strings that some reader reads as
// a boolean, null, a number, a merge key or a default key.
var reservedWords = map[string]bool{
	"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true,
	"true": true, "false": true, "null": true, "~": true, "=": true, "<<": true,
	".inf": true, "+.inf": true, "-.inf": true, ".nan": true,
}

// isAmbiguous reports whether some reader may not read a plain string as a string: it
// is one of reservedWords, a number (which can be octal, hexadecimal, in base 60, or
// contain underscores) or a date. It may return true for other strings.
func isAmbiguous(s string) bool {
	if len(s) <= 5 && reservedWords[strings.ToLower(s)] {
		return true
	}
	if s[0] != '+' && s[0] != '-' && s[0] != '.' && (s[0] < '0' || s[0] > '9') {
		return false
	}
	if consistsOf(s, "0123456789+-.,:_eE") || date(s) {
		return true
	}
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0' && consistsOf(s[1:], "xXoObB0123456789abcdefABCDEF_")
}

func consistsOf(s, set string) bool { return strings.Trim(s, set) == "" }

// date reports whether the string begins with numbers and dashes, as 2006-1-2 does.
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

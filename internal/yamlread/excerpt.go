package yamlread

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// sourceOf returns the offset in the source of byte i of the text of a scalar that
// begins at an offset; false if source and text do not match.
func sourceOf(source string, begin int, how style, text string, i int) (int, bool) {
	if begin >= len(source) {
		return 0, false
	}
	switch how {
	case literal:
		return inLiteral(source, begin, text, i)
	case folded:
		n := lineEnd(source, begin)
		return aligned(source, n, plain, text, i)
	case single, double:
		return aligned(source, begin+1, how, text, i)
	}
	return aligned(source, begin, how, text, i)
}

// lineEnd returns the beginning of the next line.
func lineEnd(s string, at int) int {
	for at < len(s) {
		if n := lineBreak(s[at:]); n > 0 {
			return at + n
		}
		at++
	}
	return at
}

// inLiteral implements sourceOf for literal blocks, whose lines are those of the text.
func inLiteral(source string, begin int, text string, i int) (int, bool) {
	at := lineEnd(source, begin)
	for range strings.Count(text[:i], "\n") {
		at = lineEnd(source, at)
	}
	first := strings.LastIndexByte(text[:i], '\n') + 1
	line, _, _ := strings.Cut(text[first:], "\n")
	end := at
	for end < len(source) && lineBreak(source[end:]) == 0 {
		end++
	}
	if !strings.HasSuffix(source[at:end], line) {
		return 0, false
	}
	return end - len(line) + i - first, true
}

// aligned walks through source and text in parallel. They differ only in the white
// space of folded lines, and in escapes.
func aligned(source string, at int, how style, text string, i int) (int, bool) {
	for t := 0; t < len(text); {
		if at >= len(source) {
			return 0, false
		}
		if how == double && source[at] == '\\' {
			value, size := escape(source[at:])
			if size == 0 {
				return 0, false
			}
			if value != "" {
				if !strings.HasPrefix(text[t:], value) {
					return 0, false
				}
				if i < t+len(value) {
					return at, true
				}
				t += len(value)
			}
			at += size
			continue
		}
		c := text[t]
		if blank(c) {
			if t == i {
				return at, true
			}
			at = foldedBlank(source, at, c)
			t++
			continue
		}
		if blank(source[at]) {
			at++
			continue
		}
		if source[at] != c {
			return 0, false
		}
		if t == i {
			return at, true
		}
		if how == single && c == '\'' {
			at++
		}
		at, t = at+1, t+1
	}
	return 0, false
}

// foldedBlank returns the offset after the source of a blank in the text: the blank
// itself, or the end of a line with the blanks around it.
func foldedBlank(source string, at int, c byte) int {
	end := at
	for end < len(source) && blank(source[end]) {
		end++
	}
	if c != '\n' && end > at && !strings.ContainsAny(source[at:end], "\n\r") {
		return at + 1
	}
	return end
}

// escape reads an escape of a double-quoted scalar. It returns its value and its
// length, 0 if there is none. An escaped line break has an empty value.
func escape(s string) (value string, size int) {
	if len(s) < 2 {
		return "", 0
	}
	if n := lineBreak(s[1:]); n > 0 {
		size = 1 + n
		for size < len(s) && (s[size] == ' ' || s[size] == '\t') {
			size++
		}
		return "", size
	}
	if v, ok := escapes[s[1]]; ok {
		return v, 2
	}
	length := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[1]]
	if length == 0 || len(s) < 2+length {
		return "", 0
	}
	r, err := strconv.ParseUint(s[2:2+length], 16, 32)
	if err != nil {
		return "", 0
	}
	size = 2 + length
	if r >= 0xd800 && r < 0xdc00 && strings.HasPrefix(s[size:], `\u`) && len(s) >= size+6 { // JSON has pairs
		if low, err := strconv.ParseUint(s[size+2:size+6], 16, 32); err == nil && low >= 0xdc00 && low < 0xe000 {
			r, size = (r-0xd800)<<10+(low-0xdc00)+0x10000, size+6
		}
	}
	return string(utf8.AppendRune(nil, rune(r))), size
}

var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r",
	'e': "\x1b", ' ': " ", '"': `"`, '\'': "'", '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

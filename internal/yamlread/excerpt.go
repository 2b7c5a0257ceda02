package yamlread

import (
	"index/suffixarray"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// longText is the size from which it is worth remembering what has been found in a
// text, and fewParts how many parts are looked for before the text gets an index.
const (
	longText = 1 << 10
	fewParts = 16
)

// scanned is the text of a scalar and where it has been found in the source.
type scanned struct {
	source string
	begin  int // of the scalar
	how    style
	text   string

	// known are offsets of the text and the source that belong together, the last
	// of which is the furthest.
	known []pair
	lines []pair         // of a literal block: where its lines begin; -1 for a source that differs
	parts map[string]int // where parts begin
	index *suffixarray.Index
}

// pair is an offset in a text with that in its source.
type pair struct{ text, source int }

// newScan returns a scan of the text of a scalar that begins at an offset.
func newScan(source string, begin int, how style, text string) *scanned {
	start := begin
	switch how {
	case folded:
		start = lineEnd(source, begin)
	case single, double:
		start = begin + 1
	}
	return &scanned{source: source, begin: begin, how: how, text: text, known: []pair{{0, start}}}
}

// find returns the offset of the first occurrence of a part of the text, -1 if there
// is none.
func (s *scanned) find(part string) int {
	if len(s.text) < longText {
		return strings.Index(s.text, part)
	}
	if i, ok := s.parts[part]; ok {
		return i
	}
	first := -1
	if len(s.parts) < fewParts {
		first = strings.Index(s.text, part)
	} else {
		if s.index == nil {
			s.index = suffixarray.New([]byte(s.text))
		}
		for _, i := range s.index.Lookup([]byte(part), -1) {
			if first < 0 || i < first {
				first = i
			}
		}
	}
	if s.parts == nil {
		s.parts = map[string]int{}
	}
	s.parts[part] = first
	return first
}

// sourceOf returns the offset in the source of byte i of the text; false if source
// and text do not match.
func (s *scanned) sourceOf(i int) (int, bool) {
	if s.begin >= len(s.source) {
		return 0, false
	}
	if s.how == literal {
		return s.inLiteral(i)
	}
	n := sort.Search(len(s.known), func(n int) bool { return s.known[n].text > i }) - 1
	return s.aligned(s.known[n], i)
}

// reach records that a pair of offsets belongs together.
func (s *scanned) reach(p pair) {
	if p.text >= s.known[len(s.known)-1].text+stride {
		s.known = append(s.known, p)
	}
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

// inLiteral implements sourceOf for literal blocks, whose lines are those of the
// text.
func (s *scanned) inLiteral(i int) (int, bool) {
	if s.lines == nil {
		s.align()
	}
	n := sort.Search(len(s.lines), func(n int) bool { return s.lines[n].text > i }) - 1
	line := s.lines[n]
	return line.source + i - line.text, line.source >= 0
}

// align finds the source of each line of a literal block.
func (s *scanned) align() {
	at := lineEnd(s.source, s.begin)
	for t := 0; ; {
		line, _, more := strings.Cut(s.text[t:], "\n")
		end := at
		for end < len(s.source) && lineBreak(s.source[end:]) == 0 {
			end++
		}
		p := pair{t, -1}
		if strings.HasSuffix(s.source[at:end], line) {
			p.source = end - len(line)
		}
		s.lines = append(s.lines, p)
		if !more {
			return
		}
		t, at = t+len(line)+1, lineEnd(s.source, at)
	}
}

// aligned walks through source and text in parallel. They differ only in the white
// space of folded lines, and in escapes.
func (s *scanned) aligned(p pair, i int) (int, bool) {
	source, text, how, at := s.source, s.text, s.how, p.source
	if how == folded {
		how = plain
	}
	for t := p.text; t < len(text); {
		s.reach(pair{t, at})
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

package report

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tekwright/tekwright/internal/fix"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
)

// span is the part of a line that a finding is about.
type span struct {
	file         string
	line, column int    // from 1, the column in characters; 0 if not known
	text         string // of the line
	start, end   int    // byte offsets in text; equal if not known
	ruler        *ruler // of the line, if it can be shown
	secret       bool   // the part has hidden text
}

// width returns the number of characters of the part, 0 if it is secret.
func (s span) width() int {
	if s.secret {
		return 0
	}
	return utf8.RuneCountInString(s.text[s.start:s.end])
}

// known reports whether the line can be shown.
func (s span) known() bool { return s.line > 0 && s.text != "" }

// lines finds lines of texts by number.
type lines struct {
	texts  map[string]string
	find   func(file string) (ranges [][2]int, values []string)
	split  map[string][]string
	places map[string]*fix.Places
	hidden map[string]*hidden
	rulers map[place]*ruler
	hide   func(text string) string
}

// hidden are the secret parts of a file, by line.
type hidden struct {
	ranges [][2]int // of the text
	values []string
	mask   *secrets.Mask
	parts  map[int][][2]int
}

// place is a line of a file.
type place struct {
	file string
	line int
}

// longest is the maximum length in bytes of a line to show. Longer lines are
// usually generated JSON, and scanning them for each finding would be slow.
const longest = 16 << 10

func newLines(r Report) *lines {
	if r.Secrets == nil {
		r.Secrets, r.Hide = search(r.Texts)
	}
	return &lines{texts: r.Texts, find: r.Secrets, hide: r.Hide, split: map[string][]string{}, places: map[string]*fix.Places{}, hidden: map[string]*hidden{}, rulers: map[place]*ruler{}}
}

// search returns functions for the secret parts of texts.
func search(texts map[string]string) (find func(file string) ([][2]int, []string), hide func(string) string) {
	var known secrets.Known
	parts := map[string]secrets.Parts{}
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		parts[file] = secrets.In(texts[file])
		known.Add(parts[file])
	}
	return func(file string) ([][2]int, []string) {
		p := parts[file]
		p.Hide(&known, texts[file])
		return p.Ranges, p.Values
	}, known.Hide
}

// secrets returns the secret parts of a file.
func (l *lines) secrets(file string) *hidden {
	if h := l.hidden[file]; h != nil {
		return h
	}
	text := l.texts[file]
	ranges, values := l.find(file)
	h := &hidden{ranges, values, secrets.NewMask(values), map[int][][2]int{}}
	l.hidden[file] = h
	mark := len(text) - len(strings.TrimPrefix(text, "\ufeff"))
	number, from := 0, mark // the first line does not have the mark
	for line := range strings.Lines(text[mark:]) {
		number++
		for len(ranges) > 0 && ranges[0][0] < from+len(line) {
			r := ranges[0]
			h.parts[number] = append(h.parts[number], [2]int{max(0, r[0]-from), min(r[1]-from, len(line))})
			if r[1] > from+len(line) {
				break
			}
			ranges = ranges[1:]
		}
		from += len(line)
	}
	return h
}

// place returns the line and the column in characters of an offset in a file.
func (l *lines) place(file string, offset int) (line, column int) {
	p := l.places[file]
	if p == nil {
		p = fix.NewPlaces(l.texts[file])
		l.places[file] = p
	}
	return p.At(offset)
}

// kept is the number of rulers that are kept: findings are sorted by line.
const kept = 16

// ruler returns the ruler of a line.
func (l *lines) ruler(file string, number int) *ruler {
	text := l.line(file, number)
	if text == "" {
		return newRuler("", nil)
	}
	at := place{file, number}
	r := l.rulers[at]
	if r == nil {
		r = newRuler(text, l.secrets(file).parts[number])
		if len(l.rulers) == kept {
			clear(l.rulers)
		}
		l.rulers[at] = r
	}
	return r
}

// line returns the text of a line, "" if it cannot be shown.
func (l *lines) line(file string, number int) string {
	if _, ok := l.split[file]; !ok {
		l.split[file] = strings.Split(strings.TrimPrefix(l.texts[file], "\ufeff"), "\n")
	}
	if number < 1 || number > len(l.split[file]) || len(l.split[file][number-1]) > longest {
		return ""
	}
	return strings.TrimSuffix(l.split[file][number-1], "\r")
}

// span returns the part of a line at a position: the excerpt if it is there, or
// else the YAML value or key that begins there. The path distinguishes fields
// from items of lists, for which the value of the first field is included.
func (l *lines) span(at diag.Position, excerpt string, path diag.Path) span {
	var s span
	s.file, s.line, s.column = at.File, at.Line, at.Column
	s.ruler = l.ruler(s.file, s.line)
	s.text = s.ruler.text
	if s.column <= 0 || s.text == "" {
		return s
	}
	s.start = s.ruler.offset(s.column)
	rest := s.text[s.start:]
	excerpt, _, _ = strings.Cut(excerpt, "\n")
	if excerpt = strings.TrimSuffix(excerpt, "\r"); excerpt != "" && strings.HasPrefix(rest, excerpt) {
		s.end = s.start + len(excerpt)
	} else {
		flow := s.ruler.open(s.start)
		s.end = s.ruler.word(s.start, flow)
		if value := strings.TrimLeft(strings.TrimPrefix(s.text[s.end:], ":"), " \t"); !path.IsRoot() && path.Last().Kind != diag.FieldSegment &&
			strings.HasPrefix(s.text[s.end:], ": ") && value != "" && value[0] != '#' {
			s.end = s.ruler.word(len(s.text)-len(value), flow)
		}
	}
	for _, h := range s.ruler.hidden {
		if h[0] < s.end && h[1] > s.start || h[0] == s.start {
			s.start, s.end, s.secret = min(s.start, h[0]), max(s.end, min(h[1], len(s.text))), true
		}
	}
	return s
}

// starts reports whether a value may begin after the text.
func starts(text string) bool {
	text = strings.TrimRight(text, " \t")
	return text == "" || strings.ContainsAny(text[len(text)-1:], ":,-[{?")
}

// word returns the end of the YAML value or key that begins at an offset.
func (r *ruler) word(at int, flow bool) int {
	line := r.text[at:]
	if line == "" {
		return at
	}
	switch line[0] {
	case '"', '\'':
		if n := quoted(line); n > 0 {
			return at + n
		}
	case '{', '[':
		if end := r.end(at); end > 0 {
			return end
		}
	}
	end := len(line)
	for i := 1; i < len(line); i++ {
		blank := i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t'
		if line[i] == ':' && blank ||
			line[i] == '#' && (line[i-1] == ' ' || line[i-1] == '\t') ||
			flow && (line[i] == ',' || line[i] == ']' || line[i] == '}') {
			end = i
			break
		}
	}
	return at + max(1, len(strings.TrimRight(line[:end], " \t")))
}

// quotedAt returns the length of the quoted scalar that begins at an offset, 0 if
// none does.
func quotedAt(line string, at int) int {
	if !starts(line[:at]) {
		return 0
	}
	return quoted(line[at:])
}

// quoted returns the length of the quoted scalar at the beginning of a line, 0 if
// it does not end in the line.
func quoted(line string) int {
	quote := line[0]
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] == '\\' && quote == '"':
			i++
		case line[i] == quote && quote == '\'' && i+1 < len(line) && line[i+1] == quote:
			i++
		case line[i] == quote:
			return i + 1
		}
	}
	return 0
}

// Package ignore reads the comments that suppress rules in a part of a file.
package ignore

import (
	"strings"
	"unicode/utf8"

	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/object"
)

// prefix begins the comments, after the #.
const prefix = "tekwright:"

// longest is the maximum length of a code, in bytes. What is longer is cut, since messages
// repeat it.
const longest = 64

// Parse parses the text of a comment behind the prefix: "ignore a, b -- reason". It
// returns the codes, with their offsets in the text, and the reason. It returns false if
// the comment is about something else.
func Parse(text string) (codes []Code, reason string, ok bool) {
	rest := strings.TrimLeft(text, " \t")
	after, ok := strings.CutPrefix(rest, "ignore")
	if !ok || after != "" && !blank(after[0]) {
		return nil, "", false
	}
	at := len(text) - len(after)
	end := len(after)
	for i := 0; ; {
		n := strings.Index(after[i:], "--")
		if n < 0 {
			break
		}
		if i += n; (i == 0 || blank(after[i-1])) && (i+2 == len(after) || blank(after[i+2])) {
			end, reason = i, strings.TrimSpace(after[i+2:])
			break
		}
		i++
	}
	list := after[:end]
	for list != "" {
		one, more, _ := strings.Cut(list, ",")
		if word := strings.TrimLeft(one, " \t"); word != "" {
			offset := at + len(one) - len(word)
			if word = strings.TrimRight(word, " \t\r"); end == len(after) { // the reason may be without --
				if i := strings.IndexAny(word, " \t"); i >= 0 {
					word = word[:i]
				}
			}
			if word != "" {
				codes = append(codes, Code{cut(word), offset})
			}
		}
		at += len(list) - len(more)
		list = more
	}
	return codes, reason, true
}

// Code is a code in a comment.
type Code struct {
	Name   string
	Offset int
}

// cut returns the beginning of a code that is too long.
func cut(word string) string {
	if len(word) <= longest {
		return word
	}
	at := longest
	for at > 0 && !utf8.RuneStart(word[at]) {
		at--
	}
	return word[:at] + "…"
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

// In returns what the comments of a document ignore, in the order of the text. The file is
// the name for positions.
func In(doc *yamlread.Document, file string) []object.Ignore {
	var all []object.Ignore
	var s scripts
	for _, c := range doc.Comments(prefix) {
		codes, reason, ok := Parse(c.Text)
		if !ok {
			continue
		}
		first, last := c.First, c.Last
		if c.Script != nil {
			if first, last, ok = s.lines(c.Script); !ok {
				continue
			}
		}
		one := object.Ignore{Reason: reason, Position: c.Position, First: first, Last: last}
		one.Position.File = file
		if len(codes) == 0 {
			all = append(all, one)
		}
		for _, code := range codes {
			with := one
			with.Code = code.Name
			with.Position.Column += c.Lead + utf8.RuneCountInString(c.Text[:code.Offset])
			all = append(all, with)
		}
	}
	return all
}

// scripts judges comments in the scripts of steps.
type scripts struct {
	reader *shell.Reader
	last   string // the script that was looked at last
	script *shell.Script
	starts []int // of its lines
}

// lines returns the lines of the stream that a comment in a script is about: its own one,
// or the next command if nothing precedes the comment in its line. It returns false if it
// is not a comment for the shell, such as in a here-document.
func (s *scripts) lines(b *yamlread.Block) (first, last int, ok bool) {
	if b.Key != "script" {
		return 0, 0, false
	}
	if s.script == nil || s.last != b.Text {
		if s.reader == nil {
			s.reader = shell.NewReader(tekref.Spans, nil)
		}
		s.last, s.script = b.Text, s.reader.Script(b.Text)
		s.starts = append(s.starts[:0], 0)
		for i := range len(b.Text) {
			if b.Text[i] == '\n' {
				s.starts = append(s.starts, i+1)
			}
		}
	}
	if s.script.Place(b.Offset) != shell.Comment || b.Line >= len(s.starts) {
		return 0, 0, false
	}
	line := b.Line
	if before := strings.TrimSpace(b.Text[s.starts[line]:b.Offset]); before != "" && before[0] != '#' {
		return b.First + line, b.First + line, true
	}
	for line++; line < len(s.starts); line++ {
		if text := s.line(line); text != "" && text[0] != '#' {
			break
		}
	}
	if line == len(s.starts) {
		return 0, 0, true
	}
	first = b.First + line
	for strings.HasSuffix(s.line(line), `\`) && line+1 < len(s.starts) {
		line++
	}
	return first, b.First + line, true
}

// line returns a line of the script without blanks around it.
func (s *scripts) line(i int) string {
	end := len(s.last)
	if i+1 < len(s.starts) {
		end = s.starts[i+1]
	}
	return strings.TrimSpace(s.last[s.starts[i]:end])
}

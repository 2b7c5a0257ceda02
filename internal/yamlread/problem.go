package yamlread

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Trouble is why a document cannot be read.
type Trouble uint8

// The troubles there are.
const (
	Broken   Trouble = iota // it is no YAML
	Template                // it makes YAML when it is rendered
	Limit                   // it is larger than what is read
)

// Problem is why a document cannot be read, and where.
type Problem struct {
	Trouble      Trouble
	Line, Column int
	Message      string // lower case, without a full stop
	Help         string
}

// problem makes a problem of a fault of the document.
func (d extent) problem(f *fault) *Problem {
	p := &Problem{Message: f.err.Error()}
	at := d.Position(f.mark)
	p.Line, p.Column = at.Line, at.Column
	if f.limit {
		p.Trouble = Limit
	}
	return p
}

// unreadable is the problem of a stream that is no text, or is too large.
func unreadable(f *file) *Problem {
	at := func(offset int, trouble Trouble, message, help string) *Problem {
		line, column := f.position(offset)
		return &Problem{trouble, line, column, message, help}
	}
	s := f.text
	switch {
	case len(s) > maxStream:
		return &Problem{Limit, 1, 1, "the stream has " + strconv.Itoa(len(s)>>20) + " MiB, more than is read at once (" +
			strconv.Itoa(maxStream>>20) + " MiB)", "split it into several files"}
	case moreSigns(s, maxAllSigns):
		return &Problem{Limit, 1, 1, "the stream holds more values than are read at once", "split it into several files"}
	case strings.HasPrefix(s, "\xff\xfe") || strings.HasPrefix(s, "\xfe\xff"):
		return &Problem{Broken, 1, 1, "the text is UTF-16", "save it as UTF-8"}
	case !utf8.ValidString(s):
		offset := 0
		for offset < len(s) {
			r, size := utf8.DecodeRuneInString(s[offset:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			offset += size
		}
		return at(offset, Broken, "the text is not valid UTF-8", "save it as UTF-8; bytes go into a Secret, or into binaryData of a ConfigMap")
	}
	return nil
}

// isControl tells the characters that must not stand in YAML.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff
}

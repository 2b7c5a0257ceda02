package yamlread

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Trouble is the reason why a document cannot be read.
type Trouble uint8

// Reasons.
const (
	Broken   Trouble = iota // it is not valid YAML
	Template                // it is a template that has to be rendered first
	Limit                   // it exceeds a limit
)

// Problem describes why a document cannot be read, and where.
type Problem struct {
	Trouble      Trouble
	Line, Column int
	Message      string // lower case, without a full stop
	Help         string
}

// problem converts a fault.
func (d extent) problem(f *fault) *Problem {
	p := &Problem{Message: f.err.Error()}
	at := d.Position(f.mark)
	p.Line, p.Column = at.Line, at.Column
	if f.limit {
		p.Trouble = Limit
	}
	return p
}

// unreadable returns the problem of a stream that is not text or is too large.
func unreadable(f *file) *Problem {
	at := func(offset int, trouble Trouble, message, help string) *Problem {
		line, column := f.position(offset)
		return &Problem{trouble, line, column, message, help}
	}
	s := f.text
	switch {
	case len(s) > maxStream:
		return &Problem{Limit, 1, 1, "the stream is larger than the limit of " + strconv.Itoa(maxStream>>20) + " MiB", "split it into several files"}
	case moreSigns(s, maxAllSigns):
		return &Problem{Limit, 1, 1, "the stream has too many values", "split it into several files"}
	case strings.HasPrefix(s, "\xff\xfe") || strings.HasPrefix(s, "\xfe\xff"):
		return &Problem{Broken, 1, 1, "the file is encoded as UTF-16", "save it as UTF-8"}
	case !utf8.ValidString(s):
		offset := 0
		for offset < len(s) {
			r, size := utf8.DecodeRuneInString(s[offset:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			offset += size
		}
		return at(offset, Broken, "the file is not valid UTF-8", "save it as UTF-8; store binary data in a Secret or in binaryData of a ConfigMap")
	}
	return nil
}

// isControl reports whether YAML does not allow a character.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff
}

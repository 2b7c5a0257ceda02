package diag

import (
	"cmp"
	"path"
	"path/filepath"
	"strconv"
)

// Position is a place in a YAML file, or in the Go code that described the value.
// The zero value is an unknown place.
//
// Lines and columns start at 1; 0 means unknown. Columns count characters, not
// bytes. The end is after the last character, and is unknown (0, 0) for most
// positions.
type Position struct {
	File               string
	Line, Column       int
	EndLine, EndColumn int
}

// IsValid reports whether the file is known.
func (p Position) IsValid() bool { return p.File != "" }

// String returns "file:line:column", "file:line" or "file", depending on what is
// known, or "" for an unknown place.
func (p Position) String() string {
	s := p.File
	if p.Line > 0 && s != "" {
		s += ":" + strconv.Itoa(p.Line)
		if p.Column > 0 {
			s += ":" + strconv.Itoa(p.Column)
		}
	}
	return s
}

// Short is like String, but shortens an absolute file name to its last element, so
// that messages are the same on every machine.
func (p Position) Short() string {
	if filepath.IsAbs(p.File) || path.IsAbs(p.File) {
		p.File = path.Base(filepath.ToSlash(p.File))
	}
	return p.String()
}

// Start returns the position without its end.
func (p Position) Start() Position { return Position{File: p.File, Line: p.Line, Column: p.Column} }

// Compare compares positions by file, line and column. Unknown places come last.
func (p Position) Compare(q Position) int {
	if p.IsValid() != q.IsValid() {
		if p.IsValid() {
			return -1
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column),
		cmp.Compare(p.EndLine, q.EndLine), cmp.Compare(p.EndColumn, q.EndColumn),
	)
}

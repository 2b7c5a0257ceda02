package cluster

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/tekwright/tekwright/internal/printable"
)

// Screen repeatedly draws a tree at the same place of a terminal, using ANSI
// escape sequences. Of the lines it keeps only the colors. It is not safe for
// concurrent use.
type Screen struct {
	Writer io.Writer
	Height int // height of the terminal in lines; 0 for no limit

	drawn []string
}

var errNoWriter = errors.New("the writer is nil")

// Draw replaces the lines drawn before. Lines must not be wider than the
// terminal; see Tree.Width.
func (s *Screen) Draw(lines []string) error {
	if s == nil || s.Writer == nil {
		return errNoWriter
	}
	if s.Height > 1 && len(lines) > s.Height-1 {
		lines = append(lines[:s.Height-2:s.Height-2], fmt.Sprintf("... %d more", len(lines)-s.Height+2))
	}
	return s.write(nil, lines)
}

// Print writes permanent lines, such as those of a log, above the tree.
func (s *Screen) Print(lines ...string) error {
	if s == nil || s.Writer == nil {
		return errNoWriter
	}
	if len(lines) == 0 {
		return nil
	}
	return s.write(lines, s.drawn)
}

func (s *Screen) write(above, lines []string) error {
	text := printable.Safe("")
	if len(s.drawn) > 0 {
		text = printable.Format("\x1b[%dA\r\x1b[J", len(s.drawn))
	}
	for _, line := range append(slices.Clip(above), lines...) {
		text += printable.Log(line, true) + "\n"
	}
	s.drawn = lines
	return printable.Fprintf(s.Writer, "%s", text)
}

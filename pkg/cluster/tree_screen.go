package cluster

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Screen repeatedly draws a tree at the same place of a terminal, using ANSI
// escape sequences. It is not safe for concurrent use.
type Screen struct {
	To     io.Writer
	Height int // height of the terminal in lines; 0 for no limit

	drawn []string
}

var errNoWriter = errors.New("the writer is nil")

// Draw replaces the lines drawn before. Lines must not be wider than the
// terminal; see Tree.Width.
func (s *Screen) Draw(lines []string) error {
	if s == nil || s.To == nil {
		return errNoWriter
	}
	if s.Height > 1 && len(lines) > s.Height-1 {
		lines = append(lines[:s.Height-2:s.Height-2], fmt.Sprintf("... %d more", len(lines)-s.Height+2))
	}
	return s.write("", lines)
}

// Print writes permanent lines, such as those of a log, above the tree.
func (s *Screen) Print(lines ...string) error {
	if s == nil || s.To == nil {
		return errNoWriter
	}
	if len(lines) == 0 {
		return nil
	}
	return s.write(strings.Join(lines, "\n")+"\n", s.drawn)
}

func (s *Screen) write(above string, lines []string) error {
	var b strings.Builder
	if len(s.drawn) > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\r\x1b[J", len(s.drawn))
	}
	b.WriteString(above)
	for _, line := range lines {
		b.WriteString(line + "\n")
	}
	s.drawn = lines
	_, err := io.WriteString(s.To, b.String())
	return err
}

package generate

import (
	"fmt"
	"io"
	"time"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// progress shows the progress in one line, which is overwritten.
type progress struct {
	w     io.Writer
	begun time.Time
	shown time.Time
	wide  int // width of the current line
}

// Progress is shown after patience, and updated after each pause.
const (
	patience = 500 * time.Millisecond
	pause    = 100 * time.Millisecond
)

func (l *progress) show(p manifest.Progress) {
	now := time.Now()
	if l.begun.IsZero() {
		l.begun = now
	}
	if now.Sub(l.begun) < patience || now.Sub(l.shown) < pause {
		return
	}
	l.shown = now
	text := p.Stage
	if p.Total > 0 {
		text += fmt.Sprintf(" %d of %d", p.Done, p.Total)
	}
	_ = printable.Fprintf(l.w, "\r%-*s", l.wide, text)
	l.wide = len(text)
}

// clear removes the line.
func (l *progress) clear() {
	if l.wide > 0 {
		_ = printable.Fprintf(l.w, "\r%*s\r", l.wide, "")
		l.wide = 0
	}
}

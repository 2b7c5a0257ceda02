package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/tekwright/tekwright/internal/printable"
)

// Clock is the time for the command. The main program passes the clock of the system.
type Clock interface {
	Now() time.Time
	// Tick returns a channel that receives the time again and again, and a function that
	// stops it.
	Tick(every time.Duration) (ticks <-chan time.Time, stop func())
}

const (
	// patience is the time after which progress is shown.
	patience = time.Second
	// redrawn is the time between two ticks of the progress.
	redrawn = 200 * time.Millisecond
)

// progress is a line on the terminal that says what is done, for as long as it takes. A
// progress without a writer shows nothing.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	began time.Time
	doing string
	shown string // the line, "" if none is
	done  chan struct{}
	ended sync.WaitGroup
	stop  func()
}

// progress starts to show progress on the standard error, if that is a terminal that can
// overwrite a line and nobody keeps what is written there.
func (a *app) progress(quiet bool) *progress {
	p := &progress{}
	if quiet || !a.ErrTerminal || a.Clock == nil || a.Env("TERM") == "dumb" || a.Env("CI") != "" {
		return p
	}
	p.w, p.began, p.done = a.Err, a.Clock.Now(), make(chan struct{})
	var ticks <-chan time.Time
	ticks, p.stop = a.Clock.Tick(redrawn)
	p.ended.Go(func() {
		for {
			select {
			case now := <-ticks:
				p.draw(now)
			case <-p.done:
				return
			}
		}
	})
	return p
}

// is sets what is being done.
func (p *progress) is(doing string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.doing = doing
}

// draw writes the line.
func (p *progress) draw(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	took := now.Sub(p.began)
	if took < patience || p.doing == "" {
		return
	}
	line := fmt.Sprintf("%s, %d s", p.doing, int(took.Seconds()))
	if line == p.shown {
		return
	}
	p.shown = line
	// An error is no reason to stop the check.
	_ = printable.Fprintf(p.w, "\r%s\x1b[K", line)
}

// aside writes something else where the line is.
func (p *progress) aside(write func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove()
	write()
}

// remove removes the line.
func (p *progress) remove() {
	if p.shown != "" {
		_ = printable.Fprintf(p.w, "\r\x1b[K")
	}
	p.shown = ""
}

// end removes the line for good. It may be called again.
func (p *progress) end() {
	if p.w == nil {
		return
	}
	p.stop()
	close(p.done)
	p.ended.Wait()
	p.remove()
	p.w = nil
}

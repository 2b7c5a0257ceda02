package cli_test

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/cli"
)

// clock is a clock that moves when the command waits for its input.
type clock struct {
	mu               sync.Mutex
	now              time.Time
	ticks            chan time.Time
	started, stopped bool
}

func newClock() *clock { return &clock{ticks: make(chan time.Time)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Tick(time.Duration) (<-chan time.Time, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started = true
	return c.ticks, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.stopped = true
	}
}

// move moves the clock by steps, and ticks after each of them if somebody listens.
func (c *clock) move(steps ...time.Duration) {
	for _, d := range steps {
		c.mu.Lock()
		c.now = c.now.Add(d)
		now, started := c.now, c.started
		c.mu.Unlock()
		if started {
			c.ticks <- now
			c.ticks <- time.Time{} // which is received after the last one has been shown
		}
	}
}

// slow is an input that takes its time.
type slow struct {
	io.Reader
	wait func()
}

func (s *slow) Read(b []byte) (int, error) {
	if s.wait != nil {
		s.wait()
		s.wait = nil
	}
	return s.Reader.Read(b)
}

// TestProgress tests that progress is shown on a terminal, after a second, and removed.
func TestProgress(t *testing.T) {
	before := runtime.NumGoroutine()
	check := func(args string, change func(*cli.Streams), steps ...time.Duration) (out, stderr string) {
		c := newClock()
		var stdout, errors bytes.Buffer
		s := cli.Streams{
			In:  &slow{strings.NewReader(good), func() { c.move(steps...) }},
			Out: &stdout, Err: &errors, Env: func(string) string { return "" }, ErrTerminal: true, Clock: c,
		}
		if change != nil {
			change(&s)
		}
		assert.Equal(t, 0, cli.Run(context.Background(), strings.Fields("check - "+args), s))
		assert.Equal(t, c.started, c.stopped)
		return stdout.String(), errors.String()
	}
	out, stderr := check("", nil, 300*time.Millisecond, 700*time.Millisecond, 500*time.Millisecond, time.Second)
	assert.Equal(t, "no findings in 1 object of 1 file\n", out)
	assert.Equal(t, "\rreading manifests, 1 s\x1b[K\rreading manifests, 2 s\x1b[K\r\x1b[K", stderr)

	out, stderr = check("--summary", nil, 300*time.Millisecond, 600*time.Millisecond)
	assert.Equal(t, "no findings in 1 object of 1 file; took 0.9 s\n", out)
	assert.Empty(t, stderr, "it was quick")

	for name, change := range map[string]func(*cli.Streams){
		"no terminal":   func(s *cli.Streams) { s.ErrTerminal, s.Terminal = false, true },
		"no clock":      func(s *cli.Streams) { s.Clock = nil },
		"dumb terminal": func(s *cli.Streams) { s.Env = environment("TERM=dumb") },
		"CI":            func(s *cli.Streams) { s.Env = environment("CI=true") },
	} {
		_, stderr = check("", change, 3*time.Second)
		assert.Empty(t, stderr, name)
	}
	_, stderr = check("-q", nil, 3*time.Second)
	assert.Empty(t, stderr)

	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before, "goroutines are left")
}

// environment returns a variable.
func environment(variable string) func(string) string {
	name, value, _ := strings.Cut(variable, "=")
	return func(n string) string {
		if n == name {
			return value
		}
		return ""
	}
}

// TestProgressAside tests that a warning is not written into the line, and that an error
// ends it.
func TestProgressAside(t *testing.T) {
	repository(t, map[string]string{".tekwright.yaml": "features: [enable-the-future]\n"})
	c := newClock()
	var stderr bytes.Buffer
	cli.Run(context.Background(), []string{"check", "-"}, cli.Streams{
		In: &slow{strings.NewReader(good), func() { c.move(2 * time.Second) }}, Out: io.Discard, Err: &stderr,
		Env: func(string) string { return "" }, ErrTerminal: true, Clock: c,
	})
	for line := range strings.Lines(stderr.String()) {
		if at := strings.Index(line, "tekwright: "); at >= 0 {
			assert.True(t, at == 0 || strings.HasSuffix(line[:at], "\r\x1b[K"), "%q", line)
		}
	}
	assert.Contains(t, stderr.String(), "reading manifests, 2 s")
	assert.Contains(t, stderr.String(), "tekwright: warning: .tekwright.yaml:1:11: features has")

	t.Chdir(t.TempDir())
	c = newClock()
	stderr.Reset()
	exit := cli.Run(context.Background(), []string{"check", "-"}, cli.Streams{
		In: &slow{strings.NewReader(""), func() { c.move(2 * time.Second) }}, Out: io.Discard, Err: &stderr,
		Env: func(string) string { return "" }, ErrTerminal: true, Clock: c,
	})
	assert.Equal(t, 2, exit)
	assert.True(t, strings.HasPrefix(stderr.String(), "\rreading manifests, 2 s\x1b[K\r\x1b[Ktekwright: no manifests found"), "%q", stderr.String())
	assert.True(t, c.stopped)
}

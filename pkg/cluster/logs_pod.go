package cluster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// longestLine is the number of bytes after which a line is split.
const longestLine = 64 << 10

// resumeDelay is the pause before an interrupted log is resumed.
const resumeDelay = time.Second

// podLog reads the logs of the steps of a pod one after the other, while they
// run.
type podLog struct {
	stop context.CancelFunc
	over <-chan struct{} // closed when reading has ended

	mu    sync.Mutex
	ended map[string]chan struct{} // by step: closed when the step has ended

	// Owned by the loop of the follower.
	done    bool            // no more lines will be reported
	hurried bool            // the rest has to arrive within IdleTimeout
	count   int             // number of lines
	counted int             // count at the last check
	drained map[string]bool // steps whose log has been read
	last    map[string][]string
	trouble string // why the log cannot be read; "" if it can
}

// note records which steps of the attempt have ended.
func (l *podLog) note(a Attempt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, step := range a.Steps {
		c := l.ended[step.Name]
		if c == nil || !step.State.Ended() && !a.State.Ended() {
			continue
		}
		select {
		case <-c:
		default:
			close(c)
		}
	}
}

func (l *podLog) hasEnded(step string) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended[step]
}

// stepLog reads the log of one step.
type stepLog struct {
	client    *Client
	namespace string
	pod       string
	step      StepStatus
	ended     <-chan struct{}
	attempts  int
	line      func(logLine) // called with each line

	// Where the log was interrupted: the time of the last line, and the number
	// of lines with that time.
	at    time.Time
	lines int
}

// read reads the log to its end, resuming it when it is interrupted. It also
// returns nil if ctx has ended.
func (s *stepLog) read(ctx context.Context) error {
	failed := 0
	for ctx.Err() == nil {
		ended := false
		select {
		case <-s.ended:
			ended = true
		default:
		}
		// If the step had ended before, the log is complete. Otherwise it may
		// have been interrupted.
		err := s.stream(ctx, !ended)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil && ended:
			return nil
		case apierrors.IsNotFound(err) && !s.at.IsZero():
			return nil // the pod was deleted while its log was read
		case apierrors.IsForbidden(err), apierrors.IsUnauthorized(err), apierrors.IsNotFound(err):
			return err
		case apierrors.IsBadRequest(err) && !ended: // the container has not started yet
		case err == nil:
			failed = 0
		default:
			if failed++; failed >= s.attempts {
				return err
			}
		}
		s.pause(ctx, err == nil)
	}
	return nil
}

// pause waits before the log is requested again; not longer than until the step
// has ended if the log ended without an error.
func (s *stepLog) pause(ctx context.Context, clean bool) {
	pause, cancel := context.WithTimeout(ctx, resumeDelay)
	defer cancel()
	ended := s.ended
	if !clean {
		ended = nil
	}
	select {
	case <-pause.Done():
	case <-ended:
	}
}

func (s *stepLog) stream(ctx context.Context, follow bool) error {
	o := &corev1.PodLogOptions{Container: s.step.Container, Follow: follow, Timestamps: true}
	if !s.at.IsZero() {
		o.SinceTime = &metav1.Time{Time: s.at} // is sent in whole seconds
	}
	stream, err := s.client.podLog(ctx, s.namespace, s.pod, o)
	if err != nil {
		return err
	}
	defer stream.Close()
	seen := s.lines // lines with time s.at, which are sent again
	since := s.at
	in := bufio.NewReaderSize(stream, longestLine)
	partial, skipped := false, false // for a line that is too long
	for {
		b, err := in.ReadSlice('\n')
		whole := err == nil || errors.Is(err, bufio.ErrBufferFull)
		if len(b) > 0 && (whole || !follow && errors.Is(err, io.EOF)) {
			at, text := stamp(b, partial)
			switch {
			case partial && skipped:
			case partial:
				s.line(logLine{s.at, text})
			case at.Before(since):
				skipped = true
			case at.Equal(since) && seen > 0:
				skipped = true
				seen--
			default:
				skipped = false
				if at.Equal(s.at) {
					s.lines++
				} else {
					s.at, s.lines = at, 1
				}
				s.line(logLine{at, text})
			}
		}
		partial = errors.Is(err, bufio.ErrBufferFull)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !partial:
			return err
		}
	}
}

// stamp splits the time that the kubelet adds off a line. The continuation of a
// long line has none.
func stamp(b []byte, partial bool) (time.Time, string) {
	b = bytes.TrimRight(b, "\r\n")
	if !partial {
		if before, after, found := bytes.Cut(b, []byte(" ")); found {
			if at, err := time.Parse(time.RFC3339Nano, string(before)); err == nil {
				return at, string(after)
			}
		}
		if at, err := time.Parse(time.RFC3339Nano, string(b)); err == nil {
			return at, "" // an empty line
		}
	}
	return time.Time{}, string(b)
}

// keep appends a line to the last n lines.
func keep(last []string, line string, n int) []string {
	if n == 0 {
		return nil
	}
	if len(last) >= n {
		copy(last, last[len(last)-n+1:])
		last = last[:n-1]
	}
	return append(last, line)
}

// logLine is a line with the time it was written.
type logLine struct {
	at   time.Time
	text string
}

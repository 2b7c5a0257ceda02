package manifest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/diff"
)

// DriftError says how a folder differs from what WriteDir would write. Files
// are named without the folder, in order.
type DriftError struct {
	Dir string
	// Missing files are not there, Stale ones have another content,
	// Superfluous ones were written for an object that is gone.
	Missing, Stale, Superfluous []string
	// Foreign files were not written by tekwright, and stand where one of its
	// files belongs.
	Foreign []string
	// Diff turns the stale files into what they should be.
	Diff string
}

// Error lists the files, and then the difference.
func (e *DriftError) Error() string {
	var b strings.Builder
	b.WriteString("the folder " + strconv.Quote(e.Dir) + " is out of date; write it again")
	for _, l := range []struct {
		what  string
		names []string
	}{
		{"missing", e.Missing},
		{"stale", e.Stale},
		{"superfluous", e.Superfluous},
		{"in the way and not written by tekwright, so move it away", e.Foreign},
	} {
		if len(l.names) > 0 {
			b.WriteString("\n\t" + l.what + ": " + strings.Join(l.names, ", "))
		}
	}
	if e.Diff != "" {
		b.WriteString("\n" + strings.TrimSuffix(e.Diff, "\n"))
	}
	return b.String()
}

// unfinished is the error for a folder whose files were being replaced when
// the process that did it ended.
func unfinished(dir string) error {
	return fmt.Errorf("the folder %q is a mix of old and new files: the program that wrote it was stopped; write it again", dir)
}

// CheckDir builds the set and compares the folder with what WriteDir would
// write there; it changes nothing. The error is a [*DriftError] if they differ.
// Line breaks of a Windows checkout do not count as a difference.
func (s *Set) CheckDir(dir string) error {
	want, f, err := s.plan(dir)
	if err != nil {
		return err
	}
	if f.unfinished {
		return unfinished(dir)
	}
	drift := &DriftError{Dir: dir, Superfluous: f.gone, Foreign: f.foreign()}
	slices.SortFunc(want, func(a, b file) int { return strings.Compare(a.name, b.name) })
	for _, w := range want {
		old, ok := f.old[w.name]
		switch {
		case !ok:
			drift.Missing = append(drift.Missing, w.name)
		case old.ours:
			path := filepath.ToSlash(filepath.Join(dir, w.name))
			d := diff.Unified(path, path, string(unix(old.text)), string(w.text))
			if d != "" {
				drift.Stale = append(drift.Stale, w.name)
				drift.Diff += d
			}
		}
	}
	if len(drift.Missing)+len(drift.Stale)+len(drift.Superfluous)+len(drift.Foreign) == 0 {
		return nil
	}
	return drift
}

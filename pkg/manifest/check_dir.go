package manifest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/diff"
	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/secrets"
)

// DriftError reports how a folder differs from what WriteDir would write. The file
// names are sorted and do not include the folder.
type DriftError struct {
	Dir string
	// Missing lists files that do not exist, Stale files with other contents, and
	// Extra files of objects that no longer exist.
	Missing, Stale, Extra []string
	// Foreign lists files that were not written by tekwright, or are not in its list
	// of them, but have the name of a file to be written.
	Foreign []string
	// Diff is a unified diff from the stale files to their new contents. Values of
	// Secrets, and what looks like a password, are replaced by ***.
	Diff string
}

// Error returns the lists of files and the diff, so that they can be written to a
// terminal: control characters are escaped.
func (e *DriftError) Error() string {
	if e == nil {
		return "<nil>"
	}
	var b strings.Builder
	b.WriteString("the folder " + strconv.Quote(e.Dir) + " is out of date; generate it again")
	for _, l := range []struct {
		what  string
		names []string
	}{
		{"missing", e.Missing},
		{"stale", e.Stale},
		{"superfluous", e.Extra},
		{"not written by tekwright; move it away", e.Foreign},
	} {
		if len(l.names) > 0 {
			b.WriteString("\n\t" + l.what + ": " + printable.Line(strings.Join(l.names, ", ")))
		}
	}
	if e.Diff != "" {
		b.WriteString("\n" + printable.Lines(strings.TrimSuffix(e.Diff, "\n"), ""))
	}
	return b.String()
}

// mixed returns the error for a folder whose files do not belong together.
func mixed(dir string) error {
	if discovery.StateOf(dir).Unfinished {
		return fmt.Errorf("the folder %q contains both old and new files, because writing it was interrupted or has not finished; generate it again", dir)
	}
	return fmt.Errorf("the files of the folder %q change while they are read: %w; try again when it has finished", dir, ErrBusy)
}

// CheckDir builds the set and compares the folder with what [Set.WriteDir] would
// write, without changing it. If they differ, the error is a [*DriftError].
// Differences in line endings are ignored.
//
// If another process writes the folder meanwhile, CheckDir reads it again. After
// several attempts, it returns an error.
func (s *Set) CheckDir(dir string) error {
	want, err := s.plan(dir)
	if err != nil {
		return err
	}
	var f *folder
	whole, err := discovery.Whole(dir, func() (err error) {
		f, err = look(dir, want)
		return err
	})
	if !whole {
		return mixed(dir)
	}
	if err != nil {
		return err
	}
	if err := f.unlisted(); err != nil {
		return err
	}
	drift := &DriftError{Dir: dir, Extra: f.gone, Foreign: f.foreign()}
	slices.SortFunc(want[:len(want)-1], func(a, b file) int { return strings.Compare(a.name, b.name) })
	for _, w := range want {
		if w.name == listFile && !drift.empty() {
			continue // it follows from the other files
		}
		old, ok := f.old[w.name]
		switch {
		case !ok:
			drift.Missing = append(drift.Missing, w.name)
		case old.ours:
			path := filepath.ToSlash(filepath.Join(dir, w.name))
			was, is := string(unix(old.text)), string(w.text)
			if was == is {
				continue
			}
			drift.Stale = append(drift.Stale, w.name)
			// Somebody may have added a Secret to the file.
			drift.Diff += diff.Unified(path, path, secrets.Text(was), secrets.Text(is))
		}
	}
	if drift.empty() {
		return nil
	}
	return drift
}

// empty reports whether there is no difference.
func (e *DriftError) empty() bool {
	return len(e.Missing)+len(e.Stale)+len(e.Extra)+len(e.Foreign) == 0
}

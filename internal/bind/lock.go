package bind

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// lock is the list of a snapshot: which file is from which source. The snapshots of several
// files of Go may be in one folder, each with a list of its own.
type lock struct {
	Note string `json:"note"`
	// Go is the file of Go, relative to the snapshot, if the snapshot is not at its usual place:
	// the files of two packages may have one name.
	Go      string       `json:"go,omitempty"`
	Sources []lockedFrom `json:"sources"`
}

// lockedFrom is a source of a snapshot.
type lockedFrom struct {
	Source    string           `json:"source"`
	Resolved  string           `json:"resolved,omitempty"` // the commit or the digest
	Documents []lockedDocument `json:"documents"`
}

// lockedDocument is a Task or a StepAction of a snapshot.
type lockedDocument struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Path   string `json:"path,omitempty"` // in the source
	File   string `json:"file"`           // in the snapshot
	Digest string `json:"digest"`
	Like   string `json:"like,omitempty"` // the commit or the digest of --like
}

const lockNote = "Written by tekwright bind."

// snapshot is the folder of a snapshot.
type snapshot struct {
	root *os.Root // nil if the folder does not exist
	list string   // the name of the list
	lock lock
}

// openSnapshot reads the list of a snapshot.
func openSnapshot(w where) (*snapshot, error) {
	dir, list := w.snapshotDir, w.list
	s := &snapshot{list: list}
	root, err := os.OpenRoot(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return nil, err
	}
	s.root = root
	text, err := s.read(list)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &s.lock); err != nil || s.lock.Note != lockNote {
		return nil, fmt.Errorf("%s is not a list of tekwright bind\n  help: pass another folder to --snapshot, or remove the file", list)
	}
	if of := s.lock.Go; of != w.goFile {
		if of == "" {
			of = path.Join(usualUp, w.base)
		}
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(of))); err == nil {
			return nil, fmt.Errorf("its %s is that of another file of Go, %s\n  help: pass another folder to --snapshot, or another file to -o", list, of)
		}
	}
	for _, f := range s.lock.Sources {
		for _, d := range f.Documents {
			if !ours(d.File) {
				return nil, fmt.Errorf("%s has the file %q, which tekwright bind does not write", list, d.File)
			}
		}
	}
	return s, nil
}

// ours reports whether a name may be that of a file of a snapshot.
func ours(name string) bool {
	base, ok := strings.CutSuffix(name, ".yaml")
	return ok && isName(base) && !strings.HasPrefix(base, ".")
}

func (s *snapshot) close() {
	if s.root != nil {
		_ = s.root.Close()
	}
}

// read returns a file of the snapshot, with line breaks as they were written.
func (s *snapshot) read(name string) (string, error) {
	if s.root == nil {
		return "", fs.ErrNotExist
	}
	info, err := s.root.Stat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > MaxBytes {
		return "", fmt.Errorf("%s is not a regular file below %d MiB", name, MaxBytes>>20)
	}
	text, err := s.root.ReadFile(name)
	return strings.ReplaceAll(string(text), "\r\n", "\n"), err
}

// from returns the documents of a source, as they were bound.
func (s *snapshot) from(source Source, shown string) (docs []*document, found bool, err error) {
	for _, f := range s.lock.Sources {
		if f.Source != shown {
			continue
		}
		for _, l := range f.Documents {
			text, err := s.read(l.File)
			if errors.Is(err, fs.ErrNotExist) {
				return nil, true, fmt.Errorf("the snapshot lacks the file %s\n  help: fetch it with --update", l.File)
			} else if err != nil {
				return nil, true, err
			}
			if digest(text) != l.Digest {
				return nil, true, fmt.Errorf("the file %s of the snapshot has been changed\n  help: fetch it anew with --update", l.File)
			}
			d, err := read(text, l.Path)
			if err != nil || d == nil {
				return nil, true, fmt.Errorf("the file %s of the snapshot has no Task and no StepAction\n  help: fetch it anew with --update", l.File)
			}
			d.source, d.shown, d.resolved, d.like, d.text = source, shown, f.Resolved, l.Like, text
			docs = append(docs, d)
		}
		return docs, true, nil
	}
	return nil, false, nil
}

// same reports whether documents are those of a source of the snapshot.
func (s *snapshot) same(source Source, shown string, docs []*document) (resolved string, same bool) {
	old, found, err := s.from(source, shown)
	if !found || err != nil || len(old) != len(docs) {
		return "", false
	}
	for i, d := range docs {
		if d.text != old[i].text || d.path != old[i].path || d.kind() != old[i].kind() || d.name() != old[i].name() {
			return "", false
		}
	}
	return old[0].resolved, len(docs) > 0
}

// files returns the names of the files that the list has.
func (l lock) files() map[string]bool {
	out := map[string]bool{}
	for _, f := range l.Sources {
		for _, d := range f.Documents {
			out[d.File] = true
		}
	}
	return out
}

// encode returns the list as JSON.
func (l lock) encode() ([]byte, error) {
	text, err := json.MarshalIndent(l, "", "  ")
	return append(text, '\n'), err
}

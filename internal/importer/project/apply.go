package project

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"github.com/tekwright/tekwright/internal/folderlock"
)

// staging is the folder for files that are about to be moved to their places, and journal the
// file in it that says which. A folder without a journal is that of an import that was stopped
// before it changed anything.
const (
	staging = ".tekwright-import"
	journal = "journal.json"
)

// move is an entry of the journal: a file that gets the content of a staged one, or is removed.
type move struct {
	File   string `json:"file"`
	Staged string `json:"staged,omitempty"`
	Digest string `json:"digest"` // of the content
}

// before is called before each change of the folder. Tests stop an import there.
var before = func() error { return nil }

// Apply writes the changes. First, all new content is written to a folder of its own. Then a
// journal says that it is complete, and the files are moved to their places. If the process is
// stopped before the journal is written, nothing has changed; if it is stopped later, the next
// call of [Recover] moves the rest.
func (c *Changes) Apply() (err error) {
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(c.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	if len(c.Write)+len(c.Remove) == 0 {
		return nil
	}
	unlock, err := folderlock.Lock(root, c.dir)
	if err != nil {
		return err
	}
	defer unlock()
	if err := recovered(root); err != nil {
		return err
	}
	moves, err := c.stage(root)
	if err != nil {
		if before() == nil { // the process goes on
			err = errors.Join(err, clean(root))
		}
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if err := finish(root, moves); err != nil {
		return fmt.Errorf("the folder %q is only partly updated; import again: %w", c.dir, err)
	}
	return nil
}

// Recover completes an import that was stopped while it wrote the folder.
func Recover(dir string) (err error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	if _, err := root.Lstat(staging); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	unlock, err := folderlock.Lock(root, dir)
	if err != nil {
		return err
	}
	defer unlock()
	return recovered(root)
}

// recovered completes what an import has begun.
func recovered(root *os.Root) error {
	info, err := root.Lstat(staging)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%q is not a folder; remove it", staging)
	}
	text, err := regular(root, path.Join(staging, journal))
	if err != nil {
		return err
	}
	var moves []move
	if text == nil || json.Unmarshal(text, &moves) != nil {
		return clean(root)
	}
	return finish(root, moves)
}

// stage writes the new content and the journal.
func (c *Changes) stage(root *os.Root) ([]move, error) {
	if err := before(); err != nil {
		return nil, err
	}
	if err := root.Mkdir(staging, 0o755); err != nil {
		return nil, err
	}
	var moves []move
	for i, name := range c.Write {
		staged := strconv.Itoa(i)
		if err := writeFile(root, path.Join(staging, staged), c.texts[name]); err != nil {
			return nil, err
		}
		moves = append(moves, move{name, staged, digest(c.texts[name])})
	}
	for _, name := range c.Remove {
		moves = append(moves, move{File: name, Digest: c.gone[name]})
	}
	text, err := json.Marshal(moves)
	if err != nil {
		return nil, err
	}
	begun := path.Join(staging, "begun")
	if err := writeFile(root, begun, text); err != nil {
		return nil, err
	}
	if err := before(); err != nil {
		return nil, err
	}
	return moves, root.Rename(filepath.FromSlash(begun), filepath.Join(staging, journal))
}

// writeFile writes a new file, and waits until it is stored.
func writeFile(root *os.Root, name string, text []byte) (err error) {
	if err := before(); err != nil {
		return err
	}
	f, err := root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(text); err != nil {
		return err
	}
	return f.Sync()
}

// finish moves the files of a journal to their places. What was moved before is not there any
// more. A staged file, or one to remove, that has another content than the journal says is left
// alone.
func finish(root *os.Root, moves []move) error {
	for _, m := range moves {
		if !filepath.IsLocal(filepath.FromSlash(m.File)) || inTheWay(root, m.File) != "" {
			continue
		}
		from := m.File
		if m.Staged != "" {
			if !filepath.IsLocal(m.Staged) {
				continue
			}
			from = path.Join(staging, m.Staged)
		}
		text, err := regular(root, from)
		if err != nil {
			return err
		}
		if text == nil || digest(text) != m.Digest {
			continue
		}
		if err := before(); err != nil {
			return err
		}
		if m.Staged == "" {
			if err := root.Remove(filepath.FromSlash(m.File)); err != nil {
				return err
			}
			prune(root, path.Dir(m.File))
			continue
		}
		if err := root.MkdirAll(filepath.FromSlash(path.Dir(m.File)), 0o755); err != nil {
			return err
		}
		if err := root.Rename(filepath.FromSlash(from), filepath.FromSlash(m.File)); err != nil {
			return err
		}
	}
	return clean(root)
}

// prune removes folders that have become empty.
func prune(root *os.Root, dir string) {
	for ; dir != "."; dir = path.Dir(dir) {
		if root.Remove(filepath.FromSlash(dir)) != nil { // it is not empty
			return
		}
	}
}

// clean removes the folder of staged files: the journal first, so that nobody reads it while
// the others go.
func clean(root *os.Root) error {
	if err := root.Remove(filepath.Join(staging, journal)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	entries, err := fs.ReadDir(root.FS(), staging)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if _, err := strconv.Atoi(e.Name()); err != nil && e.Name() != "begun" {
			continue
		}
		if err := root.Remove(filepath.Join(staging, e.Name())); err != nil {
			return err
		}
	}
	if err := root.Remove(staging); err != nil {
		return fmt.Errorf("the folder %q has files of others: %w", staging, err)
	}
	return nil
}

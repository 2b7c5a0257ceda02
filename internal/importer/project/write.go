package project

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// StateFile is the file in which an import remembers what it has written.
const StateFile = "import.json"

// Format is the version of the format of import.json.
const Format = 1

// State is what an import remembers: the content of import.json.
type State struct {
	Comment string `json:"comment"`
	Format  int    `json:"format"`
	// Files are the SHA-256 of the files that imports have written, by name.
	Files map[string]string `json:"files"`
	// Names are the Go names, by folder of the package and what they name.
	Names map[string]map[string]string `json:"names"`
	// Initialisms are the words that the user wants in upper case in names.
	Initialisms []string `json:"initialisms,omitempty"`
	// Objects is what became of each object.
	Objects []Object `json:"objects"`
	// Bound are Tasks that are elsewhere, and whose types tekwright bind has written.
	Bound []BoundTask `json:"bound,omitempty"`
}

// ReadState returns what an earlier import has left in the folder; the zero State if there was
// none. The folder must be empty then, or not exist.
func ReadState(dir string) (State, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, nil
	}
	if err != nil {
		return State{}, err
	}
	defer root.Close()
	text, err := regular(root, StateFile) // another file, such as a pipe, may have no end
	switch _, missing := root.Lstat(StateFile); {
	case err != nil:
		return State{}, err
	case errors.Is(missing, fs.ErrNotExist):
		return State{}, fresh(root, dir)
	case text == nil:
		return State{}, fmt.Errorf("%q is not a regular file; remove it", filepath.Join(dir, StateFile))
	}
	s, ok := decoded(text)
	if !ok {
		return State{}, fmt.Errorf("%q was not written by this version of tekwright import; use another folder", filepath.Join(dir, StateFile))
	}
	return *s, nil
}

// fresh returns an error if a folder has other files than those of a new module or repository.
func fresh(root *os.Root, dir string) error {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case name == "go.mod", name == "go.sum", strings.HasPrefix(name, "."):
		default:
			return fmt.Errorf("the folder %q has other files, such as %q; use a new folder, or that of an earlier import", dir, name)
		}
	}
	return nil
}

// Changes is what an import changes in a folder.
type Changes struct {
	Write  []string `json:"write"`  // files that are new or replaced
	Remove []string `json:"remove"` // files of objects that are gone
	Same   int      `json:"same"`   // the number of files that stay
	Left   []Left   `json:"left"`   // files that are left alone

	dir   string
	texts map[string][]byte
	gone  map[string]string // digests of the files to remove
}

// Left is a file that an import does not write.
type Left struct {
	File string `json:"file"`
	Why  string `json:"why"`
}

// Why a file is left alone.
const (
	whyEdited  = "it was edited"
	whyGone    = "kept, as it was edited; its YAML is gone: delete it by hand"
	whyRemoved = "it was removed"
	whyForeign = "it is from elsewhere"
	whyLink    = "it is a link, or in a folder that is one"
	whyFolder  = "a file or a folder is in its place"
)

// Compare returns the changes that write the project into a folder. Files that somebody has
// edited or removed since the last import are left alone.
func (p *Project) Compare(dir string, old State) (*Changes, error) {
	c := &Changes{dir: dir, texts: map[string][]byte{}, gone: map[string]string{}, Write: []string{}, Remove: []string{}, Left: []Left{}}
	next := State{
		Comment: "tekwright import has written this file, and reads it when it is run again. Do not edit it.",
		Format:  Format, Files: map[string]string{}, Names: p.Names, Initialisms: p.Initialisms, Objects: p.Objects, Bound: p.bound,
	}
	root, err := os.OpenRoot(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		root = nil
	case err != nil:
		return nil, err
	default:
		defer root.Close()
	}
	wanted := map[string]bool{}
	for _, f := range p.Files {
		wanted[f.Name] = true
		if old.retired(root, f) {
			continue
		}
		why, err := c.look(root, f, old.Files[f.Name])
		if err != nil {
			return nil, err
		}
		next.Files[f.Name] = digest(f.Text)
		if why != "" {
			c.Left = append(c.Left, Left{f.Name, why})
			delete(next.Files, f.Name)
			if d, ok := old.Files[f.Name]; ok {
				next.Files[f.Name] = d
			}
		}
	}
	if root != nil {
		if err := c.rest(root, old, next, wanted); err != nil {
			return nil, err
		}
	}
	if err := c.state(root, next); err != nil {
		return nil, err
	}
	return c, nil
}

// rest decides about files that the project does not have any more. Those that somebody has
// edited stay, and so does what files that stay embed.
func (c *Changes) rest(root *os.Root, old, next State, wanted map[string]bool) error {
	var gone []string
	for _, name := range slices.Sorted(maps.Keys(old.Files)) {
		if wanted[name] || !filepath.IsLocal(filepath.FromSlash(name)) {
			continue
		}
		switch text, err := regular(root, name); {
		case err != nil || text == nil:
		case digest(text) == old.Files[name]:
			gone = append(gone, name)
		default:
			c.Left = append(c.Left, Left{name, whyGone})
			next.Files[name] = old.Files[name] // it is asked about again
		}
	}
	embedded, err := c.embedded(root)
	if err != nil {
		return err
	}
	for _, name := range gone {
		if embedded(name) {
			c.Same++
			next.Files[name] = old.Files[name]
			continue
		}
		c.Remove = append(c.Remove, name)
		c.gone[name] = old.Files[name]
	}
	return nil
}

// retired reports whether a file belongs to the proof of an import, which was removed.
func (s *State) retired(root *os.Root, f File) bool {
	if !f.Tool || root == nil {
		return false
	}
	dir, _, ok := strings.Cut(f.Name, "testdata/import/")
	if !ok {
		dir = strings.TrimSuffix(f.Name, "import_test.go")
	}
	name := dir + "import_test.go"
	if _, ok := s.Files[name]; !ok {
		return false
	}
	_, err := root.Lstat(filepath.FromSlash(name))
	return errors.Is(err, fs.ErrNotExist)
}

// state adds the file import.json.
func (c *Changes) state(root *os.Root, next State) error {
	text, err := next.Encode()
	if err != nil {
		return err
	}
	if root != nil {
		if there, err := regular(root, StateFile); err == nil && string(there) == string(text) {
			c.Same++
			return nil
		}
		if info, err := root.Lstat(StateFile); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("%q is not a regular file; remove it", filepath.Join(c.dir, StateFile))
		}
	}
	c.Write = append(c.Write, StateFile)
	c.texts[StateFile] = text
	return nil
}

// look decides about a file.
func (c *Changes) look(root *os.Root, f File, known string) (why string, err error) {
	write := func() { c.Write, c.texts[f.Name] = append(c.Write, f.Name), f.Text }
	if root == nil {
		write()
		return "", nil
	}
	if why := inTheWay(root, f.Name); why != "" {
		return why, nil
	}
	text, err := regular(root, f.Name)
	switch {
	case err != nil:
		return "", err
	case text == nil && known == "":
		write()
	case text == nil:
		return whyRemoved, nil
	case string(text) == string(f.Text):
		c.Same++
	case known == "":
		return whyForeign, nil
	case digest(text) != known:
		return whyEdited, nil
	default:
		write()
	}
	return "", nil
}

// inTheWay says why a file of this name cannot be written: a part of its path is a link, or no
// folder.
func inTheWay(root *os.Root, name string) string {
	parts := strings.Split(name, "/")
	for i := range parts {
		info, err := root.Lstat(path.Join(parts[:i+1]...))
		switch {
		case err != nil:
			return ""
		case info.Mode()&fs.ModeSymlink != 0:
			return whyLink
		case i+1 < len(parts) != info.IsDir():
			return whyFolder
		case i+1 == len(parts) && !info.Mode().IsRegular():
			return whyFolder
		}
	}
	return ""
}

// regular returns the content of a regular file, nil if there is none.
func regular(root *os.Root, name string) ([]byte, error) {
	name = filepath.FromSlash(name)
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, nil
	}
	text, err := root.ReadFile(name)
	if text == nil && err == nil {
		text = []byte{}
	}
	return text, err
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

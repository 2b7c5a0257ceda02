package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// folder is the relevant state of a folder before it is written.
type folder struct {
	dir  string
	old  map[string]oldFile // files that will be replaced, by name
	gone []string           // our files of objects that no longer exist, sorted

	staged     []string // temporary files of a process that was stopped
	unfinished bool     // a process was stopped while it replaced files
}

// oldFile is an existing file with the name of a file to be written.
type oldFile struct {
	text []byte
	mode fs.FileMode
	ours bool
}

// look reads the folder, which is empty if it does not exist. Files outside the
// folder are not read: symbolic links count as foreign files.
func look(dir string, want []file) (*folder, error) {
	f := &folder{dir: dir, old: map[string]oldFile{}}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()

	wanted := map[string]bool{}
	for _, w := range want {
		wanted[strings.ToLower(w.name)] = true
		old, err := lookAt(root, w.name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, err
		default:
			f.old[w.name] = old
		}
	}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		switch {
		case e.Name() == unfinishedFile:
			f.unfinished = true
		case e.Type().IsRegular() && isYAML(strings.TrimSuffix(e.Name(), staged)) && e.Name()[0] == '.' && strings.HasSuffix(e.Name(), staged):
			f.staged = append(f.staged, e.Name())
		}
		// On a case-insensitive file system, this may be a wanted file in another spelling.
		if !isYAML(e.Name()) || wanted[strings.ToLower(e.Name())] {
			continue
		}
		old, err := lookAt(root, e.Name())
		if err != nil {
			return nil, err
		}
		if old.ours {
			f.gone = append(f.gone, e.Name())
		}
	}
	slices.Sort(f.gone)
	return f, nil
}

func lookAt(root *os.Root, name string) (oldFile, error) {
	info, err := root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return oldFile{}, err
	}
	text, err := root.ReadFile(name)
	if err != nil {
		return oldFile{}, err
	}
	return oldFile{text, info.Mode().Perm(), bytes.HasPrefix(unix(text), []byte(header))}, nil
}

func isYAML(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

// unix converts Windows line endings.
func unix(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }

// foreign returns the names of files that were not written by tekwright and would be
// replaced.
func (f *folder) foreign() []string {
	var names []string
	for name, old := range f.old {
		if !old.ours {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// inTheWay returns the error for foreign files, or nil if there are none.
func (f *folder) inTheWay() error {
	var errs []error
	for _, name := range f.foreign() {
		errs = append(errs, fmt.Errorf("the file %q was not written by tekwright; move it away, or use another folder",
			filepath.Join(f.dir, name)))
	}
	return errors.Join(errs...)
}

// plan builds the set and assigns the objects to files.
func (s *Set) plan(dir string) ([]file, *folder, error) {
	if dir == "" {
		return nil, nil, errors.New(`the name of the folder is empty; use "." for the current folder`)
	}
	docs, err := s.documents()
	if err != nil {
		return nil, nil, err
	}
	docs, declared := written(docs)
	if err := refuseSecrets(docs); err != nil {
		return nil, nil, err
	}
	want, err := s.layout.files(docs)
	if err != nil {
		return nil, nil, err
	}
	if s.layout.Kustomization {
		want = append(want, kustomization(want))
	}
	if list := toDo(declared); len(list) > 0 {
		want = append(want, file{name: declaredFile, text: append([]byte(header), list...)})
	}
	f, err := look(dir, want)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read the folder %q: %w", dir, err)
	}
	return want, f, nil
}

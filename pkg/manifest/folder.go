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

// folder is what stands in a folder, as far as it matters: the files that are
// about to be written, and those that were.
type folder struct {
	dir  string
	old  map[string]oldFile // by name
	gone []string           // files of ours that no object has any more, sorted

	staged     []string // files that were written beside their places and never took them
	unfinished bool     // the files were being replaced when the process ended
}

// oldFile is a file that stands where one is to be written.
type oldFile struct {
	text []byte
	mode fs.FileMode
	ours bool
}

// look reads the folder. One that does not exist yet is empty. Nothing outside
// of it is read: symbolic links count as files of somebody else.
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
		// Where the file system ignores case, a file may be wanted under another spelling.
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

// unix turns the line breaks of a Windows checkout into ours.
func unix(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }

// foreign lists the files of somebody else that stand in the way.
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

// inTheWay is the error for files of somebody else, nil if there are none.
func (f *folder) inTheWay() error {
	var errs []error
	for _, name := range f.foreign() {
		errs = append(errs, fmt.Errorf("%q is not a file that tekwright wrote; move it away, or choose another folder",
			filepath.Join(f.dir, name)))
	}
	return errors.Join(errs...)
}

// plan builds the set and lays it out in files.
func (s *Set) plan(dir string) ([]file, *folder, error) {
	if dir == "" {
		return nil, nil, errors.New(`the folder has no name; "." is the current one`)
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
		return nil, nil, fmt.Errorf("the folder %q cannot be read: %w", dir, err)
	}
	return want, f, nil
}

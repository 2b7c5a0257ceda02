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
	"syscall"
	"time"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/folderlock"
)

// folder is the relevant state of a folder before it is written.
type folder struct {
	dir  string
	old  map[string]oldFile // files that will be replaced, by name
	gone []string           // our files of objects that no longer exist, sorted

	listed     []string  // names of the files that we wrote, from the list and the marker
	changed    time.Time // modification time of the list
	orphans    []string  // files with our first line, if there is no list; sorted
	leftovers  []string  // temporary and lock files of a process that was stopped
	unfinished bool      // a process was stopped while it replaced files
}

// oldFile is an existing file with the name of a file to be written.
type oldFile struct {
	text   []byte
	mode   fs.FileMode
	header bool // it is a regular file with our first line
	ours   bool // it is also listed
}

// openFolder opens a folder. It does not wait for a named pipe.
func openFolder(dir string) (*os.Root, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: syscall.ENOTDIR}
	}
	return os.OpenRoot(dir)
}

// look reads the folder, which is empty if it does not exist. Files outside the
// folder are not read: symbolic links count as foreign files.
//
// A file is ours if it begins with our first line, and is in the list. A copy, which
// has this line as well, is a foreign file.
func look(dir string, want []file) (*folder, error) {
	root, err := openFolder(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &folder{dir: dir}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder %q: %w", dir, err)
	}
	defer root.Close()
	f, err := lookIn(root, dir, want)
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder %q: %w", dir, err)
	}
	return f, nil
}

func lookIn(root *os.Root, dir string, want []file) (*folder, error) {
	f := &folder{dir: dir, old: map[string]oldFile{}}
	hasList, err := f.lists(root)
	if err != nil {
		return nil, err
	}
	listed, spelled := map[string]bool{}, map[string]string{} // by the names in lower case
	for _, name := range f.listed {
		listed[name], spelled[strings.ToLower(name)] = true, name
	}
	wanted := map[string]bool{}
	for _, w := range want {
		wanted[strings.ToLower(w.name)] = true
		old, err := lookAt(root, w.name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, err
		default:
			old.ours = w.name == listFile || old.header && listed[w.name]
			f.old[w.name] = old
		}
	}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, e := range entries {
		there[e.Name()] = true
	}
	for _, e := range entries {
		name, lower := e.Name(), strings.ToLower(e.Name())
		if name == folderlock.File && e.Type().IsRegular() {
			f.leftovers = append(f.leftovers, name)
		}
		if isTemporary(name) {
			is, err := isStaged(root, name, listed, wanted)
			if err != nil {
				return nil, err
			}
			if is {
				f.leftovers = append(f.leftovers, name)
			}
		}
		// On a case-insensitive file system, this may be a wanted or listed file in another
		// spelling. If the listed one is there as well, this is a copy.
		written := listed[name] || spelled[lower] != "" && !there[spelled[lower]] && isSame(root, name, spelled[lower])
		if !generated(name) || hasList && (wanted[lower] || !written) {
			continue
		}
		header, err := isWhole(root, name)
		switch {
		case err != nil:
			return nil, err
		case !header:
		case hasList:
			f.gone = append(f.gone, name)
		default:
			f.orphans = append(f.orphans, name)
		}
	}
	slices.Sort(f.gone)
	slices.Sort(f.orphans)
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
	return oldFile{text: text, mode: info.Mode().Perm(), header: bytes.HasPrefix(unix(text), []byte(firstLine(name)))}, nil
}

// listFile is the name of the list of a folder. The marker of a folder whose files are
// being replaced is a list as well.
const (
	listFile       = discovery.List
	unfinishedFile = discovery.Unfinished
)

// lists reads the list and the marker, and reports whether there is any of them.
func (f *folder) lists(root *os.Root) (some bool, err error) {
	for _, name := range []string{listFile, unfinishedFile} {
		if err := regular(root, name); err != nil {
			return false, err
		}
		info, err := root.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return false, err
		}
		text, err := root.ReadFile(name)
		if err != nil {
			return false, err
		}
		if len(text) > 0 && !bytes.Contains(unix(text), []byte(header)) { // a merge may put lines before it
			return false, fmt.Errorf("%q was not written by tekwright; move it away, or use another folder", name)
		}
		some = true
		if name == listFile {
			f.changed = info.ModTime()
		} else {
			f.unfinished = true
		}
		// Other lines are comments, or were added by a merge of two branches.
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); generated(line) && filepath.Base(line) == line {
				f.listed = append(f.listed, line)
			}
		}
	}
	return some, nil
}

// listOf returns a file with the names of files, one per line.
func listOf(name string, files ...string) file {
	slices.Sort(files)
	var b strings.Builder
	b.WriteString(header)
	b.WriteString("# The files that tekwright replaces and removes. Keep this list next to them.\n")
	for _, f := range slices.Compact(files) {
		b.WriteString(f + "\n")
	}
	return file{name: name, text: []byte(b.String())}
}

// generated reports whether a file of this name may be one of ours.
func generated(name string) bool {
	return isYAML(name) || isDiagram(name) || name == companionFile
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

// unlisted returns the error for a folder with generated files, but without their
// list. It cannot be known which of them are copies.
func (f *folder) unlisted() error {
	if len(f.orphans) == 0 {
		return nil
	}
	return fmt.Errorf("the folder %q contains generated files, but no %s, which lists them; restore this file, or remove the generated ones and any copies of them: %s",
		f.dir, listFile, strings.Join(f.orphans, ", "))
}

// inTheWay returns the error for foreign files, or nil if there are none.
func (f *folder) inTheWay() error {
	if err := f.unlisted(); err != nil {
		return err
	}
	var errs []error
	for _, name := range f.foreign() {
		path := filepath.Join(f.dir, name)
		if f.old[name].header {
			errs = append(errs, fmt.Errorf("the file %q is not listed in %s, so it is taken for a copy of a generated file; remove it, or move it away", path, listFile))
			continue
		}
		errs = append(errs, fmt.Errorf("the file %q was not written by tekwright; move it away, or use another folder", path))
	}
	return errors.Join(errs...)
}

// changes returns the files to be written.
func (f *folder) changes(want []file) []file {
	var changed []file
	for _, w := range want {
		if old, ok := f.old[w.name]; !ok || !bytes.Equal(old.text, w.text) {
			changed = append(changed, w)
		}
	}
	return changed
}

// plan builds the set and assigns the objects to files. The last one is the list of
// the others.
func (s *Set) plan(dir string) ([]file, error) {
	if dir == "" {
		return nil, errors.New(`the name of the folder is empty; use "." for the current folder`)
	}
	var want []file
	var declared []byte
	var beside file
	var needed bool
	var drawn []file
	if _, err := s.documents(refuseSecrets, func(docs []document) (err error) {
		docs, only := written(docs)
		if drawn, err = s.layout.diagrams(docs); err != nil {
			return err
		}
		if want, err = s.layout.files(docs, s.layoutAt); err != nil {
			return err
		}
		if declared, err = toDo(only); err != nil {
			return err
		}
		beside, needed, err = s.companion(docs, only)
		return err
	}); err != nil {
		return nil, err
	}
	if s.layout.Kustomization {
		want = append(want, kustomization(want))
	}
	want = append(want, drawn...)
	if len(declared) > 0 {
		want = append(want, file{name: declaredFile, text: append([]byte(header), declared...)})
	}
	if needed {
		want = append(want, beside)
	}
	return append(want, listOf(listFile, names(want)...)), nil
}

// names returns the names of files.
func names(files []file) []string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = f.name
	}
	return out
}

// regular returns an error if the file exists and is not a regular file. Opening
// others may wait, or have effects.
func regular(root *os.Root, name string) error {
	if info, err := root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%q is not a regular file; remove it", name)
	}
	return nil
}

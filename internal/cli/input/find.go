package input

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/check"
)

// Stdin is the argument that stands for the standard input, and stdinName is
// what places call it.
const (
	Stdin     = "-"
	stdinName = "<stdin>"
)

// file is a text that is to be read.
type file struct {
	name  string // in places: the way to it that the user wrote
	named bool   // by the user; the others were found in a folder
	stdin bool
}

// finder collects the files of the arguments, each once.
type finder struct {
	files    []file
	findings check.Findings
	seen     map[string]bool // real paths
}

// find lists the files of the arguments, sorted by name.
func find(args []string) ([]file, check.Findings) {
	f := &finder{seen: map[string]bool{}}
	for _, arg := range args {
		if arg == Stdin {
			f.add(file{name: stdinName, named: true, stdin: true}, Stdin)
			continue
		}
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			f.unreadable(arg, err)
		case info.IsDir():
			f.folder(arg)
		default:
			f.add(file{name: filepath.ToSlash(filepath.Clean(arg)), named: true}, real(arg))
		}
	}
	slices.SortStableFunc(f.files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return f.files, f.findings
}

// add takes a file unless it is there already under another name.
func (f *finder) add(one file, real string) {
	if !f.seen[real] {
		f.seen[real] = true
		f.files = append(f.files, one)
	}
}

// folder adds the manifests in a folder and those below it.
func (f *finder) folder(root string) {
	top := real(root)
	if !os.IsPathSeparator(root[len(root)-1]) {
		root += string(filepath.Separator) // so that a link to a folder is one
	}
	var links []string
	// The function returns no error, so that the walk has none either.
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			f.unreadable(path, err)
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
			if path != root && leftOut(d.Name()) {
				return fs.SkipDir
			}
		case !readable(path):
		case d.Type()&fs.ModeSymlink != 0:
			links = append(links, path)
		case d.Type().IsRegular():
			f.add(file{name: filepath.ToSlash(path)}, real(path))
		}
		return nil
	})
	// Links come last: where the file itself is found as well, its own name
	// is the better one. Those that lead out of the folder, to a folder or to
	// nothing are left alone.
	for _, path := range links {
		target := real(path)
		if rel, err := filepath.Rel(top, target); err != nil || !filepath.IsLocal(rel) {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			f.add(file{name: filepath.ToSlash(path)}, target)
		}
	}
}

// leftOut tells whether a folder holds what is nobody's to mend: what tools
// keep for themselves, and what belongs to others. The folder .tekton is where
// Pipelines as Code looks for runs.
func leftOut(name string) bool {
	return strings.HasPrefix(name, ".") && name != ".tekton" || name == "vendor" || name == "node_modules"
}

// readable tells whether a file in a folder is one to read: YAML or JSON, and
// neither the kustomization nor a Helm chart's own files.
func readable(path string) bool {
	name := strings.ToLower(filepath.Base(path))
	ext := filepath.Ext(name)
	if strings.HasPrefix(name, ".") || ext != ".yaml" && ext != ".yml" && ext != ".json" {
		return false
	}
	switch base := strings.TrimSuffix(name, ext); {
	case base == "kustomization":
		return false
	case base == "chart", strings.HasPrefix(base, "values"):
		_, err := os.Stat(filepath.Join(filepath.Dir(path), "Chart.yaml"))
		return err != nil
	}
	return true
}

// real is what a path is called without links and from the root, so that two
// ways to one file are seen to be the same.
func real(path string) string {
	if r, err := filepath.EvalSymlinks(path); err == nil {
		path = r
	}
	if r, err := filepath.Abs(path); err == nil {
		path = r
	}
	return path
}

// unreadable reports a file or folder that cannot be read.
func (f *finder) unreadable(path string, err error) {
	f.findings = append(f.findings, unreadable(filepath.ToSlash(path), err))
}

// unreadable is the finding for a file or folder that cannot be read.
func unreadable(name string, err error) check.Finding {
	f := check.Finding{Code: Unreadable, Place: name, Subject: name}
	var in *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Message = "there is no such file or folder"
	case errors.As(err, &in):
		f.Message = "it cannot be read: " + in.Err.Error()
	default:
		f.Message = "it cannot be read: " + err.Error()
	}
	return f
}

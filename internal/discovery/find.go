// Package discovery finds the files of manifests in folders.
package discovery

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// File is a file that is to be read.
type File struct {
	Name  string // the way to it that the user wrote, with slashes
	Named bool   // by the user; the others were found in a folder
	Stdin bool   // it is the standard input
	Chart bool   // it is a template of a Helm chart, found in a folder
}

// Problem is a file or folder that cannot be read.
type Problem struct {
	Name string
	Err  error
}

// Stdin is the argument that stands for the standard input, and StdinName is
// what places call it.
const (
	Stdin     = "-"
	StdinName = "<stdin>"
)

// finder collects the files of the arguments, each once.
type finder struct {
	exclude  Patterns
	stdin    bool
	files    []File
	reals    []string // real paths of the files
	problems []Problem
	seen     map[string]int // index into files, by real path
	kustomized
}

// Find lists the files of the arguments, sorted by name. With stdin, "-" stands
// for the standard input.
func Find(args []string, stdin bool, exclude Patterns) ([]File, []Problem) {
	f := &finder{exclude: exclude, stdin: stdin, seen: map[string]int{}}
	for _, arg := range args {
		f.argument(arg)
	}
	found := f.files[:0]
	for i, one := range f.files {
		if one.Named || !f.left(f.reals[i]) {
			found = append(found, one)
		}
	}
	slices.SortStableFunc(found, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return found, f.problems
}

// Unfinished stands in a folder while its files are replaced, and stays if the
// program that does so is killed.
const Unfinished = ".tekwright-unfinished"

var errUnfinished = errors.New("the program that wrote it was killed, and left a mix of old and new files: write it again")

// argument adds what the user names.
func (f *finder) argument(arg string) {
	if f.stdin && arg == Stdin {
		f.add(File{Name: StdinName, Named: true, Stdin: true}, Stdin)
		return
	}
	info, err := os.Stat(arg)
	name := filepath.ToSlash(filepath.Clean(arg))
	switch {
	case err != nil:
		f.unreadable(arg, err)
	case f.exclude.Match(name):
	case info.IsDir():
		f.folder(arg)
	default:
		f.add(File{Name: name, Named: true}, real(arg))
	}
}

// add takes a file unless it is there already under another name.
func (f *finder) add(one File, real string) {
	if i, ok := f.seen[real]; ok {
		f.files[i].Named = f.files[i].Named || one.Named
		return
	}
	f.seen[real] = len(f.files)
	f.files, f.reals = append(f.files, one), append(f.reals, real)
}

// folder adds the manifests in a folder and those below it.
func (f *finder) folder(root string) {
	top := real(root)
	if !os.IsPathSeparator(root[len(root)-1]) {
		root += string(filepath.Separator) // so that a link to a folder is one
	}
	charts := charts{}
	var links []string
	// The function returns no error, so that the walk has none either.
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			f.unreadable(path, err)
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case path != root && f.excluded(root, path):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
			if path != root && leftOut(d.Name()) {
				return fs.SkipDir
			}
		case d.Name() == Unfinished:
			f.unreadable(filepath.Dir(path), errUnfinished)
		case isKustomization(d.Name()):
			f.kustomization(path)
		case !charts.readable(path):
		case d.Type()&fs.ModeSymlink != 0:
			links = append(links, path)
		case d.Type().IsRegular():
			f.add(File{Name: filepath.ToSlash(path), Chart: charts.template(path)}, real(path))
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
			f.add(File{Name: filepath.ToSlash(path), Chart: charts.template(path)}, target)
		}
	}
}

// excluded reports whether a file or folder is not to be looked at, by its name
// or by that within the folder that is walked.
func (f *finder) excluded(root, path string) bool {
	if len(f.exclude) == 0 {
		return false
	}
	rel, err := filepath.Rel(root, path)
	return err == nil && f.exclude.Match(filepath.ToSlash(rel)) || f.exclude.Match(filepath.ToSlash(filepath.Clean(path)))
}

// leftOut reports whether a folder holds what is nobody's to mend: what tools
// keep for themselves, and what belongs to others. The folder .tekton is where
// Pipelines as Code looks for runs.
func leftOut(name string) bool {
	return strings.HasPrefix(name, ".") && name != ".tekton" || name == "vendor" || name == "node_modules"
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
	f.problems = append(f.problems, Problem{filepath.ToSlash(path), err})
}

// Package discovery finds manifest files in directories.
package discovery

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// File is a file to read.
type File struct {
	Name  string // the path as given by the user, with slashes
	Named bool   // given by the user; others were found in a directory
	Stdin bool   // it is standard input
	Chart string // the directory of the Helm chart that it is a template of, if it was found in a directory
}

// Problem is a file or directory that cannot be read.
type Problem struct {
	Name string
	Err  error
}

// Stdin is the argument for standard input, and StdinName its name in positions.
const (
	Stdin     = "-"
	StdinName = "<stdin>"
)

// finder collects the files of the arguments without duplicates.
type finder struct {
	ctx      context.Context //nolint:containedctx // of one call
	exclude  Patterns
	also     func(path string) bool
	stdin    bool
	files    []File
	reals    []string // real paths of the files
	excluded int      // by the function
	problems []Problem
	seen     map[string]int // index into files, by real path
	states   []visited

	kustomizations []string
	kustomized
}

// Found is the result of [Find].
type Found struct {
	Files    []File // sorted by name
	LeftOut  int    // the number of files left out as parts of kustomizations
	Excluded int    // the number of files and directories for which the function returned true
	Problems []Problem
	Cut      bool // the context has ended before all files were found
	// Kustomizations are the kustomizations in the directories, in the order in which
	// they were found.
	Kustomizations []string

	states []visited // the directories, in the order in which they were read
}

// Folders returns the directories of the files, each once, in the order of the files.
func (f Found) Folders() []string {
	var dirs []string
	seen := map[string]bool{}
	for _, one := range f.Files {
		if dir := filepath.Dir(filepath.FromSlash(one.Name)); !one.Stdin && !seen[dir] {
			seen[dir] = true
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// Find returns the files of the arguments. If stdin is set, "-" means standard input. The
// function also excludes files and directories below those of the arguments. It may be
// nil. It is called for standard input as well, which is read nevertheless.
//
// If the context ends, Find returns what it has found.
func Find(ctx context.Context, args []string, stdin bool, exclude Patterns, also func(path string) bool) Found {
	if also == nil {
		also = func(string) bool { return false }
	}
	f := &finder{ctx: ctx, exclude: exclude, also: also, stdin: stdin, seen: map[string]int{}}
	for _, arg := range args {
		if ctx.Err() != nil {
			break
		}
		f.argument(arg)
	}
	found := f.files[:0]
	for i, one := range f.files {
		if one.Named || !f.left(f.reals[i]) {
			found = append(found, one)
		}
	}
	slices.SortStableFunc(found, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return Found{found, len(f.reals) - len(found), f.excluded, f.problems, ctx.Err() != nil, f.kustomizations, f.states}
}

// argument adds the files of an argument.
func (f *finder) argument(arg string) {
	if f.stdin && arg == Stdin {
		f.also(StdinName)
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
	case f.also(name):
		f.excluded++
	default:
		f.add(File{Name: name, Named: true}, Real(arg))
	}
}

// add adds a file unless it has been added under another name.
func (f *finder) add(one File, real string) {
	if i, ok := f.seen[real]; ok {
		f.files[i].Named = f.files[i].Named || one.Named
		return
	}
	f.seen[real] = len(f.files)
	f.files, f.reals = append(f.files, one), append(f.reals, real)
}

// folder adds the manifests in a directory and its subdirectories.
func (f *finder) folder(root string) {
	top := Real(root)
	if !os.IsPathSeparator(root[len(root)-1]) {
		root += string(filepath.Separator) // follow root if it is a link
	}
	charts := charts{}
	var links []string
	// The function returns no error, so WalkDir does not either.
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case f.ctx.Err() != nil:
			return fs.SkipAll
		case err != nil:
			f.unreadable(path, err)
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case path != root && f.excludes(root, path):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
			if path != root && leftOut(d.Name()) {
				return fs.SkipDir
			}
			if path != root && f.also(path) {
				f.excluded++
				return fs.SkipDir
			}
			f.states = append(f.states, visited{filepath.Clean(path), StateOf(path)}) // before it is listed
		case isKustomization(d.Name()):
			f.kustomizations = append(f.kustomizations, filepath.ToSlash(path))
			f.kustomization(path)
		case isChainsawTest(d.Name()):
			f.chainsawTest(top, path)
		case !charts.readable(path):
		case f.also(path):
			f.excluded++
		case d.Type()&fs.ModeSymlink != 0:
			links = append(links, path)
		case d.Type().IsRegular():
			f.add(File{Name: filepath.ToSlash(path), Chart: charts.template(path)}, below(top, root, path))
		}
		return nil
	})
	// Links come last: if the file itself is found as well, its own name is
	// better. Links that point outside the directory, to a directory or to
	// nothing are ignored.
	for _, path := range links {
		if f.ctx.Err() != nil {
			return
		}
		target := Real(path)
		if rel, err := filepath.Rel(top, target); err != nil || !filepath.IsLocal(rel) {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			f.add(File{Name: filepath.ToSlash(path), Chart: charts.template(path)}, target)
		}
	}
}

// excludes reports whether a pattern excludes a file or directory, by its path or by its
// path relative to root.
func (f *finder) excludes(root, path string) bool {
	if len(f.exclude) == 0 {
		return false
	}
	rel, err := filepath.Rel(root, path)
	return err == nil && f.exclude.Match(filepath.ToSlash(rel)) || f.exclude.Match(filepath.ToSlash(filepath.Clean(path)))
}

// leftOut reports whether a directory is skipped: directories of tools, and those
// with third-party code. Pipelines-as-Code looks for runs in .tekton.
func leftOut(name string) bool {
	return strings.HasPrefix(name, ".") && name != ".tekton" || name == "vendor" || name == "node_modules"
}

// Real returns the absolute path without symbolic links, which identifies a file.
func Real(path string) string {
	if r, err := filepath.EvalSymlinks(path); err == nil {
		path = r
	}
	if r, err := filepath.Abs(path); err == nil {
		path = r
	}
	return path
}

// below returns what Real returns for a path below root, without asking for each of its
// directories: none of them is a link.
func below(top, root, path string) string {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return Real(path)
	}
	return filepath.Join(top, rel)
}

// unreadable reports a file or directory that cannot be read.
func (f *finder) unreadable(path string, err error) {
	f.problems = append(f.problems, Problem{filepath.ToSlash(path), err})
}

package revision

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// mostEntries is the number of files of a repository whose types are looked at.
const mostEntries = 200_000

// special returns an error if git would wait for a file of the repository that a directory
// is in, or read from it without end, because it is a pipe, a device or a socket.
func special(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	for {
		name := filepath.Join(dir, ".git")
		switch info, err := os.Stat(name); {
		case err != nil:
		case info.IsDir():
			return specialIn(name)
		case !info.Mode().IsRegular():
			return isSpecial(name)
		default: // of a submodule or another work tree
			return linked(dir, name)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
		dir = filepath.Dir(dir)
	}
}

// linked looks at the directory that a file .git names, and at that of the main work tree.
func linked(dir, name string) error {
	to, ok := strings.CutPrefix(pathIn(name), "gitdir: ")
	if !ok {
		return nil
	}
	if !filepath.IsAbs(to) {
		to = filepath.Join(dir, to)
	}
	if err := specialIn(to); err != nil {
		return err
	}
	main := pathIn(filepath.Join(to, "commondir"))
	if main == "" {
		return nil
	}
	if !filepath.IsAbs(main) {
		main = filepath.Join(to, main)
	}
	return specialIn(main)
}

// pathIn returns the text of a regular file that has a path in it; "" if it has not, of which
// git has a better message.
func pathIn(name string) string {
	const most = 16 << 10 // more than a path
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return ""
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// specialIn looks at the files of git in a directory, other than single objects.
func specialIn(top string) error {
	entries := 0
	objects := filepath.Join(top, "objects")
	return filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if entries++; entries > mostEntries {
			return fs.SkipAll
		}
		switch {
		case err != nil:
			return nil //nolint:nilerr // git has a better message
		case d.IsDir():
			if filepath.Dir(path) == objects && len(d.Name()) == len("ab") || filepath.Dir(path) == top && (d.Name() == "modules" || d.Name() == "lfs") {
				return fs.SkipDir
			}
			return nil
		case d.Type()&fs.ModeSymlink != 0:
			if info, err := os.Stat(path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
				return isSpecial(path)
			}
			return nil
		case !d.Type().IsRegular() && d.Type()&fs.ModeSocket == 0: // the monitor of files has a socket
			return isSpecial(path)
		}
		return nil
	})
}

// isSpecial returns the error for a file.
func isSpecial(name string) error {
	return fmt.Errorf("git cannot read its file %s, which is a pipe or a device", filepath.ToSlash(name))
}

package main

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

var (
	//go:embed record.go.txt
	template string
	//go:embed instrument.go
	self string
)

// copied returns a copy of the module in which the packages record what is validated.
// It is kept in the folder for temporary files, so that what is built from it need
// not be built again.
func copied(s suite) (string, error) {
	root, err := output("go", "list", "-m", "-f", "{{.Dir}}", s.module)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(root + template + self))
	dir := filepath.Join(os.TempDir(), "tekwright-record-"+hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	fresh, err := os.MkdirTemp("", "tekwright-record-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh) // where it does not become dir
	if err := copyTo(fresh, root, s); err != nil {
		return "", err
	}
	if err := os.Rename(fresh, dir); err != nil {
		if _, gone := os.Stat(dir); gone != nil {
			return "", err
		} // else somebody else was faster
	}
	return dir, nil
}

// copyTo copies what the packages and their tests need of the module at root.
func copyTo(dir, root string, s suite) error {
	put := func(from string, text []byte) error {
		rel, err := filepath.Rel(root, from)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o600)
	}
	mod := filepath.Join(root, "go.mod")
	text, err := os.ReadFile(mod)
	if err != nil {
		return err
	}
	if err := put(mod, text); err != nil {
		return err
	}
	args := append([]string{"list", "-deps", "-test", "-f", "{{if .Module}}{{.Module.Path}} {{.ImportPath}} {{.Dir}}{{end}}"}, s.packages...)
	listed, err := output("go", args...)
	if err != nil {
		return err
	}
	done := map[string]bool{} // a package is listed once more for each test of it
	for line := range strings.Lines(listed) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != s.module || done[words[len(words)-1]] {
			continue
		}
		path, from := words[1], words[len(words)-1]
		done[from] = true
		records := slices.Contains(s.packages, path)
		name := ""
		err := eachFile(from, func(file string) error {
			text, err := os.ReadFile(file)
			if err == nil && records && filepath.Ext(file) == ".go" && !strings.HasSuffix(file, "_test.go") && filepath.Dir(file) == from {
				text, name, err = instrument(file, text)
			}
			if err != nil {
				return err
			}
			return put(file, text)
		})
		if err != nil {
			return err
		}
		if records {
			text := strings.NewReplacer("PACKAGE", name, "PATH", path, "CONFIG", s.config).Replace(template)
			if err := put(filepath.Join(from, "zz_record.go"), []byte(text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// eachFile calls visit for the files of a package's folder, and of its
// testdata.
func eachFile(dir string, visit func(file string) error) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return visit(path)
		case path != dir && !strings.Contains(path[len(dir):], "testdata"):
			return fs.SkipDir
		}
		return nil
	})
}

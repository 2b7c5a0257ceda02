package manifest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Read returns the set of the objects of a YAML stream. The name is the file
// name in the places of findings. Reading is strict, as an API server is: keys
// are case-sensitive; unknown fields, duplicate keys and values of the wrong
// type are errors, all of them at once, each with its line and column. Kinds
// that are not known, and other API versions than the current ones, are taken
// as they are: see [Upgrade]. A List counts as its items.
func Read(r io.Reader, name string) (*Set, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	d := decoder{name: name}
	d.stream(string(b))
	if err := d.findings.Err(); err != nil {
		return nil, err
	}
	return New(d.objects), nil
}

// ReadDir returns the set of the objects in the .yaml and .yml files of a
// folder, in the order of their names. Folders in it, symbolic links that lead
// out of it, and kustomization files are left out: [Load] reads more.
func ReadDir(dir string) (*Set, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder %q cannot be read: %w", dir, err)
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("the folder %q cannot be read: %w", dir, err)
	}
	var (
		objects  list
		findings diag.Findings
		found    bool
	)
	for _, e := range entries {
		if e.Name() == unfinishedFile {
			return nil, unfinished(dir)
		}
		if !isYAML(e.Name()) || strings.HasPrefix(strings.ToLower(e.Name()), "kustomization.") {
			continue
		}
		info, err := root.Stat(e.Name())
		if err != nil || !info.Mode().IsRegular() {
			if e.Type().IsRegular() {
				return nil, fmt.Errorf("the folder %q cannot be read: %w", dir, err)
			}
			continue
		}
		b, err := root.ReadFile(e.Name())
		if err != nil {
			return nil, fmt.Errorf("the folder %q cannot be read: %w", dir, err)
		}
		d := decoder{name: filepath.ToSlash(filepath.Join(dir, e.Name()))}
		d.stream(string(b))
		objects, findings, found = append(objects, d.objects...), append(findings, d.findings...), true
	}
	if err := findings.Err(); err != nil {
		return nil, err
	}
	if !found {
		return nil, errors.New("the folder " + fmt.Sprintf("%q", dir) + " has no .yaml or .yml file")
	}
	return New(objects), nil
}

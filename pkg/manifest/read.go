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

// Read reads a YAML or JSON stream and returns a set of its objects. The name is the
// file name in positions. Read is as strict as the API server: keys are
// case-sensitive, and unknown fields, duplicate keys and values of the wrong type are
// errors. The error reports all of them, each with its line and column. Objects of
// unknown kinds and of other API versions are kept unchanged; see [Upgrade]. A List
// is replaced by its items.
func Read(r io.Reader, name string) (*Set, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", name, err)
	}
	d := decoder{name: name}
	d.stream(string(b))
	d.limited()
	if err := d.findings.Err(); err != nil {
		return nil, err
	}
	return New(d.objects), nil
}

// ReadDir returns a set of the objects in the .yaml and .yml files of a folder, in
// the order of the file names. It omits subfolders, symbolic links that point outside
// the folder, and kustomization files. [Load] also reads subfolders.
func ReadDir(dir string) (*Set, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder %q: %w", dir, err)
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder %q: %w", dir, err)
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
				return nil, fmt.Errorf("cannot read the folder %q: %w", dir, err)
			}
			continue
		}
		b, err := root.ReadFile(e.Name())
		if err != nil {
			return nil, fmt.Errorf("cannot read the folder %q: %w", dir, err)
		}
		d := decoder{name: filepath.ToSlash(filepath.Join(dir, e.Name()))}
		d.stream(string(b))
		d.limited()
		objects, findings, found = append(objects, d.objects...), append(findings, d.findings...), true
	}
	if err := findings.Err(); err != nil {
		return nil, err
	}
	if !found {
		return nil, errors.New("the folder " + fmt.Sprintf("%q", dir) + " contains no .yaml or .yml files")
	}
	return New(objects), nil
}

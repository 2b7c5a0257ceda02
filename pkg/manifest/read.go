package manifest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Read reads a YAML or JSON stream and returns a set of its objects. The name is the
// file name in positions. Read is as strict as the API server: keys are
// case-sensitive, and unknown fields, duplicate keys and values of the wrong type are
// errors. The error reports all of them, each with its line and column. Objects of
// unknown kinds and of other API versions are kept unchanged; see [Upgrade]. A List
// is replaced by its items.
func Read(r io.Reader, name string) (*Set, error) {
	if isNil(r) {
		return nil, errors.New("the reader is nil")
	}
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
//
// If [Set.WriteDir] replaces the files meanwhile, ReadDir reads them again. After
// several attempts, it returns an error.
func ReadDir(dir string) (*Set, error) {
	var texts []namedText
	whole, err := discovery.Whole(dir, func() (err error) {
		texts, err = readFolder(dir)
		return err
	})
	if !whole {
		return nil, mixed(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder %q: %w", dir, err)
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("the folder %q contains no .yaml or .yml files", dir)
	}
	var (
		objects  list
		findings diag.Findings
	)
	for _, t := range texts {
		d := decoder{name: t.name}
		d.stream(t.text)
		d.limited()
		objects, findings = append(objects, d.objects...), append(findings, d.findings...)
	}
	if err := findings.Err(); err != nil {
		return nil, err
	}
	return New(objects), nil
}

// namedText is the text of a file.
type namedText struct{ name, text string }

// readFolder reads the files for ReadDir.
func readFolder(dir string) ([]namedText, error) {
	root, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var texts []namedText
	for _, e := range entries {
		if !isYAML(e.Name()) || strings.HasPrefix(strings.ToLower(e.Name()), "kustomization.") {
			continue
		}
		info, err := root.Stat(e.Name())
		if err != nil || !info.Mode().IsRegular() {
			if e.Type().IsRegular() {
				return nil, err
			}
			continue
		}
		b, err := root.ReadFile(e.Name())
		if err != nil {
			return nil, err
		}
		texts = append(texts, namedText{filepath.ToSlash(filepath.Join(dir, e.Name())), string(b)})
	}
	return texts, nil
}

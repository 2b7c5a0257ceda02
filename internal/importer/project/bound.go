package project

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// BoundTask is a Task that is elsewhere, and whose type tekwright bind has written into a
// package of an import.
type BoundTask struct {
	// Package is the folder of the package below that of the import, "" for that itself.
	Package string `json:"package,omitempty"`
	// Reference is what pipelines refer to the Task by, as [importer.Reference] returns it.
	Reference string `json:"reference"`
	Type      string `json:"type"`
	// File declares the type, and YAML is what it was bound from. Both are relative to the
	// package.
	File string `json:"file"`
	YAML string `json:"yaml"`
	// Fields and Spelling are the choices of the user for the names of fields.
	Fields   map[string]string `json:"fields,omitempty"`
	Spelling importer.Spelling `json:"spelling,omitempty"`
}

// Bound is what tekwright bind has written into the packages of an import.
type Bound struct {
	tasks []BoundTask
	of    map[string]map[string]*importer.Bound // by package and reference
	texts map[string]map[string][]byte          // the files of Go, by package and name
	names map[string][]string                   // what they declare, by package
}

// ReadBound reads what tekwright bind has written into the folder of an import. What is not
// there any more is left out, so its types are inferred again.
func ReadBound(dir string, state *State) (*Bound, error) {
	b := &Bound{of: map[string]map[string]*importer.Bound{}, texts: map[string]map[string][]byte{}, names: map[string][]string{}}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for _, t := range state.Bound {
		text, err := regular(root, path.Join(t.Package, t.File))
		if err != nil {
			return nil, err
		}
		names := declaredBy(text)
		if !slices.Contains(names, t.Type) {
			continue
		}
		yaml, err := regular(root, path.Join(t.Package, t.YAML))
		if err != nil {
			return nil, err
		}
		task := taskOf(yaml)
		if task == nil {
			continue
		}
		if b.of[t.Package] == nil {
			b.of[t.Package], b.texts[t.Package] = map[string]*importer.Bound{}, map[string][]byte{}
		}
		found := &importer.Bound{Object: task, Type: t.Type, Fields: t.Fields, Spelling: t.Spelling}
		ref, ok := ParseReference(t.Reference)
		if !ok {
			continue
		}
		if found.Reach = importer.InCluster; ref.Resolver != "" {
			found.Reach, found.Resolver, found.Params = importer.Fetched, ref.Resolver, ref.Params
		}
		if _, ok := b.texts[t.Package][t.File]; !ok {
			b.names[t.Package] = append(b.names[t.Package], names...)
		}
		b.of[t.Package][t.Reference], b.texts[t.Package][t.File] = found, text
		b.tasks = append(b.tasks, t)
	}
	return b, nil
}

// taskOf returns the Task of a text, nil if it is not one.
func taskOf(text []byte) *v1.Task {
	objects, _ := manifest.Parse(text, "")
	if len(objects) != 1 {
		return nil
	}
	objects, _, err := manifest.Upgrade(objects)
	if err != nil {
		return nil
	}
	t, _ := objects[0].Object.(*v1.Task)
	return t
}

// use lets the importer know the types that are bound.
func (b *Bound) use(pkg string, x *importer.Index) {
	if b != nil {
		x.Bound = maps.Clone(b.of[pkg])
		x.Take(b.names[pkg]...)
	}
}

// beside adds the files of Go to those that are type-checked with them.
func (b *Bound) beside(pkg string, files map[string][]byte) map[string][]byte {
	if b != nil {
		for name, text := range b.texts[pkg] {
			if _, ok := files[name]; !ok {
				files[name] = text
			}
		}
	}
	return files
}

// without leaves out mistakes in the files that tekwright bind has written.
func (b *Bound) without(pkg string, failed map[string]error) {
	if b != nil {
		maps.DeleteFunc(failed, func(name string, _ error) bool { return b.texts[pkg][name] != nil })
	}
}

// Remembered returns what an import remembers that has written into a folder, or into a folder
// above it in the same module: its folder, and nil if there is none.
func Remembered(dir string) (string, *State) {
	for {
		if root, err := os.OpenRoot(dir); err == nil {
			text, err := regular(root, StateFile)
			if s, ok := decoded(text); err == nil && ok {
				root.Close()
				return dir, s
			}
			_, err = root.Lstat("go.mod")
			root.Close()
			if err == nil {
				return "", nil
			}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", nil
		}
		dir = up
	}
}

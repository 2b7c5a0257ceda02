// Package project makes the files of a Go package from manifests: what the command tekwright
// import writes.
//
// [Read] reads the manifests, [Make] makes the files, and [Plan] compares them with a folder
// and writes it. Nothing of the manifests is run, and no value of a Secret gets past Read.
package project

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/plan"
)

// Options are the options of [Make].
type Options struct {
	// Package is the name of the package, and ImportPath what programs import it as.
	Package, ImportPath string
	// Manifests is the folder that the package writes its manifests to, relative to the folder
	// of the package, with slashes.
	Manifests string
	// Scripts says where scripts go.
	Scripts importer.Scripts
	// Names are the names that an earlier import has chosen, by folder and what they name, and
	// Renamed those that the user wants, by what they name.
	Names   map[string]map[string]string
	Renamed map[string]string
	// Initialisms are words that Go names write in upper case, besides the usual ones. Those that
	// begin with - are usual ones that they do not.
	Initialisms []string
	// Known are objects that references may mean although they are not imported.
	Known []Document
	// RunsInSet puts runs with a generateName into Set as well.
	RunsInSet bool
	// Exact, TasksAsYAML and Elsewhere are those of the importer.
	Exact, TasksAsYAML bool
	Elsewhere          func(*v1.TaskRef) *v1.Task
	// Bound is what tekwright bind has written into the packages; it may be nil.
	Bound *Bound
	// Check type-checks the files of a package: it returns the first error in each file, by
	// name. If it is nil, nothing is type-checked.
	Check func(importPath string, files map[string][]byte) (map[string]error, error)
}

// Imports returns the packages that the Go may import.
func Imports() []string { return plan.Imports() }

// File is a file of the package.
type File struct {
	Name string // relative to the folder of the package, with slashes
	Text []byte
	// Tool is set for files that belong to the tool. Users have no reason to change them.
	Tool bool
}

// Project is the result of [Make].
type Project struct {
	Files []File // sorted by name
	// Names are the names that were chosen, by folder and what they name.
	Names map[string]map[string]string
	// Initialisms are those of the options.
	Initialisms []string
	// Objects is what became of each object, in the order of the sources.
	Objects []Object
	// Rejected are the errors of the Go that its set does not accept. The test of the package
	// fails because of them.
	Rejected []Rejected
	// Accepted are the errors of the Go that its set accepts, since the YAML has them as well.
	Accepted []Mistake
	// Unused are the types of tekwright bind that no task has any more.
	Unused []BoundTask
	// Unchecked says why the Go was not type-checked, "" if it was.
	Unchecked string

	bound []BoundTask
}

// Rejected is an error of the Go that its set does not accept.
type Rejected struct {
	Package string `json:"package"`
	// File, Line and Column are where the object is in the YAML, if it is known.
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Code    string `json:"code"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Make makes the files for the sources.
func Make(s *Sources, o Options) (*Project, error) {
	p := &Project{Names: map[string]map[string]string{}, Initialisms: o.Initialisms}
	if o.Bound != nil {
		p.bound = o.Bound.tasks
	}
	files := map[string]File{}
	for _, part := range packages(s.Documents) {
		if err := p.addPackage(s, &part, o, files); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		p.Files = append(p.Files, files[name])
	}
	slices.SortStableFunc(p.Objects, func(a, b Object) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return p, nil
}

// attempts is how often a package is made anew because some of its Go does not compile.
const attempts = 5

// addPackage makes the files of one package. Objects whose Go does not compile become raw.
func (p *Project) addPackage(s *Sources, part *folder, o Options, files map[string]File) error {
	refused := map[string]string{}
	for try := 0; ; try++ {
		g := newGenerator(s, part, o, refused)
		if err := g.generate(); err != nil {
			return err
		}
		var failed map[string]error
		if o.Check != nil && p.Unchecked == "" {
			var err error
			if failed, err = o.Check(g.importPath(), o.Bound.beside(part.dir, g.goFiles())); err != nil {
				p.Unchecked = err.Error()
			}
			o.Bound.without(part.dir, failed)
		}
		again := false
		for _, name := range slices.Sorted(maps.Keys(failed)) {
			for _, id := range g.in[name] {
				if _, ok := refused[id]; !ok {
					refused[id], again = "its Go does not compile: "+failed[name].Error(), true
				}
			}
		}
		if len(failed) > 0 && !again { // in a file that has no objects, but what some of them need
			for _, list := range g.in {
				for _, id := range list {
					if _, ok := refused[id]; !ok {
						refused[id], again = "the Go of the package does not compile", true
					}
				}
			}
		}
		switch {
		case again && try < attempts:
			continue
		case len(failed) > 0:
			name := slices.Sorted(maps.Keys(failed))[0]
			return fmt.Errorf("the Go of %s does not compile: %w", path.Join(part.dir, name), failed[name])
		}
		for name, f := range g.files {
			f.Name = path.Join(part.dir, name)
			files[f.Name] = f
		}
		p.Names[part.dir] = g.index.Names()
		p.Objects = append(p.Objects, g.objects...)
		for _, f := range g.rejected {
			r := Rejected{Package: part.dir, Code: f.Code, Kind: f.Object.Kind, Name: f.Object.Name, Message: s.Secret.Hide(f.Message)}
			for _, o := range g.objects {
				if o.Kind == r.Kind && o.Name == r.Name && !o.Error {
					r.File, r.Line, r.Column = o.At.File, o.At.Line, o.At.Column
					break
				}
			}
			p.Rejected = append(p.Rejected, r)
		}
		for _, b := range p.bound {
			if b.Package == part.dir && !g.index.Uses(b.Reference) {
				p.Unused = append(p.Unused, b)
			}
		}
		for _, f := range g.accepted {
			m := Mistake{Code: f.Code, Kind: f.Object.Kind, Name: f.Object.Name, Message: s.Secret.Hide(f.Message), Help: s.Secret.Hide(f.Help)}
			for _, o := range g.objects {
				if o.Kind == m.Kind && o.Name == m.Name && !o.Error {
					m.File, m.Line, m.Column = o.At.File, o.At.Line, o.At.Column
					break
				}
			}
			p.Accepted = append(p.Accepted, m)
		}
		return nil
	}
}

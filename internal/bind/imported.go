package bind

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/project"
)

// imported is the package of tekwright import that the file of Go is a part of. Import has
// inferred types for the Tasks that its pipelines refer to; what is bound takes their places.
type imported struct {
	dir    string // with import.json, absolute
	pkg    string // the folder of the package below it, "" for dir itself
	state  *project.State
	absent []project.Absent
	taken  map[*importer.Bound]*project.Absent
}

// openImported reads what an import remembers; it returns nil if there was none.
func openImported(w where) *imported {
	dir, state := project.Remembered(w.dir)
	if state == nil {
		return nil
	}
	rel, err := filepath.Rel(dir, w.dir)
	if err != nil || !filepath.IsLocal(rel) {
		return nil
	}
	i := &imported{dir: dir, pkg: filepath.ToSlash(rel), state: state, taken: map[*importer.Bound]*project.Absent{}}
	if i.pkg == "." {
		i.pkg = ""
	}
	i.absent = state.Absent(i.pkg)
	for _, b := range state.Bound {
		ref, ok := project.ParseReference(b.Reference)
		if b.Package != i.pkg || !ok || slices.ContainsFunc(i.absent, func(a project.Absent) bool { return a.Reference == b.Reference }) {
			continue
		}
		i.absent = append(i.absent, project.Absent{Ref: *ref, Reference: b.Reference, Type: b.Type})
	}
	return i
}

// find returns the Task that the pipelines refer to and that is bound, nil if it is none of
// them. free is set if the user has not said how it gets into a run: it is then as the
// pipelines have it.
func (i *imported) find(b *importer.Bound, free bool) (*project.Absent, error) {
	if i == nil {
		return nil, nil //nolint:nilnil // there is nothing that it could be
	}
	if _, ok := b.Object.(*v1.Task); !ok {
		return nil, nil //nolint:nilnil // import infers no StepActions
	}
	var found []*project.Absent
	for k := range i.absent {
		a := &i.absent[k]
		var same bool
		switch {
		case free:
			same = importer.TaskName(&a.Ref) == b.Name()
		case b.Reach == importer.Fetched:
			same = a.Ref.Resolver == b.Resolver && has(a.Ref.Params, b.Params)
		case b.Reach == importer.InCluster:
			same = a.Ref.Resolver == "" && a.Ref.Name == b.Name()
		}
		if same {
			found = append(found, a)
		}
	}
	switch {
	case len(found) == 0:
		return nil, nil //nolint:nilnil // it is another Task
	case len(found) > 1 && free:
		lines := make([]string, len(found))
		for k, a := range found {
			lines[k] = "  " + a.Type + ": " + said(&a.Ref)
		}
		return nil, fmt.Errorf("the imported pipelines refer to several Tasks %q:\n%s\n  help: choose one of them with --like", b.Name(), strings.Join(lines, "\n"))
	}
	return found[0], nil
}

// has reports whether a reference has certain params. It may have others, such as the kind.
func has(all, some v1.Params) bool {
	for _, p := range some {
		if !slices.ContainsFunc(all, func(a v1.Param) bool { return a.Name == p.Name && a.Value.StringVal == p.Value.StringVal }) {
			return false
		}
	}
	return true
}

// said returns a reference as a person writes it.
func said(r *v1.TaskRef) string {
	if r.Resolver == "" {
		return "the Task " + r.Name + " of the cluster"
	}
	if address := AddressOf(r.Resolver, r.Params); address != "" {
		return Shown(address)
	}
	return "resolver " + string(r.Resolver)
}

// take lets what is bound take the place of an inferred type: it gets into a run as the
// pipelines refer to it.
func (p *planning) take(b *importer.Bound, free bool) error {
	a, err := p.imported.find(b, free)
	if err != nil || a == nil {
		return err
	}
	if p.embed == "" {
		return fmt.Errorf("the snapshot %s is not below the folder of %s, where an import would find it\n  help: pass another folder to --snapshot", p.snapshotShown, p.Output)
	}
	if free {
		p.notes = append(p.notes, fmt.Sprintf("Task %q gets into a run as the imported pipelines refer to it: %s", b.Name(), said(&a.Ref)))
	}
	if b.Type == "" {
		b.Type = a.Type
	}
	if b.Reach, b.Resolver, b.Params = importer.InCluster, "", nil; a.Ref.Resolver != "" {
		b.Reach, b.Resolver, b.Params = importer.Fetched, a.Ref.Resolver, a.Ref.Params
	}
	p.imported.taken[b] = a
	return nil
}

// isFree reports whether the user has not said how what is bound gets into a run.
func (p *planning) isFree(s Source) bool { return p.By == "" && p.Like == "" && !s.Remote() }

// elsewhere returns the file of inferred types without those that are bound, nil if it
// has no others.
func (i *imported) elsewhere(w where) (text []byte, changed bool, err error) {
	if i == nil || len(i.taken) == 0 {
		return nil, false, nil
	}
	old, err := os.ReadFile(filepath.Join(w.dir, project.ElsewhereFile))
	if err != nil {
		return nil, false, nil //nolint:nilerr // nothing is inferred
	}
	var names []string
	for _, a := range i.taken {
		names = append(names, a.Type)
	}
	text, err = project.Without(old, names)
	if err != nil || bytes.Equal(text, old) {
		return nil, false, nil //nolint:nilerr // it is no Go, which the compiler reports
	}
	if i.state.Files[path.Join(i.pkg, project.ElsewhereFile)] != project.Digest(old) {
		slices.Sort(names)
		return nil, false, fmt.Errorf("%s was edited since the import\n  help: remove from it what is bound: %s", project.ElsewhereFile, strings.Join(names, ", "))
	}
	return text, true, nil
}

// help says how a type that the import has inferred is bound.
func (i *imported) help(name string) string {
	if i == nil {
		return ""
	}
	for _, a := range i.absent {
		if address := AddressOf(a.Ref.Resolver, a.Ref.Params); a.Type == name && address != "" {
			return "the pipelines refer to it by --like " + Shown(address) + "; "
		}
	}
	return ""
}

// remember adds to the result that the import knows what is bound: its file of inferred types,
// and import.json.
func (p *planning) remember(r *Result, bound []*importer.Bound, docs []*document, elsewhere []byte, changed bool) error {
	i := p.imported
	if i == nil {
		return nil
	}
	var list []project.BoundTask
	before := 0
	for _, t := range i.state.Bound {
		if t.Package == i.pkg && t.File == p.base {
			before++
			continue
		}
		list = append(list, t)
	}
	if before+len(i.taken) == 0 {
		return nil
	}
	for k, b := range bound {
		a := i.taken[b]
		if a == nil {
			continue
		}
		list = append(list, project.BoundTask{
			Package: i.pkg, Reference: a.Reference, Type: b.Type, File: p.base, YAML: p.embedPath(docs[k].file), Fields: b.Fields, Spelling: p.Spelling,
		})
		r.Taken = append(r.Taken, a.Type)
	}
	slices.SortStableFunc(list, func(a, b project.BoundTask) int {
		return strings.Compare(a.Package+" "+a.File+" "+a.Reference, b.Package+" "+b.File+" "+b.Reference)
	})
	i.state.Bound = list
	name := filepath.Join(filepath.Dir(p.Output), project.ElsewhereFile)
	key := path.Join(i.pkg, project.ElsewhereFile)
	switch {
	case changed && elsewhere == nil:
		delete(i.state.Files, key)
		r.Stale = append(r.Stale, name)
	case changed:
		i.state.Files[key] = project.Digest(elsewhere)
		r.Files = append(r.Files, Output{name, elsewhere})
	}
	text, err := i.state.Encode()
	if err != nil {
		return err
	}
	r.Files = append(r.Files, Output{filepath.Join(filepath.Dir(p.Output), filepath.FromSlash(strings.Repeat("../", depth(i.pkg))), project.StateFile), text})
	return nil
}

// depth returns the number of parts of a path.
func depth(dir string) int {
	if dir == "" {
		return 0
	}
	return strings.Count(dir, "/") + 1
}

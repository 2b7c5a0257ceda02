package project

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// generator makes the files of a package.
type generator struct {
	s       *Sources
	part    *folder
	o       Options
	index   *importer.Index
	files   map[string]File
	plans   map[string]*plan.File
	in      map[string][]string // the objects whose Go is in a file
	objects []Object
	raws    map[string]bool // names of raw files
	left    []*Document     // what the set cannot have
	set     *plan.Func
	// accepted and rejected are the errors of the Go that its sets accept, and those they do not.
	accepted, rejected diag.Findings
}

func newGenerator(s *Sources, part *folder, o Options, refused map[string]string) *generator {
	g := &generator{s: s, part: part, o: o, index: importer.NewIndex(), files: map[string]File{}, plans: map[string]*plan.File{}, in: map[string][]string{}, raws: map[string]bool{}}
	names := maps.Clone(o.Names[part.dir])
	if names == nil {
		names = map[string]string{}
	}
	maps.DeleteFunc(names, func(_, name string) bool { return renamed(o.Renamed, name) })
	maps.Copy(names, o.Renamed)
	g.index.Options = importer.Options{
		Scripts: o.Scripts, Names: names, Spelling: importer.NewSpelling(o.Initialisms), Refused: refused, Exact: o.Exact, TasksAsYAML: o.TasksAsYAML, Elsewhere: o.Elsewhere,
	}
	o.Bound.use(part.dir, g.index)
	return g
}

// renamed reports whether something gets a name by the choice of the user.
func renamed(names map[string]string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// importPath returns the path that programs import the package by.
func (g *generator) importPath() string { return path.Join(g.o.ImportPath, g.part.dir) }

// goFiles returns the texts of the Go files of the package itself.
func (g *generator) goFiles() map[string][]byte {
	out := map[string][]byte{}
	for name, f := range g.files {
		if strings.HasSuffix(name, ".go") && !strings.Contains(name, "/") && !strings.HasSuffix(name, "_test.go") {
			out[name] = f.Text
		}
	}
	return out
}

// generate makes the files.
func (g *generator) generate() error {
	var objects []runtime.Object
	var files []string
	first := map[string]*Document{} // by identity
	for _, d := range g.part.documents {
		if id := identity(d); first[id] != nil {
			continue
		} else {
			first[id] = d
		}
		g.index.Add(d.Object.Object, d.File)
		g.index.AddText(d.Object.Object, d.Head, cmp.Or(d.Comments, d.Text))
		objects, files = append(objects, d.Object.Object), append(files, d.File)
	}
	mine := map[*Document]bool{}
	for _, d := range g.part.documents {
		mine[d] = true
	}
	for i := range g.s.Documents {
		if d := &g.s.Documents[i]; !mine[d] {
			g.index.Know(d.Object.Object, d.File)
		}
	}
	for _, d := range g.o.Known {
		g.index.Know(d.Object.Object, "../"+d.File)
	}
	described := importer.Describe(g.index, objects, files)
	var set, runs []importer.Source
	pac := false
	i := 0
	for _, d := range g.part.documents {
		p := importer.Part{Object: d.Object.Object, Result: &importer.Result{}}
		other := first[identity(d)]
		switch {
		case other == d:
			p = described.Parts[i]
			i++
			g.place(fileOf(d), &p)
		case other.content() == d.content():
			g.objects = append(g.objects, g.equal(d, other))
			continue
		case other.Ref().Namespace == d.Ref().Namespace:
			if err := g.keep(d); err != nil {
				return err
			}
			g.objects = append(g.objects, g.twice(d, other))
			continue
		default:
			p.Reason = "the package has another object of this kind and name"
		}
		source := importer.Source{Expr: p.Source, Object: d.Object.Object, File: d.File}
		if source.Expr == nil {
			e, err := g.raw(d)
			if err != nil {
				return err
			}
			source.Expr, source.Raw = e, true
		}
		folder := importer.InFolder(d.Object.Object, d.File)
		pac = pac || folder
		if nameIn(d) == "" && !g.o.RunsInSet && !folder {
			runs = append(runs, source)
		} else {
			set = append(set, source)
		}
		g.objects = append(g.objects, g.report(d, &p))
	}
	for _, t := range described.Elsewhere {
		f := g.file(ElsewhereFile)
		f.Types = append(f.Types, t)
	}
	f := g.file("set.go")
	f.Doc = "Package " + g.part.packageName(g.o) + " describes Tekton manifests. It was imported from YAML."
	f.Generate = "go run ./gen -o " + g.output(g.o.Manifests)
	if pac {
		f.Generate += " -pac " + g.output(path.Join(path.Dir(g.o.Manifests), ".tekton"))
	}
	// A task can be wrong for a Task that is not imported.
	var known []importer.Source
	for _, d := range g.o.Known {
		known = append(known, importer.Source{Object: d.Object.Object, File: d.File})
	}
	g.set, g.accepted, g.rejected = importer.Set("Set", "returns the objects to apply", set, known)
	f.Funcs = append(f.Funcs, g.set)
	if len(runs) > 0 {
		apart, accepted, rejected := importer.Set("Runs", "returns the runs with a generateName, and what they run. Start them with kubectl create", runs, slices.Concat(set, known))
		f.Funcs, g.accepted, g.rejected = append(f.Funcs, apart), append(g.accepted, accepted...), append(g.rejected, rejected...)
	}
	if err := g.print(); err != nil {
		return err
	}
	return g.fixed(len(runs) > 0)
}

// output returns a folder that the package writes to, relative to the folder of the package.
func (g *generator) output(name string) string {
	if g.part.dir == "" {
		return name
	}
	return strings.Repeat("../", strings.Count(g.part.dir, "/")+1) + path.Join(name, g.part.dir)
}

// file returns a file of declarations.
func (g *generator) file(name string) *plan.File {
	if g.plans[name] == nil {
		g.plans[name] = &plan.File{Package: g.part.packageName(g.o)}
	}
	return g.plans[name]
}

// place puts the declarations of an object into its file.
func (g *generator) place(name string, p *importer.Part) {
	if len(p.Types)+len(p.Funcs) == 0 {
		return
	}
	f := g.file(name)
	f.Types, f.Funcs = append(f.Types, p.Types...), append(f.Funcs, p.Funcs...)
	g.in[name] = append(g.in[name], g.index.ID(p.Object))
}

// keep keeps an object beside the Go, which does not describe it.
func (g *generator) keep(d *Document) error {
	e, err := g.raw(d)
	if err != nil {
		return err
	}
	text := e.Args[0].(plan.Embedded) //nolint:forcetypeassert // by raw
	g.files[text.Path] = File{Text: []byte(text.Text)}
	g.left = append(g.left, d)
	return nil
}

// raw returns a source of an object that is kept as YAML.
func (g *generator) raw(d *Document) (*plan.Call, error) {
	text := d.Text
	if objects, findings := manifest.Parse([]byte(text), d.File); text == "" || len(findings) > 0 || len(objects) != 1 || d.Written.Object != d.Object.Object {
		b, err := encoded(d.Object)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.File, err)
		}
		text = string(b)
	}
	name := dashed(d.Ref().Kind + "-" + d.Ref().Name)
	free := name
	for i := 2; g.raws[free]; i++ {
		free = fmt.Sprintf("%s-%d", name, i)
	}
	g.raws[free] = true
	file := "raw/" + free + ".yaml"
	return plan.Fn("manifest.FromYAML", plan.Embedded{Name: g.index.Variable("raw " + free), Path: file, Text: text}, plan.Text(file)), nil
}

// print prints the files of declarations.
func (g *generator) print() error {
	for _, name := range slices.Sorted(maps.Keys(g.plans)) {
		text, embedded, err := g.plans[name].Print()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		g.files[name] = File{Text: text}
		for path, content := range embedded {
			g.files[path] = File{Text: []byte(content)}
		}
	}
	return nil
}

// fixed adds the files whose text depends on names alone, and the originals.
func (g *generator) fixed(runs bool) error {
	pkg := g.part.packageName(g.o)
	g.files["gen/main.go"] = File{Text: program(pkg, g.importPath())}
	g.files["import_test.go"] = File{Text: test(pkg, runs, g.o.Exact), Tool: true}
	for _, d := range g.part.documents {
		name := "testdata/import/" + original(d.File)
		if _, ok := g.files[name]; ok {
			continue
		}
		text, err := g.originals(d.File)
		if err != nil {
			return err
		}
		g.files[name] = File{Text: text, Tool: true}
	}
	return nil
}

// original returns the path of the copy of a file. Hidden folders are not read in tests.
func original(file string) string {
	parts := strings.Split(file, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ".") && p != ".tekton" || p == "vendor" || p == "node_modules" {
			parts[i] = "_" + strings.TrimLeft(p, ".")
		}
	}
	name := strings.Join(parts, "/")
	switch path.Ext(name) {
	case ".yaml", ".yml", ".json":
		return name
	}
	return name + ".yaml"
}

// originals returns the text of a file with the objects of this package alone.
func (g *generator) originals(file string) ([]byte, error) {
	var mine []*Document
	others := false
	for i := range g.s.Documents {
		if d := &g.s.Documents[i]; d.File == file {
			if slices.Contains(g.part.documents, d) && !slices.Contains(g.left, d) {
				mine = append(mine, d)
			} else {
				others = true
			}
		}
	}
	if !others {
		return []byte(g.s.Texts[file]), nil
	}
	var b strings.Builder
	for i, d := range mine {
		text := d.Text
		if text == "" {
			e, err := encoded(d.Object)
			if err != nil {
				return nil, err
			}
			text = string(e)
		}
		if i > 0 && !strings.HasPrefix(text, "---") {
			b.WriteString("---\n")
		}
		b.WriteString(strings.TrimRight(text, "\n") + "\n")
	}
	return []byte(b.String()), nil
}

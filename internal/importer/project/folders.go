package project

import (
	"encoding/json"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/mod/module"

	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// folder is a package: documents, and the folder of the package below the output.
type folder struct {
	dir       string // "" for the output itself
	documents []*Document
}

// packages distributes the documents to packages. Two objects of one identity cannot be in
// one package, so a folder with such objects becomes several packages: one for each of its
// subfolders that has them, and one for all else. If the objects are in one folder, the second
// is kept as YAML.
func packages(documents []Document) []folder {
	all := make([]*Document, len(documents))
	for i := range documents {
		all[i] = &documents[i]
	}
	var out []folder
	split("", "", all, &out)
	return out
}

// variants are the different contents of the objects of one identity.
type variants map[string]map[string]bool

func variantsOf(documents []*Document) variants {
	v := variants{}
	for _, d := range documents {
		id := identity(d)
		if v[id] == nil {
			v[id] = map[string]bool{}
		}
		v[id][d.content()] = true
	}
	return v
}

// content returns a text that is the same for equal objects.
func (d *Document) content() string {
	if d.key == "" {
		o := same.Prepared(d.Object.Object)
		text, err := json.Marshal(o)
		if err != nil {
			text = []byte(d.File)
		}
		d.key = d.Ref().Namespace + " " + string(text)
	}
	return d.key
}

// identity is what only one object of a package can have.
func identity(d *Document) string {
	ref := d.Ref()
	group, _, _ := strings.Cut(ref.APIVersion, "/")
	if n := nameIn(d); n == "" { // a generateName is not unique
		return d.File + ":" + strconv.Itoa(d.At(diag.Path{}).Line)
	}
	namespace := ref.Namespace
	if kinds.IsTekton(ref.APIVersion) { // the namespace of the set is said by kind and name
		namespace = ""
	}
	return strings.Join([]string{group, ref.Kind, namespace, ref.Name}, " ")
}

// split adds the packages of the documents below a folder.
func split(dir, pkg string, documents []*Document, out *[]folder) {
	here := variantsOf(documents)
	clash := func(d *Document) bool { return len(here[identity(d)]) > 1 }
	if !slices.ContainsFunc(documents, clash) {
		*out = append(*out, folder{pkg, documents})
		return
	}
	below := map[string][]*Document{}
	var rest []*Document
	var names []string
	for _, d := range documents {
		sub, _, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(d.File, dir), "/"), "/")
		if !ok {
			rest = append(rest, d)
			continue
		}
		if below[sub] == nil {
			names = append(names, sub)
		}
		below[sub] = append(below[sub], d)
	}
	slices.Sort(names)
	if len(names) == 1 && len(rest) == 0 {
		split(path.Join(dir, names[0]), pkg, documents, out)
		return
	}
	taken := map[string]bool{}
	var more []folder
	for _, sub := range names {
		if !slices.ContainsFunc(below[sub], clash) {
			rest = append(rest, below[sub]...)
			continue
		}
		name := element(sub)
		if name != "" && unicode.IsDigit(rune(name[0])) && pkg != "" {
			name = path.Base(pkg) + name
		}
		if name == "" || unicode.IsDigit(rune(name[0])) {
			name = "v" + name
		}
		free := name
		for i := 2; taken[free] || !importable(free); i++ {
			free = name + "x" + strconv.Itoa(i)
		}
		taken[free] = true
		split(path.Join(dir, sub), path.Join(pkg, free), below[sub], &more)
	}
	if len(rest) > 0 {
		slices.SortStableFunc(rest, func(a, b *Document) int { return strings.Compare(a.File, b.File) })
		*out = append(*out, folder{pkg, rest})
	}
	*out = append(*out, more...)
}

// element returns a name as a part of an import path: its letters and digits in lower case.
func element(name string) string {
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}

// importable reports whether a folder may have a name: the package in it is imported by that,
// and the other names are those of folders that have another meaning.
func importable(name string) bool {
	return !token.IsKeyword(name) && module.CheckImportPath(name) == nil && // a device of Windows
		!slices.Contains([]string{"main", "gen", "raw", "scripts", "testdata", "vendor", "internal"}, name)
}

// packageName returns the name of the package in a folder.
func (f *folder) packageName(o Options) string {
	if f.dir == "" {
		return o.Package
	}
	return path.Base(f.dir)
}

// PackageName returns a name for a package in a folder: ci if the folder's name has no letter.
func PackageName(folder string) string {
	name := strings.TrimLeft(element(folder), "0123456789")
	if name == "" || token.IsKeyword(name) || name == "main" {
		return "ci"
	}
	return name
}

// Package is a package of an import, and the objects that it describes.
type Package struct {
	Dir     string // below the output, "" for the output itself
	Objects []object.Object
}

// Packages returns the packages that [Make] distributes the sources to.
func Packages(s *Sources) []Package {
	var out []Package
	for _, f := range packages(s.Documents) {
		p := Package{Dir: f.dir}
		for _, d := range f.documents {
			p.Objects = append(p.Objects, d.Written)
		}
		out = append(out, p)
	}
	return out
}

package project

import (
	"encoding/json"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/pkg/diag"
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
	return strings.Join([]string{group, ref.Kind, ref.Name}, " ")
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
	taken := map[string]bool{"gen": true, "raw": true, "scripts": true, "testdata": true, "vendor": true, "internal": true}
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
		for i := 2; taken[free] || token.IsKeyword(free); i++ {
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

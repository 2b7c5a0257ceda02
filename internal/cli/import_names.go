package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// chosen reads the file of --rename.
func (i *importing) chosen() (map[string]string, error) {
	if i.rename == "" {
		return nil, nil
	}
	text, err := os.ReadFile(i.rename)
	if err != nil {
		return nil, fmt.Errorf("cannot read the names: %w", err)
	}
	names := map[string]string{}
	inJSON, err := yamlread.JSON(text, true)
	if err == nil {
		err = json.Unmarshal(inJSON, &names)
	}
	if err != nil {
		return nil, fmt.Errorf("%s is not a map from what is named to its Go name, such as \"Task git-clone: Clone\": %w", i.rename, err)
	}
	for _, of := range slices.Sorted(maps.Keys(names)) {
		if !token.IsIdentifier(names[of]) || !token.IsExported(names[of]) {
			return nil, fmt.Errorf("%s: %q is not an exported Go name for %q", i.rename, names[of], of)
		}
	}
	return names, nil
}

// renamed returns an error if a name of --rename was not used.
func (i *importing) renamed(names map[string]string, p *project.Project) error {
	used := map[string]string{}
	for _, pkg := range p.Names {
		maps.Copy(used, pkg)
	}
	for _, of := range slices.Sorted(maps.Keys(names)) {
		switch got, ok := used[of]; {
		case !ok:
			help := "see the names in " + project.StateFile
			if s := similar(of, slices.Sorted(maps.Keys(used))); len(s) > 0 {
				help = fmt.Sprintf("did you mean %q?", s[0])
			}
			return fmt.Errorf("%s: there is no %q\n  help: %s", i.rename, of, help)
		case got != names[of]:
			return fmt.Errorf("%s: the name %s of %q is taken", i.rename, names[of], of)
		}
	}
	return nil
}

// known returns the objects of --index, or of the git repository around the paths.
func (i *importing) known(ctx context.Context, args []string, s *project.Sources, excluded func(string) bool) ([]project.Document, error) {
	paths := i.index
	if len(paths) == 0 {
		for _, arg := range args {
			if arg == stdin {
				continue
			}
			if root := above(whole(arg), ".git"); root != "" && !slices.Contains(paths, root) {
				paths = append(paths, root)
			}
		}
	}
	if len(paths) == 0 {
		return nil, nil
	}
	read := map[string]bool{}
	for k := range s.Documents {
		read[discovery.Real(s.Documents[k].At(diag.Path{}).File)] = true
	}
	here := func(name string) bool {
		return excluded(name) || slices.ContainsFunc(args, func(a string) bool { return whole(a) == discovery.Real(name) })
	}
	if len(i.index) > 0 {
		here = excluded
	}
	all, err := project.Read(ctx, paths, project.ReadOptions{Excluded: here, AsTheyAre: true})
	if err != nil {
		return nil, err
	}
	var out []project.Document
	for _, d := range all.Documents {
		if file := discovery.Real(d.At(diag.Path{}).File); !read[file] {
			d.File = filepath.ToSlash(file)
			out = append(out, d)
		}
	}
	return out, nil
}

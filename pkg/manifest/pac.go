package manifest

import (
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/diag"
)

// tektonFolder returns the .tekton folder of a file, which Pipelines-as-Code reads with
// all that is below it; "" if the file is in none.
func tektonFolder(file string) string {
	parts := strings.Split(path.Dir(filepath.ToSlash(file)), "/")
	if i := slices.Index(parts, ".tekton"); i >= 0 {
		return strings.Join(parts[:i+1], "/")
	}
	return ""
}

// addTekton reads the .tekton folders as Pipelines-as-Code does. It marks the objects of
// the folders of which all files were read, and adds the findings about the folders.
func (r *LoadResult) addTekton() {
	files, read := map[string][]pac.File{}, map[string]bool{}
	for name, text := range r.Texts {
		if dir := tektonFolder(name); dir != "" {
			name = path.Clean(filepath.ToSlash(name))
			read[name] = true
			files[dir] = append(files[dir], pac.File{Name: strings.TrimPrefix(name, dir+"/"), Text: []byte(text)})
		}
	}
	if len(files) == 0 {
		return
	}
	unread := map[string]bool{}
	for _, f := range r.Findings {
		if IsReadFailure(f) || f.Code == "template-unrendered" {
			unread[tektonFolder(f.Position.File)] = true
		}
	}
	whole := map[string]bool{}
	for _, dir := range slices.Sorted(maps.Keys(files)) {
		whole[dir] = !unread[dir] && hasAll(dir, read)
		for _, at := range pac.Load(files[dir]).Lost() {
			at.File = path.Join(dir, at.File)
			r.Findings = append(r.Findings, ignoredDocument(at))
		}
	}
	for i := range r.Objects {
		if dir := tektonFolder(r.Objects[i].At(diag.Path{}).File); whole[dir] {
			r.Objects[i].Tekton = dir
		}
	}
}

// hasAll reports whether all files of a folder that Pipelines-as-Code reads were read.
func hasAll(dir string, read map[string]bool) bool {
	all := true
	err := filepath.WalkDir(filepath.FromSlash(dir), func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && pac.IsRead(e.Name()) && !read[filepath.ToSlash(name)] {
			all = false
			return fs.SkipAll
		}
		return err
	})
	return all && err == nil
}

// ignoredDocument returns the finding for a document that Pipelines-as-Code does not see.
func ignoredDocument(at diag.Position) diag.Finding {
	return diag.Finding{
		Code: "pac-separator-ignored", Severity: diag.Error, Position: at,
		Message: "Pipelines-as-Code ignores this document: the line before it is not a separator, because it is not only \"---\"",
		Help:    "write \"---\" alone on a line, and a comment below it",
	}
}

// lostDocuments adds the findings about a stream that contains a run of Pipelines-as-Code.
// Files of a folder are looked at together.
func (d *decoder) lostDocuments(text string) {
	if d.how != streamed || !strings.Contains(text, pac.Prefix) {
		return
	}
	for _, at := range pac.Load([]pac.File{{Name: "stream.yaml", Text: []byte(text)}}).Lost() {
		f := ignoredDocument(at)
		f.Position.File = d.name
		d.findings = append(d.findings, f)
	}
}

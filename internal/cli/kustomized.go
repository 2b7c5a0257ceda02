package cli

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/ignore"
	"github.com/tekwright/tekwright/internal/kustomize"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// kustomized replaces the objects that kustomizations include by what these become, and
// the findings of the readers in them. Each rendering is a set of its own.
func kustomized(ctx context.Context, set *manifest.LoadResult, args []string, limits manifest.Limits) (*renderer, error) {
	if len(set.Kustomizations) == 0 {
		return nil, nil
	}
	for _, file := range set.Kustomizations { // also those that are not rendered
		if info, err := os.Stat(filepath.FromSlash(file)); err != nil || !info.Mode().IsRegular() {
			continue // a pipe would have to be waited for
		}
		if text, err := readSmall(filepath.FromSlash(file), largestProfile); err == nil {
			set.HideValuesOf(string(text))
		}
	}
	var dirs []string
	for _, arg := range args {
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			dirs = append(dirs, arg)
		}
	}
	k := &renderer{set: set, sources: map[string]object.Object{}, replaced: map[string]bool{}, changes: map[string]bool{}, ofTekton: map[string]bool{}, renamed: kustomize.Bases{}, ignores: map[string][]object.Ignore{}}
	for _, o := range set.Objects {
		at := o.At(diag.Path{})
		k.sources[kustomize.Place(at.File, at.Line, at.Column)] = o
		if strings.Contains(o.Ref().APIVersion, "tekton.dev/") {
			k.ofTekton[at.File] = true
		}
	}
	for _, r := range kustomize.Render(ctx, set.Kustomizations, dirs, func(file string) bool { return k.ofTekton[file] }, nil) {
		if err := k.add(ctx, r, limits); err != nil {
			return nil, err
		}
	}
	if len(k.replaced) > 0 {
		isReplaced := func(at diag.Position) bool { return k.replaced[at.File] }
		kept := set.Objects[:0]
		for _, o := range set.Objects {
			at := o.At(diag.Path{})
			switch {
			case !isReplaced(at):
				kept = append(kept, o)
			case k.renamed[kustomize.Place(at.File, at.Line, at.Column)]:
				o.Adjust = func(f diag.Finding) (diag.Finding, bool) { return f, false } // they are in what it becomes
				kept = append(kept, o)
			}
		}
		clear(set.Objects[len(kept):])
		set.Objects = kept
		set.Findings = slices.DeleteFunc(set.Findings, func(f diag.Finding) bool {
			return f.Object.Kind != "" && isReplaced(f.Position)
		})
	}
	set.Objects = append(set.Objects, k.objects...)
	set.Findings = append(set.Findings, k.findings...)
	return k, nil
}

// renderer collects what the kustomizations become.
type renderer struct {
	set      *manifest.LoadResult
	sources  map[string]object.Object // by their place
	replaced map[string]bool          // files
	changes  map[string]bool          // files with patches, and kustomizations
	ofTekton map[string]bool          // files
	renamed  kustomize.Bases
	objects  []object.Object
	findings diag.Findings
	ignores  map[string][]object.Ignore // the comments of files with changes
}

// add adds a rendering.
func (k *renderer) add(ctx context.Context, r kustomize.Rendering, limits manifest.Limits) error {
	if slices.ContainsFunc(strings.Split(r.File, "/"), func(name string) bool { return name == ".tekton" }) {
		return nil // Pipelines-as-Code does not render
	}
	if text, err := readSmall(filepath.FromSlash(r.File), largestProfile); err == nil {
		k.set.Texts[r.File] = string(text)
	}
	note := diag.Finding{Code: "kustomization-unrendered", Severity: diag.Note, Position: diag.Position{File: r.File, Line: 1, Column: 1}, Subject: r.File}
	switch {
	case r.Limit:
		note.Message = "the kustomization is not rendered, and its resources are checked as they are: " + r.Err
	case r.Err != "" && len(r.LeftOut) > 0:
		note.Message = "the kustomization cannot be rendered without " + some(r.LeftOut) + ", and its resources are checked as they are"
	case r.Err != "":
		note.Severity = diag.Warning
		note.Message = "kustomize cannot render the kustomization, and its resources are checked as they are: " + r.Err
	case len(r.LeftOut) > 0:
		note.Message = "the kustomization is rendered without " + some(r.LeftOut)
	}
	if note.Message != "" {
		note.Help = "check what it becomes: kustomize build " + path.Dir(r.File) + " | tekwright check -"
		k.findings = append(k.findings, note)
	}
	if r.Err != "" {
		return nil
	}
	var stream bytes.Buffer
	for _, o := range r.Objects {
		stream.Write(o.JSON)
		stream.WriteString("\n---\n")
	}
	var loaded manifest.LoadResult
	if stream.Len() > 0 {
		limits.Bytes, limits.Values = 0, 0
		var err error
		if loaded, err = manifest.Load(ctx, []string{stdin}, manifest.LoadOptions{Stdin: bytes.NewReader(stream.Bytes()), Brief: true, Limits: limits}); err != nil {
			return err
		}
		if len(loaded.Texts) > 0 {
			k.set.HideValuesIn(loaded) // kustomize generates Secrets of files, too
		} else {
			k.set.HideValuesOf(stream.String()) // the time is up
		}
	}
	// What exceeds a limit would be missing, and the resources must not be missing as well.
	if i := slices.IndexFunc(loaded.Findings, exceeds); i >= 0 {
		note.Message = "the kustomization is not rendered, and its resources are checked as they are: of what it becomes, " + loaded.Findings[i].Message
		k.findings = append(k.findings, note)
		return nil
	}
	for _, file := range r.Changes {
		k.changes[file] = true
	}
	ignores := k.ignored(r.Changes)
	for _, s := range r.Sources {
		if !slices.Contains(strings.Split(s, "/"), ".tekton") {
			k.replaced[s] = true
		}
	}
	by := make(map[int]*rendered, len(r.Objects)) // by lines of the stream
	for i, o := range r.Objects {
		by[2*i+1] = newRendered(r.File, o, k.sources[o.Source])
	}
	for _, o := range loaded.Objects {
		if of := by[o.At(diag.Path{}).Line]; of != nil {
			k.rename(of, o.Ref().Name)
			var was diag.ObjectRef
			if of.source.Object != nil {
				was = of.source.Ref()
			}
			k.objects = append(k.objects, object.Object{Object: o.Object, Source: was, Set: path.Dir(r.File), Locate: of.locate, Adjust: of.adjust(o.Adjust), Ignores: of.ignored(ignores)})
		}
	}
	for _, f := range loaded.Findings {
		if of := by[f.Position.Line]; of != nil && f.Object.Kind != "" {
			f.Position, f.Related, f.Fixes = of.locate(f.Path, f.Subject), nil, nil // the text is that of the rendering
			k.findings = append(k.findings, of.told(f))
		}
	}
	return nil
}

// ignored returns the comments of files with patches that suppress rules, also for what the
// patches write.
func (k *renderer) ignored(files []string) []object.Ignore {
	var all []object.Ignore
	for _, file := range files {
		of, known := k.ignores[file]
		if !known {
			if text, err := readSmall(filepath.FromSlash(file), 4*largestProfile); err == nil && strings.Contains(string(text), "tekwright:") {
				for doc := range yamlread.Documents(string(text)) {
					of = append(of, ignore.In(doc, file)...)
				}
			}
			k.ignores[file] = of
		}
		all = append(all, of...)
	}
	return all
}

// ignored returns the comments of the source, and if something has changed it, those of the
// files that may have done so.
func (r *rendered) ignored(ofChanges []object.Ignore) []object.Ignore {
	if len(ofChanges) == 0 || r.source.Object != nil && !r.IsDifferent() {
		return r.source.Ignores
	}
	return slices.Concat(r.source.Ignores, ofChanges)
}

// exceeds reports whether a finding says that not all of a rendering was read.
func exceeds(f diag.Finding) bool {
	return f.Object.Kind == "" && (f.Code == "document-limit" || f.Code == "check-limit" || f.Code == "yaml-invalid")
}

// rename records whether a rendering gives an object another name.
func (k *renderer) rename(of *rendered, name string) {
	if of.source.Object != nil {
		was := of.source.Ref()
		k.renamed.Add(of.file, of.at, filepath.ToSlash(of.source.At(diag.Path{}).File), was.Kind, was.Name, name)
	}
}

// some names up to three of several things.
func some(list []string) string {
	if len(list) > 3 {
		return strings.Join(list[:3], ", ") + fmt.Sprintf(" and %d more", len(list)-3)
	}
	return strings.Join(list, ", ")
}

// rendered is an object that a kustomization makes of another one, or generates.
type rendered struct {
	*kustomize.Comparison
	file   string
	at     string        // the place of the source
	source object.Object // without an object if it is generated
}

// newRendered returns an object of a kustomization.
func newRendered(file string, o kustomize.Object, source object.Object) *rendered {
	var tree func() any
	if source.Object != nil {
		tree = func() any { return source.Object }
	}
	return &rendered{Comparison: kustomize.Compare(o, tree), file: file, at: o.Source, source: source}
}

// locate returns the position of a value in the file of the source, or in the patch that has
// put it into the object. Of a generated object, it is that of the generator; if that is not
// known, of the kustomization.
func (r *rendered) locate(at diag.Path, excerpt string) diag.Position {
	if p, ok := r.Changed(at, excerpt); ok {
		return p
	}
	if r.source.Object == nil {
		return diag.Position{File: r.file, Line: 1, Column: 1}
	}
	if at.IsRoot() {
		return r.source.Find(at, excerpt)
	}
	return r.source.Find(r.Origin(at), excerpt)
}

const renderedBy = "rendered by "

// told adds to a finding which kustomization renders the object, if it changes it.
func (r *rendered) told(f diag.Finding) diag.Finding {
	if r.source.Object == nil {
		return f
	}
	if r.IsDifferent() {
		f.Related = append(slices.Clip(f.Related), diag.Related{Message: renderedBy + r.file, Position: diag.Position{File: r.file, Line: 1, Column: 1}})
	}
	return f
}

func (r *rendered) adjust(reader func(diag.Finding) (diag.Finding, bool)) func(diag.Finding) (diag.Finding, bool) {
	return func(f diag.Finding) (diag.Finding, bool) {
		if reader != nil {
			var keep bool
			if f, keep = reader(f); !keep {
				return f, false
			}
		}
		return r.told(f), true
	}
}

// once drops the findings that several renderings have in the same value of a source or a
// patch, after the first. Their names may differ.
func (k *renderer) once(findings diag.Findings) diag.Findings {
	if k == nil {
		return findings
	}
	type place struct {
		code, subject string
		at            diag.Position
	}
	seen := map[place]bool{}
	kept := findings[:0]
	for _, f := range findings {
		if k.replaced[f.Position.File] || k.changes[f.Position.File] {
			at := place{f.Code, strings.ReplaceAll(cmp.Or(f.Subject, f.Message), f.Object.Name, ""), f.Position}
			if seen[at] {
				continue
			}
			seen[at] = true
		}
		k.show(f.Position.File)
		for _, r := range f.Related {
			k.show(r.Position.File)
		}
		kept = append(kept, f)
	}
	return kept
}

// show reads a file with changes, whose lines the report shows.
func (k *renderer) show(file string) {
	if _, known := k.set.Texts[file]; known || !k.changes[file] {
		return
	}
	if text, err := readSmall(filepath.FromSlash(file), 4*largestProfile); err == nil {
		k.set.Texts[file] = string(text)
	}
}

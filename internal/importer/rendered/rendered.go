// Package rendered renders what manifests are before they are applied, for the importer: the
// objects of kustomizations, with the files that they are from. Charts are not rendered, since
// that needs their values: the user does it.
package rendered

import (
	"context"
	"os"
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/kustomize"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// Object is an object that a kustomization makes of another one, or generates.
type Object struct {
	object.Object // without values of Secrets

	from string // the place of the object that it is made of

	// Kustomization is the file of the kustomization, which no other one includes.
	Kustomization string
	// Source is the file of the object that it is made of, "" if it is generated, and Line
	// where that begins.
	Source string
	Line   int
	// File is where the object would be if the folder of the kustomization had it: several
	// kustomizations may make different objects of one.
	File string
}

// Result is what kustomizations become.
type Result struct {
	Objects []Object
	// Replaced are the files with objects that the kustomizations include. Their objects are
	// not to be imported as they are.
	Replaced map[string]bool
	// Kept are the places of objects in such files that are imported as well, since an overlay
	// makes others of them, with other names.
	Kept kustomize.Bases
	// Bases are the objects that are not imported as they are, since kustomizations of other
	// folders make something else of them.
	Bases []Base
	// Rendered are the kustomizations that were rendered, and Notes say which others were not,
	// or only in part, and why.
	Rendered []string
	Notes    []Note
}

// Note is a remark about a kustomization.
type Note struct{ File, Text string }

// Base is an object of which kustomizations of other folders make something else.
type Base struct {
	At     diag.Position
	Object diag.ObjectRef
	By     []string // the kustomizations
}

// Kustomizations renders the kustomizations of what was loaded from paths, if they include
// objects of Tekton. Those of folders .tekton remain, as Pipelines-as-Code does not render.
// The rendering reads the files again, so hide removes from each text what must not be in an
// object, such as a value of a Secret. It may be nil. What is in texts, by the real path of a
// file, is read instead of the file.
func Kustomizations(ctx context.Context, loaded manifest.LoadResult, paths []string, hide func(string) string, texts map[string]string) (Result, error) {
	result := Result{Replaced: map[string]bool{}, Kept: kustomize.Bases{}}
	if len(loaded.Kustomizations) == 0 {
		return result, nil
	}
	var dirs []string
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			dirs = append(dirs, p)
		}
	}
	places, ofTekton := map[string]object.Object{}, map[string]bool{}
	used := map[string][]string{} // the kustomizations that include a file
	for _, o := range loaded.Objects {
		at := o.At(diag.Path{})
		places[kustomize.Place(at.File, at.Line, at.Column)] = o
		if strings.Contains(o.Ref().APIVersion, "tekton.dev/") {
			ofTekton[at.File] = true
		}
	}
	for _, r := range kustomize.Render(ctx, loaded.Kustomizations, dirs, func(file string) bool { return ofTekton[file] }, texts) {
		if inFolder(r.File) {
			continue
		}
		if text := noteOf(r); text != "" {
			result.Notes = append(result.Notes, Note{r.File, text})
		}
		if r.Err != "" {
			continue
		}
		result.Rendered = append(result.Rendered, r.File)
		for _, s := range r.Sources {
			if !inFolder(s) {
				result.Replaced[s] = true
				used[s] = append(used[s], r.File)
			}
		}
		objects, err := read(ctx, r, places, hide)
		if err != nil {
			return result, err
		}
		for _, o := range objects {
			if of, ok := places[o.from]; ok {
				was := of.Ref()
				result.Kept.Add(r.File, o.from, of.At(diag.Path{}).File, was.Kind, was.Name, o.Ref().Name)
			}
		}
		result.Objects = append(result.Objects, objects...)
	}
	result.bases(loaded.Objects, used)
	return result, ctx.Err()
}

// bases sets the objects that are replaced by what other folders make of them.
func (r *Result) bases(objects []object.Object, used map[string][]string) {
	own := map[string]bool{} // files of which a kustomization in the same folder is rendered
	for file, by := range used {
		own[file] = slices.ContainsFunc(by, func(k string) bool { return path.Dir(k) == path.Dir(file) })
	}
	for _, o := range objects {
		at := o.At(diag.Path{})
		if by := used[at.File]; len(by) > 0 && !own[at.File] && !r.Kept[kustomize.Place(at.File, at.Line, at.Column)] && o.Declared == nil {
			r.Bases = append(r.Bases, Base{at, o.Ref(), by})
		}
	}
}

// inFolder reports whether a file is in a folder of Pipelines-as-Code.
func inFolder(file string) bool { return slices.Contains(strings.Split(file, "/"), ".tekton") }

// noteOf returns what is to be said about a rendering, "" if nothing is.
func noteOf(r kustomize.Rendering) string {
	switch left := strings.Join(r.LeftOut, ", "); {
	case r.Err != "" && left != "":
		return "the kustomization cannot be rendered without " + left + ", and its resources are imported as they are"
	case r.Err != "":
		return "the kustomization cannot be rendered, and its resources are imported as they are: " + r.Err
	case left != "":
		return "the kustomization is rendered without " + left
	}
	return ""
}

// read reads the objects of a rendering.
func read(ctx context.Context, r kustomize.Rendering, places map[string]object.Object, hide func(string) string) ([]Object, error) {
	texts := make([]string, len(r.Objects))
	for i, o := range r.Objects {
		texts[i] = string(o.JSON)
	}
	loaded, err := load(ctx, texts)
	if err != nil || len(loaded.Objects) == 0 {
		return nil, err
	}
	// A generator may give a Secret values that no file has. No other object may repeat one.
	changed := false
	secret := map[int]bool{}
	for _, o := range loaded.Objects {
		if _, ok := o.Object.(*corev1.Secret); ok {
			secret[number(o)] = true
		}
	}
	for i, text := range texts {
		if secret[i] {
			continue
		}
		hidden := loaded.Hide(text)
		if hide != nil {
			hidden = hide(hidden)
		}
		changed, texts[i] = changed || hidden != text, hidden
	}
	if changed {
		if loaded, err = load(ctx, texts); err != nil {
			return nil, err
		}
	}
	var out []Object
	for _, o := range loaded.Objects {
		i := number(o)
		if i < 0 || i >= len(r.Objects) {
			continue
		}
		at := func() diag.Position { return diag.Position{File: r.File, Line: 1, Column: 1} }
		var source diag.Position
		name := "generated.yaml"
		if of, ok := places[r.Objects[i].Source]; ok {
			at = func() diag.Position { return of.At(diag.Path{}) }
			source = at()
			name = path.Base(source.File)
		}
		withoutValues(&o)
		out = append(out, Object{
			Object: object.Object{Object: o.Object, Locate: func(diag.Path, string) diag.Position { return at() }},
			from:   r.Objects[i].Source, Kustomization: r.File, Source: source.File, Line: source.Line, File: path.Join(path.Dir(r.File), name),
		})
	}
	return out, nil
}

// load reads objects in JSON. Each is a line, and so is what separates them.
func load(ctx context.Context, texts []string) (manifest.LoadResult, error) {
	if len(texts) == 0 {
		return manifest.LoadResult{}, nil
	}
	return manifest.Load(ctx, []string{"-"}, manifest.LoadOptions{Stdin: strings.NewReader(strings.Join(texts, "\n---\n") + "\n")})
}

// number returns which of the texts of load an object is.
func number(o object.Object) int { return (o.At(diag.Path{}).Line - 1) / 2 }

// withoutValues removes the values of a Secret, and what kubectl has applied.
func withoutValues(o *object.Object) {
	s, ok := o.Object.(*corev1.Secret)
	if !ok {
		return
	}
	s = s.DeepCopy()
	for k := range s.Data {
		s.Data[k] = []byte{}
	}
	for k := range s.StringData {
		s.StringData[k] = ""
	}
	delete(s.Annotations, "kubectl.kubernetes.io/last-applied-configuration")
	o.Object = s
}

// HelmTemplate returns the command that renders a chart and imports what it becomes.
func HelmTemplate(dir string) string {
	return "helm template " + word(dir) + " | tekwright import -"
}

// word quotes a text as one word of a shell command.
func word(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-") == "" && !strings.HasPrefix(s, "-") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

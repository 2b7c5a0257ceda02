// Package rendered renders what manifests are before they are applied, for the importer: the
// objects of kustomizations, with the files that they are from. Charts are not rendered, since
// that needs their values: the user does it.
package rendered

import (
	"bytes"
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

	// Kustomization is the file of the kustomization, which no other one includes.
	Kustomization string
	// Source is the file of the object that it is made of, "" if it is generated.
	Source string
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
	// Notes say which kustomizations are not rendered, or only in part, and why.
	Notes []Note
}

// Note is a remark about a kustomization.
type Note struct{ File, Text string }

// Kustomizations renders the kustomizations of what was loaded from paths, if they include
// objects of Tekton. Those of folders .tekton remain, as Pipelines-as-Code does not render.
func Kustomizations(ctx context.Context, loaded manifest.LoadResult, paths []string) (Result, error) {
	result := Result{Replaced: map[string]bool{}}
	if len(loaded.Kustomizations) == 0 {
		return result, nil
	}
	var dirs []string
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			dirs = append(dirs, p)
		}
	}
	files, ofTekton := map[string]string{}, map[string]bool{}
	for _, o := range loaded.Objects {
		at := o.At(diag.Path{})
		files[kustomize.Place(at.File, at.Line, at.Column)] = at.File
		if strings.Contains(o.Ref().APIVersion, "tekton.dev/") {
			ofTekton[at.File] = true
		}
	}
	for _, r := range kustomize.Render(ctx, loaded.Kustomizations, dirs, func(file string) bool { return ofTekton[file] }) {
		if inFolder(r.File) {
			continue
		}
		if text := noteOf(r); text != "" {
			result.Notes = append(result.Notes, Note{r.File, text})
		}
		if r.Err != "" {
			continue
		}
		for _, s := range r.Sources {
			if !inFolder(s) {
				result.Replaced[s] = true
			}
		}
		objects, err := read(ctx, r, files)
		if err != nil {
			return result, err
		}
		result.Objects = append(result.Objects, objects...)
	}
	return result, ctx.Err()
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
func read(ctx context.Context, r kustomize.Rendering, files map[string]string) ([]Object, error) {
	var stream bytes.Buffer
	for _, o := range r.Objects {
		stream.Write(o.JSON)
		stream.WriteString("\n---\n")
	}
	if stream.Len() == 0 {
		return nil, nil
	}
	loaded, err := manifest.Load(ctx, []string{"-"}, manifest.LoadOptions{Stdin: &stream})
	if err != nil {
		return nil, err
	}
	var out []Object
	for _, o := range loaded.Objects {
		i := (o.At(diag.Path{}).Line - 1) / 2 // each object is a line, and so is what separates them
		if i < 0 || i >= len(r.Objects) {
			continue
		}
		source := files[r.Objects[i].Source]
		name := path.Base(source)
		if source == "" {
			name = "generated.yaml"
		}
		at := diag.Position{File: r.File, Line: 1, Column: 1}
		if source != "" {
			at.File = source
		}
		withoutValues(&o)
		out = append(out, Object{
			Object:        object.Object{Object: o.Object, Locate: func(diag.Path, string) diag.Position { return at }},
			Kustomization: r.File, Source: source, File: path.Join(path.Dir(r.File), name),
		})
	}
	return out, nil
}

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

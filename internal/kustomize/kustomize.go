// Package kustomize renders kustomizations with the library of kustomize. It reads only
// files below the directories that it is given: it fetches nothing, runs no plugins and
// no helm, and says what it has left out.
package kustomize

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log" //nolint:depguard // kustomize logs, and is silenced
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Rendering is what a kustomization that no other one includes becomes.
type Rendering struct {
	File    string // the kustomization, as it was given
	Objects []Object
	// LeftOut lists what the kustomization includes that is not known here: what is on
	// other machines, charts, plugins, and files that do not exist or are elsewhere.
	LeftOut []string
	// Err is why it is not rendered; "" if it is. Limit reports whether the reason is a
	// limit, and not kustomize.
	Err   string
	Limit bool
	// Sources are the files with the objects that it includes, and Changes those that say
	// how they are changed: patches, replacements, and kustomizations.
	Sources, Changes []string
}

// Object is a rendered object.
type Object struct {
	JSON []byte
	// Source is the place of the object that it was made of, as [Place] returns it; ""
	// if it was generated.
	Source string

	history *history
}

// Place identifies the object at a position of a file.
func Place(file string, line, column int) string {
	return fmt.Sprintf("%s:%d:%d", file, line, column)
}

// The limits of a rendering, and of all of them together. What kustomize does to a
// thousand objects takes seconds.
const (
	maxObjects    = 1000
	maxBytes      = 16 << 20
	maxWork       = 256 << 20 // an upper bound of what patches and replacements write
	maxSpread     = 32 << 20  // an upper bound of what labels, annotations, names and images write
	maxPatching   = 32 << 20  // kustomize takes seconds for it: each patch decodes and encodes an object
	maxDepth      = 64
	maxAll        = 50_000
	maxAllBytes   = 64 << 20
	largestFile   = 4 << 20
	largestKustom = 1 << 20
)

// sourceAnnotation is where each object says where it comes from while it is rendered.
const sourceAnnotation = "internal.tekwright.dev/source"

// literals matches the part of an error that repeats the literals of a generator, which may
// be values of Secrets.
var literals = regexp.MustCompile(`(?s)literal sources \[.*`)

// Render renders those of the kustomizations that no other one includes, in their order,
// if they include a file that is wanted. The files may be below the directories alone. If
// the context ends, the others are left out. What is in texts, by the real path of a file, is read
// instead of the file.
func Render(ctx context.Context, kustomizations, dirs []string, wanted func(file string) bool, texts map[string]string) []Rendering {
	t := newTree(kustomizations, dirs)
	t.texts = texts
	var out []Rendering
	objects, bytes := 0, 0
	for _, dir := range t.roots(wanted) {
		if ctx.Err() != nil {
			break
		}
		k := t.read(dir)
		r := Rendering{File: k.name}
		missing := map[string]bool{}
		k.walk(func(one *kustomization) {
			for _, m := range one.missing {
				missing[m] = true
			}
			r.Sources = append(r.Sources, one.sources...)
			r.Changes = append(append(r.Changes, one.name), one.changes...)
		})
		for m := range missing {
			r.LeftOut = append(r.LeftOut, m)
		}
		slices.Sort(r.LeftOut)
		r.Err, r.Limit = k.refused()
		if r.Err == "" && (objects > maxAll || bytes > maxAllBytes) {
			r.Err, r.Limit = fmt.Sprintf("all kustomizations together have more than %d objects or %d MiB", maxAll, maxAllBytes>>20), true
		}
		if r.Err == "" {
			r.Objects, r.Err = render(t.files, virtual(k.dir))
			r.Err = literals.ReplaceAllString(r.Err, "literal sources: a literal is not KEY=VALUE")
			for _, dir := range t.allowed {
				r.Err = strings.ReplaceAll(r.Err, virtual(dir)+"/", "")
			}
		}
		objects += len(r.Objects)
		of := newHistory(t, k)
		for i, o := range r.Objects {
			bytes += len(o.JSON)
			r.Objects[i].history = of
		}
		out = append(out, r)
	}
	return out
}

// render runs kustomize. It recovers a panic of it.
func render(files filesys.FileSystem, dir string) (objects []Object, failed string) {
	defer func() {
		if cause := recover(); cause != nil {
			objects, failed = nil, fmt.Sprint("kustomize crashes: ", cause)
		}
	}()
	defer silence()()
	m, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, dir)
	if err != nil {
		return nil, reason(err)
	}
	for _, r := range m.Resources() {
		annotations := r.GetAnnotations()
		from := annotations[sourceAnnotation]
		if _, ok := annotations[sourceAnnotation]; ok {
			delete(annotations, sourceAnnotation)
			if err := r.SetAnnotations(annotations); err != nil {
				return nil, reason(err)
			}
		}
		text, err := encode(&r.RNode)
		if err != nil {
			return nil, reason(err)
		}
		objects = append(objects, Object{JSON: text, Source: from})
	}
	return objects, ""
}

// encode returns a resource as JSON. MarshalJSON of kustomize writes it as YAML, and reads
// that again.
func encode(r *yaml.RNode) ([]byte, error) {
	var content map[string]any
	if n := r.YNode(); n != nil && n.Kind == yaml.MappingNode && n.Decode(&content) == nil {
		if text, err := json.Marshal(content); err == nil {
			return text, nil
		}
	}
	return r.MarshalJSON()
}

// reason returns the error of kustomize in one line.
func reason(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if i := strings.LastIndex(text, "accumulating resources: "); i > 0 {
		text = text[i:]
	}
	if len(text) > 300 {
		text = text[:300] + "..."
	}
	return text
}

// real returns the absolute path without symbolic links; "" if there is nothing.
func real(path string) string {
	r, err := filepath.EvalSymlinks(path)
	if err != nil {
		return ""
	}
	if r, err = filepath.Abs(r); err != nil {
		return ""
	}
	return r
}

// silent is held while kustomize renders, so that each call restores what it has found.
var silent sync.Mutex

// silence keeps kustomize from writing warnings until the function that it returns is
// called. Kustomize writes them to os.Stderr and to the standard logger, and has no option
// for another writer, so both are replaced for the whole process. The mutex keeps several
// renderings apart. Code that runs at the same time may not read os.Stderr: the command
// does so once, when it starts.
func silence() (end func()) {
	silent.Lock()
	stderr, writer := os.Stderr, log.Writer() //nolint:forbidigo // kustomize prints, and is silenced
	log.SetOutput(io.Discard)
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err == nil {
		os.Stderr = null //nolint:forbidigo // as above
	}
	return func() {
		os.Stderr = stderr //nolint:forbidigo // as above
		if err == nil {
			_ = null.Close()
		}
		log.SetOutput(writer)
		silent.Unlock()
	}
}

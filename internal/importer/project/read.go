package project

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/importer/rendered"
	"github.com/tekwright/tekwright/internal/kustomize"
	"github.com/tekwright/tekwright/internal/yamlsplit"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// Document is an object that was read.
type Document struct {
	object.Object               // in the current API version
	Written       object.Object // as it was read
	File          string        // its path below the folder that all paths have in common
	Text          string        // of its document, "" if that has several objects
	Head          string        // what is above the first document of a file
	// Comments is the text of the document that a kustomization has made the object of, whose
	// comments the Go gets; "" for an object that was not rendered.
	Comments string
	// Source is the file that the object is from, below the common folder. It is not File if
	// the kustomization in the file Kustomization has made the object of one in Source.
	Source, Kustomization string

	key string // see content
}

// Sources are the manifests to import.
type Sources struct {
	Documents []Document
	// Texts are the texts of the files that have objects, by their paths below the common
	// folder, with the imported documents alone. They have no values of Secrets.
	Texts map[string]string
	// Loaded is what was read, without values of Secrets. Unread are the findings that say
	// what could not be read, and Ignored those about fields that are left out.
	Loaded          manifest.LoadResult
	Unread, Ignored diag.Findings
	// Secret is what was read, with values of Secrets. Its method Hide hides them.
	Secret      manifest.LoadResult
	Conversions []manifest.Conversion
	Unconverted error    // objects of versions that cannot be converted
	Emptied     []string // Secrets whose values were left out
	Hidden      []string // files in which a value of a Secret occurs elsewhere
	Declared    []diag.ObjectRef
	Hardened    []Script // scripts whose inputs are passed through the environment
	// Rendered says which kustomizations were rendered.
	Rendered rendered.Result

	changed map[string]string // texts to read instead of files, by their real paths
}

// ReadOptions are the options of [Read].
type ReadOptions struct {
	Stdin io.Reader
	// Excluded reports whether to leave out a file or a folder. It may be nil.
	Excluded func(path string) bool
	// AsTheyAre is set if kustomizations are not to be rendered.
	AsTheyAre bool
	// Harden is set if inputs that are pasted into scripts are to be passed through the
	// environment, where that leaves their values as they are.
	Harden bool
}

// Read reads files and folders, as the command check does. Values of Secrets are removed before
// anything else sees them.
func Read(ctx context.Context, paths []string, o ReadOptions) (*Sources, error) {
	load := manifest.LoadOptions{Stdin: o.Stdin, Excluded: func(p string) (bool, error) { return o.Excluded != nil && o.Excluded(p), nil }}
	loaded, err := manifest.Load(ctx, paths, load)
	if err != nil {
		return nil, err
	}
	s := &Sources{Texts: map[string]string{}, Secret: loaded}
	texts := s.withoutValues(loaded)
	again := func(texts map[string]string) (manifest.LoadResult, error) {
		load.Overlay = texts
		return manifest.Load(ctx, paths, load)
	}
	if loaded, err = again(texts); err != nil {
		return nil, err
	}
	s.loaded(loaded)
	written := func() {}
	if o.Harden {
		if written, err = s.harden(ctx, again, texts); err != nil {
			return nil, fmt.Errorf("cannot change scripts: %w", err)
		}
	}
	if !o.AsTheyAre {
		if s.Rendered, err = rendered.Kustomizations(ctx, s.Loaded, paths, s.Secret.Hide, s.changed); err != nil {
			return nil, err
		}
	}
	s.documents(common(paths))
	written()
	return s, nil
}

// loaded takes what was read.
func (s *Sources) loaded(r manifest.LoadResult) {
	s.Loaded, s.Unread, s.Ignored = r, nil, nil
	for _, f := range r.Findings {
		switch {
		case manifest.IsReadFailure(f):
			s.Unread = append(s.Unread, f)
		case ignored[f.Code] && f.Severity == diag.Error:
			s.Ignored = append(s.Ignored, f)
		}
	}
}

// ignored are the codes of errors about values that reading leaves out: the API server
// rejects them, or does not know them either.
var ignored = map[string]bool{"field-unknown": true, "kind-unknown": true, "value-type": true, "value-invalid": true, "key-duplicate": true, "field-case": true}

// documents collects the objects: first those that were read, then those that kustomizations
// make of others.
func (s *Sources) documents(root string) {
	var objects []object.Object
	for _, o := range s.Loaded.Objects {
		if o.Declared != nil {
			s.Declared = append(s.Declared, o.Ref())
			continue
		}
		if at := o.At(diag.Path{}); !s.Rendered.Replaced[at.File] || s.Rendered.Kept[kustomize.Place(at.File, at.Line, at.Column)] {
			objects = append(objects, o)
		}
	}
	read := len(objects)
	for _, o := range s.Rendered.Objects {
		objects = append(objects, o.Object)
	}
	upgraded, conversions, err := manifest.Upgrade(objects)
	s.Conversions, s.Unconverted = conversions, err
	names := map[string]string{}
	for i, o := range upgraded {
		file := o.At(diag.Path{}).File
		if i >= read {
			file = s.Rendered.Objects[i-read].File
		}
		name, ok := names[file]
		if !ok {
			name = below(root, file)
			names[file] = name
		}
		d := Document{Object: o, Written: objects[i], File: name, Source: name}
		if i >= read {
			d.Source, d.Kustomization = below(root, o.At(diag.Path{}).File), below(root, s.Rendered.Objects[i-read].Kustomization)
		}
		s.Documents = append(s.Documents, d)
	}
	s.texts(names, s.Documents[:read])
	s.renderedTexts(s.Documents[read:])
}

// renderedTexts sets the texts of objects that kustomizations make, which no file has.
func (s *Sources) renderedTexts(documents []Document) {
	for i := range documents {
		d, of := &documents[i], &s.Rendered.Objects[i]
		text, err := encoded(d.Written)
		if err != nil {
			continue
		}
		d.Text = string(text)
		if s.Texts[d.File] != "" && !strings.HasPrefix(d.Text, "---") {
			d.Text = "---\n" + d.Text
		}
		if there := s.Texts[d.File]; there != "" && !strings.HasSuffix(there, "\n") {
			s.Texts[d.File] += "\n"
		}
		s.Texts[d.File] += d.Text
		for n, one := range yamlsplit.Split(s.Loaded.Texts[of.Source]) {
			if of.Line < one.Line || of.Line > one.Line+strings.Count(one.Text, "\n") {
				continue
			}
			if d.Comments = one.Text; n == 0 {
				d.Head = s.Loaded.Texts[of.Source][:one.Offset]
			}
		}
	}
}

// texts sets the texts of the files and of the documents. Documents without an object are
// left out: each of their lines is empty, so that the others keep theirs.
func (s *Sources) texts(names map[string]string, documents []Document) {
	in := map[string][]*Document{}
	for i := range documents {
		d := &documents[i]
		file := d.At(diag.Path{}).File
		in[file] = append(in[file], d)
	}
	var unread spans[diag.Finding]
	for _, f := range s.Unread {
		unread.add(f.Position.File, f.Position.Line, f)
	}
	var begin spans[*Document]
	for file, list := range in {
		for _, d := range list {
			begin.add(file, d.At(diag.Path{}).Line, d)
		}
		text := s.Loaded.Texts[file]
		var b strings.Builder
		end := 0
		for i, one := range yamlsplit.Split(text) {
			b.WriteString(text[end:one.Offset])
			end = one.Offset + len(one.Text)
			part := one.Text
			last := one.Line + strings.Count(one.Text, "\n")
			of := begin.within(file, one.Line, last)
			switch {
			case len(of) == 0:
				part = strings.Repeat("\n", strings.Count(part, "\n"))
			case len(of) == 1:
				of[0].Text = one.Text
				if i == 0 {
					of[0].Head = text[:one.Offset]
				}
			}
			// Some of it could not be read, as with a variable of Pipelines-as-Code that is not quoted.
			if len(of) > 0 && len(unread.within(file, one.Line, last)) > 0 {
				part = readable(of, part)
			}
			b.WriteString(part)
		}
		b.WriteString(text[end:])
		s.Texts[names[file]] = b.String()
	}
}

// readable returns documents as they can be read, and their text if one cannot be written.
func readable(documents []*Document, text string) string {
	var b strings.Builder
	for i, d := range documents {
		e, err := encoded(d.Written)
		if err != nil {
			return text
		}
		if i > 0 || strings.HasPrefix(text, "---") {
			b.WriteString("---\n")
		}
		b.WriteString(strings.TrimPrefix(string(e), "---\n"))
	}
	return b.String()
}

// spans are values by file and line.
type spans[T any] struct{ lines map[string][]spot[T] }

// spot is a value at a line.
type spot[T any] struct {
	line  int
	value T
}

func (s *spans[T]) add(file string, line int, value T) {
	if s.lines == nil {
		s.lines = map[string][]spot[T]{}
	}
	all := s.lines[file]
	if len(all) > 0 && line < all[len(all)-1].line { // seldom: they come in the order of the file
		i, _ := slices.BinarySearchFunc(all, line+1, func(p spot[T], line int) int { return p.line - line })
		s.lines[file] = slices.Insert(all, i, spot[T]{line, value})
		return
	}
	s.lines[file] = append(all, spot[T]{line, value})
}

// within returns the values at the given lines, in the order of the lines.
func (s *spans[T]) within(file string, first, last int) []T {
	var out []T
	all := s.lines[file]
	i, _ := slices.BinarySearchFunc(all, first, func(p spot[T], line int) int { return p.line - line })
	for ; i < len(all) && all[i].line <= last; i++ {
		out = append(out, all[i].value)
	}
	return out
}

// common returns the folder that all paths are in.
func common(paths []string) string {
	root := ""
	for i, p := range paths {
		p = discovery.Real(p)
		if info, err := os.Stat(p); err != nil || !info.IsDir() {
			p = filepath.Dir(p)
		}
		for i > 0 && root != p && !strings.HasPrefix(p, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator)) && filepath.Dir(root) != root {
			root = filepath.Dir(root)
		}
		if i == 0 {
			root = p
		}
	}
	// A folder of Pipelines-as-Code is known by its name.
	if before, _, ok := strings.Cut(root+string(filepath.Separator), string(filepath.Separator)+".tekton"+string(filepath.Separator)); ok && before != "" {
		root = before
	}
	return root
}

// below returns the path of a file below a folder. That of another file is its name.
func below(root, file string) string {
	if file == discovery.StdinName {
		return "stdin.yaml"
	}
	rel, err := filepath.Rel(root, discovery.Real(file))
	if err != nil || !filepath.IsLocal(rel) {
		rel = filepath.Base(file)
	}
	return path.Clean(filepath.ToSlash(rel))
}

// encoded returns objects as YAML.
func encoded(objects ...object.Object) ([]byte, error) {
	var b bytes.Buffer
	e := manifest.NewEncoder(&b)
	for _, o := range objects {
		if err := e.Encode(o.Object); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// has reports whether a list has a text.
func has(list []string, s string) bool { return slices.Contains(list, s) }

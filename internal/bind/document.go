package bind

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	sigsjson "sigs.k8s.io/json"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/internal/yamlsplit"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// MaxBytes is the maximum size of a file of a source, and MaxTotal that of all files of one.
const (
	MaxBytes = 5 << 20
	MaxTotal = 128 << 20
)

// Text is a file of a source.
type Text struct {
	Path  string // in the source: of a repository or a folder, or the name in a bundle
	Bytes []byte
}

// document is a Task or a StepAction of a source.
type document struct {
	source   Source
	shown    string // the source
	resolved string // the commit or the digest of the source, "" if it has none
	path     string // of the file, in the source
	object   runtime.Object
	text     string // its YAML, in the current API version
	notes    []string

	like string // the commit or the digest of the source for the resolver, "" if it was not asked for
	file string // the name of the file in the snapshot
}

func (d *document) kind() string {
	if _, ok := d.object.(*v1beta1.StepAction); ok {
		return "StepAction"
	}
	return "Task"
}

func (d *document) name() string {
	switch o := d.object.(type) {
	case *v1.Task:
		return o.Name
	case *v1beta1.StepAction:
		return o.Name
	}
	return ""
}

// digest returns the digest of the YAML.
func (d *document) digest() string { return digest(d.text) }

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// place returns the source, and the file in it if the source is a folder or a bundle.
func (d *document) place() string {
	switch d.source.Scheme {
	case File:
		if d.path != "" {
			return path.Join(d.shown, d.path)
		}
	case Git:
		s := d.source
		s.Path = d.path
		return s.String()
	case Bundle:
		s := d.source
		s.Name = d.name()
		return s.String()
	}
	return d.shown
}

// at is place with a file as the user passed it, for messages.
func (d *document) at() string {
	if d.source.Scheme == File {
		return filepath.ToSlash(filepath.Join(d.source.Path, filepath.FromSlash(d.path)))
	}
	return d.place()
}

// documents returns the Tasks and StepActions in a file. A file that was passed by itself
// must be readable; in a folder, what is something else is left out.
func documents(file Text, folder bool) ([]*document, error) {
	text := string(bytes.ReplaceAll(file.Bytes, []byte("\r\n"), []byte("\n")))
	list := yamlsplit.Split(text)
	var out []*document
	var failed []error
	for _, part := range list {
		if !mayBind(part.Text) {
			continue
		}
		whole := part.Text
		if len(list) == 1 {
			whole = text // with the comment at its head
		}
		d, err := read(whole, file.Path)
		switch {
		case err != nil:
			failed = append(failed, fmt.Errorf("line %d: %w", part.Line, err))
		case d != nil:
			out = append(out, d)
		}
	}
	if len(failed) > 0 && (!folder || len(out) == 0) {
		return nil, errors.Join(failed...)
	}
	return out, nil
}

// mayBind reports whether a document may be a Task or a StepAction.
func mayBind(text string) bool {
	return strings.Contains(text, "Task") || strings.Contains(text, "StepAction")
}

// read reads a document. It returns nil for an object of another kind.
func read(text, file string) (*document, error) {
	objects, findings := manifest.Parse([]byte(text), file)
	if len(objects) == 1 && !binds(objects[0]) {
		return nil, nil //nolint:nilnil // there is nothing to bind
	}
	if len(objects) != 1 {
		for _, f := range findings {
			if f.Severity == diag.Error {
				return nil, errors.New(f.Message)
			}
		}
		return nil, nil //nolint:nilnil // a template, or not a manifest
	}
	upgraded, conversions, err := manifest.Upgrade(objects)
	if err != nil {
		return nil, err
	}
	d := &document{path: file, text: text, object: upgraded[0].Object}
	if d.name() == "" {
		return nil, fmt.Errorf("a %s has no name", d.kind())
	}
	for _, c := range conversions {
		_, note, _ := strings.Cut(c.String(), ": ") // without the position
		d.notes = append(d.notes, note)
	}
	unread := strict(text)
	if unread != nil && len(conversions) == 0 {
		d.notes = append(d.notes, fmt.Sprintf("%s %q: %v: what Tekton does not know is left out", d.kind(), d.name(), unread))
	}
	if len(conversions) > 0 || unread != nil {
		written, err := yamlwrite.Append(nil, upgraded[0].Object)
		if err != nil {
			return nil, err
		}
		d.text = string(written)
	}
	if !strings.HasSuffix(d.text, "\n") {
		d.text += "\n"
	}
	return d, nil
}

// binds reports whether an object can be bound.
func binds(o object.Object) bool {
	gvk := o.Object.GetObjectKind().GroupVersionKind()
	return gvk.Group == "tekton.dev" && (gvk.Kind == "Task" || gvk.Kind == "StepAction")
}

// strict reports what FromYAML would reject.
func strict(text string) error {
	raw, err := yamlread.JSON([]byte(text), true)
	if err != nil {
		return err
	}
	var o struct {
		Kind string `json:"kind"`
	}
	if err := sigsjson.UnmarshalCaseSensitivePreserveInts(raw, &o); err != nil {
		return err
	}
	var into any = &v1.Task{}
	if o.Kind == "StepAction" {
		into = &v1beta1.StepAction{}
	}
	problems, err := sigsjson.UnmarshalStrict(raw, into)
	if err == nil && len(problems) > 0 {
		err = errors.New(strings.Join(messages(problems), ", "))
	}
	return err
}

func messages(errs []error) []string {
	out := make([]string, len(errs))
	for i, err := range errs {
		out[i] = err.Error()
	}
	return out
}

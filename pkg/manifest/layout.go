package manifest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Layout says how a set is laid out where it is written. The zero value is how
// a set without one is: a file for each object, and no comments but the first.
type Layout struct {
	// Group names the file of an object, without its ending. Objects with the
	// same name share a file, in their order; "" gives the object a file of its
	// own. A nil Group gives each its own.
	Group func(object.Object) string

	// Kustomization adds a kustomization.yaml that lists the files. Objects
	// without a name, as most runs are, cannot be applied, so the files that
	// hold them are left out of the list.
	Kustomization bool

	// Places puts the place in the Go code that asked for an object into a
	// comment above it. The line numbers change with the code, so the files
	// do too.
	Places bool
}

// ByKind is a Group that puts the objects of each kind into a file:
// pipelines.yaml, tasks.yaml.
func ByKind(o object.Object) string {
	kind := strings.ToLower(o.GetObjectKind().GroupVersionKind().Kind)
	switch {
	case strings.HasSuffix(kind, "s"):
		return kind + "es"
	case strings.HasSuffix(kind, "y"):
		return strings.TrimSuffix(kind, "y") + "ies"
	}
	return kind + "s"
}

// Layout says how the set is laid out by Write, WriteDir and CheckDir.
func (s *Set) Layout(l Layout) *Set {
	if s == nil {
		return nil
	}
	s.layout = l
	return s
}

// placed puts the place of an object above its text.
func (l Layout) placed(it *item, text []byte) []byte {
	if !l.Places {
		return text
	}
	at := it.At(diag.Path{})
	if !at.IsValid() {
		return text
	}
	var b strings.Builder
	comment(&b, "# ", strings.ReplaceAll(at.Short(), "\n", "\u2028")) // a name of a file may have any character
	return append([]byte(b.String()), text...)
}

// kustomizationFile is the file by which kustomize knows a folder.
const kustomizationFile = "kustomization.yaml"

// kustomization lists the files that can be applied.
func kustomization(files []file) file {
	var b bytes.Buffer
	b.WriteString(header)
	b.WriteString("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:")
	some := false
	for _, f := range files {
		if f.unnamed == "" {
			some = true
			fmt.Fprintf(&b, "\n  - %s", f.name)
		}
	}
	if !some {
		b.WriteString(" []")
	}
	b.WriteByte('\n')
	for _, f := range files {
		if f.unnamed != "" {
			var c strings.Builder
			comment(&c, "# ", fmt.Sprintf("%s: create it with kubectl create -f; %s has no name to apply it by", f.name, f.unnamed))
			b.WriteString(c.String())
		}
	}
	return file{name: kustomizationFile, text: b.Bytes()}
}

// grouped gives the documents of each group a file, and returns the documents
// that have no group.
func (l Layout) grouped(docs []document) (files []file, alone []document) {
	if l.Group == nil {
		return nil, docs
	}
	index := map[string]int{}
	for _, d := range docs {
		name := clean(l.Group(d.Object))
		if name == "" {
			alone = append(alone, d)
			continue
		}
		i, ok := index[name]
		if !ok {
			i = len(files)
			index[name] = i
			files = append(files, file{name: name + ".yaml", text: []byte(header)})
		} else {
			files[i].text = append(files[i].text, "---\n"...)
		}
		files[i].text = append(files[i].text, d.text...)
		if d.generate != "" {
			files[i].unnamed = d.ref.String()
		}
	}
	return files, alone
}

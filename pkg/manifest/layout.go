package manifest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Layout configures the output of a set. The zero value is the default: one file per
// object, and no comments except the first line.
type Layout struct {
	// Group returns the name of the file for an object, without the extension.
	// Objects with the same file name are written to the same file, in order. If
	// the name is "" or Group is nil, the object gets its own file. Upper case becomes
	// lower case, other characters than a-z, 0-9, dots and dashes become dashes, and
	// names that Windows reserves, such as con, get an underscore: con_.yaml.
	Group func(object.Object) string

	// Kustomization adds a kustomization.yaml that lists the files. It omits files
	// with objects that have no name, such as most runs, because these cannot be
	// applied.
	Kustomization bool

	// Positions adds a comment above each object with the position of the Go code that
	// describes it. The files then change whenever line numbers change.
	Positions bool

	// Diagrams adds a diagram of each pipeline to a folder, in a file of its own: as
	// Markdown, which GitHub and GitLab draw, for Mermaid, and for Graphviz for DOT. The
	// default is none.
	//
	//	set.Layout(manifest.Layout{Diagrams: manifest.Mermaid}) // adds pipeline-release.md
	Diagrams DiagramFormat
}

// DiagramFormat is the language of diagrams.
type DiagramFormat string

// The languages of diagrams.
const (
	Mermaid DiagramFormat = "mermaid"
	DOT     DiagramFormat = "dot"
)

// ByKind returns the name of the file for the kind of an object, such as pipelines.
// It is for use as [Layout] Group.
func ByKind(o object.Object) string {
	if o.IsNil() {
		return ""
	}
	kind := strings.ToLower(o.GetObjectKind().GroupVersionKind().Kind)
	switch {
	case strings.HasSuffix(kind, "s"):
		return kind + "es"
	case strings.HasSuffix(kind, "y"):
		return strings.TrimSuffix(kind, "y") + "ies"
	}
	return kind + "s"
}

// Layout sets the layout for Write, WriteDir and CheckDir. [Set.CurrentLayout] returns it.
func (s *Set) Layout(l Layout) *Set {
	if s == nil {
		return nil
	}
	s.layout, s.layoutAt = l, callsite.Here()
	return s
}

// CurrentLayout returns the layout that was set with [Set.Layout].
func (s *Set) CurrentLayout() Layout {
	if s == nil {
		return Layout{}
	}
	return s.layout
}

// placed adds the comment with the position of an object to its text.
func (l Layout) placed(it *item, text []byte) []byte {
	if !l.Positions {
		return text
	}
	at := it.At(diag.Path{})
	if !at.IsValid() {
		return text
	}
	return append([]byte(comment("# ", at.Short())), text...)
}

// kustomizationFile is the name of the file that kustomize reads.
const kustomizationFile = "kustomization.yaml"

// kustomization returns the file that lists the files which can be applied.
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
			b.WriteString(comment("# ", fmt.Sprintf("%s: use kubectl create -f; %s has no name, so it cannot be applied", f.name, f.unnamed)))
		}
	}
	return file{name: kustomizationFile, text: b.Bytes()}
}

// grouped returns a file for each group, and the documents without a group.
func (l Layout) grouped(docs []document, at callsite.Place) (files []file, alone []document, err error) {
	if l.Group == nil {
		return nil, docs, nil
	}
	index := map[string]int{}
	for _, d := range docs {
		var group string
		if p := callsite.Catch(func() { group = l.Group(d.Object) }); p != nil {
			f := p.Finding(at, "the function Layout.Group")
			f.Object = d.ref
			return nil, nil, diag.Findings{f}
		}
		name := groupName(group)
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
	return files, alone, nil
}

package kustomize

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// changeKind is the kind of a change.
type changeKind int

const (
	merge       changeKind = iota // a strategic merge
	operation                     // one operation of a JSON patch
	replacement                   // one field path of a replacement
	generated                     // an object
	field                         // a field of the kustomization, such as namespace
)

// change is what a kustomization does to objects.
type change struct {
	kind  changeKind
	of    *kustomization
	text  *document
	at    diag.Path // of the value in the document
	entry diag.Position
	// pointer leads to what is changed, from the root of the object.
	pointer  []part
	op       string // of an operation
	from     []part // of a move
	tree     any    // the value
	hasValue bool
	written  func(any) bool // whether a field writes a value
	// The objects that are changed.
	kindName, name string
	target         *types.SelectorRegex
	labels         string
	entries        map[string]diag.Path // the data that is generated
}

// document is a text with positions in which a change is written.
type document struct {
	file    string
	outline *yamlread.Outline
	// An inline patch is a text in another document.
	text   string
	outer  *document
	within diag.Path
}

// place returns the position of a value.
func (d *document) place(at diag.Path, excerpt string) diag.Position {
	p := d.outline.Find(at, excerpt)
	if d.outer == nil {
		p.File = d.file
		return p
	}
	from, to := offset(d.text, p.Line, p.Column), -1
	if p.EndLine > 0 {
		to = offset(d.text, p.EndLine, p.EndColumn)
	}
	out, ok := d.outer.outline.Range(d.within, from, to)
	if !ok {
		return d.outer.place(d.within, "")
	}
	out.File = d.outer.file
	return out
}

// offset returns the offset of a line and a column, which is counted in characters.
func offset(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		next := strings.IndexByte(text[at:], '\n')
		if next < 0 {
			return len(text)
		}
		at += next + 1
	}
	for i := range text[at:] {
		if column--; column == 0 {
			return at + i
		}
	}
	return len(text)
}

// position returns the position of a value of a change. Values of Secrets are not shown,
// nor where they are.
func (ch *change) position(c *Comparison, at diag.Path, excerpt string) diag.Position {
	if textAt(c.is, "kind") == "Secret" {
		return ch.entry
	}
	return ch.text.place(at, excerpt)
}

// generates returns where the data at a path is written, or the name of what is generated.
func (ch *change) generates(v value) diag.Path {
	if len(v.segments) > 1 && (v.segments[0].Name == "data" || v.segments[0].Name == "binaryData") {
		if at, ok := ch.entries[v.segments[1].Name]; ok {
			return at
		}
	}
	return ch.at
}

// identity is how kustomizations may refer to an object: with the names and namespaces that
// it has, or had before some of them were rendered.
type identity struct {
	generated        bool
	gvk              []resid.Gvk
	names            []string
	namespaces       []string
	name, own        string // the rendered one, and that of the source
	labels, labelled map[string]any
}

// newIdentity returns the identity of an object.
func newIdentity(c *Comparison) *identity {
	id := &identity{generated: c.source == nil}
	for _, v := range []any{c.is, c.was} {
		if v == nil {
			continue
		}
		group, version := resid.ParseGroupVersion(textAt(v, "apiVersion"))
		kind, metadata := textAt(v, "kind"), get(v, "metadata")
		name, namespace := textAt(metadata, "name"), textAt(metadata, "namespace")
		id.gvk = append(id.gvk, resid.NewGvk(group, version, kind))
		id.names = append(id.names, name)
		id.namespaces = append(id.namespaces, namespace)
	}
	id.name, id.own = id.names[0], id.names[len(id.names)-1]
	id.labels, _ = get(get(c.is, "metadata"), "labels").(map[string]any)
	id.labelled, _ = get(get(c.was, "metadata"), "labels").(map[string]any)
	id.between()
	return id
}

// between adds names that an object may have had between its own and the rendered one,
// while it had only some of the prefixes and suffixes.
func (id *identity) between() {
	begin := strings.Index(id.name, id.own)
	if id.own == "" || begin < 0 {
		return
	}
	const most = 16
	for from := begin; from >= 0 && len(id.names) < most; from-- {
		if from > 0 && id.name[from-1] != '-' && from != begin {
			continue
		}
		for to := begin + len(id.own); to <= len(id.name) && len(id.names) < most; to++ {
			if to == len(id.name) || id.name[to] == '-' || to == begin+len(id.own) {
				id.names = append(id.names, id.name[from:to])
			}
		}
	}
}

// isOf reports whether a change may be made to an object.
func (ch *change) isOf(id *identity) bool {
	if ch.target != nil {
		return matches(ch.target, ch.labels, id)
	}
	if ch.kind == field {
		return true
	}
	if ch.kind == generated && !id.generated {
		return false
	}
	if !slices.ContainsFunc(id.gvk, func(gvk resid.Gvk) bool { return gvk.Kind == ch.kindName }) {
		return false
	}
	switch {
	case ch.name == "":
		return false
	case id.generated:
		return strings.Contains(id.name, ch.name)
	default: // it may have had some of the prefixes and suffixes
		return ch.name == id.name || ch.name == id.own || strings.Contains(id.name, ch.name) && strings.Contains(ch.name, id.own)
	}
}

// matches reports whether a selector may mean an object.
func matches(s *types.SelectorRegex, labels string, id *identity) bool {
	isName := func(name string) bool {
		return s.MatchName(name) || id.generated && s.MatchName(withoutHash(name))
	}
	return slices.ContainsFunc(id.gvk, s.MatchGvk) && slices.ContainsFunc(id.names, isName) && slices.ContainsFunc(id.namespaces, s.MatchNamespace) &&
		(labels == "" || selects(labels, id.labels) || selects(labels, id.labelled))
}

// withoutHash returns a name without the hash that a generator appends.
func withoutHash(name string) string {
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		return name[:i]
	}
	return name
}

package kustomize

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/utils"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// history has the changes of a kustomization and of those that it includes, in the order in
// which they are made. They are read when the first finding needs them.
type history struct {
	tree *tree
	root *kustomization

	once    sync.Once
	changes []*change
	sources map[*kustomization]map[string]bool
	parts   map[*kustomization]bool // components, and what they include
	names   map[*kustomization]naming
}

// naming is what a kustomization does to the names of all objects.
type naming struct{ prefix, suffix, namespace string }

// newHistory returns the history of a kustomization. It keeps no file of the tree.
func newHistory(t *tree, root *kustomization) *history {
	return &history{tree: &tree{allowed: t.allowed, names: t.names}, root: root}
}

// of returns the changes that may have been made to an object.
func (h *history) of(c *Comparison) []*change {
	if h == nil {
		return nil
	}
	h.once.Do(h.read)
	file := c.object.Source
	for range 2 { // the line and the column
		if i := strings.LastIndexByte(file, ':'); i >= 0 {
			file = file[:i]
		}
	}
	id := newIdentity(c)
	passed := h.passed(id)
	var out []*change
	for _, ch := range h.changes {
		if passed[ch.of] && (c.source == nil || h.parts[ch.of] || h.sources[ch.of][file]) && ch.isOf(id) {
			out = append(out, ch)
		}
	}
	return out
}

// passed returns the kustomizations through which an object may have passed, as far as its
// name and its namespace show. One kustomization may include several that include the same
// file, each with another prefix.
func (h *history) passed(id *identity) map[*kustomization]bool {
	type visit struct {
		k         *kustomization
		namespace string // that the outer ones set
	}
	seen := map[visit]bool{}
	passed := map[*kustomization]bool{}
	var walk func(v visit)
	walk = func(v visit) {
		own := h.names[v.k]
		if v.namespace == "" {
			v.namespace = own.namespace
		}
		if seen[v] || !strings.Contains(id.name, own.prefix) || !strings.Contains(id.name, own.suffix) ||
			v.namespace != "" && id.namespaces[0] != "" && v.namespace != id.namespaces[0] {
			return
		}
		seen[v], passed[v.k] = true, true
		for _, sub := range v.k.subs {
			walk(visit{sub, v.namespace})
		}
	}
	walk(visit{k: h.root})
	return passed
}

func (h *history) read() {
	h.names = map[*kustomization]naming{}
	h.sources, h.parts = map[*kustomization]map[string]bool{}, map[*kustomization]bool{}
	var visit func(k *kustomization, part bool)
	visit = func(k *kustomization, part bool) {
		if h.sources[k] != nil {
			return
		}
		all := map[string]bool{}
		h.sources[k], h.parts[k] = all, part || k.component
		for _, components := range []bool{false, true} {
			for _, sub := range k.subs {
				if sub.component == components {
					visit(sub, h.parts[k])
				}
			}
		}
		k.walk(func(one *kustomization) {
			for _, s := range one.sources {
				all[s] = true
			}
		})
		r := &changesReader{history: h, k: k, editor: &editor{tree: h.tree, k: k}}
		r.read()
	}
	visit(h.root, false)
}

// changesReader reads the changes of one kustomization.
type changesReader struct {
	*history
	k      *kustomization
	editor *editor
	text   *document
	fields *yamlread.Node
}

func (r *changesReader) add(ch *change) {
	ch.of = r.k
	r.changes = append(r.changes, ch)
}

// read reads the kustomization, in the order in which kustomize makes the changes.
func (r *changesReader) read() {
	file := kustomizationIn(r.k.dir)
	if file == "" {
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return
	}
	for d := range yamlread.Documents(string(text)) {
		if d.Problem != nil || d.Root.Kind != yamlread.Map {
			return
		}
		name := r.k.name
		if r.tree.names[r.k.dir] == "" {
			name = r.editor.named(file)
		}
		r.text, r.fields = &document{file: name, outline: d.Outline(d.Root)}, d.Root
		break
	}
	if r.fields == nil {
		return
	}
	r.history.names[r.k] = naming{textOf(r.fields.Get("namePrefix")), textOf(r.fields.Get("nameSuffix")), textOf(r.fields.Get("namespace"))}
	r.generators()
	for i, entry := range r.list("patchesStrategicMerge") {
		at := rootPath.Field("patchesStrategicMerge").Index(i)
		if strings.Contains(entry.Text, "\n") || strings.HasPrefix(strings.TrimSpace(entry.Text), "{") {
			r.patch(nil, at, entry.Text, "")
		} else {
			r.patchFile(nil, at, entry.Text)
		}
	}
	for _, name := range []string{"patches", "patchesJson6902"} {
		for i, entry := range r.list(name) {
			at := rootPath.Field(name).Index(i)
			if path := entry.Get("path"); path != nil && path.Text != "" {
				r.patchFile(entry.Get("target"), at.Field("path"), path.Text)
			} else if text := entry.Get("patch"); text != nil {
				r.patch(entry.Get("target"), at.Field("patch"), text.Text, "")
			}
		}
	}
	r.ownFields()
	for i, entry := range r.list("replacements") {
		at := rootPath.Field("replacements").Index(i)
		if path := entry.Get("path"); path != nil && path.Text != "" {
			r.replacementFile(at.Field("path"), path.Text)
		} else {
			r.replacement(r.text, entry, at, r.text.place(at, ""))
		}
	}
}

func (r *changesReader) list(name string) []*yamlread.Node {
	if list := r.fields.Get(name); list != nil && list.Kind == yamlread.List {
		return list.Items
	}
	return nil
}

// file returns the text of a file, as far as it is allowed, and the name of it.
func (r *changesReader) file(entry string) (text, name string, ok bool) {
	path := r.editor.resolve(entry)
	if path == "" {
		return "", "", false
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > largestFile {
		return "", "", false
	}
	in, err := os.ReadFile(path)
	return string(in), r.editor.named(path), err == nil
}

// patchFile reads a patch in a file.
func (r *changesReader) patchFile(target *yamlread.Node, at diag.Path, entry string) {
	if text, name, ok := r.file(entry); ok {
		r.patch(target, at, text, name)
	}
}

// patch reads a patch: strategic merges, or the operations of a JSON patch. It is in a file,
// or else is the text at the entry itself.
func (r *changesReader) patch(target *yamlread.Node, entry diag.Path, text, file string) {
	selector, labels, ok := selectorOf(target)
	if !ok {
		return
	}
	for d := range yamlread.Documents(text) {
		if d.Problem != nil {
			return
		}
		doc := &document{file: file, outline: d.Outline(d.Root)}
		if file == "" {
			doc.text, doc.outer, doc.within = text, r.text, entry
		}
		literally(d.Root, map[*yamlread.Node]bool{})
		base := change{text: doc, entry: r.text.place(entry, ""), target: selector, labels: labels}
		if d.Root.Kind != yamlread.List {
			ch := base
			ch.kind, ch.tree, ch.hasValue = merge, treeOf(d.Root), true
			ch.kindName, ch.name = textAt(ch.tree, "kind"), textAt(get(ch.tree, "metadata"), "name")
			r.add(&ch)
			continue
		}
		for i, item := range d.Root.Items {
			ch := base
			ch.kind, ch.at = operation, rootPath.Index(i).Field("path")
			ch.op, ch.pointer = textOf(item.Get("op")), pointer(textOf(item.Get("path")))
			ch.from = pointer(textOf(item.Get("from")))
			if v := item.Get("value"); v != nil && (ch.op == "add" || ch.op == "replace") {
				ch.at, ch.tree, ch.hasValue = rootPath.Index(i).Field("value"), treeOf(v), true
			}
			r.add(&ch)
		}
	}
}

// treeOf returns a value as encoding/json decodes it.
func treeOf(n *yamlread.Node) (v any) {
	if text := n.AppendJSON(nil); len(text) <= largestFile {
		_ = json.Unmarshal(text, &v)
	}
	return v
}

func textOf(n *yamlread.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// pointer splits a JSON pointer.
func pointer(text string) []part {
	if text == "" {
		return nil
	}
	var parts []part
	for p := range strings.SplitSeq(strings.TrimPrefix(text, "/"), "/") {
		parts = append(parts, part{text: strings.ReplaceAll(strings.ReplaceAll(p, "~1", "/"), "~0", "~")})
	}
	return parts
}

// selectorOf returns the selector of a target; nil if there is none.
func selectorOf(target *yamlread.Node) (s *types.SelectorRegex, labels string, ok bool) {
	if target == nil || target.Kind != yamlread.Map {
		return nil, "", true
	}
	var selector types.Selector
	if err := json.Unmarshal(target.AppendJSON(nil), &selector); err != nil {
		return nil, "", false
	}
	s, err := types.NewSelectorRegex(&selector)
	return s, selector.LabelSelector, err == nil
}

// selects reports whether a label selector means an object with labels.
func selects(selector string, of map[string]any) bool {
	s, err := labels.Parse(selector)
	if err != nil {
		return false
	}
	set := labels.Set{}
	for key, v := range of {
		set[key], _ = v.(string)
	}
	return s.Matches(set)
}

// replacementFile reads the replacements in a file: one, or a list.
func (r *changesReader) replacementFile(entry diag.Path, path string) {
	text, name, ok := r.file(path)
	if !ok {
		return
	}
	for d := range yamlread.Documents(text) {
		if d.Problem != nil {
			return
		}
		doc := &document{file: name, outline: d.Outline(d.Root)}
		if d.Root.Kind != yamlread.List {
			r.replacement(doc, d.Root, diag.Path{}, r.text.place(entry, ""))
			continue
		}
		for i, item := range d.Root.Items {
			r.replacement(doc, item, rootPath.Index(i), r.text.place(entry, ""))
		}
	}
}

// replacement reads a replacement.
func (r *changesReader) replacement(doc *document, n *yamlread.Node, at diag.Path, entry diag.Position) {
	targets := n.Get("targets")
	if targets == nil {
		return
	}
	for i, t := range targets.Items {
		selector, labels, ok := selectorOf(t.Get("select"))
		paths := t.Get("fieldPaths")
		if !ok || selector == nil || paths == nil {
			continue
		}
		for j, p := range paths.Items {
			ch := &change{kind: replacement, text: doc, at: at.Field("targets").Index(i).Field("fieldPaths").Index(j), entry: entry, target: selector, labels: labels}
			for _, name := range utils.SmarterPathSplitter(p.Text, ".") {
				one := part{text: name}
				if inner, ok := strings.CutPrefix(name, "["); ok {
					one.key, one.value, _ = strings.Cut(strings.TrimSuffix(inner, "]"), "=")
				}
				ch.pointer = append(ch.pointer, one)
			}
			r.add(ch)
		}
	}
}

// generators reads what the kustomization generates.
func (r *changesReader) generators() {
	for _, name := range []string{"configMapGenerator", "secretGenerator"} {
		for i, n := range r.list(name) {
			at := rootPath.Field(name).Index(i)
			ch := &change{kind: generated, text: r.text, at: at.Field("name"), entry: r.text.place(at.Field("name"), ""), name: textOf(n.Get("name")), kindName: "ConfigMap", entries: map[string]diag.Path{}}
			if name == "secretGenerator" {
				ch.kindName = "Secret"
			}
			for _, source := range []string{"files", "literals"} {
				list := n.Get(source)
				if list == nil {
					continue
				}
				for j, item := range list.Items {
					key, _, isNamed := strings.Cut(item.Text, "=")
					if !isNamed {
						key = filepath.Base(filepath.FromSlash(item.Text))
					}
					ch.entries[key] = at.Field(source).Index(j)
				}
			}
			r.add(ch)
		}
	}
}

// ownFields reads the fields of the kustomization that are written into all objects.
func (r *changesReader) ownFields() {
	add := func(at diag.Path, written func(any) bool, pointer ...string) {
		ch := &change{kind: field, text: r.text, at: at, entry: r.text.place(at, ""), written: written}
		for _, p := range pointer {
			ch.pointer = append(ch.pointer, part{text: p})
		}
		r.add(ch)
	}
	is := func(text string) func(any) bool { return func(v any) bool { return v == text } }
	if n := r.fields.Get("namespace"); n != nil {
		add(rootPath.Field("namespace"), is(n.Text), "metadata", "namespace")
		add(rootPath.Field("namespace"), is(n.Text), "subjects", "*", "namespace")
	}
	pairs := func(n *yamlread.Node, at diag.Path, name string) {
		if n == nil || n.Kind != yamlread.Map {
			return
		}
		for i, item := range n.Items {
			add(at.Key(n.Keys[i].Name), is(item.Text), "metadata", name, n.Keys[i].Name)
		}
	}
	pairs(r.fields.Get("commonLabels"), rootPath.Field("commonLabels"), "labels")
	pairs(r.fields.Get("commonAnnotations"), rootPath.Field("commonAnnotations"), "annotations")
	for i, n := range r.list("labels") {
		pairs(n.Get("pairs"), rootPath.Field("labels").Index(i).Field("pairs"), "labels")
	}
}

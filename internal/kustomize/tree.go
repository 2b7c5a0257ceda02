package kustomize

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/tekwright/tekwright/internal/yamlread"
)

// tree is the kustomizations below some directories, and a copy of the files that
// they may read.
type tree struct {
	allowed []string          // real paths of the directories
	names   map[string]string // of the kustomizations, by the real path of the directory
	order   []string          // the directories
	byDir   map[string]*kustomization
	parsed  map[string]map[string]any
	files   filesys.FileSystem
	copied  map[string]*copied // by real path
	texts   map[string]string  // to read instead of the files, by real path
	within  []string           // the kustomizations that are being read
}

// kustomization is one of them. The counts include what it includes.
type kustomization struct {
	name, dir string
	component bool
	subs      []*kustomization
	sources   []string // files with objects, as the user would name them
	changes   []string // files with patches and replacements
	missing   []string
	failed    string

	objects   int // how many it has
	bytes     int
	largest   int // document
	writes    int // bytes of patches, and targets of replacements
	doublings int // copies in patches, and replacements of a part of a text
	patching  int // bytes of objects that patches may read and write, each one all of them
	spread    int // bytes that labels, annotations, names and images may write
	filled    int // bytes that replacements with a * may write
	images    int // places of images in objects
	refs      int // places of names in objects
	longest   int // text in the objects
}

func newTree(kustomizations, dirs []string) *tree {
	t := &tree{names: map[string]string{}, byDir: map[string]*kustomization{}, parsed: map[string]map[string]any{}, files: filesys.MakeFsInMemory(), copied: map[string]*copied{}}
	for _, d := range dirs {
		if r := real(d); r != "" {
			t.allowed = append(t.allowed, r)
		}
	}
	for _, name := range kustomizations {
		r := real(filepath.Dir(filepath.FromSlash(name)))
		if r == "" || t.names[r] != "" {
			continue
		}
		t.names[r] = name
		t.order = append(t.order, r)
	}
	return t
}

// roots returns the directories of the kustomizations that no other one includes, and that
// include a file that is wanted.
func (t *tree) roots(wanted func(file string) bool) (roots []string) {
	included := map[string]bool{}
	links := map[string][]string{}
	wants := map[string]bool{}
	for _, dir := range t.order {
		fields, _ := t.parse(dir)
		if fields["kind"] == "Component" {
			included[dir] = true
		}
		e := &editor{tree: t, k: &kustomization{dir: dir, name: t.names[dir]}}
		for _, name := range []string{"resources", "bases", "components"} {
			for _, entry := range listOf(fields[name]) {
				text, _ := entry.(string)
				path := e.resolve(text)
				if path == "" {
					continue
				}
				if info, err := os.Stat(path); err == nil && info.IsDir() {
					links[dir] = append(links[dir], path)
					included[path] = true
				} else if wanted(e.named(path)) {
					wants[dir] = true
				}
			}
		}
	}
	leads := reach(t.order, func(dir string) bool { return wants[dir] }, reversed(links))
	isRoot := map[string]bool{}
	for _, dir := range t.order {
		isRoot[dir] = !included[dir]
	}
	// Of those that include each other, and nothing else does, the first is rendered.
	below := reach(t.order, func(dir string) bool { return isRoot[dir] }, links)
	for _, dir := range t.order {
		if fields, _ := t.parse(dir); !below[dir] && fields["kind"] != "Component" {
			isRoot[dir] = true
			maps.Copy(below, reach([]string{dir}, func(string) bool { return true }, links))
		}
	}
	for _, dir := range t.order {
		if isRoot[dir] && leads[dir] {
			roots = append(roots, dir)
		}
	}
	return roots
}

func reversed(links map[string][]string) map[string][]string {
	out := map[string][]string{}
	for from, all := range links {
		for _, to := range all {
			out[to] = append(out[to], from)
		}
	}
	return out
}

// reach returns the nodes that are reached from those that are given and accepted.
func reach(from []string, accepted func(string) bool, links map[string][]string) map[string]bool {
	reached := map[string]bool{}
	var next []string
	for _, dir := range from {
		if accepted(dir) && !reached[dir] {
			reached[dir] = true
			next = append(next, dir)
		}
	}
	for len(next) > 0 {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		for _, to := range links[at] {
			if !reached[to] {
				reached[to] = true
				next = append(next, to)
			}
		}
	}
	return reached
}

// walk visits the kustomization and all that it includes, each once.
func (k *kustomization) walk(visit func(*kustomization)) {
	seen := map[*kustomization]bool{}
	var walk func(*kustomization)
	walk = func(k *kustomization) {
		if seen[k] {
			return
		}
		seen[k] = true
		visit(k)
		for _, s := range k.subs {
			walk(s)
		}
	}
	walk(k)
}

// refused returns why kustomize must not render the kustomization; "" if it may.
func (k *kustomization) refused() (why string, limit bool) {
	failed := ""
	k.walk(func(one *kustomization) {
		if failed == "" {
			failed = one.failed
		}
	})
	switch {
	case failed != "":
		return failed, false
	case k.objects > maxObjects:
		return fmt.Sprintf("it has more than %d objects", maxObjects), true
	case k.bytes > maxBytes:
		return fmt.Sprintf("its files are larger than %d MiB together", maxBytes>>20), true
	case k.doublings > 16 || k.largest<<k.doublings > maxWork, k.writes > 0 && max(k.objects, 1) > maxWork/k.writes, k.spread > maxSpread, k.filled > maxWork:
		return "its patches and replacements may make it too large", true
	case k.patching > maxPatching:
		return "it has too many patches for the size of its objects", true
	}
	return "", false
}

// isAllowed reports whether a real path is below the directories.
func (t *tree) isAllowed(path string) bool {
	for _, d := range t.allowed {
		if rel, err := filepath.Rel(d, path); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}

// fileNames are the names of kustomizations.
var fileNames = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// read reads the kustomization of a directory with all that it includes.
func (t *tree) read(dir string) *kustomization {
	if k := t.byDir[dir]; k != nil {
		return k
	}
	k := &kustomization{dir: dir, name: t.names[dir]}
	t.byDir[dir] = k
	if k.name == "" {
		k.name = filepath.ToSlash(filepath.Join(dir, fileNames[0]))
	}
	if len(t.within) > maxDepth {
		k.failed = "the kustomizations are nested too deeply"
		return k
	}
	fields, failed := t.parse(dir)
	if failed != "" {
		k.failed = failed
		return k
	}
	k.component = fields["kind"] == "Component"
	t.within = append(t.within, dir)
	e := &editor{tree: t, k: k, fields: fields}
	e.edit()
	t.within = t.within[:len(t.within)-1]
	out, err := json.Marshal(e.fields)
	if err == nil {
		err = t.files.WriteFile(filepath.Join(virtual(dir), "kustomization.yaml"), out)
	}
	if err != nil && k.failed == "" {
		k.failed = reason(err)
	}
	k.bytes += len(out)
	return k
}

// parse returns the fields of the kustomization of a directory, or why it has none. The
// caller must not modify them before the last call.
func (t *tree) parse(dir string) (fields map[string]any, failed string) {
	if known, ok := t.parsed[dir]; ok {
		return known, ""
	}
	file := kustomizationIn(dir)
	if file == "" {
		return nil, "the directory " + filepath.Base(dir) + " has no kustomization that can be read"
	}
	text, err := os.ReadFile(file)
	var inJSON []byte
	if err == nil {
		inJSON, err = yamlread.JSON(text, false)
	}
	if err == nil {
		err = json.Unmarshal(inJSON, &fields)
	}
	if err != nil || fields == nil {
		return nil, filepath.Base(file) + " is not a map in YAML"
	}
	t.parsed[dir] = fields
	return fields, ""
}

// kustomizationIn returns the file of the kustomization of a directory; "" if there is none
// that can be read.
func kustomizationIn(dir string) string {
	for _, name := range fileNames {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() && info.Size() <= largestKustom {
			return filepath.Join(dir, name)
		}
	}
	return ""
}

// isWithin reports whether a directory is being read, so that it includes itself.
func (t *tree) isWithin(dir string) bool {
	return slices.Contains(t.within, dir)
}

// copied is a file in memory.
type copied struct {
	objects, bytes, largest int
	images, refs, longest   int
	text                    string // in JSON
	failed                  string
}

// raw copies a file as it is.
func (t *tree) raw(path string) *copied { return t.copy(path, func(c *copied) {}) }

// yaml copies a file as JSON, without aliases. Each object gets its place.
func (t *tree) yaml(path, name string) *copied {
	return t.copy(path, func(c *copied) {
		var out []byte
		for d := range yamlread.Documents(c.text) {
			if d.Problem != nil {
				c.failed = fmt.Sprintf("line %d of %s: %s", d.Problem.Line, filepath.Base(path), d.Problem.Message)
				return
			}
			literally(d.Root, map[*yamlread.Node]bool{})
			before := len(out)
			if c.objects += mark(d, name); before > 0 {
				out = append(out, "\n---\n"...)
			}
			out = d.Root.AppendJSON(out)
			c.largest = max(c.largest, len(out)-before)
			if len(out) > maxBytes {
				c.failed = filepath.Base(path) + " is too large"
				return
			}
		}
		c.text = string(out)
		c.images, c.refs = strings.Count(c.text, `"image":`), strings.Count(c.text, `ame":`)+strings.Count(c.text, `"namespace":`)
		c.longest = longestText(c.text)
	})
}

// longestText returns the length of the longest string in a text in JSON.
func longestText(text string) (longest int) {
	at := -1 // of the open string
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] != '"':
		case at < 0:
			at = i + 1
		default:
			longest, at = max(longest, i-at), -1
		}
	}
	return longest
}

// literally makes strings of the words that only YAML 1.1 reads as booleans, such as y.
// Kustomize reads YAML 1.2.
func literally(n *yamlread.Node, seen map[*yamlread.Node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	if n.Kind == yamlread.Bool && isWord(n.Written) {
		n.Kind, n.Text = yamlread.String, n.Written
	}
	for i, item := range n.Items {
		if n.Kind == yamlread.Map && isWord(n.Keys[i].Written) {
			n.Keys[i].Name = n.Keys[i].Written
		}
		literally(item, seen)
	}
}

func isWord(written string) bool {
	switch strings.ToLower(written) {
	case "y", "n", "yes", "no", "on", "off":
		return true
	}
	return false
}

func (t *tree) copy(path string, edit func(*copied)) *copied {
	if c := t.copied[path]; c != nil {
		return c
	}
	c := &copied{}
	t.copied[path] = c
	info, err := os.Stat(path)
	switch {
	case err != nil || !info.Mode().IsRegular():
		c.failed = filepath.Base(path) + " cannot be read"
		return c
	case info.Size() > largestFile:
		c.failed = fmt.Sprintf("%s is larger than %d MiB", filepath.Base(path), largestFile>>20)
		return c
	}
	text, ok := t.texts[path]
	if !ok {
		read, err := os.ReadFile(path)
		if err != nil {
			c.failed = filepath.Base(path) + " cannot be read"
			return c
		}
		text = string(read)
	}
	c.text = text
	c.largest = len(text)
	if edit(c); c.failed != "" {
		return c
	}
	c.bytes = len(c.text)
	if err := t.files.WriteFile(virtual(path), []byte(c.text)); err != nil {
		c.failed = reason(err)
	}
	return c
}

// mark adds to each object of a document where it is, and returns how many there are.
func mark(d *yamlread.Document, file string) int {
	root := d.Root
	var objects []*yamlread.Node
	if items := root.Get("items"); items != nil && items.Kind == yamlread.List && root.Get("kind") != nil && strings.HasSuffix(root.Get("kind").Text, "List") {
		objects = items.Items
	} else {
		objects = []*yamlread.Node{root}
	}
	n := 0
	seen := map[*yamlread.Node]bool{}
	for _, o := range objects {
		if o.Kind != yamlread.Map || o.Get("kind") == nil {
			continue
		}
		n++
		if seen[o] || file == "" {
			continue
		}
		seen[o] = true
		p := d.Outline(o).Place(rootPath)
		annotations := below(below(o, "metadata"), "annotations")
		if annotations == nil || annotations.Get(sourceAnnotation) != nil {
			continue
		}
		annotations.Keys = append(annotations.Keys, yamlread.Key{Name: sourceAnnotation})
		annotations.Items = append(annotations.Items, &yamlread.Node{Kind: yamlread.String, Text: Place(file, p.Line, p.Column)})
	}
	return n
}

// below returns the map in a field, which it adds if there is none; nil if the field is
// something else.
func below(n *yamlread.Node, name string) *yamlread.Node {
	if n == nil {
		return nil
	}
	i := n.Index(name)
	if i < 0 {
		i = len(n.Items)
		n.Keys = append(n.Keys, yamlread.Key{Name: name})
		n.Items = append(n.Items, &yamlread.Node{Kind: yamlread.Null})
	}
	switch n.Items[i].Kind {
	case yamlread.Null:
		n.Items[i] = &yamlread.Node{Kind: yamlread.Map}
	case yamlread.Map:
		// An anchor may share it with other objects.
		own := *n.Items[i]
		own.Keys, own.Items = append([]yamlread.Key(nil), own.Keys...), append([]*yamlread.Node(nil), own.Items...)
		n.Items[i] = &own
	default:
		return nil
	}
	return n.Items[i]
}

// virtual returns the path of a copy in memory, where names have few characters.
func virtual(path string) string {
	var b strings.Builder
	for _, c := range []byte(filepath.ToSlash(path)) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '/':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	return b.String()
}

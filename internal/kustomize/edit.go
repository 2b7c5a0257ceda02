package kustomize

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

var rootPath diag.Path

// editor rewrites a kustomization so that it refers to nothing but copied files, and
// counts what it may become.
type editor struct {
	tree   *tree
	k      *kustomization
	fields map[string]any
}

// kept are the fields that need no change.
var kept = map[string]bool{"apiVersion": true, "kind": true, "metadata": true, "namePrefix": true, "nameSuffix": true, "namespace": true,
	"labels": true, "commonAnnotations": true, "images": true, "replicas": true, "vars": true,
	"sortOptions": true, "generatorOptions": true}

func (e *editor) edit() {
	out := map[string]any{}
	for name, value := range e.fields {
		if kept[name] {
			out[name] = value
		}
	}
	// kustomize warns of deprecated fields, so it gets their successors.
	add := func(name string, entry any) { out[name] = append(listOf(out[name]), entry) }
	for _, name := range []string{"resources", "bases", "components"} {
		for _, entry := range listOf(e.fields[name]) {
			if rewritten, ok := e.include(entry); ok && name == "components" {
				add(name, rewritten)
			} else if ok {
				add("resources", rewritten)
			}
		}
	}
	for _, entry := range listOf(e.fields["patchesStrategicMerge"]) {
		if text, ok := entry.(string); ok {
			rewritten, inline, ok := e.fileOrInline("patchesStrategicMerge", text)
			if !ok {
				continue
			}
			e.patches(nil)
			if inline {
				add("patches", map[string]any{"patch": rewritten})
			} else {
				add("patches", map[string]any{"path": rewritten})
			}
		}
	}
	for _, name := range []string{"patches", "patchesJson6902", "replacements"} {
		for _, entry := range listOf(e.fields[name]) {
			if m, ok := entry.(map[string]any); ok && e.patch(canonical(m)) {
				if name != "replacements" {
					e.patches(m["target"])
				}
				if e.replaces(m); name == "patchesJson6902" {
					add("patches", m)
				} else {
					add(name, m)
				}
			}
		}
	}
	if labels, ok := e.fields["commonLabels"].(map[string]any); ok {
		add("labels", map[string]any{"pairs": labels, "includeSelectors": true})
	}
	for _, entry := range listOf(e.fields["imageTags"]) {
		add("images", entry)
	}
	for _, name := range []string{"transformers", "generators", "validators", "configurations", "crds"} {
		var list []any
		for _, entry := range listOf(e.fields[name]) {
			text, ok := entry.(string)
			if !ok {
				continue
			}
			if rewritten, _, ok := e.fileOrInline(name, text); ok {
				list = append(list, rewritten)
			}
		}
		if list != nil {
			out[name] = list
		}
	}
	for _, name := range []string{"configMapGenerator", "secretGenerator"} {
		var list []any
		for _, entry := range listOf(e.fields[name]) {
			if m, ok := entry.(map[string]any); ok {
				if e.generator(canonical(m)) {
					list = append(list, m)
					e.k.objects++
				} else {
					e.miss("a file of a " + name)
				}
			}
		}
		if list != nil {
			out[name] = list
		}
	}
	for _, name := range []string{"helmCharts", "helmChartInflationGenerator"} {
		if len(listOf(e.fields[name])) > 0 {
			e.miss("Helm charts")
		}
	}
	if o, ok := e.fields["openapi"].(map[string]any); ok {
		if path, _ := o["path"].(string); path != "" {
			if rewritten, c := e.file(path, false); c != nil {
				out["openapi"] = map[string]any{"path": rewritten}
			}
		}
	}
	for _, v := range listOf(e.fields["vars"]) {
		if m, ok := v.(map[string]any); ok {
			if name, _ := m["name"].(string); name != "" {
				e.k.writes += e.k.largest * e.tree.uses("$("+name+")")
			}
		}
	}
	e.spreads()
	e.fields = out
}

// uses counts a text in all copied files, as far as it matters.
func (t *tree) uses(text string) int {
	n := 0
	for _, c := range t.copied {
		n += strings.Count(c.text, text)
	}
	return n
}

func listOf(v any) []any {
	l, _ := v.([]any)
	return l
}

func (e *editor) miss(what string) { e.k.missing = append(e.k.missing, what) }

func (e *editor) fail(why string) {
	if e.k.failed == "" {
		e.k.failed = why
	}
}

// isRemote reports whether an entry is on another machine.
func isRemote(entry string) bool {
	return strings.Contains(entry, "://") || strings.Contains(entry, "?ref=") || strings.HasPrefix(entry, "git@") ||
		strings.HasPrefix(entry, "git::") || strings.HasPrefix(entry, "github.com/") || strings.HasPrefix(entry, "gh:")
}

// resolve returns the real path of an entry, "" if it is not known here.
func (e *editor) resolve(entry string) string {
	if entry == "" || isRemote(entry) || strings.ContainsAny(entry, "\n\x00") || filepath.IsAbs(entry) {
		return ""
	}
	path := real(filepath.Join(e.k.dir, filepath.FromSlash(entry)))
	if path == "" || !e.tree.isAllowed(path) {
		return ""
	}
	return path
}

// relative returns an entry for a real path that cannot be taken for an address.
func (e *editor) relative(path string) string {
	rel, err := filepath.Rel(virtual(e.k.dir), virtual(path))
	if err != nil {
		return "./missing"
	}
	if rel = filepath.ToSlash(rel); !strings.HasPrefix(rel, "..") {
		rel = "./" + rel
	}
	return rel
}

// named returns the name that the user would give a file.
func (e *editor) named(path string) string {
	if rel, err := filepath.Rel(e.k.dir, path); err == nil && e.tree.names[e.k.dir] != "" {
		return filepath.ToSlash(filepath.Join(filepath.Dir(filepath.FromSlash(e.k.name)), rel))
	}
	return filepath.ToSlash(path)
}

// include copies the file or reads the kustomization of an entry of resources.
func (e *editor) include(entry any) (string, bool) {
	text, ok := entry.(string)
	if !ok {
		return "", false
	}
	path := e.resolve(text)
	if path == "" {
		e.miss(text)
		return "", false
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if e.tree.isWithin(path) {
			e.fail("it includes itself through " + text)
			return "", false
		}
		sub := e.tree.read(path)
		e.k.subs = append(e.k.subs, sub)
		e.k.objects = min(e.k.objects+sub.objects, maxObjects+1)
		e.k.bytes = min(e.k.bytes+sub.bytes, maxBytes+1)
		e.k.largest = max(e.k.largest, sub.largest)
		e.k.writes = min(e.k.writes+sub.writes, maxWork)
		e.k.doublings = min(e.k.doublings+sub.doublings, 64)
		e.k.patching = min(e.k.patching+sub.patching, maxPatching+1)
		e.k.spread = min(e.k.spread+sub.spread, maxSpread+1)
		e.k.filled = min(e.k.filled+sub.filled, maxWork+1)
		e.k.images, e.k.refs, e.k.longest = e.k.images+sub.images, e.k.refs+sub.refs, max(e.k.longest, sub.longest)
		return e.relative(path), true
	}
	name := e.named(path)
	c := e.tree.yaml(path, name)
	if c.failed != "" {
		e.fail(c.failed)
		return "", false
	}
	e.k.sources = append(e.k.sources, name)
	e.k.objects = min(e.k.objects+c.objects, maxObjects+1)
	e.k.bytes = min(e.k.bytes+c.bytes, maxBytes+1)
	e.k.largest = max(e.k.largest, c.largest)
	e.k.images, e.k.refs, e.k.longest = e.k.images+c.images, e.k.refs+c.refs, max(e.k.longest, c.longest)
	return e.relative(path), true
}

// file copies a file that is not an object.
func (e *editor) file(entry string, yaml bool) (string, *copied) {
	path := e.resolve(entry)
	if path == "" {
		e.miss(entry)
		return "", nil
	}
	var c *copied
	if yaml {
		c = e.tree.yaml(path, "")
	} else {
		c = e.tree.raw(path)
	}
	if c.failed != "" {
		e.fail(c.failed)
		return "", nil
	}
	e.k.bytes = min(e.k.bytes+c.bytes, maxBytes+1)
	return e.relative(path), c
}

// patch rewrites an entry of patches or replacements. Its text must not have aliases.
func (e *editor) patch(m map[string]any) bool {
	if path, _ := m["path"].(string); path != "" {
		rewritten, c := e.file(path, true)
		if c == nil {
			return false
		}
		m["path"] = rewritten
		e.k.changes = append(e.k.changes, e.named(e.resolve(path)))
		e.weigh(c.text)
	}
	if text, _ := m["patch"].(string); text != "" {
		inline, ok := e.inline(text)
		if !ok {
			return false
		}
		m["patch"] = inline
	}
	return true
}

// inline returns a text of YAML as JSON, without aliases.
func (e *editor) inline(text string) (string, bool) {
	var out []byte
	for d := range yamlread.Documents(text) {
		if d.Problem != nil {
			e.fail("a patch is not YAML: " + d.Problem.Message)
			return "", false
		}
		if out != nil {
			out = append(out, "\n---\n"...)
		}
		if out = d.Root.AppendJSON(out); len(out) > largestFile {
			e.fail("a patch is too large")
			return "", false
		}
	}
	e.weigh(string(out))
	return string(out), true
}

// fileOrInline rewrites an entry that is the name of a file, or YAML. Those that configure
// kustomize may do so for plugins that come with it alone, and without files.
func (e *editor) fileOrInline(field, entry string) (rewritten string, inline, ok bool) {
	configures := field == "transformers" || field == "generators" || field == "validators"
	var text string
	if inline = strings.Contains(entry, "\n") || strings.HasPrefix(strings.TrimSpace(entry), "{"); inline {
		if text, ok = e.inline(entry); !ok {
			return "", false, false
		}
		rewritten = text
	} else {
		path, c := e.file(entry, true)
		if c == nil {
			return "", false, false
		}
		text, rewritten = c.text, path
		if field == "patchesStrategicMerge" {
			e.k.changes = append(e.k.changes, e.named(e.resolve(entry)))
			e.weigh(text)
		}
	}
	if !configures {
		return rewritten, inline, true
	}
	var out []byte
	for d := range yamlread.Documents(text) {
		version := d.Root.Get("apiVersion")
		if d.Problem != nil || version == nil || version.Text != "builtin" || refersToFiles(d.Root) {
			e.miss("the plugin " + entry)
			return "", false, false
		}
		if !e.configuration(d.Root) {
			return "", false, false
		}
		if out != nil {
			out = append(out, "\n---\n"...)
		}
		out = d.Root.AppendJSON(out)
	}
	e.weigh(string(out))
	e.k.objects = min(e.k.objects+1, maxObjects+1)
	return string(out), true, true
}

// refersToFiles reports whether the configuration of a plugin reads files.
func refersToFiles(n *yamlread.Node) bool {
	for i, item := range n.Items {
		if n.Kind == yamlread.Map {
			switch n.Keys[i].Name {
			case "path", "paths", "files", "envs", "env", "envFiles", "chartHome", "valuesFile":
				return true
			}
		}
		if refersToFiles(item) {
			return true
		}
	}
	return false
}

// generator copies the files of a generator. It returns false if one is not known.
func (e *editor) generator(m map[string]any) bool {
	for _, field := range []string{"files", "envs"} {
		list := listOf(m[field])
		for i, entry := range list {
			text, ok := entry.(string)
			if !ok {
				return false
			}
			key, name, found := strings.Cut(text, "=")
			if !found {
				key, name = filepath.Base(filepath.FromSlash(text)), text
			}
			path := e.resolve(name)
			if path == "" {
				return false
			}
			c := e.tree.raw(path)
			if c.failed != "" {
				return false
			}
			e.k.bytes = min(e.k.bytes+c.bytes, maxBytes+1)
			if list[i] = e.relative(path); field == "files" {
				list[i] = key + "=" + e.relative(path)
			}
		}
	}
	if env, _ := m["env"].(string); env != "" {
		path, c := e.file(env, false)
		if c == nil {
			return false
		}
		m["env"] = path
	}
	return true
}

package kustomize

import (
	"encoding/json"
	"strings"

	"github.com/tekwright/tekwright/internal/yamlread"
)

// replaces counts the targets of a replacement, and the places in each of them.
func (e *editor) replaces(m map[string]any) {
	if value, ok := m["sourceValue"].(string); ok {
		e.k.longest = max(e.k.longest, len(value))
	}
	for _, t := range listOf(m["targets"]) {
		writes := max(e.k.largest, 1)
		target, _ := t.(map[string]any)
		target = canonical(target)
		for i, path := range listOf(target["fieldPaths"]) {
			if i > 0 {
				writes += e.k.longest
			}
			if text, _ := path.(string); strings.Contains(text, "*") {
				e.k.filled = min(e.k.filled+product(e.k.longest, e.k.bytes/32), maxWork+1)
			}
		}
		e.k.writes = min(e.k.writes+writes, maxWork)
		if options, ok := target["options"].(map[string]any); ok && canonical(options)["delimiter"] != nil {
			e.k.doublings++
		}
	}
}

// product returns a product that is not larger than what any limit allows by far.
func product(a, b int) int {
	if a > 0 && b > maxWork/a {
		return maxWork + 1
	}
	return a * b
}

// canonicalNames are the fields that matter here. Kustomize reads them in any case.
var canonicalNames = []string{"path", "patch", "target", "targets", "options", "delimiter", "source", "sourceValue", "fieldPaths", "files", "envs", "env", "literals", "name"}

// canonical writes the names of fields as this package expects them.
func canonical(m map[string]any) map[string]any {
	for key, value := range m {
		for _, name := range canonicalNames {
			if key != name && strings.EqualFold(key, name) {
				delete(m, key)
				if m[name] == nil {
					m[name] = value
				}
			}
		}
	}
	return m
}

// spreads counts what the fields may write into each object, name or image.
func (e *editor) spreads() {
	places := 0 // of fields that the kustomization lists itself
	if len(listOf(e.fields["configurations"])) > 0 {
		places = e.k.bytes / 16
	}
	add := func(value any, n int) {
		e.k.spread = min(e.k.spread+product(lengthOf(value), n+places), maxSpread+1)
	}
	for _, field := range []string{"labels", "commonLabels", "commonAnnotations"} {
		n := 4 * e.k.objects // also in selectors and templates
		for _, entry := range listOf(e.fields[field]) {
			if m, ok := entry.(map[string]any); ok {
				for _, f := range listOf(m["fields"]) {
					if n += e.k.objects; strings.Contains(fieldText(f, "path"), "[]") {
						n += e.k.bytes / 16
					}
				}
			}
		}
		add(e.fields[field], n)
	}
	for _, field := range []string{"namePrefix", "nameSuffix", "namespace"} {
		add(e.fields[field], e.k.objects+e.k.refs)
	}
	for _, field := range []string{"images", "imageTags"} {
		longest := ""
		for _, entry := range listOf(e.fields[field]) {
			if m, ok := entry.(map[string]any); ok {
				for _, v := range m {
					if text, ok := v.(string); ok && len(text) > len(longest) {
						longest = text
					}
				}
			}
		}
		add(longest, 2*e.k.images)
	}
	add(e.fields["generatorOptions"], len(listOf(e.fields["configMapGenerator"]))+len(listOf(e.fields["secretGenerator"])))
}

// fieldText returns the text in a field of a map.
func fieldText(v any, field string) string {
	m, _ := v.(map[string]any)
	text, _ := m[field].(string)
	return text
}

// lengthOf returns the length of all texts in a value.
func lengthOf(v any) (n int) {
	switch v := v.(type) {
	case string:
		return len(v)
	case []any:
		for _, one := range v {
			n += lengthOf(one)
		}
	case map[string]any:
		for key, one := range v {
			n += len(key) + lengthOf(one)
		}
	}
	return n
}

// patches counts the bytes of the objects that a patch with a target may be applied to,
// after the patches before it. Without a target, it is for the object that it names.
func (e *editor) patches(target any) {
	size := e.k.largest
	if t, ok := target.(map[string]any); ok {
		if name, _ := t["name"].(string); name == "" || strings.ContainsAny(name, "*+?|[({") {
			size = e.k.bytes
		}
	}
	e.k.patching = min(e.k.patching+size+e.k.writes, maxPatching+1)
}

// weigh counts what a patch may write.
func (e *editor) weigh(text string) {
	e.k.writes = min(e.k.writes+len(text), maxWork)
	e.k.doublings = min(e.k.doublings+strings.Count(text, `"op":"copy"`)+strings.Count(text, `"delimiter":`), 64)
}

// configuration rewrites the patches in the configuration of a plugin, which are texts, and
// counts what it may write.
func (e *editor) configuration(n *yamlread.Node) bool {
	for i, item := range n.Items {
		if n.Kind != yamlread.Map || item.Kind != yamlread.String {
			continue
		}
		for _, name := range []string{"patch", "jsonOp", "patches"} {
			if !strings.EqualFold(n.Keys[i].Name, name) {
				continue
			}
			text, ok := e.inline(item.Text)
			if !ok {
				return false
			}
			own := *item
			own.Text = text
			n.Items[i] = &own
			e.patches(nil)
		}
	}
	var fields map[string]any
	text := n.AppendJSON(nil)
	if len(text) > largestFile || json.Unmarshal(text, &fields) != nil {
		e.fail("the configuration of a plugin is too large, or not a map")
		return false
	}
	fields = canonical(fields)
	places := 4*e.k.objects + e.k.images + e.k.refs
	for key := range fields {
		if strings.EqualFold(key, "fieldSpecs") || strings.EqualFold(key, "fields") {
			places += e.k.bytes / 16
		}
	}
	for key, value := range fields {
		switch {
		case strings.EqualFold(key, "replacements"):
			for _, entry := range listOf(value) {
				if m, ok := entry.(map[string]any); ok {
					e.replaces(canonical(m))
				}
			}
		case strings.EqualFold(key, "patch"), strings.EqualFold(key, "patches"), strings.EqualFold(key, "jsonOp"): // counted above
		default:
			e.k.spread = min(e.k.spread+product(lengthOf(value), places), maxSpread+1)
		}
	}
	return true
}

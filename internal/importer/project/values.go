package project

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/yamlsplit"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// withoutValues returns the texts of all files without values of Secrets: a document with a
// Secret is written anew, without its comments, with an empty value for each key. Where another
// document has one of the values, it is replaced by ***. All documents keep their first lines.
func (s *Sources) withoutValues(loaded manifest.LoadResult) map[string]string {
	secret := map[string][]emptied{}
	for _, o := range loaded.Objects {
		if o.Declared != nil {
			continue
		}
		at := o.At(diag.Path{})
		e := emptied{object: o, line: at.Line}
		if e.without, e.changed = withoutValue(o); e.changed {
			s.Emptied = append(s.Emptied, o.Ref().String())
		}
		secret[at.File] = append(secret[at.File], e)
	}
	out := make(map[string]string, len(loaded.Texts))
	for _, file := range slices.Sorted(maps.Keys(loaded.Texts)) {
		out[file] = s.emptyFile(file, loaded.Texts[file], secret[file], loaded.Hide)
	}
	return out
}

// emptied is an object, and the same one without values of Secrets.
type emptied struct {
	object  object.Object
	without object.Object
	changed bool
	line    int
}

// emptyFile returns the text of a file without values of Secrets.
func (s *Sources) emptyFile(file, text string, objects []emptied, hide func(string) string) string {
	var b strings.Builder
	end := 0
	for _, d := range yamlsplit.Split(text) {
		b.WriteString(hide(text[end:d.Offset])) // comments
		end = d.Offset + len(d.Text)
		part := d.Text
		var inside []object.Object
		changed := false
		lines := strings.Count(d.Text, "\n")
		for _, e := range objects {
			if e.line < d.Line || e.line > d.Line+lines {
				continue
			}
			changed = changed || e.changed
			inside = append(inside, e.without)
		}
		if changed {
			part = anew(part, inside)
		}
		if hidden := hide(part); hidden != part {
			part = hidden
			if len(inside) > 0 && !has(s.Hidden, file) { // others are not imported
				s.Hidden = append(s.Hidden, file)
			}
		}
		b.WriteString(part)
	}
	b.WriteString(hide(text[end:]))
	return b.String()
}

// anew returns objects as the text of a document, with as many lines as it has.
func anew(part string, objects []object.Object) string {
	first := ""
	if strings.HasPrefix(part, "---") { // with content in this line
		first = "---\n"
	}
	text, err := encoded(objects...)
	if err != nil {
		text = nil // it is not imported
	}
	out := first + string(text)
	if n := strings.Count(part, "\n") - strings.Count(out, "\n"); n > 0 {
		out += strings.Repeat("\n", n)
	}
	return out
}

// withoutValue returns an object without the values of the Secrets that it is or contains,
// and reports whether there are any.
func withoutValue(o object.Object) (object.Object, bool) {
	text, err := json.Marshal(o.Object)
	if err != nil || !strings.Contains(string(text), `"Secret"`) {
		return o, false
	}
	fields := map[string]any{}
	if json.Unmarshal(text, &fields) != nil || !empty(fields) {
		return o, false
	}
	o.Object = &unstructured.Unstructured{Object: fields}
	return o, true
}

// empty empties the values of Secrets in a value, and reports whether there are any.
func empty(v any) bool {
	found := false
	switch v := v.(type) {
	case map[string]any:
		if v["kind"] == "Secret" {
			found = emptySecret(v)
		}
		for _, x := range v {
			found = empty(x) || found
		}
	case []any:
		for _, x := range v {
			found = empty(x) || found
		}
	}
	return found
}

// emptySecret empties the values of a Secret, and removes annotations in which kubectl keeps
// them.
func emptySecret(secret map[string]any) bool {
	found := false
	for _, field := range []string{"data", "stringData"} {
		values, _ := secret[field].(map[string]any)
		for k, x := range values {
			if x != "" {
				values[k], found = "", true
			}
		}
	}
	if meta, ok := secret["metadata"].(map[string]any); ok {
		if notes, ok := meta["annotations"].(map[string]any); ok {
			if _, ok := notes[lastApplied]; ok {
				delete(notes, lastApplied)
				found = true
			}
		}
	}
	return found
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

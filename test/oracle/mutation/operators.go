package mutation

import (
	"encoding/json"
	"slices"
	"strings"
)

// operator is a way to break a value.
type operator struct {
	name string
	// variants is in how many ways the value can be broken; none if not at all.
	variants func(n node) int
	// apply breaks it in one of them, and says what was there and what is now.
	apply func(n node, variant int) (was, is string)
}

// operators are all of them. The text of scripts is left alone.
var operators = []operator{
	{"drop", always, drop},
	{"rename key", isKey, renameKey},
	{"rename", isName, rename},
	{"retype", always, retype},
	{"swap", swaps, swap},
}

func always(node) int { return 1 }

func drop(n node, _ int) (was, is string) {
	switch p := n.parent.(type) {
	case map[string]any:
		delete(p, n.key)
	case []any:
		n.list(slices.Delete(slices.Clone(p), n.index, n.index+1))
	}
	return words(n.value), "nothing"
}

func isKey(n node) int {
	if n.key == "" {
		return 0
	}
	return 1
}

// renameKey writes the last letter of a key twice.
func renameKey(n node, _ int) (was, is string) {
	p, _ := n.parent.(map[string]any)
	is = n.key + n.key[len(n.key)-1:]
	delete(p, n.key)
	p[is] = n.value
	return n.key, is
}

func isName(n node) int {
	s, ok := n.value.(string)
	if !ok || s == "" || strings.Contains(s, "\n") {
		return 0
	}
	return max(1, strings.Count(s, "$("))
}

// rename misspells a value, or the last name in one of its references.
func rename(n node, variant int) (was, is string) {
	s, _ := n.value.(string)
	if !strings.Contains(s, "$(") {
		is = s + "x"
		n.set(is)
		return s, is
	}
	at := 0
	for range variant + 1 {
		at += strings.Index(s[at:], "$(") + 2
	}
	end := at + strings.IndexByte(s[at:], ')')
	for end > at && strings.ContainsRune("]'\"[*", rune(s[end-1])) {
		end--
	}
	is = s[:end] + "x" + s[end:]
	n.set(is)
	return s, is
}

// retype makes a list of a text, and a text of all else.
func retype(n node, _ int) (was, is string) {
	var v any
	switch old := n.value.(type) {
	case string:
		v = []any{old}
	case []any, map[string]any, nil:
		v = "text"
	default:
		v = words(old)
	}
	n.set(v)
	return words(n.value), words(v)
}

// partners are the values that a value can be swapped with: the texts beside
// it, and in a list the name of the next item. The order of a list says nothing
// but in steps.
func partners(n node) []func() (was, is string) {
	var out []func() (was, is string)
	switch p := n.parent.(type) {
	case map[string]any:
		s, ok := n.value.(string)
		for _, k := range keys(p) {
			other, isText := p[k].(string)
			if ok && isText && k > n.key && s != other && !strings.Contains(s+other, "\n") {
				out = append(out, func() (string, string) {
					p[n.key], p[k] = other, s
					return n.key + ": " + s + ", " + k + ": " + other, "the other way round"
				})
			}
		}
	case []any:
		if n.index+1 == len(p) {
			return nil
		}
		if strings.HasPrefix(n.path, "spec.steps[") && strings.Count(n.path, ".") == 1 {
			out = append(out, func() (string, string) {
				p[n.index], p[n.index+1] = p[n.index+1], n.value
				return words(n.value) + ", " + words(p[n.index]), "the other way round"
			})
		}
		a, _ := n.value.(map[string]any)
		b, _ := p[n.index+1].(map[string]any)
		if a["name"] != nil && b["name"] != nil && a["name"] != b["name"] {
			out = append(out, func() (string, string) {
				a["name"], b["name"] = b["name"], a["name"]
				return "names " + words(b["name"]) + ", " + words(a["name"]), "the other way round"
			})
		}
	}
	return out
}

func swaps(n node) int { return len(partners(n)) }

func swap(n node, variant int) (was, is string) { return partners(n)[variant]() }

func keys(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// words is a value as it can be read in a line.
func words(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return strings.Trim(string(data), `"`)
}

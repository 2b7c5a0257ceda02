package mutation

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// mutant is an object with one thing broken.
type mutant struct {
	operator string
	kind     string
	path     string // with indices
	was, is  string
	data     []byte // JSON
}

// place is the mutant's kind and path without indices, as [excuses] name it.
func (m mutant) place() string {
	var b strings.Builder
	skip := false
	for _, r := range m.path {
		switch {
		case r == '[':
			skip = true
			b.WriteString("[]")
		case r == ']':
			skip = false
		case !skip:
			b.WriteRune(r)
		}
	}
	return m.kind + " " + b.String()
}

func (m mutant) String() string {
	return fmt.Sprintf("%-12s %s %s: %.60s -> %.60s", m.operator, m.kind, m.path, m.was, m.is)
}

// node is a value in an object.
type node struct {
	parent any // a map, or a pointer to a list
	key    string
	index  int
	path   string
	value  any
	list   func([]any) // puts another list in place of the parent
}

// set puts another value in place.
func (n node) set(v any) {
	switch p := n.parent.(type) {
	case map[string]any:
		p[n.key] = v
	case []any:
		p[n.index] = v
	}
}

// nodes lists all values below v, in order.
func nodes(v any, path string, list func([]any), out []node) []node {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			p := strings.TrimPrefix(path+"."+k, ".")
			n := node{parent: v, key: k, path: p, value: v[k], list: list}
			out = nodes(v[k], p, func(l []any) { n.set(l) }, append(out, n))
		}
	case []any:
		for i := range v {
			n := node{parent: v, index: i, path: fmt.Sprintf("%s[%d]", path, i), value: v[i], list: list}
			out = nodes(v[i], n.path, func(l []any) { n.set(l) }, append(out, n))
		}
	}
	return out
}

// mutants breaks an object in all ways.
func mutants(document []byte) ([]mutant, error) {
	whole, err := yaml.YAMLToJSON(document)
	if err != nil {
		return nil, err
	}
	var original map[string]any
	if err := json.Unmarshal(whole, &original); err != nil {
		return nil, err
	}
	kind, _ := original["kind"].(string)
	var out []mutant
	for _, op := range operators {
		for i, n := range nodes(original, "", nil, nil) {
			for variant := range op.variants(n) {
				var fresh map[string]any
				if err := json.Unmarshal(whole, &fresh); err != nil {
					return nil, err
				}
				was, is := op.apply(nodes(fresh, "", nil, nil)[i], variant)
				data, err := json.Marshal(fresh)
				if err != nil {
					return nil, err
				}
				out = append(out, mutant{operator: op.name, kind: kind, path: n.path, was: was, is: is, data: data})
			}
		}
	}
	return out, nil
}

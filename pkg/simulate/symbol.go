package simulate

import (
	"fmt"
	"regexp"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// symbol is a text that stands for an unknown value.
var symbol = regexp.MustCompile(`<(?:tasks\.[^<>]+\.results\.[^<>]+|params\.[^<>]+)>`)

// IsSymbol reports whether the text contains a part that stands for an unknown value, such
// as <tasks.clone.results.commit>.
func IsSymbol(text string) bool { return symbol.MatchString(text) }

// symbolOf returns the text that stands for an unknown result of a pipeline task. The task
// is a path, and has the number of the combination if it has a matrix: build[2].
func symbolOf(task, result string) string { return "<tasks." + task + ".results." + result + ">" }

// unknown returns what stands for the value of a result that the script does not set.
func (p *plan) unknown(label string, r v1.TaskResult) any {
	if v, ok := p.chosen[symbolOf(label, r.Name)]; ok && r.Type == v1.ResultsTypeArray {
		return v
	}
	value := func(name string) string {
		s := symbolOf(label, name)
		if v, ok := p.chosen[s].(string); ok {
			return v
		}
		return s
	}
	use := p.useOf(base(label), r.Name)
	switch r.Type {
	case v1.ResultsTypeArray:
		items := make([]string, max(1, use.length))
		for i := range items {
			items[i] = value(fmt.Sprintf("%s[%d]", r.Name, i))
		}
		return items
	case v1.ResultsTypeObject:
		keys := slices.Clone(use.keys)
		for k := range r.Properties {
			keys = append(keys, k)
		}
		object := map[string]string{}
		for _, k := range keys {
			object[k] = value(r.Name + "." + k)
		}
		return object
	}
	return value(r.Name)
}

// useOf is how the pipeline uses the result.
func (p *plan) useOf(path, result string) use {
	if u := p.uses[path][result]; u != nil {
		return *u
	}
	return use{}
}

// base is the path of the task of a label.
func base(label string) string {
	if m := combination.FindStringIndex(label); m != nil {
		return label[:m[0]]
	}
	return label
}

var combination = regexp.MustCompile(`\[[0-9]+\]$`)

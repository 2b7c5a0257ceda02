package same

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/pac"
)

// ofPaC writes the annotations of Pipelines-as-Code that are lists in one form: [a, b] for
// "[ a,b ]", and one annotation for the tasks of several.
func ofPaC(o runtime.Object) {
	var annotations map[string]string
	switch o := o.(type) {
	case *v1.PipelineRun:
		annotations = o.Annotations
	case *v1.Pipeline:
		annotations = o.Annotations
	}
	var tasks []string
	for _, k := range slices.Sorted(maps.Keys(annotations)) {
		name, ok := strings.CutPrefix(k, pac.Prefix)
		task := ok && pac.IsTask(k)
		if !ok || !task && !slices.Contains(pac.Lists, name) {
			continue
		}
		items, err := pac.List(annotations[k])
		if err != nil {
			continue
		}
		for i := range items {
			items[i] = strings.ReplaceAll(items[i], ",", "&#44;")
		}
		if task {
			delete(annotations, k)
			tasks = append(tasks, items...)
			continue
		}
		annotations[k] = "[" + strings.Join(items, ", ") + "]"
	}
	if len(tasks) > 0 {
		annotations[pac.Task] = "[" + strings.Join(tasks, ", ") + "]"
	}
}

// variables returns a text with a blank on both sides of the names of the variables of
// Pipelines-as-Code, which ignores white space there. Nothing else in Tekton reads them.
func variables(s string) string {
	if !strings.Contains(s, "{{") {
		return s
	}
	var b strings.Builder
	last := 0
	for _, v := range pac.Variables(s) {
		if slices.Contains(pac.Standard, v.Key) {
			b.WriteString(s[last:v.Start] + "{{ " + v.Key + " }}")
			last = v.End
		}
	}
	return b.String() + s[last:]
}

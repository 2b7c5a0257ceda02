package importer

import (
	"bytes"

	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// yamlOf returns the texts that may be the YAML of a Task for FromYAML: the original, with its
// comments, and that of the object, for one of an older API version or with fields that the
// API server drops.
func (x *Index) yamlOf(o runtime.Object) []string {
	var out []string
	if text := x.texts[o]; text != "" {
		out = append(out, text)
	}
	var b bytes.Buffer
	if manifest.NewEncoder(&b).Encode(o) == nil {
		out = append(out, b.String())
	}
	return out
}

// boundTask returns a type with the inputs and results of a Task, whose definition is the YAML.
func (w *writer) boundTask(o *v1.Task, text string) *taskType {
	spec := contract(o)
	doc := spec.Description
	spec.Description = "" // the YAML has it
	t := w.writeSpec(w.name("", w.index.Spelling.exported(o.Name), "Task"), o.Name, spec, nil, nil, "spec", func(t *taskType, b *taskBody) {
		name := w.name("yaml", w.index.Spelling.unexported(o.Name+"-YAML"), "")
		b.add(nil, plan.Method(t.Param, "FromYAML", plan.Embedded{Name: name, Path: "tasks/" + dashed(o.Name) + ".yaml", Text: text, Bytes: true}))
	})
	t.Doc = doc
	return t
}

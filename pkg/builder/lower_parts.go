package builder

import (
	"reflect"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// parts collects the objects that a pipeline refers to, each once.
type parts struct {
	l                         *lowering
	actions, tasks, pipelines []object.Object
	index                     map[[2]string]object.Object // by kind and name
}

func newParts(l *lowering) *parts {
	return &parts{l: l, index: map[[2]string]object.Object{}}
}

// add collects the objects that a task refers to.
func (ps *parts) add(def *definition) {
	if def == nil {
		return
	}
	for _, a := range def.actions {
		ps.put(&ps.actions, a.checked())
	}
	if def.name != "" {
		ps.put(&ps.tasks, def.object())
	}
	if def.nested == nil {
		return
	}
	objects := def.nested.objects
	if def.embedded {
		objects = objects[:len(objects)-1]
	}
	for _, o := range objects {
		switch o.GetObjectKind().GroupVersionKind().Kind {
		case "StepAction":
			ps.put(&ps.actions, o)
		case "Task":
			ps.put(&ps.tasks, o)
		default:
			ps.put(&ps.pipelines, o)
		}
	}
	for _, f := range def.nested.findings {
		if !slices.ContainsFunc(ps.l.list, func(g diag.Finding) bool { return reflect.DeepEqual(f, g) }) {
			ps.l.list = append(ps.l.list, f)
		}
	}
}

// put adds an object unless it has been added already. Two different objects with
// the same name are a mistake.
func (ps *parts) put(list *[]object.Object, o object.Object) {
	meta, ok := o.Object.(metav1.Object)
	if !ok {
		return
	}
	kind := o.GetObjectKind().GroupVersionKind().Kind
	key := [2]string{kind, meta.GetName()}
	first, ok := ps.index[key]
	switch {
	case !ok:
		ps.index[key] = o
		*list = append(*list, o)
	case !reflect.DeepEqual(first.Object, o.Object):
		f := ps.l.reportf(nil, "definition-differs", "%s %s has two different definitions", kind, quote(meta.GetName()))
		f.Position = o.At(diag.Path{})
		f.Subject = meta.GetName()
		f.Related = []diag.Related{{Message: "the first definition", Position: first.At(diag.Path{})}}
		if path := difference(first, o); !path.IsRoot() {
			f.Message = kind + " " + quote(meta.GetName()) + " has two definitions, which differ at " + path.String()
		}
		f.Help = "make TaskName return a different name for each task type and for each combination of the fields that are not inputs, and do not let Define depend on the values of inputs"
		switch kind {
		case "StepAction":
			f.Help = "make StepActionName return a different name for each StepAction type and for each combination of the fields that are not inputs"
		case "Pipeline":
			f.Help = "give each pipeline a different name"
		}
		if kind == "Pipeline" { // callers expect the pipeline itself as the last object
			*list = append(*list, o)
		}
	}
}

// difference returns the path of the first value in which two objects differ.
func difference(a, b object.Object) diag.Path {
	one, err := yamlwrite.Of(a.Object)
	if err != nil {
		return diag.Path{}
	}
	two, err := yamlwrite.Of(b.Object)
	if err != nil {
		return diag.Path{}
	}
	path, _ := yamlwrite.Difference(&one, &two)
	return path
}

func (ps *parts) objects() []object.Object {
	return slices.Concat(ps.actions, ps.tasks, ps.pipelines)
}

// withActions returns the StepActions that the Task uses, followed by the Task.
func (d *definition) withActions() []object.Object {
	var out []object.Object
	for _, a := range d.actions {
		out = append(out, a.checked())
	}
	if d.name == "" {
		return out
	}
	return append(out, d.object())
}

func (d *definition) object() object.Object {
	return object.Object{Locate: d.places.Locate(d.at), Adjust: d.adjust, Signature: d.known.find(), Object: &v1.Task{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1.SchemeGroupVersion.String(), Kind: "Task"},
		ObjectMeta: d.meta, Spec: d.spec,
	}}
}

package manifest

import (
	"cmp"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// existing returns the Tasks, Pipelines and StepActions in the cluster to which the
// documents refer, in order: those whose params and results the builder knows.
func existing(docs []document) []declaredObject {
	seen := map[diag.ObjectRef]bool{}
	var out []declaredObject
	for _, d := range docs {
		if d.Signature == nil {
			continue
		}
		namedRefs(d.Object.Object, func(path diag.Path) {
			ref := d.Signature(path).Ref()
			ref.Namespace = d.ref.Namespace
			if ref.Name == "" || seen[ref] {
				return
			}
			seen[ref] = true
			out = append(out, declaredObject{APIVersion: ref.APIVersion, Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name})
		})
	}
	slices.SortFunc(out, func(a, b declaredObject) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// namedRefs calls visit with the paths of the references of an object that have a name.
func namedRefs(o any, visit func(diag.Path)) {
	spec := diag.Fields("spec")
	switch o := o.(type) {
	case *v1.Task:
		refsOfSteps(&o.Spec, spec, visit)
	case *v1.TaskRun:
		if r := o.Spec.TaskRef; r != nil && r.Name != "" {
			visit(spec.Field("taskRef"))
		}
		refsOfSteps(o.Spec.TaskSpec, spec.Field("taskSpec"), visit)
	case *v1.Pipeline:
		refsOfTasks(&o.Spec, spec, visit)
	case *v1.PipelineRun:
		if r := o.Spec.PipelineRef; r != nil && r.Name != "" {
			visit(spec.Field("pipelineRef"))
		}
		refsOfTasks(o.Spec.PipelineSpec, spec.Field("pipelineSpec"), visit)
	}
}

func refsOfTasks(s *v1.PipelineSpec, at diag.Path, visit func(diag.Path)) {
	if s == nil {
		return
	}
	each := func(list []v1.PipelineTask, field string) {
		for i := range list {
			t, path := &list[i], at.FieldIndex(field, i)
			if t.TaskRef != nil && t.TaskRef.Name != "" {
				visit(path.Field("taskRef"))
			}
			if t.PipelineRef != nil && t.PipelineRef.Name != "" {
				visit(path.Field("pipelineRef"))
			}
			if t.TaskSpec != nil {
				refsOfSteps(&t.TaskSpec.TaskSpec, path.Field("taskSpec"), visit)
			}
			refsOfTasks(t.PipelineSpec, path.Field("pipelineSpec"), visit)
		}
	}
	each(s.Tasks, "tasks")
	each(s.Finally, "finally")
}

func refsOfSteps(s *v1.TaskSpec, at diag.Path, visit func(diag.Path)) {
	if s == nil {
		return
	}
	for i := range s.Steps {
		if r := s.Steps[i].Ref; r != nil && r.Name != "" {
			visit(at.FieldIndex("steps", i).Field("ref"))
		}
	}
}

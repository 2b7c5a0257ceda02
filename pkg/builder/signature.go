package builder

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// signatures are what is declared for Tasks, Pipelines and StepActions that are described
// elsewhere, by the path of the reference.
type signatures map[string]object.Object

// find is what [object.Object.Signature] needs, nil if there are none.
func (s signatures) find() func(diag.Path) object.Object {
	if len(s) == 0 {
		return nil
	}
	return func(path diag.Path) object.Object { return s[path.String()] }
}

// knows records a signature.
func (l *lowering) knows(path diag.Path, o object.Object) {
	if l.known == nil {
		l.known = signatures{}
	}
	l.known[path.String()] = o
}

// mount records the signatures in a spec that is embedded at the path.
func (l *lowering) mount(path diag.Path, inner signatures) {
	for at, o := range inner {
		if l.known == nil {
			l.known = signatures{}
		}
		l.known[path.String()+strings.TrimPrefix(at, "spec")] = o
	}
}

// signature lowers what is declared for an object that is described elsewhere, which is
// lowered nowhere else.
func (l *lowering) signature(at place, declared func(l *lowering) object.Object) object.Object {
	s := newLowering(l.owner)
	o := declared(s)
	o.Locate = s.places.Locate(at)
	l.list = append(l.list, s.list...)
	return o
}

// signature lowers the declared params, workspaces and results.
func (t *Task) signature(l *lowering) object.Object {
	return l.signature(t.pipelineTask.at, func(l *lowering) object.Object {
		return object.Object{Object: &v1.Task{
			TypeMeta:   metav1.TypeMeta{APIVersion: v1.SchemeGroupVersion.String(), Kind: "Task"},
			ObjectMeta: metav1.ObjectMeta{Name: handle.Strip(t.name), Annotations: t.concurrent(nil)},
			Spec: v1.TaskSpec{
				Params: l.params(diag.Fields("spec"), t.params), Workspaces: l.workspaces(t.workspaces), Results: l.results(t),
			},
		}}
	})
}

// signature lowers the declared params and results.
func (s *StepAction) signature(l *lowering) object.Object {
	return l.signature(s.def.at, func(l *lowering) object.Object {
		spec := diag.Fields("spec")
		return object.Object{Object: &v1beta1.StepAction{
			TypeMeta:   metav1.TypeMeta{APIVersion: v1beta1.SchemeGroupVersion.String(), Kind: "StepAction"},
			ObjectMeta: metav1.ObjectMeta{Name: handle.Strip(s.def.name)},
			Spec:       v1beta1.StepActionSpec{Params: l.params(spec, s.params), Results: l.stepResults(spec, s.results)},
		}}
	})
}

package check

import (
	"reflect"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/diag"

	"github.com/tekwright/tekwright/pkg/object"
)

// entry is an object of the set; at most one of the typed pointers is set.
type entry struct {
	object.Object
	ref diag.ObjectRef

	task     *v1.Task
	pipeline *v1.Pipeline
	run      *v1.PipelineRun
	taskRun  *v1.TaskRun
	action   *v1beta1.StepAction

	old       runtime.Object // the object of v1beta1 that one of the above was converted from
	customRun *v1beta1.CustomRun
	policy    *verificationPolicy

	kube runtime.Object // the object as a struct, of the kinds that decode_infra.go lists

	event eventObject // the object as a struct, of the kinds of Tekton Triggers

	// within is the object that holds this one, at prefix: a TriggerTemplate
	// holds the bodies of the runs that it starts.
	within *entry
	prefix string
}

// owner is the object that findings in e belong to, and what a path of e is
// called there.
func (e *entry) owner(path string) (*entry, string) {
	path = e.spelt(path)
	for ; e.within != nil; e = e.within {
		path = field(e.prefix, path)
	}
	return e, strings.TrimSuffix(path, ".")
}

// set is all objects of a run, found by kind and name.
type set struct {
	entries []*entry
	index   map[[2]string][]*entry
}

func newSet(objects []object.Object) *set {
	s := &set{index: map[[2]string][]*entry{}}
	for _, o := range objects {
		if o.IsNil() {
			continue
		}
		e := newEntry(o)
		s.entries = append(s.entries, e)
		k := [2]string{e.ref.Kind, e.ref.Name}
		s.index[k] = append(s.index[k], e)
	}
	return s
}

func newEntry(o object.Object) *entry {
	e := &entry{Object: o, ref: o.Ref()}
	e.decodeTekton()
	if e.ref.Kind == "" {
		e.ref.Kind = e.kind()
	}
	e.decodeInfra()
	e.decodeTriggers()
	return e
}

// kind is the kind of a typed object that does not say it.
func (e *entry) kind() string {
	switch {
	case e.task != nil:
		return "Task"
	case e.pipeline != nil:
		return "Pipeline"
	case e.run != nil:
		return "PipelineRun"
	case e.taskRun != nil:
		return "TaskRun"
	case e.action != nil:
		return "StepAction"
	case e.customRun != nil:
		return "CustomRun"
	}
	return reflect.TypeOf(e.Object.Object).Elem().Name()
}

// tekton reports whether the object is one of the typed ones.
func (e *entry) tekton() bool {
	return e.task != nil || e.pipeline != nil || e.run != nil || e.taskRun != nil || e.action != nil
}

// maxAlternatives bounds how many objects of one name are told apart.
const maxAlternatives = 32

// find returns the object of that kind and name which something in namespace
// refers to, nil if it is not in the set. An object without a namespace lands
// wherever it is applied, so it fits all.
//
// Of several, which is told as object-duplicate, it is the one in the file of
// the object that is looked at: files that have nothing to do with each other
// may be checked together.
func (c *checker) find(kind, namespace, name string) *entry {
	var best *entry
	closest := 0
	all := c.index[[2]string{kind, name}]
	for _, e := range all {
		near := 1
		switch {
		case e.ref.Namespace == namespace:
			near = 3
		case e.ref.Namespace != "" && namespace != "":
			continue
		}
		if 1 < len(all) && len(all) <= maxAlternatives && c.current != nil && e.file() == c.current.file() {
			near++
		}
		if near > closest {
			best, closest = e, near
		}
		if closest == 3 && len(all) > maxAlternatives {
			break
		}
	}
	return best
}

// file is where the object comes from, "" if nobody knows.
func (e *entry) file() string {
	for e.within != nil {
		e = e.within
	}
	return e.At(diag.Path{}).File
}

// names lists the objects of a kind, for suggestions.
func (s *set) names(kind string) []string {
	var out []string
	for _, e := range s.entries {
		if e.ref.Kind == kind {
			out = append(out, e.ref.Name)
		}
	}
	return out
}

package importer

import (
	"fmt"
	"path"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// Index has the objects that references may resolve to, and the names that are given in the
// package that the objects become.
type Index struct {
	objects map[[2]string][]entry // by kind and name
	uses    map[string][]use      // tasks that refer to a Task, by reference
	results map[runtime.Object]*Result

	tasks     map[*v1.Task]*taskType
	actions   map[*v1beta1.StepAction]*actionType
	pipelines map[*v1.Pipeline]*pipelineFunc
	remote    map[string]*taskType // types for Tasks that are elsewhere, by reference

	names *names
	given map[string]string // names of declarations, by what they declare
	ids   map[runtime.Object]int
}

// entry is an object of the index.
type entry struct {
	object runtime.Object
	file   string
}

// use is a task that refers to a Task.
type use struct {
	spec *v1.PipelineSpec
	pt   *v1.PipelineTask
}

// pipelineFunc is the function that describes a Pipeline.
type pipelineFunc struct {
	fn     *plan.Func
	body   *pipelineBody
	fields *names // of the struct that it returns
	known  map[*plan.Var]string
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	return &Index{
		objects: map[[2]string][]entry{}, uses: map[string][]use{}, results: map[runtime.Object]*Result{},
		tasks: map[*v1.Task]*taskType{}, actions: map[*v1beta1.StepAction]*actionType{},
		pipelines: map[*v1.Pipeline]*pipelineFunc{}, remote: map[string]*taskType{},
		names: newNames(nil), given: map[string]string{}, ids: map[runtime.Object]int{},
	}
}

// Add adds an object of the current API version, which must not change any more, and the
// file that it is from, with slashes. All objects must be added before the first one is
// imported. Nothing refers to objects of other kinds than those of Tekton and roles.
func (x *Index) Add(o runtime.Object, file string) {
	put := func(kind, name string) {
		k := [2]string{kind, name}
		x.objects[k] = append(x.objects[k], entry{o, file})
	}
	x.ids[o] = len(x.ids)
	switch o := o.(type) {
	case *v1.Task:
		put("Task", o.Name)
	case *v1.Pipeline:
		put("Pipeline", o.Name)
		x.use(&o.Spec)
	case *v1beta1.StepAction:
		put("StepAction", o.Name)
	case *v1.PipelineRun:
		x.use(o.Spec.PipelineSpec)
	case *v1.TaskRun:
		x.use(pipelineOf(o))
	case *rbacv1.Role, *rbacv1.ClusterRole, *rbacv1.RoleBinding, *rbacv1.ClusterRoleBinding:
		put(o.GetObjectKind().GroupVersionKind().Kind, nameOf(o))
	}
}

func (x *Index) use(spec *v1.PipelineSpec) {
	if spec == nil {
		return
	}
	for _, list := range [][]v1.PipelineTask{spec.Tasks, spec.Finally} {
		for i := range list {
			if r := list[i].TaskRef; r != nil {
				key := reference(r)
				x.uses[key] = append(x.uses[key], use{spec, &list[i]})
			}
		}
	}
}

// find returns the object that a reference in a file most probably means: one that has what
// the reference uses, and among these the nearest. A repository may contain several versions
// of a Task.
func (x *Index) find(kind, name, file string, fits func(runtime.Object) bool) (runtime.Object, string) {
	list := x.objects[[2]string{kind, name}]
	if len(list) == 0 {
		return nil, ""
	}
	best := slices.MaxFunc(list, func(a, b entry) int { // the first of equal ones
		return score(a, file, fits) - score(b, file, fits)
	})
	return best.object, best.file
}

func score(e entry, file string, fits func(runtime.Object) bool) int {
	n := 0
	if fits(e.object) {
		n += 100000
	}
	if e.file == file {
		return n + 50000
	}
	a, b := strings.Split(path.Dir(e.file), "/"), strings.Split(path.Dir(file), "/")
	shared := 0
	for shared < min(len(a), len(b)) && a[shared] == b[shared] {
		shared++
	}
	return n + 100*shared - len(a)
}

// name returns the name of a declaration: the same one each time, and none that another
// declaration has. what says what it declares, as the part of an object.
func (w *writer) name(what, want, suffix string) string {
	key := fmt.Sprint(w.index.ids[w.object], " ", what)
	if what != "" && what[0] == '=' { // of the package
		key = what
	}
	if n, ok := w.index.given[key]; ok {
		return n
	}
	n := w.index.names.take(want, suffix)
	for w.index.names.has(n + "Out") {
		n = w.index.names.take(want+suffix, suffix)
	}
	w.index.names.taken[n+"Out"] = true
	w.index.given[key] = n
	return n
}

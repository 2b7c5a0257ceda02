package importer

import (
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/tekref"
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
	used      map[*v1.PipelineSpec]map[string][]tekref.Variable
	remote    map[string]*taskType // types for Tasks that are elsewhere, by reference
	foreign   map[string]*taskType // those that other files of the package declare
	usesBound map[string]bool      // those of them that a task has, by reference

	names  *names
	given  map[string]string         // names of declarations, by what they declare
	ids    map[runtime.Object]string // kind and name, unique
	count  map[string]int            // objects by kind and name
	absent map[*plan.Type]bool       // types of Tasks that are elsewhere
	wanted map[string]string         // names that are known before, by what they declare
	texts  map[runtime.Object]string // the YAML of objects

	Options
}

// Options are what the user decides of the Go.
type Options struct {
	// Scripts says where scripts go.
	Scripts Scripts
	// Names are Go names that are known before the import, by what they declare, as
	// [Index.Names] returns them. One that is not valid, or not free, is ignored.
	Names map[string]string
	// Spelling says which words are written in upper case, besides the usual ones.
	Spelling Spelling
	// Refused are objects that become values of their upstream types, by kind and name as
	// in Names, with the reason.
	Refused map[string]string
	// Exact is set if the Go must describe objects as they are written: also the order of
	// lists, and values that are defaults.
	Exact bool
	// TasksAsYAML is set if a Task becomes a type with its inputs and results, and its YAML.
	TasksAsYAML bool
	// Elsewhere returns the Task that a reference means and that is not among the objects, nil
	// if it is not known. It may be nil.
	Elsewhere func(*v1.TaskRef) *v1.Task
	// Bound are Tasks that are elsewhere, and whose types other files of the package declare,
	// by reference, as [Reference] returns it.
	Bound map[string]*Bound
}

// Scripts says where scripts go: into files or into the Go.
type Scripts string

// Where scripts go. The zero value is ScriptsAuto.
const (
	ScriptsAuto   Scripts = "auto"   // those with more than five lines into files
	ScriptsEmbed  Scripts = "embed"  // all into files
	ScriptsInline Scripts = "inline" // all into the Go
)

// entry is an object of the index.
type entry struct {
	object runtime.Object
	file   string
	known  bool // it is not one of the objects
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
	x := &Index{
		objects: map[[2]string][]entry{}, uses: map[string][]use{}, results: map[runtime.Object]*Result{},
		tasks: map[*v1.Task]*taskType{}, actions: map[*v1beta1.StepAction]*actionType{},
		pipelines: map[*v1.Pipeline]*pipelineFunc{}, remote: map[string]*taskType{}, foreign: map[string]*taskType{}, usesBound: map[string]bool{},
		names: newNames(nil), given: map[string]string{}, ids: map[runtime.Object]string{},
		count: map[string]int{}, absent: map[*plan.Type]bool{}, wanted: map[string]string{}, texts: map[runtime.Object]string{},
	}
	x.used = map[*v1.PipelineSpec]map[string][]tekref.Variable{}
	x.names.taken["Set"], x.names.taken["Runs"] = true, true // functions of the package
	return x
}

// Names returns the names that the import has chosen, by what they declare: "Task git-clone"
// is the type of a Task, "Task git-clone param url" its field for a param.
func (x *Index) Names() map[string]string { return maps.Clone(x.given) }

// ID returns the kind and the name of an object of the index. Several objects that have them
// in common are numbered.
func (x *Index) ID(o runtime.Object) string { return x.ids[o] }

// IsElsewhere reports whether a type is the signature of a Task that is not among the objects.
func (x *Index) IsElsewhere(t *plan.Type) bool { return x.absent[t] }

// Take takes names that other files of the package declare.
func (x *Index) Take(names ...string) {
	for _, n := range names {
		x.names.taken[n] = true
	}
}

// begin reserves the names that are known before the first object is imported, so that no
// other declaration gets them.
func (x *Index) begin() {
	if x.Options.Names == nil {
		return
	}
	wanted := x.Options.Names
	x.Options.Names = nil
	there := map[string]bool{}
	for _, id := range x.ids {
		there[id] = true
	}
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		name := wanted[key]
		if isField(key) {
			if token.IsIdentifier(name) && token.IsExported(name) {
				x.wanted[key] = name
			}
			continue
		}
		id := key
		if parts := strings.SplitN(key, " ", 3); len(parts) == 3 && key[0] != '=' {
			id = parts[0] + " " + parts[1]
		}
		if key[0] != '=' && !there[id] || !token.IsIdentifier(name) || x.names.has(name) || x.names.has(name+"Out") {
			continue
		}
		x.wanted[key] = name
		x.names.taken[name], x.names.taken[name+"Out"] = true, true
	}
}

// isField reports whether a name of the index is that of a field.
func isField(key string) bool {
	parts := strings.Split(key, " ")
	return len(parts) == 4 && key[0] != '=' && slices.Contains([]string{"param", "workspace", "result"}, parts[2])
}

// field returns the name of a field of a type: the one that it had before, or else the name
// that is suggested.
func (x *Index) field(owner, kind, name string, fields *names, suggest, suffix string) string {
	if owner == "" {
		return fields.take(suggest, suffix)
	}
	key := owner + " " + kind + " " + name
	n, ok := x.wanted[key]
	if !ok {
		n = fields.take(suggest, suffix)
	}
	x.given[key] = n
	return n
}

// reserve takes the names that fields had before, so that no other field gets them. A Task may
// declare one twice.
func (x *Index) reserve(owner, kind string, fields *names, declared ...string) {
	seen := make(map[string]bool, len(declared))
	for _, name := range declared {
		if seen[name] {
			continue
		}
		seen[name] = true
		key := owner + " " + kind + " " + name
		n, ok := x.wanted[key]
		switch {
		case !ok:
		case fields.has(n) || kind == "result" && hidesMethod(n):
			delete(x.wanted, key)
		default:
			fields.taken[n] = true
		}
	}
}

// Add adds an object of the current API version, which must not change any more, and the
// file that it is from, with slashes. All objects must be added before the first one is
// imported. Objects of kinds that the importer does not translate are ignored.
func (x *Index) Add(o runtime.Object, file string) {
	put := func(kind, name string) {
		k := [2]string{kind, name}
		x.objects[k] = append(x.objects[k], entry{o, file, false})
	}
	id := o.GetObjectKind().GroupVersionKind().Kind + " " + nameOfObject(o)
	if x.count[id]++; x.count[id] > 1 {
		id += "#" + strconv.Itoa(x.count[id])
	}
	x.ids[o] = id
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

// Know adds an object that is not imported: references to it resolve, and Go has its signature
// alone. The object is from the file, and must not change any more.
func (x *Index) Know(o runtime.Object, file string) {
	switch o.(type) {
	case *v1.Task, *v1.Pipeline, *v1beta1.StepAction:
		k := [2]string{o.GetObjectKind().GroupVersionKind().Kind, nameOfObject(o)}
		x.objects[k] = append(x.objects[k], entry{o, file, true})
	}
}

// isKnown reports whether an object is not one of those that are imported.
func (x *Index) isKnown(o runtime.Object) bool { return x.ids[o] == "" }

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
	if !e.known {
		n += 60000
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
	key := strings.TrimSuffix(w.index.ids[w.object]+" "+what, " ")
	if what != "" && what[0] == '=' { // of the package
		key = what
	}
	if n, ok := w.index.given[key]; ok {
		return n
	}
	if n, ok := w.index.wanted[key]; ok {
		w.index.given[key] = n
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

// nameOfObject returns the name of an object, or its generateName.
func nameOfObject(o runtime.Object) string {
	if m, ok := o.(metav1.Object); ok {
		if m.GetName() != "" {
			return m.GetName()
		}
		return m.GetGenerateName()
	}
	return ""
}

// Variable returns the name of a variable of the package, such as one for an embedded file.
func (x *Index) Variable(what string) string {
	x.begin()
	return (&writer{index: x}).name("= "+what, x.Spelling.unexported(what), "YAML")
}

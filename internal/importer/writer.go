package importer

import (
	"reflect"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// writer translates one object. It is used again with the hatches that a comparison with
// the original asks for.
type writer struct {
	index      *Index
	object     runtime.Object
	file       string                       // of the object
	owners     map[string]reflect.Type      // the parts that have a Mutate method, by their path in the original
	hatch      map[string][]plan.Assignment // by owner
	raws       []Hatch                      // objects in templates that are texts
	own        *plan.Type                   // the type that the object is, nil if it is a function
	types      []*plan.Type                 // those that are translated from parts of the object
	rawObjects bool                         // objects in templates are texts
	folder     *annotated                   // of a run of Pipelines-as-Code, which is a run of package pac then
	keep       func()                       // makes the translation that of the object
}

// write translates an object to a function, or to nil if no call makes such an object.
func (w *writer) write() *plan.Func {
	switch o := w.object.(type) {
	case *v1.Task:
		t := w.writeTask(o)
		w.own = t.Type
		w.keep = func() { w.index.tasks[o] = t }
		return w.define(t.Type)
	case *v1beta1.StepAction:
		t := w.writeAction(o)
		w.keep = func() { w.index.actions[o] = t }
		return &plan.Func{
			Name: "Define" + t.Name, Says: "returns the StepAction " + t.Object, Result: "*builder.StepActionDefinition",
			Returns: plan.Fn("DefineStepAction", plan.Make{Type: t.Type}),
		}
	case *v1.Pipeline:
		f := w.writePipeline(o)
		w.keep = func() { w.index.pipelines[o] = f }
		return f.fn
	case *v1.PipelineRun:
		return w.pipelineRun(o)
	case *v1.TaskRun:
		return w.taskRun(o)
	}
	return w.triggerObject(w.object)
}

// define returns a function that returns the definition of a task type.
func (w *writer) define(t *plan.Type) *plan.Func {
	return &plan.Func{
		Name: "Define" + t.Name, Says: "returns the Task " + t.Object, Result: "*builder.Definition",
		Returns: plan.Fn("Define", plan.Make{Type: t}),
	}
}

// taskType returns the type of a Task of the index.
func (w *writer) taskType(o *v1.Task, file string) *taskType {
	Import(w.index, o, file)
	return w.index.tasks[o]
}

// action returns the type of a StepAction of the index.
func (w *writer) action(o *v1beta1.StepAction, file string) *actionType {
	Import(w.index, o, file)
	return w.index.actions[o]
}

// pipeline returns the function of a Pipeline of the index.
func (w *writer) pipeline(o *v1.Pipeline, file string) *pipelineFunc {
	Import(w.index, o, file)
	return w.index.pipelines[o]
}

// none is the path of a definition that is no part of the original.
const none = "-"

// chain is a chain of method calls.
type chain struct{ e plan.Expr }

func (c *chain) do(method string, args ...plan.Expr) { c.e = plan.Method(c.e, method, args...) }

// mutate adds the call of Mutate that the part of the original at a path needs.
func (w *writer) mutate(c *chain, at string, of reflect.Type) {
	w.owners[at] = of
	if sets := w.hatch[at]; len(sets) > 0 {
		c.do("Mutate", plan.Change{Of: of, Sets: sets})
	}
}

// mutateAt is mutate as a statement of its own.
func (w *writer) mutateAt(body *[]plan.Stmt, on *plan.Var, at string, of reflect.Type) {
	c := &chain{on}
	w.mutate(c, at, of)
	if c.e != plan.Expr(on) {
		*body = append(*body, plan.Stmt{Expr: c.e})
	}
}

// embed returns a script as a file that the Go embeds. Its path is made of words, so that it
// stays in the folder whatever the names are.
func (b *taskBody) embed(part, script string) plan.Expr {
	ext := ".sh"
	first, _, _ := strings.Cut(script, "\n")
	switch {
	case !strings.HasPrefix(first, "#!"):
	case strings.Contains(first, "python"):
		ext = ".py"
	case strings.Contains(first, "node"):
		ext = ".js"
	}
	want := b.w.index.Spelling.unexported(b.owner + "-" + part + "-script")
	name := b.w.name(b.at+" "+part+" script", want, "")
	for i := 2; b.names.local(name); i++ {
		name = b.w.name(b.at+" "+part+" script "+strconv.Itoa(i), want, "")
	}
	return plan.Embedded{
		Name: name, Path: "scripts/" + dashed(b.owner) + "/" + dashed(part) + strings.TrimPrefix(name, want) + ext, Text: script,
	}
}

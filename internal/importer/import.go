// Package importer translates objects of Tekton to Go that describes them with package
// builder.
//
// What it translates an object to is executed at once, and compared with the original by the
// rules of package same. A field in which the two differ is set by Mutate, and an object
// that still differs becomes a value of its upstream type. So the Go always describes the
// original, whatever the translation knows of a field.
package importer

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/importer/same"
)

// Result is what became of an object.
type Result struct {
	// Func describes the object, nil if the object can only be YAML. A binding of a Role or
	// ClusterRole may have the Func of its role, which then describes both.
	Func *plan.Func
	// Hatches are the fields that are set by Mutate, and the objects in templates that are
	// texts.
	Hatches []Hatch
	// Reason says why Func is nil.
	Reason string
	// Generated is the comment of the original that says that a program has made it, "" if
	// there is none. What should be imported then is the source of that program.
	Generated string
	// Faults are the errors that the builder itself finds in what Func describes.
	Faults []string
	// Bound is set for a Task that is a type with its inputs and results, and its YAML.
	Bound bool
}

// Hatch is a field that no call sets as the original does.
type Hatch struct {
	Path   string // spec.steps[0].imagePullPolicy
	Kind   string // spec.steps.imagePullPolicy
	Leaves int    // how many values it has
}

// Import translates an object of the index. The result is always the same one.
func Import(x *Index, o runtime.Object, file string) *Result {
	if r := x.results[o]; r != nil {
		return r
	}
	r := &Result{}
	x.results[o] = r
	x.begin()
	if reason, ok := x.Refused[x.ids[o]]; ok {
		return r.raw(reason)
	}
	if ofKubernetes(o) {
		r := x.kubernetes(o, file)
		x.results[o] = r
		if r.Func != nil {
			(&writer{index: x, object: o}).annotate(r.Func, r)
		}
		return r
	}
	if found := x.repository(o, file); found != nil {
		x.results[o] = found
		return found
	}
	if run, ok := o.(*v1.PipelineRun); ok && inFolder(o, file) {
		if found := x.folderRun(run, file); found != nil {
			x.results[o] = found
			return found
		}
	}
	if task, ok := o.(*v1.Task); ok && x.TasksAsYAML {
		if x.bound(r, task, file) {
			return r
		}
	}
	x.translate(r, o, file, nil)
	if task, ok := o.(*v1.Task); ok && r.Func == nil {
		reason := r.Reason
		if again := (&Result{}); x.bound(again, task, file) {
			*r, r.Reason = *again, reason
		}
	}
	return r
}

// bound makes the result a type with the inputs and results of a Task, and its YAML. It reports
// whether it can.
func (x *Index) bound(r *Result, o *v1.Task, file string) bool {
	for _, text := range x.yamlOf(o) {
		w := &writer{index: x, object: o, file: file, owners: map[string]reflect.Type{}}
		t := w.boundTask(o, text)
		f := w.define(t.Type)
		got, faults, err := execute(f, o)
		if err != nil || slices.ContainsFunc(faults, func(code string) bool { return strings.HasPrefix(code, "source-") }) ||
			len(x.differences(x.prepared(o), x.prepared(got))) > 0 {
			continue
		}
		*r = Result{Func: f, Faults: faults, Bound: true, Generated: generatedIn(x.texts[o])}
		x.tasks[o] = t
		return true
	}
	return false
}

// prepared returns an object for a comparison.
func (x *Index) prepared(o runtime.Object) runtime.Object {
	if x.Exact {
		return same.Written(o)
	}
	return same.Prepared(o)
}

// differences returns the parts in which two prepared objects differ.
func (x *Index) differences(a, b runtime.Object) []same.Difference {
	if x.Exact {
		return same.Exactly(a, b)
	}
	return same.Objects(a, b)
}

// translate translates an object of Tekton: as a run of a folder of Pipelines-as-Code, if of is
// what its annotations say.
func (x *Index) translate(r *Result, o runtime.Object, file string, of *annotated) *Result {
	want := x.prepared(o)
	hatches := map[string][]plan.Assignment{}
	rawObjects := false
	for range 4 {
		w := &writer{index: x, object: o, file: file, owners: map[string]reflect.Type{}, hatch: hatches, rawObjects: rawObjects, folder: of}
		f := w.write()
		if f == nil {
			return r.raw(w.why())
		}
		if w.keep != nil {
			w.keep()
		}
		got, faults, err := execute(f, o)
		if err != nil {
			return r.raw(err.Error())
		}
		r.Faults = faults
		diffs := x.differences(want, x.prepared(got))
		if len(diffs) == 0 {
			r.Func, r.Hatches = f, append(r.Hatches, w.raws...)
			w.annotate(f, r)
			return r
		}
		if !rawObjects && slices.ContainsFunc(diffs, func(d same.Difference) bool { return strings.Contains(d.Kind(), "resourcetemplates") }) {
			rawObjects = true
			continue
		}
		for _, d := range diffs {
			if !w.patch(&d, hatches) {
				return r.raw("no call sets " + d.Kind())
			}
			r.Hatches = append(r.Hatches, Hatch{d.String(), d.Kind(), leaves(d.A)})
		}
	}
	return r.raw("fields differ although they are set by Mutate: " + r.Hatches[len(r.Hatches)-1].Kind)
}

// raw makes the result one of an object that can only be a value of its upstream type.
func (r *Result) raw(reason string) *Result {
	r.Reason, r.Hatches, r.Faults = reason, nil, nil
	return r
}

// execute executes a function and returns the object with the kind and the name of the
// original.
func execute(f *plan.Func, o runtime.Object) (runtime.Object, []string, error) {
	source, err := plan.Run(f)
	if err != nil {
		return nil, nil, err
	}
	objects, err := source.Objects()
	faults := codes(err)
	for _, got := range slices.Backward(objects) {
		if reflect.TypeOf(got.Object) == reflect.TypeOf(o) && nameOf(got.Object) == nameOf(o) {
			return got.Object, faults, nil
		}
	}
	return nil, faults, fmt.Errorf("there is no %T in what the Go describes", o)
}

// why says why an object cannot be translated at all.
func (w *writer) why() string {
	switch w.object.(type) {
	case *v1.PipelineRun, *v1.TaskRun:
		return "it refers to nothing that it could run"
	}
	return "the importer has no Go for the kind " + w.object.GetObjectKind().GroupVersionKind().Kind
}

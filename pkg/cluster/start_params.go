package cluster

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// withParams sets the params of the run, so that the rules check what will be
// sent. If no run can be selected, it leaves the error to pick.
func withParams(objects []object.Object, name string, params v1.Params) ([]object.Object, error) {
	if len(params) == 0 {
		return objects, nil
	}
	upgraded, _, err := manifest.Upgrade(objects)
	if err != nil {
		return objects, nil
	}
	found, others, err := pick(upgraded, name)
	if err != nil {
		return objects, nil
	}
	if err := givenTwice(params); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(upgraded, func(o object.Object) bool { return o.Object == found.Object })
	switch run := found.Object.DeepCopyObject().(type) {
	case *v1.PipelineRun:
		err = pipelineOf(run, others).undeclared(params, run.Spec.Params)
		run.Spec.Params = replaced(run.Spec.Params, params)
		upgraded[i].Object = run
	case *v1.TaskRun:
		err = taskOf(run, others).undeclared(params, run.Spec.Params)
		run.Spec.Params = replaced(run.Spec.Params, params)
		upgraded[i].Object = run
	}
	return upgraded, err
}

func givenTwice(params v1.Params) error {
	var problems []error
	seen := map[string]int{}
	for _, p := range params {
		if seen[p.Name]++; seen[p.Name] == 2 {
			problems = append(problems, errors.New("param "+strconv.Quote(p.Name)+" is set twice"+help(`set it once; an array is one value, such as ["a", "b"]`)))
		}
	}
	return errors.Join(problems...)
}

// runnable is the Pipeline or Task of a run. The zero value means that the
// source does not contain it.
type runnable struct {
	label    string
	declared v1.ParamSpecs
	embedded any // the spec, if the run embeds it: it may use params that it does not declare
}

func pipelineOf(run *v1.PipelineRun, others []object.Object) runnable {
	if spec := run.Spec.PipelineSpec; spec != nil {
		return runnable{"the pipeline of the run", spec.Params, spec}
	}
	if ref := run.Spec.PipelineRef; ref != nil && ref.Resolver == "" {
		for _, o := range others {
			if p, is := o.Object.(*v1.Pipeline); is && p.Name == ref.Name && p.Namespace == run.Namespace {
				return runnable{"Pipeline " + strconv.Quote(p.Name), p.Spec.Params, nil}
			}
		}
	}
	return runnable{}
}

func taskOf(run *v1.TaskRun, others []object.Object) runnable {
	if spec := run.Spec.TaskSpec; spec != nil {
		return runnable{"the task of the run", spec.Params, spec}
	}
	if ref := run.Spec.TaskRef; ref != nil && ref.Resolver == "" && (ref.Kind == "" || ref.Kind == v1.NamespacedTaskKind) {
		for _, o := range others {
			if t, is := o.Object.(*v1.Task); is && t.Name == ref.Name && t.Namespace == run.Namespace {
				return runnable{"Task " + strconv.Quote(t.Name), t.Spec.Params, nil}
			}
		}
	}
	return runnable{}
}

// undeclared returns an error for params that have no effect. The rules only
// warn about those, since in YAML they may be meant for another version; one
// that is set explicitly is a mistake.
func (r runnable) undeclared(params, has v1.Params) error {
	if r.label == "" {
		return nil
	}
	var names []string
	for _, d := range r.declared {
		names = append(names, d.Name)
	}
	if r.embedded != nil {
		for _, p := range has {
			names = append(names, p.Name)
		}
	}
	text, err := json.Marshal(r.embedded)
	if err != nil {
		return err
	}
	var problems []error
	for _, p := range params {
		if slices.Contains(names, p.Name) || uses(string(text), p.Name) {
			continue
		}
		what := "remove it: no params are declared"
		if near := suggest.Name(p.Name, names); near != "" {
			what = "did you mean " + strconv.Quote(near) + "?"
		} else if len(names) > 0 {
			quotes := make([]string, len(names))
			for i, n := range names {
				quotes[i] = strconv.Quote(n)
			}
			what = "use one of the declared params: " + strings.Join(quotes, ", ")
		}
		problems = append(problems, errors.New("param "+strconv.Quote(p.Name)+" is not declared by "+r.label+help(what)))
	}
	return errors.Join(problems...)
}

// uses reports whether a JSON text contains a variable for the param.
func uses(text, name string) bool {
	for _, ref := range []string{"params." + name, "params['" + name, `params[\"` + name} {
		if strings.Contains(text, ref) {
			return true
		}
	}
	return false
}

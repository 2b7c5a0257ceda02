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

// withParams gives the run of the objects the params, so that the rules see what
// will be sent. A run that cannot be picked is left to pick.
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
		err = pipelineOf(run, others).takes(params, run.Spec.Params)
		run.Spec.Params = replaced(run.Spec.Params, params)
		upgraded[i].Object = run
	case *v1.TaskRun:
		err = taskOf(run, others).takes(params, run.Spec.Params)
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
			problems = append(problems, errors.New("param "+strconv.Quote(p.Name)+" is given twice"+help(`give it once: a list is one value, such as ["a", "b"]`)))
		}
	}
	return errors.Join(problems...)
}

// runnable is what a run is of: a Pipeline or a Task of the source. The zero
// value is one that the source does not have.
type runnable struct {
	label    string
	declared v1.ParamSpecs
	embedded any // the spec, where the run embeds it: its texts may use params that it does not declare
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

// takes says which params have no effect. The rules merely warn of those, since
// in YAML they may be meant for another version; who gives one by hand has
// misspelt it.
func (r runnable) takes(params, has v1.Params) error {
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
		what := "it declares none"
		if near := suggest.Name(p.Name, names); near != "" {
			what = "did you mean " + strconv.Quote(near) + "?"
		} else if len(names) > 0 {
			quotes := make([]string, len(names))
			for i, n := range names {
				quotes[i] = strconv.Quote(n)
			}
			what = "it declares " + strings.Join(quotes, ", ")
		}
		problems = append(problems, errors.New("param "+strconv.Quote(p.Name)+" is given, and "+r.label+" declares none of that name"+help(what)))
	}
	return errors.Join(problems...)
}

// uses tells whether a text of JSON has a reference to the param.
func uses(text, name string) bool {
	for _, ref := range []string{"params." + name, "params['" + name, `params[\"` + name} {
		if strings.Contains(text, ref) {
			return true
		}
	}
	return false
}

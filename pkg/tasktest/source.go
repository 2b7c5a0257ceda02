package tasktest

import (
	"errors"
	"fmt"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// Source is where the Task of a case comes from.
type Source interface {
	// load is not exported: only this package implements the interface.
	load() (loaded, error)
}

// loaded is a Task and what it may refer to.
type loaded struct {
	task    *v1.Task
	actions map[string]*v1beta1.StepActionSpec
}

// Object returns a Task that exists as an object.
func Object(task *v1.Task) Source { return object{task} }

type object struct{ task *v1.Task }

func (o object) load() (loaded, error) {
	if o.task == nil {
		return loaded{}, errors.New("the Task is nil")
	}
	return loaded{task: o.task}, nil
}

// Define returns the Task of a definition, such as builder.Define(tasks.GitClone{}).
func Define(definition manifest.Source) Source { return in{manifest.New(definition), ""} }

// In returns the Task of a set that has the name. The name may be empty if the set has
// only one Task. The set also has the StepActions that the Task refers to.
//
//	set, err := manifest.ReadDir("tekton")
//	tasktest.In(set, "deploy")
func In(set *manifest.Set, name string) Source { return in{set, name} }

type in struct {
	set  *manifest.Set
	name string
}

func (s in) load() (loaded, error) {
	objects, err := s.set.Objects()
	if err != nil {
		return loaded{}, fmt.Errorf("cannot read the Task: %w", err)
	}
	objects, _, err = manifest.Upgrade(objects)
	if err != nil {
		return loaded{}, fmt.Errorf("cannot upgrade the Task: %w", err)
	}
	found := loaded{actions: map[string]*v1beta1.StepActionSpec{}}
	var names []string
	for _, o := range objects {
		switch o := o.Object.(type) {
		case *v1.Task:
			names = append(names, o.Name)
			if s.name == "" || s.name == o.Name {
				found.task = o
			}
		case *v1beta1.StepAction:
			spec := o.Spec
			found.actions[o.Name] = &spec
		}
	}
	switch {
	case len(names) == 0:
		return loaded{}, errors.New("there is no Task")
	case s.name == "" && len(names) > 1:
		return loaded{}, fmt.Errorf("there are %d Tasks: name one of %s", len(names), strings.Join(names, ", "))
	case found.task == nil:
		return loaded{}, named("Task", s.name, names)
	}
	return found, nil
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasktest"
)

// beside returns the Task that a file with cases is for, and the StepActions beside it.
func beside(ctx context.Context, name, task string) (tasktest.Source, error) {
	main, all, err := taskFiles(name)
	if err != nil {
		return nil, err
	}
	files := []string{main}
	if main == "" {
		files = all
	}
	if len(files) == 0 {
		return nil, errors.New("there is no Task beside it: write the cases of deploy.yaml in deploy_test.yaml, in the same folder")
	}
	tasks, err := tasksIn(ctx, files, "Task")
	if err != nil {
		return nil, err
	}
	if refersToActions(tasks) {
		actions, err := tasksIn(ctx, all, "StepAction")
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, actions...)
	}
	count := 0
	for _, o := range tasks {
		if o.GetObjectKind().GroupVersionKind().Kind == "Task" {
			count++
		}
	}
	if count > 1 && task == "" {
		return nil, fmt.Errorf("there are %d Tasks beside it: set task to the name of one", count)
	}
	if count == 0 {
		return nil, fmt.Errorf("there is no Task in %s", filepath.ToSlash(files[0]))
	}
	return tasktest.In(manifest.New(tasks), task), nil
}

// tasksIn returns the objects of a kind of Tekton in some files.
func tasksIn(ctx context.Context, files []string, kind string) (objects, error) {
	set, err := manifest.Load(ctx, files, manifest.LoadOptions{})
	if err != nil {
		return nil, err
	}
	var out objects
	for _, o := range set.Objects {
		if gvk := o.GetObjectKind().GroupVersionKind(); gvk.Group == v1.SchemeGroupVersion.Group && gvk.Kind == kind {
			out = append(out, o)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	for _, f := range set.Findings {
		if f.Severity == diag.Error {
			return nil, diag.Findings{f}
		}
	}
	return out, nil
}

// refersToActions reports whether a Task refers to a StepAction.
func refersToActions(tasks objects) bool {
	tasks, _, err := manifest.Upgrade(tasks)
	if err != nil {
		return false // which is reported when the Task is loaded
	}
	for _, o := range tasks {
		if t, ok := o.Object.(*v1.Task); ok {
			for _, s := range t.Spec.Steps {
				if s.Ref != nil && s.Ref.Name != "" {
					return true
				}
			}
		}
	}
	return false
}

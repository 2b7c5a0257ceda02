package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"k8s.io/client-go/dynamic"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/internal/bind/fetch"
	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// fetching is how long all Tasks that are elsewhere may take.
const fetching = 5 * time.Minute

// fromElsewhere lets the import know the Tasks of --elsewhere. It returns those that could not
// be fetched, with the reason.
func (i *importing) fromElsewhere(ctx context.Context, s *project.Sources, o *project.Options) ([]string, error) {
	switch i.elsewhere {
	case "infer":
		return nil, nil
	case "fetch":
		return i.fetchElsewhere(ctx, s, o)
	case "":
		return nil, errors.New("--elsewhere is empty\n  help: pass infer, fetch, or a folder")
	}
	if _, err := os.Stat(i.elsewhere); err != nil {
		return nil, fmt.Errorf("--elsewhere is not infer, fetch, or a folder: %w", err)
	}
	all, err := project.Read(ctx, []string{i.elsewhere}, project.ReadOptions{AsTheyAre: true})
	if err != nil {
		return nil, err
	}
	tasks := map[string][]*v1.Task{}
	for _, d := range all.Documents {
		if t, ok := d.Object.Object.(*v1.Task); ok {
			tasks[t.Name] = append(tasks[t.Name], t)
		}
	}
	o.Known = append(o.Known, all.Documents...)
	o.Elsewhere = func(r *v1.TaskRef) *v1.Task {
		if list := tasks[importer.TaskName(r)]; len(list) == 1 { // of several, nothing says which one is meant
			return list[0]
		}
		return nil
	}
	return nil, nil
}

// fetchElsewhere fetches the Tasks to which pipelines refer by a resolver.
func (i *importing) fetchElsewhere(ctx context.Context, s *project.Sources, o *project.Options) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, fetching)
	defer cancel()
	f := &fetch.Fetcher{Env: i.Env, Cluster: func() (dynamic.Interface, error) {
		k := connection{app: i.app}
		config, err := k.config()
		if err != nil {
			return nil, err
		}
		return dynamic.NewForConfig(config)
	}}
	found := map[string]*v1.Task{}
	var failed []string
	for _, r := range remoteTasks(s) {
		key := keyOf(r)
		if _, ok := found[key]; ok {
			continue
		}
		found[key] = nil
		address := bind.AddressOf(r.Resolver, r.Params)
		if address == "" {
			continue // the pipeline decides where it is from
		}
		task, err := fetchTask(ctx, f, address, importer.TaskName(r))
		if err != nil {
			failed = append(failed, fmt.Sprintf("%s: %v", bind.Shown(address), err))
			continue
		}
		found[key] = task
	}
	o.Elsewhere = func(r *v1.TaskRef) *v1.Task { return found[keyOf(r)] }
	return failed, nil
}

// keyOf returns a text that is the same for the same reference.
func keyOf(r *v1.TaskRef) string {
	text, err := json.Marshal(r)
	if err != nil {
		return r.Name
	}
	return string(text)
}

// fetchTask fetches a Task. The name may be that of a file, which then has only one Task.
func fetchTask(ctx context.Context, f *fetch.Fetcher, address, name string) (*v1.Task, error) {
	source, err := bind.Parse(address)
	if err != nil {
		return nil, err
	}
	got, err := f.Fetch(ctx, source)
	if err != nil {
		return nil, err
	}
	var tasks []*v1.Task
	for _, text := range got.Files {
		objects, _ := manifest.Parse(text.Bytes, text.Path)
		objects, _, err := manifest.Upgrade(objects)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			if t, ok := o.Object.(*v1.Task); ok {
				tasks = append(tasks, t)
			}
		}
	}
	if len(tasks) == 1 {
		return tasks[0], nil
	}
	if k := slices.IndexFunc(tasks, func(t *v1.Task) bool { return t.Name == name }); k >= 0 {
		return tasks[k], nil
	}
	return nil, errors.New("it has no Task of this name")
}

// remoteTasks returns the references by a resolver, in the order of the sources.
func remoteTasks(s *project.Sources) []*v1.TaskRef {
	var out []*v1.TaskRef
	for i := range s.Documents {
		var spec *v1.PipelineSpec
		switch o := s.Documents[i].Object.Object.(type) {
		case *v1.Pipeline:
			spec = &o.Spec
		case *v1.PipelineRun:
			spec = o.Spec.PipelineSpec
		case *v1.TaskRun:
			if r := o.Spec.TaskRef; r != nil && r.Resolver != "" {
				out = append(out, r)
			}
		}
		if spec == nil {
			continue
		}
		for _, list := range [][]v1.PipelineTask{spec.Tasks, spec.Finally} {
			for k := range list {
				if r := list[k].TaskRef; r != nil && r.Resolver != "" {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

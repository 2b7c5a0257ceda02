package simulate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// binder finds the Tasks and Pipelines that a run needs, and makes those that are missing.
type binder struct {
	*plan
	*source
	used  map[string]bool // Kind/name
	stack []string        // of pipelines that are being visited
	from  runtime.Object  // of the set, whose references are being visited

	foundActions []*v1beta1.StepAction
}

// pipelineRun binds what the run refers to.
func (b *binder) pipelineRun(run *v1.PipelineRun) error {
	if ref := run.Spec.PipelineRef; ref != nil {
		name, err := b.refName(ref.Name, string(ref.Resolver), ref.Params, "pipeline")
		if err != nil {
			return errorf("the Pipeline of %s is fetched by the resolver %q and is not in the set", nameOf(run), ref.Resolver)
		}
		run.Spec.PipelineRef = &v1.PipelineRef{Name: name, APIVersion: ref.APIVersion}
		return b.pipeline(name, "")
	}
	if run.Spec.PipelineSpec != nil {
		return b.pipelineSpec(run.Spec.PipelineSpec, "")
	}
	return nil
}

// refName is the name of the object that a reference means. The resolver named cluster gets
// it from the cluster; what others get is not known.
func (b *binder) refName(name, resolver string, params v1.Params, kind string) (string, error) {
	if resolver == "" {
		return name, nil
	}
	of := map[string]string{}
	for _, p := range params {
		of[p.Name] = p.Value.StringVal
	}
	if resolver == "cluster" && of["kind"] == kind && (of["namespace"] == "" || of["namespace"] == b.namespace) {
		if kind == "task" && named(b.source.tasks, of["name"]) || kind == "pipeline" && named(b.pipelines, of["name"]) {
			return of["name"], nil
		}
	}
	return "", fmt.Errorf("resolver %s", resolver)
}

// named reports whether there is an object of the name.
func named[T metav1.Object](objects []T, name string) bool {
	return slices.ContainsFunc(objects, func(o T) bool { return o.GetName() == name })
}

// within visits the references of an object of the set.
func (b *binder) within(o runtime.Object, visit func() error) error {
	before := b.from
	b.from = o
	defer func() { b.from = before }()
	return visit()
}

// pipeline binds a Pipeline of the set, once. Tekton says what it thinks of a missing one.
func (b *binder) pipeline(name, prefix string) error {
	found, err := nearest(b, "Pipeline", b.pipelines, name)
	if err != nil || found == nil || slices.Contains(b.stack, name) {
		return err
	}
	b.stack = append(b.stack, name)
	defer func() { b.stack = b.stack[:len(b.stack)-1] }()
	p := found.DeepCopy()
	p.Namespace = b.namespace
	if err := b.accept(p); err != nil {
		return err
	}
	if err := b.within(found, func() error { return b.pipelineSpec(&p.Spec, prefix) }); err != nil {
		return err
	}
	if !b.used["Pipeline/"+name] {
		b.used["Pipeline/"+name] = true
		b.objects = append(b.objects, p)
	}
	return nil
}

// pipelineSpec binds the tasks of a pipeline.
func (b *binder) pipelineSpec(spec *v1.PipelineSpec, prefix string) error {
	uses := usesOf(spec)
	for _, tasks := range [][]v1.PipelineTask{spec.Tasks, spec.Finally} {
		for i := range tasks {
			t := &tasks[i]
			path := prefix + t.Name
			b.uses[path] = uses[t.Name]
			if err := b.pipelineTask(spec, t, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// pipelineTask binds a pipeline task.
func (b *binder) pipelineTask(spec *v1.PipelineSpec, t *v1.PipelineTask, path string) error {
	of := &planned{path: path, kind: TypeTask, when: t.When.DeepCopy()}
	b.tasks()[path] = of
	switch {
	case t.PipelineRef != nil || t.PipelineSpec != nil:
		of.kind = TypePipeline
		if t.PipelineSpec != nil {
			return b.pipelineSpec(t.PipelineSpec, path+"/")
		}
		name, err := b.refName(t.PipelineRef.Name, string(t.PipelineRef.Resolver), t.PipelineRef.Params, "pipeline")
		if err != nil {
			return errorf("the Pipeline of task %q is fetched by the resolver %q and is not in the set", path, t.PipelineRef.Resolver)
		}
		of.ref = name
		t.PipelineRef = &v1.PipelineRef{Name: name, APIVersion: t.PipelineRef.APIVersion}
		return b.pipeline(name, path+"/")
	case t.TaskRef.IsCustomTask() || t.TaskSpec.IsCustomTask():
		of.kind = TypeCustom
		if t.TaskRef != nil {
			of.ref = string(t.TaskRef.Kind)
		} else {
			of.ref = t.TaskSpec.Kind
		}
		return nil
	case t.TaskSpec != nil:
		of.task = &t.TaskSpec.TaskSpec
		return b.steps(of.task, path)
	case t.TaskRef == nil:
		return nil
	}
	name, err := b.refName(t.TaskRef.Name, string(t.TaskRef.Resolver), t.TaskRef.Params, "task")
	of.ref = name
	if err == nil && named(b.source.tasks, name) {
		t.TaskRef = &v1.TaskRef{Name: name, Kind: t.TaskRef.Kind, APIVersion: t.TaskRef.APIVersion}
		of.task, err = b.task(name, path)
		return err
	}
	of.assumed = true
	how := fmt.Sprintf("Task %q is not in the set", name)
	if err != nil {
		how = fmt.Sprintf("the Task is fetched by the resolver %q", t.TaskRef.Resolver)
		name = "assumed-" + strings.ReplaceAll(path, "/", "-")
	}
	b.notes = append(b.notes, Note{NoteAssumed, path, how + ": it is assumed to declare the params, workspaces and results that the pipeline uses"})
	of.task = b.assume(spec, t, name, b.uses[path])
	t.TaskRef = &v1.TaskRef{Name: name, Kind: v1.NamespacedTaskKind}
	return nil
}

func (b *binder) tasks() map[string]*planned { return b.plan.tasks }

// task binds a Task of the set, once.
func (b *binder) task(name, path string) (*v1.TaskSpec, error) {
	if b.used["Task/"+name] {
		for _, o := range b.objects {
			if t, ok := o.(*v1.Task); ok && t.Name == name {
				return &t.Spec, nil
			}
		}
	}
	found, err := nearest(b, "Task", b.source.tasks, name)
	if err != nil {
		return nil, err
	}
	t := found.DeepCopy()
	t.Namespace = b.namespace
	if err := b.accept(t); err != nil {
		return nil, err
	}
	if err := b.within(found, func() error { return b.steps(&t.Spec, path) }); err != nil {
		return nil, err
	}
	b.used["Task/"+t.Name] = true
	b.objects = append(b.objects, t)
	return &t.Spec, nil
}

// steps gives each step a command, also those whose StepAction is not in the set.
func (b *binder) steps(spec *v1.TaskSpec, path string) error {
	template := spec.StepTemplate != nil && len(spec.StepTemplate.Command) > 0
	for i := range spec.Steps {
		s := &spec.Steps[i]
		if s.Ref != nil && s.Ref.Resolver == "" && !b.used["StepAction/"+s.Ref.Name] && named(b.actions, s.Ref.Name) {
			found, err := nearest(b, "StepAction", b.actions, s.Ref.Name)
			if err != nil {
				return err
			}
			b.used["StepAction/"+s.Ref.Name] = true
			b.foundActions = append(b.foundActions, found)
		}
		if s.Ref != nil && (s.Ref.Resolver != "" || !named(b.actions, s.Ref.Name)) {
			how := fmt.Sprintf("StepAction %q is not in the set", s.Ref.Name)
			if s.Ref.Resolver != "" {
				how = fmt.Sprintf("the StepAction is fetched by the resolver %q", s.Ref.Resolver)
			}
			b.notes = append(b.notes, Note{NoteAssumed, path, fmt.Sprintf("step %q: %s: it is assumed to exist", s.Name, how)})
			*s = v1.Step{Name: s.Name, OnError: s.OnError, Timeout: s.Timeout, Image: "assumed", Command: unknownCommand}
		}
		if s.Ref == nil && s.Script == "" && len(s.Command) == 0 && !template {
			s.Command = unknownCommand
		}
	}
	return nil
}

// assume makes a Task that declares what the pipeline task uses of it.
func (b *binder) assume(spec *v1.PipelineSpec, t *v1.PipelineTask, name string, uses map[string]*use) *v1.TaskSpec {
	var task *v1.Task
	for _, o := range b.objects {
		if of, ok := o.(*v1.Task); ok && of.Name == name {
			task = of
		}
	}
	if task == nil {
		task = &v1.Task{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: b.namespace}}
		task.Spec.Steps = []v1.Step{{Name: "assumed", Image: "assumed", Command: unknownCommand}}
		b.objects = append(b.objects, task)
	}
	declare := func(p v1.Param, of v1.ParamType) {
		if !slices.ContainsFunc(task.Spec.Params, func(s v1.ParamSpec) bool { return s.Name == p.Name }) {
			s := v1.ParamSpec{Name: p.Name, Type: of}
			if of == v1.ParamTypeObject {
				s.Properties = map[string]v1.PropertySpec{}
				for k := range p.Value.ObjectVal {
					s.Properties[k] = v1.PropertySpec{Type: v1.ParamTypeString}
				}
			}
			// Another pipeline task with the same Task may not set it.
			s.Default = &v1.ParamValue{Type: of}
			if of == v1.ParamTypeObject {
				s.Default.ObjectVal = p.Value.ObjectVal
			}
			task.Spec.Params = append(task.Spec.Params, s)
		}
	}
	for _, p := range t.Params {
		declare(p, typeOf(spec, p.Value))
	}
	if t.Matrix != nil {
		for _, p := range t.Matrix.Params {
			declare(p, v1.ParamTypeString)
		}
		for _, in := range t.Matrix.Include {
			for _, p := range in.Params {
				declare(p, v1.ParamTypeString)
			}
		}
	}
	for _, w := range t.Workspaces {
		if !slices.ContainsFunc(task.Spec.Workspaces, func(d v1.WorkspaceDeclaration) bool { return d.Name == w.Name }) {
			task.Spec.Workspaces = append(task.Spec.Workspaces, v1.WorkspaceDeclaration{Name: w.Name, Optional: true})
		}
	}
	for _, r := range slices.Sorted(maps.Keys(uses)) {
		if !slices.ContainsFunc(task.Spec.Results, func(d v1.TaskResult) bool { return d.Name == r }) {
			task.Spec.Results = append(task.Spec.Results, uses[r].declaration(r, t.IsMatrixed()))
		}
	}
	task.SetDefaults(b.ctx)
	return &task.Spec
}

// taskRun binds what the run refers to.
func (b *binder) taskRun(run *v1.TaskRun) error {
	of := &planned{path: run.Name, kind: TypeTask}
	b.tasks()[run.Name] = of
	switch ref := run.Spec.TaskRef; {
	case run.Spec.TaskSpec != nil:
		of.task = run.Spec.TaskSpec
		return b.steps(of.task, run.Name)
	case ref != nil:
		name, err := b.refName(ref.Name, string(ref.Resolver), ref.Params, "task")
		if err != nil {
			return errorf("the Task of %s is fetched by the resolver %q and is not in the set", nameOf(run), ref.Resolver)
		}
		of.ref = name
		run.Spec.TaskRef = &v1.TaskRef{Name: name, Kind: ref.Kind, APIVersion: ref.APIVersion}
		if named(b.source.tasks, name) {
			of.task, err = b.task(name, run.Name)
			return err
		}
	}
	return nil
}

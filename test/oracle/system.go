package oracle

import (
	"fmt"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// system is a set of objects that belong together: a Pipeline with all that it
// refers to, a run of it, and a run of one of its Tasks alone.
type system struct {
	actions  []*v1beta1.StepAction
	tasks    []*v1.Task
	pipeline *v1.Pipeline // nil if the run has it inside
	run      *v1.PipelineRun
	taskRun  *v1.TaskRun
}

func (s *system) copy() *system {
	out := &system{pipeline: s.pipeline.DeepCopy(), run: s.run.DeepCopy(), taskRun: s.taskRun.DeepCopy()}
	for _, a := range s.actions {
		out.actions = append(out.actions, a.DeepCopy())
	}
	for _, t := range s.tasks {
		out.tasks = append(out.tasks, t.DeepCopy())
	}
	return out
}

// objects lists the system as check.Run takes it.
func (s *system) objects() []object.Object {
	var out []object.Object
	for _, o := range s.runtimeObjects() {
		out = append(out, object.Object{Object: o})
	}
	return out
}

func (s *system) runtimeObjects() []runtime.Object {
	var out []runtime.Object
	for _, a := range s.actions {
		out = append(out, a)
	}
	for _, t := range s.tasks {
		out = append(out, t)
	}
	if s.pipeline != nil {
		out = append(out, s.pipeline)
	}
	return append(out, s.run, s.taskRun)
}

// spec is the Pipeline that the run runs, and where is what it is part of.
func (s *system) spec() (spec *v1.PipelineSpec, where string) {
	if s.pipeline != nil {
		return &s.pipeline.Spec, "Pipeline/" + s.pipeline.Name
	}
	return s.run.Spec.PipelineSpec, s.runName()
}

func (s *system) runName() string     { return "PipelineRun/" + s.run.Name }
func (s *system) taskRunName() string { return "TaskRun/" + s.taskRun.Name }

// taskNode is a task of the Pipeline together with the Task that it runs.
type taskNode struct {
	*v1.PipelineTask
	spec  *v1.TaskSpec
	where string // the object that spec is part of
	final bool
}

// nodes lists the tasks of the Pipeline, those of finally last.
func (s *system) nodes() []taskNode {
	spec, where := s.spec()
	var out []taskNode
	for i := range spec.Tasks {
		out = append(out, s.node(&spec.Tasks[i], where, false))
	}
	for i := range spec.Finally {
		out = append(out, s.node(&spec.Finally[i], where, true))
	}
	return out
}

func (s *system) node(pt *v1.PipelineTask, where string, final bool) taskNode {
	if pt.TaskSpec != nil {
		return taskNode{pt, &pt.TaskSpec.TaskSpec, where, final}
	}
	if t := s.task(pt.TaskRef.Name); t != nil {
		return taskNode{pt, &t.Spec, "Task/" + t.Name, final}
	}
	return taskNode{pt, &v1.TaskSpec{}, where, final}
}

func (s *system) task(name string) *v1.Task {
	i := slices.IndexFunc(s.tasks, func(t *v1.Task) bool { return t.Name == name })
	if i < 0 {
		return nil
	}
	return s.tasks[i]
}

func (s *system) action(name string) *v1beta1.StepAction {
	i := slices.IndexFunc(s.actions, func(a *v1beta1.StepAction) bool { return a.Name == name })
	if i < 0 {
		return nil
	}
	return s.actions[i]
}

// taskOfRun is what the TaskRun runs.
func (s *system) taskOfRun() *v1.TaskSpec {
	if t := s.taskRun.Spec.TaskSpec; t != nil {
		return t
	}
	return &s.task(s.taskRun.Spec.TaskRef.Name).Spec
}

// name is an object as faults and findings name it.
func name(ref diag.ObjectRef) string { return fmt.Sprintf("%s/%s", ref.Kind, ref.Name) }

package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// Definition is what a pipeline task or a TaskRun runs, as far as it is known.
// Fields that are nil are not known.
type Definition struct {
	Label   string // for sentences: Task "kaniko"
	Spot    Spot   // of the spec
	Spec    *v1.TaskSpec
	Params  *ParamScope
	Results map[string]*v1.TaskResult

	// Signed reports whether only its signature is known. It has other steps, and may
	// declare more.
	Signed bool

	// Nested reports whether it is a pipeline. Inner is its spec, at InnerSpot.
	Nested    bool
	Inner     *v1.PipelineSpec
	InnerSpot Spot

	concurrent []string // workspaces
	*memoDefinition
}

// memoDefinition are facts about a definition, which all that run the same Task share.
type memoDefinition struct {
	workspaces                                           workspaceIndex
	resultNames, workspaceNames, stepNames, sidecarNames names
}

// memo returns the facts that were computed before.
func (d *Definition) memo() *memoDefinition {
	if d.memoDefinition == nil {
		d.memoDefinition = &memoDefinition{}
	}
	return d.memoDefinition
}

// ConcurrentAnnotation is the annotation of a Task with the workspaces, separated by
// commas, that it may write to while other tasks do.
const ConcurrentAnnotation = "tekwright.dev/concurrent"

// IsConcurrent reports whether the Task may write to a workspace while other tasks do.
func (d *Definition) IsConcurrent(workspace string) bool {
	return slices.Contains(d.concurrent, workspace)
}

// concurrently returns the names in the annotation.
func concurrently(annotations map[string]string) []string {
	text := annotations[ConcurrentAnnotation]
	if text == "" {
		return nil
	}
	names := strings.Split(text, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// ResultNames returns the names of the results, sorted.
func (d *Definition) ResultNames() []string {
	return d.memo().resultNames.of(func() []string { return sortedKeys(d.Results) }).list
}

// WorkspaceNames returns the names of the workspaces that the Task declares.
func (d *Definition) WorkspaceNames() []string {
	return d.memo().workspaceNames.of(func() []string {
		if d.Spec == nil {
			return nil
		}
		return namesOf(d.Spec.Workspaces, func(w *v1.WorkspaceDeclaration) string { return w.Name })
	}).list
}

// StepNames returns the names of the steps of the Task.
func (d *Definition) StepNames() []string { return d.steps().list }

// HasStep reports whether the Task has the step, or may have it.
func (d *Definition) HasStep(name string) bool { return d.Signed || d.steps().has(name) }

func (d *Definition) steps() *names {
	return d.memo().stepNames.of(func() []string {
		if d.Spec == nil {
			return nil
		}
		return namesOf(d.Spec.Steps, func(s *v1.Step) string { return s.Name })
	})
}

// SidecarNames returns the names of the sidecars of the Task.
func (d *Definition) SidecarNames() []string { return d.sidecars().list }

// HasSidecar reports whether the Task has the sidecar, or may have it.
func (d *Definition) HasSidecar(name string) bool { return d.Signed || d.sidecars().has(name) }

func (d *Definition) sidecars() *names {
	return d.memo().sidecarNames.of(func() []string {
		if d.Spec == nil {
			return nil
		}
		return namesOf(d.Spec.Sidecars, func(s *v1.Sidecar) string { return s.Name })
	})
}

// Workspace returns the workspace that the Task declares under that name; nil if
// there is none. Of two with the same name, it is the first.
func (d *Definition) Workspace(name string) *v1.WorkspaceDeclaration {
	if d.Spec == nil {
		return nil
	}
	return d.memo().workspaces.find(d.Spec.Workspaces, name)
}

// define finds the definition that a pipeline task runs.
func (t *PipelineTask) define() Definition {
	switch {
	case len(t.Sources()) != 1:
		return Definition{}
	case t.TaskRef != nil:
		return t.taskRef()
	case t.TaskSpec != nil:
		return t.taskSpec()
	case t.PipelineRef != nil:
		return t.pipelineRef()
	}
	at := t.Spot.Field("pipelineSpec")
	return Definition{Nested: true, Inner: t.PipelineTask.PipelineSpec, InnerSpot: at, Label: "the pipelineSpec of " + t.Label}
}

// Sources returns the fields of the task that set what it runs: taskRef, taskSpec,
// pipelineRef, pipelineSpec. A valid task has one of them.
func (t *PipelineTask) Sources() []string {
	all := [...]struct {
		name string
		on   bool
	}{{"taskRef", t.TaskRef != nil}, {"taskSpec", t.TaskSpec != nil}, {"pipelineRef", t.PipelineRef != nil}, {"pipelineSpec", t.PipelineTask.PipelineSpec != nil}}
	set := make([]string, 0, len(all))
	for _, f := range all {
		if f.on {
			set = append(set, f.name)
		}
	}
	return set
}

// IsCustom reports whether a reference or a spec with that apiVersion and kind is a
// custom task.
func IsCustom(apiVersion, kind string) bool { return apiVersion != "" || kind != "" && kind != "Task" }

func (t *PipelineTask) taskRef() Definition {
	ref, e := t.TaskRef, t.Spot.Entry
	if IsCustom(ref.APIVersion, string(ref.Kind)) {
		return Definition{}
	}
	var d Definition
	switch {
	case named(ref.Name, ref.Resolver, ref.Params):
		if found := e.set.fitting("Task", e.Ref.Namespace, ref.Name, e, t.called); found != nil {
			d = found.taskDefinition()
		}
	case ref.Resolver == "cluster":
		d = t.clusterTask(ref.Params)
	}
	if d.Spec != nil {
		return d
	}
	if known := t.Spot.Field("taskRef").signature(); known != nil {
		return known.taskDefinition()
	}
	return d
}

// taskDefinition returns the definition of a Task object.
func (e *Entry) taskDefinition() Definition {
	if e.Task == nil {
		return Definition{}
	}
	if e.definition == nil { // many tasks may run it
		e.definition = &Definition{Label: e.Ref.String(), Spot: e.At("spec"), Spec: &e.Task.Spec, Params: e.Params(), Results: resultIndex(&e.Task.Spec),
			Signed: e.signed, concurrent: concurrently(e.Annotations()), memoDefinition: &memoDefinition{}}
	}
	return *e.definition
}

func resultIndex(spec *v1.TaskSpec) map[string]*v1.TaskResult {
	out := make(map[string]*v1.TaskResult, len(spec.Results))
	for i := range spec.Results {
		out[spec.Results[i].Name] = &spec.Results[i]
	}
	return out
}

// clusterTask returns the Task that the cluster resolver would fetch, if it is in
// the set. A Task without a namespace is applied to that of the pipeline, which most
// likely is another one, and without the param, the cluster's configuration decides.
func (t *PipelineTask) clusterTask(params v1.Params) Definition {
	get := map[string]string{}
	for i := range params {
		get[params[i].Name] = params[i].Value.StringVal
	}
	if get["kind"] != "" && get["kind"] != "task" || get["name"] == "" || tekref.Contains(get["name"]+get["namespace"]) {
		return Definition{}
	}
	e := t.Spot.Entry
	if found := e.set.Find("Task", get["namespace"], get["name"], e); found != nil && get["namespace"] != "" && found.Ref.Namespace == get["namespace"] {
		return found.taskDefinition()
	}
	return Definition{}
}

func (t *PipelineTask) taskSpec() Definition {
	spec, s := t.TaskSpec, t.Spot.Field("taskSpec")
	if len(spec.Steps) == 0 && IsCustom(spec.APIVersion, spec.Kind) {
		return Definition{}
	}
	label := "the taskSpec of " + t.Label
	return Definition{
		Label: label, Spot: s, Spec: &spec.TaskSpec, Results: resultIndex(&spec.TaskSpec),
		Params:     newParamScope(s.Field("params"), label, spec.Params, nil),
		concurrent: concurrently(spec.Metadata.Annotations),
	}
}

func (t *PipelineTask) pipelineRef() Definition {
	ref, e := t.PipelineRef, t.Spot.Entry
	d := Definition{Nested: true}
	var found *Entry
	if named(ref.Name, ref.Resolver, ref.Params) {
		found = e.set.fitting("Pipeline", e.Ref.Namespace, ref.Name, e, t.called)
	}
	if found == nil {
		found = t.Spot.Field("pipelineRef").signature()
	}
	if found != nil && found.Pipeline != nil {
		d.Params, d.Label, d.Signed = found.Params(), found.Ref.String(), found.signed
		d.Inner, d.InnerSpot = &found.Pipeline.Spec, found.At("spec")
	}
	return d
}

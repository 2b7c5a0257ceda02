package oracle

import (
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	podtemplate "github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	fakeclientset "github.com/tektoncd/pipeline/pkg/client/clientset/versioned/fake"
	prr "github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"
	trr "github.com/tektoncd/pipeline/pkg/reconciler/taskrun/resources"
	remote "github.com/tektoncd/pipeline/pkg/remoteresolution/resource"
	"github.com/tektoncd/pipeline/pkg/workspace"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/pkg/apis"

	"github.com/tekwright/tekwright/internal/substitution"
)

// measure returns the fields of a place in which Tekton's code leaves the variable as
// it is, and all fields that contained it before. The world around the place has a
// param, a result and a workspace of each kind that the variables of
// [substitution.Examples] refer to.
func measure(place substitution.Place, variable string) (before, after map[string]bool) {
	switch place {
	case substitution.Task:
		return measureTask(variable)
	case substitution.InlineTask:
		return measureInline(variable)
	case substitution.StepAction:
		return measureStepAction(variable)
	case substitution.Pipeline:
		return measurePipeline(variable)
	case substitution.PipelineTask:
		return measurePipelineTask(variable)
	case substitution.PipelineRun:
		return measurePipelineRun(variable)
	case substitution.TaskRun:
		return measureTaskRun(variable)
	}
	return nil, nil
}

// worldParams are the params of a kind of scope, whose names begin with the prefix.
func worldParams(prefix string) v1.Params {
	return v1.Params{
		{Name: prefix + "text", Value: text("v")}, {Name: prefix + "list", Value: list("v", "w")},
		{Name: prefix + "object", Value: objectValue(map[string]string{"key": "v"})},
	}
}

// declarations declares the params, with the same values as defaults: Tekton resolves
// the default of a param of a Task with the defaults of the others.
func declarations(params v1.Params) (out v1.ParamSpecs) {
	for _, p := range params {
		s := v1.ParamSpec{Name: p.Name, Type: p.Value.Type, Default: p.Value.DeepCopy()}
		if s.Type == v1.ParamTypeObject {
			s.Properties = map[string]v1.PropertySpec{"key": {Type: v1.ParamTypeString}}
		}
		out = append(out, s)
	}
	return out
}

// worldTask is a Task spec with the text in every string, and with what variables may
// refer to.
func worldTask(variable string) *v1.TaskSpec {
	ts := &v1.TaskSpec{}
	fillIn(ts, variable)
	ts.Params = append(ts.Params, declarations(worldParams(""))...)
	ts.Results = append(ts.Results, v1.TaskResult{Name: "result", Type: v1.ResultsTypeString})
	ts.Workspaces = append(ts.Workspaces, v1.WorkspaceDeclaration{Name: "workspace"})
	ts.Steps[0].Name = "acts" // paths contain it
	ts.Steps[0].Results = append(ts.Steps[0].Results, v1.StepResult{Name: "step-result"})
	ts.Steps = append(ts.Steps, v1.Step{Name: "known"})
	return ts
}

// worldRun is a TaskRun of it.
func worldRun() *v1.TaskRun {
	return &v1.TaskRun{ObjectMeta: metav1.ObjectMeta{Name: "run", Namespace: "default", UID: "1-2"}, Spec: v1.TaskRunSpec{
		Params:     worldParams(""),
		TaskRef:    &v1.TaskRef{Name: "task"},
		Workspaces: []v1.WorkspaceBinding{claimOf("workspace")},
	}}
}

func claimOf(name string) v1.WorkspaceBinding {
	return v1.WorkspaceBinding{Name: name, PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "claim"}}
}

// inTask does what the reconciler of TaskRuns does with the variables of a Task spec.
func throughTask(ts *v1.TaskSpec, tr *v1.TaskRun) *v1.TaskSpec {
	ts = ts.DeepCopy()
	for i := range ts.Steps {
		if ts.Steps[i].Ref != nil {
			trr.ApplyParameterSubstitutionInResolverParams(tr, *ts, &ts.Steps[i])
		}
	}
	volumes := workspace.CreateVolumes(tr.Spec.Workspaces)
	out, err := applyAll(features(), tr, &trr.ResolvedTask{TaskName: "task", TaskSpec: ts}, volumes)
	if err != nil {
		panic(err)
	}
	return trr.ApplyCredentialsPath(out, pipeline.CredsDir)
}

// inStepName measures the name of a step.
func inStepName(before, after map[string]bool, variable string, run func(*v1.TaskSpec) *v1.TaskSpec) {
	const field = "steps.name"
	ts := worldTask("")
	ts.Steps[0].Name = variable
	before[field] = true
	after[field] = strings.Contains(throughTask(run(ts), worldRun()).Steps[0].Name, variable)
}

func same(ts *v1.TaskSpec) *v1.TaskSpec { return ts }

func measureTask(variable string) (before, after map[string]bool) {
	ts := worldTask(variable)
	before = left(ts, variable)
	after = left(throughTask(ts, worldRun()), variable)
	inStepName(before, after, variable, same)
	inDefault(after, variable, func(spec v1.ParamSpec) *v1.TaskSpec {
		return throughTask(&v1.TaskSpec{
			Params: append(declarations(worldParams("")), spec), Results: []v1.TaskResult{{Name: "result"}},
			Workspaces: []v1.WorkspaceDeclaration{{Name: "workspace"}},
			Steps:      []v1.Step{{Name: "acts", Args: []string{"$(params.defaulted)"}, Results: []v1.StepResult{{Name: "step-result"}}}, {Name: "known"}},
		}, worldRun())
	})
	inStepParam(after, variable, same)
	return before, after
}

// unreplaced reports whether a text still contains the variable, or the param that has
// it as its value.
func unreplaced(s, variable string) bool {
	return strings.Contains(s, variable) || strings.Contains(s, "$(params.defaulted)") || strings.Contains(s, "$(params.passed)")
}

// inDefault measures the default of a param, which is replaced where the param is used.
func inDefault(after map[string]bool, variable string, run func(v1.ParamSpec) *v1.TaskSpec) {
	value := text(variable)
	done := run(v1.ParamSpec{Name: "defaulted", Type: v1.ParamTypeString, Default: &value})
	after["params.default"] = unreplaced(done.Steps[0].Args[0], variable)
}

// inStepParam measures the value of a param of a step, which is replaced in the
// StepAction.
func inStepParam(after map[string]bool, variable string, pipeline func(*v1.TaskSpec) *v1.TaskSpec) {
	ts := pipeline(&v1.TaskSpec{
		Params: declarations(worldParams("")), Results: []v1.TaskResult{{Name: "result"}},
		Workspaces: []v1.WorkspaceDeclaration{{Name: "workspace"}},
		Steps:      []v1.Step{{Name: "acts", Ref: &v1.Ref{Name: "action"}, Params: v1.Params{{Name: "passed", Value: text(variable)}}}, {Name: "known"}},
	})
	action := &v1beta1.StepAction{ObjectMeta: metav1.ObjectMeta{Name: "action", Namespace: "default"}, Spec: v1beta1.StepActionSpec{
		Image: "i", Params: v1.ParamSpecs{{Name: "passed", Type: v1.ParamTypeString}}, Args: []string{"$(params.passed)"},
		Results: []v1.StepResult{{Name: "step-result"}},
	}}
	step, ok := withAction(ts, action)
	after["steps.params.value"] = !ok || unreplaced(step.Args[0], variable)
}

// withAction returns the first step of a Task, which uses the StepAction; false if
// Tekton fails the TaskRun.
func withAction(ts *v1.TaskSpec, action *v1beta1.StepAction) (v1.Step, bool) {
	tr := worldRun()
	steps, err := trr.GetStepActionsData(features(), *ts, tr, fakeclientset.NewSimpleClientset(action), nil, nil)
	if err != nil {
		return v1.Step{}, false
	}
	ts.Steps = steps
	return throughTask(ts, tr).Steps[0], true
}

func measureStepAction(variable string) (before, after map[string]bool) {
	spec := v1beta1.StepActionSpec{}
	fillIn(&spec, variable)
	before = left(&spec, variable)
	spec.Params = append(v1.ParamSpecs{}, declarations(worldParams("action-"))...)
	spec.Results = []v1.StepResult{{Name: "step-result"}}
	action := &v1beta1.StepAction{ObjectMeta: metav1.ObjectMeta{Name: "action", Namespace: "default"}, Spec: spec}
	ts := &v1.TaskSpec{
		Results: []v1.TaskResult{{Name: "result"}}, Workspaces: []v1.WorkspaceDeclaration{{Name: "workspace"}},
		Steps: []v1.Step{{Name: "acts", Ref: &v1.Ref{Name: "action"}, Params: worldParams("action-")}, {Name: "known"}},
	}
	done, ok := withAction(ts, action)
	if !ok {
		return before, before
	}
	after = left(&v1beta1.StepActionSpec{
		Image: done.Image, Command: done.Command, Args: done.Args, Script: done.Script, WorkingDir: done.WorkingDir,
		Env: done.Env, VolumeMounts: done.VolumeMounts, SecurityContext: done.SecurityContext,
	}, variable)
	for _, f := range []string{"description", "params.name", "params.type", "params.description", "params.enum", "params.properties.type", "results.name", "results.type", "results.description", "results.properties.type"} {
		if before[f] {
			after[f] = true // it does not reach the step
		}
	}
	value := text(variable)
	action.Spec = v1beta1.StepActionSpec{Image: "i", Args: []string{"$(params.defaulted)"}, Results: []v1.StepResult{{Name: "step-result"}},
		Params: append(declarations(worldParams("action-")), v1.ParamSpec{Name: "defaulted", Type: v1.ParamTypeString, Default: &value})}
	ts.Steps = []v1.Step{{Name: "acts", Ref: &v1.Ref{Name: "action"}, Params: worldParams("action-")}, {Name: "known"}}
	ts.Params = nil
	step, ok := withAction(ts, action)
	after["params.default"] = !ok || unreplaced(step.Args[0], variable)
	return before, after
}

// fill is plant without EmbeddedTask, TaskSpec and PipelineSpec below the value.
func fillIn(value any, variable string) { plant(value, variable) }

// worldPipelineRun is a run of the pipeline, and of what variables may refer to.
func worldPipelineRun(spec *v1.PipelineSpec) *v1.PipelineRun {
	return &v1.PipelineRun{ObjectMeta: metav1.ObjectMeta{Name: "run", Namespace: "default", UID: "1-2"}, Spec: v1.PipelineRunSpec{
		PipelineSpec: spec, Params: worldParams("pipeline-"),
		Workspaces: []v1.WorkspaceBinding{claimOf("pipeline-workspace")},
	}}
}

// worldPipeline is a pipeline with a task of finally, which the world is made for, a
// task that has made results, and a matrix.
func worldPipeline(pt v1.PipelineTask) *v1.PipelineSpec {
	pt.Name = "task"
	return &v1.PipelineSpec{
		Params:     declarations(worldParams("pipeline-")),
		Workspaces: []v1.PipelineWorkspaceDeclaration{{Name: "pipeline-workspace"}},
		Tasks: []v1.PipelineTask{{Name: "make", TaskRef: &v1.TaskRef{Name: "make"}},
			{Name: "fan", TaskRef: &v1.TaskRef{Name: "make"}, Matrix: &v1.Matrix{Params: v1.Params{{Name: "x", Value: list("1", "2")}}}}},
		Finally: []v1.PipelineTask{pt},
	}
}

// inPipeline does what the reconciler of PipelineRuns does with the variables of a
// pipeline, up to the TaskRun of the task of finally.
func throughPipeline(spec *v1.PipelineSpec) (pr *v1.PipelineRun, substituted *v1.PipelineSpec, rpt *prr.ResolvedPipelineTask) {
	pr = worldPipelineRun(spec)
	prr.ApplyParametersToWorkspaceBindings(pr)
	substituted, err := prr.ApplyParameters(spec, pr)
	if err != nil {
		panic(err)
	}
	substituted = prr.ApplyWorkspaces(prr.ApplyContexts(substituted, "pipeline", pr), pr)
	pr.Status.PipelineSpec = substituted
	return pr, substituted, finallyTask(pr, substituted)
}

// started resolves the task of finally when all others are done.
func finallyTask(pr *v1.PipelineRun, spec *v1.PipelineSpec) *prr.ResolvedPipelineTask {
	made := &v1.TaskRun{ObjectMeta: metav1.ObjectMeta{Name: "run-make"}}
	made.Status.SetCondition(&apis.Condition{Type: apis.ConditionSucceeded, Status: corev1.ConditionTrue, Reason: "Succeeded"})
	made.Status.Results = []v1.TaskRunResult{{Name: "text", Type: v1.ResultsTypeString, Value: text("v")}, {Name: "list", Type: v1.ResultsTypeArray, Value: list("v", "w")},
		{Name: "object", Type: v1.ResultsTypeObject, Value: objectValue(map[string]string{"key": "v"})}}
	made.Status.Artifacts = &v1.Artifacts{
		Inputs:  []v1.Artifact{{Name: "in", Values: []v1.ArtifactValue{{Uri: "u"}}}},
		Outputs: []v1.Artifact{{Name: "out", Values: []v1.ArtifactValue{{Uri: "u"}}}},
	}
	state := prr.PipelineRunState{{PipelineTask: &spec.Tasks[0], TaskRunNames: []string{"run-make"}, TaskRuns: []*v1.TaskRun{made}}}
	s := &simulation{cluster: &cluster{system: &system{run: pr, tasks: []*v1.Task{{ObjectMeta: metav1.ObjectMeta{Name: "make"}}}}, ctx: features()}, spec: spec,
		facts: &prr.PipelineRunFacts{State: state}}
	pt := spec.Finally[0].DeepCopy()
	if pt.TaskRef != nil {
		pt.TaskRef.Name, pt.TaskRef.Resolver = "make", ""
		pt.TaskRef.APIVersion, pt.TaskRef.Kind = "", ""
	}
	rpt, err := s.resolve(*pt, state)
	if err != nil {
		panic(err)
	}
	rpt.PipelineTask = rpt.PipelineTask.DeepCopy()
	if spec.Finally[0].TaskRef != nil {
		rpt.PipelineTask.TaskRef = spec.Finally[0].TaskRef.DeepCopy()
	}
	prr.ApplyPipelineTaskStateContext(prr.PipelineRunState{rpt}, map[string]string{"tasks.make.status": "Succeeded", "tasks.make.reason": "Succeeded", "tasks.status": "Succeeded"})
	if refs, _, err := prr.ResolveResultRef(state, rpt); err == nil {
		prr.ApplyTaskResults(prr.PipelineRunState{rpt}, refs)
	}
	if rpt.ResolvedTask != nil {
		prr.PropagateResults(rpt, state)
		if err := prr.PropagateArtifacts(rpt, state); err != nil {
			panic(err)
		}
	}
	rpt.PipelineTask = prr.ApplyPipelineTaskContexts(rpt.PipelineTask, pr.Status, s.facts)
	return rpt
}

func measureInline(variable string) (before, after map[string]bool) {
	run := func(ts *v1.TaskSpec) *v1.TaskSpec {
		_, _, rpt := throughPipeline(worldPipeline(v1.PipelineTask{TaskSpec: &v1.EmbeddedTask{TaskSpec: *ts}}))
		return rpt.ResolvedTask.TaskSpec
	}
	ts := worldTask(variable)
	before = left(ts, variable)
	after = left(throughTask(run(ts), worldRun()), variable)
	inStepName(before, after, variable, run)
	inDefault(after, variable, func(spec v1.ParamSpec) *v1.TaskSpec {
		return throughTask(run(&v1.TaskSpec{
			Params: append(declarations(worldParams("")), spec), Results: []v1.TaskResult{{Name: "result"}},
			Workspaces: []v1.WorkspaceDeclaration{{Name: "workspace"}},
			Steps:      []v1.Step{{Name: "acts", Args: []string{"$(params.defaulted)"}, Results: []v1.StepResult{{Name: "step-result"}}}, {Name: "known"}},
		}), worldRun())
	})
	inStepParam(after, variable, run)
	return before, after
}

// asker is a requester of remote resources that keeps what it is asked for.
type asker struct{ asked []remote.ResolverPayload }

var errAsked = errors.New("asked")

func (a *asker) Submit(_ context.Context, _ remote.ResolverName, req remote.Request) (remote.ResolvedResource, error) {
	a.asked = append(a.asked, req.ResolverPayload())
	return nil, errAsked
}

// requested writes what was asked for into the params of a reference.
func (a *asker) requested() v1.Params { return a.asked[len(a.asked)-1].ResolutionSpec.Params }

func measurePipelineTask(variable string) (before, after map[string]bool) {
	before, after = map[string]bool{}, map[string]bool{}
	for _, matrixed := range []bool{false, true} {
		pt := v1.PipelineTask{}
		fillIn(&pt, variable)
		pt.TaskSpec, pt.PipelineSpec, pt.PipelineRef = nil, nil, nil
		if strings.Contains(variable, ".matrix.") {
			// A length that is in a param is known in other fields as well.
			maps.Copy(before, map[string]bool{"params.value": true})
			_, _, rpt := throughPipeline(worldPipeline(v1.PipelineTask{TaskRef: &v1.TaskRef{}, Params: v1.Params{{Name: "x", Value: text(variable)}}}))
			after["params.value"] = strings.Contains(rpt.PipelineTask.Params[0].Value.StringVal, variable)
			pt.Params = nil
		}
		if !matrixed {
			pt.Matrix = nil
		}
		maps.Copy(before, rename(left(&pt, variable), matrixed))
		pr, spec, rpt := throughPipeline(worldPipeline(pt))
		done := rpt.PipelineTask.DeepCopy()
		done.Name = variable
		// The Task is fetched by what the pipeline has, before any results are known.
		fetched := spec.Finally[0].TaskRef.DeepCopy()
		a := &asker{}
		_, _, _, _ = trr.GetTaskFunc(features(), nil, nil, a, pr, fetched, "run-task", "default", "", nil)(features(), fetched.Name)
		fetched.Params = a.requested()
		done.TaskRef = fetched
		if matrixed {
			// The name of a combination is replaced in the status of the run.
			tr := worldRun()
			names := &prr.ResolvedPipelineTask{PipelineTask: &v1.PipelineTask{Matrix: &v1.Matrix{Include: v1.IncludeParamsList{
				{Name: done.Matrix.Include[0].Name, Params: v1.Params{{Name: "text", Value: text("v")}}},
			}}}}
			done.Matrix.Include[0].Name = childReference(names, tr).DisplayName
			done.DisplayName = childReference(&prr.ResolvedPipelineTask{PipelineTask: &v1.PipelineTask{DisplayName: done.DisplayName}}, tr).DisplayName
		}
		maps.Copy(after, rename(left(done, variable), matrixed))
	}
	nested := v1.PipelineTask{PipelineRef: &v1.PipelineRef{}}
	fillIn(nested.PipelineRef, variable)
	maps.Copy(before, left(&nested, variable))
	pr, spec := worldPipelineRun(nil), worldPipeline(nested)
	spec, err := prr.ApplyParameters(spec, pr)
	if err != nil {
		panic(err)
	}
	spec = prr.ApplyWorkspaces(prr.ApplyContexts(spec, "pipeline", pr), pr)
	fetched := spec.Finally[0].PipelineRef.DeepCopy()
	a := &asker{}
	_, _, _, _ = prr.GetChildPipelineFunc(features(), nil, nil, a, pr, fetched, nil)(features(), fetched.Name)
	fetched.Params = a.requested()
	maps.Copy(after, left(&v1.PipelineTask{PipelineRef: fetched}, variable))
	return before, after
}

// rename tells the display name of a task with a matrix from that of others.
func rename(fields map[string]bool, matrixed bool) map[string]bool {
	if !matrixed || !fields["displayName"] {
		return fields
	}
	out := maps.Clone(fields)
	delete(out, "displayName")
	out[substitution.MatrixDisplayName] = true
	return out
}

func measurePipeline(variable string) (before, after map[string]bool) {
	spec := &v1.PipelineSpec{}
	fillIn(spec, variable)
	spec.Tasks, spec.Finally = nil, nil
	before = left(spec, variable)
	after = maps.Clone(before)
	// A default is replaced where the param is used.
	value := text(variable)
	world := worldPipeline(v1.PipelineTask{TaskRef: &v1.TaskRef{Name: "make"}, Params: v1.Params{{Name: "x", Value: text("$(params.defaulted)")}}})
	world.Params = append(world.Params, v1.ParamSpec{Name: "defaulted", Type: v1.ParamTypeString, Default: &value})
	// Tekton fails a run with a default that refers to an unknown param.
	if _, err := prr.ApplyParameters(world, worldPipelineRun(world)); err == nil {
		_, _, rpt := throughPipeline(world)
		after["params.default"] = unreplaced(rpt.PipelineTask.Params[0].Value.StringVal, variable)
	}
	results := map[string][]v1.TaskRunResult{"make": {{Name: "text", Type: v1.ResultsTypeString, Value: text("v")}, {Name: "list", Type: v1.ResultsTypeArray, Value: list("v", "w")},
		{Name: "object", Type: v1.ResultsTypeObject, Value: objectValue(map[string]string{"key": "v"})}}}
	after["results.value"] = !inResult(results, variable)
	return before, after
}

// inResult reports whether Tekton replaces a variable in the value of a pipeline
// result. Its code panics on some that the webhook refuses.
func inResult(results map[string][]v1.TaskRunResult, variable string) (replaced bool) {
	defer func() {
		if recover() != nil {
			replaced = false
		}
	}()
	done, err := prr.ApplyTaskResultsToPipelineResults([]v1.PipelineResult{{Name: "r", Value: text(variable)}}, results, nil, nil)
	return err == nil && len(done) == 1 && !strings.Contains(done[0].Value.StringVal, variable)
}

func measurePipelineRun(variable string) (before, after map[string]bool) {
	spec := &v1.PipelineRunSpec{}
	fillIn(spec, variable)
	before = left(spec, variable)
	pr := worldPipelineRun(nil)
	spec.Params = append(spec.Params, pr.Spec.Params...)
	spec.Workspaces[0].Name = "pipeline-workspace"
	spec.TaskRunSpecs[0].PipelineTaskName = "task"
	pr.Spec = *spec
	pr.Spec.PipelineRef.Resolver = "git"
	a := &asker{}
	_, _, _, _ = prr.GetPipelineFunc(features(), nil, nil, a, pr, nil)(features(), pr.Spec.PipelineRef.Name)
	pr.Spec.PipelineRef.Params = a.requested()
	pr.Spec.PipelineRef.Resolver = v1.ResolverName(variable)

	// The bindings reach the TaskRuns, which replace their params there.
	prr.ApplyParametersToWorkspaceBindings(pr)
	prr.ApplyResultsToWorkspaceBindings(map[string][]v1.TaskRunResult{"make": {{Name: "text", Type: v1.ResultsTypeString, Value: text("v")},
		{Name: "object", Type: v1.ResultsTypeObject, Value: objectValue(map[string]string{"key": "v"})}}}, pr)
	rpt := &prr.ResolvedPipelineTask{PipelineTask: &v1.PipelineTask{Name: "task", Workspaces: []v1.WorkspacePipelineTaskBinding{{Name: "w", Workspace: "pipeline-workspace"}}},
		ResolvedTask: &trr.ResolvedTask{TaskSpec: &v1.TaskSpec{Params: declarations(worldParams("")), Workspaces: []v1.WorkspaceDeclaration{{Name: "w"}}}}}
	template := pr.Spec.Workspaces[0].VolumeClaimTemplate
	ref := pr.Spec.PipelineRef.Name
	pr.Spec.PipelineRef.Name = "pipeline"
	pr.Spec.Workspaces[0].VolumeClaimTemplate = nil
	bound, _, err := getTaskrunWorkspaces(nil, features(), pr, rpt)
	if err != nil {
		panic(err)
	}
	tr := worldRun()
	tr.Spec.Workspaces = bound
	trr.ApplyParametersToWorkspaceBindings(rpt.ResolvedTask.TaskSpec, tr)
	pr.Spec.Workspaces = tr.Spec.Workspaces
	pr.Spec.Workspaces[0].VolumeClaimTemplate = template
	pr.Spec.Workspaces[0].Name = variable
	pr.Spec.PipelineRef.Name = ref

	for _, template := range []**podtemplate.PodTemplate{&pr.Spec.TaskRunTemplate.PodTemplate, &pr.Spec.TaskRunSpecs[0].PodTemplate} {
		*template = trr.ApplyPodTemplateReplacements(*template, tr, rpt.ResolvedTask.TaskSpec.Params...)
	}
	pr.Spec.TaskRunSpecs[0].PipelineTaskName = variable
	after = left(&pr.Spec, variable)

	// A param is replaced where it is used.
	pr = worldPipelineRun(worldPipeline(v1.PipelineTask{TaskRef: &v1.TaskRef{Name: "make"}, Params: v1.Params{{Name: "x", Value: text("$(params.passed)")}}}))
	pr.Spec.PipelineSpec.Params = append(pr.Spec.PipelineSpec.Params, v1.ParamSpec{Name: "passed", Type: v1.ParamTypeString})
	pr.Spec.Params = v1.Params{{Name: "passed", Value: text(variable)}}
	substituted, err := prr.ApplyParameters(pr.Spec.PipelineSpec, pr)
	if err != nil {
		panic(err)
	}
	substituted = prr.ApplyWorkspaces(prr.ApplyContexts(substituted, "pipeline", pr), pr)
	pr.Status.PipelineSpec = substituted
	after["params.value"] = unreplaced(substituted.Finally[0].Params[0].Value.StringVal, variable)
	return before, after
}

func measureTaskRun(variable string) (before, after map[string]bool) {
	spec := &v1.TaskRunSpec{}
	fillIn(spec, variable)
	before = left(spec, variable)
	tr := worldRun()
	spec.Params = append(spec.Params, tr.Spec.Params...)
	tr.Spec = *spec
	tr.Spec.TaskRef.Resolver, tr.Spec.TaskRef.Name = "git", variable
	a := &asker{}
	_, _, _, _ = trr.GetTaskFuncFromTaskRun(features(), nil, nil, a, tr, nil)(features(), tr.Spec.TaskRef.Name)
	tr.Spec.TaskRef.Params = a.requested()
	tr.Spec.TaskRef.Resolver = v1.ResolverName(variable)
	ts := &v1.TaskSpec{Params: declarations(worldParams(""))}
	trr.ApplyParametersToWorkspaceBindings(ts, tr)
	tr.Spec.PodTemplate = trr.ApplyPodTemplateReplacements(tr.Spec.PodTemplate, tr, ts.Params...)
	after = left(&tr.Spec, variable)

	// A param is replaced where it is used.
	passing := worldRun()
	passing.Spec.Params = v1.Params{{Name: "passed", Value: text(variable)}}
	done := throughTask(&v1.TaskSpec{
		Params: v1.ParamSpecs{{Name: "passed", Type: v1.ParamTypeString}}, Results: []v1.TaskResult{{Name: "result"}},
		Workspaces: []v1.WorkspaceDeclaration{{Name: "workspace"}}, Steps: []v1.Step{{Name: "acts", Args: []string{"$(params.passed)"}, Results: []v1.StepResult{{Name: "step-result"}}}, {Name: "known"}},
	}, passing)
	after["params.value"] = unreplaced(done.Steps[0].Args[0], variable)
	return before, after
}

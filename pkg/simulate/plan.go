package simulate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggers "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"knative.dev/pkg/apis"

	"github.com/tekwright/tekwright/internal/suggest"
)

// plan is a run with the objects that it needs.
type plan struct {
	namespace string
	run       runtime.Object
	objects   []runtime.Object // the others, in the namespace
	config    []*corev1.ConfigMap
	ctx       context.Context // with the configuration of Tekton

	origin runtime.Object             // of the set, that the run is or is made from
	tasks  map[string]*planned        // by path
	uses   map[string]map[string]*use // of results, by path and name
	chosen map[string]any             // instead of symbols
	notes  []Note
}

// planned is a pipeline task.
type planned struct {
	path    string
	kind    TaskType
	ref     string
	assumed bool
	task    *v1.TaskSpec       // nil if it runs no Task
	when    v1.WhenExpressions // as the Pipeline has them
}

// source has the objects of a set by kind and name.
type source struct {
	pipelineRuns []*v1.PipelineRun
	taskRuns     []*v1.TaskRun
	pipelines    []*v1.Pipeline
	tasks        []*v1.Task
	actions      []*v1beta1.StepAction
	templates    []*triggers.TriggerTemplate
	places       *origins
}

// planOf plans the run.
func planOf(s *source, name string, script *Script, chosen map[string]any) (*plan, error) {
	p := &plan{
		config: configMaps(script.Profile), tasks: map[string]*planned{},
		uses: map[string]map[string]*use{}, chosen: chosen,
	}
	var err error
	if p.ctx, err = configured(context.Background(), p.config); err != nil {
		return nil, err
	}
	if p.run, err = p.choose(s, name, script); err != nil {
		return nil, err
	}
	m := p.run.(metav1.Object)
	p.namespace = m.GetNamespace()
	if p.namespace == "" {
		p.namespace = "default"
		m.SetNamespace(p.namespace)
	}
	if m.GetName() == "" {
		m.SetName(m.GetGenerateName() + "xxxxx")
	}
	s = s.in(p.namespace)
	if err := p.accept(p.run); err != nil {
		return nil, err
	}
	b := &binder{plan: p, source: s, used: map[string]bool{}, from: p.origin}
	switch run := p.run.(type) {
	case *v1.PipelineRun:
		err = b.pipelineRun(run)
	case *v1.TaskRun:
		err = b.taskRun(run)
	}
	if err != nil {
		return nil, err
	}
	for _, found := range b.foundActions {
		a := found.DeepCopy()
		a.Namespace = p.namespace
		a.SetDefaults(p.ctx)
		if a.Spec.Script == "" && len(a.Spec.Command) == 0 {
			a.Spec.Command = unknownCommand
		}
		p.objects = append(p.objects, a)
	}
	return p, p.check(script)
}

// unknownCommand is the command of steps that use that of their image, which Tekton would
// ask a registry for.
var unknownCommand = []string{"/the-command-of-the-image"}

// accept does what the webhook does with an object, and returns its refusal.
func (p *plan) accept(o runtime.Object) error {
	target, ok := o.(interface {
		apis.Defaultable
		apis.Validatable
	})
	if !ok {
		return nil
	}
	ctx := apis.WithinCreate(p.ctx)
	target.SetDefaults(ctx)
	judged, _ := o.DeepCopyObject().(apis.Validatable) // a PipelineRun's Validate writes into its params
	if err := judged.Validate(ctx); err != nil {
		return &RefusedError{Object: nameOf(o), Err: err}
	}
	return nil
}

// admit is accept for the objects that controllers create: its errors are those that they
// get from an API server.
func (p *plan) admit(o runtime.Object) error {
	err := p.accept(o)
	if err == nil {
		return nil
	}
	refused, ok := err.(*RefusedError) //nolint:errorlint // accept returns no other
	if !ok {
		return err
	}
	return apierrors.NewBadRequest(`admission webhook "validation.webhook.pipeline.tekton.dev" denied the request: validation failed: ` + refused.Err.Error())
}

// nameOf is the object as in PipelineRun/release-1.
func nameOf(o runtime.Object) string {
	name := ""
	if m, ok := o.(metav1.Object); ok {
		name = m.GetName()
	}
	kind := strings.TrimPrefix(fmt.Sprintf("%T", o), "*v1.")
	return strings.TrimPrefix(kind, "*v1beta1.") + "/" + name
}

// startable are the kinds with which a name may begin.
var startable = []string{"PipelineRun", "TaskRun", "Pipeline", "Task", "TriggerTemplate"}

// choose returns the run of the name, or makes one for the Pipeline, the Task or the
// TriggerTemplate of the name.
func (p *plan) choose(s *source, name string, script *Script) (runtime.Object, error) {
	kind, rest, ok := strings.Cut(name, "/")
	if !ok {
		kind, rest = "", name
	}
	inner := "" // one of the runs of a TriggerTemplate
	if ok && !slices.Contains(startable, kind) {
		kind, rest, inner = "", kind, rest
	} else {
		rest, inner, _ = strings.Cut(rest, "/")
	}
	var found []runtime.Object
	var names []string
	add := func(k string, o metav1.Object) {
		n := o.GetName()
		if n == "" {
			n = o.GetGenerateName()
		}
		names = append(names, k+"/"+n)
		if (kind == "" || kind == k) && (rest == "" && strings.HasSuffix(k, "Run") || rest == n || rest == n+"xxxxx") {
			if ro, ok := o.(runtime.Object); ok {
				found = append(found, ro)
			}
		}
	}
	for _, o := range s.pipelineRuns {
		add("PipelineRun", o)
	}
	for _, o := range s.taskRuns {
		add("TaskRun", o)
	}
	if len(found) == 0 {
		for _, o := range s.pipelines {
			add("Pipeline", o)
		}
		for _, o := range s.tasks {
			add("Task", o)
		}
	}
	if len(found) == 0 {
		for _, o := range s.templates {
			add("TriggerTemplate", o)
		}
	}
	if name == "" && len(found) == 0 && len(s.pipelines) == 1 && len(s.templates) == 0 {
		found = append(found, s.pipelines[0])
	}
	if len(found) == 0 && rest != "" {
		inner = rest
		for _, o := range s.templates {
			if creates(o, kind, rest) {
				found = append(found, o)
			}
		}
	}
	switch {
	case len(found) > 1:
		all := s.places.placed(found)
		if nameOf(found[0]) == nameOf(found[1]) {
			return nil, errorf("%d objects have this name, leave out the others: %s", len(found), all)
		}
		return nil, errorf("%d runs could be meant, give the kind and the name: %s", len(found), all)
	case len(found) == 0 && name == "" && len(names) > 0:
		return nil, errorf("the set has no PipelineRun and no TaskRun; give the name of one of: %s", strings.Join(suggest.Candidates(names), ", "))
	case len(found) == 0 && name == "":
		return nil, errorf("the set has no PipelineRun and no TaskRun, and nothing that one could be made from")
	case len(found) == 0:
		return nil, unknownName("run", name, names)
	}
	p.origin = found[0]
	if t, ok := found[0].(*triggers.TriggerTemplate); ok {
		run, script, err := p.fromTemplate(t, inner, script)
		if err != nil {
			return nil, err
		}
		return p.runOf(run, script)
	}
	return p.runOf(found[0].DeepCopyObject(), script)
}

// unknownName is the error for a name that does not exist.
func unknownName(what, name string, names []string) error {
	if s := suggest.Name(name, names); s != "" {
		return errorf("there is no %s %q. Did you mean %q?", what, name, s)
	}
	for _, n := range names {
		if _, rest, _ := strings.Cut(n, "/"); suggest.Name(name, []string{rest}) != "" {
			return errorf("there is no %s %q. Did you mean %q?", what, name, n)
		}
	}
	return errorf("there is no %s %q, only %s", what, name, strings.Join(suggest.Candidates(names), ", "))
}

// runOf returns the run with what the script adds, or a run of the Pipeline or the Task.
func (p *plan) runOf(o runtime.Object, script *Script) (runtime.Object, error) {
	var (
		params     *v1.Params
		workspaces *[]v1.WorkspaceBinding
	)
	var specs v1.ParamSpecs // of a Pipeline or a Task
	var required []string
	switch of := o.(type) {
	case *v1.Pipeline:
		of.SetDefaults(p.ctx)
		run := &v1.PipelineRun{ObjectMeta: metav1.ObjectMeta{Name: of.Name, Namespace: of.Namespace},
			Spec: v1.PipelineRunSpec{PipelineRef: &v1.PipelineRef{Name: of.Name}}}
		for _, w := range of.Spec.Workspaces {
			if !w.Optional {
				required = append(required, w.Name)
			}
		}
		specs, params, workspaces, o = of.Spec.Params, &run.Spec.Params, &run.Spec.Workspaces, run
	case *v1.Task:
		of.SetDefaults(p.ctx)
		run := &v1.TaskRun{ObjectMeta: metav1.ObjectMeta{Name: of.Name, Namespace: of.Namespace},
			Spec: v1.TaskRunSpec{TaskRef: &v1.TaskRef{Name: of.Name}}}
		for _, w := range of.Spec.Workspaces {
			if !w.Optional {
				required = append(required, w.Name)
			}
		}
		specs, params, workspaces, o = of.Spec.Params, &run.Spec.Params, &run.Spec.Workspaces, run
	case *v1.PipelineRun:
		params, workspaces = &of.Spec.Params, &of.Spec.Workspaces
	case *v1.TaskRun:
		params, workspaces = &of.Spec.Params, &of.Spec.Workspaces
	}
	*params = append(*params, p.unknownParams(specs, script)...)
	for _, name := range required {
		p.bind(workspaces, name, script)
	}
	for _, name := range sorted(script.Params) {
		value, err := param(script.Params[name])
		if err != nil {
			return nil, errorf("param %q: %w", name, err)
		}
		*params = slices.DeleteFunc(*params, func(p v1.Param) bool { return p.Name == name })
		*params = append(*params, v1.Param{Name: name, Value: value})
	}
	for _, name := range script.Workspaces {
		if !slices.ContainsFunc(*workspaces, func(b v1.WorkspaceBinding) bool { return b.Name == name }) {
			*workspaces = append(*workspaces, v1.WorkspaceBinding{Name: name, EmptyDir: &corev1.EmptyDirVolumeSource{}})
		}
	}
	return o, setTimeouts(o, script.Timeouts)
}

// setTimeouts replaces the timeouts of a run.
func setTimeouts(o runtime.Object, t *Timeouts) error {
	if t == nil {
		return nil
	}
	run, ok := o.(*v1.PipelineRun)
	if !ok {
		return errorf("only a PipelineRun has these timeouts, and %s is none", nameOf(o))
	}
	if run.Spec.Timeouts == nil {
		run.Spec.Timeouts = &v1.TimeoutFields{}
	}
	for _, of := range []struct {
		to    **metav1.Duration
		value Duration
	}{{&run.Spec.Timeouts.Pipeline, t.Pipeline}, {&run.Spec.Timeouts.Tasks, t.Tasks}, {&run.Spec.Timeouts.Finally, t.Finally}} {
		if of.value < 0 {
			return errorf("a timeout must not be negative")
		}
		if of.value > 0 {
			*of.to = &metav1.Duration{Duration: time.Duration(of.value)}
		}
	}
	return nil
}

// bind binds a workspace of a run that was made here.
func (p *plan) bind(to *[]v1.WorkspaceBinding, name string, script *Script) {
	*to = append(*to, v1.WorkspaceBinding{Name: name, EmptyDir: &corev1.EmptyDirVolumeSource{}})
	if !slices.Contains(script.Workspaces, name) {
		p.notes = append(p.notes, Note{NoteWorkspace, "", fmt.Sprintf("workspace %q is bound to an emptyDir", name)})
	}
}

// unknownParams are symbols for the params that have no value.
func (p *plan) unknownParams(specs v1.ParamSpecs, script *Script) (params v1.Params) {
	for _, s := range specs {
		if _, ok := script.Params[s.Name]; ok || s.Default != nil {
			continue
		}
		text := p.paramText
		value := v1.ParamValue{Type: s.Type, StringVal: text(s.Name)}
		switch s.Type {
		case v1.ParamTypeArray:
			value = v1.ParamValue{Type: s.Type, ArrayVal: []string{text(s.Name + "[0]")}}
			if v, ok := p.chosen["<params."+s.Name+">"].([]string); ok {
				value.ArrayVal = v
			}
		case v1.ParamTypeObject:
			value = v1.ParamValue{Type: s.Type, ObjectVal: map[string]string{}}
			for k := range s.Properties {
				value.ObjectVal[k] = text(s.Name + "." + k)
			}
		}
		params = append(params, v1.Param{Name: s.Name, Value: value})
		p.notes = append(p.notes, Note{NoteParam, "", fmt.Sprintf("param %q has no value", s.Name)})
	}
	return params
}

// paramText is a param that is not known: a symbol, or the value that was chosen for it.
func (p *plan) paramText(name string) string {
	symbol := "<params." + name + ">"
	if v, ok := p.chosen[symbol].(string); ok {
		return v
	}
	return symbol
}

// in returns the objects that runs of the namespace see.
func (s *source) in(namespace string) *source {
	return &source{
		pipelineRuns: s.pipelineRuns, taskRuns: s.taskRuns,
		pipelines: visible(s.pipelines, namespace), tasks: visible(s.tasks, namespace),
		actions: visible(s.actions, namespace), places: s.places,
	}
}

// visible returns the objects of the namespace, and for each name that it does not have those
// without a namespace.
func visible[T metav1.Object](objects []T, namespace string) (out []T) {
	own := map[string]bool{}
	for _, o := range objects {
		if o.GetNamespace() == namespace {
			own[o.GetName()] = true
			out = append(out, o)
		}
	}
	for _, o := range objects {
		if namespace != "" && o.GetNamespace() == "" && !own[o.GetName()] {
			out = append(out, o)
		}
	}
	return out
}

// typed returns an object of Tekton's v1, or nil if it is another.
func typed(o runtime.Object) (runtime.Object, error) {
	u, ok := o.(runtime.Unstructured)
	if !ok {
		return o, nil
	}
	gvk := o.GetObjectKind().GroupVersionKind()
	if gvk.Group != "tekton.dev" {
		return nil, nil
	}
	var to runtime.Object
	switch gvk.Version + "/" + gvk.Kind {
	case "v1/PipelineRun":
		to = &v1.PipelineRun{}
	case "v1/TaskRun":
		to = &v1.TaskRun{}
	case "v1/Pipeline":
		to = &v1.Pipeline{}
	case "v1/Task":
		to = &v1.Task{}
	case "v1beta1/StepAction":
		to = &v1beta1.StepAction{}
	default:
		return nil, nil
	}
	text, err := json.Marshal(u.UnstructuredContent())
	if err != nil {
		return nil, err
	}
	return to, json.Unmarshal(text, to)
}

package facts

import (
	"reflect"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Entry is an object of the set, decoded to the struct of its kind. At most one of
// the typed pointers is set. None is set for kinds without rules, and for an object
// that does not match its type.
type Entry struct {
	object.Object
	Ref diag.ObjectRef

	Task       *v1.Task
	Pipeline   *v1.Pipeline
	Run        *v1.PipelineRun
	TaskRun    *v1.TaskRun
	StepAction *v1beta1.StepAction
	CustomRun  *v1beta1.CustomRun
	Policy     *VerificationPolicy

	// Old is the v1beta1 object that one of the above was converted from.
	Old runtime.Object

	// Kube is the object as a struct, for those of Kubernetes' own kinds that have
	// rules.
	Kube runtime.Object

	// Event is the object as a struct, for the kinds of Tekton Triggers.
	Event EventObject

	// Within is the object that contains this one, at Prefix: a TriggerTemplate
	// contains the objects that it creates.
	Within *Entry
	Prefix diag.Path

	set    *Set
	signed bool // only its signature is known

	params       *ParamScope
	taskSpec     *TaskSpec // of a Task, a StepAction, or embedded in a TaskRun
	pipeline     *PipelineSpec
	taskSpecs    []*TaskSpec
	pipelines    []*PipelineSpec
	templates    []*Template
	problems     []Problem
	passings     []*Passing
	reached      *taskNames
	refs         []Ref
	given        *ParamScope
	needs        []Need
	triggers     []*Trigger
	definition   *Definition // of a Task
	body         *Body
	file         string
	nearPlaces   []string
	runUses      []Use
	foreignTexts []Text // of a run
	secretsBelow map[string][]Credential
	claims       []ClaimUse
	rare         *rareFacts

	// Whether these are known. A repository has many thousands of entries, so flags are
	// together, where they take one byte each.
	specsDone, templatesDone, problemsDone, passingsDone, refsDone, needsDone                   bool
	triggersDone, groupsDone, bindingDone, fileDone, placesDone, keysDone, usesDone, claimsDone bool
}

// rareFacts are facts about the objects of a few kinds. The others need no memory for them.
type rareFacts struct {
	runParams     v1.Params // of a CustomRun
	runParamNames names     // in lower case
	groups        []*TriggerGroup
	bindingParams []*BindingParam
	keys          []string // of a Secret or a ConfigMap
}

// rarely returns the facts that only a few kinds have.
func (e *Entry) rarely() *rareFacts {
	if e.rare == nil {
		e.rare = &rareFacts{}
	}
	return e.rare
}

func newEntry(s *Set, o object.Object) *Entry {
	e := &Entry{Object: o, Ref: o.Ref(), set: s}
	e.decodeTekton()
	if e.Ref.Kind == "" {
		e.Ref.Kind = e.kind()
	}
	e.decodeKube()
	e.decodeEvents()
	return e
}

// kind returns the kind of a typed object without a TypeMeta.
func (e *Entry) kind() string {
	switch {
	case e.Task != nil:
		return "Task"
	case e.Pipeline != nil:
		return "Pipeline"
	case e.Run != nil:
		return "PipelineRun"
	case e.TaskRun != nil:
		return "TaskRun"
	case e.StepAction != nil:
		return "StepAction"
	case e.CustomRun != nil:
		return "CustomRun"
	}
	return e.goType().Name()
}

// goType returns the struct type of the object. Upstream objects are pointers, other
// objects need not be.
func (e *Entry) goType() reflect.Type {
	t := reflect.TypeOf(e.Object.Object)
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// Set returns the set that the object is in.
func (e *Entry) Set() *Set { return e.set }

// Root returns the object that was given to [New] and contains this one, which may
// be itself.
func (e *Entry) Root() *Entry {
	for e.Within != nil {
		e = e.Within
	}
	return e
}

// File returns the file of the object, "" if that is not known.
func (e *Entry) File() string {
	r := e.Root()
	if !r.fileDone {
		r.file, r.fileDone = r.Object.At(diag.Path{}).File, true
	}
	return r.file
}

// Annotations returns the annotations of the object.
func (e *Entry) Annotations() map[string]string {
	m, err := meta.Accessor(e.Object.Object)
	if err != nil {
		return nil
	}
	return m.GetAnnotations()
}

// SuppressPrefix is the prefix of the annotations that suppress the findings of a
// rule.
const SuppressPrefix = "check.tekwright.dev/"

// Suppressed reports whether annotations suppress the findings of a rule. Without a
// reason they do not.
func Suppressed(annotations map[string]string, code string) bool {
	return Reason(annotations, code) != ""
}

// Reason returns the reason for which annotations suppress the findings of a rule, "" if
// they do not.
func Reason(annotations map[string]string, code string) string {
	return strings.TrimSpace(annotations[SuppressPrefix+code])
}

// Suppresses reports whether an annotation of the object, or of the one that
// contains it, suppresses the findings of a rule. An annotation without a reason
// does not.
func (e *Entry) Suppresses(code string) bool { return e.Reason(code) != "" }

// Reason returns the reason for which an annotation suppresses the findings of a rule, ""
// if none does. See [Entry.Suppresses].
func (e *Entry) Reason(code string) string {
	for ; e != nil; e = e.Within {
		if reason := Reason(e.Annotations(), code); reason != "" {
			return reason
		}
	}
	return ""
}

// Labels returns the labels of the object.
func (e *Entry) Labels() map[string]string {
	m, err := meta.Accessor(e.Object.Object)
	if err != nil {
		return nil
	}
	return m.GetLabels()
}

// Label returns the object for a sentence: Task "kaniko", the TaskRun with
// generateName "build-", or "this TaskRun" if it has no name.
func (e *Entry) Label() string {
	if e.Ref.Name == "" {
		return "this " + e.Ref.Kind
	}
	if m, err := meta.Accessor(e.Object.Object); err == nil && m.GetName() == "" {
		return "the " + e.Ref.Kind + " with generateName " + strconv.Quote(e.Ref.Name)
	}
	return e.Ref.String()
}

// TaskSpecs returns every Task spec in the object, in the order of the object: its
// own, and those of the tasks of its pipelines.
func (e *Entry) TaskSpecs() []*TaskSpec {
	e.specs()
	return e.taskSpecs
}

// PipelineSpecs returns every pipeline spec in the object: its own, and those of its
// tasks.
func (e *Entry) PipelineSpecs() []*PipelineSpec {
	e.specs()
	return e.pipelines
}

// TaskSpec returns the Task spec of a Task or a StepAction, or the one embedded in a
// TaskRun; nil for others.
func (e *Entry) TaskSpec() *TaskSpec {
	e.specs()
	return e.taskSpec
}

// PipelineSpec returns the spec of a Pipeline, or the one embedded in a PipelineRun;
// nil for others.
func (e *Entry) PipelineSpec() *PipelineSpec {
	e.specs()
	return e.pipeline
}

func (e *Entry) specs() {
	if e.specsDone {
		return
	}
	e.specsDone = true
	s := e.At("spec")
	switch {
	case e.Task != nil:
		e.taskSpec = &TaskSpec{Spot: s, Spec: &e.Task.Spec, Label: e.Ref.String(), Params: e.Params()}
	case e.StepAction != nil:
		e.taskSpec = &TaskSpec{Spot: s, Spec: &v1.TaskSpec{}, Label: e.Ref.String(), Params: e.Params(), Action: &e.StepAction.Spec}
	case e.TaskRun != nil && e.TaskRun.Spec.TaskSpec != nil && e.TaskRun.Spec.TaskRef == nil:
		e.taskSpec = e.taskOfRun(s)
	case e.Pipeline != nil:
		e.pipeline = newPipelineSpec(s, &e.Pipeline.Spec, e.Ref.String(), e.Params(), nil)
	case e.Run != nil && e.Run.Spec.PipelineSpec != nil && e.Run.Spec.PipelineRef == nil:
		at, label := s.Field("pipelineSpec"), "the pipelineSpec of "+e.Label()
		given := ValueScope(s.Field("params"), e.Label(), e.Run.Spec.Params, nil, nil)
		params := newParamScope(at.Field("params"), label, e.Run.Spec.PipelineSpec.Params, given)
		e.pipeline = newPipelineSpec(at, e.Run.Spec.PipelineSpec, label, params, e.Run)
	}
	if e.taskSpec != nil {
		e.taskSpec.own()
		e.taskSpecs = []*TaskSpec{e.taskSpec}
	}
	if e.pipeline != nil {
		e.pipeline.collect(e)
	}
}

// taskOfRun returns the spec embedded in a TaskRun.
func (e *Entry) taskOfRun(s Spot) *TaskSpec {
	spec := &e.TaskRun.Spec
	at, label := s.Field("taskSpec"), "the taskSpec of "+e.Label()
	t := &TaskSpec{Spot: at, Spec: spec.TaskSpec, Label: label, TaskRun: e, bound: map[string]bool{}, PodVolumes: &PodVolumes{own: map[string]bool{}}}
	given := ValueScope(s.Field("params"), e.Label(), spec.Params, nil, nil)
	t.Params = newParamScope(at.Field("params"), label, spec.TaskSpec.Params, given)
	for i := range spec.Workspaces {
		t.bound[spec.Workspaces[i].Name] = true
	}
	if spec.PodTemplate != nil {
		for _, v := range spec.PodTemplate.Volumes {
			t.PodVolumes.own[v.Name] = true
		}
	}
	return t
}

// Params returns the declared params of a Task, StepAction or Pipeline.
func (e *Entry) Params() *ParamScope {
	if e.params == nil {
		var specs []v1.ParamSpec
		switch {
		case e.Task != nil:
			specs = e.Task.Spec.Params
		case e.StepAction != nil:
			specs = e.StepAction.Spec.Params
		case e.Pipeline != nil:
			specs = e.Pipeline.Spec.Params
		}
		e.params = newParamScope(e.At("spec", "params"), e.Ref.String(), specs, nil)
		e.params.readers = func(visit visitRead) {
			switch {
			case e.TaskSpec() != nil:
				e.taskSpec.reads(visit)
			case e.PipelineSpec() != nil:
				e.pipeline.reads(visit)
			}
		}
	}
	return e.params
}

// RunUses returns every $(...) in the spec of a PipelineRun or a TaskRun, and in the
// params of a CustomRun, without those of embedded specs.
func (e *Entry) RunUses() []Use {
	e.set.asked(Variables)
	return e.allRunUses()
}

func (e *Entry) allRunUses() []Use {
	if !e.usesDone {
		e.usesDone = true
		switch {
		case e.Run != nil:
			e.runUses, e.foreignTexts = usesAndForeign(&e.Run.Spec, e.At("spec"))
		case e.TaskRun != nil:
			e.runUses, e.foreignTexts = usesAndForeign(&e.TaskRun.Spec, e.At("spec"))
		case e.CustomRun != nil:
			params := e.RunParams()
			for i := range params {
				texts := TextsIn(&params[i].Value, e.At("spec").Index("params", i).Field("value"))
				for j := range texts {
					texts[j].Field = "params.value"
				}
				e.runUses = append(e.runUses, usesOf(texts)...)
			}
		}
		for i := range e.runUses {
			if e.runUses[i].Place = substitution.TaskRun; e.Run != nil {
				e.runUses[i].Place = substitution.PipelineRun
			}
		}
	}
	return e.runUses
}

// RunPipeline returns the pipeline that a PipelineRun runs; nil if that is not
// known, or not in the set.
func (e *Entry) RunPipeline() *PipelineSpec {
	if e.Run == nil {
		return nil
	}
	spec := &e.Run.Spec
	switch {
	case (spec.PipelineRef == nil) == (spec.PipelineSpec == nil):
		return nil
	case spec.PipelineSpec != nil:
		return e.PipelineSpec()
	case named(spec.PipelineRef.Name, spec.PipelineRef.Resolver, spec.PipelineRef.Params):
		if found := e.set.fitting("Pipeline", e.Ref.Namespace, spec.PipelineRef.Name, e, e.called); found != nil {
			return found.PipelineSpec()
		}
	}
	if known := e.At("spec", "pipelineRef").signature(); known != nil {
		return known.PipelineSpec()
	}
	return nil
}

// RunTask returns the definition that a TaskRun runs.
func (e *Entry) RunTask() Definition {
	if e.TaskRun == nil {
		return Definition{}
	}
	spec := &e.TaskRun.Spec
	switch {
	case (spec.TaskRef == nil) == (spec.TaskSpec == nil):
	case spec.TaskSpec != nil:
		return e.TaskSpec().definition()
	default:
		ref := spec.TaskRef
		if ref.APIVersion != "" && ref.Kind != "" && ref.Kind != "Task" {
			break
		}
		if named(ref.Name, ref.Resolver, ref.Params) {
			if found := e.set.fitting("Task", e.Ref.Namespace, ref.Name, e, e.called); found != nil {
				return found.taskDefinition()
			}
		}
		if known := e.At("spec", "taskRef").signature(); known != nil {
			return known.taskDefinition()
		}
	}
	return Definition{}
}

// named reports whether a reference is by the name of an object, which may be in the
// set.
func named(name string, resolver v1.ResolverName, params v1.Params) bool {
	return name != "" && resolver == "" && params == nil && !IsURL(name) && !tekref.Contains(name) && len(validation.IsQualifiedName(name)) == 0
}

// IsURL reports whether Tekton parses the name of a reference as a URL.
func IsURL(name string) bool {
	i := strings.Index(name, ":/")
	return i > 0 && tekref.IsNameRune(rune(name[i-1])) && name[i-1] != '.'
}

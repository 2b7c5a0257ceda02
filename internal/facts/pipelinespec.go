package facts

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// PipelineSpec is a pipeline spec: of a Pipeline, embedded in a PipelineRun, or in a
// task of another pipeline.
type PipelineSpec struct {
	Spot   Spot // of the spec
	Spec   *v1.PipelineSpec
	Label  string // for sentences: Pipeline "release", the pipelineSpec of PipelineRun "release-1"
	Params *ParamScope

	// Run is the run around an embedded spec; nil if the runs are not known.
	Run *v1.PipelineRun

	// Tasks are the tasks, then those of finally.
	Tasks []*PipelineTask
	// Workspaces are the declared workspaces, by name. Of two with the same name, the
	// first is used.
	Workspaces map[string]*v1.PipelineWorkspaceDeclaration

	byName       map[string]*PipelineTask
	used         map[string]bool // workspaces
	order        *pipelineOrder
	defaultUses  []Use
	resultUses   [][]Use
	defaultsDone bool
	memoPipeline
}

// PipelineTask is a task of a pipeline.
type PipelineTask struct {
	*v1.PipelineTask
	Spot     Spot
	Index    int // among all tasks of the pipeline
	Finally  bool
	Label    string // for sentences: task "image"
	Pipeline *PipelineSpec
	// Runs is the definition that the task runs, as far as it is known.
	Runs Definition
	// Inner is its embedded Task spec; nil for others.
	Inner *TaskSpec
	// InnerPipeline is its embedded pipeline spec; nil for others.
	InnerPipeline *PipelineSpec

	uses     []Use
	usesDone bool
	reads    []ResultRead
	readDone bool

	foreignTexts []Text

	guardList  []v1.WhenExpression
	guardsDone bool

	bindingNames names
}

// Binds reports whether the task binds a workspace of what it runs.
func (t *PipelineTask) Binds(name string) bool {
	return t.bindingNames.of(func() []string {
		return namesOf(t.Workspaces, func(w *v1.WorkspacePipelineTaskBinding) string { return w.Name })
	}).has(name)
}

// memoPipeline are facts of one topic about a pipeline spec, computed once.
type memoPipeline struct {
	followers    map[*PipelineTask][]*PipelineTask // the tasks that run directly after each
	readers      map[*PipelineTask][]*PipelineTask // the tasks that read results of each that has when expressions
	podVolumesOf map[string]map[string]bool
	resultsRead  map[string][]tekref.Variable // by task
	memoTaskUses
	memoPipelineWorkspaces

	memoReads *paramReads     // of [PipelineSpec.paramsRead]
	byRuns    *paramReads     // of [PipelineSpec.readByRuns]
	pooled    map[string]bool // of [Problem.IsRefused]
}

func newPipelineSpec(s Spot, spec *v1.PipelineSpec, label string, params *ParamScope, run *v1.PipelineRun) *PipelineSpec {
	p := &PipelineSpec{Spot: s, Spec: spec, Label: label, Params: params, Run: run}
	if params.readers == nil {
		params.readers = p.reads
	}
	return p
}

// collect lists the tasks and their definitions. The specs embedded in the pipeline
// are added to those of the object.
func (p *PipelineSpec) collect(e *Entry) {
	e.pipelines = append(e.pipelines, p)
	if len(p.Spec.Workspaces) > 0 {
		p.Workspaces = make(map[string]*v1.PipelineWorkspaceDeclaration, len(p.Spec.Workspaces))
		for i := range p.Spec.Workspaces {
			if w := &p.Spec.Workspaces[i]; p.Workspaces[w.Name] == nil {
				p.Workspaces[w.Name] = w
			}
		}
	}
	n := len(p.Spec.Tasks) + len(p.Spec.Finally)
	p.byName = make(map[string]*PipelineTask, n)
	p.Tasks = make([]*PipelineTask, 0, n)
	all := make([]PipelineTask, n)
	add := func(list string, tasks []v1.PipelineTask, finally bool) {
		at := p.Spot.Field(list)
		for i := range tasks {
			t := &all[len(p.Tasks)]
			*t = PipelineTask{PipelineTask: &tasks[i], Spot: at.Item(i), Index: len(p.Tasks), Finally: finally, Pipeline: p}
			t.Label = "task " + strconv.Quote(t.Name)
			if t.Name == "" {
				t.Label = "the task " + t.Spot.String()
			}
			p.Tasks = append(p.Tasks, t)
			if p.byName[t.Name] == nil {
				p.byName[t.Name] = t
			}
		}
	}
	add("tasks", p.Spec.Tasks, false)
	add("finally", p.Spec.Finally, true)
	for _, t := range p.Tasks {
		t.Runs = t.define()
	}
	for _, t := range p.Tasks {
		t.embed(e)
	}
}

// embed adds the specs embedded in the task.
func (t *PipelineTask) embed(e *Entry) {
	p := t.Pipeline
	if t.PipelineTask.PipelineSpec != nil {
		s, label := t.Spot.Field("pipelineSpec"), "the pipelineSpec of "+t.Label
		params := newParamScope(s.Field("params"), label, t.PipelineTask.PipelineSpec.Params, nil)
		t.InnerPipeline = newPipelineSpec(s, t.PipelineTask.PipelineSpec, label, params, nil)
		t.Runs.Params, t.Runs.Label = params, label
		t.InnerPipeline.collect(e)
		return
	}
	if t.TaskSpec == nil || t.Runs.Spec == nil {
		return
	}
	outer := p.Params
	if p.Run != nil {
		outer = ValueScope(t.Spot.Field("params"), p.Label, t.Params, p.TypeOf, p.Params)
		p.passedObjects(outer)
	}
	t.Runs.Params.Outer, t.Runs.Params.Strict = outer, p.Run == nil
	inner := &TaskSpec{Spot: t.Runs.Spot, Spec: t.Runs.Spec, Label: t.Runs.Label, Params: t.Runs.Params, Pipeline: p, PipelineTask: t}
	inner.own()
	if p.Run != nil {
		inner.PodVolumes = &PodVolumes{p.podVolumes()[""], p.podVolumes()[t.Name]}
	}
	t.Inner = inner
	e.taskSpecs = append(e.taskSpecs, inner)
}

// passedObjects finds the keys of whole objects that are passed on.
func (p *PipelineSpec) passedObjects(values *ParamScope) {
	for _, v := range values.List {
		r, ok := Alone(v.Default.StringVal)
		if !ok || v.Type != v1.ParamTypeObject || len(v.Keys) > 0 || r.Fault != "" {
			continue
		}
		switch r.Kind {
		case tekref.TaskResult:
			if t := p.byName[r.Owner]; t != nil && t.Runs.Results[r.Name] != nil {
				v.Keys = sortedKeys(t.Runs.Results[r.Name].Properties)
			}
		case tekref.Param:
			for s := p.Params; s != nil; s = s.Outer {
				if same := s.index[r.Name]; same != nil {
					v.Keys = append(v.Keys, same.Keys...)
				}
			}
		}
	}
}

// Entry returns the object that contains the spec.
func (p *PipelineSpec) Entry() *Entry { return p.Spot.Entry }

// Set returns the set of the object.
func (p *PipelineSpec) Set() *Set { return p.Spot.Entry.set }

// Task returns the task of that name, in tasks or in finally; nil if there is none.
// Of two with the same name, it is the first.
func (p *PipelineSpec) Task(name string) *PipelineTask { return p.byName[name] }

// TaskNames returns the names of the tasks that are not in finally, but no more than
// are used for suggestions.
func (p *PipelineSpec) TaskNames() []string {
	tasks := p.Spec.Tasks[:min(len(p.Spec.Tasks), suggest.MaxCandidates)]
	return namesOf(tasks, func(t *v1.PipelineTask) string { return t.Name })
}

// Deferred reports whether variables in a field of a pipeline task are replaced once
// more inside the Task: a param value may refer to the workspaces and results of its
// Task.
func Deferred(field string) bool {
	_, ok := substitution.Passed(substitution.PipelineTask, field)
	return ok
}

// Uses returns every $(...) in the texts of the task, with its role. It leaves out
// those of an embedded spec, and those that are replaced before the object is
// created.
func (t *PipelineTask) Uses() []Use {
	t.Spot.Entry.set.asked(Variables)
	return t.allUses()
}

func (t *PipelineTask) allUses() []Use {
	if t.usesDone {
		return t.uses
	}
	t.usesDone = true
	all := scan(reflect.ValueOf(t.PipelineTask), t.Spot)
	t.foreignTexts = all.foreign
	texts := all.texts
	for i := range texts {
		tx := &texts[i]
		if tx.Prose() && tx.Field != "displayName" {
			continue
		}
		for m := range tekref.Scan(tx.Value) {
			u := Use{Match: m, Var: tekref.Parse(m.Expr), Text: tx, Spot: tx.Spot.Of(tx.Value[m.Start:m.End]), Place: substitution.PipelineTask, matrix: t.IsMatrixed()}
			known := substitution.Known(substitution.PipelineTask, tx.Field)
			switch {
			case u.Later():
				continue
			case u.Var.Kind == tekref.None:
				u.Role = Foreign
			case m.Open:
				u.Role = Unclosed
			case strings.HasPrefix(tx.Field, "pipelineRef.") && !known:
				u.Role = Passed
			case !known:
				u.Role = Ignored
			}
			t.uses = append(t.uses, u)
		}
	}
	return t.uses
}

// scope returns the params that a variable of the task may refer to.
func (t *PipelineTask) scope(u *Use) *ParamScope {
	if !t.IsMatrixed() || u.Text.Field != "displayName" {
		return t.Pipeline.Params
	}
	var values v1.Params
	for _, p := range append(t.Matrix.GetAllParams(), t.Params...) {
		values = append(values, v1.Param{Name: p.Name, Value: v1.ParamValue{Type: v1.ParamTypeString}})
	}
	return ValueScope(t.Spot, t.Pipeline.Label, values, nil, t.Pipeline.Params)
}

// DefaultUses returns every $(...) in the defaults of the params.
func (p *PipelineSpec) DefaultUses() []Use {
	p.Set().asked(Variables)
	p.valueUses()
	return p.defaultUses
}

// ResultUses returns every $(...) in the value of a result of the pipeline.
func (p *PipelineSpec) ResultUses(i int) []Use {
	p.Set().asked(Variables)
	p.valueUses()
	return p.resultUses[i]
}

func (p *PipelineSpec) valueUses() {
	if p.defaultsDone {
		return
	}
	p.defaultsDone = true
	for _, d := range p.Params.List {
		if d.Default != nil {
			p.defaultUses = append(p.defaultUses, UsesIn(d.Default, d.Spot.Field("default"))...)
		}
	}
	p.resultUses = make([][]Use, len(p.Spec.Results))
	for i := range p.Spec.Results {
		p.resultUses[i] = UsesIn(&p.Spec.Results[i].Value, p.Spot.Index("results", i).Field("value"))
	}
}

// reads calls visit for each read of a param in scope by the texts of the pipeline
// and of the Task specs embedded there.
func (p *PipelineSpec) reads(visit visitRead) {
	defaults := p.DefaultUses()
	for i := range defaults {
		if u := &defaults[i]; !u.Open && !u.Escaped && u.Var.Fault == "" {
			p.Params.mark(u, visit)
		}
	}
	for _, t := range p.Tasks {
		t.readParams(visit)
	}
	for _, t := range p.Tasks {
		if t.Inner != nil {
			t.Inner.reads(visit)
		}
	}
	p.readPutInto(visit)
	for i := range p.Spec.Results {
		uses := p.ResultUses(i)
		for j := range uses {
			if u := &uses[j]; !u.Open && u.Var.Fault == "" {
				p.Params.mark(u, visit)
			}
		}
	}
}

func (t *PipelineTask) readParams(visit visitRead) {
	scope := t.Pipeline.Params
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		if u.Var.Kind != tekref.Param {
			continue
		}
		switch {
		case u.Role == Passed, u.Role == Substituted && u.Text.Field == includeName:
			scope.mark(u, visit)
		case u.Role == Ignored:
			if u.Var.Fault == "" && !u.Escaped {
				scope.mark(u, visit)
			}
		case u.Role != Substituted:
		default:
			t.scope(u).visit(u, visit)
		}
	}
}

// TypeOf returns the type of the value of a variable in the pipeline; false if it is
// not known.
func (p *PipelineSpec) TypeOf(v tekref.Variable) (v1.ParamType, bool) {
	switch v.Kind {
	case tekref.Param:
		return p.Params.TypeOf(v)
	case tekref.TaskResult, tekref.FinallyResult:
		t := p.byName[v.Owner]
		if t == nil || t.Runs.Results == nil {
			return "", false
		}
		if t.IsMatrixed() {
			return v1.ParamTypeArray, v.Star
		}
		result := t.Runs.Results[v.Name]
		if result == nil {
			return "", false
		}
		typ := ResultType(result.Type, result.Properties)
		switch {
		case !v.Whole():
			return v1.ParamTypeString, true
		case typ == v1.ParamTypeString:
			return typ, !v.Star
		}
		return typ, true
	case tekref.None:
		return "", false
	}
	return v1.ParamTypeString, true
}

// EmbedsSteps reports whether a task outside finally has a taskSpec with steps.
func (p *PipelineSpec) EmbedsSteps() bool {
	return slices.ContainsFunc(p.Spec.Tasks, func(t v1.PipelineTask) bool { return t.TaskSpec != nil && len(t.TaskSpec.Steps) > 0 })
}

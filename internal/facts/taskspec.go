package facts

import (
	"reflect"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// TaskSpec is a Task spec: of a Task, embedded in a pipeline task or in a TaskRun,
// or a StepAction.
type TaskSpec struct {
	Spot   Spot         // of the spec
	Spec   *v1.TaskSpec // empty for a StepAction
	Label  string       // for sentences: Task "kaniko", the taskSpec of task "image"
	Params *ParamScope

	// Action is the spec of a StepAction; nil for others.
	Action *v1beta1.StepActionSpec
	// Pipeline and PipelineTask contain an embedded spec; nil for others.
	Pipeline     *PipelineSpec
	PipelineTask *PipelineTask
	// TaskRun is the run that contains an embedded spec; nil for others.
	TaskRun *Entry

	// PodVolumes are the volumes that the pod templates of the run add; nil if the run
	// is not known.
	PodVolumes *PodVolumes

	lenient *ParamScope     // Params with the undeclared params that the pipeline task passes
	alone   *ParamScope     // the same without those of the pipeline
	bound   map[string]bool // the workspaces that a TaskRun binds
	merged  map[string]bool // the texts of the steps with those of the stepTemplate
	// mergeFails reports whether the stepTemplate cannot be merged into the steps.
	mergeFails bool
	texts      []Text
	uses       []Use
	usesDone   bool

	foreignTexts []Text
	badWords     []BadWord

	workspaces map[string]bool
	results    map[string]bool
	containers []Container
	memoTask
}

// Role is how Tekton treats a $(...) where it is.
type Role int

// The roles.
const (
	// Substituted: Tekton replaces it, if what it refers to exists.
	Substituted Role = iota
	// Foreign: it is not a Tekton variable. It may belong to a shell or to Kubernetes,
	// or be misspelled.
	Foreign
	// Unclosed: it lacks its closing parenthesis.
	Unclosed
	// Ignored: it is in a field in which Tekton replaces no variables.
	Ignored
	// Passed: it is left to the pipeline inside the pipeline.
	Passed
)

// place returns the place of the spec in the table of substitution.
func (t *TaskSpec) place() substitution.Place {
	switch {
	case t.Action != nil:
		return substitution.StepAction
	case t.Pipeline != nil:
		return substitution.InlineTask
	}
	return substitution.Task
}

// scope returns the params that a variable of the spec may refer to. The params that a
// pipeline task passes reach its taskSpec without a declaration, but the webhook rejects
// them in the fields that it checks, after it has merged the stepTemplate into the steps. The resolver of a step gets no params of the
// pipeline.
func (t *TaskSpec) scope(u *Use) *ParamScope {
	if t.Pipeline == nil || u.Place != substitution.InlineTask {
		return t.Params
	}
	field := u.Text.Field
	propagated := substitution.Replaced(u.Place, field).Has(substitution.PipelineParams)
	if propagated && (t.Pipeline.Run != nil || substitution.Checked(u.Place, field) || t.mergedIntoStep(u.Text)) || field == "params.default" {
		return t.Params
	}
	scope := &t.lenient
	if !propagated {
		scope = &t.alone
	}
	if *scope == nil {
		pt := t.PipelineTask
		values := append(v1.Params(nil), pt.Params...)
		if pt.Matrix != nil {
			for _, p := range pt.Matrix.GetAllParams() {
				values = append(values, v1.Param{Name: p.Name, Value: v1.ParamValue{Type: v1.ParamTypeString}})
			}
		}
		var outer *ParamScope
		if propagated {
			outer = t.Params.Outer
		}
		own := *t.Params
		own.Outer = ValueScope(pt.Spot.Field("params"), t.Pipeline.Label, values, t.Pipeline.TypeOf, outer)
		*scope = &own
	}
	return *scope
}

// own makes the scope of the params find the uses in the spec.
func (t *TaskSpec) own() {
	if t.Params.readers == nil {
		t.Params.readers = t.reads
	}
}

// Entry returns the object that contains the spec.
func (t *TaskSpec) Entry() *Entry { return t.Spot.Entry }

// Set returns the set of the object.
func (t *TaskSpec) Set() *Set { return t.Spot.Entry.set }

// Unbounded reports whether undeclared workspaces may reach the spec: those that a
// run binds, if the run of the embedding Pipeline is not known.
func (t *TaskSpec) Unbounded() bool { return t.Pipeline != nil && t.Pipeline.Run == nil }

// Bound reports whether a workspace of that name reaches an embedded spec without a
// declaration.
func (t *TaskSpec) Bound(name string) bool {
	if t.Pipeline == nil {
		return t.bound[name]
	}
	return t.Pipeline.Workspaces[name] != nil || t.Pipeline.RunBinds(name) || t.PipelineTask.Binds(name)
}

// Texts returns every string of the spec that contains "$(", without those that are
// for people.
func (t *TaskSpec) Texts() []Text {
	t.find()
	return t.texts
}

// Uses returns every $(...) in the texts of the spec, one of each kind in each text,
// with its role. It leaves out those that are replaced before the object is created.
func (t *TaskSpec) Uses() []Use {
	t.Set().asked(Variables)
	t.find()
	return t.uses
}

func (t *TaskSpec) find() {
	if t.usesDone {
		return
	}
	t.usesDone = true
	v := reflect.ValueOf(t.Spec)
	if t.Action != nil {
		v = reflect.ValueOf(t.Action)
	}
	all := scan(v, t.Spot)
	t.foreignTexts, t.badWords = all.foreign, all.words
	t.texts = slices.DeleteFunc(all.texts, func(tx Text) bool { return tx.Prose() })
	t.uses = make([]Use, 0, len(t.texts))
	for i := range t.texts {
		t.EachUse(&t.texts[i], func(u *Use) {
			if !u.Later() {
				t.uses = append(t.uses, *u)
			}
		})
	}
}

// EachUse calls visit for each $(...) in a text of the spec, one of each kind, with
// its role. It includes those that are replaced before the object is created.
func (t *TaskSpec) EachUse(tx *Text, visit func(*Use)) {
	var seen []string
	for m := range tekref.Scan(tx.Value) {
		if len(seen) < 16 && !m.Open {
			if slices.Contains(seen, m.Expr) {
				continue // it was visited before
			}
			seen = append(seen, m.Expr)
		}
		u := Use{Match: m, Var: tekref.Parse(m.Expr), Text: tx, Spot: tx.Spot.Of(tx.Value[m.Start:m.End]), Place: t.place()}
		switch {
		case u.Var.Kind == tekref.None:
			u.Role = Foreign
		case m.Open:
			u.Role = Unclosed
		case !substitution.Known(u.Place, tx.Field):
			u.Role = Ignored
		}
		visit(&u)
	}
}

// IsScript reports whether a text of the spec is a script.
func (t *TaskSpec) IsScript(tx *Text) bool {
	return tx.Field == "script" || tx.Field == "steps.script" || tx.Field == "sidecars.script"
}

// IsTwinKey reports whether a variable reads a key of an object param that both an
// embedded spec and its Pipeline declare, if only the spec has the key. Tekton
// admits it in steps only if both have it. In a run, it merges them.
func (t *TaskSpec) IsTwinKey(u *Use) (own, twin *Param, ok bool) {
	v := u.Var
	if t.Pipeline == nil || t.Pipeline.Run != nil || v.Key == "" || !strings.HasPrefix(u.Text.Field, "steps.") {
		return nil, nil, false
	}
	own, twin = t.Params.Own(v.Name), t.Pipeline.Params.Own(v.Name)
	ok = own != nil && twin != nil && own.Type == v1.ParamTypeObject && twin.Type == v1.ParamTypeObject &&
		own.HasKey(v.Key) && !twin.HasKey(v.Key)
	return own, twin, ok
}

// reads calls visit for each read of a param in scope by the texts of the spec.
func (t *TaskSpec) reads(visit visitRead) {
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		if u.Var.Kind != tekref.Param {
			continue
		}
		switch u.Role {
		case Substituted:
			if own, twin, ok := t.IsTwinKey(u); ok {
				visit(own, u, readMarks)
				visit(twin, u, readMarks)
				continue
			}
			t.scope(u).visit(u, visit)
		case Ignored:
			if !u.Escaped && u.Var.Fault == "" {
				t.Params.mark(u, visit)
			}
		case Foreign, Unclosed, Passed:
		}
	}
	t.eachRunUse(func(u *Use) {
		if u.Text.Field != "taskRef.params.value" && substitution.Replaced(substitution.TaskRun, u.Text.Field).Has(substitution.Params) && u.Var.Kind == tekref.Param {
			t.Params.mark(u, visit)
		}
	})
}

// eachRunUse calls visit for each variable in the fields of the TaskRun that contains
// the spec.
func (t *TaskSpec) eachRunUse(visit func(*Use)) {
	if t.TaskRun == nil {
		return
	}
	uses := t.TaskRun.RunUses()
	for i := range uses {
		if u := &uses[i]; u.Var.Fault == "" && !u.Open && !u.Escaped {
			visit(u)
		}
	}
}

// ReadsArtifact reports whether a use reads or writes an artifact of a step in a
// field where Tekton replaces it.
func (t *TaskSpec) ReadsArtifact(u *Use) bool {
	if u.Var.Kind != tekref.Artifacts && u.Var.Kind != tekref.StepArtifact || !u.IsVariable() {
		return false
	}
	_, misplaced := t.otherProblem(u)
	return !misplaced
}

// IsVariable reports whether Tekton replaces a use of the spec that does not refer
// to a param.
func (u *Use) IsVariable() bool {
	return u.Role == Substituted && u.Var.Kind != tekref.Param && u.Var.Fault == "" && u.Replaced()
}

// UsedWorkspaces returns the names of the workspaces that the steps and sidecars
// refer to. A misspelled name also counts as a use of the workspace that was most
// likely meant.
func (t *TaskSpec) UsedWorkspaces() map[string]bool {
	t.Set().asked(Workspaces)
	if t.workspaces != nil {
		return t.workspaces
	}
	t.workspaces = map[string]bool{}
	names := t.WorkspaceNames()
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		if u.Var.Kind != tekref.Workspace || !u.IsVariable() {
			continue
		}
		t.workspaces[u.Var.Owner] = true
		if !t.declaredWorkspaces().has(u.Var.Owner) {
			if near := suggest.Name(u.Var.Owner, names); near != "" {
				t.workspaces[near] = true // so that one mistake is reported once
			}
		}
	}
	t.eachRunUse(func(u *Use) {
		if u.Var.Kind == tekref.Workspace {
			t.workspaces[u.Var.Owner] = true
		}
	})
	for i := range t.Spec.Steps {
		for _, w := range t.Spec.Steps[i].Workspaces {
			t.workspaces[w.Name] = true
		}
	}
	for i := range t.Spec.Sidecars {
		for _, w := range t.Spec.Sidecars[i].Workspaces {
			t.workspaces[w.Name] = true
		}
	}
	return t.workspaces
}

// UsedResults returns the names of the results whose path the texts contain. It
// includes "" if it is not known which ones these are. A misspelled name also counts
// as a use of the result that was most likely meant.
func (t *TaskSpec) UsedResults() map[string]bool {
	t.Set().asked(Results)
	if t.results != nil {
		return t.results
	}
	t.results = map[string]bool{}
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		switch {
		case u.Role != Substituted || u.Var.Kind != tekref.ResultPath:
		case u.Var.Fault != "":
			t.results[""] = true
			t.results[u.Var.Name] = true
		case u.IsVariable():
			t.results[u.Var.Name] = true
			if !t.HasResult(u.Var.Name) {
				if near := suggest.Name(u.Var.Name, t.ResultNames()); near != "" {
					t.results[near] = true // so that one mistake is reported once
				}
			}
		}
	}
	t.eachRunUse(func(u *Use) {
		if u.Var.Kind == tekref.ResultPath {
			t.results[u.Var.Name] = true
		}
	})
	return t.results
}

// TypeOf returns the type of the value of a variable in the spec; false if it is not
// known.
func (t *TaskSpec) TypeOf(v tekref.Variable) (v1.ParamType, bool) {
	switch v.Kind {
	case tekref.Param:
		return t.Params.TypeOf(v)
	case tekref.StepResult, tekref.TaskResult, tekref.FinallyResult, tekref.None:
		return "", false
	}
	return v1.ParamTypeString, true
}

// StepAt returns the index of the step that contains a path; -1 if none does.
func (t *TaskSpec) StepAt(path diag.Path) int { return t.indexAt(path, "steps", len(t.Spec.Steps)) }

// SidecarAt returns the index of the sidecar that contains a path; -1 if none does.
func (t *TaskSpec) SidecarAt(path diag.Path) int {
	return t.indexAt(path, "sidecars", len(t.Spec.Sidecars))
}

func (t *TaskSpec) indexAt(path diag.Path, list string, n int) int {
	depth := t.Spot.Path.Len()
	if field := path.At(depth); field.Kind != diag.FieldSegment || field.Name != list || !path.HasPrefix(t.Spot.Path) {
		return -1
	}
	if item := path.At(depth + 1); path.Len() > depth+1 && item.Kind == diag.IndexSegment && item.Index < n {
		return item.Index
	}
	return -1
}

// ActionOf returns the StepAction of a step; nil if the step has none, or if it is
// remote or not in the set.
func (t *TaskSpec) ActionOf(step *v1.Step) *Entry {
	if step.Ref == nil || step.Ref.Name == "" || step.Ref.Resolver != "" {
		return nil
	}
	a, known := t.actions[step]
	if known {
		return a
	}
	e := t.Entry()
	a = e.set.fitting("StepAction", e.Ref.Namespace, step.Ref.Name, e, func() call { return t.calledBy(step) })
	if a != nil && a.StepAction == nil {
		a = nil
	}
	if t.actions == nil {
		t.actions = map[*v1.Step]*Entry{}
	}
	t.actions[step] = a
	return a
}

// ResultsOfStep returns the results that a step or its StepAction declares; false if
// these are not known.
func (t *TaskSpec) ResultsOfStep(i int) ([]v1.StepResult, bool) {
	step := &t.Spec.Steps[i]
	if step.Ref == nil {
		return step.Results, true
	}
	if action := t.ActionOf(step); action != nil {
		return action.StepAction.Spec.Results, true
	}
	return nil, false
}

// Mentions reports whether a step, its template or a sidecar contains the text.
func (t *TaskSpec) Mentions(what string) bool {
	return slices.ContainsFunc(t.Containers(), func(c Container) bool { return c.mentions(what) })
}

// definition returns the definition of the spec.
func (t *TaskSpec) definition() Definition {
	return Definition{Label: t.Label, Spot: t.Spot, Spec: t.Spec, Params: t.Params, Results: resultIndex(t.Spec)}
}

// memoTask are facts of one topic about a Task spec, computed once.
type memoTask struct {
	checkouts                                                           int // 2 if a script may check out a repository, 1 if none does
	buildsDone                                                          int // 1 if no step runs files of a repository, 2 if one does
	resultNames, volumeNames, workspaceNames, reachableNames, stepNames names

	actions   map[*v1.Step]*Entry
	stepIndex map[*v1.Step]int
	stepReads map[string][]tekref.Variable // by the name of the step

	memoStepUses
	memoTaskWorkspaces
	memoWrites
	memoIsolation

	memoReads *paramReads // of [TaskSpec.paramsRead]
}

// EachResult calls visit for each declared result: of the spec, of its steps, and
// of a StepAction.
func (t *TaskSpec) EachResult(visit func(s Spot, name string, typ v1.ResultsType, properties map[string]v1.PropertySpec)) {
	for i := range t.Spec.Results {
		r := &t.Spec.Results[i]
		visit(t.Spot.Index("results", i), r.Name, r.Type, r.Properties)
	}
	steps := func(s Spot, results []v1.StepResult) {
		for i := range results {
			r := &results[i]
			visit(s.Index("results", i), r.Name, r.Type, r.Properties)
		}
	}
	for i := range t.Spec.Steps {
		steps(t.Spot.Index("steps", i), t.Spec.Steps[i].Results)
	}
	if t.Action != nil {
		steps(t.Spot, t.Action.Results)
	}
}

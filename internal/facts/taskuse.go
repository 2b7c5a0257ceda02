package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/tekref"
)

// TaskUse is a $(...) in a pipeline that refers to a task: to a result, the status,
// the length of the matrix or an artifact.
type TaskUse struct {
	*Use
	// Reader is the task that contains it; nil if it is in a pipeline result.
	Reader *PipelineTask
	// Embedded reports whether it is in the spec that is embedded in Reader.
	Embedded bool
	// Index is the index of the pipeline result that contains it.
	Index int

	// Owner is the task that it refers to, which may be in finally; nil if there is
	// none, or if it refers to all tasks.
	Owner *PipelineTask
	// Type is the type of the result, with its matrix; "" if it is not known.
	Type v1.ParamType
	// Result is the declared result; nil if it is not known.
	Result *v1.TaskResult
	// Namesake is the task whose results Tekton uses, for [NamesakeType].
	Namesake *PipelineTask
	// Fault is the error in it.
	Fault Fault

	// Behind is the length of a matrix before this one in the same param, as "$(...)".
	// Tekton then does not look this one up. It is "" if this one is looked up.
	Behind string
}

// ReadsResult reports whether it reads a result of a task that runs before the
// reader, even if the result has another error. It is false for a task that reads
// its own result.
func (u *TaskUse) ReadsResult() bool {
	switch {
	case u.Owner == nil || u.Fault == InFinally || u.Fault == OwnResult || u.Fault == UnknownFinallyTask:
		return false
	case u.Var.Kind == tekref.FinallyResult:
		return u.Reader == nil
	}
	return u.Var.Kind == tekref.TaskResult
}

// FirstItem reports whether a pipeline result gets only the first item of an array.
func (u *TaskUse) FirstItem() bool {
	return u.Reader == nil && u.Type == v1.ParamTypeArray && !u.Owner.IsMatrixed() && u.Var.Whole() && !u.Var.Star && u.Alone()
}

// memoTaskUses keeps [PipelineSpec.TaskUses].
type memoTaskUses struct {
	taskUses     []TaskUse
	taskUsesDone bool
}

// TaskUses returns every $(...) of the pipeline that refers to a task and that
// Tekton replaces there, or would replace: first those of the texts of all tasks,
// then those of their embedded specs, then those of the pipeline results.
func (p *PipelineSpec) TaskUses() []TaskUse {
	p.Set().asked(Results)
	return p.aboutTasks()
}

func (p *PipelineSpec) aboutTasks() []TaskUse {
	if p.taskUsesDone {
		return p.taskUses
	}
	p.taskUsesDone = true
	for _, t := range p.Tasks {
		uses := t.Uses()
		for i := range uses {
			u := &uses[i]
			if u.Role == Substituted && u.Var.Fault == "" && aboutTask(u.Var.Kind) && u.Text.Field != includeName &&
				(u.Replaced() || u.Var.Kind == tekref.MatrixLength) {
				p.addTaskUse(TaskUse{Use: u, Reader: t})
			}
		}
	}
	for _, t := range p.Tasks {
		if t.Inner == nil {
			continue
		}
		uses := t.Inner.Uses()
		for i := range uses {
			u := &uses[i]
			if k := u.Var.Kind; u.IsVariable() && (k == tekref.TaskResult || k == tekref.FinallyResult || k == tekref.TaskArtifact) {
				p.addTaskUse(TaskUse{Use: u, Reader: t, Embedded: true})
			}
		}
	}
	for i := range p.Spec.Results {
		uses := p.ResultUses(i)
		for j := range uses {
			u := &uses[j]
			if k := u.Var.Kind; !u.Open && u.Var.Fault == "" && (k == tekref.TaskResult || k == tekref.FinallyResult) {
				p.addTaskUse(TaskUse{Use: u, Index: i})
			}
		}
	}
	p.orderLengths()
	return p.taskUses
}

// includeName is the field for the name of a combination of a matrix, in which
// Tekton replaces only params.
const includeName = "matrix.include.name"

func aboutTask(k tekref.Kind) bool {
	switch k {
	case tekref.TaskResult, tekref.FinallyResult, tekref.TaskStatus, tekref.TasksStatus, tekref.MatrixLength, tekref.TaskArtifact:
		return true
	}
	return false
}

func (p *PipelineSpec) addTaskUse(u TaskUse) {
	u.Owner = p.byName[u.Var.Owner]
	u.Fault = u.fault()
	p.taskUses = append(p.taskUses, u)
}

func (u *TaskUse) fault() Fault {
	kind := u.Var.Kind
	switch {
	case kind == tekref.FinallyResult && u.Reader != nil:
		return FinallyInTask
	case kind == tekref.FinallyResult:
		if u.Owner == nil || !u.Owner.Finally {
			return UnknownFinallyTask
		}
		return u.resultFault()
	case (kind == tekref.TaskStatus || kind == tekref.TasksStatus) && !u.Reader.Finally:
		return StatusInTasks
	case kind == tekref.TasksStatus:
		u.Owner = nil
		return NoFault
	case u.Owner == nil:
		return UnknownTask
	case u.Owner.Finally:
		return InFinally
	case kind == tekref.MatrixLength:
		return u.lengthFault()
	case kind != tekref.TaskResult:
		return NoFault
	case u.Reader == u.Owner && u.waits():
		return OwnResult
	}
	return u.resultFault()
}

// waits reports whether Tekton waits for the owner because of a result that a task
// reads.
func (u *TaskUse) waits() bool {
	if u.Embedded {
		return waitsInSpec(u.Text.Field)
	}
	return substitution.Waits(substitution.PipelineTask, u.Text.Field)
}

// waitsInSpec reports whether Tekton searches a field of an embedded Task spec for
// tasks to wait for.
func waitsInSpec(field string) bool {
	return strings.HasPrefix(field, "steps.") || strings.HasPrefix(field, "sidecars.")
}

// resultFault returns the error in a use of a result of the owner.
func (u *TaskUse) resultFault() Fault {
	owner, v := u.Owner, &u.Var
	if owner.Runs.Nested {
		return NestedResult
	}
	matrix := owner.IsMatrixed()
	// In finally, Tekton does not check this, and replaces items like those of arrays.
	item := v.Index >= 0 && u.Reader != nil && u.Reader.Finally
	if matrix && (!v.Star || v.Key != "") && !item {
		return OneOfMatrix
	}
	if other := owner.namesake(); other != nil && !item {
		if r := other.Runs.Results[v.Name]; r != nil {
			if typ := ResultType(r.Type, r.Properties); typ != v1.ParamTypeString {
				u.Namesake, u.Type = other, typ
				return NamesakeType
			}
		}
	}
	if owner.Runs.Results == nil {
		return NoFault
	}
	u.Result = owner.Runs.Results[v.Name]
	if u.Result == nil {
		if owner.Runs.Signed {
			return NoFault
		}
		return UnknownResult
	}
	u.Type = ResultType(u.Result.Type, u.Result.Properties)
	if matrix {
		if u.Type != v1.ParamTypeString {
			return CollectedType
		}
		u.Type = v1.ParamTypeArray
	}
	return u.typeFault()
}

// namesake returns the task with an embedded spec that has the name of the Task to
// which this one, which has a matrix, refers. Tekton uses its results instead.
func (t *PipelineTask) namesake() *PipelineTask {
	if t.TaskRef == nil || !t.IsMatrixed() {
		return nil
	}
	if other := t.Pipeline.byName[t.TaskRef.Name]; other != nil && other.TaskSpec != nil && other.Finally == t.Finally {
		return other
	}
	return nil
}

// typeFault checks the form of the variable against the type of the result, and
// against the type that is needed where it is.
func (u *TaskUse) typeFault() Fault {
	v, tx := &u.Var, u.Text
	switch u.Type {
	case v1.ParamTypeString:
		if v.Star || !v.Whole() {
			return PartOfStringResult
		}
	case v1.ParamTypeArray:
		switch {
		case v.Key != "":
			return KeyOfArrayResult
		case v.Index >= 0:
			return UnknownLength
		case !u.Alone() || !tx.Item && !tx.Whole && tx.Field != "when.input":
			return ArrayForString
		}
	case v1.ParamTypeObject:
		switch {
		case v.Index >= 0:
			return ItemOfObjectResult
		case v.Key != "":
			if _, ok := u.Result.Properties[v.Key]; !ok && len(u.Result.Properties) > 0 {
				return UnknownResultKey
			}
		case !u.Alone() || !tx.Whole:
			return ObjectForString
		}
	}
	return NoFault
}

// lengthFault returns the error in $(tasks.T.matrix.length) or
// $(tasks.T.matrix.R.length).
func (u *TaskUse) lengthFault() Fault {
	owner, result := u.Owner, u.Var.Name
	switch {
	case u.Text.Field != "params.value":
		return OtherProblem
	case !owner.IsMatrixed():
		return NoMatrix
	case result != "" && owner.Runs.Results != nil && owner.Runs.Results[result] == nil:
		return UnknownResult
	case result == "" && overResult(owner.Matrix):
		return WholeCounted
	}
	return NoFault
}

// overResult reports whether a matrix gets its values from a result, which Tekton
// does not evaluate when it counts combinations.
func overResult(m *v1.Matrix) bool {
	return slices.ContainsFunc(m.Params, func(p v1.Param) bool {
		return p.Value.Type == v1.ParamTypeString && strings.HasPrefix(p.Value.StringVal, "$(tasks.")
	})
}

// IsLength reports whether it is a matrix length that Tekton replaces if it looks it
// up.
func (u *TaskUse) IsLength() bool {
	return u.Var.Kind == tekref.MatrixLength && (u.Fault == NoFault || u.Fault == WholeCounted)
}

// orderLengths finds the lengths that Tekton does not look up. Tekton looks for the
// first length in each param, and replaces these in all params of the task.
func (p *PipelineSpec) orderLengths() {
	type param struct {
		task  *PipelineTask
		index int
	}
	type length struct {
		task *PipelineTask
		expr string
	}
	var first map[param]string
	var known map[length]bool
	of := func(u *TaskUse) param { return param{u.Reader, u.Spot.Path.At(u.Reader.Spot.Path.Len() + 1).Index} }
	for i := range p.taskUses {
		u := &p.taskUses[i]
		if !u.IsLength() {
			continue
		}
		if first == nil {
			first, known = map[param]string{}, map[length]bool{}
		}
		if first[of(u)] == "" {
			first[of(u)] = u.String()
			known[length{u.Reader, u.Expr}] = true
		}
	}
	if len(first) == 0 {
		return
	}
	for i := range p.taskUses {
		if u := &p.taskUses[i]; u.IsLength() && !known[length{u.Reader, u.Expr}] {
			u.Behind = first[of(u)]
		}
	}
}

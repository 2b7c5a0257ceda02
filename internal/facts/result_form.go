package facts

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// ResultUse is a use of a result of a task that exists, in a form that can be held
// against its type.
type ResultUse struct {
	Use    *Use
	Owner  *PipelineTask
	Result *v1.TaskResult
	Type   v1.ParamType // of what Tekton makes of it: an array for a matrix
}

// KnownResults returns the uses of results in the pipeline whose type is known:
// those of its tasks, and those in the values of its results.
func (p *PipelineSpec) KnownResults() []ResultUse {
	p.Set().asked(Results)
	var out []ResultUse
	for _, t := range p.Tasks {
		for _, r := range t.ResultReads() {
			if t == r.Owner && !t.Finally && r.Waits {
				continue // a cycle
			}
			if known, ok := r.Owner.known(r.Use, t); ok {
				out = append(out, known)
			}
		}
	}
	for i := range p.Spec.Results {
		uses := p.ResultUses(i)
		for j := range uses {
			u := &uses[j]
			owner := p.byName[u.Var.Owner]
			if u.Open || u.Var.Fault != "" || owner == nil || u.Var.Kind != tekref.TaskResult && u.Var.Kind != tekref.FinallyResult ||
				owner.Finally != (u.Var.Kind == tekref.FinallyResult) {
				continue
			}
			if known, ok := owner.known(u, nil); ok {
				out = append(out, known)
			}
		}
	}
	return out
}

// known finds the type of a result that a use takes.
func (t *PipelineTask) known(u *Use, reader *PipelineTask) (ResultUse, bool) {
	// In finally Tekton does not look, and takes items as it takes those of arrays.
	item := u.Var.Index >= 0 && reader != nil && reader.Finally
	if t.Runs.Nested || t.IsMatrixed() && (!u.Var.Star || u.Var.Key != "") && !item {
		return ResultUse{}, false
	}
	if other := t.Namesake(); other != nil && !item {
		if res := other.Runs.Results[u.Var.Name]; res != nil && ResultType(res.Type, res.Properties) != v1.ParamTypeString {
			return ResultUse{}, false
		}
	}
	result := t.Runs.Results[u.Var.Name]
	if result == nil {
		return ResultUse{}, false
	}
	typ := ResultType(result.Type, result.Properties)
	if t.IsMatrixed() {
		if typ != v1.ParamTypeString {
			return ResultUse{}, false
		}
		typ = v1.ParamTypeArray
	}
	return ResultUse{Use: u, Owner: t, Result: result, Type: typ}, true
}

// Namesake returns the task with a spec of its own that is called as the Task
// that this one, which has a matrix, refers to: Tekton looks at its results
// instead. It is nil for most tasks.
func (t *PipelineTask) Namesake() *PipelineTask {
	if t.TaskRef == nil || !t.IsMatrixed() {
		return nil
	}
	if other := t.Pipeline.byName[t.TaskRef.Name]; other != nil && other.TaskSpec != nil && other.Finally == t.Finally {
		return other
	}
	return nil
}

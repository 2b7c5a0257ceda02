package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// shadows checks what a task passes to params of its embedded spec that the
// pipeline has as well. Tekton writes what is passed into the steps along with
// the params of the pipeline, before any other task has run, and later it fills
// in fewer forms there than in params.
func (p *pipelineCheck) shadows(t *pipelineTask) {
	if t.inner == nil {
		return
	}
	for i := range t.Params {
		v := &t.Params[i]
		own, twin := t.def.params.index[v.Name], p.params.find(v.Name)
		if own == nil || twin == nil || !own.used || own.typ != twin.typ {
			continue
		}
		s := t.spot.index("params", i).field("value")
		if r, ok := isolated(v.Value.StringVal); ok && r.Kind == refTaskResult && r.Star && own.typ != v1.ParamTypeString {
			if own.typ == v1.ParamTypeObject && !slices.ContainsFunc(own.reads, twin.gives) {
				continue
			}
			p.shadowed(t, s.of(r.String()), r.String(), own, twin, "the steps get what the pipeline has under that name, or nothing")
			continue
		}
		walkTexts(&v.Value, s.path, func(tx text) {
			scan(tx.value, func(m match) {
				if r := tekref.Parse(m.Expr); r.Fault == "" && !m.Open && !m.Escaped && late(r) {
					p.shadowed(t, s.at(tx.path).of(m.String()), m.String(), own, twin, "it stays as it is")
				}
			})
		})
	}
}

// gives reports whether an object has something to write where the key is read.
// Its other keys are filled in later, with the result.
func (p *param) gives(key string) bool {
	return key == "" || len(p.keys) == 0 || slices.Contains(p.keys, key)
}

// late reports whether a reference is replaced in params of a task only.
func late(r reference) bool {
	switch r.Kind {
	case refTaskResult:
		return r.Index >= 0
	case refTaskStatus, refTasksStatus, refMatrixLength:
		return true
	case refContext:
		return r.Owner == "pipelineTask"
	}
	return false
}

func (p *pipelineCheck) shadowed(t *pipelineTask, s spot, expr string, own, twin *param, effect string) {
	p.fail(s, "param-shadowed", own.Name,
		t.label+" passes "+expr+" to param "+q(own.Name)+" of its spec, but "+twin.owner()+" has a param of that name too: "+effect,
		"rename the param of "+t.def.label, own.spot.related(t.def.label+" declares it"), twin.spot.related("and here it is again"))
}

// owner names whose param it is, for a param of a pipeline.
func (p *param) owner() string {
	if p.given {
		return "the run"
	}
	return "the pipeline"
}

// twinKey checks a key of an object that both an embedded spec and its Pipeline
// declare: Tekton admits it in steps only if both have it. In a run it merges
// them.
func (t *taskCheck) twinKey(s spot, tx text, m match, r reference) bool {
	if t.pipeline == nil || t.pipeline.run != nil || r.Key == "" || !strings.HasPrefix(tx.field, "steps.") {
		return false
	}
	own, twin := t.params.index[r.Name], t.pipeline.params.index[r.Name]
	if own == nil || twin == nil || own.typ != v1.ParamTypeObject || twin.typ != v1.ParamTypeObject ||
		!slices.Contains(own.keys, r.Key) || slices.Contains(twin.keys, r.Key) {
		return false
	}
	own.used, twin.used = true, true
	t.fail(s, "key-unknown", r.Key, m.String()+" takes key "+q(r.Key)+", which param "+q(r.Name)+" of the pipeline does not have: Tekton holds the two against each other",
		"rename the param of "+t.label+", or declare the key in both", twin.spot.related("the param of the pipeline"))
	return true
}

package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// matrix checks the matrix of a pipeline task.
func (p *pipelineCheck) matrix(t *pipelineTask) {
	if t.Matrix == nil || !t.IsMatrixed() {
		return
	}
	s := t.spot.field("matrix")
	p.level(s, "beta", "a matrix")
	p.duplicates(s, "params", "param", diag.Error, namesOf(t.Matrix.Params, paramName))
	direct := map[string]spot{}
	for i := range t.Params {
		direct[t.Params[i].Name] = t.spot.index("params", i)
	}
	both := func(s spot, name string) {
		if d, ok := direct[name]; ok {
			p.fail(s.field("name"), "param-duplicate", name, t.label+" sets param "+q(name)+" both in params and in its matrix", "keep one of them", d.related("the other one"))
		}
	}
	for i := range t.Matrix.Params {
		v, vs := &t.Matrix.Params[i], s.index("params", i)
		both(vs, v.Name)
		p.matrixValue(t, vs, v)
	}
	for i := range t.Matrix.Include {
		include, is := &t.Matrix.Include[i], s.index("include", i)
		p.duplicates(is, "params", "param", diag.Error, namesOf(include.Params, paramName))
		for j := range include.Params {
			v, vs := &include.Params[j], is.index("params", j)
			both(vs, v.Name)
			if got, known := valueType(&v.Value, p.typeOf); known && got != v1.ParamTypeString {
				p.fail(vs.field("value"), "param-type", v.Name, "param "+q(v.Name)+" of an include of a matrix is "+article(got)+", but it must be a string", "write one string")
			}
		}
	}
	if n, known := p.matrixSize(t, p.defaultLength); known && n > p.profile.maxMatrix() && !usesDefaults(t) {
		p.fail(s, "matrix-size", t.Name, "the matrix of "+t.label+" makes "+itoa(n)+" runs, more than the "+itoa(p.profile.maxMatrix())+" that are allowed",
			"shorten its lists, or raise default-max-matrix-combinations-count")
	}
}

func paramName(v *v1.Param) string { return v.Name }

// matrixValue checks one axis of a matrix.
func (p *pipelineCheck) matrixValue(t *pipelineTask, s spot, v *v1.Param) {
	if isUnset(&v.Value) {
		return // reported where the value stands
	}
	got, known := valueType(&v.Value, p.typeOf)
	switch {
	case known && got != v1.ParamTypeArray:
		p.fail(s.field("value"), "param-type", v.Name, "param "+q(v.Name)+" of a matrix is "+article(got)+", but it must be an array", "write a list")
	case valueKind(&v.Value) == v1.ParamTypeArray && len(v.Value.ArrayVal) == 0:
		p.warn(s.field("value"), "matrix-empty", v.Name, "param "+q(v.Name)+" of the matrix of "+t.label+" is empty, so the task is skipped", "list at least one value")
	}
}

// matrixSize counts the runs of a matrix; lengths gives those of array params.
// It reports false if a length is not known.
func (p *pipelineCheck) matrixSize(t *pipelineTask, lengths func(string) (int, bool)) (int, bool) {
	if !t.Matrix.HasParams() {
		return len(t.Matrix.Include), true
	}
	n := 1
	for i := range t.Matrix.Params {
		v := &t.Matrix.Params[i].Value
		items := v.ArrayVal
		if valueKind(v) == v1.ParamTypeString {
			items = []string{v.StringVal}
		}
		size := 0
		for _, item := range items {
			r, ok := isolated(item)
			switch {
			case !ok || r.kind != refParam || !r.whole():
				if r.kind == refTaskResult && r.whole() {
					return 0, false
				}
				size++
			default:
				length, known := lengths(r.name)
				if !known {
					return 0, false
				}
				size += length
			}
		}
		if size == 0 {
			return 0, true
		}
		if n *= size; n > 1<<30 {
			return n, true
		}
	}
	return n, true
}

// usesDefaults reports whether the size of a matrix depends on params.
func usesDefaults(t *pipelineTask) bool {
	for i := range t.Matrix.Params {
		v := &t.Matrix.Params[i].Value
		if valueKind(v) == v1.ParamTypeString && holdsReference(v.StringVal) {
			return true
		}
		for _, item := range v.ArrayVal {
			if r, ok := isolated(item); ok && r.whole() {
				return true
			}
		}
	}
	return false
}

// defaultLength is the length of an array param, and of a string one 1.
func (p *pipelineCheck) defaultLength(name string) (int, bool) {
	d := p.params.find(name)
	if d == nil {
		return 0, false
	}
	if d.typ != v1.ParamTypeArray {
		return 1, true
	}
	n := d.length()
	return n, n >= 0
}

// lengthRef is a reference to the length of a matrix.
type lengthRef struct {
	task, owner *pipelineTask
	spot        spot
	param       string // the path of the param that it stands in
	match       match
	ref         reference
}

// lengthRef checks $(tasks.T.matrix.length) and $(tasks.T.matrix.R.length).
func (p *pipelineCheck) lengthRef(t *pipelineTask, s spot, tx text, m match, r reference) {
	owner := p.owner(t, s, m, r)
	if owner == nil {
		return
	}
	switch {
	case tx.field != "params.value":
		p.scopeError(s, m, r, tx.field+" of a pipeline task", "it is known in params only")
		return
	case !owner.IsMatrixed():
		p.fail(s, "matrix-missing", owner.Name, m.String()+" asks for the matrix of "+owner.label+", which has none", "name a task with a matrix", owner.spot.related("task "+q(owner.Name)))
		return
	case r.name != "" && owner.def.results != nil && owner.def.results[r.name] == nil:
		p.fail(s, "result-unknown", r.name, m.String()+" names no result of "+owner.def.label, suggest(r.name, sortedKeys(owner.def.results), "declare result "+q(r.name)+" there"))
		return
	case r.name == "" && overResult(owner.Matrix):
		p.warn(s, "matrix-miscounted", owner.Name, m.String()+" counts the whole result that "+owner.label+" fans out over as one value",
			"count a result of it: $(tasks."+owner.Name+".matrix.RESULT.length)", owner.spot.related("task "+q(owner.Name)))
	}
	param, _, _ := strings.Cut(s.path, ".value")
	p.lengths = append(p.lengths, lengthRef{t, owner, s, param, m, r})
}

// overResult tells whether a matrix takes its values from a result, which
// Tekton does not look into when it counts combinations.
func overResult(m *v1.Matrix) bool {
	return slices.ContainsFunc(m.Params, func(p v1.Param) bool {
		return p.Value.Type == v1.ParamTypeString && strings.HasPrefix(p.Value.StringVal, "$(tasks.")
	})
}

// matrixLengths looks at the lengths that the params of a task read together.
// Tekton looks up the first in each param, and fills those in, in all of them.
// To count results makes no edge.
func (p *pipelineCheck) matrixLengths() {
	first, known := map[string]string{}, map[*pipelineTask]map[string]bool{}
	for _, l := range p.lengths {
		if first[l.param] == "" {
			first[l.param] = l.match.String()
			if known[l.task] == nil {
				known[l.task] = map[string]bool{}
			}
			known[l.task][l.match.expr] = true
		}
	}
	for _, l := range p.lengths {
		if !known[l.task][l.match.expr] {
			p.scopeError(l.spot, l.match, l.ref, "a param behind "+first[l.param]+", as one length is filled in for each", "pass it as a param of its own")
		}
		if l.ref.name != "" && !l.task.finally && !p.graph.Reaches(l.owner.Name, l.task.Name) {
			p.warn(l.spot, "matrix-unordered", l.owner.Name, l.match.String()+" counts results of "+l.owner.label+", but does not make "+l.task.label+" wait for it",
				"add "+q(l.owner.Name)+" to runAfter")
		}
	}
}

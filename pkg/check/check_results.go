package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/graph"
)

// resultRef checks a reference to a result in a pipeline task.
func (p *pipelineCheck) resultRef(t *pipelineTask, s spot, tx text, m match, r reference, isolated bool) {
	if r.kind == refFinallyResult {
		p.fail(s, "finally-misuse", r.owner, m.String()+" reads a result of finally, which only results of the pipeline can", "name a task of tasks")
		return
	}
	owner := p.owner(t, s, m, r)
	if owner == nil {
		return
	}
	if pipelineFields[tx.field] {
		p.edge(t, owner, s)
		t.reads(r)
		if t == owner && !t.finally {
			return // a cycle
		}
	} else if tx.field == "workspaces.subPath" {
		t.loose = append(t.loose, looseRef{s, m, r})
	}
	p.resultForm(owner, s, tx, m, r, isolated)
	p.guardOf(t, owner, s, m)
}

// embeddedRef checks a reference to another task inside an embedded Task spec.
func (p *pipelineCheck) embeddedRef(t *pipelineTask, s spot, tx text, m match, r reference, isolated bool) {
	if r.kind == refFinallyResult {
		p.fail(s, "finally-misuse", r.owner, m.String()+" reads a result of finally, which only results of the pipeline can", "name a task of tasks")
		return
	}
	if r.kind == refTaskArtifact {
		p.gate(s, "enable-artifacts", "an artifact")
		p.owner(t, s, m, r)
		return
	}
	owner := p.owner(t, s, m, r)
	if owner == nil {
		return
	}
	// Tekton looks for edges in steps and sidecars.
	if strings.HasPrefix(tx.field, "steps.") || strings.HasPrefix(tx.field, "sidecars.") {
		p.edge(t, owner, s)
		t.reads(r)
		if t == owner && !t.finally {
			return // a cycle
		}
	}
	p.resultForm(owner, s, tx, m, r, isolated)
	p.guardOf(t, owner, s, m)
}

func (t *pipelineTask) reads(r reference) {
	if t.resolved == nil {
		t.resolved = map[[2]string]bool{}
	}
	t.resolved[[2]string{r.owner, r.name}] = true
}

// edge notes that t runs after owner since it reads its result at s.
func (p *pipelineCheck) edge(t, owner *pipelineTask, s spot) {
	if t.finally || owner.finally {
		return
	}
	e := graph.Edge{Node: t.Name, After: owner.Name}
	if _, ok := p.hops[e]; !ok {
		if p.hops == nil {
			p.hops = map[graph.Edge]spot{}
		}
		p.hops[e] = s
		p.edges = append(p.edges, e)
	}
}

// resultForm checks that the result exists, and that the form of the reference
// fits its type and the place.
func (p *pipelineCheck) resultForm(owner *pipelineTask, s spot, tx text, m match, r reference, isolated bool) {
	if owner.def.nested {
		p.fail(s, "result-nested", owner.Name, m.String()+" reads from "+owner.label+", which runs a pipeline: Tekton does not pass its results on", "read from an ordinary task")
		return
	}
	// In finally Tekton does not look, and takes items as it takes those of arrays.
	item := r.index >= 0 && strings.HasPrefix(s.path, p.spot.field("finally").path+"[")
	if owner.IsMatrixed() && (!r.star || r.key != "") && !item {
		p.fail(s, "matrix-single", r.name, m.String()+" reads one result of "+owner.label+", whose matrix makes an array of them",
			"write $(tasks."+owner.Name+".results."+r.name+"[*])", owner.spot.field("matrix").related("the matrix"))
		return
	}
	if other := p.namesake(owner); other != nil && !item {
		if res := other.def.results[r.name]; res != nil && resultType(res.Type, res.Properties) != v1.ParamTypeString {
			p.fail(s, "result-type", r.name, m.String()+" collects the results of a matrix, which must be strings, but "+q(r.name)+" of "+other.label+" is "+
				article(resultType(res.Type, res.Properties))+": Tekton takes that for the Task of this name", "rename "+other.label, other.spot.field("name").related("it is called as the Task"))
			return
		}
	}
	if owner.def.results == nil {
		return
	}
	result := owner.def.results[r.name]
	if result == nil {
		if m.escaped || p.again(p.seen, "result-unknown "+owner.Name+" "+r.name, s) {
			return
		}
		p.fail(s, "result-unknown", r.name, m.String()+" names no result of "+owner.def.label,
			suggest(r.name, sortedKeys(owner.def.results), "declare result "+q(r.name)+" there"), owner.def.spot.field("results").related("the results of "+owner.def.label))
		return
	}
	typ := resultType(result.Type, result.Properties)
	if owner.IsMatrixed() {
		if typ != v1.ParamTypeString {
			p.fail(s, "result-type", r.name, m.String()+" collects the results of a matrix, which must be strings, but "+q(r.name)+" is "+article(typ), "make it a string")
			return
		}
		typ = v1.ParamTypeArray
	}
	p.resultTypeForm(s, tx, m, r, typ, result, isolated)
}

// namesake is the task with a spec of its own that is called as the Task that
// owner, which has a matrix, refers to: Tekton looks at its results instead.
func (p *pipelineCheck) namesake(owner *pipelineTask) *pipelineTask {
	if owner.TaskRef == nil || !owner.IsMatrixed() {
		return nil
	}
	if t := p.byName[owner.TaskRef.Name]; t != nil && t.TaskSpec != nil && t.finally == owner.finally {
		return t
	}
	return nil
}

func (p *pipelineCheck) resultTypeForm(s spot, tx text, m match, r reference, typ v1.ParamType, result *v1.TaskResult, isolated bool) {
	name := "tasks." + r.owner + ".results." + r.name
	switch {
	case typ == v1.ParamTypeString && (r.star || !r.whole()):
		p.fail(s, "result-type", r.name, m.String()+" takes a part of result "+q(r.name)+", which is a string", "write $("+name+")")
	case typ == v1.ParamTypeArray && r.key != "":
		p.fail(s, "result-type", r.name, m.String()+" takes a key of result "+q(r.name)+", which is an array", "write $("+name+"[0]) for an item")
	case typ == v1.ParamTypeArray && r.index >= 0:
		if !p.again(p.seen, "index-range "+name, s) {
			p.note(s, "index-range", r.name, m.String()+" reads an item of a list whose length is known at run time only: the run fails if it is shorter", "")
		}
	case typ == v1.ParamTypeArray && isolated && (tx.item || tx.whole || tx.field == "when.input"):
	case typ == v1.ParamTypeArray:
		p.fail(s, "result-type", r.name, m.String()+" is an array, but here a string is needed",
			"make it an item of its own in a list, or write $("+name+"[0]) for one item")
	case typ == v1.ParamTypeObject && r.index >= 0:
		p.fail(s, "result-type", r.name, m.String()+" takes an item of result "+q(r.name)+", which is an object", keyHelp(name, sortedKeys(result.Properties)))
	case typ == v1.ParamTypeObject && r.key != "":
		if _, ok := result.Properties[r.key]; !ok && len(result.Properties) > 0 {
			p.fail(s, "key-unknown", r.key, m.String()+" takes key "+q(r.key)+", which result "+q(r.name)+" does not have: it stays as it is", oneOf(r.key, sortedKeys(result.Properties)))
		}
	case typ == v1.ParamTypeObject && !(isolated && tx.whole):
		p.fail(s, "result-type", r.name, m.String()+" is an object, but here a string is needed", keyHelp(name, sortedKeys(result.Properties)))
	}
}

// looseResults reports results that a task reads only where Tekton neither
// waits for them nor fetches them.
func (p *pipelineCheck) looseResults() {
	for _, t := range p.tasks {
		for _, l := range t.loose {
			if t.resolved[[2]string{l.ref.owner, l.ref.name}] {
				continue
			}
			p.fail(l.spot, "result-unresolved", l.ref.name, l.match.String()+" stays as it is: Tekton fetches a result only if params, matrix or when read it too",
				"pass it to "+t.label+" as a param too, or move the folder into the script")
		}
	}
}

// results checks the results of the pipeline itself.
func (p *pipelineCheck) results() {
	list := p.spec.Results
	p.duplicates(p.spot, "results", "result", diag.Warning, namesOf(list, func(r *v1.PipelineResult) string { return r.Name }))
	for i := range list {
		r, s := &list[i], p.spot.index("results", i)
		p.resultName(s.field("name"), r.Name)
		refs, faults := 0, len(p.findings)
		walkTexts(&r.Value, s.field("value").path, func(tx text) {
			scan(tx.value, func(m match) {
				ref := parseReference(m.expr)
				if ref.kind == refTaskResult || ref.kind == refFinallyResult {
					refs++
				}
				p.pipelineResult(s.at(tx.path).of(tx.value[m.start:m.end]), tx, m, ref)
			})
		})
		if len(p.findings) > faults {
			continue
		}
		if refs == 0 {
			p.fail(s.field("value"), "result-value", r.Name, "the value of result "+q(r.Name)+" reads no result of a task", "write $(tasks.TASK.results.RESULT)")
			continue
		}
		if v := r.Value.StringVal; valueKind(&r.Value) == v1.ParamTypeString && !strings.HasPrefix(v, "$") {
			p.fail(s.field("value"), "result-value", r.Name, "the value of result "+q(r.Name)+" has text before its first reference, which Tekton refuses", "begin with the reference")
			continue
		}
		got, known := valueType(&r.Value, p.typeOf)
		if r.Type != "" && known && got != v1.ParamType(r.Type) {
			p.warn(s.field("type"), "result-type", r.Name, "result "+q(r.Name)+" says that it is "+article(v1.ParamType(r.Type))+", but its value is "+article(got), "make them agree")
		}
	}
}

// pipelineResult checks one reference in the value of a result.
func (p *pipelineCheck) pipelineResult(s spot, tx text, m match, r reference) {
	switch {
	case r.kind == refNone || m.open:
		if fixed, ok := misspelt(m.expr); ok && !m.open {
			p.fail(s, "reference-unknown", m.expr, m.String()+" names nothing that Tekton replaces", "did you mean $("+fixed.fix+")?")
		}
		return
	case r.fault != "":
		p.syntax(s, m, r)
		return
	case r.kind == refParam:
		if d := p.params.find(r.name); d != nil {
			d.used = true
		}
	}
	var owner *pipelineTask
	switch r.kind {
	case refTaskResult:
		owner = p.owner(nil, s, m, r)
	case refFinallyResult:
		if owner = p.byName[r.owner]; owner == nil || !owner.finally {
			var names []string
			for _, t := range p.tasks {
				if t.finally {
					names = append(names, t.Name)
				}
			}
			p.fail(s, "task-unknown", r.owner, m.String()+" names no task of finally", suggest(r.owner, names, "name a task of finally"))
			return
		}
	default:
		p.fail(s, "reference-scope", r.expr, m.String()+" has no meaning in a result of a pipeline", "only results of tasks may stand there")
		return
	}
	if owner == nil {
		return
	}
	isolated := m.start == 0 && m.end == len(tx.value)
	p.resultForm(owner, s, tx, m, r, isolated)
	if p.typeOfResult(owner, r) == v1.ParamTypeArray && r.whole() && !r.star && isolated {
		p.fail(s, "result-type", r.name, m.String()+" gives only the first item of the array here", "write $("+r.expr+"[*])")
	}
	if len(owner.When) > 0 {
		p.warn(s, "result-guarded", owner.Name, m.String()+" is left out when the guard of "+owner.label+" skips it", "",
			owner.spot.index("when", 0).related("its guard"))
	}
}

func (p *pipelineCheck) typeOfResult(owner *pipelineTask, r reference) v1.ParamType {
	if result := owner.def.results[r.name]; result != nil && !owner.IsMatrixed() {
		return resultType(result.Type, result.Properties)
	}
	return ""
}

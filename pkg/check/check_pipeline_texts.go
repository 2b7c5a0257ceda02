package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// pipelineFields are the fields of a pipeline task in which Tekton replaces
// references; true for those whose results make edges.
var pipelineFields = map[string]bool{
	"params.value": true, "matrix.params.value": true, "matrix.include.params.value": true,
	"when.input": true, "when.values": true, "when.cel": true,
	"displayName": false, "matrix.include.name": false, "workspaces.subPath": false, "taskRef.name": false, "taskRef.params.value": false, "onError": false,
}

// taskTexts checks every string of a pipeline task that holds a $(.
func (p *pipelineCheck) taskTexts(t *pipelineTask) {
	walkTexts(t.PipelineTask, t.spot.path, func(tx text) {
		if prose(tx.field) && tx.field != "displayName" {
			return
		}
		s := p.spot.at(tx.path)
		scan(tx.value, func(m match) {
			if s := s.of(tx.value[m.start:m.end]); !filledLater(s, m) {
				p.match(t, s, tx, m)
			}
		})
	})
}

func (p *pipelineCheck) match(t *pipelineTask, s spot, tx text, m match) {
	r := parseReference(m.expr)
	edges, known := pipelineFields[tx.field]
	switch {
	case r.kind == refNone:
		if known && !m.open {
			p.foreign(s, tx, m, edges)
		}
	case m.open:
		if r.fault == "" && (r.kind != refParam || p.params.find(r.name) != nil) {
			p.fail(s, "reference-syntax", r.expr, m.String()+" lacks its closing parenthesis", "write "+r.String())
		}
	case strings.HasPrefix(tx.field, "pipelineRef."):
		if d := p.params.find(r.name); r.kind == refParam && d != nil {
			d.used = true
		}
	case !known:
		if r.fault != "" || m.escaped {
			return
		}
		if d := p.params.find(r.name); r.kind == refParam && d != nil {
			d.used = true
		}
		p.fail(s, "reference-ignored", r.expr, m.String()+" stays as it is: Tekton replaces nothing in "+tx.field, "")
	case tx.field == "matrix.include.name":
		if d := p.params.find(r.name); r.kind == refParam && d != nil {
			d.used = true
		}
	case r.kind == refParam && t.IsMatrixed() && tx.field == "displayName":
		p.paramRef(valueScope(t.spot, p.label, matrixValues(t.Matrix), nil, p.params), p.seen, s, tx, m, r, false)
	case r.kind == refParam:
		p.paramRef(p.params, p.seen, s, tx, m, r, m.start == 0 && m.end == len(tx.value))
	case r.fault != "":
		p.syntax(s, m, r)
	default:
		p.reference(t, s, tx, m, r)
	}
}

// foreign looks at a $(...) that names nothing of Tekton's. Tekton refuses
// those that look like references; commands of a shell pass.
func (p *pipelineCheck) foreign(s spot, tx text, m match, refused bool) {
	if r, ok := misspelt(m.expr); ok && !m.escaped && (r.kind != refParam || p.params.find(r.name) != nil) {
		p.fail(s, "reference-unknown", m.expr, m.String()+" names nothing that Tekton replaces", "did you mean $("+r.fix+")?")
		return
	}
	body, suffix := m.expr, ""
	if i := strings.IndexByte(body, '['); i >= 0 {
		body, suffix = body[:i], body[i:]
	}
	r := reference{}
	if first, _ := splitRoot(body); slices.Contains(roots[:6], first) {
		p.fail(s, "reference-unknown", m.expr, m.String()+" names nothing that Tekton replaces, and stays as it is", "")
		return
	}
	if refused && isName(body) && r.parseSuffix(suffix) {
		p.fail(s, "reference-unknown", m.expr, m.String()+" names nothing that Tekton replaces, and is refused here",
			"for a variable of a shell write ${"+body+"}; else begin with params, tasks, context or workspaces")
	}
}

// reference checks one reference in a pipeline task, other than to a param.
func (p *pipelineCheck) reference(t *pipelineTask, s spot, tx text, m match, r reference) {
	isolated := m.start == 0 && m.end == len(tx.value)
	switch r.kind {
	case refTaskResult, refFinallyResult:
		p.resultRef(t, s, tx, m, r, isolated)
	case refTaskStatus, refTasksStatus:
		p.statusRef(t, s, m, r)
	case refMatrixLength:
		p.lengthRef(t, s, tx, m, r)
	case refTaskArtifact:
		p.gate(s, "enable-artifacts", "an artifact")
		p.owner(t, s, m, r)
	case refContext:
		p.contextRef(s, tx, m, r)
	case refWorkspace:
		p.workspaceRef(t, s, tx, m, r)
	case refResultPath:
		if !deferred(tx.field) {
			p.scopeError(s, m, r, "this field of a pipeline", "")
		} else if t.def.results != nil && t.def.results[r.name] == nil {
			p.fail(s, "result-unknown", r.name, m.String()+" names no result of "+t.def.label+", where it would be replaced",
				suggest(r.name, sortedKeys(t.def.results), "to read a result of another task, write $(tasks.TASK.results."+r.name+")"))
		}
	case refEvent:
		p.scopeError(s, m, r, "a Pipeline", "it is for TriggerTemplates: declare a param")
	case refStepResultPath, refStepResult, refStepExit, refStepArtifact, refArtifacts, refCredentials:
		p.scopeError(s, m, r, "a Pipeline", "it belongs into a Task")
	case refParam, refNone:
	}
}

// deferred reports whether what a text holds is replaced once more inside the
// Task: a param value may name the workspaces and results of its Task.
func deferred(field string) bool {
	return strings.HasSuffix(field, "params.value") && field != "taskRef.params.value"
}

// owner finds the task that a reference names, and reports if there is none.
func (p *pipelineCheck) owner(t *pipelineTask, s spot, m match, r reference) *pipelineTask {
	owner := p.byName[r.owner]
	if owner == nil {
		if m.escaped || p.again(p.seen, "task-unknown "+r.owner, s) {
			return nil
		}
		p.fail(s, "task-unknown", r.owner, m.String()+" names no task of "+p.label, suggest(r.owner, p.taskNames(), "add task "+q(r.owner)+", or name another"))
		return nil
	}
	if owner.finally {
		help := "move task " + q(r.owner) + " to tasks"
		if t == nil {
			help = "write $(finally." + strings.TrimPrefix(r.expr, "tasks.") + ")"
		}
		p.fail(s, "finally-misuse", r.owner, m.String()+" reads from task "+q(r.owner)+", which runs in finally", help, owner.spot.related("task "+q(r.owner)))
		return nil
	}
	return owner
}

func (p *pipelineCheck) statusRef(t *pipelineTask, s spot, m match, r reference) {
	if !t.finally {
		p.fail(s, "finally-misuse", r.expr, m.String()+" is known only in finally, but "+t.label+" stands in tasks", "move the task to finally")
		return
	}
	if r.kind == refTaskStatus {
		p.owner(t, s, m, r)
	}
}

func (p *pipelineCheck) contextRef(s spot, tx text, m match, r reference) {
	switch r.owner {
	case "task", "taskRun":
		if !deferred(tx.field) {
			p.scopeError(s, m, r, "a Pipeline", "use context.pipelineRun")
			return
		}
	case "pipelineTask":
		if !deferred(tx.field) && tx.field != "displayName" {
			p.scopeError(s, m, r, tx.field+" of a pipeline task", "")
			return
		}
	}
	p.contextField(s, m, r, []string{"pipelineRun", "pipeline", "pipelineTask"})
}

func (p *pipelineCheck) workspaceRef(t *pipelineTask, s spot, tx text, m match, r reference) {
	if m.escaped {
		return
	}
	if p.workspaces[r.owner] != nil && r.name == "bound" {
		p.usedWorkspaces[r.owner] = true
		return
	}
	if !deferred(tx.field) {
		if r.name != "bound" {
			p.scopeError(s, m, r, "a Pipeline", "only $(workspaces.NAME.bound) is known there")
		} else if p.run == nil || !p.runBinds(r.owner) {
			p.fail(s, "workspace-unknown", r.owner, m.String()+" names no workspace of "+p.label, suggest(r.owner, p.workspaceNames(), "declare workspace "+q(r.owner)))
		}
		return
	}
	if !slices.Contains(workspaceFields, r.name) {
		p.fail(s, "reference-unknown", r.expr, m.String()+" names no field of a workspace, and stays as it is", oneOf(r.name, workspaceFields))
		return
	}
	if t.def.spec == nil || t.TaskSpec != nil {
		return
	}
	names := namesOf(t.def.spec.Workspaces, func(w *v1.WorkspaceDeclaration) string { return w.Name })
	if !slices.Contains(names, r.owner) {
		p.fail(s, "workspace-unknown", r.owner, m.String()+" names no workspace of "+t.def.label+", where it would be replaced", suggest(r.owner, names, "name a workspace of that Task"))
	}
}

// paramTexts checks the defaults of the params, which may name other params.
func (p *pipelineCheck) paramTexts() {
	for _, d := range p.params.list {
		if d.Default == nil {
			continue
		}
		walkTexts(d.Default, d.spot.field("default").path, func(tx text) {
			s := p.spot.at(tx.path)
			scan(tx.value, func(m match) {
				s, r := s.of(tx.value[m.start:m.end]), parseReference(m.expr)
				switch {
				case m.open || m.escaped || r.kind != refParam:
				case r.fault != "":
					p.syntax(s, m, r)
				case p.params.find(r.name) == nil:
					p.fail(s, "param-unknown", r.name, m.String()+" names no param of "+p.params.owner, suggest(r.name, p.params.names(), "declare param "+q(r.name)))
				default:
					p.params.find(r.name).used = true
				}
			})
		})
	}
}

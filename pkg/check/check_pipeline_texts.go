package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
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
			if s := s.of(tx.value[m.Start:m.End]); !filledLater(s, m) {
				p.match(t, s, tx, m)
			}
		})
	})
}

func (p *pipelineCheck) match(t *pipelineTask, s spot, tx text, m match) {
	r := tekref.Parse(m.Expr)
	edges, known := pipelineFields[tx.field]
	switch {
	case r.Kind == refNone:
		if known && !m.Open {
			p.foreign(s, tx, m, edges)
		}
	case m.Open:
		if r.Fault == "" && (r.Kind != refParam || p.params.find(r.Name) != nil) {
			p.fail(s, "reference-syntax", r.Expr, m.String()+" lacks its closing parenthesis", "write "+r.String())
		}
	case strings.HasPrefix(tx.field, "pipelineRef."):
		if d := p.params.find(r.Name); r.Kind == refParam && d != nil {
			d.used = true
		}
	case !known:
		if r.Fault != "" || m.Escaped {
			return
		}
		if d := p.params.find(r.Name); r.Kind == refParam && d != nil {
			d.used = true
		}
		p.fail(s, "reference-ignored", r.Expr, m.String()+" stays as it is: Tekton replaces nothing in "+tx.field, "")
	case tx.field == "matrix.include.name":
		if d := p.params.find(r.Name); r.Kind == refParam && d != nil {
			d.used = true
		}
	case r.Kind == refParam && t.IsMatrixed() && tx.field == "displayName":
		p.paramRef(valueScope(t.spot, p.label, matrixValues(t.Matrix), nil, p.params), p.seen, s, tx, m, r, false)
	case r.Kind == refParam:
		p.paramRef(p.params, p.seen, s, tx, m, r, m.Start == 0 && m.End == len(tx.value))
	case r.Fault != "":
		p.syntax(s, m, r)
	default:
		p.reference(t, s, tx, m, r)
	}
}

// foreign looks at a $(...) that names nothing of Tekton's. Tekton refuses
// those that look like references; commands of a shell pass.
func (p *pipelineCheck) foreign(s spot, tx text, m match, refused bool) {
	if r, ok := tekref.Misspelt(m.Expr); ok && !m.Escaped && (r.Kind != refParam || p.params.find(r.Name) != nil) {
		p.fail(s, "reference-unknown", m.Expr, m.String()+" names nothing that Tekton replaces", "did you mean $("+r.Fix+")?")
		return
	}
	body, _, _ := strings.Cut(m.Expr, "[")
	if first, _ := tekref.Root(body); tekref.IsPipelineRoot(first) {
		p.fail(s, "reference-unknown", m.Expr, m.String()+" names nothing that Tekton replaces, and stays as it is", "")
		return
	}
	if refused && tekref.IsShaped(m.Expr) {
		p.fail(s, "reference-unknown", m.Expr, m.String()+" names nothing that Tekton replaces, and is refused here",
			"for a variable of a shell write ${"+body+"}; else begin with params, tasks, context or workspaces")
	}
}

// reference checks one reference in a pipeline task, other than to a param.
func (p *pipelineCheck) reference(t *pipelineTask, s spot, tx text, m match, r reference) {
	isolated := m.Start == 0 && m.End == len(tx.value)
	switch r.Kind {
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
		} else if t.def.results != nil && t.def.results[r.Name] == nil {
			p.fail(s, "result-unknown", r.Name, m.String()+" names no result of "+t.def.label+", where it would be replaced",
				suggest(r.Name, sortedKeys(t.def.results), "to read a result of another task, write $(tasks.TASK.results."+r.Name+")"))
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
	owner := p.byName[r.Owner]
	if owner == nil {
		if m.Escaped || p.again(p.seen, "task-unknown "+r.Owner, s) {
			return nil
		}
		p.fail(s, "task-unknown", r.Owner, m.String()+" names no task of "+p.label, suggest(r.Owner, p.taskNames(), "add task "+q(r.Owner)+", or name another"))
		return nil
	}
	if owner.finally {
		help := "move task " + q(r.Owner) + " to tasks"
		if t == nil {
			help = "write $(finally." + strings.TrimPrefix(r.Expr, "tasks.") + ")"
		}
		p.fail(s, "finally-misuse", r.Owner, m.String()+" reads from task "+q(r.Owner)+", which runs in finally", help, owner.spot.related("task "+q(r.Owner)))
		return nil
	}
	return owner
}

func (p *pipelineCheck) statusRef(t *pipelineTask, s spot, m match, r reference) {
	if !t.finally {
		p.fail(s, "finally-misuse", r.Expr, m.String()+" is known only in finally, but "+t.label+" stands in tasks", "move the task to finally")
		return
	}
	if r.Kind == refTaskStatus {
		p.owner(t, s, m, r)
	}
}

func (p *pipelineCheck) contextRef(s spot, tx text, m match, r reference) {
	switch r.Owner {
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
	if m.Escaped {
		return
	}
	if p.workspaces[r.Owner] != nil && r.Name == "bound" {
		p.usedWorkspaces[r.Owner] = true
		return
	}
	if !deferred(tx.field) {
		if r.Name != "bound" {
			p.scopeError(s, m, r, "a Pipeline", "only $(workspaces.NAME.bound) is known there")
		} else if p.run == nil || !p.runBinds(r.Owner) {
			p.fail(s, "workspace-unknown", r.Owner, m.String()+" names no workspace of "+p.label, suggest(r.Owner, p.workspaceNames(), "declare workspace "+q(r.Owner)))
		}
		return
	}
	if !slices.Contains(tekref.WorkspaceFields(), r.Name) {
		p.fail(s, "reference-unknown", r.Expr, m.String()+" names no field of a workspace, and stays as it is", oneOf(r.Name, tekref.WorkspaceFields()))
		return
	}
	if t.def.spec == nil || t.TaskSpec != nil {
		return
	}
	names := namesOf(t.def.spec.Workspaces, func(w *v1.WorkspaceDeclaration) string { return w.Name })
	if !slices.Contains(names, r.Owner) {
		p.fail(s, "workspace-unknown", r.Owner, m.String()+" names no workspace of "+t.def.label+", where it would be replaced", suggest(r.Owner, names, "name a workspace of that Task"))
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
				s, r := s.of(tx.value[m.Start:m.End]), tekref.Parse(m.Expr)
				switch {
				case m.Open || m.Escaped || r.Kind != refParam:
				case r.Fault != "":
					p.syntax(s, m, r)
				case p.params.find(r.Name) == nil:
					p.fail(s, "param-unknown", r.Name, m.String()+" names no param of "+p.params.owner, suggest(r.Name, p.params.names(), "declare param "+q(r.Name)))
				default:
					p.params.find(r.Name).used = true
				}
			})
		})
	}
}

package builder

import (
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// outerUse is a use of the result of another task, or of a workspace as another task left
// it, without a declaration.
type outerUse struct {
	at    place
	owner string // the other task
}

// Outer returns a value of the pipeline for use in the steps of this task, without
// declaring an input for it. Tekton replaces params and results of the pipeline only in
// tasks that are embedded in it: those of [Pipeline.AddInline] and with Embed. The task runs
// after those whose results the value uses.
//
//	p.AddInline("show", func(t *builder.Task) {
//		t.Step("show").Image(image).Env("COMMIT", t.Outer(clone.Commit)).Script(`echo "$COMMIT"`)
//	})
//
// With [Task.Param], the task can be used elsewhere as well.
func (t *Task) Outer(v String) TaskString {
	t = t.orNew()
	parts, fault := handle.Parse(string(v))
	if fault != handle.NoFault {
		return TaskString(v) // reported where it is used
	}
	var out strings.Builder
	for _, p := range parts {
		if p.Token == nil {
			out.WriteString(p.Text)
			continue
		}
		tok := *p.Token
		if tok.Form == handle.Value && tok.Owner.Scope == handle.Pipeline {
			tok.Form = handle.Outer
			if r := tekref.Parse(tok.Expr); r.Kind == tekref.TaskResult {
				t.pipelineTask.outer = append(t.pipelineTask.outer, outerUse{callsite.Here(), r.Owner})
			}
		}
		out.WriteString(tok.String())
	}
	return TaskString(out.String())
}

// OuterWorkspace returns a workspace of the pipeline for use in the steps of this task,
// without declaring it. It is like [Task.Outer].
func (t *Task) OuterWorkspace(w Workspace) Mount {
	t = t.orNew()
	at, n := callsite.Here(), t.pipelineTask
	switch {
	case w.d == nil:
		t.reportf(at, "workspace-missing", "OuterWorkspace of task %s gets a workspace that is not set", quote(n.name)).
			Help = "pass what the Workspace method of the pipeline returned"
		return Mount{}
	case w.d.sub != "":
		t.reportf(at, "workspace-unknown", "OuterWorkspace of task %s gets a directory of workspace %s, but Tekton passes on the whole workspace", quote(n.name), quote(w.name())).
			Help = "declare it with Workspace"
	case w.d.writer != nil && w.d.writer != n && !w.d.writer.finally:
		n.outer = append(n.outer, outerUse{at, w.d.writer.name})
	}
	n.checkWorkspace(at, "workspace "+quote(w.name()), w)
	n.outerWorkspaces = append(n.outerWorkspaces, outerUse{at, w.name()})
	return Mount{task: t, name: w.name(), from: w}
}

// outerToken reports a value of the pipeline that the steps of a task use although they
// cannot.
func (l *lowering) outerToken(s *scope, t handle.Token, report func(code, message, help string)) {
	n, expr := s.within, quote(t.Text())
	switch {
	case n == nil:
		report("scope-mixed", "uses "+expr+", a value of the pipeline", "declare an input for it with the method Param, and use what Param returns")
	case n.pipeline == nil || t.Owner.ID != n.pipeline.owner.ID:
		report("handle-foreign", "uses "+expr+" of another pipeline, "+quote(t.Owner.Name), "pass Outer a value of the pipeline that the task is added to")
	case !n.embed:
		report("scope-mixed", "uses "+expr+", a value of the pipeline, but the task is not embedded in it",
			"call Embed on the task of the pipeline, or declare an input with Param instead of calling Outer")
	}
}

// outerWorkspaces reports workspaces of the pipeline that a task which is not embedded uses
// without declaring them.
func (l *lowering) outerWorkspaces(n *PipelineTask) {
	for _, u := range n.outerWorkspaces {
		if !n.embed {
			f := l.reportf(u.at, "scope-mixed", "task %s uses workspace %s of the pipeline, but is not embedded in it", quote(n.name), quote(u.owner))
			f.Help, f.Subject = "call Embed on the task of the pipeline, or declare the workspace with Workspace", u.owner
		}
	}
}

package workspaces

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed workspace-unknown.md
var workspaceUnknownText string

var workspaceUnknown = &rule.Rule{
	Code:     "workspace-unknown",
	Severity: diag.Error,
	Topic:    "workspaces",
	Text:     workspaceUnknownText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				unknownBindings(p, t)
			}
			uses := s.WorkspaceUses()
			for i := range uses {
				unknownInTexts(p, &uses[i])
			}
		}
		for _, t := range p.Entry.TaskSpecs() {
			unknownInSteps(p, t)
		}
		if p.Entry.TaskRun != nil {
			unknownOfTaskRun(p)
		}
	},
}

// unknownBindings reports bindings of a workspace that the pipeline does not
// declare, or to one that the Task does not.
func unknownBindings(p *rule.Pass, t *facts.PipelineTask) {
	s, spec := t.Pipeline, t.Runs.Spec
	var known []string
	for i := range t.Workspaces {
		w, at := &t.Workspaces[i], t.Spot.Index("workspaces", i)
		if s.IsStray(w) {
			strayBinding(p, t, at, w)
		}
		if spec == nil || t.Inner != nil || t.Runs.Signed || t.Runs.Workspace(w.Name) != nil || t.IsPutInto() { // an embedded spec does not need a declaration
			continue
		}
		if known == nil {
			known = sortedNames(&t.Runs)
		}
		near := suggest.Name(w.Name, known)
		if near != "" && !t.Binds(near) && !t.Runs.Workspace(near).Optional {
			continue // reported as missing
		}
		p.Error(at.Field("name"), w.Name, t.Label+" binds workspace "+phrase.Quote(w.Name)+", which "+phrase.Its(t.Label, t.Runs.Label)+" does not declare",
			phrase.Suggest(w.Name, known, "remove it, or declare it there"), t.Runs.Spot.Field("workspaces").Related("the workspaces of "+t.Runs.Label)).Misspelled(w.Name, known)
	}
}

// strayBinding reports a binding of a workspace that the pipeline does not
// declare.
func strayBinding(p *rule.Pass, t *facts.PipelineTask, at facts.Spot, w *v1.WorkspacePipelineTaskBinding) {
	s, source := t.Pipeline, facts.From(w)
	field := "name"
	if w.Workspace != "" {
		field = "workspace"
	}
	uses := t.Label + " uses workspace " + phrase.Quote(source) + ", which "
	help := func(other string) string {
		return declareHelp(source, s.WorkspaceNames(), s.WorkspaceNames(), s.MeantWorkspace, other)
	}
	if declared := t.Runs.Workspace(w.Name); s.IsPartOfRun() && (t.Runs.Spec == nil || declared != nil && declared.Optional) {
		then := ", so the task starts without it"
		if t.Runs.Spec == nil {
			then = ": the task fails unless what it refers to declares workspace " + phrase.Quote(w.Name) + " as optional"
		}
		p.Warning(at.Field(field), source, uses+"neither "+s.Label+" nor the run has"+then, help("remove it, or bind it in the run"))
		return
	}
	p.Error(at.Field(field), source, uses+s.Label+" does not declare", help("declare workspace "+phrase.Quote(source)+" in "+s.Label))
}

// declareHelp returns the help for a workspace that is not declared: the declared one
// with a similar name, or else the only unused one, or else one that can be reached and
// has a similar name, or else the other help.
func declareHelp(name string, declared, reachable []string, meant func() string, other string) string {
	if suggest.Name(name, declared) == "" {
		if unused := meant(); unused != "" {
			return "did you mean " + phrase.Quote(unused) + ", which is not used?"
		}
	}
	return phrase.Suggest(name, reachable, other)
}

// unknownInTexts reports $(workspaces.W.F) in a text of a pipeline task.
func unknownInTexts(p *rule.Pass, u *facts.WorkspaceUse) {
	name, t := u.Var.Owner, u.Task
	switch u.Fault {
	case facts.UnknownWorkspace:
		s := t.Pipeline
		p.Error(u.Spot, name, u.String()+" refers to a workspace that "+s.Label+" does not declare", phrase.Suggest(name, s.WorkspaceNames(), "declare workspace "+phrase.Quote(name))).Misspelled(name, s.WorkspaceNames())
	case facts.UnknownInTask:
		if in := t.Inner; in != nil && in.Unbounded() {
			p.Warning(u.Spot, name, u.String()+" refers to a workspace that neither "+in.Label+" nor its pipeline declares, so it works only if each run binds the workspace",
				phrase.Suggest(name, in.ReachableWorkspaces(), "declare workspace "+phrase.Quote(name))).Misspelled(name, in.ReachableWorkspaces())
			return
		}
		p.Error(u.Spot, name, u.String()+" refers to a workspace that "+t.Runs.Label+" does not declare",
			phrase.Suggest(name, t.Runs.WorkspaceNames(), "use a workspace that the Task declares")).Misspelled(name, t.Runs.WorkspaceNames())
	}
}

// unknownInSteps reports $(workspaces.W.F) in a text of a Task, and isolated
// workspaces of steps and sidecars.
func unknownInSteps(p *rule.Pass, t *facts.TaskSpec) {
	for i := range t.Spec.Steps {
		for j, w := range t.Spec.Steps[i].Workspaces {
			isolated(p, t, t.Spot.Index("steps", i).Index("workspaces", j), w.Name)
		}
	}
	for i := range t.Spec.Sidecars {
		for j, w := range t.Spec.Sidecars[i].Workspaces {
			isolated(p, t, t.Spot.Index("sidecars", i).Index("workspaces", j), w.Name)
		}
	}
	uses := t.WorkspaceUses()
	for i := range uses {
		if u := &uses[i]; u.Fault == facts.UnknownWorkspace {
			unknownInStep(p, t, u)
		}
	}
}

func unknownInStep(p *rule.Pass, t *facts.TaskSpec, u *facts.WorkspaceUse) {
	name := u.Var.Owner
	quoted := phrase.Quote(name)
	switch {
	case u.Var.Name == "bound" && u.InWhen():
		p.Warning(u.Spot, name, u.String()+" refers to a workspace that "+t.Label+" does not declare; the when expression compares the literal text",
			phrase.Suggest(name, t.ReachableWorkspaces(), "declare workspace "+quoted+" in "+t.Label)).Misspelled(name, t.ReachableWorkspaces())
	case p.Again(t, name, u.Spot):
	case t.Unbounded():
		p.Warning(u.Spot, name, u.String()+" refers to a workspace that neither "+t.Label+" nor its pipeline declares, so it works only if each run binds the workspace",
			declareHelp(name, t.WorkspaceNames(), t.ReachableWorkspaces(), t.MeantWorkspace, "declare workspace "+quoted))
	default:
		p.Error(u.Spot, name, t.Label+" declares no workspace "+quoted+"; "+u.String()+" is passed on unreplaced",
			declareHelp(name, t.WorkspaceNames(), t.ReachableWorkspaces(), t.MeantWorkspace, "declare workspace "+quoted+" in "+t.Label))
	}
}

func isolated(p *rule.Pass, t *facts.TaskSpec, at facts.Spot, name string) {
	if t.Workspace(name) == nil {
		p.Error(at.Field("name"), name, t.Label+" does not declare workspace "+phrase.Quote(name), phrase.Suggest(name, t.WorkspaceNames(), "declare it under workspaces")).Misspelled(name, t.WorkspaceNames())
	}
}

// unknownOfTaskRun reports bindings of a TaskRun to workspaces that its Task does
// not declare.
func unknownOfTaskRun(p *rule.Pass) {
	spec, runs := &p.Entry.TaskRun.Spec, p.Entry.RunTask()
	if runs.Spec == nil || runs.Signed || spec.TaskSpec != nil {
		return
	}
	known, bound := runs.WorkspaceNames(), names(spec.Workspaces, bindingName)
	for i := range spec.Workspaces {
		name := spec.Workspaces[i].Name
		if runs.Workspace(name) != nil {
			continue
		}
		if near := suggest.Name(name, known); near != "" && !bound[near] && !runs.Workspace(near).Optional {
			continue // reported as missing
		}
		p.Error(p.At("spec").Index("workspaces", i), name, p.Entry.Label()+" binds workspace "+phrase.Quote(name)+", which "+runs.Label+" does not declare",
			phrase.Suggest(name, known, "remove it, or declare it there")).Misspelled(name, known)
	}
}

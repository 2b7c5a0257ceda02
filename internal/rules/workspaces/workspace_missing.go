package workspaces

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed workspace-missing.md
var workspaceMissingText string

var workspaceMissing = &rule.Rule{
	Code:     "workspace-missing",
	Severity: diag.Error,
	Topic:    "workspaces",
	Text:     workspaceMissingText,
	Kinds:    []string{"Pipeline", "PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				missingInner(p, t)
				missingInTask(p, t)
			}
		}
		switch {
		case p.Entry.Run != nil:
			missingInRun(p)
		case p.Entry.TaskRun != nil:
			missingInTaskRun(p)
		}
	},
}

// missingInTask reports workspaces that a Task requires and a pipeline task does not
// bind.
func missingInTask(p *rule.Pass, t *facts.PipelineTask) {
	spec := t.Runs.Spec
	if spec == nil || len(spec.Workspaces) == 0 {
		return
	}
	bound := names(t.Workspaces, taskBindingName)
	others := misspellings{expected: func(name string) bool { return t.Runs.Workspace(name) != nil }}
	ofRun := misspellings{expected: func(name string) bool {
		return t.Pipeline.Workspaces[name] != nil || t.Pipeline.UsedWorkspaces()[name] || t.Inner.UsedWorkspaces()[name]
	}}
	for i := range spec.Workspaces {
		w := &spec.Workspaces[i]
		if w.Optional || w.Name == "" || bound[w.Name] || reaches(t, w.Name) {
			continue
		}
		at, help := t.Spot, "bind a workspace of the pipeline to it, or make it optional"
		if run := t.Pipeline.Run; run != nil && t.Inner != nil && t.Inner.UsedWorkspaces()[w.Name] { // the run may bind it
			if s, near := unboundAt(p.At("spec"), run.Spec.Workspaces, w.Name, &ofRun, ""); near != "" {
				at, help = s, near
			}
		}
		if j := misspelt(&others, w.Name, t.Workspaces, taskBindingName); j >= 0 {
			at, help = t.Spot.Index("workspaces", j).Field("name"), meantHelp(t.Workspaces[j].Name, w.Name)
		}
		p.Error(at, w.Name, t.Label+" does not bind workspace "+phrase.Quote(w.Name)+" of "+phrase.Its(t.Label, t.Runs.Label), help,
			t.Runs.Spot.Index("workspaces", i).Related(t.Runs.Label+" declares it"))
	}
}

// missingInner reports workspaces that a pipeline requires and the pipeline task that
// runs it does not bind.
func missingInner(p *rule.Pass, t *facts.PipelineTask) {
	if t.Runs.Inner == nil || len(t.Runs.Inner.Workspaces) == 0 {
		return
	}
	bound := names(t.Workspaces, taskBindingName)
	for i := range t.Runs.Inner.Workspaces {
		w := &t.Runs.Inner.Workspaces[i]
		if !w.Optional && w.Name != "" && !bound[w.Name] {
			p.Error(t.Spot, w.Name, t.Label+" does not bind workspace "+phrase.Quote(w.Name)+" of "+phrase.Its(t.Label, t.Runs.Label),
				"bind a workspace of the pipeline to it, or make it optional", t.Runs.InnerSpot.Index("workspaces", i).Related(t.Runs.Label+" declares it"))
		}
	}
}

// reaches reports whether an embedded spec gets a workspace without a binding: Tekton
// binds those that its steps use, from the run.
func reaches(t *facts.PipelineTask, name string) bool {
	if t.Inner == nil || !t.Inner.UsedWorkspaces()[name] {
		return false
	}
	w := t.Pipeline.Workspaces[name]
	return t.Pipeline.Run == nil || t.Pipeline.RunBinds(name) || w != nil && !w.Optional // reported at the run
}

// missingInRun reports workspaces that a pipeline requires and its run does not bind.
func missingInRun(p *rule.Pass) {
	pipeline, supposed := phrase.RunPipeline(p)
	if pipeline == nil {
		return
	}
	s, list, label := p.At("spec"), p.Entry.Run.Spec.Workspaces, p.Entry.Label()
	bound := names(list, bindingName)
	others := misspellings{expected: func(name string) bool { return pipeline.Workspaces[name] != nil || pipeline.UsedWorkspaces()[name] }}
	for i := range pipeline.Spec.Workspaces {
		w := &pipeline.Spec.Workspaces[i]
		if w.Optional || w.Name == "" || bound[w.Name] {
			continue
		}
		at, help := unboundAt(s, list, w.Name, &others, "bind it, for example to a volumeClaimTemplate")
		p.Add(at, supposed.Severity(diag.Error), w.Name, label+" does not bind workspace "+phrase.Quote(w.Name)+" of "+pipeline.Label, help,
			supposed.Related(pipeline.Spot.Index("workspaces", i).Related(pipeline.Label+" declares it"))...)
	}
	if pipeline.Run != nil {
		return
	}
	for _, t := range pipeline.Tasks {
		missingInSpec(p, t, bound, &others, supposed)
	}
}

// missingInSpec reports the workspaces that the embedded spec of a task uses and
// that neither the task nor the run binds: Tekton binds what a run binds under
// that name, and nothing else.
func missingInSpec(p *rule.Pass, t *facts.PipelineTask, bound map[string]bool, others *misspellings, supposed phrase.Assumption) {
	if t.Inner == nil {
		return
	}
	for _, w := range t.BoundByTask()[len(t.Workspaces):] {
		own, of := t.Pipeline.Workspaces[w.Name], t.Runs.Workspace(w.Name)
		if bound[w.Name] || own != nil && !own.Optional || of != nil && of.Optional {
			continue
		}
		at, help := unboundAt(p.At("spec"), p.Entry.Run.Spec.Workspaces, w.Name, others, "bind it in "+t.Label)
		p.Add(at, supposed.Severity(diag.Error), w.Name,
			p.Entry.Label()+" does not bind workspace "+phrase.Quote(w.Name)+", which "+t.Runs.Label+" uses and "+t.Label+" does not bind",
			help, supposed.Related(t.Spot.Related(t.Label))...)
	}
}

// missingInTaskRun reports workspaces that a Task requires and its run does not bind.
func missingInTaskRun(p *rule.Pass) {
	spec, runs := &p.Entry.TaskRun.Spec, p.Entry.RunTask()
	if runs.Spec == nil {
		return
	}
	bound := names(spec.Workspaces, bindingName)
	others := misspellings{expected: func(name string) bool {
		return runs.Workspace(name) != nil || spec.TaskSpec != nil && p.Entry.TaskSpec().UsedWorkspaces()[name]
	}}
	for i := range runs.Spec.Workspaces {
		w := &runs.Spec.Workspaces[i]
		if w.Optional || w.Name == "" || bound[w.Name] {
			continue
		}
		at, help := unboundAt(p.At("spec"), spec.Workspaces, w.Name, &others, "bind a volume to it, or make it optional")
		p.Error(at, w.Name, p.Entry.Label()+" does not bind workspace "+phrase.Quote(w.Name)+" of "+runs.Label, help,
			runs.Spot.Index("workspaces", i).Related(runs.Label+" declares it"))
	}
}

// unboundAt returns the place where an unbound workspace of a run is reported, which is
// at a binding that looks like its misspelled name if there is one, and the help.
func unboundAt(s facts.Spot, list []v1.WorkspaceBinding, name string, others *misspellings, other string) (at facts.Spot, help string) {
	i := misspelt(others, name, list, bindingName)
	if i < 0 {
		return s.Field("workspaces"), other
	}
	return s.Index("workspaces", i).Field("name"), meantHelp(list[i].Name, name)
}

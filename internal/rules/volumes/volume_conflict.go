package volumes

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-conflict.md
var volumeConflictText string

var volumeConflict = &rule.Rule{
	Code:     "volume-conflict",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     volumeConflictText,
	Kinds:    []string{"PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		switch {
		case !p.Profile.OnePVC():
		case p.Entry.TaskRun != nil:
			taskRunClaims(p)
		case p.Entry.Run != nil:
			pipelineRunClaims(p)
		}
	},
}

// taskRunClaims reports a TaskRun that binds two PersistentVolumeClaims.
func taskRunClaims(p *rule.Pass) {
	list := p.Entry.TaskRun.Spec.Workspaces
	if len(list) < 2 || p.Entry.RunTask().Spec == nil {
		return
	}
	first, firstClaim := -1, claim{}
	for i := range list {
		c := claimOf(&list[i])
		switch {
		case c == claim{}:
		case first < 0:
			first, firstClaim = i, c
		case c != firstClaim:
			twoClaims(p, p.Entry.Label(), list, first, i)
		}
	}
}

// maxMounting is the maximum number of tasks that a finding lists.
const maxMounting = 5

// pipelineRunClaims reports the tasks of a pipeline that would mount two
// PersistentVolumeClaims of the run. A pair of workspaces is reported once, with all
// tasks that mount both.
func pipelineRunClaims(p *rule.Pass) {
	list := p.Entry.Run.Spec.Workspaces
	if len(list) < 2 {
		return
	}
	pipeline := p.Entry.RunPipeline()
	if pipeline == nil {
		return
	}
	binding := make(map[string]int, len(list))
	for i := range list {
		binding[list[i].Name] = i
	}
	var pairs [][2]int
	mounting := map[[2]int][]*facts.PipelineTask{}
	for _, t := range pipeline.Tasks {
		if t.Runs.Nested {
			continue
		}
		first, firstClaim := -1, claim{}
		bound := t.BoundByTask()
		for j := range bound {
			i, ok := binding[facts.From(&bound[j])]
			if !ok {
				continue
			}
			c := claimOf(&list[i])
			switch {
			case c == claim{}:
			case first < 0:
				first, firstClaim = i, c
			case c != firstClaim:
				pair := [2]int{min(first, i), max(first, i)}
				tasks := mounting[pair]
				if tasks == nil {
					pairs = append(pairs, pair)
				}
				if len(tasks) == 0 || tasks[len(tasks)-1] != t {
					mounting[pair] = append(tasks, t)
				}
			}
		}
	}
	for _, pair := range pairs {
		tasks := mounting[pair]
		var names []string
		var related []diag.Related
		for _, t := range tasks[:min(len(tasks), maxMounting)] {
			names, related = append(names, t.Name), append(related, t.Spot.Related(t.Label+" mounts both"))
		}
		who := phrase.Plural("task", names)
		switch {
		case len(tasks) == 1:
			who = tasks[0].Label
		case len(tasks) > maxMounting:
			who = tasks[0].Label + " and " + phrase.Itoa(len(tasks)-1) + " others"
		}
		twoClaims(p, who, list, pair[0], pair[1], related...)
	}
}

// twoClaims reports what mounts the PersistentVolumeClaims of two workspaces.
func twoClaims(p *rule.Pass, who string, list []v1.WorkspaceBinding, a, b int, related ...diag.Related) {
	s := p.At("spec")
	verb := " mounts"
	if len(related) > 1 {
		verb = " each mount"
	}
	related = append(related, s.Index("workspaces", a).Related("workspace "+phrase.Quote(list[a].Name)+" is bound to the other PersistentVolumeClaim"))
	p.Error(s.Index("workspaces", b), list[b].Name,
		who+verb+" two PersistentVolumeClaims, for workspaces "+phrase.Quote(list[a].Name)+" and "+phrase.Quote(list[b].Name)+", but the affinity assistant allows only one, so the run fails",
		"bind both workspaces to one PersistentVolumeClaim, each with its own subPath, or set coschedule: disabled in ConfigMap \"feature-flags\"", related...)
}

// A claim identifies the PersistentVolumeClaim of a binding. The zero value means
// that the binding has none, or that it is not known.
type claim struct {
	template bool
	name     string // of the PVC, or of the workspace whose volumeClaimTemplate creates it
	known    bool
}

func claimOf(w *v1.WorkspaceBinding) claim {
	switch {
	case w.VolumeClaimTemplate != nil:
		return claim{template: true, name: w.Name, known: true}
	case w.PersistentVolumeClaim != nil && !tekref.Contains(w.PersistentVolumeClaim.ClaimName):
		return claim{name: w.PersistentVolumeClaim.ClaimName, known: true}
	}
	return claim{}
}

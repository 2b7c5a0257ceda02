package trust

import (
	_ "embed"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed untrusted-code.md
var untrustedCodeText string

// untrustedCode reports runs of strangers' events that give credentials to tasks with
// the stranger's files.
var untrustedCode = &rule.Rule{
	Code:     "untrusted-code",
	Severity: diag.Warning,
	Topic:    "trust",
	Text:     untrustedCodeText,
	Kinds:    []string{"Trigger", "EventListener"},
	Needs:    []rule.Fact{rule.Events, rule.Objects, rule.RBAC, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			strangers := slices.DeleteFunc(slices.Clone(t.Strangers()), func(s facts.Stranger) bool { return !s.Commits })
			if len(strangers) == 0 {
				continue
			}
			for _, b := range t.Bodies() {
				if b.Entry != nil && b.Entry.Run != nil {
					codeIn(p, t, strangers[0], b.Entry)
				}
			}
		}
	},
}

// codeIn reports the tasks of a run that get both files of a stranger and credentials.
func codeIn(p *rule.Pass, t *facts.Trigger, stranger facts.Stranger, run *facts.Entry) {
	all := t.StrangerValues()
	if ref := run.Run.Spec.PipelineRef; ref != nil && ref.Resolver != "" {
		for i := range ref.Params {
			for _, v := range facts.ValuesIn(ref.Params[i].Value.StringVal, all) {
				if v.Commit {
					resolvedFrom(p, t, stranger, run, v, run.At("spec", "pipelineRef").Index("params", i))
					return
				}
			}
		}
	}
	pipeline := run.RunPipeline()
	if pipeline == nil {
		return
	}
	carried := run.RunCarries(func(text string) []facts.StrangerValue { return facts.ValuesIn(text, all) })
	if len(carried) == 0 {
		return
	}
	for _, clone := range pipeline.Tasks {
		value, ok := checkedOut(clone, carried, run)
		if !ok {
			continue
		}
		files := filesOf(clone, run.Run)
		var names []string
		related := []diag.Related{
			value.Spot.Related("the run gets " + value.What),
			clone.Spot.Related(clone.Label + " checks it out"),
		}
		for _, task := range pipeline.Tasks {
			if task == clone || task.IsClone() || !sharesFiles(task, files) {
				continue
			}
			for _, c := range run.CredentialsOf(task, p.Profile.DefaultServiceAccount) {
				if !slices.Contains(names, c.What) {
					names = append(names, c.What)
					related = append(related, c.Spot.Related(task.Label+" has the files, and gets "+c.What))
				}
			}
		}
		if len(names) > 0 {
			warn(p, t, stranger, run, names, related)
			return
		}
	}
}

// resolvedFrom reports a run whose Pipeline itself comes from a commit of a stranger.
func resolvedFrom(p *rule.Pass, t *facts.Trigger, stranger facts.Stranger, run *facts.Entry, v facts.StrangerValue, at facts.Spot) {
	var names []string
	related := []diag.Related{v.Spot.Related("the run gets " + v.What), at.Related("its Pipeline is read from there")}
	for _, c := range run.Credentials(p.Profile.DefaultServiceAccount) {
		if !slices.Contains(names, c.What) {
			names = append(names, c.What)
			related = append(related, c.Spot.Related("the Pipeline gets "+c.What))
		}
	}
	if len(names) > 0 {
		warn(p, t, stranger, run, names, related)
	}
}

func warn(p *rule.Pass, t *facts.Trigger, stranger facts.Stranger, run *facts.Entry, names []string, related []diag.Related) {
	p.Warning(interceptors(t), run.Ref.Name, t.Label+" gives the code of "+stranger.Does+" access to "+sentence(names),
		"stop strangers with a CEL filter such as "+phrase.Quote(gate(stranger))+
			", or give the tasks that have their files no credentials; if nobody else can read the repository, add body.repository.private to the filter", related[:min(len(related), 8)]...)
}

// checkedOut returns the value of a stranger that selects the commit that a task checks
// out.
func checkedOut(t *facts.PipelineTask, carried facts.Carried, run *facts.Entry) (facts.StrangerValue, bool) {
	if !t.ChecksOut() {
		return facts.StrangerValue{}, false
	}
	passed := t.Carries(carried)
	names := make([]string, 0, len(passed))
	for name := range passed {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range passed[name] {
			if v.Commit || v.Number && (fetchesRequest(t.Params) || fetchesRequest(run.Run.Spec.Params)) {
				return v, true
			}
		}
	}
	return facts.StrangerValue{}, false
}

// fetchesRequest reports whether a param has the name of a ref with the commits of pull
// requests: refs/pull/1/head, merge-requests/1/head.
func fetchesRequest(params v1.Params) bool {
	return slices.ContainsFunc(params, func(p v1.Param) bool {
		s := p.Value.StringVal
		return strings.Contains(s, "pull/$(") || strings.Contains(s, "merge-requests/$(") || strings.Contains(s, "pull-requests/$(")
	})
}

// filesOf returns the workspaces of the pipeline in which a task may leave files: those
// that are not Secrets or ConfigMaps.
func filesOf(t *facts.PipelineTask, run *v1.PipelineRun) []string {
	var out []string
	for _, w := range t.BoundByTask() {
		name := facts.From(&w)
		if !slices.ContainsFunc(run.Spec.Workspaces, func(b v1.WorkspaceBinding) bool {
			return b.Name == name && (b.Secret != nil || b.ConfigMap != nil || b.Projected != nil)
		}) {
			out = append(out, name)
		}
	}
	return out
}

// sharesFiles reports whether a task mounts one of the workspaces.
func sharesFiles(t *facts.PipelineTask, files []string) bool {
	return slices.ContainsFunc(t.BoundByTask(), func(w v1.WorkspacePipelineTaskBinding) bool { return slices.Contains(files, facts.From(&w)) })
}

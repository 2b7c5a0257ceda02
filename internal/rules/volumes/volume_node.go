package volumes

import (
	_ "embed"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-node.md
var volumeNodeText string

var volumeNode = &rule.Rule{
	Code:     "volume-node",
	Severity: diag.Warning,
	Topic:    "volumes",
	Text:     volumeNodeText,
	Kinds:    []string{"PipelineRun"},
	Needs:    []rule.Fact{rule.Objects, rule.Order, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		if p.Profile.Coschedule != "disabled" || p.Entry.Run == nil {
			return
		}
		pipeline := p.Entry.RunPipeline()
		if pipeline == nil {
			return
		}
		for i := range p.Entry.Run.Spec.Workspaces {
			w := &p.Entry.Run.Spec.Workspaces[i]
			if w.VolumeClaimTemplate != nil && onOneNode(w.VolumeClaimTemplate.Spec.AccessModes) {
				oneNode(p, pipeline, i, w.Name)
			}
		}
	},
}

// oneNode reports a PersistentVolumeClaim that only one node can mount, and that
// tasks without an order share: they may land on different nodes.
func oneNode(p *rule.Pass, pipeline *facts.PipelineSpec, i int, name string) {
	var last *facts.PipelineTask
	for _, task := range pipeline.Graph().Order() {
		t := pipeline.Task(task)
		if t == nil || !uses(t, name) {
			continue
		}
		if last != nil && !pipeline.Before(last, t) {
			p.Warning(p.At("spec").Index("workspaces", i), name,
				"with coschedule: disabled, "+last.Label+" and "+t.Label+" may run on different nodes at the same time, but only one node can mount the PersistentVolumeClaim of workspace "+phrase.Quote(name)+", so one of them waits or times out",
				"set access mode ReadWriteMany, or add runAfter to one of the tasks", last.Spot.Related(last.Label), t.Spot.Related(t.Label))
			return
		}
		last = t
	}
}

// onOneNode reports whether only one node can mount a PersistentVolumeClaim with
// these access modes.
func onOneNode(modes []corev1.PersistentVolumeAccessMode) bool {
	return !slices.Contains(modes, corev1.ReadWriteMany) && !slices.Contains(modes, corev1.ReadOnlyMany)
}

// uses reports whether a task mounts a workspace of the pipeline.
func uses(t *facts.PipelineTask, name string) bool {
	bound := t.BoundByTask()
	return slices.ContainsFunc(bound, func(w v1.WorkspacePipelineTaskBinding) bool { return facts.From(&w) == name })
}

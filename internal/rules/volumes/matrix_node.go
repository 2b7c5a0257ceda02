package volumes

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed matrix-node.md
var matrixNodeText string

var matrixNode = &rule.Rule{
	Code:     "matrix-node",
	Severity: diag.Note,
	Topic:    "volumes",
	Text:     matrixNodeText,
	Kinds:    []string{"PipelineRun"},
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		if p.Profile.Coschedule == "disabled" || p.Entry.Run == nil {
			return
		}
		pipeline := p.Entry.RunPipeline()
		if pipeline == nil {
			return
		}
		claims := map[string]int{}
		for i := range p.Entry.Run.Spec.Workspaces {
			if w := &p.Entry.Run.Spec.Workspaces[i]; w.VolumeClaimTemplate != nil || w.PersistentVolumeClaim != nil {
				claims[w.Name] = i
			}
		}
		for _, t := range pipeline.Tasks {
			if len(claims) > 0 && t.IsMatrixed() {
				matrixOnNode(p, t, claims)
			}
		}
	},
}

// matrixOnNode reports a matrix all of whose runs are kept on the node of one
// PersistentVolumeClaim.
func matrixOnNode(p *rule.Pass, t *facts.PipelineTask, claims map[string]int) {
	size, known := t.MatrixSize(t.Pipeline.DefaultLength)
	if known && size < 2 {
		return
	}
	runs := "all runs"
	if known {
		runs = "all " + phrase.Itoa(size) + " runs"
	}
	bound := t.BoundByTask()
	for i := range bound {
		name := facts.From(&bound[i])
		at, ok := claims[name]
		if !ok {
			continue
		}
		p.Note(t.Spot.Field("matrix"), name, runs+" of the matrix of "+t.Label+" run on one node, because they share the PersistentVolumeClaim of workspace "+phrase.Quote(name),
			"give the task time for it, because its timeout counts while a pod waits; if the runs need more nodes, pass the files in another way, or set coschedule: disabled in the cluster and use a volume with ReadWriteMany",
			p.At("spec").Index("workspaces", at).Related("the PersistentVolumeClaim"))
		return
	}
}

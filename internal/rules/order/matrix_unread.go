package order

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed matrix-unread.md
var matrixUnreadText string

var matrixUnread = &rule.Rule{
	Code:     "matrix-unread",
	Severity: diag.Error,
	Topic:    "order",
	Text:     matrixUnreadText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			unreadMatrices(p, s)
		}
	},
}

// unreadMatrices reports pipeline results that are taken from a task with a matrix
// whose results no task reads.
func unreadMatrices(p *rule.Pass, s *facts.PipelineSpec) {
	var read map[*facts.PipelineTask]bool
	uses := s.TaskUses()
	for i := range uses {
		u := &uses[i]
		if u.Reader != nil || u.Fault != facts.NoFault || !u.ReadsResult() || !u.Owner.IsMatrixed() || u.Owner.Runs.Spec == nil {
			continue
		}
		if read == nil {
			read = map[*facts.PipelineTask]bool{}
			for _, t := range s.Tasks {
				for _, r := range t.ResultReads() {
					read[r.Owner] = read[r.Owner] || r.Waits
				}
			}
		}
		if !read[u.Owner] {
			p.Error(u.Spot, u.Owner.Name, u.String()+" reads the results of a matrix that no task reads, so the run fails with CouldntGetPipelineResult after all tasks have succeeded",
				"pass a result of "+u.Owner.Label+" to a task, for example to one in finally", u.Owner.Spot.Field("matrix").Related("the matrix"))
		}
	}
}

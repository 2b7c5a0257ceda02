package pac

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-tag-branch.md
var tagBranchText string

// tagBranch reports runs for tags that use a branch, and runs for branches that use the
// tag.
var tagBranch = &rule.Rule{
	Code:     "pac-tag-branch",
	Severity: diag.Warning,
	Topic:    "pac",
	Text:     tagBranchText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		all := runAnnotations(p)
		if all == nil {
			return
		}
		value := all[pac.OnTargetBranch]
		_, hasCEL := all[pac.OnCELExpression]
		_, hasComment := all[pac.OnComment]
		patterns, err := pac.List(value)
		if hasCEL || hasComment || value == "" || err != nil || strings.Contains(value, "{{") {
			return
		}
		tags := 0
		for _, pattern := range patterns {
			if strings.HasPrefix(pattern, "refs/tags/") {
				tags++
			}
		}
		for _, v := range p.Entry.ExpandedVariables() {
			if p.Again(p.Entry, v.Key, v.Spot) {
				continue
			}
			switch {
			case tags == len(patterns) && (v.Key == "target_branch" || v.Key == "source_branch"):
				p.Warning(v.Spot, v.Key, v.Spot.Part+" is refs/tags/NAME for a tag, and only tags start the run", "use {{ git_tag }} for the name of the tag")
			case tags == 0 && v.Key == "git_tag":
				p.Warning(v.Spot, v.Key, v.Spot.Part+" has no value, because no tag starts the run", `add refs/tags/* to on-target-branch, or use {{ target_branch }}`)
			}
		}
	},
}

package pac

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/pacmatch"
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
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		all := runAnnotations(p)
		if all == nil {
			return
		}
		tags, patterns := tagPatterns(all)
		if _, hasCEL := all[pac.OnCELExpression]; hasCEL && onlyTags(p) {
			tags, patterns = 1, 1
		}
		if patterns == 0 {
			return
		}
		for _, v := range p.Entry.ExpandedVariables() {
			if p.Again(p.Entry, v.Key, v.Spot) {
				continue
			}
			switch {
			case tags == patterns && (v.Key == "target_branch" || v.Key == "source_branch"):
				p.Warning(v.Spot, v.Key, v.Spot.Part+" is refs/tags/NAME for a tag, and only tags start the run", "use {{ git_tag }} for the name of the tag")
			case tags == 0 && v.Key == "git_tag":
				p.Warning(v.Spot, v.Key, v.Spot.Part+" has no value, because no tag starts the run", `add refs/tags/* to on-target-branch, or use {{ target_branch }}`)
			}
		}
	},
}

// tagPatterns returns how many of the patterns of on-target-branch are for tags, and how
// many there are; 0 if it does not decide which branches and tags start the run.
func tagPatterns(annotations map[string]string) (tags, patterns int) {
	value := annotations[pac.OnTargetBranch]
	_, hasCEL := annotations[pac.OnCELExpression]
	_, hasComment := annotations[pac.OnComment]
	all, err := pac.List(value)
	if hasCEL || hasComment || value == "" || err != nil || strings.Contains(value, "{{") {
		return 0, 0
	}
	for _, pattern := range all {
		if strings.HasPrefix(pattern, "refs/tags/") {
			tags++
		}
	}
	return tags, len(all)
}

// tagBranchReports reports whether the rule reports {{ git_tag }} in the run.
func tagBranchReports(p *rule.Pass) bool {
	tags, patterns := tagPatterns(runAnnotations(p))
	return tags == 0 && patterns > 0
}

// onlyTags reports whether tags are the only events that are known to start the run, and its
// expression tests whether the event is one.
func onlyTags(p *rule.Pass) bool {
	m := matcherOf(p.Entry)
	if m == nil || !slices.ContainsFunc(m.Texts(), func(s string) bool { return strings.Contains(s, "refs/tags/") }) {
		return false
	}
	all := startsOf(p)
	return len(all) > 0 && !slices.ContainsFunc(all.kinds(), func(k pacmatch.Kind) bool { return k != pacmatch.Tag })
}

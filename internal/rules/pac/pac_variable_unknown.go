package pac

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-variable-unknown.md
var variableUnknownText string

// variableUnknown reports variables that Pipelines-as-Code does not replace.
var variableUnknown = &rule.Rule{
	Code:     "pac-variable-unknown",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     variableUnknownText,
	Kinds:    []string{"PipelineRun", "Pipeline", "Task"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		var params []string
		known := false
		for i, v := range p.Entry.ExpandedVariables() {
			if i == 0 {
				params, known = p.Set.RepositoryParams()
			}
			if v.Code || !identifier.MatchString(v.Key) || slices.Contains(pac.Standard, v.Key) || slices.Contains(params, v.Key) {
				continue
			}
			if _, ok := v.Expression(); ok {
				continue // not a name
			}
			unknown(p, v, params, known)
		}
	},
}

// identifier matches a name, possibly with a path.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$`)

// instead are names that are no variables, and what is meant by them. Those of the
// documentation are in the first line.
var instead = map[string]string{
	"event": "event_type", "target_url": "repo_url", "event_title": "body.pull_request.title",
	"branch": "source_branch", "sha": "revision", "commit": "revision", "commit_sha": "revision", "tag": "git_tag",
	"pr_number": "pull_request_number", "repo": "repo_name", "author": "sender", "comment": "trigger_comment",
}

func unknown(p *rule.Pass, v facts.ExpandedVariable, params []string, known bool) {
	text := v.Spot.Part
	message := text + " is not a variable of Pipelines-as-Code, so the literal text remains"
	if p.Again(p.Entry, v.Key, v.Spot) {
		return
	}
	switch {
	case v.Key == "event" || v.Key == "target_url" || v.Key == "event_title":
		p.Error(v.Spot, v.Key, message+": it can only be used in {{ cel: }}", "use {{ "+instead[v.Key]+" }}")
	case strings.HasPrefix(v.Key, "pull_request."):
		p.Error(v.Spot, v.Key, message, "did you mean {{ body."+v.Key+" }}?")
	case instead[v.Key] != "":
		p.Warning(v.Spot, v.Key, message+", unless the Repository has a param of that name", "did you mean {{ "+instead[v.Key]+" }}?")
	default:
		if meant := suggest.Name(v.Key, append(slices.Clone(pac.Standard), params...)); meant != "" {
			p.Warning(v.Spot, v.Key, message+", unless the Repository has a param of that name", "did you mean {{ "+meant+" }}?")
		} else if known {
			p.Warning(v.Spot, v.Key, message+": the Repository among the checked objects has no param "+phrase.Quote(v.Key), "add the param to the Repository")
		} else {
			p.Note(v.Spot, v.Key, text+" is not a variable of Pipelines-as-Code: the literal text remains unless the Repository has a param "+phrase.Quote(v.Key),
				"add the Repository to the checked objects, so that its params are known")
		}
	}
}

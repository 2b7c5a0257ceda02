package pac

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-limit-invalid.md
var limitInvalidText string

// limitInvalid reports values of max-keep-runs and cancel-in-progress that are not valid.
var limitInvalid = &rule.Rule{
	Code:     "pac-limit-invalid",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     limitInvalidText,
	Kinds:    []string{"PipelineRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		all := runAnnotations(p)
		if value, ok := all[pac.MaxKeepRuns]; ok && !strings.Contains(value, "{{") {
			switch n, err := strconv.Atoi(value); {
			case err != nil:
				p.Report(annotation(p, pac.MaxKeepRuns), "max-keep-runs is "+phrase.Quote(value)+", which is not a number, so no old run is deleted", `write a number in quotes, such as "5"`)
			case n <= 0:
				p.Report(annotation(p, pac.MaxKeepRuns), "max-keep-runs is "+value+", so each run is deleted as soon as it has ended", `write the number of runs to keep, such as "5"`)
			}
		}
		if value, ok := all[pac.CancelInProgress]; ok && !strings.Contains(value, "{{") && value != "true" && value != "false" {
			p.Report(annotation(p, pac.CancelInProgress), "cancel-in-progress is "+phrase.Quote(value)+", so no run is cancelled", `write "true" or "false"`)
		}
		if all[pac.CancelInProgress] == "true" {
			limited(p)
		}
	},
}

// limited reports a run that cancels others although each Repository limits how many run at
// the same time.
func limited(p *rule.Pass) {
	repositories := p.Entry.Set().PacRepositories()
	for _, r := range repositories {
		if n := r.Spec.ConcurrencyLimit; n == nil || *n < 1 {
			return
		}
	}
	if len(repositories) > 0 {
		p.Warning(annotation(p, pac.CancelInProgress), "cancel-in-progress", "cancel-in-progress has no effect, because the Repository has a concurrency_limit: no run is cancelled",
			"remove one of them", repositories[0].Entry.At("spec", "concurrency_limit").Related("the limit"))
	}
}

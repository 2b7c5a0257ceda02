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

//go:embed pac-annotation-ignored.md
var annotationIgnoredText string

// annotationIgnored reports annotations that on-cel-expression replaces.
var annotationIgnored = &rule.Rule{
	Code:     "pac-annotation-ignored",
	Severity: diag.Warning,
	Topic:    "pac",
	Text:     annotationIgnoredText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		all := runAnnotations(p)
		if _, ok := all[pac.OnCELExpression]; !ok {
			return
		}
		for _, key := range []string{pac.OnEvent, pac.OnTargetBranch, pac.OnLabel, pac.OnPathChange, pac.OnPathChangeIgnore} {
			if _, ok := all[key]; ok {
				name := strings.TrimPrefix(key, pac.Prefix)
				p.Report(annotation(p, key), name+" has no effect, because on-cel-expression replaces it", "make it part of the expression, and remove the annotation")
			}
		}
	},
}

//go:embed pac-limit-invalid.md
var limitInvalidText string

// limitInvalid reports values of max-keep-runs and cancel-in-progress that are not valid.
var limitInvalid = &rule.Rule{
	Code:     "pac-limit-invalid",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     limitInvalidText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		all := runAnnotations(p)
		if value, ok := all[pac.MaxKeepRuns]; ok && !strings.Contains(value, "{{") {
			switch n, err := strconv.Atoi(value); {
			case err != nil:
				p.Report(annotation(p, pac.MaxKeepRuns), "max-keep-runs is "+phrase.Quote(value)+", which is not a number, so no old run is deleted", `write a number in quotes, such as "5"`)
			case n == 0:
				p.Report(annotation(p, pac.MaxKeepRuns), "max-keep-runs is 0, so each run is deleted as soon as it has ended", `write the number of runs to keep, such as "5"`)
			}
		}
		if value, ok := all[pac.CancelInProgress]; ok && !strings.Contains(value, "{{") && value != "true" && value != "false" {
			p.Report(annotation(p, pac.CancelInProgress), "cancel-in-progress is "+phrase.Quote(value)+", so no run is cancelled", `write "true" or "false"`)
		}
	},
}

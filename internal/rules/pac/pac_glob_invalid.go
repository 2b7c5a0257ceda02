package pac

import (
	_ "embed"
	"errors"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pacmatch"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-glob-invalid.md
var globInvalidText string

// globInvalid reports patterns at which the controller of Pipelines-as-Code crashes.
var globInvalid = &rule.Rule{
	Code:     "pac-glob-invalid",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     globInvalidText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		patterns(p, func(at facts.Spot, key, pattern string) {
			full := pattern
			if key != "pathChanged" && !strings.HasPrefix(pattern, "refs/") {
				full = "refs/heads/" + pattern
			}
			err := pacmatch.CheckGlob(full)
			if err == nil || errors.Is(err, pacmatch.ErrGlobLimit) {
				return
			}
			result := "the controller of Pipelines-as-Code crashes when it compares the pattern"
			if key == "pathChanged" {
				result = "the expression has an error, and does not start the run"
			}
			p.Error(at, pattern, key+" has the invalid pattern "+phrase.Quote(pattern)+", so "+result+": "+err.Error(), `write a character that has a meaning in patterns behind \, or close what is open; in a list, write a comma as &#44;`)
		})
	},
}

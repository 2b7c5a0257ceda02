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

//go:embed pac-annotation-unknown.md
var annotationUnknownText string

// annotationUnknown reports annotations that Pipelines-as-Code ignores.
var annotationUnknown = &rule.Rule{
	Code:     "pac-annotation-unknown",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     annotationUnknownText,
	Kinds:    []string{"PipelineRun", "Pipeline"},
	Run: func(p *rule.Pass) {
		annotations(p, func(at facts.Spot, key, _ string) {
			if pac.IsTask(pac.Prefix+key) || slices.Contains(pac.Settable, key) || slices.Contains(pac.Written, key) {
				return
			}
			message := "Pipelines-as-Code does not know the annotation " + phrase.Quote(pac.Prefix+key) + ", and ignores it"
			switch meant := meant(key); {
			case meant != "":
				p.Error(at, key, message, "did you mean "+phrase.Quote(pac.Prefix+meant)+"?")
			default:
				p.Warning(at, key, message, "remove it, or correct its name")
			}
		})
	},
}

// numbered matches an annotation for tasks that does not end with a number.
var numbered = regexp.MustCompile(`^task[-_.]`)

// meant returns the annotation that was probably meant, "" if that is not clear.
func meant(key string) string {
	switch {
	case numbered.MatchString(key) || key == "tasks":
		return "task"
	case strings.HasPrefix(key, "pipeline-") && strings.Trim(key[len("pipeline-"):], "0123456789") == "" || key == "pipelines":
		return "pipeline"
	}
	plain := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(s))
	}
	for _, known := range pac.Settable {
		switch short := plain(key); {
		case short == plain(known), short == plain(known)+"s", short == plain(known)+"es", short+"s" == plain(known),
			short == plain(known)+"d", "on"+short == plain(known) && strings.HasPrefix(known, "on-"):
			return known
		}
	}
	return suggest.Name(key, pac.Settable)
}

package checker

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed silence-unknown.md
var silenceUnknownText string

var silenceUnknown = &rule.Rule{
	Code:     "silence-unknown",
	Severity: diag.Warning,
	Topic:    "checker",
	Text:     silenceUnknownText,
	Run: func(p *rule.Pass) {

		for _, name := range slices.Sorted(maps.Keys(p.Entry.Annotations())) {
			if code, ok := strings.CutPrefix(name, rule.SuppressPrefix); ok && !p.Knows(code) {
				p.Warning(p.At("metadata", "annotations").Key(name).Of(name), code, "the annotation silences "+phrase.Quote(code)+", which is no rule",
					phrase.Suggest(code, p.Codes, "the rules are listed by: tekwright rules"))
			}
		}
	},
}

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

//go:embed suppression-unknown.md
var suppressionUnknownText string

var suppressionUnknown = &rule.Rule{
	Code:     "suppression-unknown",
	Severity: diag.Warning,
	Topic:    "checker",
	Text:     suppressionUnknownText,
	Run: func(p *rule.Pass) {

		for _, name := range slices.Sorted(maps.Keys(p.Entry.Annotations())) {
			if code, ok := strings.CutPrefix(name, rule.SuppressPrefix); ok && !p.Knows(code) {
				p.Warning(p.At("metadata", "annotations").Key(name).Of(name), code, "the annotation names "+phrase.Quote(code)+", which is not a rule, so it suppresses nothing",
					phrase.Suggest(code, p.Codes, `run "tekwright rules" to list all rules`))
			}
		}
	},
}

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

//go:embed suppression-reason.md
var suppressionReasonText string

var suppressionReason = &rule.Rule{
	Code:     "suppression-reason",
	Severity: diag.Warning,
	Topic:    "checker",
	Text:     suppressionReasonText,
	Run: func(p *rule.Pass) {

		annotations := p.Entry.Annotations()
		for _, name := range slices.Sorted(maps.Keys(annotations)) {
			if code, ok := strings.CutPrefix(name, rule.SuppressPrefix); ok && p.Knows(code) && strings.TrimSpace(annotations[name]) == "" {
				p.Warning(p.At("metadata", "annotations").Key(name).Of(name), code,
					"the annotation for "+phrase.Quote(code)+" has no reason, so it suppresses nothing", "write the reason as its value")
			}
		}
	},
}

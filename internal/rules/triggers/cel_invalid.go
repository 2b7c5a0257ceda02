package triggers

import (
	_ "embed"
	"errors"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed cel-invalid.md
var celInvalidText string

var celInvalid = &rule.Rule{
	Code:     "cel-invalid",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     celInvalidText,
	Kinds:    triggerKinds,
	Run: func(p *rule.Pass) {
		for _, x := range p.Entry.Interceptors() {
			params := x.SoundParams()
			if params == nil {
				continue
			}
			if params.Filter != "" {
				uncompiled(p, x.Param("filter"), "this filter", params.Filter, celenv.Filter(params.Filter))
			}
			for _, o := range x.Overlays() {
				uncompiled(p, o.Spot.Field("expression"), "overlay "+phrase.Quote(o.Key), o.Expression, o.Err)
			}
		}
	},
}

// uncompiled reports why an expression cannot be compiled.
func uncompiled(p *rule.Pass, s facts.Spot, what, expr string, err error) {
	if err == nil {
		return
	}
	word := ""
	if problem, ok := errors.AsType[*celenv.Problem](err); ok {
		word = problem.Word(expr)
	}
	if _, rest, ok := strings.Cut(err.Error(), "undeclared reference to '"); ok {
		word, _, _ = strings.Cut(rest, "'")
	}
	p.Error(s.Of(word), expr, what+" is refused with every event: "+err.Error(), celHelp(expr, word))
}

// celWords are the names that an expression may hold: what it sees, and the
// functions that are used most.
var celWords = strings.Fields(`body header extensions requestURL match canonical truncate compareSecret parseJSON parseYAML parseURL marshalJSON
	last first translate startsWith endsWith contains matches split join replace lowerAscii upperAscii substring trim size has exists all filter map
	format string int`)

// celHelp says what is mostly meant.
func celHelp(expr, word string) string {
	if strings.Contains(expr, "$(") {
		return "an expression names parts of the event without $( and )"
	}
	return phrase.Suggest(word, celWords, "an expression sees body, header, extensions and requestURL")
}

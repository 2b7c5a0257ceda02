package triggers

import (
	"cmp"
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

// uncompiled reports why an expression does not compile.
func uncompiled(p *rule.Pass, s facts.Spot, what, expr string, err error) {
	if err == nil {
		return
	}
	word, instead := "", ""
	if problem, ok := errors.AsType[*celenv.Problem](err); ok {
		word, instead = problem.Word(expr), problem.Help()
	}
	if _, rest, ok := strings.Cut(err.Error(), "undeclared reference to '"); ok {
		word, _, _ = strings.Cut(rest, "'")
	}
	why, help := err.Error(), cmp.Or(instead, celHelp(expr, word))
	if fault, advice, ok := strings.Cut(why, "; "); ok && strings.HasPrefix(why, "a value of type ") {
		why, help = fault, advice
	}
	p.Error(s.Of(word), expr, what+" fails for every event: "+why, help)
}

// celWords has the names that an expression may use: its variables, and the most
// common functions.
var celWords = strings.Fields(`body header extensions requestURL match canonical truncate compareSecret parseJSON parseYAML parseURL marshalJSON
	last first translate startsWith endsWith contains matches split join replace lowerAscii upperAscii substring trim size has exists all filter map
	format string int`)

// celHelp returns the help for an expression that does not compile.
func celHelp(expr, word string) string {
	if strings.Contains(expr, "$(") {
		return "remove $( and ), as in body.ref"
	}
	return phrase.Suggest(word, celWords, "use body, header, extensions and requestURL")
}

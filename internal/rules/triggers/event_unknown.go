package triggers

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed event-unknown.md
var eventUnknownText string

var eventUnknown = &rule.Rule{
	Code:     "event-unknown",
	Severity: diag.Warning,
	Topic:    "triggers",
	Text:     eventUnknownText,
	Kinds:    triggerKinds,
	Run: func(p *rule.Pass) {
		for _, x := range p.Entry.Interceptors() {
			if params := x.SoundParams(); params != nil {
				for i, name := range params.EventTypes {
					unknownEvent(p, x, i, name)
				}
			}
		}
	},
}

// unknownEvent reports an event type that looks misspelled. Other types that are
// not listed here may be new.
func unknownEvent(p *rule.Pass, x *facts.Interceptor, i int, name string) {
	known := facts.EventNames(x.Core)
	if slices.Contains(known, name) {
		return
	}
	near := suggest.Name(name, known)
	if near == "" && x.Core == "gitlab" {
		near = suggest.Name(name+" Hook", known)
	}
	help := ""
	switch {
	case near != "":
		help = "did you mean " + phrase.Quote(near) + "?"
	case strings.TrimSpace(name) != "":
		return
	}
	p.Warning(x.Param("eventTypes").Item(i), name, "interceptor "+phrase.Quote(x.Core)+" does not know event type "+phrase.Quote(name), help)
}

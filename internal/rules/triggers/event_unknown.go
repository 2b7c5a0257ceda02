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

// unknownEvent reports an event type that looks misspelled, or that another system
// sends. The interceptors compare it with the header as it is. Other types that are not
// listed here may be new.
func unknownEvent(p *rule.Pass, x *facts.Interceptor, i int, name string) {
	if slices.Contains(facts.EventNames(x.Core), name) {
		return
	}
	help := ""
	near := meantEvent(x.Core, name)
	switch {
	case near != "":
		help = "did you mean " + phrase.Quote(near) + "?"
	case strings.TrimSpace(name) != "":
		return
	}
	p.Warning(x.Param("eventTypes").Item(i), name, "interceptor "+phrase.Quote(x.Core)+" does not know event type "+phrase.Quote(name), help)
}

// meantEvent returns the event type of an interceptor that was probably meant; "" if
// there is none.
func meantEvent(core, name string) string {
	known, word := facts.EventNames(core), eventWord(name)
	for _, k := range known {
		if word != "" && eventWord(k) == word {
			return k
		}
	}
	for _, same := range sameEvents {
		for _, other := range same {
			if word != "" && eventWord(other) == word {
				return same[core]
			}
		}
	}
	return suggest.Name(name, known)
}

// eventWord returns an event type without what systems write differently.
func eventWord(name string) string {
	word := separators.Replace(strings.ToLower(name))
	word = strings.TrimSuffix(strings.TrimSuffix(word, "hook"), "hooks")
	return strings.TrimSuffix(strings.TrimSuffix(word, "events"), "event")
}

var separators = strings.NewReplacer("_", "", "-", "", " ", "", ":", "")

// sameEvents has the names that systems have for the same events.
var sameEvents = []map[string]string{
	{"github": "push", "gitlab": "Push Hook", "bitbucket": "repo:push"},
	{"github": "pull_request", "gitlab": "Merge Request Hook", "bitbucket": "pullrequest:created"},
	{"github": "pull_request", "gitlab": "Merge Request Hook", "bitbucket": "pr:opened", "": "pullrequest:updated"},
	{"github": "issues", "gitlab": "Issue Hook", "bitbucket": "issue:created"},
	{"github": "issue_comment", "gitlab": "Note Hook", "bitbucket": "pullrequest:comment_created"},
	{"github": "create", "gitlab": "Tag Push Hook", "bitbucket": "repo:push"},
	{"github": "release", "gitlab": "Release Hook"},
}

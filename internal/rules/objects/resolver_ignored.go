package objects

import (
	_ "embed"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed resolver-ignored.md
var resolverIgnoredText string

var resolverIgnored = &rule.Rule{
	Code:     "resolver-ignored",
	Severity: diag.Warning,
	Topic:    "objects",
	Text:     resolverIgnoredText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		refs := p.Entry.Refs()
		for i := range refs {
			r := &refs[i]
			unread := r.Unread()
			for len(unread) > 0 { // those with the same reason together
				because := unread[0].Because
				var same, rest []facts.Unread
				for _, u := range unread {
					if u.Because == because {
						same = append(same, u)
					} else {
						rest = append(rest, u)
					}
				}
				ignoredParams(p, r, same)
				unread = rest
			}
		}
	},
}

// ignoredParams reports params that a resolver does not read for the same reason.
func ignoredParams(p *rule.Pass, r *facts.Ref, params []facts.Unread) {
	var names, instead []string
	var related []diag.Related
	var at facts.Spot
	for i, u := range params {
		names = append(names, u.Name)
		if u.Instead != "" && r.Given(u.Instead) == facts.Absent {
			instead = append(instead, u.Instead)
		}
		s := r.Spot.Index("params", slices.IndexFunc(r.Params, func(v v1.Param) bool { return v.Name == u.Name })).Field("name")
		if i == 0 {
			at = s
		} else {
			related = append(related, s.Related("param "+phrase.Quote(u.Name)))
		}
	}
	it := "it"
	if len(names) > 1 {
		it = "them"
	}
	help := "remove " + it
	if params[0].Needs != "" {
		help = "set " + params[0].Needs + ", or " + help
	}
	message := "the " + r.Resolver + " resolver does not read " + phrase.Plural("param", names) + " " + params[0].Because
	switch {
	case len(instead) > 0 && params[0].Because == "with repo":
		help = "set " + phrase.And(instead) + " instead"
	case len(instead) > 0:
		message += ", so it clones the repository without " + it
		help = "set " + phrase.And(instead) + " instead, or set org and repo instead of url"
	case r.Resolver == "git" && params[0].Needs == "":
		help += ", or set org and repo instead of url"
	}
	p.Warning(at, names[0], message, help, related...)
}

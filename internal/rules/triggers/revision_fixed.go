package triggers

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed revision-fixed.md
var revisionFixedText string

var revisionFixed = &rule.Rule{
	Code:     "revision-fixed",
	Severity: diag.Note,
	Topic:    "triggers",
	Text:     revisionFixedText,
	Kinds:    templateKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Events},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Templates() {
			for i := range t.Spec.Params {
				if x := &t.Spec.Params[i]; x.Default != nil && isRevision(x.Name) && t.UsedParams()[x.Name] {
					fixedRevision(p, t, i)
				}
			}
		}
	},
}

// fixedRevision reports a param for a revision that no trigger of the set sets, although
// the events have one. It reports nothing if a binding is elsewhere, or if the bindings read
// a commit or a branch for another param.
func fixedRevision(p *rule.Pass, t *facts.Template, i int) {
	name, users := t.Spec.Params[i].Name, t.Users()
	path, event := "", ""
	for _, u := range users {
		given, complete := u.Supply()
		if !complete || u.ReadsCommit() || slices.ContainsFunc(given, func(b *facts.BindingParam) bool { return b.Name == name }) {
			return
		}
		at, of := u.CommitPath()
		if at == "" {
			return
		}
		if path == "" {
			path, event = at, of
		}
	}
	if path == "" {
		return
	}
	p.Note(t.Spot.Index("params", i).Field("default"), name,
		"no binding sets param "+phrase.Quote(name)+" of "+t.Label+", so every event starts the run for "+phrase.Quote(*t.Spec.Params[i].Default)+", not for its own commit",
		"set it in a binding: in events of type "+phrase.Quote(event)+", the commit is $("+path+")")
}

// isRevision reports whether the name of a param is that of the commit to build: not that of
// a pipeline or a catalog.
func isRevision(name string) bool {
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(name))
	for _, suffix := range [...]string{"commitsha", "commitid", "revision", "commit", "sha"} {
		if of, ok := strings.CutSuffix(name, suffix); ok {
			return slices.Contains([]string{"", "git", "source", "src", "repo", "repository", "gitrepo", "checkout", "code", "head"}, of)
		}
	}
	return false
}

package pac

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/pacmatch"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-variable-empty.md
var variableEmptyText string

// variableEmpty reports variables that have no value for an event that starts the run.
var variableEmpty = &rule.Rule{
	Code:     "pac-variable-empty",
	Severity: diag.Warning,
	Topic:    "pac",
	Text:     variableEmptyText,
	Kinds:    []string{"PipelineRun"},
	Needs:    []rule.Fact{rule.Objects, rule.Variables},
	Run: func(p *rule.Pass) {
		if runAnnotations(p) == nil {
			return
		}
		all := startsOf(p)
		if len(all) == 0 {
			return
		}
		for _, a := range partsOf(p, all) {
			for _, v := range a.entry.ExpandedVariables() {
				if v.Spot.Path.Last().Name == "description" {
					continue
				}
				switch used := a.at(v.Spot); {
				case bodyPath.MatchString(v.Key):
					inBody(p, v, used)
				case slices.Contains(pac.Standard, v.Key):
					empty(p, v, used, guarded(p, v))
				}
			}
		}
	},
}

// empty reports a variable that has no value for some events.
func empty(p *rule.Pass, v facts.ExpandedVariable, used starts, guarded bool) {
	kinds := lacking(used, used.only(func(provider string, k pacmatch.Kind) bool { return pacmatch.Empty(provider, k, v.Key) }))
	if len(kinds) == 0 || guarded || v.Key == "git_tag" && v.Spot.Entry == p.Entry && tagBranchReports(p) || p.Again(v.Spot.Entry, v.Key+" "+v.Spot.Path.String(), v.Spot) {
		return
	}
	message := v.Spot.Part + " has no value when " + phrase.Or(names(kinds)) + " starts " + runOf(p, v)
	help := "use another variable, or use a run of its own for " + phrase.Or(names(kinds))
	if v.Key == "pull_request_number" {
		message += ", so the literal text remains"
		if _, github := used["github"]; github && slices.Contains(kinds, pacmatch.Push) {
			message += ", unless GitHub knows a pull request with the commit"
		}
		p.Warning(v.Spot, v.Key, message, help)
		return
	}
	add, repositories := p.Note, p.Set.PacRepositories()
	if len(kinds) == len(used.kinds()) {
		add = p.Warning
	}
	with := func(r facts.PacRepository) bool { return r.Spec.Params != nil }
	without := func(r facts.PacRepository) bool { return r.Spec.Params == nil }
	switch {
	case len(repositories) > 0 && !slices.ContainsFunc(repositories, without):
		p.Warning(v.Spot, v.Key, message+", so the literal text remains: the Repository has params", help)
	case len(repositories) > 0 && !slices.ContainsFunc(repositories, with):
		add(v.Spot, v.Key, message+", so it is replaced with the empty text", help)
	default:
		add(v.Spot, v.Key, message+": it is replaced with the empty text, or if the Repository has params, the literal text remains", help)
	}
}

// bodyPath matches a path in the payload that is not part of an expression.
var bodyPath = regexp.MustCompile(`^body(\.[A-Za-z_]\w*(\[\d+\])?)+$`)

// inBody reports a value that the payloads of some events do not have.
func inBody(p *rule.Pass, v facts.ExpandedVariable, used starts) {
	used = used.only(func(provider string, _ pacmatch.Kind) bool { return pacmatch.Knows(provider, v.Key) })
	lacks := used.only(func(provider string, k pacmatch.Kind) bool { return pacmatch.Lacks(provider, k, v.Key) })
	kinds, of := lacking(used, lacks), ""
	if len(kinds) == 0 && len(lacks["github"]) > 0 {
		kinds, of = lacks["github"], " of GitHub"
	}
	if len(kinds) == 0 || p.Again(v.Spot.Entry, v.Key+" "+v.Spot.Path.String(), v.Spot) {
		return
	}
	p.Warning(v.Spot, v.Key, "the payload"+of+" has no "+v.Key+" when "+phrase.Or(names(kinds))+" starts "+runOf(p, v)+", so the literal text remains",
		"use a variable such as {{ revision }}, or use a run of its own for "+phrase.Or(names(kinds)))
}

// lacking returns the kinds that lack a value at all providers.
func lacking(used, lacks starts) []pacmatch.Kind {
	return slices.DeleteFunc(lacks.kinds(), func(k pacmatch.Kind) bool {
		for provider := range used {
			if used.has(provider, k) && !lacks.has(provider, k) {
				return true
			}
		}
		return false
	})
}

// names returns the kinds as words.
func names(kinds []pacmatch.Kind) []string {
	var out []string
	for _, k := range kinds {
		out = append(out, k.String())
	}
	return out
}

// runOf names the run that contains a variable.
func runOf(p *rule.Pass, v facts.ExpandedVariable) string {
	if v.Spot.Entry == p.Entry {
		return "the run"
	}
	return p.Entry.Label()
}

// guarded reports whether a variable is the value of a param of the run that only tasks
// with when expressions use. They may look at it.
func guarded(p *rule.Pass, v facts.ExpandedVariable) bool {
	rest, ok := v.Spot.Path.Cut(diag.Fields("spec", "params"))
	if !ok || v.Spot.Entry != p.Entry || rest.Len() == 0 {
		return false
	}
	i := rest.At(0).Index
	pipeline := p.Entry.RunPipeline()
	if pipeline == nil || i >= len(p.Entry.Run.Spec.Params) {
		return false
	}
	name, readers := p.Entry.Run.Spec.Params[i].Name, 0
	for _, t := range pipeline.Tasks {
		if !reads(t, name) {
			continue
		}
		if readers++; len(t.When) == 0 {
			return false
		}
	}
	return readers > 0
}

// reads reports whether a task of a pipeline uses a param of the pipeline.
func reads(t *facts.PipelineTask, name string) bool {
	for _, u := range t.Uses() {
		if text := u.Match.String(); strings.Contains(text, "params."+name+")") || strings.Contains(text, "params."+name+"[") ||
			strings.Contains(text, `params["`+name+`"]`) || strings.Contains(text, "params['"+name+"']") {
			return true
		}
	}
	return false
}

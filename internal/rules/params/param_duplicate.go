package params

import (
	_ "embed"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed param-duplicate.md
var paramDuplicateText string

var paramDuplicate = &rule.Rule{
	Code:     "param-duplicate",
	Severity: diag.Error,
	Topic:    "params",
	Text:     paramDuplicateText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		declarations(p, func(ps *facts.ParamScope) {
			duplicates(ps, func(first, again *facts.Param) {
				name := phrase.Quote(again.Name)
				p.Error(again.Spot.Field("name"), again.Name, "param "+name+" is declared twice in "+ps.Owner, "rename or remove one of them",
					first.Spot.Related("first declaration of param "+name))
			})
		})
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				setTwice(p, t.Spot, diag.Error, t.Params)
				if t.Matrix != nil && t.IsMatrixed() {
					inMatrix(p, t)
				}
			}
		}
		runSetsTwice(p, p.At("spec"), p.Entry.RunParams())
		for _, r := range p.Entry.Refs() {
			if r.Remote() {
				resolverSetsTwice(p, r)
			}
		}
		for _, t := range p.Entry.Templates() {
			seen := make(map[string]int, len(t.Spec.Params))
			for i := range t.Spec.Params {
				name := t.Spec.Params[i].Name
				if first, ok := seen[name]; !ok {
					seen[name] = i
				} else if name != "" {
					twice(p, t.Spot, diag.Warning, i, first, name)
				}
			}
		}
		suppliedTwice(p)
	},
}

// setTwice reports the names that are set twice in a list of params.
func setTwice(p *rule.Pass, s facts.Spot, severity diag.Severity, params v1.Params) {
	if len(params) < 2 {
		return
	}
	seen := make(map[string]int, len(params))
	for i := range params {
		name := params[i].Name
		if name == "" {
			continue
		}
		if first, ok := seen[name]; ok {
			twice(p, s, severity, i, first, name)
			continue
		}
		seen[name] = i
	}
}

func twice(p *rule.Pass, s facts.Spot, severity diag.Severity, i, first int, name string) {
	p.Add(s.Index("params", i).Field("name"), severity, name, "two params have the name "+phrase.Quote(name), "rename or remove one of them",
		s.Index("params", first).Field("name").Related("the first param with this name"))
}

// inMatrix reports params that a matrix sets twice, or that the task sets too.
func inMatrix(p *rule.Pass, t *facts.PipelineTask) {
	m := t.Spot.Field("matrix")
	last := make(map[string]int, len(t.Params))
	for i := range t.Params {
		last[t.Params[i].Name] = i
	}
	both := func(s facts.Spot, name string) {
		if i, ok := last[name]; ok {
			p.Error(s.Field("name"), name, t.Label+" sets param "+phrase.Quote(name)+" both in params and in its matrix", "keep one of them",
				t.Spot.Index("params", i).Related("also set here"))
		}
	}
	setTwice(p, m, diag.Error, t.Matrix.Params)
	for i := range t.Matrix.Params {
		both(m.Index("params", i), t.Matrix.Params[i].Name)
	}
	for i := range t.Matrix.Include {
		include, at := &t.Matrix.Include[i], m.Index("include", i)
		setTwice(p, at, diag.Error, include.Params)
		for j := range include.Params {
			both(at.Index("params", j), include.Params[j].Name)
		}
	}
}

// runSetsTwice reports names that a run sets twice. Tekton ignores case there.
func runSetsTwice(p *rule.Pass, s facts.Spot, params v1.Params) {
	seen := map[string]int{}
	for i := range params {
		folded := strings.ToLower(params[i].Name)
		if folded == "" {
			continue
		}
		first, ok := seen[folded]
		if !ok {
			seen[folded] = i
			continue
		}
		message := "param " + phrase.Quote(params[i].Name) + " is set twice"
		if params[first].Name != params[i].Name {
			message = "params " + phrase.Quote(params[first].Name) + " and " + phrase.Quote(params[i].Name) + " differ only in case, which Tekton rejects in a run"
		}
		p.Error(s.Index("params", i).Field("name"), params[i].Name, message, "remove one of them", s.Index("params", first).Related("the first value"))
	}
}

func resolverSetsTwice(p *rule.Pass, r facts.Ref) {
	given := map[string]int{}
	for i := range r.Params {
		folded := strings.ToLower(r.Params[i].Name)
		if first, ok := given[folded]; ok {
			p.Error(r.Spot.Index("params", i).Field("name"), r.Params[i].Name, "param "+phrase.Quote(r.Params[i].Name)+" of the resolver is set twice", "remove one of them",
				r.Spot.Index("params", first).Related("the first value"))
			continue
		}
		given[folded] = i
	}
}

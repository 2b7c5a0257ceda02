package pac

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-secret-exposed.md
var secretExposedText string

// secretExposed reports params of a Repository whose value is that of a Secret, where they
// become part of a run.
var secretExposed = &rule.Rule{
	Code:     "pac-secret-exposed",
	Severity: diag.Warning,
	Topic:    "pac",
	Text:     secretExposedText,
	Kinds:    []string{"PipelineRun", "Pipeline", "Task"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		secrets := secretParams(p.Entry.Set())
		if len(secrets) == 0 {
			return
		}
		const help = "let the step read the Secret itself, with secretKeyRef in env or a volume"
		for _, v := range p.Entry.ExpandedVariables() {
			name := v.Key
			if found := pacParam.FindStringSubmatch(v.Key); found != nil && strings.HasPrefix(v.Key, "cel:") {
				name = found[1]
			}
			if at, ok := secrets[name]; ok && !p.Again(p.Entry, name, v.Spot) {
				p.Warning(v.Spot, name, "param "+phrase.Quote(name)+" of the Repository is the value of a Secret: as part of the run, everybody who can read the run sees it", help, at.Related("the param"))
			}
		}
		expr, ok := runAnnotations(p)[pac.OnCELExpression]
		if !ok || strings.Contains(expr, "{{") {
			return
		}
		if m, params, err := compile(expr); err == nil {
			for _, name := range params {
				if at, ok := secrets[name]; ok && m.Mentions(name) {
					p.Warning(annotation(p, pac.OnCELExpression), name, "on-cel-expression uses param "+phrase.Quote(name)+" of the Repository, which is the value of a Secret", "use a param without a Secret", at.Related("the param"))
				}
			}
		}
	},
}

// pacParam matches a param in an expression of a template.
var pacParam = regexp.MustCompile(`\bpac\.([A-Za-z_]\w*)`)

// secretParams returns the params of Repositories whose values are those of Secrets, with
// their places. A param that also has another value is left out.
func secretParams(set *facts.Set) map[string]facts.Spot {
	out := map[string]facts.Spot{}
	for _, r := range set.PacRepositories() {
		for i, param := range r.Spec.Params {
			if param.SecretRef != nil && param.Value == "" {
				out[param.Name] = r.Entry.At("spec").Index("params", i)
			}
		}
	}
	for _, r := range set.PacRepositories() {
		for _, param := range r.Spec.Params {
			if param.Value != "" || slices.Contains(pac.Standard, param.Name) {
				delete(out, param.Name)
			}
		}
	}
	return out
}

package params

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed value-missing.md
var valueMissingText string

var valueMissing = &rule.Rule{
	Code:     "value-missing",
	Severity: diag.Error,
	Topic:    "params",
	Text:     valueMissingText,
	Kinds:    append([]string{"CustomRun"}, rule.TaskSpecKinds...),
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		check := func(s facts.Spot, v *v1.Param) {
			if v.Name == "" || !facts.IsUnset(&v.Value) {
				return
			}
			if p.Entry.Old != nil && (p.Entry.Object.Tekton != "" || p.Entry.IsPipelinesAsCode()) {
				p.Warning(s, v.Name, "param "+phrase.Quote(v.Name)+" is set without a value: Pipelines-as-Code sets it to the empty string when it converts the object to tekton.dev/v1", `set its value, or "" for the empty string`)
				return
			}
			p.Error(s, v.Name, "param "+phrase.Quote(v.Name)+" is set without a value", `set its value, or "" for the empty string`)
		}
		p.Entry.EachValue(check)
		p.Entry.EachOtherValue(check)
	},
}

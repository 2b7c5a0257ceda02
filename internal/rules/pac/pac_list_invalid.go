package pac

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-list-invalid.md
var listInvalidText string

// listInvalid reports annotations that are not the lists that Pipelines-as-Code expects.
var listInvalid = &rule.Rule{
	Code:     "pac-list-invalid",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     listInvalidText,
	Kinds:    []string{"PipelineRun", "Pipeline"},
	Run: func(p *rule.Pass) {
		annotations(p, func(at facts.Spot, key, value string) {
			isTask := pac.IsTask(pac.Prefix + key)
			if !isTask && (!slices.Contains(pac.Lists, key) || p.Entry.Pipeline != nil) || strings.Contains(value, "{{") {
				return // a variable may be a list
			}
			stops := "Pipelines-as-Code then starts no run of the folder for the event"
			if isTask || key == "pipeline" {
				stops = "Pipelines-as-Code cannot resolve the run, and starts no other run for the event"
			}
			switch trimmed := strings.TrimSpace(value); {
			case trimmed == "[]" || strings.HasPrefix(trimmed, "[") && strings.HasPrefix(strings.TrimSpace(trimmed[1:]), "]"):
				p.Report(at, "annotation "+phrase.Quote(key)+" is an empty list: "+stops, "add a value, or remove the annotation")
			default:
				if values, err := pac.List(value); err != nil {
					help := "write [a, b] on one line, or a single value without blanks and brackets"
					if strings.HasPrefix(trimmed, "[") && strings.HasSuffix(trimmed, "]") && !strings.ContainsAny(trimmed, "\n\r") {
						help = "remove the empty value"
					}
					p.Report(at, "annotation "+phrase.Quote(key)+" is not a list: "+stops, help)
				} else if key == "pipeline" && len(values) > 1 {
					p.Report(at, "annotation "+phrase.Quote(key)+" has "+phrase.Count(len(values), "value")+", but a run has one Pipeline: "+stops, "keep one of them")
				}
			}
		})
	},
}

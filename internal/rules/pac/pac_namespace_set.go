package pac

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-namespace-set.md
var namespaceSetText string

// namespaceSet reports runs with a namespace.
var namespaceSet = &rule.Rule{
	Code:     "pac-namespace-set",
	Severity: diag.Note,
	Topic:    "pac",
	Text:     namespaceSetText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		if runAnnotations(p) == nil || p.Entry.Run.Namespace == "" {
			return
		}
		p.Report(p.At("metadata", "namespace"), "the run has namespace "+phrase.Quote(p.Entry.Run.Namespace)+": Pipelines-as-Code creates it in the namespace of the Repository, and it is refused if this is another one", "remove it")
	},
}

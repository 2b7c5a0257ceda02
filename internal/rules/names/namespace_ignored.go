package names

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed namespace-ignored.md
var namespaceIgnoredText string

var namespaceIgnored = &rule.Rule{
	Code:     "namespace-ignored",
	Severity: diag.Warning,
	Topic:    "names",
	Text:     namespaceIgnoredText,
	Run: func(p *rule.Pass) {

		if namespace := p.Entry.Namespace(); namespace != "" && !p.Entry.IsFilledIn(namespace) && !p.Entry.IsNamespaced() {
			p.Warning(p.At("metadata", "namespace"), namespace, "a "+p.Entry.Ref.Kind+" is cluster-scoped, so its namespace "+phrase.Quote(namespace)+" is ignored", "remove metadata.namespace")
		}
	},
}

package pac

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-namespace-set.md
var namespaceSetText string

// namespaceSet reports runs with a namespace.
var namespaceSet = &rule.Rule{
	Code:     "pac-namespace-set",
	Severity: diag.Warning,
	Topic:    "pac",
	Text:     namespaceSetText,
	Kinds:    []string{"PipelineRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		if runAnnotations(p) == nil || p.Entry.Run.Namespace == "" || strings.Contains(p.Entry.Run.Namespace, "{{") {
			return
		}
		namespace, at := p.Entry.Run.Namespace, p.At("metadata", "namespace")
		switch others := repositoryNamespaces(p); {
		case slices.Contains(others, namespace):
		case len(others) > 0 && !slices.Contains(others, ""):
			p.Error(at, namespace, "the run has namespace "+phrase.Quote(namespace)+", but Pipelines-as-Code creates it in the namespace of the Repository, "+phrase.AnyOf(others)+": the run is refused", "remove it")
		case isKonflux(p.Entry.Labels()):
			p.Note(at, namespace, "the run has namespace "+phrase.Quote(namespace)+": Pipelines-as-Code creates it in the namespace of the Repository, and it is refused if this is another one", "remove it")
		default:
			p.Warning(at, namespace, "the run has namespace "+phrase.Quote(namespace)+": Pipelines-as-Code creates it in the namespace of the Repository, and it is refused if this is another one", "remove it")
		}
	},
}

// repositoryNamespaces returns the namespaces in which Pipelines-as-Code may create the run,
// "" for one that is not known.
func repositoryNamespaces(p *rule.Pass) []string {
	var out []string
	if ns, ok := runAnnotations(p)[pac.TargetNamespace]; ok {
		return []string{"", ns}
	}
	for _, r := range p.Entry.Set().PacRepositories() {
		if !slices.Contains(out, r.Namespace) {
			out = append(out, r.Namespace)
		}
	}
	return out
}

// isKonflux reports whether Konflux has written a run. It knows the namespace of the tenant.
func isKonflux(labels map[string]string) bool {
	_, ok := labels["appstudio.openshift.io/component"]
	return ok
}

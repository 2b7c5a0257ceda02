package triggers

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/naming"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed namespace-unknown.md
var namespaceUnknownText string

var namespaceUnknown = &rule.Rule{
	Code:     "namespace-unknown",
	Severity: diag.Warning,
	Topic:    "triggers",
	Text:     namespaceUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		nowhere(p)
		lookup.Unknown(p, "Namespace")
	},
}

// ownNamespaces has the namespaces that each cluster has.
var ownNamespaces = []string{"default", "kube-system", "kube-public", "kube-node-lease"}

// nowhere reports an object in a namespace that a complete set does not create,
// although it creates others. A set without any is for existing namespaces.
func nowhere(p *rule.Pass) {
	namespace := p.Entry.Namespace()
	if namespace == "" || !p.Profile.Complete || p.Entry.IsFilledIn(namespace) || !p.Entry.IsNamespaced() || len(naming.DNSLabel().Problems(namespace)) > 0 ||
		len(p.Set.Names("Namespace")) == 0 || len(p.Set.Same("Namespace", namespace)) > 0 || p.Profile.HasObject("Namespace", "", namespace) ||
		slices.Contains(ownNamespaces, namespace) || strings.HasPrefix(namespace, "tekton-") {
		return
	}
	if at := p.At("metadata", "namespace"); !p.Again(p.Set, namespace, at) {
		p.Error(at, namespace, "Namespace "+phrase.Quote(namespace)+" is not among the checked objects: if it is not in the cluster either, nothing can be created in it",
			phrase.Suggest(namespace, p.Set.Names("Namespace"), "add it to the checked objects, or list it under \"exists\" in the profile")).Misspelled(namespace, p.Set.Names("Namespace"))
	}
}

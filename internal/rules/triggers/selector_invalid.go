package triggers

import (
	_ "embed"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed selector-invalid.md
var selectorInvalidText string

var selectorInvalid = &rule.Rule{
	Code:     "selector-invalid",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     selectorInvalidText,
	Kinds:    listenerKinds,
	Run: func(p *rule.Pass) {
		l := p.Entry.Event.Listener
		if l == nil {
			return
		}
		for _, g := range p.Entry.TriggerGroups() {
			selector := &g.Spec.TriggerSelector
			badSelector(p, g.Spot.Field("triggerSelector"), selector.NamespaceSelector.MatchNames, selector.LabelSelector)
		}
		badSelector(p, p.At("spec"), l.Spec.NamespaceSelector.MatchNames, l.Spec.LabelSelector)
	},
}

// badSelector reports a selector that finds no Trigger.
func badSelector(p *rule.Pass, s facts.Spot, namespaces []string, labels *metav1.LabelSelector) {
	if labels != nil {
		if _, err := metav1.LabelSelectorAsSelector(labels); err != nil {
			p.Error(s.Field("labelSelector"), "", "the label selector is not valid, so every event fails: "+phrase.OneLine(err), "correct the selector")
		}
	}
	if len(namespaces) < 2 {
		return
	}
	for i, name := range namespaces {
		if name == "*" {
			p.Warning(s.Field("namespaceSelector").Index("matchNames", i), name, `"*" means all namespaces only without other entries`, `remove the other names, or "*"`)
		}
	}
}

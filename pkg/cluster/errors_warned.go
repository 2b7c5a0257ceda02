package cluster

import (
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// warned returns the warnings of the rules about the fields of a rejected
// object, such as one about a field that needs a feature gate.
func (a *applier) warned(e *RejectedError) []string {
	var texts []string
	for _, f := range setOf(a.source).Findings() {
		if f.Severity == diag.Warning && f.Object.Kind == e.Object.Kind && f.Object.Name == e.Object.Name &&
			(f.Object.Namespace == "" || f.Object.Namespace == e.Object.Namespace) && e.concerns(f) {
			texts = append(texts, "the check warned: "+f.Code+": "+f.Message)
		}
	}
	return texts
}

// concerns reports whether one of the causes is about the value of a finding,
// or about a value that contains it. A cause without a path may be about any
// feature gate.
func (e *RejectedError) concerns(f diag.Finding) bool {
	for _, c := range e.Fields {
		if !c.Path.IsRoot() && f.Path.HasPrefix(c.Path) || c.Path.IsRoot() && f.Code == check.FeatureGate {
			return true
		}
	}
	return false
}

func nonEmpty(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

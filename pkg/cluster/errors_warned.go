package cluster

import (
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// warned is what the rules had against the fields of an object that is refused,
// though it was no error: a field that needs a feature gate, for one.
func (a *applier) warned(e *RefusedError) []string {
	var texts []string
	for _, f := range setOf(a.source).Findings() {
		if f.Severity == diag.Warning && f.Object.Kind == e.Object.Kind && f.Object.Name == e.Object.Name &&
			(f.Object.Namespace == "" || f.Object.Namespace == e.Object.Namespace) && e.concerns(f) {
			texts = append(texts, "the check had warned: "+f.Code+": "+f.Message)
		}
	}
	return texts
}

// concerns tells whether one of the causes is about the value that a finding is
// about, or what it is in. A cause without a path may be about any feature.
func (e *RefusedError) concerns(f diag.Finding) bool {
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

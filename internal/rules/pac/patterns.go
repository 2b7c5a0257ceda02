package pac

import (
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/rule"
)

// patterns calls visit for each pattern of the annotations of a run, and for the literal
// ones of pathChanged. It does so only for annotations that are read.
func patterns(p *rule.Pass, visit func(at facts.Spot, key, pattern string)) {
	all := runAnnotations(p)
	if all == nil {
		return
	}
	if expr, ok := all[pac.OnCELExpression]; ok {
		if strings.Contains(expr, "{{") {
			return
		}
		if m, _, err := compile(expr); err == nil {
			for _, pattern := range m.Patterns() {
				visit(annotation(p, pac.OnCELExpression), "pathChanged", pattern)
			}
		}
		return
	}
	for _, key := range []string{pac.OnTargetBranch, pac.OnPathChange, pac.OnPathChangeIgnore} {
		values, err := pac.List(all[key])
		if err != nil || strings.Contains(all[key], "{{") {
			continue
		}
		for _, pattern := range values {
			if pattern != "" {
				visit(annotation(p, key), strings.TrimPrefix(key, pac.Prefix), pattern)
			}
		}
	}
}

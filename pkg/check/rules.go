package check

import (
	"slices"

	"github.com/tekwright/tekwright/internal/rules"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Topics returns the topics of the rules of this package, in the order of the
// documentation.
func Topics() []string { return rules.Topics() }

// Rules returns the rules of this package, sorted by code. The caller must not
// modify them. A rule without a Run function describes findings that the YAML
// readers of package manifest report.
func Rules() []*rule.Rule { return slices.Clone(rules.All()) }

// LookupRule returns the rule of this package with the given code, and reports
// whether it exists.
func LookupRule(code string) (*rule.Rule, bool) {
	r := rules.Lookup(code)
	return r, r != nil
}

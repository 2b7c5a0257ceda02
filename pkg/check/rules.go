package check

import (
	"slices"

	"github.com/tekwright/tekwright/internal/rules"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Topics are what the rules of this package are about, in the order in which
// to read them.
func Topics() []string { return rules.Topics() }

// Rules returns the rules of this package, sorted by code. They must not be
// changed. Some have no Run: the readers of YAML in package manifest report
// them.
func Rules() []*rule.Rule { return slices.Clone(rules.All()) }

// LookupRule returns the rule of this package with that code; false if there is
// none.
func LookupRule(code string) (*rule.Rule, bool) {
	r := rules.Lookup(code)
	return r, r != nil
}

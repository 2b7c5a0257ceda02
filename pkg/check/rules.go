package check

import (
	"slices"
	"strings"

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

// Lookup returns the element of [Rules] or [OtherCodes] with the given code, and
// reports whether it exists.
func Lookup(code string) (*rule.Rule, bool) {
	if r := rules.Lookup(code); r != nil {
		return r, true
	}
	all := otherCodes()
	i, ok := slices.BinarySearchFunc(all, code, func(r *rule.Rule, code string) int { return strings.Compare(r.Code, code) })
	if !ok {
		return nil, false
	}
	return all[i], true
}

// Package rules lists the rules of tekwright. Each rule is in a file of its own in the
// folder of its topic, next to its documentation and its test cases.
package rules

import (
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/rules/checker"
	"github.com/tekwright/tekwright/internal/rules/documents"
	"github.com/tekwright/tekwright/internal/rules/names"
	"github.com/tekwright/tekwright/internal/rules/objects"
	"github.com/tekwright/tekwright/internal/rules/order"
	"github.com/tekwright/tekwright/internal/rules/pac"
	"github.com/tekwright/tekwright/internal/rules/params"
	"github.com/tekwright/tekwright/internal/rules/practice"
	"github.com/tekwright/tekwright/internal/rules/rbac"
	"github.com/tekwright/tekwright/internal/rules/results"
	"github.com/tekwright/tekwright/internal/rules/runs"
	"github.com/tekwright/tekwright/internal/rules/steps"
	"github.com/tekwright/tekwright/internal/rules/triggers"
	"github.com/tekwright/tekwright/internal/rules/trust"
	"github.com/tekwright/tekwright/internal/rules/variables"
	"github.com/tekwright/tekwright/internal/rules/versions"
	"github.com/tekwright/tekwright/internal/rules/volumes"
	"github.com/tekwright/tekwright/internal/rules/workspaces"
	"github.com/tekwright/tekwright/pkg/rule"
)

// topics lists the rules of each topic, in the order of the documentation.
var topics = []struct {
	name  string
	rules []*rule.Rule
}{
	{"documents", documents.Rules},
	{"names", names.Rules},
	{"variables", variables.Rules},
	{"params", params.Rules},
	{"results", results.Rules},
	{"workspaces", workspaces.Rules},
	{"volumes", volumes.Rules},
	{"order", order.Rules},
	{"steps", steps.Rules},
	{"objects", objects.Rules},
	{"runs", runs.Rules},
	{"pac", pac.Rules},
	{"triggers", triggers.Rules},
	{"rbac", rbac.Rules},
	{"trust", trust.Rules},
	{"practice", practice.Rules},
	{"versions", versions.Rules},
	{"checker", checker.Rules},
}

// Topics returns the names of the topics, in the order of the documentation.
func Topics() []string {
	out := make([]string, len(topics))
	for i, t := range topics {
		out[i] = t.name
	}
	return out
}

// All returns all rules, sorted by code. The caller must not modify the slice.
var All = sync.OnceValue(func() []*rule.Rule {
	var all []*rule.Rule
	for _, t := range topics {
		all = append(all, t.rules...)
	}
	slices.SortFunc(all, func(a, b *rule.Rule) int { return strings.Compare(a.Code, b.Code) })
	return all
})

// Lookup returns the rule with the given code, or nil if there is none.
func Lookup(code string) *rule.Rule {
	all := All()
	i, ok := slices.BinarySearchFunc(all, code, func(r *rule.Rule, code string) int { return strings.Compare(r.Code, code) })
	if !ok {
		return nil
	}
	return all[i]
}

package admission_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/rule"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// TestGood shows that the cluster admits the good example of every rule, but for those that
// need flags, and for those that Pipelines-as-Code makes other objects of.
func TestGood(t *testing.T) {
	c := harness.Get(t)
	space := c.Namespace(t)
	t.Run("rules", func(t *testing.T) {
		for _, r := range check.Rules() {
			if gated(r) || r.Topic == "pac" {
				continue
			}
			t.Run(r.Code, func(t *testing.T) {
				t.Parallel()
				for _, o := range harness.Decode(t, r.Doc().Good) {
					m, err := c.Kind(o.GroupVersionKind())
					if meta.IsNoMatchError(err) && strings.HasSuffix(o.GroupVersionKind().Group, "example.com") {
						continue // no cluster has it
					}
					if assert.NoError(t, err) && m.Scope.Name() == meta.RESTScopeNameNamespace {
						o.SetNamespace(space)
					}
					_, err = c.DryRun(t.Context(), o)
					assert.NoError(t, err, name(o))
				}
			})
		}
	})
}

// gated tells whether a cluster with the default flags refuses the example.
func gated(r *rule.Rule) bool {
	objects, _ := manifest.Parse([]byte(r.Doc().Good), r.Code)
	found, _ := check.Run(context.Background(), objects, check.Profile{}) // which does not end
	for _, f := range found {
		if f.Code == check.FeatureGate {
			return true
		}
	}
	return false
}

package refusal_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

func TestMain(m *testing.M) { harness.Main(m) }

// TestRefusal shows that the cluster says of each defect what the table says.
func TestRefusal(t *testing.T) {
	c := harness.Get(t)
	c.Versions(t)
	all := verdicts(t)
	ears := &ears{t: t, space: c.Namespace(t)}
	each := func(t *testing.T, flagged bool) {
		for _, code := range slices.Sorted(maps.Keys(all)) {
			for _, v := range all[code] {
				if len(v.Need) > 0 != flagged || !v.tried(c.Tier) {
					continue
				}
				name := code
				if v.What != "" {
					name += "/" + v.What
				}
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					rule, _ := check.Lookup(code)
					if v.YAML == "" {
						v.YAML = rule.Doc().Bad
					}
					o := try(t, c, ears, v)
					assert.True(t, o.is(v, c.Tier == harness.Node), "the table says %+v; the cluster says:%s", said(v), o)
				})
			}
		}
	}
	t.Run("default", func(t *testing.T) { each(t, false) })
	t.Run("flags", func(t *testing.T) {
		flags := map[string]string{}
		for _, cases := range all {
			for _, v := range cases {
				maps.Copy(flags, v.Need)
			}
		}
		c.Flags(t, flags)
		t.Run("all", func(t *testing.T) { each(t, true) })
	})
}

// said is the verdict without the example.
func said(v verdict) verdict {
	v.YAML = ""
	return v
}

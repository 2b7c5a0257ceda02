package builder_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// TestEdges tests runAfter, which is written only where nothing else implies the
// order.
func TestEdges(t *testing.T) {
	conv := func(p *builder.Pipeline, name string, key builder.String) ConvOut {
		return builder.Add(p, name, Conv{Key: key})
	}
	for _, c := range []struct {
		name string
		make func(p *builder.Pipeline, w builder.Workspace)
		want string // name: runAfter, for each task that has one
	}{
		{"none", func(p *builder.Pipeline, _ builder.Workspace) {
			conv(p, "a", "k")
			conv(p, "b", "k")
		}, ""},
		{"result", func(p *builder.Pipeline, _ builder.Workspace) {
			a := conv(p, "a", "k")
			conv(p, "b", a.Part)
		}, ""},
		{"result in a condition", func(p *builder.Pipeline, _ builder.Workspace) {
			a := conv(p, "a", "k")
			conv(p, "b", "k").When(a.Part.In("x")).After(a)
			conv(p, "c", "k").When(builder.CEL("'" + a.Part + "' == ''")).After(a)
		}, ""},
		{"After implied by a result", func(p *builder.Pipeline, _ builder.Workspace) {
			a := conv(p, "a", "k")
			conv(p, "b", a.Part).After(a)
		}, ""},
		{"After", func(p *builder.Pipeline, _ builder.Workspace) {
			conv(p, "b", "k").After(conv(p, "a", "k"))
		}, "b: a"},
		{"After twice", func(p *builder.Pipeline, _ builder.Workspace) {
			a := conv(p, "a", "k")
			conv(p, "b", "k").After(a, a).After(a)
		}, "b: a"},
		{"diamond", func(p *builder.Pipeline, _ builder.Workspace) {
			a := conv(p, "a", "k")
			b, c := conv(p, "b", "k").After(a), conv(p, "c", "k").After(a)
			conv(p, "d", "k").After(a, b, c)
		}, "b: a; c: a; d: b c"},
		{"diamond of results", func(p *builder.Pipeline, _ builder.Workspace) {
			a := conv(p, "a", "k")
			b, c := conv(p, "b", a.Part), conv(p, "c", a.Part)
			conv(p, "d", b.Part+c.Part).After(a)
		}, ""},
		{"long way round", func(p *builder.Pipeline, _ builder.Workspace) {
			a := conv(p, "a", "k")
			b := conv(p, "b", a.Part)
			c := conv(p, "c", "k")
			c.After(b)
			conv(p, "d", c.Part).After(a, b)
		}, "c: b"},
		{"workspace", func(p *builder.Pipeline, w builder.Workspace) {
			a := builder.Add(p, "a", Edit{w})
			b := builder.Add(p, "b", Edit{a.Dir})
			builder.Add(p, "c", Read{b.Dir})
			builder.Add(p, "d", Read{b.Dir})
		}, "b: a; c: b; d: b"},
		{"workspace of two before", func(p *builder.Pipeline, w builder.Workspace) {
			a := builder.Add(p, "a", Edit{w})
			b := builder.Add(p, "b", Edit{a.Dir})
			builder.Add(p, "c", Read{a.Dir}).After(builder.Add(p, "d", Read{a.Dir}).After(b), b)
		}, "b: a; c: d; d: b"},
		{"workspace and result", func(p *builder.Pipeline, w builder.Workspace) {
			a := builder.Add(p, "a", Clone{URL: "u", Output: w})
			builder.Add(p, "b", Clone{URL: a.Commit, Output: a.Source.SubPath("x")})
		}, ""},
		{"matrix", func(p *builder.Pipeline, w builder.Workspace) {
			a := builder.Add(p, "a", Clone{URL: "u", Output: w})
			f := builder.AddMatrix(p, "f", Conv{Key: builder.Each(a.Files)})
			f.After(a)
			builder.Add(p, "j", Join{Items: f.Collect(func(c ConvOut) builder.String { return c.Part })}).After(f, a)
			builder.AddMatrix(p, "g", Pair{Left: builder.Each(builder.Strings("x", a.Commit)), Right: "r"}).After(a)
		}, ""},
		{"order against the order of the code", func(p *builder.Pipeline, _ builder.Workspace) {
			a := conv(p, "a", "k")
			a.After(conv(p, "b", "k"))
		}, "a: b"},
		{"nested pipeline", func(p *builder.Pipeline, w builder.Workspace) {
			q, key, dir := inner()
			a := builder.Add(p, "a", Edit{w})
			n := p.AddPipeline("n", q, key.Set("k"), dir.From(a.Dir))
			conv(p, "b", "k").After(n)
		}, "b: n; n: a"},
		{"raw text", func(p *builder.Pipeline, _ builder.Workspace) {
			a := conv(p, "a", "k")
			conv(p, "b", "$(tasks.a.results.part)").After(a)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			w := p.Workspace("w")
			builder.AddFinally(p, "use-w", Read{w})
			c.make(p, w)
			require.NoError(t, p.Build())
			objects, err := p.Objects()
			require.NoError(t, err)
			var got []string
			for _, task := range objects[len(objects)-1].Object.(*v1.Pipeline).Spec.Tasks {
				if task.RunAfter != nil {
					got = append(got, task.Name+": "+strings.Join(task.RunAfter, " "))
				}
			}
			slices.Sort(got)
			assert.Equal(t, c.want, strings.Join(got, "; "))
		})
	}
}

// TestPermissions tests the permissions that a run's service account needs.
func TestPermissions(t *testing.T) {
	p := builder.NewPipeline("p")
	ns, other := p.Param("ns"), p.Param("other", builder.Default("team"))
	for _, x := range []struct {
		name string
		ns   builder.String
	}{{"a", ns}, {"b", other + "-x"}, {"c", ""}} {
		p.AddInline(x.name, func(t *builder.Task) {
			t.Step("s").Image(image).Env("NS", t.Param("ns", x.ns, builder.Default("")))
			t.RequirePermissions(x.ns)
		})
	}
	run := p.Run("r-", ns.Set("prod")).ServiceAccount("robot")
	var got []string
	for _, r := range run.Permissions() {
		got = append(got, string(r.Namespace))
	}
	assert.Equal(t, []string{"prod", "team-x", ""}, got)
	assert.Equal(t, "robot", run.Account())
	assert.Len(t, builder.RunTask("r-", body(func(t *builder.Task) { t.RequirePermissions("ns") })).Permissions(), 1)
}

package cli_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// cached is a task that may write to its workspace while others do.
type cached struct{ Cache builder.Workspace }

func (cached) TaskName() string { return "cached" }

func (c cached) Define(t *builder.Task) *builder.PipelineTask {
	cache := t.Workspace("cache", c.Cache, builder.Concurrent())
	t.Step("s").Image("registry.local/i:1").Requests("10m", "16Mi").Env("DIR", cache.PathValue()).Script("true")
	return t.PipelineTask()
}

// TestBeside tests that check finds in a generated folder what Build finds in Go: nothing
// of what the Go code allows.
func TestBeside(t *testing.T) {
	system := func() *manifest.Set {
		p := builder.NewPipeline("p")
		cache := p.Workspace("cache")
		builder.Add(p, "a", cached{cache})
		builder.Add(p, "b", cached{cache})
		inner := func(t *builder.Task) {
			w := t.Workspace("cache", cache, builder.Concurrent())
			t.Step("s").Image("registry.local/i:1").Requests("10m", "16Mi").Env("DIR", w.PathValue()).Script("true")
		}
		p.AddInline("c", inner)
		run := p.Run("r-", cache.PVC("shared")).ServiceAccount("runs")
		l := triggers.NewListener("l")
		l.On("t", triggers.AnyEvent(), run).Unsigned("only a cron job in the cluster calls it")
		return manifest.New(l, infra.ListenerRBAC(l), infra.NewPVC("shared", "1Gi"), infra.NewNamespace("ci"),
			infra.NewIngress("i", "ci.example.com").Class("nginx").TLS("tls").Exact("/hooks", l)).Namespace("ci").
			Profile(check.Profile{Exists: []diag.ObjectRef{{Kind: "Secret", Name: "tls"}}, Complete: true})
	}
	var built []string
	for _, f := range system().Findings() {
		built = append(built, f.Code)
	}
	assert.Empty(t, built)

	dir := t.TempDir()
	require.NoError(t, system().WriteDir(dir))
	r := words("check --complete " + dir)
	assert.Zero(t, r.exit, r.out)
	assert.Contains(t, r.out, "no findings in")
	assert.Empty(t, r.err)

	// Two folders for different clusters.
	other := t.TempDir()
	require.NoError(t, system().Profile(check.Profile{Features: []string{"enable-param-enum"}}).WriteDir(other))
	r = words("check " + dir + " " + other)
	assert.Empty(t, r.err, "each folder is checked with its own profile")
	assert.Zero(t, r.exit, r.out)
}

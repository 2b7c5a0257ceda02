package admission_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// work is a task whose durations and quantities a cluster spells otherwise.
type work struct {
	Source builder.Workspace
}

type worked struct {
	*builder.PipelineTask
	Text builder.String
}

func (work) TaskName() string { return "work" }

func (w work) Define(t *builder.Task) worked {
	t.Workspace("source", w.Source)
	text := t.Result("text")
	t.Step("work").Image("docker.io/library/busybox:1.37").Timeout(90*time.Minute).
		Requests("1000m", "1024Mi").Limits("2.5", "2048Mi").Script("echo > " + text.Path())
	return worked{t.PipelineTask(), text.Value()}
}

// TestSpelling: durations and quantities are stored as what they say, however
// they are written, and to apply them again is no change.
func TestSpelling(t *testing.T) {
	t.Parallel()
	c := harness.Get(t)
	p := builder.NewPipeline("spelling")
	source := p.Workspace("source")
	first := builder.Add(p, "first", work{Source: source})
	first.Timeout(time.Hour)
	builder.AddFinally(p, "last", work{Source: source}).Timeout(30 * time.Second)
	p.Result("text", first.Text)
	run := p.Run("spelling-1", source.VolumeClaimTemplate("1024Mi")).
		Timeouts(builder.Timeouts{Pipeline: 2 * time.Hour, Tasks: 100 * time.Minute, Finally: 20 * time.Minute})
	var text strings.Builder
	require.NoError(t, manifest.New(run).Write(&text))
	for _, written := range []string{"timeout: 1h30m\n", "timeout: 1h\n", "timeout: 30s\n", "pipeline: 2h\n", "tasks: 1h40m\n"} {
		assert.Contains(t, text.String(), written)
	}
	twice(t, c, c.Move(t, c.Namespace(t), harness.Decode(t, text.String())))
}

package pac_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
)

// clone is a task whose definition a resolver fetches.
type clone struct {
	URL, Depth builder.String
	Dir        builder.Workspace
}

func (clone) TaskName() string { return "clone" }

func (c clone) Define(t *builder.Task) *builder.PipelineTask {
	t.Param("url", c.URL)
	t.Param("depth", c.Depth, builder.Default("1"))
	t.Workspace("dir", c.Dir)
	t.From(builder.Bundle("registry.local/clone:1", "clone"))
	return t.PipelineTask()
}

// TestNotSet tests that inputs which are not set are reported wherever the Pipeline and its
// Tasks are written.
func TestNotSet(t *testing.T) {
	for name, written := range map[string]func(r *builder.PipelineRun) *pac.PipelineRun{
		"files":            pac.Run,
		"embedded":         func(r *builder.PipelineRun) *pac.PipelineRun { return pac.Run(r.Embed()) },
		"inline":           func(r *builder.PipelineRun) *pac.PipelineRun { return pac.Run(r).Inline() },
		"embedded, inline": func(r *builder.PipelineRun) *pac.PipelineRun { return pac.Run(r.Embed()).Inline() },
	} {
		for _, finally := range []bool{false, true} {
			p := builder.NewPipeline("build")
			builder.Add(p, "say", echo{Text: "a"})
			if finally {
				builder.AddFinally(p, "say-last", echo{})
				builder.AddFinally(p, "fetch", clone{})
			} else {
				builder.Add(p, "say-last", echo{})
				builder.Add(p, "fetch", clone{})
			}
			var set manifest.Set
			set.Add(written(p.Run("push")).On(pac.Push()))
			err := set.Build()
			var found diag.Findings
			require.ErrorAs(t, err, &found, name)
			help := map[string]string{}
			for _, f := range found {
				if f.Severity == diag.Error {
					help[f.Code+" "+f.Subject] = f.Help
				}
			}
			assert.Equal(t, map[string]string{
				"param-missing text":    "set Text in pac_test.echo",
				"param-missing url":     "set URL in pac_test.clone",
				"workspace-missing dir": "set Dir in pac_test.clone",
			}, help, "%s, finally %v", name, finally)

			p = builder.NewPipeline("build")
			dir := p.Workspace("dir")
			builder.Add(p, "say", echo{Text: "a"})
			builder.Add(p, "fetch", clone{URL: "https://example.com/a.git", Dir: dir})
			set = manifest.Set{}
			set.Add(written(p.Run("push", dir.EmptyDir())).On(pac.Push()))
			err = set.Build()
			assert.NoError(t, err, name)
		}
	}
}

package builder_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
)

// FetchedAction is a StepAction that a resolver fetches.
type FetchedAction struct{ From builder.Resolver }

func (FetchedAction) StepActionName() string { return "fetched" }

func (f FetchedAction) Define(a *builder.StepAction) *builder.Step {
	a.From(f.From)
	return a.Step()
}

// UsesFetched is a Task with such a step.
type UsesFetched struct{ From builder.Resolver }

func (UsesFetched) TaskName() string { return "uses-fetched" }

func (u UsesFetched) Define(t *builder.Task) *builder.PipelineTask {
	builder.AddStepAction(t, "s", FetchedAction(u))
	return t.PipelineTask()
}

// TestKindOfRemoteStepActions checks that a resolver that fetches a Task by default is
// told to fetch a StepAction, unless the kind is set.
func TestKindOfRemoteStepActions(t *testing.T) {
	for name, c := range map[string]struct {
		from builder.Resolver
		want string
	}{
		"hub":     {builder.Hub("x", "0.1").With("catalog", "c"), "stepaction"},
		"bundles": {builder.Bundle("registry.local/b:1", "x"), "stepaction"},
		"cluster": {builder.Cluster("ns", "x"), "stepaction"},
		"set":     {builder.Bundle("registry.local/b:1", "x").With("kind", "StepAction"), "StepAction"},
		"git":     {builder.Git("https://example.com/a.git", "main", "x.yaml"), ""},
		"http":    {builder.HTTP("https://example.com/x.yaml"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			task, err := builder.Define(UsesFetched{From: c.from}).Task()
			require.NoError(t, err)
			got := ""
			for _, p := range task.Spec.Steps[0].Ref.Params {
				if p.Name == "kind" {
					got = p.Value.StringVal
				}
			}
			assert.Equal(t, c.want, got)
		})
	}
}

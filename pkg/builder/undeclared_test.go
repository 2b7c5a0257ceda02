package builder_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
)

func codesOfErrors(list diag.Findings) []string {
	var out []string
	for _, f := range list {
		if f.Severity == diag.Error {
			out = append(out, f.Code)
		}
	}
	return out
}

// TestUndeclared has what is used without a declaration, and where that is a mistake.
func TestUndeclared(t *testing.T) {
	const image = "docker.io/library/busybox:1.37"

	t.Run("a task of a pipeline that is here", func(t *testing.T) {
		p := builder.NewPipeline("p")
		a := p.AddInline("a", func(t *builder.Task) { t.Step("s").Image(image).Script("true") })
		assert.Equal(t, builder.AnyTask(a), p.Task("a"))
		assert.Empty(t, codesOfErrors(p.Findings()))
		p.Run("r").TaskRunSpec(p.Task("b"), builder.TaskRunSpec{Memory: "1Gi"})
		assert.Contains(t, codesOfErrors(p.Findings()), "task-unknown")
	})

	t.Run("a task of another pipeline", func(t *testing.T) {
		a, b := builder.ExistingPipeline("a"), builder.ExistingPipeline("b")
		err := a.Run("r").TaskRunSpec(b.Task("x"), builder.TaskRunSpec{Memory: "1Gi"}).Build()
		assert.ErrorContains(t, err, "does not belong to Pipeline")
	})

	t.Run("a workspace of the run in a pipeline of its own", func(t *testing.T) {
		p := builder.NewPipeline("p")
		w := p.OuterWorkspace("files")
		p.AddInline("a", func(t *builder.Task) {
			t.Step("s").Image(image).WorkingDir(t.Workspace("w", w).PathValue()).Script("true")
		})
		assert.Contains(t, codesOfErrors(p.Findings()), "workspace-unknown")
	})

	t.Run("a volume with the name of an input", func(t *testing.T) {
		p := builder.NewPipeline("p")
		cache := p.Param("cache", builder.Default("c"))
		p.AddInline("a", func(t *builder.Task) {
			t.Step("s").Image(image).Mount(t.PodVolume(t.Param("cache", cache)), "/cache").Script("true")
		})
		objects, err := p.Objects()
		require.NoError(t, err)
		o, ok := objects[0].Object.(*v1.Pipeline)
		require.True(t, ok)
		assert.Equal(t, "$(params.cache)", o.Spec.Tasks[0].TaskSpec.Steps[0].VolumeMounts[0].Name)
	})

	t.Run("a volume with the name of a value of the pipeline", func(t *testing.T) {
		p := builder.NewPipeline("p")
		cache := p.Param("cache")
		p.AddInline("a", func(t *builder.Task) {
			t.Step("s").Image(image).Mount(t.PodVolume(builder.TaskString(cache)), "/cache").Script("true")
		})
		assert.Contains(t, codesOfErrors(p.Findings()), "scope-mixed")
	})

	t.Run("a volume of a TaskRun", func(t *testing.T) {
		run := builder.RunTask("r", Announce{Channel: "c"}).PassWorkspace(builder.NewWorkspace("w").EmptyDir())
		objects, err := run.Objects()
		require.NoError(t, err)
		o, ok := objects[0].Object.(*v1.TaskRun)
		require.True(t, ok)
		require.Len(t, o.Spec.Workspaces, 1)
		assert.Equal(t, "w", o.Spec.Workspaces[0].Name)
	})
}

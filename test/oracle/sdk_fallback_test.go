package oracle

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// TestDescribedFallback runs the step that ends a task with a Fallback as Tekton makes it
// for each attempt, after each exit code of the first step.
func TestDescribedFallback(t *testing.T) {
	p := builder.NewPipeline("p")
	given := p.Param("given")
	m := builder.Add(p, "make", maker{})
	m.Retries(2).Fallback(m.Text.Set("<" + given + ">"))
	p.AddInline("use", func(t *builder.Task) {
		t.Step("s").Image("registry.local/alpine:3.20").Command("echo").Args(t.Param("text", m.Text))
	})
	s := described(t, p.Run("r", given.Set("it's $HOME")))
	for _, f := range ours(s) {
		assert.NotEqual(t, "error", f.Severity.String(), "%v", f)
		assert.NotContains(t, []string{"retrycount-fixed", "onerror-invalid", "param-unused"}, f.Code)
	}
	c, err := apply(s)
	require.NoError(t, err)
	for attempt := range 3 {
		// As makeTaskRun does, with the attempts before.
		pt := c.run.Status.PipelineSpec.Tasks[0]
		tr := &v1.TaskRun{}
		tr.Name, tr.Namespace = "r-make-again", "default"
		tr.Spec.TaskSpec = pt.TaskSpec.TaskSpec.DeepCopy()
		tr.Spec.Params, tr.Spec.Retries = pt.DeepCopy().Params, pt.Retries
		for i := range tr.Spec.Params {
			if tr.Spec.Params[i].Name == "fallback-retries" {
				assert.Equal(t, "$(context.pipelineTask.retries)", tr.Spec.Params[i].Value.StringVal)
				tr.Spec.Params[i].Value.StringVal = "2" // which TestDescribedHandles shows
			}
		}
		tr.Status.RetriesStatus = make([]v1.TaskRunStatus, attempt)
		require.NoError(t, admit(c.ctx, tr))
		require.NoError(t, c.reconcileTaskRun(tr))
		steps := c.pods[tr.Name].Steps
		require.Len(t, steps, 2)
		assert.Equal(t, v1.Continue, steps[0].OnError)
		assert.Empty(t, steps[1].OnError)
		for code, want := range map[string]struct {
			fails bool
			text  string
		}{
			"0":  {false, "written"},
			"1":  {attempt < 2, map[bool]string{true: "written", false: "<it's $HOME>"}[attempt < 2]},
			"-1": {attempt < 2, map[bool]string{true: "written", false: "<it's $HOME>"}[attempt < 2]}, // killed
			"":   {attempt < 2, map[bool]string{true: "written", false: "<it's $HOME>"}[attempt < 2]},
		} {
			dir := t.TempDir()
			local := func(path string) string { return filepath.Join(dir, strings.ReplaceAll(path, "/", "_")) }
			cmd := exec.Command("sh", "-c", steps[1].Script)
			for _, e := range steps[1].Env {
				value := e.Value
				if strings.HasPrefix(value, "/tekton/") {
					value = local(value)
				}
				cmd.Env = append(cmd.Env, e.Name+"="+value)
			}
			require.NoError(t, os.WriteFile(local("/tekton/steps/step-make/exitCode"), []byte(code), 0o600))
			require.NoError(t, os.WriteFile(local("/tekton/results/text"), []byte("written"), 0o600))
			out, err := cmd.CombinedOutput()
			assert.Equal(t, want.fails, err != nil, "attempt %d, exit code %q: %s", attempt, code, out)
			got, err := os.ReadFile(local("/tekton/results/text"))
			require.NoError(t, err)
			assert.Equal(t, want.text, string(got), "attempt %d, exit code %q: %s", attempt, code, out)
		}
	}
}

// TestDescribedFallbackShell tests that the second step runs in the shell of the image.
func TestDescribedFallbackShell(t *testing.T) {
	p := builder.NewPipeline("p")
	src := p.Workspace("source")
	builder.Add(p, "kaniko", tasks.Kaniko{Image: "x:1", Source: src}).Fallback()
	builder.Add(p, "buildkit", tasks.BuildKit{Image: "x:1", Source: src}).Fallback()
	s := described(t, p.Run("r", src.PVC("claim")))
	_, err := apply(s)
	require.NoError(t, err)
	for i, shell := range []string{"#!/busybox/sh\nset -eu\n", "#!/bin/sh\nset -eu\n"} {
		spec := s.pipeline.Spec.Tasks[i].TaskSpec
		require.Len(t, spec.Steps, 2)
		assert.True(t, strings.HasPrefix(spec.Steps[1].Script, shell), spec.Steps[1].Script)
		assert.Equal(t, spec.Steps[0].Image, spec.Steps[1].Image)
		assert.Equal(t, spec.Steps[0].SecurityContext, spec.Steps[1].SecurityContext)
	}
}

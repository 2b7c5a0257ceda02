package tasktest_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/taskcase"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/tasktest"
)

// The following are examples of tests of Tasks of the catalogue.

func TestKubectlApply(t *testing.T) {
	t.Parallel()
	c := tasktest.Case{
		Task:       tasktest.Define(builder.Define(tasks.KubectlApply{})),
		Params:     tasktest.Params{"path": "deploy", "namespace": "prod"},
		Workspaces: map[string]tasktest.Folder{"source": {Files: map[string]string{"deploy/app.yaml": "kind: Service\n"}}},
		Commands:   map[string]tasktest.Command{"kubectl": {Answers: []tasktest.Answer{{Args: []string{"apply"}, Stdout: "service/app serverside-applied\n"}}}},
	}
	got := tasktest.Do(t, c, host()).OK(t).Expected(t).Wrote(t, "applied", "1")
	require.Len(t, got.Calls, 1)
	assert.Contains(t, got.Calls[0].Args, "--namespace=prod")
	assert.Contains(t, got.Calls[0].Args, "--server-side")

	c.Params["namespace"] = "a;b"
	tasktest.Do(t, c, host()).Fails(t, "kubectl-apply: namespace 'a;b'")
}

func TestHelmRollback(t *testing.T) {
	t.Parallel()
	got := tasktest.Do(t, tasktest.Case{
		Task:   tasktest.Define(builder.Define(tasks.HelmRollback{})),
		Params: tasktest.Params{"release": "app", "namespace": "prod"},
		Commands: map[string]tasktest.Command{"helm": {Answers: []tasktest.Answer{
			{Args: []string{"history"}, Stdout: `- app_version: "1"
  chart: app-0.1.0
  description: Install complete
  revision: 1
  status: superseded
  updated: "2025-01-02T03:04:05Z"
- app_version: "1"
  chart: app-0.1.0
  description: failed
  revision: 2
  status: failed
  updated: "2025-01-02T03:04:06Z"
`},
			{Args: []string{"rollback"}},
		}}},
	}, host()).OK(t).Expected(t)
	calls := got.CallsOf("helm")
	require.GreaterOrEqual(t, len(calls), 2)
	assert.Equal(t, "history", calls[0][0])
	assert.Equal(t, "rollback", calls[1][0])
	assert.Subset(t, calls[1], []string{"app", "1"})
}

func TestImageTag(t *testing.T) {
	t.Parallel()
	c := tasktest.Case{
		Task:   tasktest.Define(builder.Define(tasks.ImageTag{})),
		Params: tasktest.Params{"image": "registry.example.com/app", "commit": "0123abcd", "time": "1714979290"},
	}
	tasktest.Do(t, c, host()).OK(t).
		Wrote(t, "tag", "20240506T070810Z-0123abcd").
		Wrote(t, "reference", "registry.example.com/app:20240506T070810Z-0123abcd")
	tasktest.Hostile(t, c, host(), "commit")
}

// TestYAML runs the cases of docs/test.md for a Task in YAML.
func TestYAML(t *testing.T) {
	t.Parallel()
	const folder = "testdata/deploy"
	text, err := os.ReadFile(folder + "/deploy_test.yaml")
	require.NoError(t, err)
	page, err := os.ReadFile("../../docs/test.md")
	require.NoError(t, err)
	assert.Contains(t, string(page), "```yaml\n"+string(text)+"```\n", "docs/test.md has other cases")
	file, err := taskcase.Read("deploy_test.yaml", text)
	require.NoError(t, err)
	yaml, err := os.Open(folder + "/deploy.yaml")
	require.NoError(t, err)
	defer yaml.Close() //nolint:errcheck // opened to be read
	set, err := manifest.Read(yaml, "deploy.yaml")
	require.NoError(t, err)
	for _, c := range file.Cases {
		c.Case.Task = tasktest.In(set, "deploy")
		got := tasktest.Do(t, c.Case, host())
		assert.Empty(t, c.Expect.Differences(got), c.Name)
		for _, param := range c.Hostile {
			tasktest.Hostile(t, c.Case, host(), param)
		}
	}
	require.Len(t, file.Cases, 3)
}

// failing is a test that remembers that it failed.
type failing struct {
	*testing.T
	failed bool
}

func (f *failing) Errorf(string, ...any) { f.failed = true }

// TestHelpersFail shows that the helpers fail a test when they should.
func TestHelpersFail(t *testing.T) {
	t.Parallel()
	good := tasktest.Do(t, tasktest.Case{Task: task(t, `
results: [{name: r}]
steps: [{image: x, script: "printf v >$(results.r.path); git a || :"}]
`), Commands: map[string]tasktest.Command{"git": {Answers: []tasktest.Answer{{Args: []string{"b"}}}}}}, host())
	bad := tasktest.Do(t, tasktest.Case{Task: task(t, `steps: [{image: x, script: "echo why >&2; exit 1"}]`)}, host())
	for name, c := range map[string]struct {
		helper func(tasktest.TB)
		fails  bool
	}{
		"OK":                 {func(t tasktest.TB) { good.OK(t) }, false},
		"OK of bad":          {func(t tasktest.TB) { bad.OK(t) }, true},
		"Fails":              {func(t tasktest.TB) { bad.Fails(t, "why") }, false},
		"Fails of good":      {func(t tasktest.TB) { good.Fails(t, "") }, true},
		"Fails for other":    {func(t tasktest.TB) { bad.Fails(t, "because") }, true},
		"Wrote":              {func(t tasktest.TB) { good.Wrote(t, "r", "v") }, false},
		"Wrote other":        {func(t tasktest.TB) { good.Wrote(t, "r", "w") }, true},
		"Wrote nothing":      {func(t tasktest.TB) { bad.Wrote(t, "r", "") }, true},
		"Called":             {func(t tasktest.TB) { good.Called(t, "git", "a") }, false},
		"Called with others": {func(t tasktest.TB) { good.Called(t, "git", "a", "b") }, true},
		"Expected":           {func(t tasktest.TB) { bad.Expected(t) }, false},
		"Expected of other":  {func(t tasktest.TB) { good.Expected(t) }, true},
	} {
		f := &failing{T: t}
		c.helper(f)
		assert.Equal(t, c.fails, f.failed, name)
	}
}

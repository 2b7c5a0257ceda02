package runs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// Results of all three types reach the outcome.
func TestResults(t *testing.T) {
	t.Parallel()
	p := builder.NewPipeline("results")
	var sha builder.Result
	var files builder.ArrayResult
	var image builder.ObjectResult
	p.AddInline("make", func(t *builder.Task) {
		is(t, verdict{Results: map[string]any{"sha": "abc", "files": []string{"a", "b"}, "image": map[string]string{"url": "u", "digest": "d"}}})
		sha, files = t.Result("sha"), t.ArrayResult("files")
		image = t.ObjectResult("image", []string{"url", "digest"})
		script(t, "work", `printf abc > `+sha.Path()+`; printf '["a","b"]' > `+files.Path()+`; printf '{"url":"u","digest":"d"}' > `+image.Path())
	})
	p.Result("sha", sha.Value())
	p.ArrayResult("files", files.Value())
	p.ObjectResult("image", image.Value())
	l := start(t, p.Run("results"))
	o := l.follow(t)
	require.NoError(t, o.Err())
	assert.Equal(t, cluster.StateSucceeded, o.State)
	assert.Equal(t, "Succeeded", o.Reason)
	assert.False(t, o.Started.IsZero() || o.Finished.IsZero() || o.Finished.Before(o.Started))
	for name, want := range map[string]v1.ParamValue{
		"sha":   {Type: v1.ParamTypeString, StringVal: "abc"},
		"files": {Type: v1.ParamTypeArray, ArrayVal: []string{"a", "b"}},
		"image": {Type: v1.ParamTypeObject, ObjectVal: map[string]string{"url": "u", "digest": "d"}},
	} {
		got, has := o.Result(name)
		assert.True(t, has, name)
		assert.Equal(t, want, got)
	}
	assert.Equal(t, []string{"TaskStarted", "StepStarted", "StepFinished", "TaskFinished"}, l.of("make"))
}

// A task in the middle fails in each of its attempts.
func TestFailure(t *testing.T) {
	t.Parallel()
	p := builder.NewPipeline("failure")
	first := p.AddInline("first", good)
	middle := p.AddInline("middle", bad).After(first).Retries(2)
	p.AddInline("last", good).After(middle)
	l := start(t, p.Run("failure"))
	o := l.follow(t)
	assert.Equal(t, cluster.StateFailed, o.State)
	require.Len(t, o.Failures, 1)
	f := o.Failures[0]
	assert.Equal(t, "middle", f.Task)
	assert.Equal(t, "break", f.Step)
	assert.EqualValues(t, 7, f.ExitCode)
	assert.Equal(t, 3, f.Attempts)
	assert.Contains(t, f.Position.String(), "runs_test.go:")
	assert.True(t, len(f.Log) == 10 || f.LogError != "", "%v %q", f.Log, f.LogError)
	var failed *cluster.RunError
	require.ErrorAs(t, o.Err(), &failed)
	assert.Contains(t, failed.Error(), `task "middle", step "break" failed with exit code 7`)
	attempt := []string{"TaskStarted", "StepStarted", "StepFinished", "StepStarted", "StepFinished"}
	var want []string
	for _, last := range []string{"TaskRetried", "TaskRetried", "TaskFinished"} {
		want = append(append(want, attempt...), last)
	}
	assert.ElementsMatch(t, want, l.of("middle"))
	last, _ := o.Task("last")
	assert.NotEqual(t, cluster.StateSucceeded, last.State)
	assert.Empty(t, last.Runs)
}

// Tasks are skipped, by when and for their parents; finally runs all the same.
func TestSkips(t *testing.T) {
	t.Parallel()
	p := builder.NewPipeline("skips")
	env := p.Param("env", builder.Default("test"))
	first := p.AddInline("first", good)
	deploy := p.AddInline("deploy", good).After(first).When(env.In("prod"))
	p.AddInline("smoke", good).After(deploy)
	var out builder.Result
	maker := p.AddInline("maker", func(t *builder.Task) {
		out = t.Result("out")
		script(t, "work", "printf x > "+out.Path())
	}).When(env.In("prod"))
	_ = maker
	p.AddInline("taker", func(t *builder.Task) {
		t.Param("in", out.Value())
		good(t)
	})
	builder.AddFinally(p, "tidy", tidy{})
	builder.AddFinally(p, "alarm", tidy{}).When(deploy.Status().In(builder.Failed))
	o := start(t, p.Run("skips")).follow(t)
	require.NoError(t, o.Err())
	assert.Equal(t, "Completed", o.Reason)
	reasons := map[string]string{}
	for _, s := range o.Skipped() {
		reasons[s.Name] = s.Reason
	}
	assert.Equal(t, map[string]string{
		"deploy": "When Expressions evaluated to false", "maker": "When Expressions evaluated to false",
		"taker": "Results were missing", "alarm": "When Expressions evaluated to false",
	}, reasons)
	smoke, _ := o.Task("smoke")
	assert.Equal(t, cluster.StateSucceeded, smoke.State, "a mere order is no reason to skip a task")
	last, _ := o.Task("tidy")
	assert.True(t, last.Finally)
	assert.Equal(t, cluster.StateSucceeded, last.State)
}

type tidy struct{}

func (tidy) TaskName() string { return "tidy" }
func (tidy) Define(t *builder.Task) *builder.PipelineTask {
	good(t)
	return t.PipelineTask()
}

// A matrix has a run for each combination.
func TestMatrix(t *testing.T) {
	t.Parallel()
	p := builder.NewPipeline("matrix")
	p.AddInline("build", func(t *builder.Task) {
		t.Param("os", builder.String(""))
		t.Param("arch", builder.String(""))
		good(t)
	}).Mutate(func(task *v1.PipelineTask) {
		task.Params = nil
		task.Matrix = &v1.Matrix{Params: v1.Params{
			{Name: "os", Value: *v1.NewStructuredValues("linux", "darwin", "windows")},
			{Name: "arch", Value: *v1.NewStructuredValues("amd64", "arm64", "riscv64", "s390x")},
		}}
	})
	o := start(t, p.Run("matrix")).follow(t)
	require.NoError(t, o.Err())
	build, _ := o.Task("build")
	require.Len(t, build.Runs, 12)
	assert.Equal(t, "amd64", build.Runs[0].Matrix[0].Value.StringVal)
	assert.Equal(t, "s390x", build.Runs[11].Matrix[0].Value.StringVal)
	seen := map[string]bool{}
	for _, r := range build.Runs {
		seen[r.Matrix[0].Value.StringVal+r.Matrix[1].Value.StringVal] = true
	}
	assert.Len(t, seen, 12)
}

// A task that may fail does not make the run fail.
func TestIgnored(t *testing.T) {
	t.Parallel()
	p := builder.NewPipeline("ignored")
	p.AddInline("lint", bad).ContinueOnError()
	p.AddInline("build", good)
	o := start(t, p.Run("ignored")).follow(t)
	require.NoError(t, o.Err())
	assert.Empty(t, o.Failures)
	lint, _ := o.Task("lint")
	assert.Equal(t, cluster.StateFailed, lint.State)
	assert.True(t, lint.Runs[0].Ignored)
}

// A pipeline in a pipeline is told as part of it.
func TestNested(t *testing.T) {
	harness.Get(t).Flags(t, map[string]string{"enable-api-fields": "alpha"})
	inner := builder.NewPipeline("inner")
	inner.AddInline("compile", good)
	inner.AddInline("check", bad)
	p := builder.NewPipeline("outer")
	p.AddInline("first", good)
	p.AddPipeline("inside", inner)
	o := start(t, p.Run("nested")).follow(t)
	assert.Equal(t, cluster.StateFailed, o.State)
	require.Len(t, o.Failures, 1)
	assert.Equal(t, []string{"inside"}, o.Failures[0].Path)
	assert.Equal(t, "check", o.Failures[0].Task)
}

// A TaskRun can be started and followed by itself.
func TestTaskRun(t *testing.T) {
	t.Parallel()
	l := start(t, builder.RunTask("alone", failing{}).Retries(1))
	o := l.follow(t)
	assert.Equal(t, cluster.KindTaskRun, o.Kind)
	assert.Equal(t, cluster.StateFailed, o.State)
	require.Len(t, o.Failures, 1)
	assert.Equal(t, 2, o.Failures[0].Attempts)
	assert.EqualValues(t, 7, o.Failures[0].ExitCode)
}

type failing struct{}

func (failing) TaskName() string { return "failing" }
func (failing) Define(t *builder.Task) *builder.PipelineTask {
	bad(t)
	return t.PipelineTask()
}

// What cannot run at all says why.
func TestMissing(t *testing.T) {
	t.Parallel()
	l := start(t, manifest.FromObjects(&v1.PipelineRun{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "PipelineRun"},
		ObjectMeta: metav1.ObjectMeta{Name: "missing"},
		Spec: v1.PipelineRunSpec{PipelineSpec: &v1.PipelineSpec{Tasks: []v1.PipelineTask{
			{Name: "build", TaskRef: &v1.TaskRef{Name: "nowhere"}},
		}}},
	}))
	o := l.follow(t)
	assert.Equal(t, "CouldntGetTask", o.Reason)
	assert.ErrorContains(t, o.Err(), "nowhere")
}

// Each limit is named by its field.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limits builder.Timeouts
		task   time.Duration
		field  string
		whole  bool
	}{
		"pipeline": {builder.Timeouts{Pipeline: 4 * time.Second}, 0, "spec.timeouts.pipeline", true},
		"tasks":    {builder.Timeouts{Pipeline: time.Hour, Tasks: 4 * time.Second}, 0, "spec.timeouts.tasks", true},
		"task":     {builder.Timeouts{}, 4 * time.Second, `the timeout of task "slow"`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := builder.NewPipeline("timeouts")
			task := p.AddInline("slow", slow)
			if c.task > 0 {
				task.Timeout(c.task)
			}
			p.AddInline("after", good).After(task)
			if name == "tasks" {
				builder.AddFinally(p, "tidy", tidy{})
			}
			o := start(t, p.Run("timeouts").Timeouts(c.limits)).follow(t)
			require.NotEmpty(t, o.Failures)
			f := o.Failures[0]
			assert.Equal(t, "slow", f.Task)
			assert.Equal(t, cluster.StateTimedOut, f.State)
			require.NotNil(t, f.Timeout)
			assert.Equal(t, cluster.Timeout{Field: c.field, Limit: 4 * time.Second}, *f.Timeout)
			if c.whole {
				assert.Equal(t, cluster.StateTimedOut, o.State)
				require.NotNil(t, o.Timeout)
				assert.Equal(t, c.field, o.Timeout.Field)
			}
		})
	}
}

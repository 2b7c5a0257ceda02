package builder_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// fullAction is a StepAction with everything that a StepAction can have.
type fullAction struct{ Cache builder.TaskString }

func (fullAction) StepActionName() string { return "full" }

func (f fullAction) Define(a *builder.StepAction) *builder.Step {
	cache := a.Param("cache", f.Cache)
	a.Describe("everything").Label("team", "ci").Annotate("note", "as a Task has").
		Image("docker.io/library/busybox:1.37").Script("ls /cache\n").
		EnvConfigMap("MODE", "settings", "mode").
		EnvSource("NODE", corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "spec.nodeName"}}).
		SecurityContext(corev1.SecurityContext{RunAsNonRoot: new(true)}).
		Mount(cache, "/cache").
		Mutate(func(s *v1beta1.StepActionSpec) { s.WorkingDir = "/cache" })
	return a.Step()
}

// TestParity: what one kind can have, those like it can have too.
func TestParity(t *testing.T) {
	p := builder.NewPipeline("parity")
	src := p.Workspace("source")
	p.AddInline("main", func(t *builder.Task) {
		mount := t.Workspace("source", src)
		cache := t.EmptyDir("cache")
		t.Sidecar("db").Image("docker.io/library/postgres:17").WorkingDir("/data").Limits("1", "1Gi").
			EnvSecret("PASSWORD", "db", "password").EnvConfigMap("MODE", "settings", "mode").
			EnvSource("NODE", corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "spec.nodeName"}}).
			EnvFrom(corev1.EnvFromSource{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "settings"}}}).
			Isolate(mount, "/data").Mount(cache, "/cache")
		builder.AddStepAction(t, "act", fullAction{Cache: "cache"})
		t.Step("see").Image("docker.io/library/busybox:1.37").Requests("50m", "16Mi").Script("ls /src\n").Isolate(mount, "/src")
	})
	child := builder.NewPipeline("child")
	child.AddInline("hello", func(t *builder.Task) {
		t.Step("hello").Image("docker.io/library/busybox:1.37").Requests("50m", "16Mi").Script("echo hello\n")
	})
	p.AddFinallyInline("clean", func(t *builder.Task) {
		t.Step("clean").Image("docker.io/library/busybox:1.37").Requests("50m", "16Mi").Script("echo clean\n")
	}).ContinueOnError().Timeout(time.Minute)
	p.AddFinallyPipeline("after", child).Retries(1)
	builder.AddFinallyMatrix(p, "tell", Conv{Key: builder.Each(builder.Strings("a", "b"))}).
		Include("more", Conv{Key: "c"}).When(p.Status().In(builder.Failed))

	run := builder.RunTask("alone-", Conv{Key: "k"}).Label("team", "ci").Annotate("note", "as a PipelineRun has").Embed()
	var out bytes.Buffer
	require.NoError(t, manifest.New(p, run).Write(&out))
	golden.YAML(t, "testdata/parity.yaml", out.Bytes())

	made, err := run.TaskRun()
	require.NoError(t, err)
	assert.Nil(t, made.Spec.TaskRef)
	require.NotNil(t, made.Spec.TaskSpec)
	assert.IsType(t, &v1.TaskSpec{}, made.Spec.TaskSpec)

	// A custom task runs in no TaskRun, embedded or not.
	_, err = builder.RunTask("x-", body(func(t *builder.Task) { t.Custom("example.dev/v1", "Wait", map[string]any{"a": 1}) })).Embed().TaskRun()
	assert.ErrorContains(t, err, "source-invalid")
}

package builder_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// fields is a task with the fields that public Tasks set beside the usual ones.
type fields struct{ Secret, Action builder.String }

func (fields) TaskName() string { return "fields" }

func (f fields) Define(t *builder.Task) *builder.PipelineTask {
	t.DisplayName("all fields").Label("team", "ci").Annotate("note", "x")
	secret := t.Param("secret", f.Secret)
	action := t.Param("action", f.Action, builder.Default("continue"), builder.Enum("continue", "stopAndFail"))
	scratch := t.EmptyDir("scratch", builder.SizeLimit("1Gi"), builder.Medium(corev1.StorageMediumMemory))
	keys := t.Secret("keys", secret, builder.Mode(0o400), builder.Item("id_rsa", "key"), builder.Optional())
	settings := t.ConfigMap("settings", "settings", builder.Optional(), builder.Item("a", "b"), builder.Mode(0o444))
	cache := t.PVC("cache", "cache-"+secret)

	t.StepTemplate().Pull(corev1.PullIfNotPresent).Request(corev1.ResourceEphemeralStorage, "1Gi").
		WorkingDir("/work").Limits("1", "1Gi").Limit(corev1.ResourceEphemeralStorage, "2Gi").
		SecurityContext(corev1.SecurityContext{RunAsNonRoot: new(true)}).
		Mount(settings, "/settings", builder.ReadOnly(), builder.SubPath("x")).
		EnvField("POD", "metadata.name").EnvResource("STORAGE", "limits.ephemeral-storage").
		EnvSecret("PASSWORD", "db", "password", builder.Optional()).EnvConfigMap("LEVEL", "settings", "level", builder.Optional()).
		EnvFrom(corev1.EnvFromSource{Prefix: "X_", SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "all"}}}).
		Mutate(func(s *v1.Step) { s.VolumeDevices = []corev1.VolumeDevice{{Name: "disk", DevicePath: "/dev/disk"}} })
	t.Step("main").Image(image).DisplayName("the main step").Pull(corev1.PullAlways).
		Requests("100m", "64Mi").Request("example.com/device", "1").Limit("example.com/device", "1").
		EnvSecret("TOKEN", secret, "token", builder.Optional()).
		EnvConfigMap("MODE", "settings", "mode", builder.Optional()).
		EnvField("NAMESPACE", "metadata.namespace").EnvResource("MEMORY", "requests.memory").
		Mount(scratch, "/scratch", builder.SubPath("a/"+secret)).
		Mount(keys, "/keys", builder.ReadOnly()).
		Mount(cache, "/cache", builder.MutateMount(func(m *corev1.VolumeMount) { m.SubPathExpr = "$(NAMESPACE)" })).
		OnError(action).When(builder.StepCEL(builder.StepCELString(secret) + " != ''")).
		Script("true")
	t.Step("stop").Image(image).Requests("100m", "64Mi").OnError("stopAndFail").Timeout(builder.NoTimeout).Script("true")
	t.Sidecar("db").Image(image).Pull(corev1.PullNever).Request(corev1.ResourceCPU, "1").Limit(corev1.ResourceEphemeralStorage, "1Gi").
		EnvField("NODE", "spec.nodeName").EnvResource("CPU", "limits.cpu").EnvSecret("PASSWORD", "db", "password", builder.Optional()).
		EnvConfigMap("MODE", "settings", "mode", builder.Optional()).
		Mount(cache, "/cache", builder.ReadOnly(), builder.SubPath("db")).
		Live(tcp(1)).Ready(tcp(2)).Startup(tcp(3)).
		Lifecycle(corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"stop"}}}})
	t.Volume(corev1.Volume{Name: "disk", VolumeSource: corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "disk"}}})
	return t.PipelineTask()
}

func tcp(port int32) corev1.Probe {
	return corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(port)}}}
}

// search is a StepAction with inputs and results of every type.
type search struct {
	Words builder.TaskArray
	Where builder.TaskObject
}

type found struct {
	*builder.Step
	Lines builder.TaskArray
	Best  builder.TaskObject
}

func (search) StepActionName() string { return "search" }

func (s search) Define(a *builder.StepAction) found {
	words := a.ArrayParam("words", s.Words)
	where := a.ObjectParam("where", s.Where, []string{"host", "path"}, builder.DefaultObject(map[string]string{"path": "/"}))
	lines, best := a.ArrayResult("lines"), a.ObjectResult("best", []string{"file"}, builder.Describe("the best match"))
	a.Image(image).Command("search").Args(words.All()).
		Env("HOST", where.Key("host")).
		Env("LINES_FILE", lines.PathValue()).Env("BEST", best.PathValue()).
		EnvField("NODE", "spec.nodeName").EnvResource("CPU", "limits.cpu").
		EnvSecret("TOKEN", "search", "token", builder.Optional()).EnvConfigMap("MODE", "search", "mode", builder.Optional()).
		Mount(a.Param("cache", "cache", builder.Describe("the volume"), builder.Enum("cache")), "/cache", builder.ReadOnly(), builder.SubPath("sub"))
	return found{a.Step(), lines.Value(), best.Value()}
}

// TestFields: every field of a step, a sidecar, a StepAction and a volume that public
// Tasks set has a call, and its YAML is what the call says.
func TestFields(t *testing.T) {
	p := builder.NewPipeline("fields")
	builder.Add(p, "a", fields{Secret: "s"}).Timeout(builder.NoTimeout)
	p.AddInline("b", func(t *builder.Task) {
		t.EmptyDir("cache")
		first := t.Step("first").Image(image).Requests("100m", "64Mi")
		list, one := first.ArrayResult("list"), first.ObjectResult("one", []string{"host", "path"})
		first.Script("printf '[]' > " + list.Path() + "; printf '{}' > " + one.Path())
		builder.AddStepAction(t, "literal", search{
			Words: builder.TaskStrings("a", builder.TaskRunName), Where: builder.TaskObjectOf(map[string]builder.TaskString{"host": builder.TaskRunName, "path": "/x"}),
		})
		hit := builder.AddStepAction(t, "handed", search{Words: list.Value(), Where: one.Value()})
		builder.AddStepAction(t, "none", search{Words: builder.TaskStrings(), Where: t.ObjectParam("where", builder.ObjectOf(map[string]builder.String{"host": "h", "path": "p"}), []string{"host", "path"})})
		t.Step("last").Image(image).Requests("100m", "64Mi").Command("echo").
			Args(hit.Lines.All(), hit.Lines.At(0), hit.Best.Key("file"))
		t.ArrayResult("lines", builder.FromStep(list))
		t.ObjectResult("place", []string{"host", "path"}, builder.FromStep(one))
	})
	p.AddInline("c", func(t *builder.Task) {
		t.StepTemplate().Command("echo").Args("all")
		t.Step("s").Image(image).Requests("100m", "64Mi")
	})
	named := p.Run("fields.").GenerateName().Timeouts(builder.Timeouts{Pipeline: builder.NoTimeout, Tasks: time.Hour})
	run := builder.RunTask("fields", fields{Secret: "s"}).GenerateName().
		Requests("1", "1Gi").Request(corev1.ResourceEphemeralStorage, "1Gi").Limits("2", "").Limit(corev1.ResourceMemory, "2Gi").Timeout(builder.NoTimeout)
	var out bytes.Buffer
	require.NoError(t, manifest.New(p, named, run).Write(&out))
	golden.YAML(t, "testdata/fields.yaml", out.Bytes())
}

// TestMountPath: a path is written as it is given.
func TestMountPath(t *testing.T) {
	for _, path := range []string{"/a", "/a/", "/a//b", "/a/../b", "/a/./b", "$(params.dir)/x/"} {
		d, err := builder.Define(body(func(t *builder.Task) {
			t.Param("dir", "/x")
			w := t.Workspace("w", builder.Workspace{}, builder.MountPath(path), builder.Optional())
			t.Step("s").Image(image).Command("ls").Args(w.PathValue())
		})).Task()
		require.NoError(t, err, path)
		assert.Equal(t, path, d.Spec.Workspaces[0].MountPath)
	}
}

// TestLabels: labels and annotations of a task are not lost, wherever its definition is.
func TestLabels(t *testing.T) {
	label := func(t *builder.Task) { t.Label("team", "ci").Annotate("note", "x") }
	custom := func(t *builder.Task) {
		label(t)
		t.Custom("example.dev/v1", "Wait", map[string]any{"a": 1})
	}
	given := func(t *builder.Task) {
		label(t)
		t.FromTask(&v1.Task{
			ObjectMeta: metav1.ObjectMeta{Name: "body", Labels: map[string]string{"own": "x"}},
			Spec:       v1.TaskSpec{Steps: []v1.Step{{Name: "s", Image: image}}},
		})
	}
	p := builder.NewPipeline("p")
	builder.Add(p, "custom", body(custom))
	builder.Add(p, "given", body(given)).Embed()
	objects, err := p.Objects()
	require.NoError(t, err)
	made, ok := objects[len(objects)-1].Object.(*v1.Pipeline)
	require.True(t, ok)
	want := v1.PipelineTaskMetadata{Labels: map[string]string{"team": "ci"}, Annotations: map[string]string{"note": "x"}}
	assert.Equal(t, want, made.Spec.Tasks[0].TaskSpec.Metadata)
	want.Labels = map[string]string{"team": "ci", "own": "x"}
	assert.Equal(t, want, made.Spec.Tasks[1].TaskSpec.Metadata)
}

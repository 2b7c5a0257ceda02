package oracle

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

const alpine = "registry.local/alpine:3.20"

// specOf runs what is described in Tekton's code, and returns the task as its Pod gets it.
func specOf(t *testing.T, p *builder.Pipeline, task string, args ...builder.Arg) *v1.TaskSpec {
	t.Helper()
	s := described(t, p.Run("r", args...))
	for _, f := range ours(s) {
		assert.NotEqual(t, "error", f.Severity.String(), "%v", f)
	}
	applied, err := apply(s)
	require.NoError(t, err)
	for name, spec := range applied.pods {
		if strings.HasSuffix(name, "-"+task) {
			return spec
		}
	}
	t.Fatalf("no pod of task %s in %v", task, applied.pods)
	return nil
}

// TestDescribedFields tests that Tekton accepts the fields of steps, sidecars, mounts and
// volumes as the builder writes them, and replaces the handles in them.
func TestDescribedFields(t *testing.T) {
	p := builder.NewPipeline("p")
	text := p.Param("text")
	p.AddInline("a", func(t *builder.Task) {
		in := t.Param("in", text)
		scratch := t.EmptyDir("scratch", builder.SizeLimit("1Gi"), builder.Medium(corev1.StorageMediumMemory))
		secret := t.Secret("secret", "s-"+in, builder.Item("key-"+in, "path-"+in), builder.Optional())
		config := t.ConfigMap("config", "c-"+in)
		claim := t.PVC("claim", "p-"+in)
		t.DisplayName("shown").StepTemplate().Pull(corev1.PullAlways).Mount(config, "/config", builder.ReadOnly())
		t.Step("s").Image(alpine).DisplayName("shown").Command("true").
			Pull(corev1.PullPolicy(in)).OnError(t.Param("onerror", "continue")).
			Request("example.com/device", "1").Limit("example.com/device", "1").
			EnvSecret("SECRET", "s-"+in, "key-"+in, builder.Optional()).EnvField("FIELD", "metadata.name").EnvResource("CPU", "limits.cpu").
			When(builder.StepCEL(builder.StepCELString(in)+" == 'x'")).
			Mount(scratch, "/scratch", builder.SubPath("sub/"+in)).Mount(secret, "/secret", builder.ReadOnly()).Mount(claim, "/claim")
		t.Step("stop").Image(alpine).Command("true").OnError("stopAndFail").Timeout(builder.NoTimeout)
		t.Sidecar("c").Image(alpine).Command("true").Pull(corev1.PullNever).Mount(claim, "/claim", builder.SubPath(in))
	}).Timeout(builder.NoTimeout)
	spec := specOf(t, p, "a", text.Set("Always"))
	s := spec.Steps[0]
	assert.Equal(t, corev1.PullAlways, s.ImagePullPolicy)
	assert.Equal(t, v1.Continue, s.OnError)
	assert.Equal(t, "'Always' == 'x'", s.When[0].CEL)
	assert.Equal(t, "s-Always", s.Env[0].ValueFrom.SecretKeyRef.Name)
	assert.Equal(t, "key-Always", s.Env[0].ValueFrom.SecretKeyRef.Key)
	assert.Equal(t, "sub/Always", s.VolumeMounts[0].SubPath)
	assert.True(t, s.VolumeMounts[1].ReadOnly)
	assert.Equal(t, v1.StopAndFail, spec.Steps[1].OnError)
	assert.Equal(t, corev1.PullNever, spec.Sidecars[0].ImagePullPolicy)
	assert.Equal(t, "Always", spec.Sidecars[0].VolumeMounts[0].SubPath)
	assert.Equal(t, "s-Always", spec.Volumes[1].Secret.SecretName)
	assert.Equal(t, []corev1.KeyToPath{{Key: "key-Always", Path: "path-Always"}}, spec.Volumes[1].Secret.Items)
	assert.Equal(t, "c-Always", spec.Volumes[2].ConfigMap.Name)
	assert.Equal(t, "p-Always", spec.Volumes[3].PersistentVolumeClaim.ClaimName)
}

// lookFor is a StepAction with inputs of every type.
type lookFor struct {
	Words builder.TaskArray
	Where builder.TaskObject
}

type seen struct {
	*builder.Step
	Lines builder.TaskArray
	Best  builder.TaskObject
}

func (lookFor) StepActionName() string { return "look-for" }

func (l lookFor) Define(a *builder.StepAction) seen {
	words, where := a.ArrayParam("words", l.Words), a.ObjectParam("where", l.Where, []string{"host", "path"})
	lines, best := a.ArrayResult("lines"), a.ObjectResult("best", []string{"file"})
	a.Image(alpine).Command("look").Args(words.All()).Env("HOST", where.Key("host")).Env("PATH_", where.Key("path")).
		Env("LINES_FILE", lines.PathValue()).Env("BEST", best.PathValue()).
		Mount(a.Param("cache", "cache"), "/cache", builder.ReadOnly(), builder.SubPath("sub"))
	return seen{a.Step(), lines.Value(), best.Value()}
}

// TestDescribedStepResults tests that Tekton hands lists and objects to StepActions:
// literal ones, inputs of the task, and results of other steps, which the step itself
// replaces when it starts.
func TestDescribedStepResults(t *testing.T) {
	p := builder.NewPipeline("p")
	words, where := p.ArrayParam("words"), p.ObjectParam("where", []string{"host", "path"})
	p.AddInline("a", func(t *builder.Task) {
		t.EmptyDir("cache")
		first := t.Step("first").Image(alpine)
		list, one := first.ArrayResult("list"), first.ObjectResult("one", []string{"host", "path"})
		first.Script("make-it " + list.Path() + " " + one.Path())
		builder.AddStepAction(t, "literal", lookFor{
			Words: builder.TaskStrings("a", builder.TaskRunName+"!"),
			Where: builder.TaskObjectOf(map[string]builder.TaskString{"host": "h", "path": "/" + builder.TaskRunName}),
		})
		builder.AddStepAction(t, "inputs", lookFor{
			Words: t.ArrayParam("words", words), Where: t.ObjectParam("where", where, []string{"host", "path"}),
		})
		hit := builder.AddStepAction(t, "results", lookFor{Words: list.Value(), Where: one.Value()})
		t.Step("last").Image(alpine).Command("echo").Args(hit.Lines.All(), hit.Lines.At(1), hit.Best.Key("file"))
		t.ArrayResult("list", builder.FromStep(list))
		t.ObjectResult("one", []string{"host", "path"}, builder.FromStep(one))
	})
	spec := specOf(t, p, "a", words.Set(builder.Strings("x", "y")),
		where.Set(builder.ObjectOf(map[string]builder.String{"host": "H", "path": "P"})))
	env := func(s v1.Step) string { return s.Env[0].Value + " " + s.Env[1].Value }
	assert.Equal(t, []string{"a", "r-a!"}, spec.Steps[1].Args)
	assert.Equal(t, "h /r-a", env(spec.Steps[1]))
	assert.Equal(t, []string{"x", "y"}, spec.Steps[2].Args)
	assert.Equal(t, "H P", env(spec.Steps[2]))
	assert.Equal(t, []string{"$(steps.first.results.list[*])"}, spec.Steps[3].Args)
	assert.Equal(t, "$(steps.first.results.one.host) $(steps.first.results.one.path)", env(spec.Steps[3]))
	assert.Equal(t, "/tekton/steps/step-results/results/lines", spec.Steps[3].Env[2].Value)
	assert.Equal(t, []string{"$(steps.results.results.lines[*])", "$(steps.results.results.lines[1])", "$(steps.results.results.best.file)"}, spec.Steps[4].Args)
	assert.Equal(t, []corev1.VolumeMount{{Name: "cache", MountPath: "/cache", SubPath: "sub", ReadOnly: true}}, spec.Steps[3].VolumeMounts)
}

// pulls is a task with an image pull policy.
type pulls struct{ Policy builder.String }

func (pulls) TaskName() string { return "pulls" }

func (p pulls) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("s").Image(alpine).Pull(corev1.PullPolicy(t.Param("policy", p.Policy))).Command("true")
	return t.PipelineTask()
}

// TestDescribedPull tests that the image pull policy of a step is not lost if the step becomes a
// StepAction, which has none, or gets a Fallback.
func TestDescribedPull(t *testing.T) {
	for name, h := range map[string]how{"alone": alone, "part": part, "shared": shared} {
		t.Run(name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			used(pulls{Policy: "Never"})(p, h)
			assert.Equal(t, corev1.PullNever, specOf(t, p, "t").Steps[0].ImagePullPolicy)
		})
	}
	p := builder.NewPipeline("p")
	builder.Add(p, "t", pulls{Policy: "Never"}).Fallback()
	assert.Equal(t, corev1.PullNever, specOf(t, p, "t").Steps[1].ImagePullPolicy)
}

// TestDescribedDefaults tests that Tekton replaces the variables in the default of a param
// in two steps, so that a default may be the path of a workspace.
func TestDescribedDefaults(t *testing.T) {
	for name, c := range map[string]struct{ value, want string }{
		"path":      {"$(workspaces.data.path)/a.yaml", "/workspace/data/a.yaml"},
		"whole":     {"$(workspaces.data.path)", "/workspace/data"},
		"mounted":   {"$(workspaces.other.path)/a", "/mnt/x//a"},
		"bound":     {"$(workspaces.data.bound)", "true"},
		"claim":     {"$(workspaces.data.claim)", "claim"},
		"result":    {"$(results.r.path)", "/tekton/results/r"},
		"run":       {"$(context.taskRun.name)", "r-a"},
		"task":      {"<$(context.task.name)>", "<r-a>"},
		"exit code": {"$(steps.step-s.exitCode.path)", "/tekton/steps/step-s/exitCode"},
	} {
		t.Run(name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			data := p.Workspace("data")
			p.AddInline("a", func(t *builder.Task) {
				t.Workspace("data", data)
				t.Workspace("other", data.SubPath("x"), builder.MountPath("/mnt/x/"))
				t.Result("r")
				t.Step("s").Image(alpine).Command("true").Env("A", t.Param("a", "", builder.Default(c.value)))
			})
			spec := specOf(t, p, "a", data.PVC("claim"))
			assert.Equal(t, c.want, spec.Steps[0].Env[0].Value)
		})
	}
}

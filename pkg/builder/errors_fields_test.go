package builder_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// TestErrorsFields tests mistakes in the fields of steps, sidecars, StepActions and volumes.
func TestErrorsFields(t *testing.T) {
	checkMistakes(t, "testdata/errors/fields.txt", fieldMistakes())
}

func fieldMistakes() []mistake {
	do := func(define func(f *fixture, t *builder.Task)) func(*fixture) {
		return func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) { define(f, t) })
		}
	}
	act := func(define func(a *builder.StepAction)) func(*fixture) {
		return do(func(_ *fixture, t *builder.Task) {
			builder.AddStepAction(t, "s", action(define)) // want action
		})
	}
	return []mistake{
		{"subPath with a value of the pipeline", "scope-mixed", do(func(f *fixture, t *builder.Task) {
			t.Step("s").Image(image).Mount(t.EmptyDir("v"), "/a", builder.SubPath(builder.TaskString(f.repo))) // want
		})},
		{"subPath that leaves the volume", "mount-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).Mount(t.EmptyDir("v"), "/a", builder.SubPath("../x")) // want
		})},
		{"subPath and subPathExpr", "mount-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).
				Mount(t.EmptyDir("v"), "/a", builder.SubPath("x"), builder.MutateMount(func(m *corev1.VolumeMount) { m.SubPathExpr = "y" })) // want
		})},
		{"a mount changed by a function that panics", "function-panicked", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).Mount(t.EmptyDir("v"), "/a", builder.MutateMount(func(*corev1.VolumeMount) { panic("oh") })) // want
		})},
		{"resources that are no quantities", "quantity-invalid quantity-invalid quantity-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).
				Request(corev1.ResourceEphemeralStorage, "much"). // want storage
				Request("example.com/device", "one").             // want device
				Limit(corev1.ResourceCPU, "1 core")               // want cpu
		})},
		{"a resource that Kubernetes does not know", "resources-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).Request("disk", "1Gi") // want
		})},
		{"a device with a request alone", "resources-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).Request("example.com/device", "1") // want
		})},
		{"size limit of a volume that is no quantity", "quantity-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).Mount(t.EmptyDir("v", builder.SizeLimit("small")), "/a") // want
		})},
		{"a volume of a Secret that the pipeline names", "scope-mixed", do(func(f *fixture, t *builder.Task) {
			t.Step("s").Image(image).Mount(t.Secret("v", builder.TaskString(f.repo)), "/a") // want
		})},
		{"volumes without what they are of", "volume-invalid volume-invalid volume-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).
				Mount(t.Secret("v", ""), "/a").    // want secret
				Mount(t.ConfigMap("w", ""), "/b"). // want configmap
				Mount(t.PVC("x", ""), "/c")        // want pvc
		})},
		{"image pull policy that is none", "word-unknown", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).Pull("Sometimes") // want
		})},
		{"field of a pod that is no field", "env-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).EnvField("A", "metadata.nme") // want
		})},
		{"resource of an env that is none", "env-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).EnvResource("A", "limits.disk") // want
		})},
		{"onError of a step that is none", "onerror-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).OnError("ignore") // want
		})},
		{"step template with more that it does not have", "template-conflict", do(func(_ *fixture, t *builder.Task) {
			t.StepTemplate().Image(image).OnError("stopAndFail").DisplayName("x") // want
			t.Step("s")
		})},
		{"step template changed to what it does not have", "template-conflict", do(func(_ *fixture, t *builder.Task) {
			t.StepTemplate().Image(image).Mutate(func(s *v1.Step) { s.Name, s.Script = "x", "true" }) // want
			t.Step("s")
		})},
		{"display name with a handle", "handle-misplaced handle-misplaced", do(func(_ *fixture, t *builder.Task) {
			p := t.Param("p", "x")
			t.DisplayName("task " + string(p))                                  // want task
			t.Step("s").Image(image).DisplayName("step "+string(p)).Env("P", p) // want step
		})},
		{"when expression of a step with a CEL mistake", "when-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).When(builder.StepCEL("1 +")) // want
		})},
		{"key of an object result of a step", "key-unknown", do(func(_ *fixture, t *builder.Task) {
			s := t.Step("s").Image(image)
			r := s.ObjectResult("r", []string{"host"})
			s.Script("true > " + r.Path())
			t.Step("u").Image(image).Args(r.Value().Key("hots")) // want
		})},
		{"array result of a step as a string", "array-misplaced", do(func(_ *fixture, t *builder.Task) {
			s := t.Step("s").Image(image)
			r := s.ArrayResult("r")
			s.Script("true > " + r.Path())
			t.Step("u").Image(image).Env("R", r.Value().All()) // want
		})},
		{"result of a step with another type", "result-value", do(func(_ *fixture, t *builder.Task) {
			s := t.Step("s").Image(image)
			r := s.ArrayResult("r")
			s.Script("true > " + r.Path())
			t.Result("r", builder.FromStep(r)) // want
		})},
		{"result of no step", "result-value", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image)
			t.Result("r", builder.FromStep(nil)) // want
		})},
		{"lists of a StepAction used as a whole", "array-misplaced index-invalid key-unknown", do(func(_ *fixture, t *builder.Task) {
			list := builder.TaskStrings("a", "b")
			t.Step("s").Image(image).Args(list.All()).Env("I", list.At(2)). // want list
											Env("K", builder.TaskObjectOf(nil).Key("k")) // want key
		})},
		{"key of a StepAction's object", "key-unknown", act(func(a *builder.StepAction) {
			o := a.ObjectParam("o", builder.TaskObjectOf(map[string]builder.TaskString{"host": "h"}), []string{"host"})
			a.Image(image).Args(o.Key("hots")) // want
		})},
		{"object of a StepAction without a key", "key-missing", act(func(a *builder.StepAction) {
			o := a.ObjectParam("o", builder.TaskObjectOf(map[string]builder.TaskString{"host": "h"}), []string{"host", "path"}) // want object
			a.Image(image).Args(o.Key("host"), o.Key("path"))
		})},
		{"label of a task that is elsewhere", "option-misplaced option-misplaced", func(f *fixture) {
			builder.Add(f.p, "a", body(func(t *builder.Task) {
				t.Label("team", "ci")   // want label
				t.Annotate("note", "x") // want annotation
				t.From(builder.Cluster("body", "ci"))
			}))
		}},
		{"a timeout that is negative", "timeout-invalid", do(func(_ *fixture, t *builder.Task) {
			t.Step("s").Image(image).Timeout(-time.Second) // want
		})},
	}
}

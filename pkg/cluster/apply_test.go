package cluster

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// yamlSource reads testdata/NAME.yaml, which must have no findings.
func yamlSource(t testing.TB, name string) *manifest.Set {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".yaml")
	require.NoError(t, err)
	set, err := manifest.Read(strings.NewReader(string(data)), name+".yaml")
	require.NoError(t, err)
	return set.Profile(blindProfile())
}

// blindProfile disables all rules.
func blindProfile() check.Profile {
	var p check.Profile
	for _, r := range check.Rules() {
		p.Disabled = append(p.Disabled, r.Code)
	}
	return p
}

func configMap(name, value string) *corev1.ConfigMap {
	return &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{Name: name}, Data: map[string]string{"key": value}}
}

func lines(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		b.WriteString(c.String() + "\n")
	}
	return b.String()
}

const tasksPath = "/apis/tekton.dev/v1/namespaces/ci/tasks/"

func TestApply(t *testing.T) {
	s, c := newServer(t)
	p := builder.NewPipeline("hello").Describe("says hello")
	p.AddInline("greet", func(t *builder.Task) {
		t.Step("greet").Image("docker.io/library/busybox:1.37").Script("echo hello")
	})
	source := manifest.New(p, manifest.FromObjects(configMap("c", "1")), p.Run("hello-"))
	var progress []Change
	o := ApplyOptions{Set: "x", Progress: func(c Change) { progress = append(progress, c) }}
	changes, err := c.Apply(t.Context(), source, o)
	require.NoError(t, err)
	assert.Equal(t, `created ConfigMap "c" in namespace "ci"
created Pipeline "hello" in namespace "ci"
skipped PipelineRun "hello-" in namespace "ci": a run with a generateName is not applied; start it instead
`, lines(changes))
	assert.Equal(t, changes, progress)
	assert.Contains(t, changes[1].Position.File, "apply_test.go")
	assert.Equal(t, []string{
		"PATCH /api/v1/namespaces/ci/configmaps/c?fieldManager=tekwright&fieldValidation=Strict",
		"PATCH /apis/tekton.dev/v1/namespaces/ci/pipelines/hello?fieldManager=tekwright&fieldValidation=Strict",
	}, s.asked)

	changes, err = c.Apply(t.Context(), source, ApplyOptions{Set: "x", DryRun: true, Force: true})
	require.NoError(t, err)
	assert.Contains(t, lines(changes), `unchanged Pipeline "hello"`)
	assert.Contains(t, s.asked[len(s.asked)-1], "dryRun=All")
	assert.Contains(t, s.asked[len(s.asked)-1], "force=true")
}

func TestApplyWarnings(t *testing.T) {
	_, c := newServer(t)
	m := configMap("c", "1")
	m.Labels = map[string]string{"warn": "me"}
	changes, err := c.Apply(t.Context(), manifest.FromObjects(m), ApplyOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"warn is old"}, changes[0].Warnings)
}

// TestApplyNothing tests errors that are reported before anything is sent.
func TestApplyNothing(t *testing.T) {
	s, c := newServer(t)
	for name, try := range map[string]struct {
		source manifest.Source
		o      ApplyOptions
		want   string
	}{
		"no source":  {nil, ApplyOptions{}, "no source to apply"},
		"no set":     {manifest.New(), ApplyOptions{Prune: true}, "pruning needs the name of a set"},
		"set's name": {manifest.New(), ApplyOptions{Set: "a b"}, `set name "a b" is not a valid label value`},
		"findings":   {builder.NewPipeline("p"), ApplyOptions{}, `Pipeline "p" has no tasks`},
	} {
		changes, err := c.Apply(t.Context(), try.source, try.o)
		assert.ErrorContains(t, err, try.want, name)
		assert.Empty(t, changes, name)
	}
	assert.Empty(t, s.asked)
}

// TestApplyWarned tests that a rejection includes the warnings of rules about the field.
func TestApplyWarned(t *testing.T) {
	s, c := newServer(t)
	task := func(name string) *v1.Task {
		return &v1.Task{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}, ObjectMeta: metav1.ObjectMeta{Name: name},
			Spec: v1.TaskSpec{
				Params: v1.ParamSpecs{{Name: "env", Type: v1.ParamTypeString, Enum: []string{"a", "b"}}},
				Steps:  []v1.Step{{Name: "s", Image: "docker.io/library/busybox:1.37", Env: []corev1.EnvVar{{Name: "E", Value: "$(params.env)"}}, Script: "true"}},
			}}
	}
	refusal := func(text string) []answer {
		return []answer{failure(400, metav1.StatusReasonBadRequest, `admission webhook "validation.webhook.pipeline.tekton.dev" denied the request: validation failed: `+text)}
	}
	s.says["PATCH "+tasksPath+"a"] = refusal("set the gate to use Enum: spec.params[env]")
	s.says["PATCH "+tasksPath+"b"] = refusal("odd: spec.steps[0].image")
	_, err := c.Apply(t.Context(), manifest.FromObjects(task("a"), task("b")), ApplyOptions{})
	problems := Problems(err)
	require.Len(t, problems, 2)
	assert.Regexp(t, `(?s)spec\.params\[0\]: set the gate to use Enum.*help: the check warned: feature-gate: `, problems[0].Error())
	assert.NotContains(t, problems[1].Error(), "the check warned")
}

// TestApplyTellsAll tests that objects after a rejected one are validated, but not
// stored.
func TestApplyTellsAll(t *testing.T) {
	s, c := newServer(t)
	refusal, err := os.ReadFile("testdata/status/refused-webhook-1.json")
	require.NoError(t, err)
	s.says["PATCH "+tasksPath+"bad"] = []answer{{status: 400, text: string(refusal)}}
	s.says["PATCH "+tasksPath+"worse"] = []answer{{status: 400, text: string(refusal)}}
	changes, err := c.Apply(t.Context(), yamlSource(t, "tasks"), ApplyOptions{Set: "x", Prune: true})
	assert.Equal(t, `created ConfigMap "before" in namespace "ci"
skipped Task "good" in namespace "ci": another object was rejected; this one is valid
`, lines(changes))
	golden.Check(t, "testdata/tells-all.txt", []byte(err.Error()+"\n"))
	assert.NotContains(t, s.objects, tasksPath+"good")
	assert.Empty(t, s.deleted())
}

func TestApplySecrets(t *testing.T) {
	s, c := newServer(t)
	source := declaredSecret()
	changes, err := c.Apply(t.Context(), source, ApplyOptions{Set: "x"})
	require.NoError(t, err)
	assert.Equal(t, Missing, changes[0].Action)
	assert.Equal(t, "kubectl create secret generic token -n ci --from-literal=token=...", changes[0].Help)
	assert.Empty(t, s.asked)

	_, err = c.Apply(t.Context(), source, ApplyOptions{Set: "x", Secrets: manifest.SecretValues{Env: func(string) (string, bool) { return "", false }}})
	assert.ErrorContains(t, err, `the environment variable "TOKEN" is not set`)
	assert.Empty(t, s.asked)

	values := func(v string) ApplyOptions {
		return ApplyOptions{Set: "x", Secrets: manifest.SecretValues{Env: func(string) (string, bool) { return v, true }}}
	}
	changes, err = c.Apply(t.Context(), source, values("hunter2"))
	require.NoError(t, err)
	assert.Equal(t, "created Secret \"token\" in namespace \"ci\"\n", lines(changes))
	changes, err = c.Apply(t.Context(), source, values("hunter3"))
	require.NoError(t, err)
	assert.Equal(t, Configured, changes[0].Action)
	golden.Check(t, "testdata/secret.diff", []byte(changes[0].Diff))

	changes, err = c.Apply(t.Context(), source, ApplyOptions{Set: "x"})
	require.NoError(t, err)
	assert.Equal(t, "unchanged Secret \"token\" in namespace \"ci\": it is only declared, and created outside of the set\n", lines(changes))
	delete(s.objects["/api/v1/namespaces/ci/secrets/token"]["data"].(map[string]any), "token")
	changes, err = c.Apply(t.Context(), source, ApplyOptions{Set: "x"})
	require.NoError(t, err)
	assert.Equal(t, "missing Secret \"token\" in namespace \"ci\": it exists but lacks the keys [\"token\"]\n", lines(changes))

	s.says["GET /api/v1/namespaces/ci/secrets/token"] = []answer{failure(403, metav1.StatusReasonForbidden, "no")}
	changes, err = c.Apply(t.Context(), source, ApplyOptions{Set: "x"})
	require.NoError(t, err)
	assert.Equal(t, Skipped, changes[0].Action)
}

// declaredSecrets is a source of one declared Secret.
type declaredSecrets []object.Object

func (s declaredSecrets) Objects() ([]object.Object, error) { return s, nil }

func declaredSecret() manifest.Source {
	return declaredSecrets{{
		Object: &corev1.Secret{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
			ObjectMeta: metav1.ObjectMeta{Name: "token"}, Data: map[string][]byte{"token": nil}},
		Declared: &object.Declaration{
			Command: func(ns string) string {
				return "kubectl create secret generic token -n " + ns + " --from-literal=token=..."
			},
			Values: map[string]object.ValueSource{"token": {Env: "TOKEN"}},
		},
	}}
}

func TestRetry(t *testing.T) {
	path := "/api/v1/namespaces/ci/configmaps/c"
	source := manifest.FromObjects(configMap("c", "1"))
	conflict := failure(409, metav1.StatusReasonConflict, "the object has been modified")
	starting := failure(500, metav1.StatusReasonInternalError, `Internal error occurred: failed calling webhook "webhook.pipeline.tekton.dev": failed to call webhook: connection refused`)
	conflicting, err := os.ReadFile("testdata/status/conflict-fields-1.json")
	require.NoError(t, err)
	t.Run("passes", func(t *testing.T) {
		s, c := newServer(t)
		s.says["PATCH "+path] = []answer{conflict, starting, {drop: true}, failure(503, metav1.StatusReasonServiceUnavailable, "busy")}
		changes, err := c.Apply(t.Context(), source, ApplyOptions{})
		require.NoError(t, err)
		assert.Equal(t, "created ConfigMap \"c\" in namespace \"ci\"\n", lines(changes))
		assert.Len(t, s.asked, 5)
	})
	for name, a := range map[string]answer{"conflict": conflict, "starting": starting, "busy": failure(429, metav1.StatusReasonTooManyRequests, "busy"), "proxy": {status: 502, text: "bad gateway"}} {
		t.Run(name, func(t *testing.T) {
			s, c := newServer(t)
			c.host = "https://HOST"
			s.says["PATCH "+path] = []answer{a, a, a, a, a, a}
			changes, err := c.Apply(t.Context(), manifest.FromObjects(configMap("c", "1"), configMap("d", "1")), ApplyOptions{})
			var unreachable *UnreachableError
			require.ErrorAs(t, err, &unreachable)
			assert.Equal(t, 5, unreachable.Attempts)
			if name == "conflict" { // the other object may be tried
				assert.Len(t, changes, 1)
				s.asked = s.asked[:5]
			}
			assert.Len(t, s.asked, 5)
			golden.Check(t, "testdata/retry-"+name+".txt", []byte(err.Error()+"\n"))
		})
	}
	// Permanent errors are not retried.
	for name, a := range map[string]answer{"schema": failure(500, "", "failed to create typed patch object (ci/c; /v1, Kind=ConfigMap): .x: field not declared in schema"),
		"forbidden": failure(403, metav1.StatusReasonForbidden, "no"), "fields": {status: 409, text: string(conflicting)}} {
		t.Run(name, func(t *testing.T) {
			s, c := newServer(t)
			s.says["PATCH "+path] = []answer{a}
			_, err := c.Apply(t.Context(), source, ApplyOptions{})
			require.Error(t, err)
			assert.Len(t, s.asked, 1)
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		s, c := newServer(t)
		ctx, cancel := context.WithCancel(t.Context())
		s.says["PATCH "+path] = []answer{conflict}
		changes, err := c.Apply(ctx, manifest.FromObjects(configMap("b", "1"), configMap("c", "1")), ApplyOptions{Progress: func(Change) { cancel() }})
		assert.Len(t, changes, 1)
		require.ErrorIs(t, err, context.Canceled)
		assert.ErrorContains(t, err, `stopped at ConfigMap "c" in namespace "ci"`)
	})
}

func TestNotServed(t *testing.T) {
	s, c := newServer(t)
	delete(s.served, "tekton.dev/v1")
	_, err := c.Apply(t.Context(), yamlSource(t, "tasks"), ApplyOptions{})
	golden.Check(t, "testdata/notserved-version.txt", []byte(err.Error()+"\n"))
	assert.Empty(t, s.asked)

	delete(s.served, "tekton.dev/v1beta1")
	_, err = c.Apply(t.Context(), yamlSource(t, "tasks"), ApplyOptions{})
	golden.Check(t, "testdata/notserved-tekton.txt", []byte(err.Error()+"\n"))

	// It is installed during the lifetime of the client.
	s.served["tekton.dev/v1"] = []metav1.APIResource{namespaced("Task", "tasks")}
	_, err = c.Apply(t.Context(), yamlSource(t, "tasks"), ApplyOptions{})
	assert.NoError(t, err)
}

// TestNamespaceNotFound tests that a missing namespace of several objects is
// reported once.
func TestNamespaceNotFound(t *testing.T) {
	s, c := newServer(t)
	gone, err := os.ReadFile("testdata/status/notserved-namespace.json")
	require.NoError(t, err)
	for _, task := range []string{"good", "bad", "worse"} {
		s.says["PATCH "+tasksPath+task] = []answer{{status: 404, text: string(gone)}}
	}
	_, err = c.Apply(t.Context(), yamlSource(t, "tasks"), ApplyOptions{})
	golden.Check(t, "testdata/notserved-namespace.txt", []byte(err.Error()+"\n"))
	var notServed *NotServedError
	require.ErrorAs(t, err, &notServed)
	assert.Len(t, notServed.Objects, 3)
}

func TestVersions(t *testing.T) {
	s, c := newServer(t)
	v, err := c.Versions(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Versions{Kubernetes: "v1.36.3", APIs: []string{"tekton.dev/v1", "tekton.dev/v1beta1"}, Unknown: []string{
		`Tekton Pipelines version: found no ConfigMap "pipelines-info" in namespace tekton-pipelines or openshift-pipelines, and no version label on CustomResourceDefinition tasks.tekton.dev`,
		"Tekton Triggers is not installed",
	}}, v)
	s.objects["/apis/apiextensions.k8s.io/v1/customresourcedefinitions/tasks.tekton.dev"] = map[string]any{"apiVersion": "apiextensions.k8s.io/v1",
		"kind": "CustomResourceDefinition", "metadata": map[string]any{"labels": map[string]any{"pipeline.tekton.dev/release": "v1.14.0"}}}
	v, err = c.Versions(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "v1.14.0", v.Pipelines)
	s.objects["/api/v1/namespaces/openshift-pipelines/configmaps/pipelines-info"] = map[string]any{"apiVersion": "v1", "kind": "ConfigMap",
		"data": map[string]any{"version": "v1.15.1"}}
	v, err = c.Versions(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "v1.15.1", v.Pipelines)
	s.stop()
	_, err = c.Versions(t.Context())
	var unreachable *UnreachableError
	assert.ErrorAs(t, err, &unreachable)
}

// TestApplyPanics tests that the objects are applied even if Progress panics.
func TestApplyPanics(t *testing.T) {
	_, c := newServer(t)
	changes, err := c.Apply(t.Context(), manifest.FromObjects(configMap("a", "1"), configMap("b", "1")), ApplyOptions{Progress: func(Change) { panic("boom") }})
	require.ErrorContains(t, err, "the function ApplyOptions.Progress was called: it panicked: boom (pkg/cluster/apply_test.go:")
	assert.Len(t, changes, 2)
}

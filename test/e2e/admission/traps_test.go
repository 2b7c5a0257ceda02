package admission_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// asked is what the cluster would store of an object with this spec, whose
// apiVersion and kind are given in one word, or why it refuses it.
func asked(t *testing.T, c *harness.Cluster, namespace, kind, spec string) (map[string]any, error) {
	t.Helper()
	version, kind, _ := strings.Cut(kind, " ")
	o := harness.Decode(t, "{apiVersion: "+version+", kind: "+kind+", metadata: {name: asked}, spec: "+spec+"}")[0]
	if kind != "ClusterInterceptor" {
		o.SetNamespace(namespace)
	}
	stored, err := c.DryRun(t.Context(), o)
	if err != nil {
		return nil, err
	}
	return stored.Object["spec"].(map[string]any), nil
}

// TestCaseOfKeys shows that keys in another case are admitted, even by a strict
// apply, where the schema of the kind is open: Tekton's webhook decodes them, and
// stores them as they should be. That is so in all kinds of Triggers, and in specs
// within specs. Elsewhere the API server refuses them.
func TestCaseOfKeys(t *testing.T) {
	t.Parallel()
	c := harness.Get(t)
	ns := c.Namespace(t)
	const (
		template = "triggers.tekton.dev/v1beta1 TriggerTemplate"
		body     = "[{apiVersion: v1, kind: ConfigMap, metadata: {generateName: x-}}]"
	)
	for name, v := range map[string]struct{ kind, spec, same string }{
		"TriggerTemplate": {template, "{Params: [{Name: a}], resourceTemplates: " + body + "}", "{params: [{name: a}], resourcetemplates: " + body + "}"},
		"TriggerBinding":  {"triggers.tekton.dev/v1beta1 TriggerBinding", "{PARAMS: [{Name: a, Value: b}]}", "{params: [{name: a, value: b}]}"},
		"Trigger": {
			"triggers.tekton.dev/v1beta1 Trigger", "{Bindings: [{Ref: a}], template: {Spec: {resourceTemplates: " + body + "}}}",
			"{bindings: [{ref: a}], template: {spec: {resourcetemplates: " + body + "}}}",
		},
		"EventListener": {
			"triggers.tekton.dev/v1beta1 EventListener", "{ServiceAccountName: a, Triggers: [{Name: b, template: {Ref: c}}]}",
			"{serviceAccountName: a, triggers: [{name: b, template: {ref: c}}]}",
		},
		"ClusterInterceptor": {"triggers.tekton.dev/v1alpha1 ClusterInterceptor", "{ClientConfig: {URL: 'http://a.b'}}", "{clientConfig: {url: 'http://a.b'}}"},
		"taskSpec of a Pipeline": {
			"tekton.dev/v1 Pipeline", "{tasks: [{name: a, taskSpec: {Steps: [{name: b, Image: c, SCRIPT: d, computeresources: {Requests: {cpu: 1}}}]}}]}",
			"{tasks: [{name: a, taskSpec: {steps: [{name: b, image: c, script: d, computeResources: {requests: {cpu: 1}}}]}}]}",
		},
		"pipelineSpec of a PipelineRun": {
			"tekton.dev/v1 PipelineRun", "{pipelineSpec: {Tasks: [{Name: a, RunAfter: [], TaskSpec: {Steps: [{Name: b, Image: c}]}}]}}",
			"{pipelineSpec: {tasks: [{name: a, taskSpec: {steps: [{name: b, image: c}]}}]}}",
		},
		"taskSpec of a TaskRun": {"tekton.dev/v1 TaskRun", "{taskSpec: {Steps: [{name: a, Image: b}]}}", "{taskSpec: {steps: [{name: a, image: b}]}}"},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := asked(t, c, ns, v.kind, v.same)
			require.NoError(t, err)
			got, err := asked(t, c, ns, v.kind, v.spec)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
	t.Run("both", func(t *testing.T) {
		got, err := asked(t, c, ns, template, "{resourcetemplates: "+body+", resourceTemplates: "+strings.Replace(body, "x-", "y-", 1)+"}")
		require.NoError(t, err)
		list, _, err := unstructured.NestedSlice(got, "resourcetemplates")
		require.NoError(t, err)
		require.Len(t, list, 1, "one of them is lost")
	})
	for name, v := range map[string][3]string{
		"step of a Task":          {"tekton.dev/v1 Task", "{steps: [{name: a, image: b, Script: c}]}", `unknown field "spec.steps[0].Script"`},
		"task of a Pipeline":      {"tekton.dev/v1 Pipeline", "{tasks: [{name: a, RunAfter: [b], taskRef: {name: c}}]}", `unknown field "spec.tasks[0].RunAfter"`},
		"PipelineRun":             {"tekton.dev/v1 PipelineRun", "{PipelineRef: {name: a}}", `unknown field "spec.PipelineRef"`},
		"StepAction":              {"tekton.dev/v1beta1 StepAction", "{Image: b}", `unknown field "spec.Image"`},
		"no key, TriggerTemplate": {template, "{parms: [{name: a}], resourcetemplates: " + body + "}", `unknown field "parms"`},
		"no key, taskSpec":        {"tekton.dev/v1 Pipeline", "{tasks: [{name: a, taskSpec: {steps: [{name: a, image: b, scirpt: c}]}}]}", `unknown field "scirpt"`},
	} {
		t.Run("not "+name, func(t *testing.T) {
			_, err := asked(t, c, ns, v[0], v[1])
			assert.ErrorContains(t, err, v[2])
		})
	}
}

// TestRetriesAndContinue shows that the webhook refuses retries of a task that may
// fail, wherever it is, and what it admits instead.
func TestRetriesAndContinue(t *testing.T) {
	t.Parallel()
	c := harness.Get(t)
	ns := c.Namespace(t)
	const refused = `PipelineTask OnError cannot be set to "continue" when Retries is greater than 0`
	for name, v := range map[string][3]string{
		"task":             {"Pipeline", "{tasks: [{name: a, retries: 1, onError: continue, taskRef: {name: b}}]}", refused},
		"taskSpec":         {"Pipeline", "{tasks: [{name: a, retries: 3, onError: continue, taskSpec: {steps: [{image: b}]}}]}", refused},
		"matrix":           {"Pipeline", "{tasks: [{name: a, retries: 1, onError: continue, taskRef: {name: b}, matrix: {params: [{name: c, value: [d]}]}}]}", refused},
		"pipelineSpec":     {"PipelineRun", "{pipelineSpec: {tasks: [{name: a, retries: 1, onError: continue, taskRef: {name: b}}]}}", refused},
		"finally":          {"Pipeline", "{tasks: [{name: a, taskRef: {name: b}}], finally: [{name: c, retries: 1, onError: continue, taskRef: {name: b}}]}", refused},
		"no retries":       {"Pipeline", "{tasks: [{name: a, retries: 0, onError: continue, taskRef: {name: b}}]}", ""},
		"stop":             {"Pipeline", "{tasks: [{name: a, retries: 1, onError: stopAndFail, taskRef: {name: b}}]}", ""},
		"a step may fail":  {"Pipeline", "{tasks: [{name: a, retries: 1, taskSpec: {steps: [{image: b, onError: continue}]}}]}", ""},
		"another spelling": {"Pipeline", "{tasks: [{name: a, retries: 1, onError: Continue, taskRef: {name: b}}]}", "invalid value: Continue: spec.tasks[0].OnError"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := asked(t, c, ns, "tekton.dev/v1 "+v[0], v[1])
			if v[2] == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, v[2])
			}
		})
	}
}

// TestModes shows how modes of files are read: a number with a 0 before it is octal,
// any other is decimal, a text is refused, and nothing else is while no pod is made.
func TestModes(t *testing.T) {
	t.Parallel()
	c := harness.Get(t)
	ns := c.Namespace(t)
	for mode, want := range map[string]int64{"0600": 0o600, "0o600": 0o600, "384": 0o600, "600": 600, "400": 0o620, "0777": 511, "70000": 70000} {
		t.Run(mode, func(t *testing.T) {
			got, err := asked(t, c, ns, "tekton.dev/v1 Task", "{volumes: [{name: a, secret: {secretName: b, defaultMode: "+mode+"}}], steps: [{image: c}]}")
			require.NoError(t, err)
			volumes, _, err := unstructured.NestedSlice(got, "volumes")
			require.NoError(t, err)
			stored, _, err := unstructured.NestedInt64(volumes[0].(map[string]any), "secret", "defaultMode")
			require.NoError(t, err)
			assert.Equal(t, want, stored)
		})
	}
	_, err := asked(t, c, ns, "tekton.dev/v1 Task", `{volumes: [{name: a, secret: {secretName: b, defaultMode: "0600"}}], steps: [{image: c}]}`)
	assert.ErrorContains(t, err, "cannot unmarshal string into Go struct field SecretVolumeSource.spec.volumes.VolumeSource.secret.defaultMode of type int32")
}

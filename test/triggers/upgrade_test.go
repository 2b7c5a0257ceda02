package triggers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/contexts"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1alpha1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/triggers/harness"
)

// TestUpgrade converts Triggers of v1alpha1, and compares them with what upstream's
// webhook, which still has both versions, makes of them.
func TestUpgrade(t *testing.T) {
	for i, interceptors := range []string{
		"[]",
		"[{cel: {filter: 'body.x == 1'}}]",
		"[{cel: {overlays: [{key: a, expression: body.x}]}}]",
		"[{cel: {filter: 'body.x == 1', overlays: [{key: a, expression: body.x}, {key: b, expression: '1'}]}, name: second}]",
		"[{github: {secretRef: {secretName: s, secretKey: k}, eventTypes: [push, pull_request]}}]",
		"[{github: {eventTypes: [push]}}, {cel: {filter: 'true'}}]",
		"[{gitlab: {secretRef: {secretName: s, secretKey: k}}}]",
		"[{bitbucket: {secretRef: {secretName: s, secretKey: k}, eventTypes: ['repo:push']}}]",
		"[{ref: {name: cel}, params: [{name: filter, value: 'true'}]}]",
		"[{ref: {name: mine, kind: NamespacedInterceptor}, params: [{name: a, value: {b: [1, 2]}}]}]",
		"[{ref: {name: cel}, params: [{name: filter, value: 'true'}], github: {eventTypes: [push]}}]",
		"[{bitbucket: {eventTypes: [a]}, cel: {filter: 'true'}, github: {eventTypes: [b]}, gitlab: {eventTypes: [c]}}]",
		"[{cel: {filter: 'true'}, github: {eventTypes: [b]}}]",
		"[{webhook: {objectRef: {apiVersion: v1, kind: Service, name: s}, header: [{name: A, value: b}, {name: C, value: [d]}]}}]",
	} {
		text := fmt.Sprintf("apiVersion: triggers.tekton.dev/v1alpha1\nkind: Trigger\nmetadata: {name: a}\nspec:\n"+
			"  interceptors: %s\n  bindings: [{ref: b}, {ref: c, kind: ClusterTriggerBinding}, {name: p, value: ''}]\n  template: {ref: t}\n", interceptors)
		ctx := contexts.WithUpgradeViaDefaulting(context.Background())
		var old v1alpha1.Trigger
		require.NoError(t, yaml.UnmarshalStrict([]byte(text), &old))
		old.SetDefaults(ctx)

		objects, found := manifest.Parse([]byte(text), "a.yaml")
		require.Empty(t, found, interceptors)
		out, changed, err := manifest.Upgrade(objects)
		require.NoError(t, err, interceptors)
		require.Len(t, changed, 1)
		now, ok := out[0].Object.(*v1beta1.Trigger)
		require.True(t, ok, interceptors)
		now.SetDefaults(ctx)
		want, got := meaning(t, old.Spec), meaning(t, now.Spec)
		assert.Equal(t, want, got, "%d: %s", i, interceptors)
	}
}

// meaning returns what Tekton Triggers sees of a trigger: without the old fields that it
// ignores when there is a ref, and without params that are null or empty.
func meaning(t *testing.T, spec any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(spec)
	require.NoError(t, err)
	var out map[string]any
	require.NoError(t, json.Unmarshal(raw, &out))
	list, _ := out["interceptors"].([]any)
	for _, x := range list {
		x := x.(map[string]any)
		for _, old := range []string{"bitbucket", "cel", "github", "gitlab"} {
			delete(x, old)
		}
		var params []any
		given, _ := x["params"].([]any)
		for _, p := range given {
			if value := p.(map[string]any)["value"]; value != nil && value != "" {
				params = append(params, p)
			}
		}
		x["params"] = params
	}
	if len(list) == 0 {
		delete(out, "interceptors")
	}
	return out
}

// TestUpgradeStarts: a listener of v1alpha1 starts the same run after the conversion, with an
// old interceptor, an old reference to a binding, and a run of v1beta1 in its template.
func TestUpgradeStarts(t *testing.T) {
	const old = `apiVersion: triggers.tekton.dev/v1alpha1
kind: EventListener
metadata: {name: l}
spec:
  serviceAccountName: sa
  triggers:
    - name: t
      interceptors:
        - github:
            secretRef: {secretName: webhook, secretKey: token}
            eventTypes: [push]
        - cel:
            filter: body.ref == 'refs/heads/master'
            overlays: [{key: short, expression: body.after.truncate(7)}]
      bindings: [{name: b}]
      template: {ref: t}
---
apiVersion: triggers.tekton.dev/v1alpha1
kind: TriggerBinding
metadata: {name: b}
spec: {params: [{name: short, value: $(extensions.short)}]}
---
apiVersion: triggers.tekton.dev/v1alpha1
kind: TriggerTemplate
metadata: {name: t}
spec:
  params: [{name: short}]
  resourcetemplates:
    - apiVersion: tekton.dev/v1beta1
      kind: PipelineRun
      metadata: {generateName: r-}
      spec:
        pipelineRef: {name: p}
        serviceAccountName: builder
        params: [{name: short, value: $(tt.params.short)}]
`
	objects, _ := manifest.Parse([]byte(old), "old.yaml")
	out, changed, err := manifest.Upgrade(objects)
	require.NoError(t, err)
	require.Len(t, changed, 4)
	var newer []runtime.Object
	for _, o := range out {
		newer = append(newer, o.Object)
	}
	h := harness.Of(t, manifest.FromObjects(newer...)).Secret("webhook", "token", secret)
	got := h.Send(t, load(t, "github-push-goscm").request(secret))
	require.Len(t, got.Runs, 1, "%s", got.Why)
	assert.Equal(t, args{"short": "199eddf"}, args(harness.Params(got.Runs["t"])))
	assert.Equal(t, "builder", got.Runs["t"].Spec.TaskRunTemplate.ServiceAccountName)
	assert.Empty(t, h.Send(t, load(t, "github-push-goscm").request(other)).Runs)
}

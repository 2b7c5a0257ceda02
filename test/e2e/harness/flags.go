package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
)

const system = "tekton-pipelines"

// Flags sets flags of Tekton's for the rest of the test, and waits until its
// webhook has noticed. Other tests see them as well: set only what allows more.
// A cluster that somebody else uses is left alone, and the test skipped.
func (c *Cluster) Flags(t *testing.T, flags map[string]string) {
	t.Helper()
	if c.Tier == "" {
		t.Skip("SKIPPED: the feature flags of a cluster without a tier are not changed")
	}
	maps := c.Core.CoreV1().ConfigMaps(system)
	before, err := maps.Get(t.Context(), "feature-flags", metav1.GetOptions{})
	require.NoError(t, err)
	set := func(ctx context.Context, data map[string]any) error {
		patch, err := json.Marshal(map[string]any{"data": data})
		if err != nil {
			return err
		}
		_, err = maps.Patch(ctx, "feature-flags", types.MergePatchType, patch, metav1.PatchOptions{FieldManager: Manager})
		return err
	}
	data, old := map[string]any{}, map[string]any{}
	for name, value := range flags {
		data[name] = value
		if was, ok := before.Data[name]; ok {
			old[name] = was
		} else {
			old[name] = nil
		}
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := set(ctx, old); err != nil {
			t.Errorf("the feature flags could not be put back: %v", err)
		}
	})
	require.NoError(t, set(t.Context(), data))
	err = wait.PollUntilContextTimeout(t.Context(), 200*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		for name, value := range flags {
			if ok, err := c.noticed(ctx, name, value); !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	})
	require.NoError(t, err, "Tekton does not notice its flags")
}

// gated are specs of Tasks that need a flag.
var gated = map[string]string{
	"enable-param-enum": `{"params":[{"name":"a","enum":["b"]}],"steps":[{"name":"c","image":"d"}]}`,
	"enable-api-fields": `{"steps":[{"name":"c","image":"d","stdoutConfig":{"path":"/e"}}]}`,
}

// noticed tells whether the webhook admits what the flag allows.
func (c *Cluster) noticed(ctx context.Context, name, value string) (bool, error) {
	spec, ok := gated[name]
	if !ok || value == "false" {
		return false, fmt.Errorf("nobody knows when the flag %q has been noticed: add to gated what needs it", name)
	}
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "tekton.dev/v1", "kind": "Task",
		"metadata": map[string]any{"name": "gated", "namespace": "default"}}}
	var s map[string]any
	if err := json.Unmarshal([]byte(spec), &s); err != nil {
		return false, err
	}
	o.Object["spec"] = s
	_, err := c.DryRun(ctx, o)
	return err == nil, nil
}

// Versions records for the report what the cluster is.
func (c *Cluster) Versions(t *testing.T) {
	t.Helper()
	if v, err := c.Core.Discovery().ServerVersion(); err == nil {
		t.Attr("kubernetes", v.GitVersion)
	}
	for _, of := range []string{"pipelines", "triggers"} {
		if info, err := c.Core.CoreV1().ConfigMaps(system).Get(t.Context(), of+"-info", metav1.GetOptions{}); err == nil {
			t.Attr("tekton-"+of, info.Data["version"])
		}
	}
	tier := c.Tier
	if tier == "" {
		tier = "a cluster of its own"
	}
	t.Attr("tier", tier)
	if c.Tier == ControlPlane {
		StandsIn(t, "a kubelet that ends pods without running them")
	}
}

package harness

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Commanded gives each step a command that has neither command nor script, on a
// cluster of the tier ControlPlane: Tekton asks the registry for the entry
// point of such an image, and there is none.
func (c *Cluster) Commanded(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	if c.Tier != ControlPlane {
		return
	}
	for _, o := range objects {
		if commanded(o.Object["spec"]) {
			StandsIn(t, "a command for an image's entry point")
		}
	}
}

func commanded(o any) bool {
	did := false
	switch o := o.(type) {
	case []any:
		for _, item := range o {
			did = commanded(item) || did
		}
	case map[string]any:
		for key, value := range o {
			if steps, ok := value.([]any); ok && key == "steps" {
				for _, s := range steps {
					did = command(s) || did
				}
				continue
			}
			did = commanded(value) || did
		}
	}
	return did
}

func command(step any) bool {
	s, ok := step.(map[string]any)
	if !ok || s["command"] != nil || s["script"] != nil || s["ref"] != nil || s["image"] == nil {
		return false
	}
	s["command"] = []any{"entry-point"}
	return true
}

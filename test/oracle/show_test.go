package oracle

import (
	"slices"
	"testing"

	"sigs.k8s.io/yaml"
)

// TestShow shows a system, with a fault in it if one is named, and what both
// sides have against it: go test -v -run TestShow -seed 207 -fault cycle.
func TestShow(t *testing.T) {
	if !flagged("seed") {
		t.Skip("no -seed")
	}
	s, where := generate(*seed), []string(nil)
	if *shown != "" {
		i := slices.IndexFunc(faults, func(f fault) bool { return f.name == *shown })
		if i < 0 {
			t.Fatalf("there is no fault %q", *shown)
		}
		s, where = faults[i].broken(*seed)
	}
	for _, o := range s.runtimeObjects() {
		b, err := yaml.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("---\n%s", b)
	}
	c, err := apply(s)
	for name, spec := range c.pods {
		b, err := yaml.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("pod of TaskRun %s:\n%s", name, b)
	}
	t.Logf("broken: %v\ntheirs: %v\nours:\n%v", where, err, ours(s))
}

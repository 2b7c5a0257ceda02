package manifest_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestParseMemory checks that memory is proportional to the text.
func TestParseMemory(t *testing.T) {
	takes := func(tasks int) uint64 {
		in := largePipeline(tasks)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		objects, found := manifest.Parse(in, "p.yaml")
		runtime.ReadMemStats(&after)
		require.Len(t, objects, 1)
		require.Empty(t, found)
		return after.TotalAlloc - before.TotalAlloc
	}
	small, large := takes(500), takes(4000)
	t.Logf("500 tasks: %d KiB, 4000 tasks: %d KiB", small>>10, large>>10)
	assert.Less(t, large, 8*2*small, "8 times the text takes more than 16 times the memory")
}

// largePipeline returns a Pipeline of many tasks with embedded specs.
func largePipeline(tasks int) []byte {
	var b bytes.Buffer
	b.WriteString("apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata:\n  name: large\nspec:\n  tasks:\n")
	for i := range tasks {
		fmt.Fprintf(&b, `    - name: task-%d
      params:
        - name: a
          value: $(tasks.task-%d.results.r)
        - name: b
          value: [x, "y"]
      taskSpec:
        params:
          - name: a
          - name: b
            type: array
        results:
          - name: r
        steps:
          - name: run
            image: docker.io/library/busybox:1.37
            env:
              - name: A
                value: $(params.a)
            script: |
              #!/bin/sh
              set -eu
              printf %%s "$A" > $(results.r.path)
`, i, max(0, i-1))
	}
	return b.Bytes()
}

// BenchmarkRead reads a Pipeline with the positions of all values, and, for
// comparison, with the usual decoder, which has no positions and stops at the first
// mistake.
func BenchmarkRead(b *testing.B) {
	for _, tasks := range []int{10, 1000, 10_000} {
		in := largePipeline(tasks)
		for _, r := range []struct {
			name string
			read func() bool
		}{
			{"tekwright", func() bool {
				objects, found := manifest.Parse(in, "p.yaml")
				return len(objects) == 1 && len(found) == 0
			}},
			{"sigs", func() bool {
				var p v1.Pipeline
				return yaml.UnmarshalStrict(in, &p) == nil && len(p.Spec.Tasks) == tasks
			}},
		} {
			b.Run(fmt.Sprintf("%d/%s", tasks, r.name), func(b *testing.B) {
				b.SetBytes(int64(len(in)))
				b.ReportAllocs()
				for b.Loop() {
					if !r.read() {
						b.Fatal("nothing is read")
					}
				}
			})
		}
	}
}

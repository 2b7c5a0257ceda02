package manifest_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestParseTime shows that reading is linear, and how long it takes.
func TestParseTime(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	took := func(tasks int) time.Duration {
		in := largePipeline(tasks)
		best := time.Hour
		for range 3 {
			start := time.Now()
			objects, found := manifest.Parse(in, "p.yaml")
			best = min(best, time.Since(start))
			require.Len(t, objects, 1)
			require.Empty(t, found)
		}
		t.Logf("%d tasks, %d KiB: %v", tasks, len(in)>>10, best)
		return best
	}
	for range 5 { // a busy machine may spoil one try
		if small, large := took(500), took(4000); large < 8*3*small {
			return
		}
	}
	t.Error("8 times the text takes more than 24 times as long")
}

// largePipeline is a Pipeline of many tasks with specs of their own.
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

// BenchmarkRead reads a Pipeline: into a struct with the place of every value,
// and as most programs do, which knows no places and stops at the first fault.
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

package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/bench/plain"
	"github.com/tekwright/tekwright/test/bench/typed"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/admission"
)

// perPipeline is how many tasks a pipeline of the estate has.
const perPipeline = 8

// BenchmarkSet describes, checks and writes the estate of an organisation:
// pipelines of 8 tasks, each with a Task of its own, over all cores. Upstream's
// structs are checked by its SetDefaults and Validate, each object for itself,
// and written by sigs.k8s.io/yaml. cpu-ms/op is what the process spent.
func BenchmarkSet(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprintf("tekwright/%d", n), func(b *testing.B) { measure(b, n, ours) })
		if n <= 1000 { // it takes minutes for more
			b.Run(fmt.Sprintf("upstream/%d", n), func(b *testing.B) { measure(b, n, upstream) })
		}
	}
}

// measure runs one(i) for n pipelines, over all cores.
func measure(b *testing.B, n int, one func(i int) error) {
	before := cpu(b)
	for b.Loop() {
		var wg sync.WaitGroup
		for core := range runtime.GOMAXPROCS(0) {
			wg.Go(func() {
				for i := core; i < n; i += runtime.GOMAXPROCS(0) {
					if err := one(i); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

func cpu(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func ours(i int) error {
	return manifest.New(typed.Pipeline(fmt.Sprintf("p-%d", i), fmt.Sprintf("p-%d-", i), perPipeline)).Write(io.Discard)
}

func upstream(i int) error {
	for _, o := range plain.Objects(fmt.Sprintf("p-%d", i), fmt.Sprintf("p-%d-", i), perPipeline) {
		if refused, _ := admission.Refusals(admission.Default(), o); len(refused) > 0 {
			return refused[0]
		}
		if _, err := yaml.Marshal(o); err != nil {
			return err
		}
	}
	return nil
}

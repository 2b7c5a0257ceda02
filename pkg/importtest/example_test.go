package importtest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/tekwright/tekwright/pkg/importtest"
)

// printer is a test that prints what it reports.
type printer struct{ testing.TB }

func (printer) Helper()                  {}
func (printer) Context() context.Context { return context.Background() }
func (printer) Error(args ...any)        { fmt.Println(args...) }

// In a test, t is its *testing.T. Here the image is not the one of the YAML.
func ExampleSame() {
	var t printer
	set := objects().Add(runs("hello-"))
	importtest.Same(t, set, "testdata/import")
	fmt.Println("the set is the same")

	importtest.Same(t, set, "testdata/older")
	// Output:
	// the set is the same
	// Task "greet": spec.steps[0].image differs
	// 	original: testdata/older/task.yaml:11:14: "registry.local/alpine:2"
	// 	Go:       pkg/importtest/importtest_test.go:31: "registry.local/alpine:3"
}

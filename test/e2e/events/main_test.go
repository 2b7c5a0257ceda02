// Package events proves that an event which a sender posts to the sink of a
// listener, on a live Tekton, starts the runs that it should and no others,
// with the rights that package infra derives.
package events

import (
	"flag"
	"testing"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// Tests wait for the cluster more than they work, so that more of them run side
// by side than there are processors.
func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "4") // the command line may say otherwise
	harness.Main(m)
}

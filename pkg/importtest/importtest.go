// Package importtest tests in a user's module that a program still describes the manifests
// that it was imported from.
//
//	importtest.Same(t, set, "testdata/import") // set is what the Go describes, the folder has the YAML
//
// Runs that are created and not applied are in sets of their own:
//
//	importtest.Same(t, set, "testdata/import", importtest.Runs(runs))
//
// For a comparison of what is written, without the rules below:
//
//	importtest.Same(t, set, "testdata/import", importtest.Exact())
//
// As long as the YAML and the Go both live, the test keeps them the same. When the Go has
// replaced the YAML, delete the test and its folder.
//
// # What is the same
//
// Objects are compared by group, kind, namespace and name; those without a name by
// generateName. Objects of older API versions are upgraded, and Tekton's defaults are set.
// Then these differences, and no others, mean nothing:
//
//  1. The order of keys, and null for an absent value. An empty text, 0 and false are
//     values.
//  2. The order of lists whose items Tekton finds by name: params, results, workspaces,
//     tasks, finally tasks, and the params of resolvers and of a matrix. Steps, args, env,
//     when expressions and volumes have an order.
//  3. A runAfter that follows from the other ones, or from a result that a task uses.
//  4. The ways to write a variable: $(params["x"]) and $(inputs.params.x) for $(params.x),
//     and ["$(params.x[*])"] for "$(params.x[*])", if x is an array.
//  5. What is the default: kind: Task, onError: stopAndFail, type: string. Quantities and
//     durations are compared by value, so 1Gi is 1024Mi.
//  6. The status, the metadata that servers write, and the values of Secrets. The keys and
//     the type of a Secret count.
//
// With [Exact], rules 2 to 5 do not apply, and only the values of quantities and durations
// are compared as before.
//
// Programs do not link the package: only tests import it.
package importtest

import (
	"testing"

	"github.com/tekwright/tekwright/internal/importer/proof"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Option is an option of [Same].
type Option func(*options)

type options struct {
	proof.Options
	sets []*manifest.Set
}

// Exact compares objects as they are written: all lists in their order, and without Tekton's
// defaults. It is for programs that were imported with --exact.
func Exact() Option { return func(o *options) { o.Exact = true } }

// Runs adds sets whose objects are not in the other set, such as runs with a generateName,
// which kubectl apply rejects.
func Runs(sets ...*manifest.Set) Option {
	return func(o *options) { o.sets = append(o.sets, sets...) }
}

// limit is the number of differences that are reported.
const limit = 100

// Same fails the test if a set has errors, or if it does not describe the objects in the
// files of a folder, and in the folders below it. It reports each difference with its path,
// and with its place in the file and in the Go:
//
//	Task "build": spec.steps[0].image differs
//		original: testdata/import/build.yaml:14:14: "registry.local/go:1.26"
//		Go:       task_build.go:31: "registry.local/go:1.25"
//
// Values of Secrets are neither compared nor reported.
func Same(t testing.TB, set *manifest.Set, dir string, opts ...Option) {
	t.Helper()
	o := options{sets: []*manifest.Set{set}}
	for _, option := range opts {
		if option != nil {
			option(&o)
		}
	}
	originals, err := proof.Read(t.Context(), dir)
	if err != nil {
		t.Error(printable.Sprintf("cannot read the originals: %v", err))
		return
	}
	o.Hide = originals.Hide
	described, err := proof.Described(o.sets...)
	if err != nil {
		t.Error("the set has errors\n\t" + printable.Lines(originals.Hide(err.Error()), "\t"))
	}
	found := proof.Compare(originals.Objects, described, o.Options)
	for _, d := range found[:min(len(found), limit)] {
		t.Error(d.String())
	}
	if n := len(found) - limit; n > 0 {
		t.Errorf("and %d more differences", n)
	}
}

// Package generatetest tests in a user's module that the generated folders are up to date.
//
//	func TestManifests(t *testing.T) {
//		generatetest.Check(t, system, "-o", "manifests")
//	}
//
// Programs do not link it: only tests import it.
package generatetest

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tekwright/tekwright/pkg/generate"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Check fails the test if the set has errors, if a folder is not what a program with
// [generate.Main] and the given flags would write, or if the set is not the same each time
// build is called. The flags are those of the line go:generate, such as "-o", "manifests",
// without -check. Folders are relative to that of the test. Warnings are logged.
//
// It changes no files: run go generate to update them.
func Check(t testing.TB, build func() *manifest.Set, flags ...string) {
	t.Helper()
	if build == nil {
		t.Fatal("the function that builds the set is nil")
		return
	}
	var out, messages bytes.Buffer
	code := generate.Run(build(), generate.Env{
		Name: filepath.Base(t.Name()), Args: append(slices.Clone(flags), "-check"), Stdout: &out, Stderr: &messages,
	})
	switch text := strings.TrimSpace(messages.String() + "\n" + out.String()); {
	case code != 0:
		t.Errorf("the folder is not what the program writes; run go generate, and commit what changes\n%s", text)
		return
	case text != "":
		t.Log(text)
	}
	if first, second := stream(t, build()), stream(t, build()); first != second {
		t.Errorf("two calls of the function return different sets; is a map ranged over, or a clock read?\nfirst:\n%s\nsecond:\n%s", first, second)
	}
}

// stream returns what the set writes.
func stream(t testing.TB, set *manifest.Set) string {
	t.Helper()
	var b bytes.Buffer
	if err := set.Write(&b); err != nil {
		t.Error(err)
	}
	return b.String()
}

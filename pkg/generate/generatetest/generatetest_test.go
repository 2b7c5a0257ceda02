package generatetest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/generate"
	"github.com/tekwright/tekwright/pkg/generate/generatetest"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/rule"
)

func system() *manifest.Set { return says("hello") }

func says(word string) *manifest.Set {
	p := builder.NewPipeline("hello")
	p.AddInline("greet", func(t *builder.Task) {
		t.Step("greet").Image("registry.local/alpine:3").Requests("10m", "16Mi").Script("echo " + word)
	})
	return manifest.New(p)
}

// TestManifests is a whole test of a user. To write the folder again, run it with
// TEKWRIGHT_UPDATE=1.
func TestManifests(t *testing.T) {
	flags := []string{"-o", "testdata/manifests", "-graph", "mermaid"}
	if os.Getenv("TEKWRIGHT_UPDATE") != "" {
		require.Zero(t, generate.Run(system(), generate.Env{Args: flags, Stderr: os.Stderr}))
	}
	generatetest.Check(t, system, flags...)
}

// recorder is a test that is allowed to fail.
type recorder struct {
	testing.TB
	failed, logged strings.Builder
}

func (r *recorder) Helper()                   {}
func (r *recorder) Errorf(f string, a ...any) { fmt.Fprintf(&r.failed, f+"\n", a...) }
func (r *recorder) Error(a ...any)            { fmt.Fprintln(&r.failed, a...) }
func (r *recorder) Fatal(a ...any)            { fmt.Fprintln(&r.failed, a...) }
func (r *recorder) Log(a ...any)              { fmt.Fprintln(&r.logged, a...) }

func checked(t *testing.T, build func() *manifest.Set, flags ...string) *recorder {
	r := &recorder{TB: t}
	generatetest.Check(r, build, flags...)
	return r
}

func TestCheck(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	r := checked(t, system, "-o", dir)
	assert.Contains(t, r.failed.String(), "run go generate")
	assert.Contains(t, r.failed.String(), "missing: pipeline-hello.yaml")
	assert.NoDirExists(t, dir, "nothing is written")

	require.Zero(t, generate.Run(system(), generate.Env{Args: []string{"-o", dir, "-kustomization"}, Stdout: os.Stdout}))
	assert.Empty(t, checked(t, system, "-o", dir, "-kustomization").failed.String())
	assert.Contains(t, checked(t, system, "-o", dir).failed.String(), "superfluous: kustomization.yaml")
	assert.Contains(t, checked(t, func() *manifest.Set { return says("bye") }, "-o", dir, "-kustomization").failed.String(), "+              echo bye")

	// Each call of the function gives another set.
	n := 0
	other := func() *manifest.Set { n++; return says(fmt.Sprint("hello", max(0, n-2))) }
	require.Zero(t, generate.Run(says("hello0"), generate.Env{Args: []string{"-o", dir, "-kustomization"}, Stdout: os.Stdout}))
	assert.Contains(t, checked(t, other, "-o", dir, "-kustomization").failed.String(), "different sets")

	// A set with errors, one with warnings, no folder, no function.
	bad := func() *manifest.Set { p := builder.NewPipeline("bad"); p.Param("unused"); return manifest.New(p) }
	assert.Contains(t, checked(t, bad, "-o", dir).failed.String(), "param-unused")
	warned := func() *manifest.Set {
		return system().Profile(check.Profile{Rules: []*rule.Rule{{
			Code: "seen", Severity: diag.Warning, Kinds: []string{"Pipeline"},
			Run: func(p *rule.Pass) { p.Report(p.At("metadata"), "the object is here", "") },
		}}})
	}
	require.Zero(t, generate.Run(warned(), generate.Env{Args: []string{"-o", dir}, Stdout: os.Stdout}))
	r = checked(t, warned, "-o", dir)
	assert.Empty(t, r.failed.String())
	assert.Contains(t, r.logged.String(), "warning seen")
	assert.Contains(t, checked(t, system).failed.String(), "-check needs a folder")
	assert.Contains(t, checked(t, nil, "-o", dir).failed.String(), "is nil")
}

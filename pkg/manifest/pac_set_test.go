package manifest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestPaC tests that runs of Pipelines-as-Code have a folder of their own, without the
// namespace of the set.
func TestPaC(t *testing.T) {
	root := t.TempDir()
	objects, tekton := filepath.Join(root, "manifests"), filepath.Join(root, ".tekton")
	s := set(task("a", "x")).Namespace("ci").PaC(manifest.FromObjects(task("b", "x")))
	require.True(t, s.HasPaC())
	require.NoError(t, s.WriteDir(objects))
	require.NoError(t, s.WritePaC(tekton))
	assert.Equal(t, []string{"task-a.yaml"}, list(t, objects))
	assert.Equal(t, []string{"task-b.yaml"}, list(t, tekton))
	text, err := os.ReadFile(filepath.Join(tekton, "task-b.yaml"))
	require.NoError(t, err)
	assert.NotContains(t, string(text), "namespace")
	require.NoError(t, s.CheckPaC(tekton))
	var stream strings.Builder
	require.NoError(t, s.Write(&stream))
	assert.NotContains(t, stream.String(), "name: b\n")

	// In a set that contains the set, and in both of them once.
	outer := manifest.New(s, s)
	require.NoError(t, outer.CheckPaC(tekton))
	assert.False(t, s.Derive().HasPaC())
	assert.ErrorContains(t, set(task("a", "x")).WritePaC(tekton), "add them with PaC")

	// Pruned, and compared.
	s = set(task("a", "x")).PaC(manifest.FromObjects(task("c", "x")))
	var drift *manifest.DriftError
	require.ErrorAs(t, s.CheckPaC(tekton), &drift)
	assert.Equal(t, []string{"task-c.yaml"}, drift.Missing)
	assert.Equal(t, []string{"task-b.yaml"}, drift.Extra)
	require.NoError(t, s.WritePaC(tekton))
	assert.Equal(t, []string{"task-c.yaml"}, list(t, tekton))

	// An error in either part is one of both.
	broken := set(task("a", "x")).PaC(manifest.FromObjects(task("A_", "x")))
	require.Error(t, broken.Build())
	assert.Error(t, broken.WriteDir(objects))
	assert.NotEmpty(t, broken.Findings())
}

// TestPaCOfItself tests that a set among its own runs is an error, also in another set.
func TestPaCOfItself(t *testing.T) {
	for name, make := range map[string]func(s *manifest.Set){
		"itself":      func(s *manifest.Set) { s.PaC(s) },
		"twice":       func(s *manifest.Set) { s.PaC(s, s).PaC(s) },
		"in another":  func(s *manifest.Set) { s.PaC(manifest.New(s)) },
		"of another":  func(s *manifest.Set) { s.PaC(manifest.New().PaC(s)) },
		"both ways":   func(s *manifest.Set) { s.Add(s).PaC(s) },
		"far away":    func(s *manifest.Set) { s.PaC(manifest.New(manifest.New().PaC(manifest.New(s)))) },
		"of an inner": func(s *manifest.Set) { s.Add(manifest.New().PaC(s)) },
	} {
		s := set(task("a", "x"))
		make(s)
		require.True(t, s.HasPaC(), name)
		for _, err := range []error{s.Build(), s.WriteDir(t.TempDir()), s.WritePaC(t.TempDir()), manifest.New(s).Build()} {
			assert.ErrorContains(t, err, "the set contains itself; remove it from the arguments of PaC", name)
		}
		assert.NotPanics(t, func() { _ = s.Findings() })
	}
	shared := set(task("a", "x"))
	require.NoError(t, manifest.New(shared).PaC(shared).Build())
	require.NoError(t, manifest.New(shared).PaC(manifest.New(shared).PaC(shared)).Build())
}

// TestDirs tests that a program can write the folders of many repositories, all or none.
func TestDirs(t *testing.T) {
	root := t.TempDir()
	a, b := filepath.Join(root, "a", ".tekton"), filepath.Join(root, "b", ".tekton")
	sets := map[string]*manifest.Set{a: set(task("a", "x")), b: set(task("b", "x"))}
	var drift *manifest.DriftError
	require.ErrorAs(t, manifest.CheckDirs(sets), &drift)
	require.NoError(t, manifest.WriteDirs(sets))
	require.NoError(t, manifest.CheckDirs(sets))
	assert.Equal(t, []string{"task-a.yaml"}, list(t, a))
	assert.Equal(t, []string{"task-b.yaml"}, list(t, b))

	sets[a], sets[b] = set(task("new", "x")), set(task("A_", "x"))
	require.Error(t, manifest.WriteDirs(sets))
	assert.Equal(t, []string{"task-a.yaml"}, list(t, a))
	assert.ErrorContains(t, manifest.WriteDirs(map[string]*manifest.Set{a: set(), a + "/": set()}), "are the same")
}

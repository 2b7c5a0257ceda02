package bind_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/bind"
)

// TestSharedSnapshot tests that the snapshot of a file of Go is not that of another one, which
// has the same name in another package.
func TestSharedSnapshot(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, map[string]string{"clone.yaml": clone})
	bound(t, bind.Options{Sources: []string{"clone.yaml"}, By: bind.Existing, Output: "a/bound.go", Snapshot: "snapshot"})
	o := bind.Options{Sources: []string{"clone.yaml"}, By: bind.Existing, Output: "b/bound.go", Snapshot: "snapshot"}
	_, err := bind.Plan(context.Background(), o)
	require.EqualError(t, err, "cannot read the snapshot snapshot: its bound.json is that of another file of Go, ../a/bound.go\n  help: pass another folder to --snapshot, or another file to -o")
	o.Output = "b/other.go"
	bound(t, o)
	o.Output = "a/bound.go"
	bound(t, o)
	assert.FileExists(t, "snapshot/git-clone.yaml")

	// The one at the usual place is one as well.
	o.Output, o.Snapshot = "c/bound.go", ""
	bound(t, o)
	o.Output, o.Snapshot = "d/bound.go", "c/testdata/bound"
	_, err = bind.Plan(context.Background(), o)
	require.ErrorContains(t, err, "its bound.json is that of another file of Go, ../../bound.go\n")
}

// TestOtherCommit tests that a commit which does not change what is bound changes nothing, and
// that a digest which is pinned moves.
func TestOtherCommit(t *testing.T) {
	t.Chdir(t.TempDir())
	text, commit := clone, ""
	o := bind.Options{Output: "ci/bound.go", Fetch: func(context.Context, bind.Source) (bind.Fetched, error) {
		return bind.Fetched{Files: []bind.Text{{Path: "git-clone", Bytes: []byte(text)}}, Resolved: commit}, nil
	}}
	for source, moves := range map[string]bool{"git+https://git.example.com/acme/tasks@main:git-clone": false, "bundle://registry.local/task:1#git-clone": true} {
		for _, pin := range []bool{false, true} {
			o.Sources, o.Pin = []string{source}, pin
			commit = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
			bound(t, o)
			commit = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
			r, err := bind.Plan(context.Background(), o)
			require.NoError(t, err)
			written, err := r.Write()
			require.NoError(t, err)
			assert.Equal(t, moves && pin, len(written) > 0, "%s %v: %v", source, pin, written)
			assert.Empty(t, r.Changes)
		}
	}
	text = clone + "# Another one\n"
	r, err := bind.Plan(context.Background(), o)
	require.NoError(t, err)
	written, err := r.Write()
	require.NoError(t, err)
	assert.NotEmpty(t, written)
}

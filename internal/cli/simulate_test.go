package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSimulateElsewhere: tekwright passes the command line on to the program that links
// Tekton's controller.
func TestSimulateElsewhere(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	r := words("simulate tekton/")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "there is no program tekwright-simulate\n  help: in a clone of tekwright, run (cd pkg/simulate && go install ./cmd/tekwright-simulate)")

	script := "#!/bin/sh\necho \"out $*\"\necho err >&2\nexit 1\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "tekwright-simulate"), []byte(script), 0o700))
	r = words("simulate tekton/ --fail x --unknown")
	assert.Equal(t, result{"out tekton/ --fail x --unknown\n", "err\n", 1}, r)
	r = words("simulate --help")
	assert.Zero(t, r.exit)
	assert.Contains(t, r.out, "--fail task")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "tekwright-simulate"), []byte("#!/none/sh\n"), 0o700))
	r = words("simulate tekton/")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "cannot run ")
}

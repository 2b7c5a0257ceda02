package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCommand runs the command by itself and under go vet.
func TestCommand(t *testing.T) {
	tool := filepath.Join(t.TempDir(), "tekwright-vet")
	out, err := exec.Command("go", "build", "-o", tool, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	gopath, err := filepath.Abs("../../testdata")
	require.NoError(t, err)

	for name, command := range map[string][]string{
		"alone":        {tool, "scope"},
		"under go vet": {"go", "vet", "-vettool=" + tool, "scope"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(command[0], command[1:]...)
			cmd.Dir = filepath.Join(gopath, "src")
			cmd.Env = append(os.Environ(), "GO111MODULE=off", "GOFLAGS=", "GOPATH="+gopath)
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			require.ErrorAs(t, err, &exit, "%s", out)
			assert.Positive(t, exit.ExitCode())
			assert.Regexp(t, `scope\.go:15:6: builder\.TaskString\(g\.Name\) uses a variable of the pipeline in a task`, string(out))
		})
	}
}

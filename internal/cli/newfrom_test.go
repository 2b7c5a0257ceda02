package cli_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNewFromTimeUp tests that what has been found is reported if git takes too long.
func TestNewFromTimeUp(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("git is a shell script here")
	}
	dir, bin := t.TempDir(), t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.WriteFile("a.yaml", []byte("apiVersion: v1\nkind: Foo\nmetadata: {name: a}\n"), 0o600))
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	slow := func(what string) {
		script := "#!/bin/sh\ncase \"$*\" in\n*" + what + "*) exec sleep 600;;\n*show-toplevel*) pwd;;\n*) echo 0123456789012345678901234567890123456789;;\nesac\n"
		require.NoError(t, os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o700)) //nolint:gosec // it has to be executable
	}
	slow("ls-tree")
	r := run("", []string{"check", "a.yaml", "--new-from", "main", "--timeout", "3s"})
	assert.Equal(t, 1, r.exit, r.err)
	assert.Contains(t, r.out, "kind-unknown")
	assert.Contains(t, r.err, "warning: not all of the revision \"main\" was checked: the time is up\n  help: some findings may be reported although they are not new\n")

	slow("verify")
	r = run("", []string{"check", "a.yaml", "--new-from", "main", "--timeout", "1s"})
	assert.Equal(t, 2, r.exit)
	assert.Equal(t, "tekwright: cannot find the revision \"main\": the time is up\n  help: raise the limit with --timeout\n", r.err)
	slow("toplevel")
	r = run("", []string{"check", "a.yaml", "--new-from", "main", "--timeout", "1s"})
	assert.Equal(t, 2, r.exit)
	assert.Equal(t, "tekwright: cannot compare a.yaml with the revision \"main\": the time is up\n  help: raise the limit with --timeout\n", r.err)
}

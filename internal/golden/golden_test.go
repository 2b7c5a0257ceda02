package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recorder is a test that takes note of its failures.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// check runs Check on a file and returns its one failure, "" for none.
func check(t *testing.T, update, file, got string) string {
	t.Helper()
	t.Setenv(Variable, update)
	r := &recorder{TB: t}
	Check(r, file, []byte(got))
	if len(r.failures) == 0 {
		return ""
	}
	require.Len(t, r.failures, 1)
	return r.failures[0]
}

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.txt")
	require.NoError(t, os.WriteFile(file, []byte("one\r\ntwo\r\n"), 0o600))

	assert.Empty(t, check(t, "", file, "one\ntwo\n"), "line breaks of a Windows checkout")
	got := check(t, "", file, "one\n2\n")
	assert.Contains(t, got, "differs")
	assert.Contains(t, got, "-two\n+2\n")
	assert.Contains(t, got, Variable+"='", "the failure names the command")

	got = check(t, "", filepath.Join(dir, "b.txt"), "x")
	assert.Contains(t, got, "is missing")
	assert.Contains(t, got, Variable+"='")

	assert.Contains(t, check(t, "[", file, "one\n"), "is not a valid pattern")
	assert.NotEmpty(t, check(t, "", dir, "x"), "a folder is no golden")
}

func TestUpdate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "testdata", "a.yaml")

	assert.Contains(t, check(t, "b*", file, "x\n"), "is missing", "another file's pattern")
	assert.Contains(t, check(t, "a*", file, "x\n"), "wrote", "a run that writes fails")
	assert.Empty(t, check(t, "*", file, "x\n"), "what is right is not written")
	assert.Empty(t, check(t, "", file, "x\n"))
	assert.Contains(t, check(t, filepath.ToSlash(filepath.Dir(file))+"/*", file, "y\n"), "wrote")
	assert.Empty(t, check(t, "", file, "y\n"))
}

func TestYAML(t *testing.T) {
	const task = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: a\nspec:\n  steps:\n    - image: alpine\n"
	file := filepath.Join(t.TempDir(), "a.yaml")
	require.NoError(t, os.WriteFile(file, []byte(task), 0o600))
	r := &recorder{TB: t}
	YAML(r, file, []byte(task))
	assert.Empty(t, r.failures)

	YAML(r, file, []byte(task+"      comand: [x]\n"))
	require.Len(t, r.failures, 2)
	assert.Contains(t, r.failures[0], "differs")
	assert.Contains(t, r.failures[1], "upstream rejects this")
}

package scripts

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// itemOfList is a file as buildah takes it from its list of files: without the quotes.
func itemOfList(seen string) string {
	return regexp.MustCompile(`(?s)\[--file="(.*?)"\]\n`).ReplaceAllStringFunc(seen, func(line string) string {
		item := strings.TrimSuffix(strings.TrimPrefix(line, `[--file="`), "\"]\n")
		return "[--file=" + strings.ReplaceAll(item, `""`, `"`) + "]\n"
	})
}

// TestBuildahList: buildah splits --file at commas. A file or a directory with one is no
// list, whose second file could be outside the source: buildah would show how it starts.
func TestBuildahList(t *testing.T) {
	t.Parallel()
	buildah := need(t, "buildah")
	secret := write(t, t.TempDir(), map[string]string{"token": "the-secret\n"}) + "/token"
	dir := t.TempDir()
	write(t, dir, map[string]string{"buildah": "#!/bin/sh\nexec " + buildah + " --root='" + dir + "/root' --runroot='" + dir + "/run' \"$@\"\n"})
	require.NoError(t, os.Chmod(filepath.Join(dir, "buildah"), 0o755))
	r := run{task: define(t, tasks.Buildah{}), path: []string{dir}, params: map[string]string{"image": "example.com/app:1", "push": "false"}}
	recipe := "FROM scratch\nLABEL a=b\n"
	for _, file := range []string{"a" + "," + secret, "a,b/Dockerfile", `a"b/Dockerfile`, "two\nlines", "trailing\n", " blanks ", "plain"} {
		r.workspaces = map[string]string{"source": write(t, t.TempDir(), map[string]string{file: recipe, "a": "FROM scratch\n"})}
		r.params["dockerfile"] = file
		got := r.do(t)
		assert.NotContains(t, strings.ToLower(got.stdout+got.stderr), "the-secret")
		if strings.Contains(got.stderr, "user namespace") || strings.Contains(got.stderr, "operation not permitted") {
			t.Skip("SKIPPED: buildah cannot run here")
		}
		got.ok(t)
		assert.Contains(t, got.stdout+got.stderr, "LABEL", file)
	}
	r.workspaces["source"] = write(t, t.TempDir(), map[string]string{"a\r\nb": recipe})
	r.params["dockerfile"] = "a\r\nb"
	r.do(t).refused(t, "buildah", "contains a carriage return before a newline")
}

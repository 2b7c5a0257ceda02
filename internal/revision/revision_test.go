package revision_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/revision"
)

// git runs git in a directory.
func git(t *testing.T, dir, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgSign=false", "-c", "init.defaultBranch=main"}, args...)...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "git %v: %s", args, out)
	return strings.TrimSpace(string(out))
}

// repository returns a repository with the files in one commit.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "", "init", "-q")
	for name, text := range files {
		name = filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	git(t, dir, "", "add", "-A")
	git(t, dir, "", "commit", "-qm", "x")
	return dir
}

// extracted returns the names of the files of HEAD that a check of the paths reads.
func extracted(t *testing.T, dir, from string, paths ...string) (names []string, to string) {
	t.Helper()
	r, err := revision.Open(context.Background(), from)
	require.NoError(t, err)
	assert.Equal(t, real(t, dir), r.Top)
	commit, err := r.Commit(context.Background(), "HEAD")
	require.NoError(t, err)
	to = t.TempDir()
	require.NoError(t, r.Extract(context.Background(), commit, paths, to))
	require.NoError(t, filepath.WalkDir(to, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(to, path)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	}))
	return names, to
}

func real(t *testing.T, dir string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(dir)
	require.NoError(t, err)
	return dir
}

func TestExtract(t *testing.T) {
	files := map[string]string{
		"a.yaml": "a", "b.YML": "b", "c.json": "c", "d.txt": "d", "Chart.yaml": "e", "with space\u00e9\n.yaml": "f", "empty.yaml": "",
		"sub/a.yaml": "g", "sub/deep/b.yaml": "h", "sub/.tekwright-check": "i", "sub/x.sh": "j", ".tekton/a.yaml": "k", "other/.tekwright-check": "l",
	}
	dir := repository(t, files)
	for _, test := range []struct {
		paths []string
		want  []string
	}{
		{[]string{"."}, []string{".tekton/a.yaml", "Chart.yaml", "a.yaml", "b.YML", "c.json", "empty.yaml", "other/.tekwright-check",
			"sub/.tekwright-check", "sub/a.yaml", "sub/deep/b.yaml", "with space\u00e9\n.yaml"}},
		{[]string{"sub"}, []string{"Chart.yaml", "other/.tekwright-check", "sub/.tekwright-check", "sub/a.yaml", "sub/deep/b.yaml"}},
		{[]string{"sub/x.sh", "a.yaml"}, []string{"Chart.yaml", "a.yaml", "other/.tekwright-check", "sub/.tekwright-check", "sub/x.sh"}},
		{[]string{"none"}, []string{"Chart.yaml", "other/.tekwright-check", "sub/.tekwright-check"}},
	} {
		names, to := extracted(t, dir, filepath.Join(dir, "sub", "deep"), test.paths...)
		assert.Equal(t, test.want, names)
		for _, name := range names {
			text, err := os.ReadFile(filepath.Join(to, name))
			require.NoError(t, err)
			assert.Equal(t, files[name], string(text))
		}
	}

	// A kustomization may refer to any file of the repository.
	dir = repository(t, map[string]string{"base/a.yaml": "a", "base/env": "b", "over/kustomization.yaml": "c", "large": strings.Repeat("x", 1<<20)})
	names, _ := extracted(t, dir, dir, "over")
	assert.Equal(t, []string{"base/a.yaml", "base/env", "over/kustomization.yaml"}, names)
	names, _ = extracted(t, dir, dir, "base")
	assert.Equal(t, []string{"base/a.yaml"}, names)
}

// TestLinks tests that links cannot lead out of the directory, even in a tree that git would
// not write.
func TestLinks(t *testing.T) {
	dir := repository(t, map[string]string{"a.yaml": "a", "d/b.yaml": "b"})
	outside := t.TempDir()
	for name, target := range map[string]string{
		"good.yaml": "d/b.yaml", "d/up.yaml": "../a.yaml", "abs.yaml": filepath.Join(outside, "x"), "out.yaml": "../x", "d/out.yaml": "../../x", "dir.yaml": "d",
	} {
		require.NoError(t, os.Symlink(target, filepath.Join(dir, name)))
	}
	git(t, dir, "", "add", "-A")
	git(t, dir, "", "commit", "-qm", "links")
	names, to := extracted(t, dir, dir, ".")
	assert.Equal(t, []string{"a.yaml", "d/b.yaml", "d/up.yaml", "dir.yaml", "good.yaml"}, names)
	text, err := os.ReadFile(filepath.Join(to, "d", "up.yaml"))
	require.NoError(t, err)
	assert.Equal(t, "a", string(text))

	// A tree with a link and a directory of the same name, and with names that git refuses.
	id := git(t, dir, "evil", "hash-object", "-w", "--stdin")
	link := git(t, dir, outside, "hash-object", "-w", "--stdin")
	sub := git(t, dir, fmt.Sprintf("100644 blob %s\tx.yaml\n", id), "mktree")
	tree := git(t, dir, fmt.Sprintf("120000 blob %s\ta.yaml\n040000 tree %s\ta.yaml\n040000 tree %s\t..\n040000 tree %s\t.git\n100644 blob %s\tz.yaml\n", link, sub, sub, sub, id), "mktree")
	commit := git(t, dir, "", "commit-tree", "-m", "x", tree)
	r, err := revision.Open(context.Background(), dir)
	require.NoError(t, err)
	to = t.TempDir()
	_ = r.Extract(context.Background(), commit, []string{"."}, to) // it may refuse the tree
	entries, err := os.ReadDir(outside)
	require.NoError(t, err)
	assert.Empty(t, entries)
	assert.NoFileExists(t, filepath.Join(filepath.Dir(to), "x.yaml"))
	assert.NoDirExists(t, filepath.Join(to, ".git"))
}

// TestHostile tests that nothing is executed that a repository names in its configuration,
// and that nothing in it changes.
func TestHostile(t *testing.T) {
	dir := repository(t, map[string]string{"a.yaml": "a", ".gitattributes": "* filter=evil diff=evil textconv=evil export-subst\n"})
	canary := filepath.Join(t.TempDir(), "canary")
	program := filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\ntouch '"+canary+"'\n"), 0o700)) //nolint:gosec // it has to be executable
	for _, key := range []string{"core.fsmonitor", "core.pager", "pager.ls-tree", "pager.cat-file", "core.sshCommand", "core.editor", "filter.evil.smudge", "filter.evil.clean", "filter.evil.process",
		"diff.evil.textconv", "diff.evil.command", "diff.external", "alias.ls-tree", "alias.cat-file", "alias.rev-parse", "credential.helper", "uploadpack.packObjectsHook", "core.alternateRefsCommand", "tar.tar.gz.command"} {
		git(t, dir, "", "config", key, program)
	}
	git(t, dir, "", "config", "core.hooksPath", filepath.Dir(program))
	// A promisor remote would be asked for a missing object, with a program of its own.
	git(t, dir, "", "config", "extensions.partialClone", "origin")
	git(t, dir, "", "config", "remote.origin.url", "ext::"+program)
	git(t, dir, "", "config", "remote.origin.promisor", "true")
	git(t, dir, "", "config", "remote.origin.uploadpack", program)
	git(t, dir, "", "config", "protocol.ext.allow", "always")
	require.NoError(t, os.RemoveAll(canary))
	before := state(t, dir)
	names, _ := extracted(t, dir, dir, ".")
	assert.Equal(t, []string{"a.yaml"}, names)

	id := git(t, dir, "", "rev-parse", "HEAD:a.yaml")
	object := filepath.Join(dir, ".git", "objects", id[:2], id[2:])
	require.NoError(t, os.Rename(object, object+"-away"))
	r, err := revision.Open(context.Background(), dir)
	require.NoError(t, err)
	commit, err := r.Commit(context.Background(), "HEAD")
	require.NoError(t, err)
	err = r.Extract(context.Background(), commit, []string{"."}, t.TempDir())
	require.ErrorContains(t, err, "the clone does not have the contents of a.yaml")
	require.NoError(t, os.Rename(object+"-away", object))
	assert.NoFileExists(t, canary)
	assert.Equal(t, before, state(t, dir))
}

// TestOldGit tests that a git that does not know GIT_NO_LAZY_FETCH asks no promisor remote for
// a missing object, although the repository allows each protocol.
func TestOldGit(t *testing.T) {
	dir := repository(t, map[string]string{"a.yaml": "a"})
	canary := filepath.Join(t.TempDir(), "canary")
	program := filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\ntouch '"+canary+"'\n"), 0o700)) //nolint:gosec // it has to be executable
	for key, value := range map[string]string{"core.repositoryFormatVersion": "1", "extensions.partialClone": "origin", "remote.origin.url": "ext::" + program, "remote.origin.promisor": "true",
		"protocol.ext.allow": "always", "protocol.allow": "always"} {
		git(t, dir, "", "config", key, value)
	}
	id := git(t, dir, "", "rev-parse", "HEAD:a.yaml")
	object := filepath.Join(dir, ".git", "objects", id[:2], id[2:])
	require.NoError(t, os.Rename(object, object+"-away"))

	real, err := exec.LookPath("git")
	require.NoError(t, err)
	old := filepath.Join(t.TempDir(), "git")
	require.NoError(t, os.WriteFile(old, []byte("#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec '"+real+"' \"$@\"\n"), 0o700)) //nolint:gosec // it has to be executable
	t.Setenv("PATH", filepath.Dir(old)+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("GIT_ALLOW_PROTOCOL", "ext")
	r, err := revision.Open(context.Background(), dir)
	require.NoError(t, err)
	commit, err := r.Commit(context.Background(), "HEAD")
	require.NoError(t, err)
	require.Error(t, r.Extract(context.Background(), commit, []string{"."}, t.TempDir()))
	assert.NoFileExists(t, canary)

	cmd := exec.Command(old, "cat-file", "-s", id)
	cmd.Dir = dir
	_ = cmd.Run()
	assert.FileExists(t, canary, "without these variables, git runs the program")
}

// TestBomb tests that a commit whose few objects stand for ten billion files is refused.
func TestBomb(t *testing.T) {
	dir := repository(t, map[string]string{"a.yaml": "a"})
	entry := "100644 blob " + git(t, dir, "", "rev-parse", "HEAD:a.yaml")
	for range 10 {
		var tree strings.Builder
		for i := range 10 {
			fmt.Fprintf(&tree, "%s\t%s%d\n", entry, strings.Repeat("a", 200), i)
		}
		entry = "040000 tree " + git(t, dir, tree.String(), "mktree")
	}
	commit := git(t, dir, "", "commit-tree", "-m", "x", strings.TrimPrefix(entry, "040000 tree "))
	r, err := revision.Open(context.Background(), dir)
	require.NoError(t, err)
	to := t.TempDir()
	require.ErrorContains(t, r.Extract(context.Background(), commit, []string{"."}, to), "the list of its files is longer than 128 MiB")
	list, err := os.ReadDir(to)
	require.NoError(t, err)
	assert.Empty(t, list)
}

// TestFilesTotal tests that a blob that is the content of many files does not fill the memory.
func TestFilesTotal(t *testing.T) {
	dir := repository(t, map[string]string{"a.yaml": strings.Repeat("a", 1000)})
	entry := "100644 blob " + git(t, dir, "", "rev-parse", "HEAD:a.yaml")
	var tree strings.Builder
	for i := range 50 {
		fmt.Fprintf(&tree, "%s\ta%d.yaml\n", entry, i)
	}
	commit := git(t, dir, "", "commit-tree", "-m", "x", git(t, dir, tree.String(), "mktree"))
	r, err := revision.Open(t.Context(), dir)
	require.NoError(t, err)
	yaml := func(name string) bool { return strings.HasSuffix(name, ".yaml") }
	files, _, err := r.Files(t.Context(), commit, "", 1000, 50_000, yaml)
	require.NoError(t, err)
	assert.Len(t, files, 50)
	_, _, err = r.Files(t.Context(), commit, "", 1000, 49_999, yaml)
	require.ErrorContains(t, err, "the manifests of the folder are larger than 0 MiB together")
}

// state describes all files of a directory.
func state(t *testing.T, dir string) (all []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			all = append(all, fmt.Sprint(path, info.Size(), info.ModTime(), info.Mode()))
		}
		return err
	}))
	return all
}

func TestFaults(t *testing.T) {
	dir := repository(t, map[string]string{"a.yaml": "a"})
	r, err := revision.Open(context.Background(), dir)
	require.NoError(t, err)
	for _, rev := range []string{"", "-h", "--all", "a\nb", "a\x00b", "none", "HEAD:a.yaml", "HEAD^{tree}", "HEAD..HEAD", strings.Repeat("a", 10_000)} {
		_, err := r.Commit(context.Background(), rev)
		assert.Error(t, err, "%.20q", rev)
	}
	_, err = revision.Open(context.Background(), t.TempDir())
	require.EqualError(t, err, "it is not in a git repository")
	ctx, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancel()
	_, err = revision.Open(ctx, dir)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = r.Commit(ctx, "HEAD")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Error(t, r.Extract(ctx, "HEAD", []string{"."}, t.TempDir()))

	// Variables of a hook of git mean another directory.
	t.Setenv("GIT_DIR", ".git")
	t.Setenv("GIT_INDEX_FILE", ".git/index")
	t.Setenv("GIT_PREFIX", "sub/")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o700))
	again, err := revision.Open(context.Background(), filepath.Join(dir, "sub"))
	require.NoError(t, err)
	assert.Equal(t, r, again)

	t.Setenv("PATH", t.TempDir())
	_, err = revision.Open(context.Background(), dir)
	require.EqualError(t, err, "the program git is not installed")
}

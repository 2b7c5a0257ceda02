package scripts

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGitCloneFails: a clone that fails leaves nothing that could be taken for one, and what
// was there before.
func TestGitCloneFails(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	r.push("refs/heads/main")
	r.commit("broken", map[string]string{".gitmodules": "[submodule \"m\"]\n\tpath = m\n\turl = file:///nowhere\n"})
	git(t, r.work, "update-index", "--add", "--cacheinfo", "160000,"+git(t, r.work, "rev-parse", "HEAD")+",m")
	git(t, r.work, "commit", "-q", "-m", "module")
	r.push("refs/heads/submodule")
	for name, c := range map[string]struct {
		params map[string]string
		before []string // files
		after  []string // files and directories
	}{
		"no such revision, new directory":     {map[string]string{"revision": "none", "subdirectory": "repos/a"}, nil, []string{"repos"}},
		"no such revision, whole workspace":   {map[string]string{"revision": "none"}, nil, nil},
		"no such repository":                  {map[string]string{"url": "file:///nowhere", "subdirectory": "a"}, nil, nil},
		"bad refspec":                         {map[string]string{"refspec": "-x", "subdirectory": "a"}, nil, nil},
		"submodule":                           {map[string]string{"revision": "submodule", "subdirectory": "a/"}, nil, nil},
		"submodule, whole workspace":          {map[string]string{"revision": "submodule"}, nil, nil},
		"beside others":                       {map[string]string{"revision": "none", "subdirectory": "repos/a"}, []string{"repos/b/x"}, []string{"repos", "repos/b", "repos/b/x"}},
		"directory that was there":            {map[string]string{"revision": "none", "subdirectory": "a/."}, []string{"a/old"}, []string{"a"}},
		"nothing deleted":                     {map[string]string{"revision": "none", "delete-existing": "false"}, []string{"old", "b/x"}, []string{"b", "b/x", "old"}},
		"nothing deleted, new directory":      {map[string]string{"revision": "submodule", "delete-existing": "false", "subdirectory": "a"}, []string{"old"}, []string{"old"}},
		"wrong input":                         {map[string]string{"depth": "x"}, []string{"old"}, []string{"old"}},
		"directory through a link is refused": {map[string]string{"subdirectory": "../x"}, []string{"old"}, []string{"old"}},
	} {
		t.Run(name, func(t *testing.T) {
			output := t.TempDir()
			for _, file := range c.before {
				require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(output, file)), 0o700))
				require.NoError(t, os.WriteFile(filepath.Join(output, file), nil, 0o600))
			}
			params := map[string]string{"url": "file://" + r.bare}
			maps.Copy(params, c.params)
			cloning(t, output, params).do(t).refused(t, "git-clone", "")
			assert.Equal(t, c.after, tree(t, output))
		})
	}
	t.Run("a clone follows", func(t *testing.T) {
		output := t.TempDir()
		params := map[string]string{"url": "file://" + r.bare, "revision": "none", "subdirectory": "repos/a"}
		cloning(t, output, params).do(t).refused(t, "git-clone", "")
		params["revision"] = "main"
		cloning(t, output, params).do(t).ok(t)
		assert.FileExists(t, filepath.Join(output, "repos/a/README"))
		assert.DirExists(t, filepath.Join(output, "repos/a/.git"))
	})
}

// tree returns the files and directories below a directory, in order.
func tree(t testing.TB, root string) []string {
	t.Helper()
	var out []string
	require.NoError(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		out = append(out, name)
		return err
	}))
	slices.Sort(out)
	return out
}

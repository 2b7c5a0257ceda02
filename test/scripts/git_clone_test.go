package scripts

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// cloning is a run of GitClone with these inputs, into the output directory.
func cloning(t testing.TB, output string, params map[string]string) run {
	t.Helper()
	return run{
		task: define(t, tasks.GitClone{}), params: params,
		workspaces: map[string]string{"output": output},
	}
}

func TestGitCloneRevisions(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	first := git(t, r.work, "rev-parse", "HEAD")
	second := r.commit("second", map[string]string{"README": "two\n"})
	r.push("refs/heads/main")
	git(t, r.work, "tag", "-a", "-m", "note", "v1.0")
	r.push("refs/tags/light")
	git(t, r.work, "push", "-q", "origin", "v1.0")
	feature := r.commit("feature", map[string]string{"README": "feature\n"})
	r.push("refs/heads/feature/x")
	r.push("refs/heads/same")
	r.push("refs/heads/beef")
	pull := r.commit("pull", map[string]string{"README": "pull\n"})
	r.push("refs/pull/7/head")
	git(t, r.work, "checkout", "-q", first)
	r.push("refs/tags/same")
	for _, ref := range []string{"heads/refs/heads/main", "tags/refs/heads/main", "tags/refs/pull/7/head"} {
		r.push("refs/" + ref) // which are not meant
	}

	for name, c := range map[string]struct {
		revision string
		more     map[string]string
		want     string
	}{
		"default branch":       {"", nil, second},
		"HEAD":                 {"HEAD", nil, second},
		"branch":               {"main", nil, second},
		"branch with a slash":  {"feature/x", nil, feature},
		"full ref":             {"refs/heads/feature/x", nil, feature},
		"annotated tag":        {"v1.0", nil, second},
		"tag":                  {"light", nil, second},
		"tag before branch":    {"same", nil, first},
		"branch by its ref":    {"refs/heads/same", nil, feature},
		"tag by its ref":       {"refs/tags/same", nil, first},
		"main by its ref":      {"refs/heads/main", nil, second},
		"pull request":         {"refs/pull/7/head", nil, pull},
		"short pull request":   {"pull/7/head", nil, pull},
		"commit":               {second, nil, second},
		"old commit":           {first, nil, first},
		"abbreviated":          {first[:9], nil, first},
		"branch of hex digits": {"beef", nil, feature},
		"whole history":        {"main", map[string]string{"depth": "0"}, second},
		"refspec":              {"pr", map[string]string{"refspec": "+refs/pull/7/head:refs/heads/pr"}, pull},
		"two refspecs":         {"b", map[string]string{"refspec": " refs/heads/main:refs/heads/a  refs/pull/7/head:refs/heads/b "}, pull},
		"refspec alone":        {"", map[string]string{"refspec": "refs/pull/7/head"}, pull},
		"refspec and branch":   {"main", map[string]string{"refspec": "refs/pull/7/head"}, second},
		"refspec and commit":   {pull, map[string]string{"refspec": "refs/pull/7/head"}, pull},
	} {
		t.Run(name, func(t *testing.T) {
			output := t.TempDir()
			params := map[string]string{"url": "file://" + r.bare, "revision": c.revision}
			maps.Copy(params, c.more)
			got := cloning(t, output, params).do(t).ok(t)
			assert.Equal(t, map[string]string{
				"commit": c.want, "short-commit": git(t, output, "rev-parse", "--short", "HEAD"),
				"committer-date": "1714979290", "url": "file://" + r.bare,
			}, got.results)
			assert.Equal(t, c.want, git(t, output, "rev-parse", "HEAD"))
			assert.Empty(t, git(t, output, "status", "--porcelain"))
			if c.revision == "main" && c.more == nil {
				assert.Equal(t, "1", git(t, output, "rev-list", "--count", "HEAD"))
			}
			if c.more["depth"] == "0" {
				assert.Equal(t, "2", git(t, output, "rev-list", "--count", "HEAD"))
				assert.Equal(t, "light\nrefs/heads/main\nrefs/pull/7/head\nsame\nv1.0", git(t, output, "tag"))
			}
		})
	}
}

func TestGitCloneRefuses(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	url := "file://" + r.bare
	for name, c := range map[string]struct {
		params map[string]string
		want   string
	}{
		"no url":               {map[string]string{"url": ""}, "url is empty"},
		"dash url":             {map[string]string{"url": "--upload-pack=touch x"}, "starts with a dash"},
		"password":             {map[string]string{"url": "https://u:p@example.com/a"}, "url contains a password"},
		"slash in a password":  {map[string]string{"url": "https://u:secret/x@example.com/a"}, "port that is not a number, or contains a password"},
		"query in a password":  {map[string]string{"url": "https://u:secret?x@example.com/a"}, "port that is not a number, or contains a password"},
		"hash in a password":   {map[string]string{"url": "http://u:secret#x@example.com/a", "verbose": "true"}, "port that is not a number, or contains a password"},
		"one slash":            {map[string]string{"url": "https:/u:secret@example.com/a"}, "url has no host"},
		"no slash":             {map[string]string{"url": "http:u:secret@example.com/a"}, "url has no host"},
		"three slashes":        {map[string]string{"url": "HTTPS:///u:secret@example.com/a"}, "url has no host"},
		"port of IPv6":         {map[string]string{"url": "http://[::1]:1/a"}, "cannot fetch the default branch"},
		"IPv6":                 {map[string]string{"url": "ssh://[fe80::x]/a"}, "cannot fetch the default branch"},
		"port":                 {map[string]string{"url": "http://127.0.0.1:1/a@b"}, "cannot fetch the default branch"},
		"no port":              {map[string]string{"url": "http://127.0.0.1:/a:b@c"}, "cannot fetch the default branch"},
		"verbose refspec":      {map[string]string{"url": url, "verbose": "true", "refspec": "https://u:secret@example.com"}, "contains a URL with a user"},
		"helper url":           {map[string]string{"url": "ext::touch x"}, "cannot fetch the default branch"},
		"missing repository":   {map[string]string{"url": url + "x"}, "cannot fetch the default branch"},
		"dash revision":        {map[string]string{"url": url, "revision": "--output=x"}, "starts with a dash"},
		"refspec as revision":  {map[string]string{"url": url, "revision": "main:refs/heads/x"}, "is not the name of a branch"},
		"forced revision":      {map[string]string{"url": url, "revision": "+main"}, "starts with a dash or a plus"},
		"glob revision":        {map[string]string{"url": url, "revision": "ma*"}, "is not the name of a branch"},
		"missing branch":       {map[string]string{"url": url, "revision": "nope"}, "no branch, tag, ref or commit 'nope'"},
		"missing abbreviation": {map[string]string{"url": url, "revision": "abcdef1"}, "no branch, tag, ref or commit 'abcdef1'"},
		"missing commit":       {map[string]string{"url": url, "revision": strings.Repeat("ab", 20)}, "no commit"},
		"deleted branch":       {map[string]string{"url": url, "revision": strings.Repeat("0", 40)}, "the branch was deleted"},
		"depth":                {map[string]string{"url": url, "depth": "-1"}, "depth is '-1'"},
		"no depth":             {map[string]string{"url": url, "depth": ""}, "depth is ''"},
		"huge depth":           {map[string]string{"url": url, "depth": "99999999999999999999"}, "depth is"},
		"submodules":           {map[string]string{"url": url, "submodules": "yes"}, "submodules is 'yes'"},
		"delete-existing":      {map[string]string{"url": url, "delete-existing": ""}, "delete-existing is ''"},
		"verbose":              {map[string]string{"url": url, "verbose": "1"}, "verbose is '1'"},
		"absolute directory":   {map[string]string{"url": url, "subdirectory": "/tmp"}, "is absolute"},
		"parent directory":     {map[string]string{"url": url, "subdirectory": "a/../../b"}, "contains '..', which is not allowed"},
		"git directory":        {map[string]string{"url": url, "subdirectory": ".git"}, "contains '.git', which is not allowed"},
		"link":                 {map[string]string{"url": url, "subdirectory": "link/x"}, "symbolic link, 'link'"},
		"file":                 {map[string]string{"url": url, "subdirectory": "file"}, "may not write"},
		"dash refspec":         {map[string]string{"url": url, "refspec": "main --upload-pack=x"}, "starts with a dash"},
		"missing refspec":      {map[string]string{"url": url, "refspec": "refs/heads/nope"}, "cannot fetch refspec"},
	} {
		t.Run(name, func(t *testing.T) {
			output, outside := t.TempDir(), write(t, t.TempDir(), map[string]string{"keep": "k"})
			write(t, output, map[string]string{"file": "f"})
			require.NoError(t, os.Symlink(outside, filepath.Join(output, "link")))
			got := cloning(t, output, c.params).do(t)
			got.refused(t, "git-clone", c.want)
			assert.NotContains(t, got.stdout+got.stderr, "secret")
			assert.Empty(t, got.results)
			assert.Equal(t, map[string]string{"keep": "k"}, filesIn(t, outside))
			assert.NoFileExists(t, filepath.Join(output, "x"))
		})
	}
}

// TestGitCloneDates: a commit can have any date. One with thousands of digits does not fit
// into the results.
func TestGitCloneDates(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	tree := git(t, r.work, "rev-parse", "HEAD^{tree}")
	for date, want := range map[string]string{
		"1": "1", "99999999999": "99999999999", strings.Repeat("9", 5000): "", "-5": "", "$(id)": "",
	} {
		object := exec.Command("git", "hash-object", "-w", "-t", "commit", "--stdin", "--literally")
		object.Dir = r.bare
		object.Stdin = strings.NewReader("tree " + tree + "\nauthor a <a@example.com> 1 +0000\ncommitter a <a@example.com> " + date + " +0000\n\nx\n")
		commit, err := object.Output()
		require.NoError(t, err)
		git(t, r.bare, "update-ref", "refs/heads/dated", strings.TrimSpace(string(commit)))
		got := cloning(t, t.TempDir(), map[string]string{"url": "file://" + r.bare, "revision": "dated"}).do(t).ok(t)
		assert.Equal(t, want, got.results["committer-date"], "%.20s", date)
	}
}

func TestGitCloneDeletes(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	url := "file://" + r.bare
	old := map[string]string{"a": "", ".b": "", "..c": "", "d/e": "", "lost+found/f": "", "lost+found/g/h": "", "-rf": "", "sp ace": ""}

	output, outside := write(t, t.TempDir(), old), write(t, t.TempDir(), map[string]string{"keep": "k"})
	require.NoError(t, os.Symlink(outside, filepath.Join(output, "link")))
	cloning(t, output, map[string]string{"url": url}).do(t).ok(t)
	assert.Equal(t, map[string]string{"README": "one\n"}, filesIn(t, output))
	assert.Equal(t, map[string]string{"keep": "k"}, filesIn(t, outside))

	output = write(t, t.TempDir(), map[string]string{"sub/old": "", "sub/deep/lost+found/x_test.go": "", "other/keep": "k"})
	cloning(t, output, map[string]string{"url": url, "subdirectory": "./sub//deep/"}).do(t).ok(t)
	assert.Equal(t, map[string]string{"sub/old": "", "sub/deep/README": "one\n", "other/keep": "k"}, filesIn(t, output))
	cloning(t, output, map[string]string{"url": url, "subdirectory": "sub"}).do(t).ok(t)
	assert.Equal(t, map[string]string{"sub/README": "one\n", "other/keep": "k"}, filesIn(t, output))
}

func TestGitCloneKeeps(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n", "gone": "g"})
	output := write(t, t.TempDir(), map[string]string{"README": "in the way", "cache": "c"})
	params := map[string]string{"url": "file://" + r.bare, "delete-existing": "false"}
	cloning(t, output, params).do(t).ok(t)
	assert.Equal(t, map[string]string{"README": "one\n", "gone": "g", "cache": "c"}, filesIn(t, output))

	write(t, output, map[string]string{"README": "changed"})
	require.NoError(t, os.Remove(filepath.Join(r.work, "gone")))
	second := r.commit("second", map[string]string{"README": "two\n"})
	r.push("refs/heads/main")
	params["depth"] = "0"
	got := cloning(t, output, params).do(t).ok(t)
	assert.Equal(t, second, got.results["commit"])
	assert.Equal(t, map[string]string{"README": "two\n", "cache": "c"}, filesIn(t, output))
	assert.Equal(t, "2", git(t, output, "rev-list", "--count", "HEAD"), "the shallow clone is made whole")
}

func TestGitCloneSparse(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "r", "a/x": "", "b/y": "", "$(id)/z": "", "-f/w": ""})
	output := t.TempDir()
	c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "delete-existing": "false"})
	c.arrays = map[string][]string{"sparse-checkout": {"a", "$(id)", "-f"}}
	c.do(t).ok(t)
	assert.Equal(t, map[string]string{"README": "r", "a/x": "", "$(id)/z": "", "-f/w": ""}, filesIn(t, output))
	c.arrays = nil
	c.do(t).ok(t)
	assert.Equal(t, map[string]string{"README": "r", "a/x": "", "b/y": "", "$(id)/z": "", "-f/w": ""}, filesIn(t, output))
	for _, one := range []string{"a\nb", "b\n"} {
		c.arrays = map[string][]string{"sparse-checkout": {"a", one}}
		c.do(t).refused(t, "git-clone", "sparse-checkout directory '"+strings.ReplaceAll(one, "\n", "?")+"' contains a newline")
	}
}

func TestGitCloneSubmodules(t *testing.T) {
	t.Parallel()
	inner := newRepository(t, map[string]string{"deep": "d"})
	lib := newRepository(t, map[string]string{"lib": "l"})
	git(t, lib.work, "submodule", "--quiet", "add", inner.bare, "inner")
	lib.commit("submodule", nil)
	lib.push("refs/heads/main")
	r := newRepository(t, map[string]string{"README": "r"})
	git(t, r.work, "submodule", "--quiet", "add", lib.bare, "lib")
	r.commit("submodule", nil)
	r.push("refs/heads/main")

	home := write(t, t.TempDir(), map[string]string{".gitconfig": "[protocol \"file\"]\n\tallow = always\n"})
	for name, want := range map[string][]string{
		"true": {".gitmodules", "README", "lib/.gitmodules", "lib/inner/deep", "lib/lib"}, "false": {".gitmodules", "README"},
	} {
		output := t.TempDir()
		c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "submodules": name})
		c.home = home
		c.do(t).ok(t)
		files := filesIn(t, output)
		for _, f := range want {
			assert.Contains(t, files, f)
		}
		assert.Len(t, files, len(want))
	}

	c := cloning(t, t.TempDir(), map[string]string{"url": "file://" + r.bare})
	c.do(t).refused(t, "git-clone", "cannot fetch the submodules") // Git takes no local submodules
}

// What an attacker may name a branch, a directory or a repository is data.
func TestGitCloneHostile(t *testing.T) {
	t.Parallel()
	names := []string{
		"$(touch$IFS$1canary)", "`touch\tcanary`", "a;touch canary", "'\"", "a b", "*", "ü—字", "&|<>", "$HOME", "a\nb", "--x", "-rf", `\`,
	}
	r := newRepository(t, map[string]string{"README": "one\n"})
	home := t.TempDir()
	canary := func(t *testing.T, o outcome, dirs ...string) {
		for _, dir := range append(dirs, o.home, o.tmp) {
			assert.NoFileExists(t, filepath.Join(dir, "canary"))
		}
	}
	for _, name := range names {
		t.Run("subdirectory "+name, func(t *testing.T) {
			output := t.TempDir()
			got := cloning(t, output, map[string]string{"url": "file://" + r.bare, "subdirectory": name}).do(t).ok(t)
			canary(t, got, output)
			assert.Equal(t, map[string]string{name + "/README": "one\n"}, filesIn(t, output))
		})
		t.Run("url "+name, func(t *testing.T) {
			output, url := t.TempDir(), filepath.Join(t.TempDir(), name)
			require.NoError(t, os.CopyFS(url, os.DirFS(r.bare)))
			got := cloning(t, output, map[string]string{"url": url}).do(t)
			canary(t, got, output)
			if strings.ContainsAny(name, "\n\t") { // git would write it to its messages as it is
				got.refused(t, "git-clone", "url contains a control character")
				return
			}
			got.ok(t)
			assert.Equal(t, url, got.results["url"])
		})
		t.Run("revision "+name, func(t *testing.T) {
			output := t.TempDir()
			c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "revision": name})
			if strings.ContainsAny(name, " *\n\t\\") || strings.HasPrefix(name, "-") { // no name of a branch
				got := c.do(t)
				got.refused(t, "git-clone", "revision '")
				canary(t, got, output)
				return
			}
			r.push("refs/heads/" + name)
			got := c.do(t).ok(t)
			canary(t, got, output)
			assert.Equal(t, git(t, r.work, "rev-parse", "HEAD"), got.results["commit"])
		})
		t.Run("the rest "+name, func(t *testing.T) {
			output := t.TempDir()
			c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "http-proxy": name, "https-proxy": name, "no-proxy": name})
			canary(t, c.do(t).ok(t), output)
			for _, param := range []string{"depth", "submodules", "delete-existing", "verbose", "refspec"} {
				output := t.TempDir()
				c := cloning(t, output, map[string]string{"url": "file://" + r.bare, param: name})
				c.home = home
				got := c.do(t)
				canary(t, got, output)
				if param != "refspec" { // which may name a branch of the test before
					got.refused(t, "git-clone", param+" is ")
				}
			}
		})
	}
}

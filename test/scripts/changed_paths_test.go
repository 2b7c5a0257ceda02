package scripts

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/pipeline/pkg/result"
	"github.com/tektoncd/pipeline/pkg/termination"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// comparing is a run of ChangedPaths that looks for services.
func comparing(t testing.TB, r repository, params map[string]string, arrays map[string][]string) run {
	t.Helper()
	c := run{
		task: define(t, tasks.ChangedPaths{}), params: map[string]string{"url": "file://" + r.bare},
		arrays: map[string][]string{"directories": {"services/*"}}, workspaces: map[string]string{},
	}
	maps.Copy(c.params, params)
	maps.Copy(c.arrays, arrays)
	return c
}

// list is a result that is an array.
func (o outcome) list(t testing.TB, name string) (out []string) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(o.results[name]), &out), "%q", o.results[name])
	return out
}

// changes fails the test unless the run found these directories, and the same with the
// tools of small images.
func (r run) changes(t testing.TB, changed, deleted []string) outcome {
	t.Helper()
	var got outcome
	for _, path := range []string{"", applets(t)} {
		if path != "" {
			r.path = []string{path}
		}
		got = r.do(t).ok(t)
		assert.Equal(t, changed, got.list(t, "changed"), "tools in %q: %s", path, got.stderr)
		assert.Equal(t, deleted, got.list(t, "deleted"), "tools in %q", path)
		assert.Equal(t, fmt.Sprint(len(changed) > 0), got.results["any"])
	}
	return got
}

func TestChangedPaths(t *testing.T) {
	t.Parallel()
	none := []string{}
	all := []string{"services/api", "services/old", "services/web"}
	r := newRepository(t, map[string]string{
		"README": "1", "go.mod": "1", "lib/a.go": "1", "lib2/a.go": "1", "services/README": "1", "services/.hidden/x": "1",
		"services/api/main.go": "1", "services/web/main.go": "1", "services/web/sub/x": "1", "services/old/x": "1", "jobs/api/x": "1",
	})
	first := git(t, r.work, "rev-parse", "HEAD")
	api := r.commit("api", map[string]string{"services/api/main.go": "2", "services/README": "2", "services/.hidden/x": "2"})
	shared := r.commit("shared", map[string]string{"lib/b.go": "2"})
	beside := r.commit("beside", map[string]string{"lib2/a.go": "2", "README": "2"})
	require.NoError(t, os.RemoveAll(filepath.Join(r.work, "services/old")))
	deleted := r.commit("deleted", map[string]string{"services/web/sub/x": "2"})
	git(t, r.work, "mv", "services/api", "services/new")
	renamed := r.commit("renamed", nil)
	r.push("refs/heads/main")
	git(t, r.work, "tag", "-a", "-m", "note", "v1.0", beside)
	git(t, r.work, "push", "-q", "origin", "v1.0")
	git(t, r.work, "checkout", "-q", "-b", "pull", shared)
	pull := r.commit("pull", map[string]string{"services/web/main.go": "pull"})
	r.push("refs/pull/7/head")
	git(t, r.work, "checkout", "-q", "--orphan", "other")
	git(t, r.work, "rm", "-q", "-r", "-f", ".")
	other := r.commit("orphan", map[string]string{"services/other/x": "1"})
	r.push("refs/heads/other")
	zeros := strings.Repeat("0", 40)

	for name, c := range map[string]struct {
		revision, base   string
		params           map[string]string
		arrays           map[string][]string
		changed, deleted []string
		note             string
	}{
		"one":                       {api, first, nil, nil, []string{"services/api"}, none, ""},
		"the parent":                {api, "", nil, nil, []string{"services/api"}, none, ""},
		"nothing":                   {api, api, nil, nil, none, none, ""},
		"files beside":              {beside, api, nil, nil, none, none, ""},
		"shared directory":          {shared, api, nil, map[string][]string{"shared": {"./lib/"}}, all, none, ""},
		"shared file":               {beside, shared, nil, map[string][]string{"shared": {"", "README"}}, all, none, ""},
		"not the shared directory":  {beside, shared, nil, map[string][]string{"shared": {"lib", "go"}}, none, none, ""},
		"deleted":                   {deleted, beside, nil, nil, []string{"services/web"}, []string{"services/old"}, ""},
		"renamed":                   {renamed, deleted, nil, nil, []string{"services/new"}, []string{"services/api"}, ""},
		"backwards":                 {first, "main", nil, nil, []string{"services/api", "services/old", "services/web"}, []string{"services/new"}, ""},
		"a branch and a tag":        {"main", "v1.0", nil, nil, []string{"services/new", "services/web"}, []string{"services/api", "services/old"}, ""},
		"the default branch":        {"", "refs/tags/v1.0", nil, nil, []string{"services/new", "services/web"}, []string{"services/api", "services/old"}, ""},
		"first commit":              {first, "", nil, nil, all, none, "has no parent"},
		"new branch":                {api, zeros, nil, nil, all, none, "as for a new branch"},
		"new branch of SHA-256":     {api, strings.Repeat("0", 64), nil, nil, all, none, "as for a new branch"},
		"a base that is gone":       {api, strings.Repeat("ab", 20), nil, nil, all, none, "as after a force push"},
		"force push":                {pull, renamed, nil, nil, []string{"services/api", "services/old", "services/web"}, []string{"services/new"}, ""},
		"pull request":              {"refs/pull/7/head", "main", map[string]string{"merge-base": "true"}, nil, []string{"services/web"}, none, ""},
		"unrelated":                 {other, first, map[string]string{"merge-base": "true"}, nil, []string{"services/other"}, none, "no commit in common"},
		"names":                     {first, "", map[string]string{"names": "true"}, map[string][]string{"directories": {"*/*"}}, []string{"api", "old", "web"}, none, ""},
		"top":                       {api, first, nil, map[string][]string{"directories": {"*"}}, []string{"services"}, none, ""},
		"one by name":               {api, first, nil, map[string][]string{"directories": {"./services/api/", "services/web"}}, []string{"services/api"}, none, ""},
		"a part of a name":          {first, "", nil, map[string][]string{"directories": {"*s/a*i", "services/w*", "services/*d", "services/*x*"}}, []string{"jobs/api", "services/api", "services/old", "services/web"}, none, ""},
		"deep":                      {deleted, beside, nil, map[string][]string{"directories": {"services/*/*", "services/*"}}, []string{"services/web", "services/web/sub"}, []string{"services/old"}, ""},
		"hidden by name":            {api, first, nil, map[string][]string{"directories": {"services/.*"}}, []string{"services/.hidden"}, none, ""},
		"not a directory":           {api, first, nil, map[string][]string{"directories": {"services/README", "README", "none"}}, none, none, ""},
		"no glob but the star":      {first, "", nil, map[string][]string{"directories": {"services/[a-z]??", "services/???", "services/a+i"}}, none, none, ""},
		"a directory by two of all": {api, first, nil, map[string][]string{"directories": {"services/*", "services/a*"}}, []string{"services/api"}, none, ""},
	} {
		t.Run(name, func(t *testing.T) {
			params := map[string]string{"revision": c.revision, "base": c.base}
			maps.Copy(params, c.params)
			got := comparing(t, r, params, c.arrays).changes(t, c.changed, c.deleted)
			assert.Contains(t, got.stderr, c.note)
			assert.Empty(t, filesIn(t, got.work)["repository"])
		})
	}
	t.Run("a server without filters", func(t *testing.T) {
		assert.NotEmpty(t, git(t, r.bare, "config", "--default", "unset", "uploadpack.allowFilter"))
		git(t, r.bare, "config", "uploadpack.allowFilter", "false")
		comparing(t, r, map[string]string{"revision": api, "base": first}, nil).changes(t, []string{"services/api"}, none)
		git(t, r.bare, "config", "uploadpack.allowFilter", "true")
		comparing(t, r, map[string]string{"revision": api, "base": first}, nil).changes(t, []string{"services/api"}, none)
		comparing(t, r, map[string]string{"revision": "refs/pull/7/head", "base": "main", "merge-base": "true"}, nil).changes(t, []string{"services/web"}, none)
	})
}

// A force push that the server has cleaned up: the commit of before is gone.
func TestChangedPathsCleanedUp(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"services/a/x": "1"})
	first := git(t, r.work, "rev-parse", "HEAD")
	gone := r.commit("gone", map[string]string{"services/b/x": "1"})
	r.push("refs/heads/main")
	git(t, r.work, "reset", "-q", "--hard", first)
	kept := r.commit("kept", map[string]string{"services/c/x": "1"})
	r.push("refs/heads/main")
	comparing(t, r, map[string]string{"revision": kept, "base": gone}, nil).changes(t, []string{"services/c"}, []string{"services/b"})
	git(t, r.bare, "reflog", "expire", "--expire=now", "--all")
	git(t, r.bare, "gc", "-q", "--prune=now")
	got := comparing(t, r, map[string]string{"revision": kept, "base": gone}, nil).changes(t, []string{"services/a", "services/c"}, []string{})
	assert.Contains(t, got.stderr, "as after a force push")
}

// A submodule is a directory.
func TestChangedPathsSubmodules(t *testing.T) {
	t.Parallel()
	inner := newRepository(t, map[string]string{"x": "x"})
	r := newRepository(t, map[string]string{"services/a/x": "1"})
	first := git(t, r.work, "rev-parse", "HEAD")
	git(t, r.work, "submodule", "add", "--quiet", "file://"+inner.bare, "services/sub")
	added := r.commit("added", nil)
	git(t, filepath.Join(r.work, "services/sub"), "commit", "-q", "--allow-empty", "-m", "more")
	changed := r.commit("changed", nil)
	git(t, r.work, "rm", "-q", "-f", "services/sub")
	removed := r.commit("removed", nil)
	r.push("refs/heads/main")
	sub, none := []string{"services/sub"}, []string{}
	comparing(t, r, map[string]string{"revision": added, "base": first}, nil).changes(t, sub, none)
	comparing(t, r, map[string]string{"revision": changed, "base": added}, nil).changes(t, sub, none)
	comparing(t, r, map[string]string{"revision": removed, "base": changed}, nil).changes(t, none, sub)
	comparing(t, r, map[string]string{"revision": added, "base": strings.Repeat("0", 40)}, nil).changes(t, []string{"services/a", "services/sub"}, none)
}

// TestChangedPathsNames: a name arrives as it is, or the task fails. It is never part of
// another one, and no variable.
func TestChangedPathsNames(t *testing.T) {
	t.Parallel()
	for _, name := range append([]string{
		"ü", "日本", "a b", "-x", "--flag", "a,b", "#", "~", "{x}", "[0]", "*", "a:b", "😀", "c", "d", "P", "x", "E", ".", "..",
		"$(params.x)", "$x", `a"b`, `a\b`, "a\nb", "a\tb", "a\x01b", "a\x7f", "\xff", "\xc3(", "\xed\xa0\x80", "\xf5\x80\x80\x80", "`id`", "<b>&",
	}, hostile...) {
		if name == "" || strings.Trim(name, ".") == "" || strings.Contains(name, "/") {
			continue
		}
		t.Run(fmt.Sprintf("%q", name), func(t *testing.T) {
			t.Parallel()
			r := newRepository(t, map[string]string{"services/a/x": "1", "services/a/" + name: "1"})
			second := r.commit("second", map[string]string{"services/" + name + "/x": "1"})
			git(t, r.work, "mv", "services/a/"+name, "services/a/y")
			third := r.commit("third", nil)
			r.push("refs/heads/main")
			comparing(t, r, map[string]string{"revision": third, "base": second}, nil).changes(t, []string{"services/a"}, []string{})
			for _, base := range []string{"", strings.Repeat("0", 40)} {
				c := comparing(t, r, map[string]string{"revision": second, "base": base}, map[string][]string{"directories": {"services/*", "services/b/*"}})
				if strings.ContainsAny(name, "$\"\\") || strings.ContainsFunc(name, func(r rune) bool { return r < 32 || r == 127 }) {
					c.do(t).refused(t, "changed-paths", "has a name that cannot be passed on")
					continue
				}
				if strings.ToValidUTF8(name, "") != name {
					c.do(t).refused(t, "changed-paths", "is not UTF-8")
					continue
				}
				got := c.do(t).ok(t).list(t, "changed")
				assert.Contains(t, got, "services/"+name)
				assert.NoFileExists(t, "canary")
				c.arrays["directories"] = []string{"services/" + name}
				if !strings.Contains(name, "*") {
					c.changes(t, []string{"services/" + name}, []string{})
				}
			}
		})
	}
}

// TestChangedPathsSize: what the script accepts fits into Tekton's message, and it accepts
// nearly all of that. Thousands of files take no time.
func TestChangedPathsSize(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range 3000 {
		files[fmt.Sprintf("services/%04d/x", i)] = "1"
		files[fmt.Sprintf("other/%d/%d/x", i%50, i)] = "1"
	}
	files["long/ü<&"+strings.Repeat("x", 200)+"/x"] = "1"
	r := newRepository(t, files)
	whole := comparing(t, r, nil, nil).do(t)
	whole.refused(t, "changed-paths", "3000 directories have changed, more than 4096 bytes can hold")
	assert.Empty(t, whole.results)
	large := comparing(t, r, map[string]string{"result-size": "100000"}, nil).do(t).ok(t)
	assert.Len(t, large.list(t, "changed"), 3000)

	fits := func(o outcome) bool {
		list := []result.RunResult{{Key: "StartedAt", Value: "2026-11-30T04:10:14.123Z", ResultType: result.InternalTektonResultType}}
		for name, value := range o.results {
			list = append(list, result.RunResult{Key: name, Value: value, ResultType: result.TaskRunResultType})
		}
		return termination.WriteMessage(filepath.Join(t.TempDir(), "message"), list) == nil
	}
	accepted := 0
	for _, pattern := range []string{"services/%03d*", "services/%03d1"} {
		arrays := map[string][]string{"directories": {"long/*"}}
		for n := range 12 {
			for i := range 10 - n%2 {
				arrays["directories"] = append(arrays["directories"], fmt.Sprintf(pattern, 10*n+i))
			}
			got := comparing(t, r, nil, arrays).do(t)
			if got.code == 0 {
				require.True(t, fits(got), "%d bytes", len(got.results["changed"]))
				accepted = max(accepted, len(got.results["changed"]))
				continue
			}
			got.refused(t, "changed-paths", "more than 4096 bytes can hold")
			break
		}
	}
	assert.Greater(t, accepted, 2500)
}

func TestChangedPathsRefuses(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"services/a/x": "1"})
	for name, c := range map[string]struct {
		params map[string]string
		arrays map[string][]string
		want   string
	}{
		"no url":          {map[string]string{"url": ""}, nil, "url is empty"},
		"no repository":   {map[string]string{"url": "file://" + r.bare + "x"}, nil, "no branch, tag, ref or commit 'HEAD'"},
		"no branch":       {map[string]string{"revision": "none"}, nil, "no branch, tag, ref or commit 'none'"},
		"no base":         {map[string]string{"base": "none"}, nil, "no branch, tag or ref 'none'"},
		"deleted branch":  {map[string]string{"revision": strings.Repeat("0", 40)}, nil, "the branch was deleted"},
		"option":          {map[string]string{"revision": "--upload-pack=x"}, nil, "starts with a dash"},
		"option as base":  {map[string]string{"base": "-x"}, nil, "base '-x' starts with a dash"},
		"range":           {map[string]string{"base": "a..b"}, nil, "is not the name"},
		"two refs":        {map[string]string{"base": "main:refs/heads/x"}, nil, "is not the name"},
		"merge-base":      {map[string]string{"merge-base": "yes"}, nil, "merge-base is 'yes'"},
		"names":           {map[string]string{"names": ""}, nil, "names is ''"},
		"size":            {map[string]string{"result-size": "4k"}, nil, "result-size is '4k'"},
		"none":            {nil, map[string][]string{"directories": {}}, "directories is empty"},
		"all":             {nil, map[string][]string{"directories": {"."}}, "directory '.' is not a path"},
		"empty":           {nil, map[string][]string{"directories": {""}}, "directory '' is not a path"},
		"absolute":        {nil, map[string][]string{"directories": {"/a"}}, "is absolute"},
		"up":              {nil, map[string][]string{"directories": {"a/../b"}}, "is not a path"},
		"slashes":         {nil, map[string][]string{"directories": {"a//b"}}, "is not a path"},
		"two stars":       {nil, map[string][]string{"directories": {"**/a"}}, "contains '**'"},
		"newline":         {nil, map[string][]string{"directories": {"a\nPb"}}, "contains a control character"},
		"newline, shared": {nil, map[string][]string{"shared": {"a\nE"}}, "contains a control character"},
		"up, shared":      {nil, map[string][]string{"shared": {"../a"}}, "shared path '../a' is not a path"},
		"mark":            {nil, map[string][]string{"shared": {"--next--"}}, "'--next--', which is reserved"},
	} {
		t.Run(name, func(t *testing.T) {
			got := comparing(t, r, c.params, c.arrays).do(t)
			got.refused(t, "changed-paths", c.want)
			assert.Empty(t, got.results)
		})
	}
}

// Whatever is sent, nothing of it runs.
func TestChangedPathsHostile(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"services/a/x": "1"})
	for _, value := range hostile {
		for _, param := range []string{"url", "revision", "base", "merge-base", "names", "result-size", "http-proxy", "https-proxy", "no-proxy", "directories", "shared"} {
			c := comparing(t, r, nil, nil)
			if param == "directories" || param == "shared" {
				c.arrays[param] = []string{value}
			} else {
				c.params[param] = value
			}
			got := c.do(t)
			for _, dir := range []string{got.work, got.home, got.tmp} {
				assert.NoFileExists(t, filepath.Join(dir, "canary"), "%s is %q", param, value)
			}
			if got.code != 0 {
				got.refused(t, "changed-paths", "")
				assert.Empty(t, got.results, "%s is %q", param, value)
			}
		}
	}
}

// TestChangedPathsPlanted: nothing runs that is planted where the script starts.
func TestChangedPathsPlanted(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"services/a/x": "1"})
	canary := filepath.Join(t.TempDir(), "canary")
	for name, plant := range traps(canary) {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.RemoveAll(canary))
			dir := write(t, t.TempDir(), map[string]string{"go.mod": module["go.mod"]})
			git(t, dir, "init", "-q")
			git(t, dir, "add", "-A")
			git(t, dir, "commit", "-q", "-m", "first")
			plant(t, dir)
			c := comparing(t, r, nil, nil)
			c.dir = dir
			c.do(t).ok(t)
			assert.NoFileExists(t, canary)
		})
	}
}

// TestChangedPathsMany: a repository with 100,000 directories takes seconds, and so does a
// list of 500 directories.
func TestChangedPathsMany(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "1"})
	var commit strings.Builder
	commit.WriteString("commit refs/heads/many\ncommitter a <a@example.com> 1 +0000\ndata 1\nx\n")
	for i := range 100000 {
		fmt.Fprintf(&commit, "M 100644 inline \"p%d/q%d/f\"\ndata 1\nx\n", i%1000, i/1000)
	}
	load := exec.Command("git", "fast-import", "--quiet")
	load.Dir, load.Stdin = r.bare, strings.NewReader(commit.String())
	out, err := load.CombinedOutput()
	require.NoError(t, err, "%s", out)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
	defer cancel()
	listed := []string{"README", "p7/q7"}
	for i := range 500 {
		listed = append(listed, fmt.Sprintf("other/%d", i))
	}
	with := func(size string, directories ...string) outcome {
		c := comparing(t, r, map[string]string{"revision": "many", "base": "main", "result-size": size}, map[string][]string{"directories": directories, "shared": listed[2:]})
		c.ctx = ctx
		return c.do(t)
	}
	with("4096", "p*/q*").refused(t, "changed-paths", "100000 directories have changed, more than 4096 bytes can hold")
	assert.Len(t, with("9999999", "p*/q*").ok(t).list(t, "changed"), 100000)
	assert.Equal(t, []string{"p7/q7"}, with("4096", listed...).ok(t).list(t, "changed"))
}

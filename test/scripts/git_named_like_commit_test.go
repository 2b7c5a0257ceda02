package scripts

import (
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// TestGitCloneBranchNamedLikeCommit: git checks out a branch with the name of a commit instead
// of the commit. Whoever can push a branch, or has the repository of a submodule, can name one
// so.
func TestGitCloneBranchNamedLikeCommit(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "good"})
	good := r.head("main")
	r.commit("evil", map[string]string{"README": "evil"})
	r.push("refs/heads/" + good)
	for _, refspec := range []string{"+refs/heads/*:refs/heads/*", ""} {
		for _, revision := range []string{"main", good, good[:10]} {
			output := t.TempDir()
			got := cloning(t, output, map[string]string{"url": "file://" + r.bare, "refspec": refspec, "revision": revision}).do(t).ok(t)
			assert.Equal(t, good, got.results["commit"])
			assert.Equal(t, map[string]string{"README": "good"}, filesIn(t, output), "%s %s", refspec, revision)
		}
	}
	for _, run := range []run{
		{task: define(t, tasks.GitTag{}), params: map[string]string{"url": "file://" + r.bare, "tag": "v1", "commit": good}},
		{task: define(t, tasks.ChangedPaths{}), params: map[string]string{"url": "file://" + r.bare, "revision": good}, arrays: map[string][]string{"directories": {"*"}}},
	} {
		run.do(t).ok(t)
	}
	assert.Equal(t, good, r.head("refs/tags/v1"))
}

// TestGitCloneSubmoduleNamedLikeCommit: the same for a submodule, whose default branch is that.
func TestGitCloneSubmoduleNamedLikeCommit(t *testing.T) {
	t.Parallel()
	lib := newRepository(t, map[string]string{"lib": "good"})
	good := lib.head("main")
	lib.commit("evil", map[string]string{"lib": "evil"})
	lib.push("refs/heads/evil")
	git(t, lib.bare, "config", "uploadpack.allowAnySHA1InWant", "true")
	middle := newRepository(t, map[string]string{"middle": "m"})
	var s gitServer
	libs, middles := httptest.NewServer(s.handler(t, filepath.Dir(lib.bare))), httptest.NewServer(s.handler(t, filepath.Dir(middle.bare)))
	defer libs.Close()
	defer middles.Close()
	stored := ""
	for _, server := range []string{libs.URL, middles.URL} {
		stored += strings.Replace(server, "://", "://"+url.UserPassword(user, password).String()+"@", 1) + "\n"
	}
	contain := func(r repository, name, url, commit string) {
		write(t, r.work, map[string]string{".gitmodules": "[submodule \"" + name + "\"]\n\tpath = " + name + "\n\turl = " + url + "\n"})
		git(t, r.work, "update-index", "--add", "--cacheinfo", "160000,"+commit+","+name)
		git(t, r.work, "add", ".gitmodules")
		git(t, r.work, "commit", "-q", "-m", "submodule")
		r.push("refs/heads/main")
	}
	contain(middle, "lib", libs.URL+"/app.git", good)
	direct, nested := newRepository(t, map[string]string{"README": "x"}), newRepository(t, map[string]string{"README": "x"})
	contain(direct, "lib", libs.URL+"/app.git", good)
	contain(nested, "middle", middles.URL+"/app.git", middle.head("main"))
	clone := func(r repository, output string, params map[string]string) outcome {
		params["url"] = "file://" + r.bare
		run := cloning(t, output, params)
		run.workspaces["basic-auth"] = write(t, t.TempDir(), map[string]string{".gitconfig": "[credential]\n\thelper = store\n", ".git-credentials": stored})
		return run.do(t)
	}
	for _, params := range []map[string]string{{}, {"delete-existing": "false"}} {
		for name, r := range map[string]repository{"lib/lib": direct, "middle/lib/lib": nested} {
			output := t.TempDir()
			clone(r, output, params).ok(t)
			assert.Equal(t, "good", filesIn(t, output)[name])
		}
	}
	git(t, lib.bare, "update-ref", "refs/heads/"+good, lib.head("evil"))
	git(t, lib.bare, "symbolic-ref", "HEAD", "refs/heads/"+good)
	for _, params := range []map[string]string{{}, {"depth": "0"}, {"delete-existing": "false"}} {
		for _, r := range []repository{direct, nested} {
			output := t.TempDir()
			clone(r, output, params).refused(t, "git-clone", "a submodule is not at the commit that is recorded for it")
			assert.NoDirExists(t, filepath.Join(output, ".git"))
		}
	}
}

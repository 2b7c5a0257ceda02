package scripts

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// gitTagging is a run of GitTag for the latest commit of a repository.
func gitTagging(t testing.TB, r repository, params map[string]string) run {
	t.Helper()
	all := map[string]string{"url": "file://" + r.bare, "tag": "v1.0", "commit": git(t, r.bare, "rev-parse", "main")}
	maps.Copy(all, params)
	return run{task: define(t, tasks.GitTag{}), params: all, workspaces: map[string]string{}}
}

func TestGitTag(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	first := git(t, r.work, "rev-parse", "HEAD")
	second := r.commit("second", map[string]string{"README": "two\n"})
	third := r.commit("third", map[string]string{"README": "three\n"})
	r.push("refs/heads/main")
	at := func(commit, created string) map[string]string {
		return map[string]string{"commit": commit, "created": created}
	}
	assert.Equal(t, at(third, "true"), gitTagging(t, r, nil).do(t).ok(t).results)
	assert.Equal(t, third, git(t, r.bare, "rev-parse", "refs/tags/v1.0"))
	assert.Equal(t, at(third, "false"), gitTagging(t, r, nil).do(t).ok(t).results, "it is there already")
	old := gitTagging(t, r, map[string]string{"commit": second}).do(t)
	old.refused(t, "git-tag", "tag 'v1.0' is at "+third+" already: set move to move it")
	assert.Empty(t, old.results)
	assert.Equal(t, at(second, "true"), gitTagging(t, r, map[string]string{"commit": second, "move": "true"}).do(t).ok(t).results)
	assert.Equal(t, second, git(t, r.bare, "rev-parse", "refs/tags/v1.0"))

	message := "Release\n\n# not a comment\nwith $(id)"
	noted := gitTagging(t, r, map[string]string{
		"tag": "refs/tags/release/2", "commit": strings.ToUpper(first), "message": message, "author-name": "Ro Bot", "author-email": "bot@example.com",
	})
	assert.Equal(t, at(first, "true"), noted.do(t).ok(t).results)
	assert.Equal(t, "tag", git(t, r.bare, "cat-file", "-t", "refs/tags/release/2"))
	assert.Equal(t, message+"\n Ro Bot <bot@example.com>", git(t, r.bare, "for-each-ref", "--format=%(contents) %(taggername) %(taggeremail)", "refs/tags/release/2"))
	tag := git(t, r.bare, "rev-parse", "refs/tags/release/2")
	assert.Equal(t, at(first, "false"), noted.do(t).ok(t).results)
	noted.params["commit"] = third
	noted.params["move"] = "true"
	assert.Equal(t, at(third, "true"), noted.do(t).ok(t).results)
	assert.NotEqual(t, tag, git(t, r.bare, "rev-parse", "refs/tags/release/2"))
	git(t, r.bare, "fsck", "--strict")
	assert.Equal(t, third, git(t, r.bare, "rev-parse", "main"), "no branch has changed")
}

// A tag that another run creates between the look and the push stays.
func TestGitTagAtOnce(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"first", "second"} {
		r := newRepository(t, map[string]string{"README": "one\n"})
		first := git(t, r.work, "rev-parse", "HEAD")
		second := r.commit("second", nil)
		r.push("refs/heads/main")
		commit := map[string]string{"first": first, "second": second}[where]
		c := gitTagging(t, r, map[string]string{"commit": first, "move": "true"})
		c.path = []string{rival(t, `(unset GIT_DIR; git -C '`+r.bare+`' update-ref refs/tags/v1.0 `+commit+`)`)}
		got := c.do(t)
		assert.Equal(t, commit, git(t, r.bare, "rev-parse", "refs/tags/v1.0"))
		if where == "first" {
			assert.Equal(t, first, got.ok(t).results["commit"], "both wanted the same")
			continue
		}
		got.refused(t, "git-tag", "cannot push tag 'v1.0'")
		assert.Empty(t, got.results)
	}
}

func TestGitTagRefuses(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	first := git(t, r.bare, "rev-parse", "main")
	for name, c := range map[string]struct {
		params map[string]string
		want   string
	}{
		"no url":         {map[string]string{"url": ""}, "url is empty"},
		"no repository":  {map[string]string{"url": "file://" + r.bare + "x"}, "cannot list the refs"},
		"no tag":         {map[string]string{"tag": ""}, "tag is empty"},
		"option":         {map[string]string{"tag": "--delete"}, "starts with a dash"},
		"two refs":       {map[string]string{"tag": "a:refs/heads/main"}, "is not a valid name of a tag"},
		"glob":           {map[string]string{"tag": "v*"}, "is not a valid name of a tag"},
		"up":             {map[string]string{"tag": "../heads/main"}, "is not a valid name of a tag"},
		"branch":         {map[string]string{"commit": "main"}, "is not the full hash"},
		"abbreviation":   {map[string]string{"commit": first[:12]}, "is not the full hash"},
		"no commit":      {map[string]string{"commit": strings.Repeat("ab", 20)}, "no commit"},
		"deleted branch": {map[string]string{"commit": strings.Repeat("0", 40)}, "the branch was deleted"},
		"a tree":         {map[string]string{"commit": git(t, r.bare, "rev-parse", "main^{tree}")}, ""},
		"blank message":  {map[string]string{"message": " \n"}, "message is blank"},
		"author":         {map[string]string{"author-name": "a <b>"}, "is not allowed"},
		"no author":      {map[string]string{"author-email": ""}, "author-email is empty"},
		"author lines":   {map[string]string{"author-email": "a\nb"}, "is not allowed"},
		"move":           {map[string]string{"move": "1"}, "move is '1'"},
	} {
		t.Run(name, func(t *testing.T) {
			got := gitTagging(t, r, c.params).do(t)
			got.refused(t, "git-tag", c.want)
			assert.Empty(t, got.results)
			assert.Empty(t, git(t, r.bare, "tag"))
		})
	}
}

func TestGitTagHostile(t *testing.T) {
	t.Parallel()
	for _, param := range []string{"url", "tag", "commit", "message", "move", "author-name", "author-email", "http-proxy", "https-proxy", "no-proxy"} {
		for _, value := range hostile {
			r := newRepository(t, map[string]string{"README": "one\n"})
			first := git(t, r.bare, "rev-parse", "main")
			got := gitTagging(t, r, map[string]string{param: value}).do(t)
			for _, dir := range []string{got.work, got.home, got.tmp} {
				assert.NoFileExists(t, filepath.Join(dir, "canary"))
			}
			assert.Equal(t, first, git(t, r.bare, "rev-parse", "main"))
			if got.code != 0 {
				got.refused(t, "git-tag", "")
				assert.Empty(t, git(t, r.bare, "tag"), "%s is %q", param, value)
				continue
			}
			name := "v1.0"
			if param == "tag" {
				name = value
			}
			assert.Equal(t, name, git(t, r.bare, "tag"), "%s is %q", param, value)
			assert.Equal(t, first, git(t, r.bare, "rev-parse", "refs/tags/"+name+"^{commit}"))
		}
	}
}

func TestGitTagPlanted(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	canary := filepath.Join(t.TempDir(), "canary")
	for name, plant := range traps(canary) {
		require.NoError(t, os.RemoveAll(canary))
		dir := write(t, t.TempDir(), map[string]string{"go.mod": module["go.mod"]})
		git(t, dir, "init", "-q")
		git(t, dir, "add", "-A")
		git(t, dir, "commit", "-q", "-m", "first")
		plant(t, dir)
		c := gitTagging(t, r, map[string]string{"move": "true", "message": "x"})
		c.dir = dir
		c.do(t).ok(t)
		assert.NoFileExists(t, canary, name)
	}
}

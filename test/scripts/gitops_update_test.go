package scripts

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

const newImage = "registry.example.com:5000/team/app:2"

// updating is a run of GitOpsUpdate on the repository's app.yaml.
func updating(t testing.TB, r repository, params map[string]string) run {
	t.Helper()
	all := map[string]string{"url": "file://" + r.bare, "file": "app.yaml", "image": newImage}
	maps.Copy(all, params)
	return run{
		task: define(t, tasks.GitOpsUpdate{}), params: all, workspaces: map[string]string{},
		files: map[string]string{`sleep "$tries"`: "sleep 0"},
	}
}

// deployment is a manifest with one container of each name.
func deployment(name string, containers ...string) string {
	text := "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " + name + "\nspec:\n  template:\n    spec:\n      containers:\n"
	for _, c := range containers {
		text += "      - name: " + c + "\n        image: registry.example.com/" + c + ":1 # as deployed\n"
	}
	return text
}

// shown is a file on the branch of the bare repository.
func (r repository) shown(branch, file string) string {
	r.t.Helper()
	cmd := exec.Command("git", "-c", "safe.directory=*", "-C", r.bare, "cat-file", "blob", branch+":"+file)
	b, err := cmd.Output()
	require.NoError(r.t, err)
	return string(b)
}

func (r repository) head(branch string) string { return git(r.t, r.bare, "rev-parse", branch) }

func TestGitOpsUpdate(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{
		"app.yaml": deployment("app", "app", "side"), "docs/app": "a", ".gitattributes": "app.yaml text eol=crlf\n",
		"crlf.yaml": strings.ReplaceAll(deployment("app", "app"), "\n", "\r\n"), ":x.yaml": deployment("x", "x"),
	})
	require.NoError(t, os.Chmod(filepath.Join(r.work, "app.yaml"), 0o755))
	first := r.commit("executable", nil)
	r.push("refs/heads/main")
	r.push("refs/heads/prod/eu")
	source := strings.Repeat("ab", 20)

	got := updating(t, r, map[string]string{"container": "app", "source-commit": source}).do(t).ok(t)
	second := r.head("main")
	assert.Equal(t, map[string]string{"commit": second, "changed": "true"}, got.results)
	assert.Equal(t, first, git(t, r.bare, "rev-parse", "main^"))
	want := strings.Replace(deployment("app", "app", "side"), "registry.example.com/app:1", newImage, 1)
	assert.Equal(t, want, r.shown("main", "app.yaml"))
	assert.Equal(t, "app.yaml", git(t, r.bare, "diff", "--name-only", first, second), "nothing else has changed")
	assert.Equal(t, "100755", strings.Fields(git(t, r.bare, "ls-tree", "main", "app.yaml"))[0])
	assert.Equal(t, "Tekton <tekton@localhost> Tekton <tekton@localhost>", git(t, r.bare, "log", "-1", "--format=%an <%ae> %cn <%ce>", "main"))
	assert.Equal(t, "Set app to "+newImage+"\n\nSource-Commit: "+source, git(t, r.bare, "log", "-1", "--format=%B", "main"))
	assert.Equal(t, source, git(t, r.bare, "log", "-1", "--format=%(trailers:key=Source-Commit,valueonly)", "main"))

	got = updating(t, r, map[string]string{"container": "app"}).do(t).ok(t)
	assert.Equal(t, map[string]string{"commit": second, "changed": "false"}, got.results)
	assert.Equal(t, second, r.head("main"), "nothing to change, nothing to commit")

	got = updating(t, r, map[string]string{
		"branch": "prod/eu", "file": "./app.yaml", "container": "side", "object": "deployment/app", "source-commit": "0f1e2d3",
		"message": "Deploy\n\nBecause.\n\nReviewed-by: A <a@example.com>\n", "author-name": "Ro Bot", "author-email": "bot@example.com",
	}).do(t).ok(t)
	assert.Equal(t, r.head("prod/eu"), got.results["commit"])
	assert.Equal(t, second, r.head("main"))
	assert.Equal(t, "Ro Bot <bot@example.com>", git(t, r.bare, "log", "-1", "--format=%an <%ae>", "prod/eu"))
	assert.Equal(t, "Deploy\n\nBecause.\n\nReviewed-by: A <a@example.com>\nSource-Commit: 0f1e2d3", git(t, r.bare, "log", "-1", "--format=%B", "prod/eu"))

	updating(t, r, map[string]string{"branch": "refs/heads/prod/eu", "file": "crlf.yaml"}).do(t).ok(t)
	assert.Equal(t, strings.ReplaceAll(strings.Replace(deployment("app", "app"), "registry.example.com/app:1", newImage, 1), "\n", "\r\n"), r.shown("prod/eu", "crlf.yaml"))
	assert.Equal(t, "Set app to "+newImage, git(t, r.bare, "log", "-1", "--format=%B", "prod/eu"), "the only container")

	updating(t, r, map[string]string{"branch": "prod/eu", "file": ":x.yaml"}).do(t).ok(t)
	assert.Contains(t, r.shown("prod/eu", ":x.yaml"), newImage)
}

func TestGitOpsUpdateRefuses(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{
		"app.yaml": deployment("app", "app", "side"), "dir/x.yaml": deployment("x", "x"), "notes": "a: b\n",
	})
	require.NoError(t, os.Symlink("app.yaml", filepath.Join(r.work, "link.yaml")))
	require.NoError(t, os.Symlink("dir", filepath.Join(r.work, "folder")))
	first := r.commit("links", nil)
	r.push("refs/heads/main")
	r.push("refs/tags/v1")
	for name, c := range map[string]struct {
		params map[string]string
		want   string
	}{
		"no url":           {map[string]string{"url": ""}, "url is empty"},
		"dash url":         {map[string]string{"url": "--upload-pack=touch x"}, "starts with a dash"},
		"password":         {map[string]string{"url": "https://u:p@example.com/a"}, "url contains a password"},
		"no repository":    {map[string]string{"url": "file://" + r.bare + "x"}, "cannot list the refs"},
		"no branch":        {map[string]string{"branch": "nope"}, "cannot fetch branch 'nope'"},
		"a tag":            {map[string]string{"branch": "v1"}, "cannot fetch branch 'v1'"},
		"two refs":         {map[string]string{"branch": "main:refs/heads/x"}, "is not a valid branch name"},
		"glob":             {map[string]string{"branch": "m*"}, "is not a valid branch name"},
		"no file":          {map[string]string{"file": ""}, "file '' is not the path of a file"},
		"missing file":     {map[string]string{"file": "nope.yaml"}, "no file 'nope.yaml' in branch 'main'"},
		"folder":           {map[string]string{"file": "dir"}, "is not a regular file"},
		"absolute file":    {map[string]string{"file": "/app.yaml"}, "is absolute"},
		"file leads out":   {map[string]string{"file": "dir/../../x"}, "leads out"},
		"link":             {map[string]string{"file": "link.yaml"}, "is not a regular file"},
		"through a link":   {map[string]string{"file": "folder/x.yaml"}, "no file 'folder/x.yaml'"},
		"from the top":     {map[string]string{"file": ":/app.yaml"}, "no file ':/app.yaml'"},
		"long form":        {map[string]string{"file": ":(top)app.yaml"}, "no file ':(top)app.yaml'"},
		"pattern":          {map[string]string{"file": "*.yaml"}, "no file '*.yaml'"},
		"no manifest":      {map[string]string{"file": "notes"}, "file 'notes': it has no containers"},
		"which container":  {nil, "file 'app.yaml': several containers match; set the container or the object: app in line 9, side in line 11"},
		"no container":     {map[string]string{"container": "a"}, "no container is named a; the containers are app in line 9, side in line 11"},
		"no object":        {map[string]string{"container": "app", "object": "Deployment/web"}, "no object matches Deployment/web"},
		"object":           {map[string]string{"object": "app"}, "object is 'app', want KIND/NAME"},
		"no image":         {map[string]string{"image": ""}, "image is empty"},
		"two words":        {map[string]string{"image": "a b"}, "image 'a b' is not an image reference"},
		"comment":          {map[string]string{"image": "a#b"}, "is not an image reference"},
		"URL":              {map[string]string{"image": "https://u:word@example.com/app"}, "image contains an @ without a digest after it"},
		"two tags":         {map[string]string{"image": "app:1:2"}, "is not an image reference"},
		"open end":         {map[string]string{"image": "app:"}, "is not an image reference"},
		"no source commit": {map[string]string{"source-commit": "main"}, "source-commit 'main' is not the hash of a commit"},
		"deleted branch":   {map[string]string{"source-commit": strings.Repeat("0", 40)}, "the branch was deleted"},
		"blank message":    {map[string]string{"message": " \n"}, "message is blank"},
		"no name":          {map[string]string{"author-name": ""}, "author-name is empty"},
		"no email":         {map[string]string{"author-email": ""}, "author-email is empty"},
		"two emails":       {map[string]string{"author-name": "a <b@c>"}, "a character that is not allowed in the author of a commit"},
		"dots for a name":  {map[string]string{"container": "app", "author-name": "..."}, "cannot create the commit"},
	} {
		t.Run(name, func(t *testing.T) {
			got := updating(t, r, c.params).do(t)
			got.refused(t, "gitops-update", c.want)
			assert.Empty(t, got.results)
			assert.Equal(t, first, r.head("main"))
		})
	}
}

// Several runs at once all leave their change, each in a commit of its own.
func TestGitOpsUpdateAtOnce(t *testing.T) {
	t.Parallel()
	names := []string{"a", "b", "c", "d"}
	r := newRepository(t, map[string]string{"app.yaml": deployment("app", names...)})
	first := r.head("main")
	runs := make([]outcome, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		run := updating(t, r, map[string]string{"container": name})
		wg.Go(func() { runs[i] = run.do(t) })
	}
	wg.Wait()
	want, commits := deployment("app", names...), []string{}
	for i, name := range names {
		runs[i].ok(t)
		assert.Equal(t, "true", runs[i].results["changed"])
		commits = append(commits, runs[i].results["commit"])
		want = strings.Replace(want, "registry.example.com/"+name+":1", newImage, 1)
	}
	assert.Equal(t, want, r.shown("main", "app.yaml"))
	assert.ElementsMatch(t, commits, strings.Fields(git(t, r.bare, "rev-list", first+"..main")))
	assert.Len(t, commits, len(slices.Compact(slices.Sorted(slices.Values(commits)))))
}

// rival puts a git in the path that runs a command before, or instead of, each
// push.
func rival(t testing.TB, command string) (dir string) {
	t.Helper()
	dir = write(t, t.TempDir(), map[string]string{"git": "#!/bin/sh\nif [ \"$1\" = push ]; then\n" + command + "\nfi\nexec '" + need(t, "git") + "' \"$@\"\n"})
	require.NoError(t, os.Chmod(filepath.Join(dir, "git"), 0o755))
	return dir
}

// others is a command that commits and pushes to the branch for somebody else.
func others(r repository, edit string) string {
	return fmt.Sprintf(`(unset GIT_DIR; cd '%s' && git -c safe.directory='*' pull -q --rebase origin main && %s && git -c user.name=o -c user.email=o@example.com commit -q --allow-empty -am other && git -c safe.directory='*' push -q --receive-pack='git -c safe.directory=* receive-pack' origin main) >&2`, r.work, edit)
}

func TestGitOpsUpdateComesSecond(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		command func(r repository, once string) string
		changed string
		want    string // of the failure
		commits int    // on the branch, with the first
	}{
		"to another": {func(r repository, once string) string {
			return "if mkdir '" + once + "' 2>/dev/null; then " + others(r, "sed -i s/side:1/side:9/ app.yaml") + "; fi"
		}, "true", "", 3},
		"to one who set the same": {func(r repository, once string) string {
			return "if mkdir '" + once + "' 2>/dev/null; then " + others(r, "sed -i 's|registry.example.com/app:1|"+newImage+"|' app.yaml") + "; fi"
		}, "false", "", 2},
		"to all the others": {func(r repository, _ string) string { return others(r, "true") }, "", "other commits were pushed first, 10 times", 11},
		"to one who took the container": {func(r repository, once string) string {
			return "if mkdir '" + once + "' 2>/dev/null; then " + others(r, "sed -i 's/name: app$/name: web/' app.yaml") + "; fi"
		}, "", "no container is named app", 2},
		"the answer is lost": {func(r repository, _ string) string {
			return "'" + need(t, "git") + "' \"$@\"; exit 1"
		}, "true", "", 2},
		"nobody may push": {func(repository, string) string { return "echo denied >&2; exit 1" }, "", "cannot push to branch 'main'", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t, map[string]string{"app.yaml": deployment("app", "app", "side")})
			run := updating(t, r, map[string]string{"container": "app"})
			run.path = []string{rival(t, c.command(r, filepath.Join(t.TempDir(), "once")))}
			got := run.do(t)
			assert.Equal(t, fmt.Sprint(c.commits), git(t, r.bare, "rev-list", "--count", "main"))
			if c.want != "" {
				got.refused(t, "gitops-update", c.want)
				assert.Empty(t, got.results)
				return
			}
			assert.Equal(t, map[string]string{"commit": r.head("main"), "changed": c.changed}, got.ok(t).results)
			want := strings.Replace(deployment("app", "app", "side"), "registry.example.com/app:1", newImage, 1)
			if name == "to another" {
				want = strings.Replace(want, "side:1", "side:9", 1)
				assert.Contains(t, got.stderr, "gitops-update: another commit was pushed first")
			}
			assert.Equal(t, want, r.shown("main", "app.yaml"))
		})
	}
}

func TestGitOpsUpdateHook(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"app.yaml": deployment("app", "app")})
	write(t, r.bare, map[string]string{"hooks/pre-receive": "#!/bin/sh\necho the branch is protected >&2\nexit 1\n"})
	require.NoError(t, os.Chmod(filepath.Join(r.bare, "hooks/pre-receive"), 0o755))
	git(t, r.bare, "config", "http.receivepack", "true")
	var s gitServer
	server := httptest.NewServer(s.handler(t, filepath.Dir(r.bare)))
	defer server.Close()
	run := updating(t, r, map[string]string{"url": server.URL + "/app.git"})
	run.workspaces = map[string]string{"basic-auth": write(t, t.TempDir(), map[string]string{"username": user, "password": password})}
	got := run.do(t)
	got.refused(t, "gitops-update", "cannot push to branch 'main'")
	assert.Contains(t, got.stderr, "the branch is protected")
	assert.Empty(t, got.results)
}

// What an attacker may send is data, and never comes into the file but as the
// image.
func TestGitOpsUpdateHostile(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"app.yaml": deployment("app", "app")})
	for _, value := range hostile {
		if value != "" {
			write(t, r.work, map[string]string{value + "/x.yaml": deployment("app", "app")})
		}
	}
	first := r.commit("files", nil)
	r.push("refs/heads/main")
	clean := func(t *testing.T, got outcome, bare string) {
		for _, dir := range []string{got.home, got.tmp, got.work, bare} {
			assert.NoFileExists(t, filepath.Join(dir, "canary"))
		}
	}
	// The author of a commit is one line, and is somebody.
	author := func(value string) bool { return value != "" && !strings.Contains(value, "\n") }

	for _, param := range []string{
		"url", "branch", "container", "object", "image", "source-commit", "author-name", "author-email",
	} {
		t.Run(param+" is refused", func(t *testing.T) {
			t.Parallel()
			for _, value := range hostile {
				if strings.HasPrefix(param, "author-") && author(value) ||
					value == "" && slices.Contains([]string{"branch", "container", "object", "source-commit"}, param) {
					continue // it arrives, below; or is the default
				}
				got := updating(t, r, map[string]string{param: value}).do(t)
				clean(t, got, r.bare)
				got.refused(t, "gitops-update", "")
			}
			assert.Equal(t, first, r.head("main"))
		})
	}
	// What these inputs may be, each is at once: a run of Git is long.
	t.Run("arrives", func(t *testing.T) {
		t.Parallel()
		own := repository{t, filepath.Join(t.TempDir(), "own.git"), r.work}
		git(t, "", "clone", "-q", "--bare", r.bare, own.bare)
		for _, value := range hostile {
			params := map[string]string{"message": value, "http-proxy": value, "https-proxy": value, "no-proxy": value}
			file, message := "app.yaml", "Set app to "+newImage
			if value != "" {
				file = value + "/x.yaml"
				params["file"] = file
				message = strings.TrimSpace(value)
			}
			if author(value) {
				params["author-name"], params["author-email"] = value, value
			}
			before := own.head("main")
			got := updating(t, own, params).do(t).ok(t)
			clean(t, got, own.bare)
			diff := git(t, own.bare, "-c", "core.quotePath=false", "diff", "--name-only", "-z", before, "main")
			assert.Equal(t, strings.TrimSpace(file), strings.TrimSuffix(diff, "\x00"))
			said := strings.Split(git(t, own.bare, "log", "-1", "--format=%an%x00%ae%x00%B", "main"), "\x00")
			require.Len(t, said, 3)
			if author(value) { // Git cuts quotes and the like at the ends
				assert.Contains(t, value, said[0])
				assert.Contains(t, value, said[1])
			}
			assert.Equal(t, message, strings.TrimSpace(said[2]))
		}
	})
}

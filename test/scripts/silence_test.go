package scripts

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// A program that a script runs can die, for lack of memory or by a limit, and what it
// prints can be cut off by a full disk, which BusyBox's programs do not notice. Whatever
// dies, a script fails, or does what it does otherwise: silence is never taken for
// "nothing found".

// dying is a program that counts its calls in a directory, and dies in one of them.
const dying = `#!/bin/sh
n=0
[ ! -f "$DYING/NAME" ] || read -r n <"$DYING/NAME"
n=$((n + 1))
echo "$n" >"$DYING/NAME"
[ "$n" = "$DYING_CALL" ] || exec REAL "$@"
case $DYING_HOW in
killed) kill -9 $$ ;;
half)
  REAL "$@" >"$DYING/NAME.out"
  size=$(/usr/bin/wc -c <"$DYING/NAME.out")
  /usr/bin/head -c $((size / 2)) "$DYING/NAME.out"
  kill -9 $$
  ;;
full)
  [ -f /dev/fd/1 ] || exec REAL "$@"
  REAL "$@" >/dev/null
  exit 0
  ;;
esac
`

// deaths runs a script once for each call of each of these programs, and lets it die there.
// ways are how: killed, half (killed after half of the output) and full (nothing reached
// the disk). What each run left is passed to a function, first that of one where nothing dies.
func deaths(t *testing.T, r run, programs []string, ways []string, each func(name string, got outcome)) {
	t.Helper()
	survivors(t, r, programs, ways, func(name string, got outcome) {
		if name == nothing {
			got.ok(t)
		}
		each(name, got)
	})
}

// survivors does the same with a run that has to fail.
func survivors(t *testing.T, r run, programs []string, ways []string, each func(name string, got outcome)) {
	t.Helper()
	findsPrograms(t)
	dir := t.TempDir()
	for _, name := range programs {
		real := need(t, name)
		text := strings.NewReplacer("NAME", name, "REAL", real).Replace(dying)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755))
	}
	path, env := r.path, r.env
	once := func(name, how string, call int) (outcome, string) {
		count := t.TempDir()
		r.path = append([]string{dir}, path...)
		r.env = append([]string{"DYING=" + count, "DYING_HOW=" + how, "DYING_CALL=none"}, env...)
		if call > 0 { // that of the other programs is never
			one := t.TempDir()
			require.NoError(t, os.Symlink(filepath.Join(dir, name), filepath.Join(one, name)))
			r.path = append([]string{one}, path...)
			r.env[2] = "DYING_CALL=" + strconv.Itoa(call)
		}
		return r.do(t), count
	}
	got, count := once("", "", 0)
	each(nothing, got)
	for _, name := range programs {
		b, err := os.ReadFile(filepath.Join(count, name))
		if err != nil {
			continue // not used
		}
		calls, err := strconv.Atoi(strings.TrimSpace(string(b)))
		require.NoError(t, err)
		for call := 1; call <= calls; call++ {
			for _, how := range ways {
				if name == "git" && how != "killed" {
					continue // it notices a full disk, and is slow
				}
				got, _ := once(name, how, call)
				each(fmt.Sprintf("%s, call %d, %s", name, call, how), got)
			}
		}
	}
}

// nothing is the name of a run where nothing dies.
const nothing = "nothing dies"

var everyWay = []string{"killed", "half", "full"}

func TestSilenceChangedPaths(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"services/a/x": "1", "services/b/x": "1", "services/c/x": "1"})
	require.NoError(t, os.RemoveAll(filepath.Join(r.work, "services/c")))
	r.commit("second", map[string]string{"services/a/x": "2"})
	r.push("refs/heads/main")
	deaths(t, comparing(t, r, nil, nil), []string{"awk", "sed", "sort", "cat", "wc", "tail", "od", "grep", "git"}, everyWay, func(name string, got outcome) {
		if got.code != 0 {
			return
		}
		assert.Equal(t, "true", got.results["any"], name)
		if strings.Contains(got.stderr, "everything counts as changed") {
			return
		}
		assert.Equal(t, []string{"services/a"}, got.list(t, "changed"), name)
		assert.Equal(t, []string{"services/c"}, got.list(t, "deleted"), name)
	})
}

func TestSilenceGitOpsUpdate(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"app.yaml": deployment("app", "web")})
	before, first := deployment("app", "web"), r.head("main")
	after := strings.Replace(before, "registry.example.com/web:1", newImage, 1)
	c := updating(t, r, map[string]string{"message": "Deploy", "source-commit": "abcdef1"})
	deaths(t, c, []string{"awk", "sed", "cat", "cmp", "wc", "git"}, everyWay, func(name string, got outcome) {
		now := r.shown("main", "app.yaml")
		if got.code == 0 {
			assert.Equal(t, after, now, name)
			assert.Equal(t, "true", got.results["changed"], name)
			assert.Equal(t, "Deploy\n\nSource-Commit: abcdef1", git(t, r.bare, "log", "-1", "--format=%B", "main"), name)
		} else {
			assert.Contains(t, []string{before, after}, now, name)
		}
		git(t, r.bare, "update-ref", "refs/heads/main", first)
	})
}

// TestSilenceGitClone: the files of an earlier run, its submodules and its .gitattributes
// change nothing in a new commit, or the task fails.
func TestSilenceGitClone(t *testing.T) {
	t.Parallel()
	module := newRepository(t, map[string]string{"text": "module\n"})
	r := newRepository(t, map[string]string{"a/text": "one\n"})
	git(t, r.work, "submodule", "add", "-q", module.bare, "module")
	r.commit("submodule", nil)
	r.push("refs/heads/main")
	output := t.TempDir()
	c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "delete-existing": "false"})
	c.env = []string{"GIT_ALLOW_PROTOCOL=file"}
	canary := filepath.Join(t.TempDir(), "canary")
	deaths(t, c, []string{"sed", "git"}, []string{"killed"}, func(name string, got outcome) {
		require.NoFileExists(t, canary, name)
		if got.code == 0 {
			files := filesIn(t, output)
			assert.Equal(t, "one\n", files["a/text"], name)
			assert.Equal(t, "module\n", files["module/text"], name)
			assert.NoFileExists(t, filepath.Join(output, "module/planted"), name)
		}
		require.NoError(t, os.RemoveAll(filepath.Join(output, "module")))
		git(t, "", "clone", "-q", module.bare, filepath.Join(output, "module"))
		git(t, filepath.Join(output, "module"), "config", "core.fsmonitor", "touch '"+canary+"'; false")
		write(t, output, map[string]string{"a/.gitattributes": "* text eol=crlf\n", "module/planted": "x", "a/text": "changed"})
	})
}

func TestSilencePosts(t *testing.T) {
	t.Parallel()
	all := []string{"awk", "sed", "od", "cat", "head", "tr"}
	r := newReceiver(t)
	posts := func(want map[string]any) func(string, outcome) {
		return func(name string, got outcome) {
			r.mu.Lock()
			sent := len(r.list)
			r.mu.Unlock()
			if sent > 0 {
				_, body := r.last(t)
				assert.Equal(t, want, body, name)
			}
			if got.code == 0 {
				assert.NotZero(t, sent, name)
			}
			r.mu.Lock()
			r.list = nil
			r.mu.Unlock()
		}
	}
	status := map[string]string{"context": "ci/test", "description": "all is well", "target-url": "https://example.com/x"}
	deaths(t, reporting(t, r, status), all, everyWay, posts(map[string]any{
		"state": "success", "context": "ci/test", "description": "all is well", "target_url": "https://example.com/x",
	}))
	deaths(t, notifying(t, r, map[string]string{"status": "Failed"}), all, everyWay, posts(map[string]any{"text": "Failed: release"}))
}

func TestSilenceRollouts(t *testing.T) {
	t.Parallel()
	r, calls := applying(t, []reply{{Args: []string{"apply"}, Stdout: appliedLines}})
	r.arrays["rollout"] = []string{"all"}
	waited := 0
	deaths(t, r, []string{"awk", "cat", "find", "realpath", "sed"}, everyWay, func(name string, got outcome) {
		all := len(args(calls(), "kubectl", "rollout"))
		if got.code == 0 {
			assert.Equal(t, waited+1, all, name)
		}
		waited = all
	})
}

func TestSilenceRollback(t *testing.T) {
	t.Parallel()
	dir, env, calls := standins(t, []reply{{Args: []string{"history"}, Stdout: history}}, "helm")
	r := run{
		task: define(t, tasks.HelmRollback{}), path: []string{dir}, env: env, workspaces: map[string]string{},
		params: map[string]string{"release": "app", "namespace": "prod"},
	}
	deaths(t, r, []string{"sed", "cat", "grep"}, everyWay, func(name string, got outcome) {
		for _, rollback := range args(calls(), "helm", "rollback") {
			assert.Equal(t, "1", rollback[len(rollback)-1], name)
		}
		if got.code == 0 {
			assert.Equal(t, map[string]string{"revision": "2"}, got.results, name)
		}
	})
}

// TestSilenceLinks: no link to credentials is missed.
func TestSilenceLinks(t *testing.T) {
	t.Parallel()
	for tool, task := range map[string]*v1.Task{"ko": define(t, tasks.Ko{}), "kubectl": define(t, tasks.KubectlApply{})} {
		dir, env, calls := standins(t, nil, tool)
		source := write(t, t.TempDir(), map[string]string{"go.mod": "", "kodata/x": ""})
		require.NoError(t, os.Symlink("/etc/hosts", filepath.Join(source, "kodata/hosts.yaml")))
		r := run{task: task, path: []string{dir}, env: env, workspaces: map[string]string{"source": source}}
		r.params = map[string]string{"image": "example.com/app:1"}
		if tool == "kubectl" {
			r.params = map[string]string{"path": "kodata", "namespace": "prod"}
		}
		survivors(t, r, []string{"find", "cat", "realpath", "mktemp", "mkdir"}, everyWay, func(name string, got outcome) {
			assert.NotZero(t, got.code, name)
			assert.Empty(t, calls(), name)
		})
	}
}

// TestSilenceDockerPush: a push counts only if docker has said that it succeeded.
func TestSilenceDockerPush(t *testing.T) {
	t.Parallel()
	r, _ := imageRun(t, define(t, tasks.DockerBuild{}), []reply{{Args: []string{"push"}, Stdout: "1: digest: " + digest + " size: 1\n"}})
	deaths(t, r, []string{"tee", "sed", "tail", "realpath"}, []string{"killed", "half"}, func(name string, got outcome) {
		if got.code == 0 {
			assert.Equal(t, digest, got.results["IMAGE_DIGEST"], name)
		}
	})
}

// TestGitCloneUnlisted: a directory that a task cannot list is not taken for an empty one.
func TestGitCloneUnlisted(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"text": "one\n"})
	output := write(t, t.TempDir(), map[string]string{"planted": "x", ".gitattributes": "* text eol=crlf\n"})
	c := cloning(t, output, map[string]string{"url": "file://" + r.bare})
	c.cred = asNobody(t, output, r.bare)
	for _, dir := range []string{output, r.bare} { // git fetches only from its user's
		require.NoError(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			require.NoError(t, err)
			return os.Lchown(path, 65534, 65534)
		}))
	}
	require.NoError(t, os.Chmod(output, 0o333))
	c.do(t).ok(t)
	require.NoError(t, os.Chmod(output, 0o755))
	assert.Equal(t, map[string]string{"text": "one\n"}, filesIn(t, output))
}

package scripts

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// gitTasks are the tasks that connect to a repository, by their names, each for a repository
// at a path.
func gitTasks(t *testing.T, r repository, url string) map[string]run {
	t.Helper()
	workspaces := map[string]string{"output": t.TempDir()}
	commit := git(t, r.work, "rev-parse", "HEAD")
	return map[string]run{
		"git-clone":     {task: define(t, tasks.GitClone{}), params: map[string]string{"url": url}, workspaces: workspaces},
		"git-tag":       {task: define(t, tasks.GitTag{}), params: map[string]string{"url": url, "tag": "v1", "commit": commit}},
		"gitops-update": {task: define(t, tasks.GitOpsUpdate{}), params: map[string]string{"url": url, "branch": "main", "file": "app.yaml", "image": newImage}},
		"changed-paths": {task: define(t, tasks.ChangedPaths{}), params: map[string]string{"url": url}, arrays: map[string][]string{"directories": {"*"}}},
	}
}

// TestGitPathElsewhere: a repository at a path cannot make git read another one.
func TestGitPathElsewhere(t *testing.T) {
	t.Parallel()
	files := map[string]string{"app.yaml": deployment("app", "app")}
	move := func(t *testing.T, path string) string {
		elsewhere := filepath.Join(t.TempDir(), "elsewhere")
		require.NoError(t, os.Rename(path, elsewhere))
		return elsewhere
	}
	link := func(name string) func(t *testing.T, dir string) string {
		return func(t *testing.T, dir string) string {
			path := filepath.Join(dir, name)
			require.NoError(t, os.Symlink(move(t, path), path))
			return dir
		}
	}
	for name, plant := range map[string]func(t *testing.T, dir string) string{
		"alternates": func(t *testing.T, dir string) string {
			elsewhere := move(t, filepath.Join(dir, ".git/objects"))
			write(t, dir, map[string]string{".git/objects/info/alternates": elsewhere + "\n"})
			return dir
		},
		"alternates of a bare repository": func(t *testing.T, dir string) string {
			elsewhere := move(t, filepath.Join(dir, ".git/objects"))
			write(t, dir, map[string]string{".git/objects/info/alternates": elsewhere + "\n"})
			return dir + "/.git/"
		},
		"alternates of .git": func(t *testing.T, dir string) string {
			elsewhere := move(t, filepath.Join(dir, ".git/objects"))
			write(t, dir, map[string]string{".git/objects/info/alternates": elsewhere + "\n"})
			require.NoError(t, os.Rename(dir, dir+".git"))
			return dir
		},
		"file": func(t *testing.T, dir string) string {
			write(t, dir, map[string]string{".git": "gitdir: " + move(t, filepath.Join(dir, ".git")) + "\n"})
			return dir
		},
		"file in place of the directory": func(t *testing.T, dir string) string {
			write(t, dir, map[string]string{"link": "gitdir: " + move(t, filepath.Join(dir, ".git")) + "\n"})
			return dir + "/link"
		},
		"file next to the path": func(t *testing.T, dir string) string {
			write(t, dir, map[string]string{"link.git": "gitdir: " + move(t, filepath.Join(dir, ".git"))})
			return dir + "/link"
		},
		"common directory": func(t *testing.T, dir string) string {
			elsewhere := move(t, filepath.Join(dir, ".git"))
			write(t, dir, map[string]string{".git/HEAD": "ref: refs/heads/main\n", ".git/commondir": elsewhere})
			return dir
		},
		"linked .git":    link(".git"),
		"linked objects": link(".git/objects"),
		"linked refs":    link(".git/refs"),
		"linked config":  link(".git/config"),
		"linked pack": func(t *testing.T, dir string) string {
			git(t, dir, "gc", "-q")
			return link(".git/objects/pack")(t, dir)
		},
		"linked branch": link(".git/refs/heads/main"),
		"linked directory": func(t *testing.T, dir string) string {
			path := filepath.Join(t.TempDir(), "link")
			require.NoError(t, os.Symlink(filepath.Dir(dir), path))
			return filepath.Join(path, filepath.Base(dir))
		},
	} {
		for _, scheme := range []string{"", "file://"} {
			t.Run(name+" "+scheme, func(t *testing.T) {
				r := newRepository(t, files)
				path := filepath.Join(t.TempDir(), "from")
				git(t, "", "clone", "-q", r.bare, path)
				git(t, path, "checkout", "-q", "--detach")
				path = plant(t, path)
				git(t, "", "ls-remote", scheme+path) // as git takes it
				for tool, run := range gitTasks(t, r, scheme+path) {
					if scheme != "" && tool != "git-clone" {
						continue // the part that they share is the same
					}
					got := run.do(t)
					got.refused(t, tool, path)
					assert.Regexp(t, `elsewhere|symbolic link`, got.stderr)
					assert.Equal(t, 1, strings.Count(got.stderr, "\n"), got.stderr)
					assert.Empty(t, got.results)
				}
			})
		}
	}
	for _, url := range []string{"~/from", "file:///a%2fb", "~root"} {
		for tool, run := range gitTasks(t, newRepository(t, files), url) {
			run.do(t).refused(t, tool, "want the path")
		}
	}
}

// TestGitPathPlain: all other repositories at a path are read.
func TestGitPathPlain(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"app.yaml": deployment("app", "app")})
	r.commit("more", map[string]string{"objects/x": "x", "refs/x": "x"})
	r.push("refs/heads/main")
	link := filepath.Join(r.work, "objects/link")
	require.NoError(t, os.Symlink("/etc/passwd", link))
	head := filepath.Join(r.work, ".git/HEAD") // of an old git
	require.NoError(t, os.Remove(head))
	require.NoError(t, os.Symlink("refs/heads/main", head))
	for _, hook := range []string{r.bare + "/hooks/post-update", r.work + "/.git/hooks/pre-commit"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(hook), 0o755))
		require.NoError(t, os.Symlink("/bin/true", hook))
	}
	bare := strings.TrimSuffix(r.bare, ".git")
	for _, url := range []string{r.work, "file://" + r.work, r.work + "//", r.work + "/.git", r.bare, bare, "file://" + bare + "/", "/" + r.bare, r.work + "/objects/.."} {
		for tool, run := range gitTasks(t, r, url) {
			// git pushes to no branch that is checked out
			if tool == "git-clone" || tool == "gitops-update" && url == bare {
				run.do(t).ok(t)
			}
		}
	}
}

// TestGitPathHooks: nothing that is planted in a repository at a path runs when a task pushes
// to it.
func TestGitPathHooks(t *testing.T) {
	t.Parallel()
	canary := filepath.Join(t.TempDir(), "canary")
	for name, plant := range map[string]func(t *testing.T, dir string){
		"hooks": func(t *testing.T, dir string) {
			for _, hook := range []string{"pre-receive", "update", "post-receive", "post-update", "reference-transaction", "push-to-checkout", "pre-auto-gc"} {
				write(t, dir, map[string]string{".git/hooks/" + hook: "#!/bin/sh\ntouch '" + canary + "'\n"})
				require.NoError(t, os.Chmod(filepath.Join(dir, ".git/hooks", hook), 0o755))
			}
		},
		"proc-receive": func(t *testing.T, dir string) {
			write(t, dir, map[string]string{".git/hooks/proc-receive": "#!/bin/sh\ntouch '" + canary + "'\n"})
			require.NoError(t, os.Chmod(filepath.Join(dir, ".git/hooks/proc-receive"), 0o755))
			git(t, dir, "config", "receive.procReceiveRefs", "refs")
		},
		"hooksPath": func(t *testing.T, dir string) {
			write(t, dir, map[string]string{"hooks/update": "#!/bin/sh\ntouch '" + canary + "'\n"})
			require.NoError(t, os.Chmod(filepath.Join(dir, "hooks/update"), 0o755))
			git(t, dir, "config", "core.hooksPath", filepath.Join(dir, "hooks"))
		},
		"checkout": func(t *testing.T, dir string) {
			git(t, dir, "checkout", "-q", "main")
			git(t, dir, "config", "receive.denyCurrentBranch", "updateInstead")
			git(t, dir, "config", "core.fsmonitor", planted(t, canary))
			git(t, dir, "config", "filter.evil.smudge", planted(t, canary))
			write(t, dir, map[string]string{".git/info/attributes": "* filter=evil\n"})
		},
		"gc": func(t *testing.T, dir string) {
			git(t, dir, "config", "gc.auto", "1")
			git(t, dir, "config", "gc.autoDetach", "false")
			git(t, dir, "config", "maintenance.autoDetach", "false")
			git(t, dir, "config", "gc.recentObjectsHook", planted(t, canary))
			git(t, dir, "config", "core.fsmonitor", planted(t, canary))
			files, args := map[string]string{}, []string{"hash-object", "-w"}
			for i := range 1500 {
				name := strconv.Itoa(i)
				files[name] = name
				args = append(args, name)
			}
			write(t, dir, files)
			git(t, dir, args...)
		},
		"lazy fetch": promise(canary),
		"included": func(t *testing.T, dir string) {
			write(t, dir, map[string]string{"evil": "[core]\n\thooksPath = " + dir + "/hooks\n", "hooks/update": "#!/bin/sh\ntouch '" + canary + "'\n"})
			require.NoError(t, os.Chmod(filepath.Join(dir, "hooks/update"), 0o755))
			git(t, dir, "config", "includeIf.gitdir:/**.path", filepath.Join(dir, "evil"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepository(t, map[string]string{"app.yaml": deployment("app", "app")})
			from := t.TempDir()
			git(t, "", "clone", "-q", r.bare, from)
			git(t, from, "checkout", "-q", "--detach")
			plant(t, from)
			require.NoError(t, os.RemoveAll(canary))
			for tool, run := range gitTasks(t, r, from) {
				got := run.do(t)
				assert.NoFileExists(t, canary)
				if !slices.Contains([]string{"checkout", "lazy fetch", "proc-receive"}, name) {
					assert.Zero(t, got.code, "%s: %s", tool, got.stderr)
				}
			}
		})
	}
}

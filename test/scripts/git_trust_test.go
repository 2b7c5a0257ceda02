package scripts

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// traps plant commands in a work tree with the given repository, in what git runs
// when it is asked for a commit or for what has changed. Another task that writes to
// the workspace can leave them, and some of them a repository itself.
func traps(canary string) map[string]func(t *testing.T, dir string) {
	return map[string]func(t *testing.T, dir string){
		"fsmonitor": func(t *testing.T, dir string) { git(t, dir, "config", "core.fsmonitor", planted(t, canary)) },
		"filter": func(t *testing.T, dir string) {
			git(t, dir, "config", "filter.evil.clean", planted(t, canary))
			write(t, dir, map[string]string{".git/info/attributes": "* filter=evil\n", "go.mod": module["go.mod"] + "\n"})
		},
		"filter of the repository": func(t *testing.T, dir string) {
			git(t, dir, "config", "filter.evil.process", planted(t, canary))
			write(t, dir, map[string]string{".gitattributes": "* filter=evil\n", "go.mod": module["go.mod"] + "\n"})
		},
		"included": func(t *testing.T, dir string) {
			git(t, dir, "config", "include.path", "../settings")
			write(t, dir, map[string]string{"settings": "[core]\n\tfsmonitor = " + planted(t, canary) + "\n"})
		},
		"of a work tree": func(t *testing.T, dir string) {
			git(t, dir, "config", "extensions.worktreeConfig", "true")
			write(t, dir, map[string]string{".git/config.worktree": "[core]\n\tfsmonitor = " + planted(t, canary) + "\n"})
		},
		"common directory": func(t *testing.T, dir string) {
			other := newRepository(t, map[string]string{"x": "x"})
			git(t, other.bare, "config", "core.fsmonitor", planted(t, canary))
			write(t, dir, map[string]string{".git/commondir": other.bare + "\n"})
		},
		"file": func(t *testing.T, dir string) {
			git(t, dir, "config", "core.fsmonitor", planted(t, canary))
			elsewhere := filepath.Join(t.TempDir(), "elsewhere")
			require.NoError(t, os.Rename(filepath.Join(dir, ".git"), elsewhere))
			write(t, dir, map[string]string{".git": "gitdir: " + elsewhere + "\n"})
		},
		"link": func(t *testing.T, dir string) {
			git(t, dir, "config", "core.fsmonitor", planted(t, canary))
			elsewhere := filepath.Join(t.TempDir(), "elsewhere")
			require.NoError(t, os.Rename(filepath.Join(dir, ".git"), elsewhere))
			require.NoError(t, os.Symlink(elsewhere, filepath.Join(dir, ".git")))
		},
		"submodule": func(t *testing.T, dir string) {
			inner := newRepository(t, map[string]string{"x": "x"})
			git(t, dir, "submodule", "add", "--quiet", "file://"+inner.bare, "sub")
			git(t, dir, "commit", "-q", "-m", "submodule")
			git(t, filepath.Join(dir, "sub"), "config", "core.fsmonitor", planted(t, canary))
		},
		"lazy fetch": promise(canary),
	}
}

// TestGoPlanted: go runs no version control system in the source, so none runs what
// is planted there.
func TestGoPlanted(t *testing.T) {
	t.Parallel()
	files := map[string]string{"go.mod": module["go.mod"], "main.go": program, ".gitignore": "/bin/\n", "a_test.go": "package main\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {}\n"}
	canary := filepath.Join(t.TempDir(), "canary")
	plants := traps(canary)
	for _, name := range []string{"hg", "svn", "bzr", "fossil"} {
		plants[name] = func(t *testing.T, dir string) {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, ".git")))
			entry := map[string]string{"fossil": ".fslckout"}[name]
			if entry == "" {
				entry = "." + name + "/x"
			}
			write(t, dir, map[string]string{entry: ""})
		}
	}
	for name, plant := range plants {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.RemoveAll(canary))
			r := goRun(t, run{task: define(t, tasks.GoBuild{})}, files)
			tools := t.TempDir()
			for _, tool := range []string{"hg", "svn", "bzr", "fossil"} {
				require.NoError(t, os.Symlink(planted(t, canary), filepath.Join(tools, tool)))
			}
			r.path = []string{tools}
			source := r.workspaces["source"]
			git(t, source, "init", "-q")
			git(t, source, "add", "-A")
			git(t, source, "commit", "-q", "-m", "first")
			plant(t, source)
			r.do(t).ok(t)
			assert.NoFileExists(t, canary, "go build")
			if name != "fsmonitor" && name != "hg" {
				return // go test asks nothing about any of them
			}
			r.task = define(t, tasks.GoTest{})
			r.do(t).ok(t)
			assert.NoFileExists(t, canary, "go test")
		})
	}
	t.Run("on demand", func(t *testing.T) {
		r := goRun(t, run{task: define(t, tasks.GoBuild{}), arrays: map[string][]string{"flags": {"-buildvcs=true"}}}, files)
		source := r.workspaces["source"]
		git(t, source, "init", "-q")
		git(t, source, "add", "-A")
		git(t, source, "commit", "-q", "-m", "first")
		recorded := func() string {
			r.do(t).ok(t)
			text, err := exec.Command("go", "version", "-m", filepath.Join(source, "bin/calc")).Output()
			require.NoError(t, err)
			return string(text)
		}
		assert.Contains(t, recorded(), "vcs.revision="+git(t, source, "rev-parse", "HEAD"))
		r.arrays = nil
		assert.NotContains(t, recorded(), "vcs.revision")
	})
}

// TestDockerBuildPlanted: nor does docker, whose buildx looks for a commit in the
// context unless it is told not to.
func TestDockerBuildPlanted(t *testing.T) {
	t.Parallel()
	need(t, "git")
	canary := filepath.Join(t.TempDir(), "canary")
	tools := write(t, t.TempDir(), map[string]string{"docker": `#!/bin/sh
enabled() { case $1 in false | False | FALSE | f | F | 0) return 1 ;; esac; }
case $1 in
push) echo 'v1: digest: ` + digest + ` size: 528' ;;
build)
  for context; do :; done
  enabled "${BUILDX_GIT_INFO-true}" || enabled "${BUILDX_GIT_LABELS-false}" || exit 0
  cd "$context"
  git -c log.showSignature=false show --format=%H HEAD --quiet -- || :
  git -c log.showSignature=false status --porcelain --ignored || :
  ;;
esac
`})
	require.NoError(t, os.Chmod(filepath.Join(tools, "docker"), 0o755))
	plants := traps(canary)
	plants["bare repository in the context"] = func(t *testing.T, dir string) {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, ".git")))
		git(t, dir, "init", "-q", "--bare", ".")
		git(t, dir, "config", "core.bare", "false")
		git(t, dir, "config", "core.worktree", dir)
		git(t, dir, "config", "core.fsmonitor", planted(t, canary))
	}
	for name, plant := range plants {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.RemoveAll(canary))
			source := write(t, t.TempDir(), map[string]string{"Dockerfile": "FROM scratch\n", "go.mod": module["go.mod"]})
			git(t, source, "init", "-q")
			git(t, source, "add", "-A")
			git(t, source, "commit", "-q", "-m", "first")
			plant(t, source)
			for _, own := range [][]string{nil, {"BUILDX_GIT_LABELS=true"}} { // of the pod
				run{
					task: define(t, tasks.DockerBuild{}), path: []string{tools}, env: own,
					params: map[string]string{"image": "example.com/app:1"}, workspaces: map[string]string{"source": source},
				}.do(t).ok(t)
				assert.NoFileExists(t, canary)
			}
		})
	}
}

// TestGitOpsUpdatePlanted: GitOpsUpdate runs nothing that the repository, or the
// directory that it starts in, could make git run.
func TestGitOpsUpdatePlanted(t *testing.T) {
	t.Parallel()
	canary := filepath.Join(t.TempDir(), "canary")
	inner := newRepository(t, map[string]string{"x": "x"})
	for name, plant := range traps(canary) {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.RemoveAll(canary))
			// An administrator has a filter, such as that of Git LFS, and hooks.
			home := t.TempDir()
			git(t, "", "config", "-f", filepath.Join(home, ".gitconfig"), "filter.evil.clean", planted(t, canary))
			git(t, "", "config", "-f", filepath.Join(home, ".gitconfig"), "filter.evil.smudge", planted(t, canary))
			r := newRepository(t, map[string]string{"app.yaml": deployment("app", "app"), ".gitattributes": "*.yaml filter=evil\n"})
			git(t, r.work, "submodule", "add", "--quiet", "file://"+inner.bare, "sub")
			git(t, r.work, "config", "-f", ".gitmodules", "submodule.sub.update", "!"+planted(t, canary))
			for _, hook := range []string{"pre-commit", "reference-transaction", "pre-push", "post-index-change"} {
				write(t, r.work, map[string]string{"hooks/" + hook: "#!/bin/sh\ntouch '" + canary + "'\n"})
				require.NoError(t, os.Chmod(filepath.Join(r.work, "hooks", hook), 0o755))
			}
			r.commit("more", nil)
			r.push("refs/heads/main")

			dir := write(t, t.TempDir(), map[string]string{"go.mod": module["go.mod"]})
			git(t, dir, "init", "-q")
			git(t, dir, "add", "-A")
			git(t, dir, "commit", "-q", "-m", "first")
			plant(t, dir)
			git(t, dir, "config", "core.hooksPath", filepath.Join(r.work, "hooks"))
			require.NoFileExists(t, canary)
			before := filesIn(t, dir)
			run := updating(t, r, nil)
			run.home, run.dir = home, dir
			got := run.do(t).ok(t)
			assert.Equal(t, r.head("main"), got.results["commit"])
			assert.NoFileExists(t, canary)
			assert.Equal(t, before, filesIn(t, dir))
		})
	}
}

// TestGitClonePlantedModules: with delete-existing=false, what an earlier run left
// does not become a submodule, and is not asked where one comes from.
func TestGitClonePlantedModules(t *testing.T) {
	t.Parallel()
	canary := filepath.Join(t.TempDir(), "canary")
	inner := newRepository(t, map[string]string{"inner": "i\n"})
	clone := func(output string, r repository, params map[string]string) outcome {
		all := map[string]string{"url": "file://" + r.bare, "delete-existing": "false"}
		maps.Copy(all, params)
		c := cloning(t, output, all)
		c.env = append(c.env, "GIT_ALLOW_PROTOCOL=file")
		return c.do(t)
	}
	t.Run("a repository in its place", func(t *testing.T) {
		r := newRepository(t, map[string]string{"README": "one\n"})
		output := t.TempDir()
		clone(output, r, nil).ok(t)
		sub := filepath.Join(output, "lib/sub")
		git(t, "", "clone", "-q", inner.bare, sub)
		git(t, sub, "config", "core.fsmonitor", planted(t, canary))
		git(t, sub, "config", "core.hooksPath", filepath.Dir(planted(t, canary)))
		write(t, sub, map[string]string{"inner": "changed"})
		git(t, r.work, "submodule", "add", "--quiet", "file://"+inner.bare, "lib/sub")
		r.commit("submodule", nil)
		r.push("refs/heads/main")
		clone(output, r, map[string]string{"submodules": "false"}).ok(t)
		assert.NoFileExists(t, canary)
		assert.Equal(t, "changed", filesIn(t, output)["lib/sub/inner"])
		clone(output, r, nil).ok(t)
		assert.NoFileExists(t, canary)
		assert.Equal(t, "i\n", filesIn(t, output)["lib/sub/inner"])
	})
	t.Run("a .gitmodules", func(t *testing.T) {
		r := newRepository(t, map[string]string{"README": "one\n"})
		git(t, r.work, "update-index", "--add", "--cacheinfo", "160000,"+inner.head("main")+",lib/sub")
		git(t, r.work, "commit", "-q", "-m", "link")
		r.push("refs/heads/main")
		output := t.TempDir()
		clone(output, r, nil).ok(t)
		write(t, output, map[string]string{".gitmodules": "[submodule \"sub\"]\n\tpath = lib/sub\n\turl = file://" + inner.bare + "\n"})
		clone(output, r, nil).ok(t)
		assert.NotContains(t, filesIn(t, output), "lib/sub/inner")
	})
}

// TestGitCloneFromPlanted: the URL may be a path in a workspace. Nothing that is
// planted in that repository runs.
func TestGitCloneFromPlanted(t *testing.T) {
	t.Parallel()
	canary := filepath.Join(t.TempDir(), "canary")
	for name, plant := range traps(canary) {
		if name == "lazy fetch" {
			continue // it has nothing to clone
		}
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.RemoveAll(canary))
			r := newRepository(t, map[string]string{"README": "one\n"})
			from := t.TempDir()
			git(t, "", "clone", "-q", r.bare, from)
			git(t, from, "config", "uploadpack.packObjectsHook", planted(t, canary))
			git(t, from, "config", "core.hooksPath", filepath.Dir(planted(t, canary)))
			plant(t, from)
			cloning(t, t.TempDir(), map[string]string{"url": from}).do(t)
			assert.NoFileExists(t, canary)
		})
	}
}

// TestKustomizationPlanted: a kustomization cannot make kubectl run a program, neither
// itself nor by git, which fetches a resource from a repository.
func TestKustomizationPlanted(t *testing.T) {
	t.Parallel()
	kubectl, canary := need(t, "kubectl"), filepath.Join(t.TempDir(), "canary")
	function := "apiVersion: v1\nkind: Thing\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n      exec:\n        path: " + planted(t, canary) + "\n"
	try := func(t *testing.T, files map[string]string) string {
		require.NoError(t, os.RemoveAll(canary))
		cmd := exec.Command(kubectl, "kustomize", write(t, t.TempDir(), files))
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir()}
		text, err := cmd.CombinedOutput()
		assert.Error(t, err, "%s", text)
		assert.NoFileExists(t, canary, "%s", text)
		return string(text)
	}
	for _, field := range []string{"generators", "transformers", "validators"} {
		try(t, map[string]string{"kustomization.yaml": field + ": [x.yaml]\n", "x.yaml": function})
	}
	for name, plant := range traps(canary) {
		t.Run(name, func(t *testing.T) {
			need(t, "git")
			dir := write(t, t.TempDir(), map[string]string{"x": "", "go.mod": ""})
			git(t, dir, "init", "-q", "-b", "main")
			git(t, dir, "add", "-A")
			git(t, dir, "commit", "-q", "-m", "first")
			plant(t, dir)
			said := try(t, map[string]string{"kustomization.yaml": "resources: ['file://" + dir + "?ref=main']\n"})
			assert.Contains(t, said, dir)
		})
	}
	try(t, map[string]string{"kustomization.yaml": "resources: ['ext::" + planted(t, canary) + "']\n"})
	try(t, map[string]string{"kustomization.yaml": "resources: ['git::ext::" + planted(t, canary) + "//x?ref=main']\n"})
}

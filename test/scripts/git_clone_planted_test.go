package scripts

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGitClonePlanted: with delete-existing=false, nothing in the .git of an earlier
// run is trusted: it runs no command, and it leads nowhere.
func TestGitClonePlanted(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n", "gone": "g", ".gitattributes": "README filter=evil\n"})
	url := "file://" + r.bare
	canary := filepath.Join(t.TempDir(), "canary")
	touch := "touch '" + canary + "'; false #"
	other := newRepository(t, map[string]string{"secret": "s"})

	for name, plant := range map[string]func(t *testing.T, dir string){
		"fsmonitor":  config("core.fsmonitor", touch),
		"smudge":     config("filter.evil.smudge", touch),
		"process":    config("filter.evil.process", touch),
		"uploadpack": config("remote.origin.uploadpack", touch),
		"ssh":        config("core.sshCommand", touch),
		"insteadOf":  config("url.ext::sh -c '"+strings.ReplaceAll(touch, "'", "'\\''")+"' .insteadOf", "file://"),
		"hooksPath":  config("core.hooksPath", "."),
		"worktree":   config("core.worktree", filepath.Dir(canary)),
		"askpass":    config("core.askPass", touch),
		"include": func(t *testing.T, dir string) {
			git(t, dir, "config", "include.path", "../evil")
			write(t, dir, map[string]string{"evil": "[core]\n\tfsmonitor = " + planted(t, canary) + "\n"})
		},
		"proxy": config("core.gitProxy", touch),
		"signature": func(t *testing.T, dir string) {
			git(t, dir, "config", "log.showSignature", "true")
			git(t, dir, "config", "gpg.program", planted(t, canary))
		},
		"of a work tree": func(t *testing.T, dir string) {
			git(t, dir, "config", "extensions.worktreeConfig", "true")
			write(t, dir, map[string]string{".git/config.worktree": "[core]\n\tfsmonitor = " + planted(t, canary) + "\n"})
		},
		"commondir": func(t *testing.T, dir string) {
			write(t, dir, map[string]string{".git/commondir": other.bare + "\n"})
			git(t, other.bare, "config", "core.fsmonitor", planted(t, canary))
		},
		"attributes": func(t *testing.T, dir string) {
			git(t, dir, "config", "filter.other.clean", planted(t, canary))
			write(t, dir, map[string]string{".git/info/attributes": "* filter=other\n"})
		},
		"sparse": func(t *testing.T, dir string) {
			git(t, dir, "config", "core.sparseCheckout", "true")
			write(t, dir, map[string]string{".git/info/sparse-checkout": "/nothing\n"})
		},
		"replacement": func(t *testing.T, dir string) {
			evil := git(t, dir, "commit-tree", "-m", "evil", "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
			git(t, dir, "update-ref", "refs/replace/"+git(t, r.bare, "rev-parse", "main"), evil)
		},
		"lazy fetch": promise(canary),
		"bare": func(t *testing.T, dir string) {
			git(t, dir, "clone", "-q", "--bare", other.bare, "bare.git")
			for _, name := range []string{"HEAD", "config", "objects", "refs"} {
				require.NoError(t, os.Rename(filepath.Join(dir, "bare.git", name), filepath.Join(dir, name)))
			}
			git(t, dir, "config", "-f", "config", "core.fsmonitor", planted(t, canary))
			require.NoError(t, os.RemoveAll(filepath.Join(dir, ".git")))
		},
		"alternates": func(t *testing.T, dir string) {
			write(t, dir, map[string]string{".git/objects/info/alternates": filepath.Join(other.bare, "objects") + "\n"})
		},
		"hook": func(t *testing.T, dir string) {
			write(t, dir, map[string]string{".git/hooks/post-checkout": "#!/bin/sh\n" + touch + "\n"})
			require.NoError(t, os.Chmod(filepath.Join(dir, ".git/hooks/post-checkout"), 0o755))
		},
		"link": func(t *testing.T, dir string) {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, ".git")))
			require.NoError(t, os.Symlink(other.bare, filepath.Join(dir, ".git")))
		},
		"file": func(t *testing.T, dir string) {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, ".git")))
			write(t, dir, map[string]string{".git": "gitdir: " + other.bare + "\n"})
		},
		"index link": func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, ".git/index")))
			require.NoError(t, os.Symlink(filepath.Join(other.bare, "HEAD"), filepath.Join(dir, ".git/index")))
		},
		"broken index": func(t *testing.T, dir string) { write(t, dir, map[string]string{".git/index": "DIRC nonsense"}) },
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.RemoveAll(canary))
			output := t.TempDir()
			params := map[string]string{"url": url, "delete-existing": "false"}
			cloning(t, output, params).do(t).ok(t)
			write(t, output, map[string]string{"cache": "c", "README": "changed"})
			plant(t, output)
			before := filesIn(t, other.bare)
			got := cloning(t, output, params).do(t).ok(t)
			assert.NoFileExists(t, canary)
			files := filesIn(t, output)
			assert.Equal(t, "one\n", files["README"])
			assert.Equal(t, "c", files["cache"])
			assert.Equal(t, git(t, r.bare, "rev-parse", "main"), got.results["commit"])
			assert.Equal(t, before, filesIn(t, other.bare))
			assert.DirExists(t, filepath.Join(output, ".git"))
			info, err := os.Lstat(filepath.Join(output, ".git"))
			require.NoError(t, err)
			assert.True(t, info.IsDir())
		})
	}
}

// TestGitClonePlantedFiles: nor do files in the work tree change those of the commit,
// or how long a clone takes.
func TestGitClonePlantedFiles(t *testing.T) {
	t.Parallel()
	files := map[string]string{"README": "one\n", "dir/a b/x": "x\n", "dir/new\nline/y": "y\n", "own/z": "$Id$\n", "own/.gitattributes": "z -text\n"}
	r := newRepository(t, files)
	outside := write(t, t.TempDir(), map[string]string{".gitattributes": "* working-tree-encoding=UTF-16\n"})
	output := t.TempDir()
	for name, plant := range map[string]func(path string) error{
		"file": func(path string) error {
			return os.WriteFile(path, []byte("* working-tree-encoding=UTF-16 ident\n"), 0o644)
		},
		"directory": func(path string) error {
			return os.MkdirAll(filepath.Join(path, "x"), 0o755)
		},
		"link": func(path string) error { return os.Symlink(filepath.Join(outside, ".gitattributes"), path) },
		"pipe": func(path string) error { return syscall.Mkfifo(path, 0o644) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, sparse := range [][]string{nil, {"dir"}, {"own"}} {
				require.NoError(t, os.RemoveAll(filepath.Join(output, ".git")))
				for _, dir := range []string{".", "dir", "dir/a b", "dir/new\nline", "own"} {
					require.NoError(t, os.MkdirAll(filepath.Join(output, dir), 0o755))
					path := filepath.Join(output, dir, ".gitattributes")
					require.NoError(t, os.RemoveAll(path))
					require.NoError(t, plant(path))
				}
				for _, pipe := range []string{".mailmap", ".gitmodules", ".gitignore", "README"} {
					require.NoError(t, os.RemoveAll(filepath.Join(output, pipe)))
					require.NoError(t, syscall.Mkfifo(filepath.Join(output, pipe), 0o644))
				}
				c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "delete-existing": "false"})
				if sparse != nil {
					c.arrays = map[string][]string{"sparse-checkout": sparse}
				}
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				c.ctx = ctx
				c.do(t).ok(t)
				for file, text := range files {
					if dir, _, below := strings.Cut(file, "/"); below && sparse != nil && dir != sparse[0] {
						continue
					}
					got, err := os.ReadFile(filepath.Join(output, file))
					require.NoError(t, err)
					assert.Equal(t, text, string(got), file)
				}
			}
		})
	}
	assert.Equal(t, map[string]string{".gitattributes": "* working-tree-encoding=UTF-16\n"}, filesIn(t, outside))
}

// planted is the path of a program that makes the canary.
func planted(t testing.TB, canary string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "planted")
	require.NoError(t, os.WriteFile(file, []byte("#!/bin/sh\ntouch '"+canary+"'\nexit 1\n"), 0o755))
	return file
}

// promise plants that a commit which is missing comes from a remote, whose URL is a
// command.
func promise(canary string) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		git(t, dir, "config", "core.repositoryFormatVersion", "1")
		git(t, dir, "config", "extensions.partialClone", "origin")
		git(t, dir, "config", "remote.origin.promisor", "true")
		git(t, dir, "config", "remote.origin.url", "ext::"+planted(t, canary))
		git(t, dir, "config", "protocol.ext.allow", "always")
		require.NoError(t, os.RemoveAll(filepath.Join(dir, ".git/objects")))
		require.NoError(t, os.MkdirAll(filepath.Join(dir, ".git/objects/pack"), 0o755))
	}
}

// config plants a setting in the configuration of a clone.
func config(key, value string) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) { git(t, dir, "config", key, value) }
}

// TestGitClonePlantedIndex: a list of files of an earlier run deletes nothing outside
// of the workspace.
func TestGitClonePlantedIndex(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	parent := write(t, t.TempDir(), map[string]string{"keep": "k", "out/x": ""})
	output := filepath.Join(parent, "out")
	params := map[string]string{"url": "file://" + r.bare, "delete-existing": "false"}
	cloning(t, output, params).do(t).ok(t)
	// Two names of seven bytes: one that git takes, turned into one that leads out.
	write(t, output, map[string]string{"aa/keep": "x"})
	git(t, output, "add", "aa/keep")
	index := filepath.Join(output, ".git/index")
	text, err := os.ReadFile(index)
	require.NoError(t, err)
	write(t, output, map[string]string{".git/index": strings.ReplaceAll(string(text), "aa/keep", "../keep")})
	cloning(t, output, params).do(t).ok(t)
	assert.Equal(t, "k", filesIn(t, parent)["keep"])

	require.NoError(t, os.Symlink(parent, filepath.Join(output, "up")))
	cloning(t, output, params).do(t).ok(t)
	assert.Equal(t, "k", filesIn(t, parent)["keep"])
}

// TestGitClonePlantedSubmodule: nor is anything in a submodule of an earlier run.
func TestGitClonePlantedSubmodule(t *testing.T) {
	t.Parallel()
	inner := newRepository(t, map[string]string{"inner": "i\n"})
	r := newRepository(t, map[string]string{"README": "one\n"})
	git(t, r.work, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", "file://"+inner.bare, "lib/sub")
	r.commit("submodule", nil)
	r.push("refs/heads/main")
	canary := filepath.Join(t.TempDir(), "canary")
	output := t.TempDir()
	clone := func() outcome {
		c := cloning(t, output, map[string]string{"url": "file://" + r.bare, "delete-existing": "false"})
		c.env = append(c.env, "GIT_ALLOW_PROTOCOL=file")
		return c.do(t)
	}
	clone().ok(t)
	sub := filepath.Join(output, "lib/sub")
	git(t, sub, "config", "core.fsmonitor", "touch '"+canary+"'; false #")
	write(t, sub, map[string]string{"inner": "changed"})
	clone().ok(t)
	assert.NoFileExists(t, canary)
	assert.Equal(t, "i\n", filesIn(t, output)["lib/sub/inner"])

	outside := write(t, t.TempDir(), map[string]string{"sub/keep": "k"})
	require.NoError(t, os.RemoveAll(filepath.Join(output, "lib")))
	require.NoError(t, os.Symlink(outside, filepath.Join(output, "lib")))
	clone()
	assert.Equal(t, map[string]string{"sub/keep": "k"}, filesIn(t, outside))
}

// TestGitClonePlantedLinks: nor does a clone write through links of an earlier run.
func TestGitClonePlantedLinks(t *testing.T) {
	t.Parallel()
	files := map[string]string{"README": "one\n", "dir/a/x": "x\n", "dir/y": "y\n", ".gitattributes": "* text\n"}
	r := newRepository(t, files)
	for name, sparse := range map[string][]string{"all": {}, "sparse": {"dir/a"}} {
		for _, link := range []string{"README", "dir", "dir/a", "dir/a/x", ".gitattributes", ".gitmodules", "new"} {
			t.Run(name+" "+link, func(t *testing.T) {
				outside := write(t, t.TempDir(), map[string]string{"a/x": "outside", "x": "outside", "y": "outside"})
				before := filesIn(t, outside)
				output := t.TempDir()
				run := cloning(t, output, map[string]string{"url": "file://" + r.bare, "delete-existing": "false"})
				run.arrays = map[string][]string{"sparse-checkout": sparse}
				run.do(t).ok(t)
				for _, target := range []string{outside, filepath.Join(outside, "x"), filepath.Join(outside, "none")} {
					require.NoError(t, os.RemoveAll(filepath.Join(output, link)))
					require.NoError(t, os.Symlink(target, filepath.Join(output, link)))
					run.do(t).ok(t)
					assert.Equal(t, before, filesIn(t, outside))
					after := filesIn(t, output)
					for file, text := range files {
						assert.Equal(t, text, after[file], file)
					}
				}
			})
		}
	}
}

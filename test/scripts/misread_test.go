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

// Some tools change a path before they open it. A path that was checked must not become
// another one.

// TestHelmTrims: helm removes white space around the name of a chart, and takes a name
// that is a path for that path, also if there is a repository.
func TestHelmTrims(t *testing.T) {
	t.Parallel()
	for _, space := range []string{" ", "\t", "\n", "\u00a0", "\u0085", "\u3000"} {
		r := newRelease(t)
		outside := write(t, t.TempDir(), chart)
		out := filepath.Join(outside, "charts", "app")
		require.NoError(t, os.Symlink(out, filepath.Join(r.source, "charts", "linked")))
		write(t, filepath.Join(r.source, "charts"), map[string]string{
			"linked" + space + "/Chart.yaml": "apiVersion: v2\nname: mine\nversion: 0.1.0\n", "linked" + space + "/templates/a.yaml": "",
		})
		with := func(more map[string]string) outcome {
			params := map[string]string{"release": "app", "namespace": "prod", "timeout": "5s", "wait": "false"}
			maps.Copy(params, more)
			return r.deployWith(params)
		}
		for _, name := range []string{out, space + out, space + "../" + out, space + "./x", "a/../../" + out, space + "-x"} {
			got := with(map[string]string{"chart": name, "repository": "https://127.0.0.1:1"})
			got.refused(t, "helm-deploy", "is not the name of a chart in the repository")
			assert.Empty(t, r.objects, "%q", name)
		}
		with(map[string]string{"chart": "charts/linked"}).refused(t, "helm-deploy", "leads out of the source through a symbolic link")
		assert.Equal(t, deployed("1"), with(map[string]string{"chart": "charts/linked" + space}).ok(t).results)
		assert.Nil(t, r.data("prod", "app"), "%q: the chart behind the link is installed", space)

		archives := t.TempDir()
		packed, err := exec.Command(filepath.Join(r.path, "helm"), "package", out, "-d", archives).CombinedOutput()
		require.NoError(t, err, "%s", packed)
		require.NoError(t, os.Symlink(filepath.Join(archives, "app-0.1.0.tgz"), filepath.Join(r.source, "x.tgz")))
		write(t, r.source, map[string]string{"x.tgz" + space: ""})
		with(map[string]string{"chart": "x.tgz" + space}).refused(t, "helm-deploy", "does not end like the name of an archive")
	}
}

// TestKubectlNewlines: in a list of paths, kubectl reads a carriage return and a newline as
// a newline.
func TestKubectlNewlines(t *testing.T) {
	t.Parallel()
	path := filepath.Dir(need(t, "kubectl"))
	for _, file := range []string{"a\r\nb.yaml", "a\r\n/b.yaml", "a\r\r\nb.yaml"} {
		source, _ := linked(t, map[string]string{file: "", "a\r\n-": ""}, map[string]string{"a\nb.yaml": "SECRET/app.yaml", "a\r\nb": "SECRET", "a\n": "SECRET"})
		got := run{
			task: define(t, tasks.KubectlApply{}), path: []string{path}, params: map[string]string{"path": file, "namespace": "prod"},
			workspaces: map[string]string{"source": source},
		}.do(t)
		got.refused(t, "kubectl-apply", "which kubectl reads as a newline")
		assert.NotContains(t, got.stdout+got.stderr, theSecret)
	}
}

// TestGitCloneReplaced: a refspec can fetch refs/replace, with which git would show
// another commit under the hash of one that was reviewed.
func TestGitCloneReplaced(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "reviewed\n"})
	reviewed := git(t, r.work, "rev-parse", "HEAD")
	evil := r.commit("evil", map[string]string{"README": "evil\n"})
	git(t, r.work, "push", "-q", "origin", evil+":refs/replace/"+reviewed)
	for _, depth := range []string{"0", "1"} {
		for _, revision := range []string{reviewed, "main", ""} {
			output := t.TempDir()
			got := cloning(t, output, map[string]string{"url": "file://" + r.bare, "revision": revision, "refspec": "+refs/heads/main +refs/*:refs/*", "depth": depth}).do(t).ok(t)
			assert.Equal(t, reviewed, got.results["commit"])
			assert.Equal(t, "reviewed\n", filesIn(t, output)["README"], "depth %s, revision %q", depth, revision)
		}
	}
}

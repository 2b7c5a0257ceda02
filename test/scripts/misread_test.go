package scripts

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

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
			if space < " " && strings.Contains(name, space) {
				got.refused(t, "helm-deploy", "contains a control character")
			} else {
				got.refused(t, "helm-deploy", "is not the name of a chart in the repository")
			}
			assert.Empty(t, r.objects, "%q", name)
		}
		with(map[string]string{"chart": "charts/linked"}).refused(t, "helm-deploy", "leads out of the source through a symbolic link")
		if space < " " {
			with(map[string]string{"chart": "charts/linked" + space}).refused(t, "helm-deploy", "contains a control character")
			continue
		}
		assert.Equal(t, deployed("1"), with(map[string]string{"chart": "charts/linked" + space}).ok(t).results)
		assert.Nil(t, r.data("prod", "app"), "%q: the chart behind the link is installed", space)

		archives := t.TempDir()
		packed, err := exec.Command(filepath.Join(r.path, "helm"), "package", out, "-d", archives).CombinedOutput()
		require.NoError(t, err, "%s", packed)
		require.NoError(t, os.Symlink(filepath.Join(archives, "app-0.1.0.tgz"), filepath.Join(r.source, "x.tgz")))
		write(t, r.source, map[string]string{"x.tgz" + space: ""})
		with(map[string]string{"chart": "x.tgz" + space}).refused(t, "helm-deploy", "ends with white space, which helm removes")
	}
}

// blanks are all characters that strings.TrimSpace removes.
func blanks() (list []string) {
	for r := range rune(0x3001) {
		if unicode.IsSpace(r) {
			list = append(list, string(r))
		}
	}
	return list
}

// flags parses the arguments of buildctl as its library does: white space around an
// argument is removed, but not around a value that is the next argument.
func flags(c call) map[string][]string {
	all := map[string][]string{}
	for args := c.Args[1:]; len(args) > 0; args = args[1:] {
		name, value, set := strings.Cut(strings.TrimPrefix(strings.TrimSpace(args[0]), "--"), "=")
		if !set && len(args) > 1 {
			args = args[1:]
			value = args[0]
		}
		all[name] = append(all[name], value)
	}
	return all
}

// TestBuildctlTrims: what buildctl sends is what was checked, and nothing is removed from
// the build arguments.
func TestBuildctlTrims(t *testing.T) {
	t.Parallel()
	for _, space := range blanks() {
		for _, end := range []string{space, "x" + space + space, " x" + space} {
			name := "app" + end
			source, _ := linked(t, map[string]string{name + "/Dockerfile": "", "d/" + name: "", name + "/" + name: ""}, map[string]string{
				"app": "SECRET", "d/app": "SECRET/Dockerfile", "appx": "SECRET", "d/appx": "SECRET/Dockerfile", "app x": "SECRET",
			})
			for _, c := range []struct{ context, dockerfile, folder, file string }{
				{name, "", name, "Dockerfile"},
				{name + "//", "./" + name + "/Dockerfile", name, "Dockerfile"},
				{name, "d/" + name, "d", name},
				{name, name + "/" + name, name, name},
				{"./" + name + "/.", "d/./" + name, "d", name},
			} {
				dir, env, calls := standins(t, []reply{{Touch: "metadata-file=" + metadata}}, "buildctl-daemonless.sh")
				run{
					task: define(t, tasks.BuildKit{}), path: []string{dir}, env: env, workspaces: map[string]string{"source": source},
					params: map[string]string{"image": "example.com/app:1", "context": c.context, "dockerfile": c.dockerfile},
					arrays: map[string][]string{"build-args": {"A=" + space, "B=" + space + "b" + space, "C=c"}},
				}.do(t).ok(t)
				require.Len(t, calls(), 1)
				got := flags(calls()[0])
				assert.Equal(t, []string{"filename=" + c.file, "build-arg:A=" + space, "build-arg:B=" + space + "b" + space, "build-arg:C=c"}, got["opt"])
				for i, want := range []string{"context=" + name, "dockerfile=" + c.folder} {
					key, path, _ := strings.Cut(strings.TrimSpace(got["local"][i]), "=") // as older versions have it
					sent, err := filepath.EvalSymlinks(path)
					require.NoError(t, err)
					below, err := filepath.Rel(source, sent)
					require.NoError(t, err)
					assert.Equal(t, want, key+"="+below)
				}
			}
		}
	}
}

// TestKanikoContext: kaniko ends the path of the context at the second ://.
func TestKanikoContext(t *testing.T) {
	t.Parallel()
	files := map[string]string{"app/Dockerfile": "", "y:/app/Dockerfile": "", "dir:/app/Dockerfile": ""}
	for context, want := range map[string]string{
		"a://source/app": "app", "a://source": "", "x:///source/app": "app", "y://app": "y:/app", "dir://app": "dir:/app", "y:/app/": "y:/app", "./y://./app": "y:/app",
	} {
		source, _ := linked(t, files, map[string]string{"a:": "..", "x:": "SECRET/.."})
		write(t, source, map[string]string{"Dockerfile": ""})
		dir, env, calls := standins(t, []reply{{Touch: "digest-file=" + digest}}, "executor")
		run{
			task: define(t, tasks.Kaniko{}), path: []string{dir}, env: env, workspaces: map[string]string{"source": source},
			params: map[string]string{"image": "example.com/app:1", "context": context},
			files:  map[string]string{"/kaniko/executor": filepath.Join(dir, "executor")},
		}.do(t).ok(t)
		text, ok := strings.CutPrefix(calls()[0].Args[0], "--context=")
		require.True(t, ok)
		split := strings.SplitAfter(text, "://") // as kaniko has it
		require.Len(t, split, 2, text)
		assert.Equal(t, filepath.Join(source, want), split[1], context)
	}
}

// TestMirrors: kaniko reads a list of registries and mirrors, with semicolons, and the
// others an empty name as none.
func TestMirrors(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"kaniko", "buildkit", "buildah"} {
		for _, mirror := range []string{"m;ghcr.io=evil.example.com", "https://m;ghcr.io=evil", "m=x", "m,n", "m n", "http://u:p@m", "://", "https://", "https:///", "a://b://c", "https:///m", "/m", "m//n", ":5000", "-m", "."} {
			got, calls, _ := recordings(t)[name].with(t, map[string]string{"mirror": mirror})
			got.refused(t, name, "mirror ")
			assert.NotContains(t, got.stderr, "u:p")
			assert.Empty(t, calls, mirror)
		}
	}
}

// TestHelmLists: helm reads the values files as a list, and values as paths of keys.
func TestHelmLists(t *testing.T) {
	t.Parallel()
	r := newRelease(t)
	parent := filepath.Dir(r.source)
	write(t, parent, map[string]string{"secret/config": "word: " + theSecret + "\n"})
	for _, file := range []string{"a\r\nb.yaml", "a\r\n/b.yaml", "a\r\r\nb.yaml", "\r\n", `"` + "\r\n" + `"`} {
		source, _ := linked(t, map[string]string{"charts/app/Chart.yaml": chart["charts/app/Chart.yaml"], file: "word: mine\n"}, map[string]string{"a\nb.yaml": "SECRET/config", "a\n": "SECRET", "a\r\nc": "SECRET"})
		got := run{
			task: define(t, tasks.HelmDeploy{}), path: []string{r.path}, workspaces: map[string]string{"source": source, "kubeconfig": r.kubeconfig},
			params: map[string]string{"chart": "charts/app", "release": "app", "namespace": "prod"}, arrays: map[string][]string{"values": {file}},
		}.do(t)
		got.refused(t, "helm-deploy", "contains a control character")
		assert.Empty(t, r.objects)
	}
	files := map[string]string{",d.yaml": "d: one\n", `"e".yaml`: "e: one\n", " i ": "i: one\n", `"`: "k: one\n", `,"`: "l: one\n"} // helm itself refuses control characters
	write(t, r.source, files)
	got := run{
		task: define(t, tasks.HelmDeploy{}), path: []string{r.path}, workspaces: map[string]string{"source": r.source, "kubeconfig": r.kubeconfig},
		params: map[string]string{"chart": "charts/app", "release": "app", "namespace": "prod"},
		arrays: map[string][]string{
			"values": slices.Sorted(maps.Keys(files)), "extra-args": {noSchema},
			"set-string": {"s={x}", "t={a,b}", "u={", `v=\{x}`, "w=x{y}", `x=\`, "y={}"},
		},
	}.do(t).ok(t)
	assert.Equal(t, deployed("1"), got.results)
	values := read(strings.NewReader(r.data("prod", "app")["values"].(string)))
	for name, text := range files {
		assert.Equal(t, "one", values[text[:1]], "%q", name)
	}
	for key, want := range map[string]string{"s": "{x}", "t": "{a,b}", "u": "{", "v": `\{x}`, "w": "x{y}", "x": `\`, "y": "{}"} {
		assert.Equal(t, want, values[key])
	}
	with := run{
		task: define(t, tasks.HelmDeploy{}), path: []string{r.path}, workspaces: map[string]string{"source": r.source, "kubeconfig": r.kubeconfig},
		params: map[string]string{"chart": "charts/app", "release": "app", "namespace": "prod"},
		arrays: map[string][]string{"set": {`a\=b,word=x`}},
	}.do(t)
	with.refused(t, "helm-deploy", "has a key that ends with a backslash")
}

// TestGitCloneSparseTrims: git removes white space around the directories of a sparse
// checkout, and unquotes them.
func TestGitCloneSparseTrims(t *testing.T) {
	t.Parallel()
	names := []string{"app", " app", "app ", " app ", "\tapp", "app\r", "app\u00a0", `"app"`, `"app`, `a\b`, `b\`, `\`, "*", "#app", "!app", "-app", "ü"}
	files := map[string]string{"README": ""}
	for _, name := range names {
		files[name+"/x"] = ""
	}
	r := newRepository(t, files)
	for _, name := range names {
		for _, form := range []string{name, name + "/", "./" + name, "/" + name} {
			output := t.TempDir()
			c := cloning(t, output, map[string]string{"url": "file://" + r.bare})
			c.arrays = map[string][]string{"sparse-checkout": {form}}
			c.do(t).ok(t)
			assert.Equal(t, map[string]string{"README": "", name + "/x": ""}, filesIn(t, output), "%q", form)
		}
	}
	for _, none := range []string{"", ".", "./", "/", "none"} {
		output := t.TempDir()
		c := cloning(t, output, map[string]string{"url": "file://" + r.bare})
		c.arrays = map[string][]string{"sparse-checkout": {none}}
		c.do(t).ok(t)
		assert.Equal(t, map[string]string{"README": ""}, filesIn(t, output), "%q", none)
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
		got.refused(t, "kubectl-apply", "contains a control character")
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

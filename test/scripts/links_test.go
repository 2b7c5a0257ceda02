package scripts

import (
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// A repository can contain links. Next to the source, a step has other
// workspaces, here the directory secret. No task reads or writes there because of
// a link in the source.

// linked makes a source and beside it a Secret. The targets of the links are
// relative to their directory; SECRET is the absolute path of the Secret.
func linked(t testing.TB, files, links map[string]string) (source, secret string) {
	t.Helper()
	parent := t.TempDir()
	secret = write(t, filepath.Join(parent, "secret"), map[string]string{
		"config": "apiVersion: v1\nkind: Config\n# " + theSecret + "\n", "Dockerfile": theSecret, "Chart.yaml": theSecret, "app.yaml": theSecret,
	})
	source = write(t, filepath.Join(parent, "source"), files)
	for name, target := range links {
		path := filepath.Join(source, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.Symlink(strings.ReplaceAll(target, "SECRET", secret), path))
	}
	return source, secret
}

const theSecret = "c2VjcmV0"

// ways are links from a directory of the source to something in the Secret.
func ways(name, target string) map[string]map[string]string {
	up := strings.Repeat("../", strings.Count(name, "/")+1)
	return map[string]map[string]string{
		"absolute": {name: "SECRET" + target},
		"relative": {name: up + "secret" + target},
		"chain":    {name: up + "source/hop", "hop": "SECRET" + target},
	}
}

// linkCase is a task whose input is a path that is a link.
type linkCase struct {
	params map[string]string
	arrays map[string][]string
	files  map[string]string
	links  map[string]string
	want   string // of the refusal; "" if the link stays in the source
}

// out is a case for each way to get from a link to the Secret.
func out(cases map[string]linkCase, what, link, target string, c linkCase) {
	for way, links := range ways(link, target) {
		c := c
		c.links = maps.Clone(c.links)
		if c.links == nil {
			c.links = map[string]string{}
		}
		maps.Copy(c.links, links)
		cases[what+" "+way] = c
	}
}

// follow runs the task on each case, with the tools of this machine and with
// BusyBox's.
func follow(t *testing.T, tool string, task *v1.Task, replies []reply, standIn string, cases map[string]linkCase) {
	for name, c := range cases {
		t.Run(tool+" "+name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"", applets(t)} {
				source, secret := linked(t, c.files, c.links)
				before := filesIn(t, secret)
				dir, env, calls := standins(t, replies, standIn)
				r := run{
					task: task, path: []string{dir}, env: env, params: c.params, arrays: c.arrays,
					files:      map[string]string{"/kaniko/executor": filepath.Join(dir, "executor")},
					workspaces: map[string]string{"source": source},
				}
				if path != "" {
					r.path = append(r.path, path)
				}
				got := r.do(t)
				assert.Equal(t, before, filesIn(t, secret))
				if c.want == "" {
					got.ok(t)
					assert.NotEmpty(t, calls())
					continue
				}
				assert.Equal(t, 1, got.code)
				assert.Equal(t, tool+": "+c.want+"\n", got.stderr, "one line, which has the input and the path")
				assert.Empty(t, got.results)
				assert.Empty(t, calls())
			}
		})
	}
}

func TestImageLinks(t *testing.T) {
	t.Parallel()
	image := map[string]string{"image": "example.com/app:1"}
	with := func(params map[string]string) map[string]string {
		all := maps.Clone(image)
		maps.Copy(all, params)
		return all
	}
	files := map[string]string{"Dockerfile": "FROM scratch\n", "web/Dockerfile": "FROM scratch\n", "web/a/prod": "FROM scratch\n"}
	none := map[string]string{"web/x": ""}
	cases := map[string]linkCase{
		"context inside":          {params: with(map[string]string{"context": "now"}), files: files, links: map[string]string{"now": "web"}},
		"dockerfile inside":       {params: with(map[string]string{"dockerfile": "now"}), files: files, links: map[string]string{"now": "web/a/prod"}},
		"dockerfile upwards":      {params: with(map[string]string{"dockerfile": "web/a/up"}), files: files, links: map[string]string{"web/a/up": "../../Dockerfile"}},
		"dockerfile by a folder":  {params: with(map[string]string{"dockerfile": "now/a/prod"}), files: files, links: map[string]string{"now": "web"}},
		"dockerfile of a context": {params: with(map[string]string{"context": "web/b"}), files: files, links: map[string]string{"web/b/Dockerfile": "../a/prod"}},
		"dockerfile to nowhere": {
			params: with(map[string]string{"dockerfile": "x/none"}), files: files, links: map[string]string{"x": "SECRET/none"},
			want: "dockerfile 'x/none' goes through a symbolic link that leads nowhere",
		},
		"links in the context": {params: image, files: files, links: map[string]string{"etc": "SECRET", "config": "SECRET/config"}},
	}
	out(cases, "context", "ctx", "", linkCase{params: with(map[string]string{"context": "ctx"}), want: "context 'ctx' leads out of the source through a symbolic link"})
	out(cases, "context below", "a/ctx", "/..", linkCase{params: with(map[string]string{"context": "a/ctx/secret"}), want: "context 'a/ctx/secret' leads out of the source through a symbolic link"})
	out(cases, "dockerfile", "d", "/config", linkCase{params: with(map[string]string{"dockerfile": "d"}), want: "dockerfile 'd' leads out of the source through a symbolic link"})
	out(cases, "dockerfile below", "d", "", linkCase{params: with(map[string]string{"dockerfile": "d/config"}), want: "dockerfile 'd/config' leads out of the source through a symbolic link"})
	out(cases, "default dockerfile", "web/Dockerfile", "/Dockerfile", linkCase{params: with(map[string]string{"context": "web"}), files: none, want: "dockerfile 'web/Dockerfile' leads out of the source through a symbolic link"})
	ignoreLinks(cases, files)
	follow(t, "docker-build", define(t, tasks.DockerBuild{}), []reply{{Args: []string{"push"}, Stdout: "v1: digest: " + digest + " size: 528\n"}}, "docker", cases)
	follow(t, "kaniko", define(t, tasks.Kaniko{}), []reply{{Touch: "digest-file=" + digest}}, "executor", cases)
	follow(t, "buildah", define(t, tasks.Buildah{}), []reply{{Args: []string{"push"}, Touch: "digestfile=" + digest}}, "buildah", cases)
	follow(t, "buildkit", define(t, tasks.BuildKit{}), []reply{{Touch: "metadata-file=" + metadata}}, "buildctl-daemonless.sh", cases)
}

func TestKubectlApplyLinks(t *testing.T) {
	t.Parallel()
	at := func(path string) map[string]string { return map[string]string{"path": path, "namespace": "prod"} }
	recursive := map[string][]string{"extra-args": {"--recursive"}}
	files := map[string]string{"deploy/app.yaml": "", "base/app.yaml": "", "deploy/sub/x.yaml": ""}
	cases := map[string]linkCase{
		"file inside":      {params: at("x.yaml"), files: files, links: map[string]string{"x.yaml": "base/app.yaml"}},
		"directory inside": {params: at("now"), files: files, links: map[string]string{"now": "deploy"}},
		"manifest inside":  {params: at("deploy"), files: files, links: map[string]string{"deploy/y.yaml": "../base/app.yaml"}},
		"loop":             {params: at("deploy"), files: files, arrays: recursive, links: map[string]string{"deploy/up": "..", "deploy/sub/up": "../.."}},
		"manifest to nowhere": {
			params: at("deploy"), files: files, links: map[string]string{"deploy/y.yaml": "SECRET/none"},
			want: "path 'deploy' contains a symbolic link that leads nowhere: 'deploy/y.yaml'", // kubectl fails, too
		},
		"no manifests": {
			params: at("deploy"), files: files, arrays: recursive,
			links: map[string]string{"deploy/README": "SECRET/config", "deploy/x.yaml.bak": "/none", "deploy/yaml": "SECRET", "deploy/sub/a .yaml ": "SECRET"},
		},
		"not read":                {params: at("deploy"), files: files, links: map[string]string{"deploy/sub/y.yaml": "SECRET/config"}},
		"elsewhere in the source": {params: at("deploy"), files: files, arrays: recursive, links: map[string]string{"base/y.yaml": "SECRET/config"}},
		"kustomization": {
			params: map[string]string{"path": "deploy", "namespace": "prod", "kustomize": "true"}, files: files,
			links: map[string]string{"deploy/y.yaml": "SECRET/config"}, // kubectl refuses it: see below
		},
		"newline": {
			params: at("deploy"), files: files, arrays: map[string][]string{"extra-args": {"-R"}},
			links: map[string]string{"deploy/a\nb.yaml": "SECRET/config"},
			want:  "path 'deploy' contains a symbolic link with a newline in its path",
		},
		"newline at the end": {
			params: at("deploy"), files: files, arrays: map[string][]string{"extra-args": {"-R"}},
			links: map[string]string{"deploy/zz\n": "SECRET/config"},
			want:  "path 'deploy' contains a symbolic link with a newline in its path",
		},
	}
	out(cases, "file", "x.yaml", "/config", linkCase{params: at("x.yaml"), want: "path 'x.yaml' leads out of the source through a symbolic link"})
	out(cases, "directory", "x", "", linkCase{params: at("x"), want: "path 'x' leads out of the source through a symbolic link"})
	out(cases, "kustomization directory", "x", "", linkCase{
		params: map[string]string{"path": "x", "namespace": "prod", "kustomize": "true"}, want: "path 'x' leads out of the source through a symbolic link",
	})
	for _, name := range []string{"y.yaml", "y.yml", "y.json", ".y.yaml", "..y.json", "*.yaml"} {
		out(cases, "manifest "+name, "deploy/"+name, "/config", linkCase{
			params: at("deploy"), files: files, want: "path 'deploy' contains a symbolic link that leads out of the source: 'deploy/" + name + "'",
		})
	}
	out(cases, "deep manifest", "deploy/sub/y.yaml", "/config", linkCase{
		params: at("deploy"), files: files, arrays: recursive, want: "path 'deploy' contains a symbolic link that leads out of the source: 'deploy/sub/y.yaml'",
	})
	follow(t, "kubectl-apply", define(t, tasks.KubectlApply{}), nil, "kubectl", cases)
}

// TestKustomizationLinks: kubectl itself follows no link from a kustomization to a
// file that is not below its directory. The script relies on that.
func TestKustomizationLinks(t *testing.T) {
	t.Parallel()
	kubectl := need(t, "kubectl")
	for name, c := range map[string]struct {
		files, links map[string]string
	}{
		"resource":      {map[string]string{"kustomization.yaml": "resources: [x.yaml]\n"}, map[string]string{"x.yaml": "SECRET/app.yaml"}},
		"file":          {map[string]string{"kustomization.yaml": "configMapGenerator: [{name: a, files: [x]}]\n"}, map[string]string{"x": "SECRET/config"}},
		"environment":   {map[string]string{"kustomization.yaml": "secretGenerator: [{name: a, envs: [x]}]\n"}, map[string]string{"x": "SECRET/config"}},
		"by a folder":   {map[string]string{"kustomization.yaml": "configMapGenerator: [{name: a, files: [x/config]}]\n"}, map[string]string{"x": "SECRET"}},
		"patch":         {map[string]string{"kustomization.yaml": "patches: [{path: x}]\n"}, map[string]string{"x": "SECRET/config"}},
		"base":          {map[string]string{"kustomization.yaml": "resources: [x]\n"}, map[string]string{"x": "SECRET"}},
		"kustomization": {nil, map[string]string{"kustomization.yaml": "SECRET/config"}},
		"relative":      {map[string]string{"kustomization.yaml": "configMapGenerator: [{name: a, files: [../secret/config]}]\n"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			source, _ := linked(t, c.files, c.links)
			cmd := exec.Command(kubectl, "kustomize", source)
			cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
			text, err := cmd.CombinedOutput()
			require.Error(t, err, "%s", text)
			assert.NotContains(t, string(text), theSecret)
		})
	}
}

// TestKustomizationBases: a base is a directory with a kustomization anywhere, and its
// files are below it. The documentation says so.
func TestKustomizationBases(t *testing.T) {
	t.Parallel()
	kubectl := need(t, "kubectl")
	for name, c := range map[string]struct {
		kustomization string
		links         map[string]string
		read          bool
	}{
		"resource":                        {"resources: [../../other]\n", nil, true},
		"component":                       {"components: [../../part]\n", nil, true},
		"link":                            {"resources: [x]\n", map[string]string{"k/x": "SECRET/../other"}, true},
		"without a kustomization":         {"resources: [../../secret]\n", nil, false},
		"link, without a kustomization":   {"resources: [x]\n", map[string]string{"k/x": "SECRET"}, false},
		"its file":                        {"resources: [../../other/cm.yaml]\n", nil, false},
		"of a base that reads the Secret": {"resources: [../../thief]\n", nil, false},
		"absolute":                        {"resources: [SECRET]\n", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, secret := linked(t, nil, c.links)
			object := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: outside}\n"
			write(t, filepath.Dir(source), map[string]string{
				"source/k/kustomization.yaml": strings.ReplaceAll(c.kustomization, "SECRET", secret),
				"other/kustomization.yaml":    "resources: [cm.yaml]\n", "other/cm.yaml": object,
				"part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [cm.yaml]\n", "part/cm.yaml": object,
				"thief/kustomization.yaml": "configMapGenerator: [{name: a, files: [../secret/config]}]\n",
			})
			cmd := exec.Command(kubectl, "kustomize", filepath.Join(source, "k"))
			cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
			text, err := cmd.CombinedOutput()
			assert.Equal(t, c.read, err == nil, "%s", text)
			assert.Equal(t, c.read, strings.Contains(string(text), "name: outside"))
			assert.NotContains(t, string(text), theSecret)
		})
	}
}

// TestKustomizationGit: kubectl passes the ref of a remote base to git fetch, which
// parses it as an option. With a local repository, which every clone is, git would run
// the program of --upload-pack in the step.
func TestKustomizationGit(t *testing.T) {
	t.Parallel()
	kubectl := need(t, "kubectl")
	for name, url := range map[string]string{
		"option":          "file://SOURCE//base?ref=--upload-pack=SOURCE/run",
		"version":         "file://SOURCE//base?version=--upload-pack%3DSOURCE/run",
		"forced protocol": "git::file://SOURCE//base?ref=--upload-pack=SOURCE/run",
		"another command": "file://SOURCE//base?ref=--upload-pack=touch%20SOURCE/ran%3B",
		"local":           "file://SOURCE//base", // could be a repository with submodules, or of another workspace
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := write(t, t.TempDir(), map[string]string{"base/kustomization.yaml": "resources: [x.yaml]\n", "base/x.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n"})
			write(t, source, map[string]string{
				"run":                       "#!/bin/sh\n: >" + source + "/ran\nexec git-upload-pack \"$@\"\n",
				"deploy/kustomization.yaml": "resources: ['" + strings.ReplaceAll(url, "SOURCE", source) + "']\n",
			})
			require.NoError(t, os.Chmod(filepath.Join(source, "run"), 0o755))
			git(t, source, "init", "--quiet")
			git(t, source, "add", ".")
			git(t, source, "commit", "--quiet", "-m", "x")
			bin := write(t, t.TempDir(), map[string]string{"kubectl": "#!/bin/sh\nexec " + kubectl + " kustomize " + source + "/deploy\n"})
			require.NoError(t, os.Chmod(filepath.Join(bin, "kubectl"), 0o755))
			got := run{
				task: define(t, tasks.KubectlApply{}), path: []string{bin}, workspaces: map[string]string{"source": source},
				params: map[string]string{"path": "deploy", "namespace": "prod", "kustomize": "true"},
			}.do(t)
			assert.NoFileExists(t, filepath.Join(source, "ran"))
			got.refused(t, "kubectl-apply", "transport 'file' not allowed")
		})
	}
}

func TestHelmDeployLinks(t *testing.T) {
	t.Parallel()
	at := func(chart string) map[string]string {
		return map[string]string{"chart": chart, "release": "app", "namespace": "prod"}
	}
	values := map[string][]string{"values": {"v.yaml"}}
	files := map[string]string{"charts/app/Chart.yaml": "", "charts/app/templates/a.yaml": "", "lib/x/a": "", "values.yaml": "", "app.tgz": ""}
	cases := map[string]linkCase{
		"values inside":      {params: at("charts/app"), arrays: values, files: files, links: map[string]string{"v.yaml": "values.yaml"}},
		"values of a volume": {params: at("charts/app"), arrays: values, files: map[string]string{"charts/app/Chart.yaml": "", "..2025/v.yaml": ""}, links: map[string]string{"..data": "..2025", "v.yaml": "..data/v.yaml"}},
		"chart inside":       {params: at("now"), files: files, links: map[string]string{"now": "charts/app"}},
		"archive inside":     {params: at("now.tgz"), files: files, links: map[string]string{"now.tgz": "app.tgz"}},
		"file inside":        {params: at("charts/app"), files: files, links: map[string]string{"charts/app/files/x": "../../../values.yaml", "charts/app/files/a b": "SECRET/../source/values.yaml"}},
		"directory inside":   {params: at("charts/app"), files: files, links: map[string]string{"charts/app/charts/lib": "../../../lib"}},
		"loops":              {params: at("charts/app"), files: files, links: map[string]string{"charts/app/charts/lib": "../../../lib", "lib/back": "../charts", "lib/x/self": ".", "charts/app/up": ".."}},
		"to nowhere": {
			params: at("charts/app"), files: files, links: map[string]string{"charts/app/files/x": "/proc/self/fd/99"},
			want: "chart 'charts/app' contains a symbolic link that leads nowhere: 'charts/app/files/x'", // helm fails, too
		},
		"links beside a chart": {params: at("charts/app"), files: files, links: map[string]string{"charts/secret": "SECRET", "config": "SECRET/config"}},
	}
	out(cases, "values", "v.yaml", "/config", linkCase{params: at("charts/app"), arrays: values, files: files, want: "values file 'v.yaml' leads out of the source through a symbolic link"})
	out(cases, "values below", "v", "", linkCase{params: at("charts/app"), arrays: map[string][]string{"values": {"values.yaml", "v/config"}}, files: files, want: "values file 'v/config' leads out of the source through a symbolic link"})
	out(cases, "chart", "x", "", linkCase{params: at("x"), files: files, want: "chart 'x' leads out of the source through a symbolic link"})
	out(cases, "archive", "x.tgz", "/config", linkCase{params: at("x.tgz"), files: files, want: "chart 'x.tgz' leads out of the source through a symbolic link"})
	for _, link := range []string{"files/x", "templates/b.yaml", "values.yaml", ".helmignore", "a b\\n*"} {
		out(cases, "in the chart "+link, "charts/app/"+link, "/config", linkCase{
			params: at("charts/app"), files: files, want: "chart 'charts/app' contains a symbolic link that leads out of the source: 'charts/app/" + link + "'",
		})
	}
	out(cases, "subchart", "charts/app/charts/x", "", linkCase{
		params: at("charts/app"), files: files, want: "chart 'charts/app' contains a symbolic link that leads out of the source: 'charts/app/charts/x'",
	})
	out(cases, "behind a link", "lib/x/y", "/config", linkCase{
		params: at("charts/app"), files: files, links: map[string]string{"charts/app/charts/lib": "../../../lib"},
		want: "chart 'charts/app' contains a symbolic link that leads out of the source: 'lib/x/y'",
	})
	out(cases, "behind two links", "far/y", "/config", linkCase{
		params: at("charts/app"), files: files, links: map[string]string{"charts/app/charts/lib": "../../../lib", "lib/x/far": "../../far", "lib/up": "../charts"},
		want: "chart 'charts/app' contains a symbolic link that leads out of the source: 'far/y'",
	})
	follow(t, "helm-deploy", define(t, tasks.HelmDeploy{}), []reply{{Args: []string{"history"}, Stdout: history}}, "helm", cases)
}

// TestHelmRandomLinks compares the script with a walk that follows links as helm does,
// on trees of random links.
func TestHelmRandomLinks(t *testing.T) {
	t.Parallel()
	task := define(t, tasks.HelmDeploy{})
	refusals := 0
	for seed := range uint64(80) {
		r := rand.New(rand.NewPCG(seed, 1))
		names := []string{"chart", "chart/a", "chart/a/b", "lib", "lib/c", "lib/c/d", "far"}
		files, links := map[string]string{"chart/Chart.yaml": ""}, map[string]string{}
		for _, dir := range names {
			files[dir+"/file"] = ""
		}
		for i := range 1 + r.IntN(6) {
			from := names[r.IntN(len(names))]
			up := strings.Repeat("../", strings.Count(from, "/")+1)
			to := []string{
				"SECRET/../source/" + names[r.IntN(len(names))], up + names[r.IntN(len(names))] + "/file", up + names[r.IntN(len(names))],
				up, up + "..", "SECRET", up + "secret/config", up + "chart/none",
			}
			n := len(to)
			if r.IntN(2) == 0 {
				n = 4 // all of them inside
			}
			links[from+"/link"+strconv.Itoa(i)] = to[r.IntN(n)]
		}
		source, secret := linked(t, files, links)
		want := followed(t, filepath.Join(source, "chart"), source, map[string]bool{})
		dir, env, calls := standins(t, []reply{{Args: []string{"history"}, Stdout: history}}, "helm")
		got := run{
			task: task, path: []string{dir}, env: env, params: map[string]string{"chart": "chart", "release": "app", "namespace": "prod"},
			workspaces: map[string]string{"source": source},
		}.do(t)
		if want {
			got.ok(t)
			assert.NotEmpty(t, calls())
		} else {
			refusals++
			got.refused(t, "helm-deploy", "chart 'chart' contains a symbolic link that leads ")
			assert.Empty(t, calls(), "%v", links)
		}
		assert.Len(t, filesIn(t, secret), 4)
	}
	assert.Greater(t, refusals, 20)
	assert.Less(t, refusals, 60)
}

// followed reports whether everything below a directory is in the source, when links
// are followed.
func followed(t testing.TB, dir, source string, seen map[string]bool) bool {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil || real != source && !strings.HasPrefix(real, source+"/") {
		return false
	}
	info, err := os.Stat(real)
	require.NoError(t, err)
	if !info.IsDir() || seen[real] {
		return true
	}
	seen[real] = true
	entries, err := os.ReadDir(real)
	require.NoError(t, err)
	for _, e := range entries {
		if !followed(t, filepath.Join(real, e.Name()), source, seen) {
			return false
		}
	}
	return true
}

// TestHelmLinkedChart: what helm would put into the cluster.
func TestHelmLinkedChart(t *testing.T) {
	t.Parallel()
	r := newRelease(t)
	write(t, r.source, map[string]string{
		"charts/app/templates/app.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata:\n  file: {{ .Files.Get \"files/x\" | quote }}\n  values: {{ .Values | toJson | quote }}\n",
		"shared/x":                      "shared",
	})
	require.NoError(t, os.Symlink("../../shared", filepath.Join(r.source, "charts/app/files")))
	r.deploy().ok(t)
	assert.Equal(t, "shared", r.data("prod", "app")["file"], "a link that stays in the source")

	require.NoError(t, os.Remove(filepath.Join(r.source, "shared/x")))
	require.NoError(t, os.Symlink(filepath.Join(r.kubeconfig, "config"), filepath.Join(r.source, "shared/x")))
	got := r.deploy()
	got.refused(t, "helm-deploy", "chart 'charts/app' contains a symbolic link that leads out of the source: 'shared/x'")
	assert.Equal(t, "shared", r.data("prod", "app")["file"])
	assert.NotContains(t, got.stdout+got.stderr, "the-token")
}

func TestGoLinks(t *testing.T) {
	t.Parallel()
	for tool, task := range map[string]*v1.Task{"go-build": define(t, tasks.GoBuild{}), "go-test": define(t, tasks.GoTest{})} {
		cases := map[string]linkCase{}
		out(cases, "directory", "d", "", linkCase{params: map[string]string{"directory": "d"}, want: "directory 'd' leads out of the source through a symbolic link"})
		out(cases, "directory below", "d", "/..", linkCase{params: map[string]string{"directory": "d/secret"}, want: "directory 'd/secret' leads out of the source through a symbolic link"})
		follow(t, tool, task, nil, "go", cases)
	}
	cases := map[string]linkCase{
		"a new file behind a link": {params: map[string]string{"output": "x"}, links: map[string]string{"x": "SECRET/new"}, want: "output 'x' goes through a symbolic link that leads nowhere"},
	}
	for name, c := range map[string]struct{ output, target string }{
		"file": {"x", "/config"}, "directory": {"x/", ""}, "in a directory": {"x/app", ""}, "a new directory": {"x/a/b/", ""}, "without a slash": {"x", ""},
	} {
		want := "output '" + c.output + "' leads out of the source through a symbolic link"
		out(cases, name, "x", c.target, linkCase{params: map[string]string{"output": c.output}, want: want})
		out(cases, name+" in a module", "svc/x", c.target, linkCase{params: map[string]string{"output": c.output, "directory": "svc"}, want: want})
		out(cases, name+" in a linked module", "svc/x", c.target, linkCase{
			params: map[string]string{"output": c.output, "directory": "now"}, links: map[string]string{"now": "svc"}, want: want,
		})
	}
	follow(t, "go-build", define(t, tasks.GoBuild{}), nil, "go", cases)
}

// TestGoBuildLinkedOutput runs the real go, and looks where programs are.
func TestGoBuildLinkedOutput(t *testing.T) {
	t.Parallel()
	build := func(t *testing.T, params, links map[string]string) (got outcome, source, secret string) {
		r := goRun(t, run{task: define(t, tasks.GoBuild{}), params: params}, nil)
		r.workspaces["source"], secret = linked(t, map[string]string{"go.mod": module["go.mod"], "main.go": program, "out/keep": ""}, links)
		return r.do(t), r.workspaces["source"], secret
	}
	t.Run("inside", func(t *testing.T) {
		got, source, _ := build(t, nil, map[string]string{"bin": "out"})
		assert.Equal(t, "bin/calc", got.ok(t).results["binary"])
		assert.FileExists(t, filepath.Join(source, "out/calc"))
		said, err := exec.Command(filepath.Join(source, "bin/calc")).CombinedOutput()
		require.NoError(t, err)
		assert.Equal(t, "none", string(said))
	})
	t.Run("a module behind a link", func(t *testing.T) {
		got, source, _ := build(t, map[string]string{"directory": "now/"}, map[string]string{"now": "."})
		assert.Equal(t, "now/bin/calc", got.ok(t).results["binary"])
		assert.FileExists(t, filepath.Join(source, "bin/calc"))
	})
	t.Run("file", func(t *testing.T) {
		got, source, _ := build(t, map[string]string{"output": "app"}, map[string]string{"app": "out/keep"})
		assert.Equal(t, "app", got.ok(t).results["binary"])
		said, err := exec.Command(filepath.Join(source, "app")).CombinedOutput()
		require.NoError(t, err)
		assert.Equal(t, "none", string(said))
	})
	// The name of the program is only known when it has been built.
	for name, target := range map[string]string{"program to a file": "SECRET/config", "program to a directory": "SECRET", "program to nowhere": "SECRET/new"} {
		t.Run(name, func(t *testing.T) {
			got, source, secret := build(t, nil, map[string]string{"bin/calc": target})
			assert.Equal(t, "bin/calc", got.ok(t).results["binary"])
			info, err := os.Lstat(filepath.Join(source, "bin/calc"))
			require.NoError(t, err)
			assert.True(t, info.Mode().IsRegular(), "the link is replaced")
			assert.Len(t, filesIn(t, secret), 4)
			assert.Contains(t, filesIn(t, secret)["config"], theSecret)
		})
	}
	t.Run("program to a directory of its name", func(t *testing.T) {
		r := goRun(t, run{task: define(t, tasks.GoBuild{})}, map[string]string{"go.mod": module["go.mod"], "main.go": program, "bin/calc/x": ""})
		r.do(t).refused(t, "go-build", "cannot write './bin/calc', which is a directory")
	})
}

package scripts

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

const helmVersion = "v3.20.2"

// helmTool returns the directory of a real helm: this machine's, or the one
// that was built with
//
//	GOBIN="$HOME/.cache/tekwright-test/bin" go install helm.sh/helm/v3/cmd/helm@v3.20.2
var helmTool = sync.OnceValue(func() string {
	if path, err := exec.LookPath("helm"); err == nil {
		return filepath.Dir(path)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	for _, dir := range []string{"tekwright-test/bin", "tekwright-cluster/bin"} {
		if _, err := os.Stat(filepath.Join(cache, dir, "helm")); err == nil {
			return filepath.Join(cache, dir)
		}
	}
	return ""
})

func needHelm(t testing.TB) string {
	t.Helper()
	dir := helmTool()
	if dir == "" {
		t.Skipf("SKIPPED: this machine has no helm; its scripts were NOT run. To build it: "+
			`GOBIN="$HOME/.cache/tekwright-test/bin" go install helm.sh/helm/v3/cmd/helm@%s`, helmVersion)
	}
	return dir
}

var chart = map[string]string{
	"charts/app/Chart.yaml":  "apiVersion: v2\nname: app\nversion: 0.1.0\n",
	"charts/app/values.yaml": "word: none\nfail: false\nbroken: false\n",
	"charts/app/templates/app.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  values: {{ .Values | toJson | quote }}
  word: {{ .Values.word | toJson | quote }}
  fail: {{ .Values.fail | quote }}
  {{- if .Values.broken }}{{ fail "the chart is broken" }}{{ end }}
`,
}

// release is a release on a cluster of its own, deployed and rolled back by
// the tasks.
type release struct {
	*cluster
	t          testing.TB
	kubeconfig string
	source     string
	path       string
}

func newRelease(t testing.TB) release {
	t.Helper()
	path := needHelm(t)
	c, kubeconfig := newCluster(t)
	return release{c, t, write(t, t.TempDir(), map[string]string{"config": kubeconfig}), write(t, t.TempDir(), chart), path}
}

// noSchema is for the cluster of these tests, which has no schemas.
const noSchema = "--disable-openapi-validation"

func (r release) deploy(set ...string) outcome {
	r.t.Helper()
	return r.deployWith(map[string]string{"chart": "charts/app", "release": "app", "namespace": "prod", "timeout": "5s"}, set...)
}

func (r release) deployWith(params map[string]string, set ...string) outcome {
	r.t.Helper()
	return run{
		task: define(r.t, tasks.HelmDeploy{}), path: []string{r.path}, params: params,
		arrays:     map[string][]string{"set": set, "extra-args": {noSchema}},
		workspaces: map[string]string{"source": r.source, "kubeconfig": r.kubeconfig},
	}.do(r.t)
}

func (r release) rollback(params map[string]string) outcome {
	r.t.Helper()
	all := map[string]string{"release": "app", "namespace": "prod", "timeout": "5s"}
	maps.Copy(all, params)
	return run{
		task: define(r.t, tasks.HelmRollback{}), path: []string{r.path}, params: all,
		workspaces: map[string]string{"kubeconfig": r.kubeconfig},
	}.do(r.t)
}

func (r release) word() any { return r.data("prod", "app")["word"] }

func deployed(revision string) map[string]string {
	return map[string]string{"status": "deployed", "revision": revision}
}

func failed(revision string) map[string]string {
	return map[string]string{"status": "failed", "revision": revision}
}

func revision(n string) map[string]string { return map[string]string{"revision": n} }

func TestHelmReleases(t *testing.T) {
	t.Parallel()
	r := newRelease(t)
	assert.Equal(t, deployed("1"), r.deploy("word=one").ok(t).results)
	assert.Equal(t, `"one"`, r.word())
	assert.True(t, r.tokens["Bearer the-token"])

	// Nothing failed, nothing is rolled back.
	assert.Equal(t, revision("1"), r.rollback(nil).ok(t).results)
	assert.Equal(t, `"one"`, r.word())

	assert.Equal(t, deployed("2"), r.deploy("word=two").ok(t).results)
	assert.Equal(t, `"two"`, r.word())

	// Two failures in a row: back to what was good, not to the first failure.
	got := r.deploy("word=three", "fail=true")
	got.refused(t, "helm-deploy", "helm upgrade failed")
	assert.Equal(t, failed("3"), got.results)
	got = r.deploy("word=four", "fail=true")
	got.refused(t, "helm-deploy", "this object was told to fail")
	assert.Equal(t, failed("4"), got.results)
	assert.Equal(t, revision("5"), r.rollback(nil).ok(t).results)
	assert.Equal(t, `"two"`, r.word())

	// A deploy that fails before it makes a revision.
	got = r.deploy("broken=true")
	got.refused(t, "helm-deploy", "the chart is broken")
	assert.Empty(t, got.results)
	assert.Equal(t, revision("5"), r.rollback(nil).ok(t).results)
	assert.Equal(t, `"two"`, r.word())

	// Back, though the newest is good, and to a revision by its number.
	assert.Equal(t, revision("6"), r.rollback(map[string]string{"revision": "1"}).ok(t).results)
	assert.Equal(t, `"one"`, r.word())
	assert.Equal(t, revision("7"), r.rollback(map[string]string{"revision": "previous"}).ok(t).results)
	assert.Equal(t, `"two"`, r.word())
	r.rollback(map[string]string{"revision": "99"}).refused(t, "helm-rollback", "helm rollback failed")
}

func TestHelmFirstInstallFails(t *testing.T) {
	t.Parallel()
	r := newRelease(t)
	got := r.rollback(nil).ok(t)
	assert.Contains(t, got.stdout, "release 'app' does not exist")
	assert.Empty(t, got.results)

	got = r.deploy("fail=true")
	got.refused(t, "helm-deploy", "helm upgrade failed")
	assert.Equal(t, failed("1"), got.results)
	got = r.rollback(nil)
	got.refused(t, "helm-rollback", "no revision of 'app' was ever good; revision 1 is left unchanged (failed)")
	assert.Empty(t, got.results)
	r.rollback(map[string]string{"revision": "previous"}).refused(t, "helm-rollback", "ever good")

	r.rollback(map[string]string{"uninstall": "true"}).ok(t)
	assert.Contains(t, r.rollback(nil).ok(t).stdout, "release 'app' does not exist")
	assert.Equal(t, deployed("1"), r.deploy("word=one").ok(t).results)
}

// What is set arrives in the chart as it was sent, and sets nothing else.
func TestHelmValuesInTheChart(t *testing.T) {
	t.Parallel()
	r := newRelease(t)
	files := map[string]string{"a, \"b\".yaml": "file: one\n", "c.yaml": "file: two\n"}
	write(t, r.source, files)
	items := []string{}
	want := map[string]any{"file": "two", "count": 3.0, "yes": true, "text": map[string]any{"count": "3", "yes": "true"}, "broken": false, "fail": false, "word": "none"}
	for i, value := range hostile {
		key := "k" + string(rune('a'+i))
		if value == "{x}" {
			continue // a list, as helm has it
		}
		items = append(items, key+"="+value)
		want[key] = value
	}
	got := run{
		task: define(t, tasks.HelmDeploy{}), path: []string{r.path},
		params: map[string]string{"chart": "charts/app", "release": "app", "namespace": "prod"},
		arrays: map[string][]string{
			"values": {"a, \"b\".yaml", "", "c.yaml"}, "set": append(items, "count=3", "yes=true"), "set-string": {"text.count=3", "text.yes=true"},
			"extra-args": {noSchema},
		},
		workspaces: map[string]string{"source": r.source, "kubeconfig": r.kubeconfig},
	}.do(t).ok(t)
	assert.Equal(t, deployed("1"), got.results)
	values := read(strings.NewReader(r.data("prod", "app")["values"].(string)))
	delete(values, "global")
	assert.Equal(t, want, values)
}

func TestHelmRefuses(t *testing.T) {
	t.Parallel()
	r := newRelease(t)
	for name, c := range map[string]struct {
		params map[string]string
		arrays map[string][]string
		change func(workspaces map[string]string)
		want   string
	}{
		"no chart":            {params: map[string]string{"chart": "charts/none"}, want: "chart 'charts/none' is not in the source"},
		"chart leads out":     {params: map[string]string{"chart": "charts/../../app"}, want: "leads out of the source"},
		"absolute chart":      {params: map[string]string{"chart": r.source}, want: "is absolute, want a path in the source"},
		"no source":           {change: func(w map[string]string) { delete(w, "source") }, want: "the source workspace is not bound"},
		"no release":          {params: map[string]string{"release": ""}, want: "release is empty"},
		"no namespace":        {params: map[string]string{"namespace": ""}, want: "namespace is empty"},
		"wait":                {params: map[string]string{"wait": "yes"}, want: "wait is 'yes'"},
		"no values file":      {arrays: map[string][]string{"values": {"none.yaml"}}, want: "values file 'none.yaml' is not in the source"},
		"values lead out":     {arrays: map[string][]string{"values": {"../x"}}, want: "leads out"},
		"value without key":   {arrays: map[string][]string{"set": {"word"}}, want: "value 'word' is not key=value"},
		"two keys":            {arrays: map[string][]string{"set": {"a,word=x"}}, want: "contains a comma in its key"},
		"empty kubeconfig":    {change: func(w map[string]string) { w["kubeconfig"] = t.TempDir() }, want: "has no file config, kubeconfig or value"},
		"empty docker config": {change: func(w map[string]string) { w["docker-config"] = t.TempDir() }, want: "neither config.json nor .dockerconfigjson"},
		"no cluster":          {change: func(w map[string]string) { delete(w, "kubeconfig") }, want: "cannot read the history of 'app'"},
	} {
		t.Run(name, func(t *testing.T) {
			params := map[string]string{"chart": "charts/app", "release": "app", "namespace": "prod"}
			maps.Copy(params, c.params)
			workspaces := map[string]string{"source": r.source, "kubeconfig": r.kubeconfig}
			if c.change != nil {
				c.change(workspaces)
			}
			got := run{
				task: define(t, tasks.HelmDeploy{}), path: []string{r.path},
				params: params, arrays: c.arrays, workspaces: workspaces,
			}.do(t)
			got.refused(t, "helm-deploy", c.want)
			assert.Empty(t, got.results)
			assert.Empty(t, r.objects)
		})
	}
	rollback := r.rollback(map[string]string{"revision": "-1"})
	rollback.refused(t, "helm-rollback", "revision is '-1'")
	r.kubeconfig = write(t, t.TempDir(), map[string]string{"value": "not yaml: ["})
	r.rollback(nil).refused(t, "helm-rollback", "cannot read the history of 'app'")
}

// A chart of a repository is found by its name, also beside a path that has it.
func TestHelmRepository(t *testing.T) {
	t.Parallel()
	r := newRelease(t)
	dir := t.TempDir()
	for _, a := range [][]string{{"package", filepath.Join(r.source, "charts/app"), "-d", dir}, {"repo", "index", dir}} {
		out, err := exec.Command(filepath.Join(r.path, "helm"), a...).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	server := serveFiles(t, dir)
	got := run{
		task: define(t, tasks.HelmDeploy{}), path: []string{r.path},
		params:     map[string]string{"chart": "app", "repository": server, "version": "0.1.0", "release": "app", "namespace": "prod", "wait": "false"},
		arrays:     map[string][]string{"extra-args": {"--description", "by hand", noSchema}},
		workspaces: map[string]string{"kubeconfig": r.kubeconfig},
	}.do(t).ok(t)
	assert.Equal(t, deployed("1"), got.results)
}

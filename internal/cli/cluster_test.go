package cli_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
	"k8s.io/klog/v2"

	"github.com/tekwright/tekwright/internal/cli"
)

// kubeconfig writes a kubeconfig file for the server.
func kubeconfig(t *testing.T, server string) string {
	t.Helper()
	config := api.NewConfig()
	config.Clusters["c"] = &api.Cluster{Server: server}
	config.Contexts["c"] = &api.Context{Cluster: "c", Namespace: "ci"}
	config.CurrentContext = "c"
	file := filepath.Join(t.TempDir(), "config")
	require.NoError(t, clientcmd.WriteToFile(*config, file))
	return file
}

// TestSilent tests that client-go logs nothing once a command uses a cluster.
func TestSilent(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	r := run("", []string{"watch", "a"}, "KUBECONFIG="+kubeconfig(t, server.URL))
	assert.Contains(t, r.err, "the server at "+server.URL+" is not a Kubernetes API server")
	file, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	before := os.Stderr
	os.Stderr = file
	klog.TODO().Error(nil, "Unable to rotate token")
	klog.Error("an error")
	klog.Flush()
	os.Stderr = before
	require.NoError(t, file.Close())
	written, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	assert.Empty(t, string(written))
}

// TestNothingSent tests errors that are reported before any request is sent.
func TestNothingSent(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusTeapot)
	}))
	defer server.Close()
	config := "KUBECONFIG=" + kubeconfig(t, server.URL)
	t.Chdir(t.TempDir())
	const broken = `apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: broken
spec:
  steps:
    - image: docker.io/library/busybox:1.37
      scrip: echo
`
	for name, text := range map[string]string{"good.yaml": good, "broken.yaml": broken, "warned.yaml": warned} {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	require.NoError(t, os.Mkdir("none", 0o700))
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"apply", "broken.yaml"}, "tekwright: nothing was sent to the cluster: fix the errors first\n"},
		{[]string{"apply", "none"}, "no manifests found in none\n  help: pass other files, directories, or -"},
		{[]string{"apply", "good.yaml", "--prune"}, "--prune requires --set NAME"},
		{[]string{"apply", "good.yaml", "--set", "no name"}, `"no name"`},
		{[]string{"run", "good.yaml"}, "run"},
		{[]string{"run", "warned.yaml", "-p", "revision"}, `param "revision" is not of the form NAME=VALUE`},
		{[]string{"run", "warned.yaml", "-p", "list:=[1]"}, `param "list:=[1]" is neither a JSON array of strings nor a JSON object of strings`},
		{[]string{"run", "warned.yaml", "--name", "other"}, `the source has no run "other"; it has "noted"`},
		{[]string{"watch"}, "requires the name of one run: tekwright watch [KIND/]NAME"},
		{[]string{"watch", "pod/a"}, `"pod/a" is not the name of a run: use NAME, pipelinerun/NAME or taskrun/NAME`},
		{[]string{"cancel", "tr/"}, `"tr/" is not the name of a run`},
		{[]string{"cancel", "a", "--mode", "later"}, "must be now, finally or stop"},
		{[]string{"watch", "a", "--context", "other"}, `context "other" does not exist`},
	} {
		r := run("", c.args, config, "NO_COLOR=1")
		assert.Equal(t, 2, r.exit, "%v", c.args)
		assert.Empty(t, r.out, "%v", c.args)
		assert.Contains(t, r.err, c.says, "%v", c.args)
	}
	assert.Zero(t, asked)
}

func TestNoCluster(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for _, args := range [][]string{{"watch", "a"}, {"cancel", "a"}, {"run", "-"}, {"apply", "-"}} {
		r := run(warned, args, "KUBECONFIG="+filepath.Join(home, "none"))
		assert.Equal(t, result{err: "tekwright: no cluster is configured\n  help: set KUBECONFIG or --kubeconfig\n", exit: 2}, r, "%v", args)
	}
	r := run("", []string{"watch", "a", "--kubeconfig", filepath.Join(home, "none")})
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "cannot use the kubeconfig")
}

func TestParams(t *testing.T) {
	found, err := cli.Params([]string{"a=b=c", "empty=", `list:=["x","y"]`, `map:={"k":"v"}`, "text=[]"})
	require.NoError(t, err)
	assert.Equal(t, []v1.Param{
		{Name: "a", Value: v1.ParamValue{Type: v1.ParamTypeString, StringVal: "b=c"}},
		{Name: "empty", Value: v1.ParamValue{Type: v1.ParamTypeString}},
		{Name: "list", Value: v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: []string{"x", "y"}}},
		{Name: "map", Value: v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: map[string]string{"k": "v"}}},
		{Name: "text", Value: v1.ParamValue{Type: v1.ParamTypeString, StringVal: "[]"}},
	}, found)
}

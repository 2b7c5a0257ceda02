package scripts

import (
	"maps"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

const appliedLines = "namespace/prod unchanged\ndeployment.apps/app serverside-applied\nconfigmap/app serverside-applied (server dry run)\n\n"

// applying is a run of KubectlApply with a stand-in for kubectl.
func applying(t testing.TB, replies []reply) (run, func() []call) {
	t.Helper()
	dir, env, calls := standins(t, replies, "kubectl")
	return run{
		task: define(t, tasks.KubectlApply{}), path: []string{dir}, env: env,
		params: map[string]string{"path": "deploy", "namespace": "prod"}, arrays: map[string][]string{},
		workspaces: map[string]string{"source": write(t, t.TempDir(), map[string]string{"deploy/app.yaml": "", "deploy/a,\"b\".yaml": ""})},
	}, calls
}

func TestKubectlApply(t *testing.T) {
	t.Parallel()
	r, calls := applying(t, []reply{{Args: []string{"apply"}, Stdout: appliedLines}})
	source := r.workspaces["source"]
	got := r.do(t).ok(t)
	assert.Equal(t, map[string]string{"applied": "3"}, got.results)
	assert.Contains(t, got.stdout, appliedLines)
	require.Len(t, calls(), 1)
	assert.Equal(t, []string{"apply", `--filename="` + source + `/deploy"`, "--server-side", "--namespace=prod"}, calls()[0].Args)
	_, given := calls()[0].env("KUBECONFIG")
	assert.False(t, given, "the pod's account")

	for _, file := range []string{"config", "kubeconfig", "value"} {
		r.workspaces["kubeconfig"] = write(t, t.TempDir(), map[string]string{file: "x"})
		r.do(t).ok(t)
		list := calls()
		path, _ := list[len(list)-1].env("KUBECONFIG")
		assert.Equal(t, r.workspaces["kubeconfig"]+"/"+file, path)
	}

	r.params["path"], r.params["server-side"], r.params["timeout"] = `deploy/a,"b".yaml`, "false", "90s"
	r.arrays["rollout"] = []string{"deployment/app", "", "statefulset.apps/db"}
	r.arrays["extra-args"] = []string{"--force", "a b"}
	r.do(t).ok(t)
	assert.Equal(t, [][]string{
		{"apply", `--filename="` + source + `/deploy/a,""b"".yaml"`, "--namespace=prod", "--force", "a b"},
		{"rollout", "status", "--namespace=prod", "--timeout=90s", "--", "deployment/app"},
		{"rollout", "status", "--namespace=prod", "--timeout=90s", "--", "statefulset.apps/db"},
	}, argsOf(calls()[4:]))

	r.params = map[string]string{"path": "deploy", "namespace": "prod", "kustomize": "true", "dry-run": "true"}
	delete(r.arrays, "extra-args")
	r.do(t).ok(t)
	assert.Equal(t, [][]string{{"apply", "--kustomize=" + source + "/deploy", "--server-side", "--dry-run=server", "--namespace=prod"}}, argsOf(calls()[7:]), "and nothing to wait for")
}

func argsOf(calls []call) (list [][]string) {
	for _, c := range calls {
		list = append(list, c.Args)
	}
	return list
}

func TestKubectlApplyFails(t *testing.T) {
	t.Parallel()
	r, calls := applying(t, []reply{{Args: []string{"apply"}, Stdout: "configmap/a created\n", Stderr: "denied\n", Code: 1}})
	r.arrays["rollout"] = []string{"deployment/app"}
	got := r.do(t)
	got.refused(t, "kubectl-apply", "kubectl apply failed")
	assert.Equal(t, map[string]string{"applied": "1"}, got.results, "what was applied stays")
	assert.Len(t, calls(), 1)

	r, _ = applying(t, []reply{{Args: []string{"apply"}, Stdout: appliedLines}, {Args: []string{"rollout"}, Stderr: "timed out\n", Code: 1}})
	r.arrays["rollout"] = []string{"deployment/app"}
	got = r.do(t)
	got.refused(t, "kubectl-apply", "the rollout of 'deployment/app' did not complete")
	assert.Equal(t, map[string]string{"applied": "3"}, got.results)

	for _, lines := range []string{"deployment.apps/first created\ndeployment.apps/second created\n", "configmap/a created\nWarning: deployment.apps/x\n"} {
		r, calls = applying(t, []reply{{Args: []string{"apply"}, Stdout: lines}, {Args: []string{"rollout"}, Code: 1}})
		r.arrays["rollout"] = []string{"all"}
		got = r.do(t)
		if strings.HasPrefix(lines, "configmap") { // which has no rollout
			got.ok(t)
			assert.Len(t, calls(), 1)
			continue
		}
		got.refused(t, "kubectl-apply", "the rollout of 'deployment.apps/first' did not complete")
		assert.Len(t, calls(), 2)
	}
}

func TestKubectlApplyRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		params  map[string]string
		rollout string
		change  func(workspaces map[string]string)
		want    string
	}{
		"no path":          {params: map[string]string{"path": ""}, want: "path is empty"},
		"missing path":     {params: map[string]string{"path": "nope"}, want: "no 'nope' in the source"},
		"absolute path":    {params: map[string]string{"path": "/etc"}, want: "is absolute"},
		"path leads out":   {params: map[string]string{"path": "deploy/../.."}, want: "leads out"},
		"a URL":            {params: map[string]string{"path": "https://example.com/app.yaml"}, want: "no 'https://example.com/app.yaml' in the source"},
		"no namespace":     {params: map[string]string{"namespace": ""}, want: "namespace is empty"},
		"kustomize":        {params: map[string]string{"kustomize": "yes"}, want: "kustomize is 'yes'"},
		"server-side":      {params: map[string]string{"server-side": ""}, want: "server-side is ''"},
		"dry-run":          {params: map[string]string{"dry-run": "server"}, want: "dry-run is 'server'"},
		"kind alone":       {rollout: "deployment", want: "rollout 'deployment' is not KIND/NAME"},
		"no name":          {rollout: "deployment/", want: "is not KIND/NAME"},
		"no kind":          {rollout: "/app", want: "is not KIND/NAME"},
		"an option":        {rollout: "--watch=a/b", want: "is not KIND/NAME"},
		"the mark":         {rollout: "--next--", want: "'--next--', which is reserved"},
		"empty kubeconfig": {change: func(w map[string]string) { w["kubeconfig"] = t.TempDir() }, want: "has no file config, kubeconfig or value"},
	} {
		t.Run(name, func(t *testing.T) {
			r, calls := applying(t, nil)
			maps.Copy(r.params, c.params)
			if c.rollout != "" {
				r.arrays["rollout"] = []string{c.rollout}
			}
			if c.change != nil {
				c.change(r.workspaces)
			}
			got := r.do(t)
			got.refused(t, "kubectl-apply", c.want)
			assert.Empty(t, got.results)
			assert.Empty(t, calls())
		})
	}
}

// The real kubectl knows every flag, and reads the path as one: with --help it
// does no more.
func TestKubectlApplyFlags(t *testing.T) {
	t.Parallel()
	kubectl := need(t, "kubectl")
	r, calls := applying(t, nil)
	r.params["path"] = `deploy/a,"b".yaml`
	r.arrays["rollout"] = []string{"deployment/app"}
	r.do(t).ok(t)
	r.params["path"], r.params["kustomize"], r.params["dry-run"] = "deploy", "true", "true"
	r.do(t).ok(t)
	require.Len(t, calls(), 3)
	for _, c := range calls() {
		flags := []string{}
		for _, a := range c.Args {
			if a != "--" {
				flags = append(flags, a)
			}
		}
		cmd := exec.Command(kubectl, append(flags, "--help")...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "KUBECONFIG=/nonexistent"}
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		assert.Contains(t, string(out), "Usage:")
	}
}

// TestRolloutsOfOtherOutput: with an output that names no objects, all rollouts are not
// taken for none.
func TestRolloutsOfOtherOutput(t *testing.T) {
	t.Parallel()
	for text, refused := range map[string]bool{
		"{\n  \"kind\": \"Deployment\"\n}\n":                                                        true,
		"apiVersion: apps/v1\nkind: Deployment\n":                                                   true,
		"kind: Deployment\nmetadata:\n  labels:\n    app.kubernetes.io/name: web\n":                 true,
		"deployment.apps/app\n":                                                                     false, // of --output=name
		"\nclusterrole.rbac.authorization.k8s.io/system:x unchanged\ndeployment.apps/app created\n": false,
	} {
		r, calls := applying(t, []reply{{Args: []string{"apply"}, Stdout: text}})
		r.arrays["rollout"] = []string{"all"}
		got := r.do(t)
		if refused {
			got.refused(t, "kubectl-apply", "cannot tell which rollouts to wait for: kubectl has printed no object as KIND/NAME")
			continue
		}
		got.ok(t)
		assert.Len(t, args(calls(), "kubectl", "rollout"), 1, text)
		r.arrays["rollout"] = []string{"deployment/app"}
		r.do(t).ok(t)
	}
}

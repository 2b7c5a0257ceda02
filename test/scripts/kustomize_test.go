package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// TestKustomizeApply renders with the real kubectl, which then applies nothing.
func TestKustomizeApply(t *testing.T) {
	t.Parallel()
	kubectl := need(t, "kubectl")
	dir := t.TempDir()
	write(t, dir, map[string]string{"kubectl": `#!/bin/sh
printf '%s ' "$@" >>'` + dir + `/calls'
echo >>'` + dir + `/calls'
case $1 in
apply)
  '` + kubectl + `' kustomize "${2#--kustomize=}" >'` + dir + `/rendered' || exit 1
  echo 'Warning: x'
  echo 'deployment.apps/app serverside-applied'
  echo 'service/app unchanged'
  echo 'statefulset.apps/db unchanged'
  echo 'deployment.example.com/app created'
  ;;
esac
`})
	require.NoError(t, os.Chmod(filepath.Join(dir, "kubectl"), 0o755))
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return string(b)
	}
	const odd = "deploy, \"é\" https:/x?ref=y"
	source := write(t, t.TempDir(), map[string]string{
		odd + "/kustomization.yaml": "resources: [app.yaml]\nnameSuffix: -x\n",
		odd + "/app.yaml":           deployment("app", "app", "side"),
	})
	before := filesIn(t, source)
	r := run{
		task: define(t, tasks.KustomizeApply{}), path: []string{dir}, params: map[string]string{"path": odd, "namespace": "prod"},
		arrays:     map[string][]string{"images": {"registry.example.com/app=r:5000/team/app@" + digest, "", "registry.example.com/side=side:2"}, "rollout": {"deployment/app", ""}},
		workspaces: map[string]string{"source": source},
	}
	assert.Equal(t, map[string]string{"applied": "4"}, r.do(t).ok(t).results)
	rendered := read("rendered")
	assert.Contains(t, rendered, "image: r:5000/team/app@"+digest+"\n")
	assert.Contains(t, rendered, "image: side:2\n")
	assert.Contains(t, rendered, "name: app-x\n")
	assert.Equal(t, before, filesIn(t, source), "the source is not changed")
	calls := strings.Split(read("calls"), "\n")
	assert.Regexp(t, `^apply --kustomize=\S+/overlay --namespace=prod --server-side $`, calls[0])
	assert.Equal(t, "rollout status --namespace=prod --timeout=5m -- deployment/app ", calls[1])

	require.NoError(t, os.Remove(filepath.Join(dir, "calls")))
	r.arrays["rollout"] = []string{"all", "daemonset/log"}
	r.do(t).ok(t)
	const status = "\nrollout status --namespace=prod --timeout=5m -- "
	_, after, _ := strings.Cut(read("calls"), " --server-side ")
	assert.Equal(t, status+"deployment.apps/app "+status+"statefulset.apps/db "+status+"daemonset/log \n", after)

	require.NoError(t, os.Remove(filepath.Join(dir, "calls")))
	r.params["dry-run"], r.params["server-side"] = "true", "false"
	r.arrays["images"] = nil
	r.do(t).ok(t)
	assert.Contains(t, read("rendered"), "image: registry.example.com/app:1\n")
	assert.Regexp(t, `^apply --kustomize=\S+/overlay --namespace=prod --dry-run=server \n$`, read("calls"))

	// A reference alone is for the image of its name, and an image that is not there changes nothing.
	r.params["dry-run"] = "false"
	r.arrays["images"] = []string{"registry.example.com/app:7@" + digest, "registry.example.com/side:2", "", "registry.example.com/other:3"}
	r.do(t).ok(t)
	rendered = read("rendered")
	assert.Contains(t, rendered, "image: registry.example.com/app@"+digest+"\n", "without the tag")
	assert.Contains(t, rendered, "image: registry.example.com/side:2\n")
	assert.NotContains(t, rendered, "other")

	for _, c := range []struct{ image, want string }{
		{"app", "has neither a tag nor a digest"}, {"app@sha256:0", "has an invalid digest"}, {"app=app=app:1", "is not an image reference"}, {"app:1:2", "is not an image reference"}, {"=app:1", "image is empty"}, {"app=", "image is empty"}, {"app=app", "has neither a tag nor a digest"},
		{"app:1=app:2", "has a tag or a digest in the name"}, {"app=app@sha256:0", "has an invalid digest"}, {"app=a\"b:1", "is not an image reference"},
		{"app=a\n  newTag: x:1", "is not an image reference"}, {"a: b=c:1", "is not an image reference"},
	} {
		r.arrays["images"] = []string{c.image}
		r.do(t).refused(t, "kustomize-apply", c.want)
	}
}

func TestKustomizeApplyLinks(t *testing.T) {
	t.Parallel()
	at := map[string]string{"path": "deploy", "namespace": "prod"}
	cases := map[string]linkCase{
		"inside": {params: at, files: map[string]string{"base/kustomization.yaml": ""}, links: map[string]string{"deploy": "base"}},
	}
	out(cases, "directory", "deploy", "", linkCase{params: at, want: "path 'deploy' leads out of the source through a symbolic link"})
	follow(t, "kustomize-apply", define(t, tasks.KustomizeApply{}), nil, "kubectl", cases)
}

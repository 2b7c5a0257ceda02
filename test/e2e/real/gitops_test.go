package real_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

const operations = `# who runs what
apiVersion: apps/v1
kind: Deployment
metadata:
  name: hello
spec:
  template:
    spec:
      containers:
        - name: python-hello # ours
          image: registry.k8s.local/hello/python:old
        - name: sidecar
          image: busybox:1.37
`

// A push to GitLab ends as a commit in the operations repository, over SSH both
// ways, with the server's key checked.
func TestGitOps(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	server := harness.NewSSHGit(t)
	app := harness.NewRepository(t, l.ns+"/python.git")
	commit := app.Commit(t, "first", map[string]string{"Dockerfile": "FROM busybox:1.37\nCOPY hello.py /\n", "hello.py": "print('hello')\n"})
	ops := harness.NewRepository(t, l.ns+"/operations.git")
	const file = "src/deployments/hello-python.yaml"
	before := ops.Commit(t, "by hand", map[string]string{file: operations, "README.md": "operations\n"})

	objects := l.Move(t, l.ns, harness.Decode(t, example(t, "gitops",
		[3]string{"git@gitlab.k8s.local:hello/", "git@" + harness.GitHost + ":" + l.ns + "/", "the Git server here"},
		[3]string{"registry.k8s.local/", registry() + "/" + l.ns + "/", "the registry here"})))
	ns := l.ns + "-python-hello-build"
	for _, name := range []string{"git-pull", "git-write"} {
		l.secret(t, ns, name, corev1.SecretTypeSSHAuth, map[string]string{"ssh-privatekey": server.PrivateKey, "known_hosts": server.KnownHosts})
	}
	l.secret(t, ns, "registry-auth", corev1.SecretTypeDockerConfigJson, map[string]string{".dockerconfigjson": dockerConfig(registry(), "push", "secret")})
	l.secret(t, ns, "gitlab-webhook", corev1.SecretTypeOpaque, map[string]string{"token": "from-gitlab"})
	l.apply(t, objects)

	event := l.gitLab(t, ns, "gitlab", "from-gitlab", map[string]any{"ref": "refs/heads/main", "after": commit, "checkout_sha": commit,
		"project": map[string]any{"path_with_namespace": "hello/python", "git_ssh_url": "git@" + harness.GitHost + ":" + app.Path}})
	run := l.succeeded(t, ns, l.started(t, ns, "gitlab", event), long)

	require.Len(t, run.Status.Results, 1)
	after := ops.Git(t, "rev-parse", "main")
	assert.Equal(t, after, run.Status.Results[0].Value.StringVal)
	assert.Equal(t, before, ops.Git(t, "rev-parse", "main^"), "one commit, on top of what was there")
	image := result(l.of(t, run, "tag"), "reference") + "@" + result(l.of(t, run, "image"), "IMAGE_DIGEST")
	assert.Equal(t, strings.Replace(operations, "registry.k8s.local/hello/python:old", image, 1), ops.Git(t, "show", "main:"+file)+"\n")
	assert.Equal(t, file, ops.Git(t, "show", "--name-only", "--format=", "main"))
	assert.Equal(t, "Set python-hello to "+image+"\n\nSource-Commit: "+commit, ops.Git(t, "log", "-1", "--format=%B", "main"))
	tag := image[strings.LastIndex(strings.Split(image, "@")[0], ":")+1 : strings.Index(image, "@")]
	assert.Equal(t, strings.Split(image, "@")[1], inRegistry(t, l.ns+"/hello/python", tag))
	assert.Contains(t, tag, commit[:7])
}

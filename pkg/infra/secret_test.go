package infra_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// secrets returns one Secret of each kind.
func secrets() []*infra.Secret {
	return []*infra.Secret{
		infra.BasicAuth("gitlab-auth", "https://git.example.com", "https://git.example.com/team/app").FromEnv("password", "GITLAB_TOKEN"),
		infra.BasicAuth("workspace-only"),
		infra.SSHAuth("deploy-key", "git.example.com", "git.example.com:2222", "github.com/team/app").
			FromFile("ssh-privatekey", "keys/it's mine"),
		infra.DockerConfig("harbor-auth"),
		infra.Kubeconfig("prod"),
		infra.WebhookSecret("github-webhook", "secretToken"),
		infra.NewSecret("1st", "id_ed25519", "config").Label("team", "a").Annotate("example.com/owner", "team a"),
		infra.NewSecret("slack").FromEnv("token", "SLACK_TOKEN").FromFile("cert.pem", "slack.pem"),
		infra.TLSSecret("hooks-tls"),
		infra.NewSecret("charts", "url").Type("helm.example.com/repository"),
	}
}

// TestSecret checks that a declared Secret has keys and no values.
func TestSecret(t *testing.T) {
	var keys []string
	for _, s := range secrets() {
		o := only[*corev1.Secret](t, s)
		var list []string
		for k, v := range o.Data {
			assert.Empty(t, v)
			list = append(list, k)
		}
		assert.Empty(t, o.StringData)
		keys = append(keys, fmt.Sprintf("%s %s %d", o.Name, o.Type, len(list)))
	}
	assert.Equal(t, []string{
		"gitlab-auth kubernetes.io/basic-auth 2", "workspace-only kubernetes.io/basic-auth 2",
		"deploy-key kubernetes.io/ssh-auth 2", "harbor-auth kubernetes.io/dockerconfigjson 1",
		"prod Opaque 1", "github-webhook Opaque 1", "1st Opaque 2", "slack Opaque 2",
		"hooks-tls kubernetes.io/tls 2", "charts helm.example.com/repository 1",
	}, keys)

	o := only[*corev1.Secret](t, secrets()[0])
	assert.Contains(t, o.Data, "username")
	assert.Contains(t, o.Data, "password")
	assert.Equal(t, map[string]string{
		"tekton.dev/git-0": "https://git.example.com", "tekton.dev/git-1": "https://git.example.com/team/app",
	}, o.Annotations)
	assert.Nil(t, only[*corev1.Secret](t, secrets()[1]).Annotations)
	assert.Contains(t, only[*corev1.Secret](t, secrets()[3]).Data, ".dockerconfigjson")
	assert.Contains(t, only[*corev1.Secret](t, secrets()[4]).Data, "config")
	assert.Equal(t, map[string]string{"example.com/owner": "team a"}, only[*corev1.Secret](t, secrets()[6]).Annotations)
}

// TestDeclared checks that a declared Secret has a command, and is written only by
// WriteSecrets.
func TestDeclared(t *testing.T) {
	s := infra.NewSecret("slack").FromEnv("token", "SLACK_TOKEN").FromFile("cert.pem", "slack.pem")
	objects, err := s.Objects()
	require.NoError(t, err)
	require.NotNil(t, objects[0].Declared)
	assert.Equal(t, s.Command("ci"), objects[0].Declared.Command("ci"))
	assert.Equal(t, map[string]object.ValueSource{"token": {Env: "SLACK_TOKEN"}, "cert.pem": {File: "slack.pem"}}, objects[0].Declared.Values)
	assert.Contains(t, objects[0].At(diag.Fields("data").Key("token")).File, "secret_test.go")

	set := manifest.New(s, infra.BasicAuth("git-auth")).Namespace("ci")
	var b bytes.Buffer
	require.NoError(t, set.Write(&b))
	assert.NotContains(t, b.String(), "kind: Secret")
	assert.Contains(t, b.String(), "kubectl create secret generic git-auth --namespace=ci")
}

// TestCommand tests the commands, and how a shell parses them.
func TestCommand(t *testing.T) {
	var text strings.Builder
	for i, s := range secrets() {
		namespace := ""
		if i%2 == 0 {
			namespace = "ci"
		}
		text.WriteString(s.Command(namespace) + "\n\n")
	}
	golden.Check(t, "testdata/commands.txt", []byte(text.String()))
}

// run runs a command in a shell. It prints the arguments of kubectl, and the contents
// of the files that they name.
func run(t *testing.T, command string, env ...string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	// A function would also see the arguments of the shell's own printf.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "kubectl"), []byte(`#!/bin/sh
printf '<%s>\n' "$@" | sed "s|=$TMPDIR/[^/]*/|=DIR/|"
for arg in "$@"; do
  case $arg in --from-file=*)
    file=${arg#--from-file=*=}
    [ ! -r "$file" ] || printf '%s: %s\n' "${file##*/}" "$(cat "$file")"
  esac
done
`), 0o755))
	tmp := filepath.Join(dir, "tmp")
	require.NoError(t, os.Mkdir(tmp, 0o755))
	cmd := exec.Command("sh", "-c", command)
	cmd.Env = append(cmd.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "TMPDIR="+tmp)
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.Output()
	left, errDir := os.ReadDir(tmp)
	require.NoError(t, errDir)
	assert.Empty(t, left, "a value stays on disk")
	return string(out), err
}

func TestCommandInAShell(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh")
	}
	basic := infra.BasicAuth("gitlab-auth", "https://git.example.com").FromEnv("password", "GITLAB_TOKEN").Command("ci")
	out, err := run(t, basic, "GITLAB_AUTH_USERNAME=it's me", "GITLAB_TOKEN=a $(b) \"c\"\\n%s")
	require.NoError(t, err)
	assert.Equal(t, "<create>\n<secret>\n<generic>\n<gitlab-auth>\n<--namespace=ci>\n<--type=kubernetes.io/basic-auth>\n"+
		"<--from-file=username=DIR/1>\n<--from-file=password=DIR/2>\n1: it's me\n2: a $(b) \"c\"\\n%s\n"+
		"<annotate>\n<secret>\n<gitlab-auth>\n<--namespace=ci>\n<tekton.dev/git-0=https://git.example.com>\n", out)

	token := infra.WebhookSecret("hook", "token").Annotate("a", "b").Command("")
	for _, command := range []string{basic, token} {
		out, err = run(t, command, "GITLAB_AUTH_USERNAME=me", "GITLAB_TOKEN=", "HOOK_TOKEN=")
		assert.Error(t, err, "no Secret is made with an empty value")
		assert.Empty(t, out)
	}
	out, err = run(t, token, "HOOK_TOKEN=two\nlines")
	require.NoError(t, err)
	assert.Equal(t, "<create>\n<secret>\n<generic>\n<hook>\n<--from-file=token=/dev/stdin>\nstdin: two\nlines\n"+
		"<annotate>\n<secret>\n<hook>\n<a=b>\n", out)

	out, err = run(t, infra.NewSecret("a").FromFile("k", "it's $HOME").FromEnv("v", "x; rm -rf /").Command(""), "A_V=v")
	require.NoError(t, err)
	assert.Equal(t, "<create>\n<secret>\n<generic>\n<a>\n<--from-file=k=it's $HOME>\n<--from-file=v=/dev/stdin>\nstdin: v\n", out)
}

// TestCommandIsNoLeak checks the commands with the rule for secrets on command lines.
func TestCommandIsNoLeak(t *testing.T) {
	leaks := func(script string) (codes []string) {
		script = strings.ReplaceAll("#!/bin/sh\nset -eu\n"+script, "\n", "\n        ")
		objects, findings := manifest.Parse([]byte("apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  steps:\n"+
			"    - image: alpine:3.22\n      script: |\n        "+script+"\n"), "t.yaml")
		require.Empty(t, findings)
		found, err := check.RunRules(t.Context(), objects, check.Profile{}, check.Rules()...)
		require.NoError(t, err)
		for _, f := range found {
			if f.Code == check.SecretArgument {
				codes = append(codes, f.Error())
			}
		}
		return codes
	}
	for _, s := range secrets() {
		assert.Empty(t, leaks(s.Command("ci")))
	}
	assert.Len(t, leaks(`kubectl create secret generic a --from-literal=k="${A_K:?}"`), 1, "the rule finds what the commands avoid")
}

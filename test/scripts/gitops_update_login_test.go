package scripts

import (
	"encoding/pem"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The user and the password are for the push as for the fetch.
func TestGitOpsUpdateBasicAuth(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"app.yaml": deployment("app", "app")})
	git(t, r.bare, "config", "http.receivepack", "true")
	first := r.head("main")
	var s gitServer
	server := httptest.NewTLSServer(s.handler(t, filepath.Dir(r.bare)))
	defer server.Close()
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))

	run := updating(t, r, map[string]string{"url": server.URL + "/app.git"})
	run.workspaces["basic-auth"] = write(t, t.TempDir(), map[string]string{"username": user, "password": password})
	run.do(t).refused(t, "gitops-update", "certificate")
	run.workspaces["ca"] = write(t, t.TempDir(), map[string]string{"ca-bundle.crt": authority})
	got := run.do(t).ok(t)
	assert.Equal(t, map[string]string{"commit": r.head("main"), "changed": "true"}, got.results)
	assert.NotEqual(t, first, r.head("main"))
	assert.NotContains(t, got.stdout+got.stderr, password)
	assert.NotContains(t, got.stdout+got.stderr, url.QueryEscape(password))
	config, err := filepath.Glob(filepath.Join(got.tmp, "*", "repository", "config"))
	require.NoError(t, err)
	require.Len(t, config, 1)
	text, err := os.ReadFile(config[0])
	require.NoError(t, err)
	assert.NotContains(t, string(text), password)

	run.workspaces["basic-auth"] = write(t, t.TempDir(), map[string]string{"username": user, "password": "wrong"})
	run.do(t).refused(t, "gitops-update", "cannot list the refs")
	delete(run.workspaces, "basic-auth")
	run.params["branch"] = "main"
	run.do(t).refused(t, "gitops-update", "cannot fetch branch 'main'")
}

// Who may read and not push is told so.
func TestGitOpsUpdateReadOnly(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"app.yaml": deployment("app", "app")})
	git(t, r.bare, "config", "http.receivepack", "false")
	var s gitServer
	server := httptest.NewServer(s.handler(t, filepath.Dir(r.bare)))
	defer server.Close()
	run := updating(t, r, map[string]string{"url": server.URL + "/app.git"})
	run.workspaces["basic-auth"] = write(t, t.TempDir(), map[string]string{"username": user, "password": password})
	got := run.do(t)
	got.refused(t, "gitops-update", "cannot push to branch 'main'")
	assert.Empty(t, got.results)
}

func TestGitOpsUpdateSSH(t *testing.T) {
	t.Parallel()
	ssh := need(t, "ssh")
	r := newRepository(t, map[string]string{"app.yaml": deployment("app", "app")})
	bin := write(t, t.TempDir(), map[string]string{"ssh": fakeSSH})
	require.NoError(t, os.Chmod(filepath.Join(bin, "ssh"), 0o755))
	log := filepath.Join(t.TempDir(), "log")
	run := updating(t, r, map[string]string{"url": "git@git.example.com:" + r.bare})
	run.path = []string{bin}
	run.env = []string{"SSH_LOG=" + log, "REAL_SSH=" + ssh}
	run.workspaces["ssh"] = write(t, t.TempDir(), map[string]string{"ssh-privatekey": "k"})
	run.do(t).refused(t, "gitops-update", "has no file known_hosts")
	run.workspaces["ssh"] = write(t, t.TempDir(), map[string]string{
		"ssh-privatekey": "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
		"known_hosts":    "git.example.com ssh-ed25519 AAAA",
	})
	got := run.do(t).ok(t)
	assert.Equal(t, r.head("main"), got.results["commit"])
	b, err := os.ReadFile(log)
	require.NoError(t, err)
	for _, text := range []string{"git-upload-pack", "git-receive-pack", "\nstricthostkeychecking true\n", "/ssh/ssh-privatekey\n"} {
		assert.Contains(t, string(b), text)
	}
}

func TestGitOpsUpdateUnprivileged(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"app.yaml": deployment("app", "app")})
	run := updating(t, r, nil)
	run.cred = asNobody(t, r.bare)
	require.NoError(t, exec.Command("chown", "-R", "65534", r.bare).Run())
	assert.Equal(t, "true", run.do(t).ok(t).results["changed"])
}

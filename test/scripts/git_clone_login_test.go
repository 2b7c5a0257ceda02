package scripts

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const user, password = "ro bot", `p'a"$(id)\s %s=é`

// gitServer serves the repository's directory over HTTP, to the user alone.
type gitServer struct {
	mu      sync.Mutex
	asked   bool     // somebody came without credentials
	refused []string // what came in Authorization and was wrong
	proxied []string // hosts that were asked for through this server as a proxy
}

func (s *gitServer) handler(t testing.TB, root string) http.Handler {
	backend := filepath.Join(git(t, "", "--exec-path"), "git-http-backend")
	if _, err := os.Stat(backend); err != nil {
		t.Skipf("SKIPPED: this machine has no git-http-backend; credentials were NOT tried")
	}
	serve := &cgi.Handler{
		Stderr: io.Discard, Path: backend, Root: "/", Env: []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		if r.URL.IsAbs() {
			s.proxied = append(s.proxied, r.URL.Host)
		}
		name, pass, given := r.BasicAuth()
		if !given {
			s.asked = true
		} else if name != user || pass != password {
			s.refused = append(s.refused, name+":"+pass)
			given = false
		}
		s.mu.Unlock()
		if !given {
			w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		serve.ServeHTTP(w, r)
	})
}

func TestGitCloneBasicAuth(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	var s gitServer
	server := httptest.NewServer(s.handler(t, filepath.Dir(r.bare)))
	defer server.Close()
	address := server.URL + "/app.git"
	host := strings.TrimPrefix(server.URL, "http://")

	for name, c := range map[string]struct {
		files map[string]string // of the workspace; nil for none
		url   string
		want  string // "" for success
	}{
		"user and password":   {map[string]string{"username": user, "password": password}, address, ""},
		"ended by a newline":  {map[string]string{"username": user + "\n", "password": password + "\n"}, address, ""},
		"user in the url":     {map[string]string{"username": user, "password": password}, "http://" + url.PathEscape(user) + "@" + host + "/app.git", ""},
		"wrong password":      {map[string]string{"username": user, "password": "wrong"}, address, "cannot fetch"},
		"no workspace":        {nil, address, "cannot fetch"},
		"empty workspace":     {map[string]string{"other": ""}, address, "neither username and password nor"},
		"two lines":           {map[string]string{"username": user, "password": "x\n" + password}, address, "'password' of the basic-auth workspace has several lines"},
		"two lines of a user": {map[string]string{"username": user + "\n" + password, "password": "x"}, address, "'username' of the basic-auth workspace has several lines"},
		"an empty line first": {map[string]string{"username": user, "password": "\n" + password}, address, "'password' of the basic-auth workspace has several lines"},
		"credentials of git":  {map[string]string{".gitconfig": "[credential]\n\thelper = store\n", ".git-credentials": "http://" + url.UserPassword(user, password).String() + "@" + host + "\n"}, address, ""},
		"credentials of none": {map[string]string{".gitconfig": "[credential]\n\thelper = store\n", ".git-credentials": "http://a:b@example.com\n"}, address, "cannot fetch"},
		"not over http":       {map[string]string{"username": user, "password": password}, "file://" + r.bare, ""},
	} {
		t.Run(name, func(t *testing.T) {
			output := t.TempDir()
			run := cloning(t, output, map[string]string{"url": c.url, "verbose": "true"})
			if c.files != nil {
				run.workspaces["basic-auth"] = write(t, t.TempDir(), c.files)
			}
			got := run.do(t)
			if c.want != "" {
				got.refused(t, "git-clone", c.want)
			} else {
				got.ok(t)
				assert.Equal(t, strings.Replace(c.url, url.PathEscape(user)+"@", "", 1), got.results["url"])
			}
			config, _ := os.ReadFile(filepath.Join(output, ".git", "config"))
			for what, text := range map[string]string{"log": got.stdout + got.stderr, "config": string(config)} {
				assert.NotContains(t, text, password, what)
				assert.NotContains(t, text, url.QueryEscape(password), what)
			}
		})
	}
	assert.Equal(t, []string{user + ":wrong"}, s.refused)
}

// Another host, such as a submodule's, is not given the password.
func TestGitClonePasswordStaysHome(t *testing.T) {
	t.Parallel()
	lib := newRepository(t, map[string]string{"lib": "l"})
	var other, own gitServer
	otherServer := httptest.NewServer(other.handler(t, filepath.Dir(lib.bare)))
	defer otherServer.Close()
	r := newRepository(t, nil)
	write(t, r.work, map[string]string{".gitmodules": "[submodule \"lib\"]\n\tpath = lib\n\turl = " + otherServer.URL + "/app.git\n"})
	git(t, r.work, "update-index", "--add", "--cacheinfo", "160000,"+git(t, lib.work, "rev-parse", "HEAD")+",lib")
	git(t, r.work, "add", ".gitmodules")
	git(t, r.work, "commit", "-q", "-m", "submodule")
	r.push("refs/heads/main")
	ownServer := httptest.NewServer(own.handler(t, filepath.Dir(r.bare)))
	defer ownServer.Close()

	run := cloning(t, t.TempDir(), map[string]string{"url": ownServer.URL + "/app.git"})
	run.workspaces["basic-auth"] = write(t, t.TempDir(), map[string]string{"username": user, "password": password})
	run.do(t).refused(t, "git-clone", "cannot fetch the submodules")
	assert.True(t, other.asked)
	assert.Empty(t, other.refused, "and it would have taken the right one, and served")
}

func TestGitCloneCA(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	var s gitServer
	server := httptest.NewTLSServer(s.handler(t, filepath.Dir(r.bare)))
	defer server.Close()
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	login := write(t, t.TempDir(), map[string]string{"username": user, "password": password})

	run := cloning(t, t.TempDir(), map[string]string{"url": server.URL + "/app.git"})
	run.workspaces["basic-auth"] = login
	run.do(t).refused(t, "git-clone", "certificate")
	assert.False(t, s.asked)
	run.workspaces["ca"] = write(t, t.TempDir(), map[string]string{"ca.pem": authority})
	run.do(t).refused(t, "git-clone", "the ca workspace has no file ca-bundle.crt")
	run.workspaces["ca"] = write(t, t.TempDir(), map[string]string{"ca-bundle.crt": authority})
	run.do(t).ok(t)
}

func TestGitCloneProxies(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	var s gitServer
	proxy := httptest.NewServer(s.handler(t, filepath.Dir(r.bare)))
	defer proxy.Close()
	run := cloning(t, t.TempDir(), map[string]string{"url": "http://git.invalid/app.git", "http-proxy": proxy.URL})
	run.workspaces["basic-auth"] = write(t, t.TempDir(), map[string]string{"username": user, "password": password})
	run.do(t).ok(t)
	assert.Contains(t, s.proxied, "git.invalid")
	run.params["no-proxy"] = "git.invalid"
	run.do(t).refused(t, "git-clone", "cannot fetch")
	delete(run.params, "no-proxy")
	run.params["http-proxy"] = ""
	run.env = []string{"http_proxy=" + proxy.URL}
	run.do(t).ok(t)
}

// The ssh of this test logs how it was called, says how the real ssh reads
// the configuration, and runs the remote command here.
const fakeSSH = `#!/bin/sh
set -eu
printf '%s\n' "$*" >>"$SSH_LOG"
"$REAL_SSH" -G "$@" >>"$SSH_LOG"
for last; do :; done
exec sh -c "$last"
`

func TestGitCloneSSH(t *testing.T) {
	t.Parallel()
	ssh := need(t, "ssh")
	key := "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"
	r := newRepository(t, map[string]string{"README": "one\n"})
	bin := write(t, t.TempDir(), map[string]string{"ssh": fakeSSH})
	require.NoError(t, os.Chmod(filepath.Join(bin, "ssh"), 0o755))

	sshRun := func(t *testing.T) (run, func() string) {
		log := filepath.Join(t.TempDir(), "log")
		run := cloning(t, t.TempDir(), map[string]string{"url": "git@git.example.com:" + r.bare})
		run.path = []string{bin}
		run.env = []string{"SSH_LOG=" + log, "REAL_SSH=" + ssh}
		return run, func() string { b, _ := os.ReadFile(log); return string(b) }
	}
	t.Run("keys of any name", func(t *testing.T) {
		run, log := sshRun(t)
		run.workspaces["ssh"] = write(t, t.TempDir(), map[string]string{
			"ssh-privatekey": key, "deploy key": key + "\n", "ssh-publickey": "ssh-ed25519 AAAA",
			"known_hosts": "git.example.com ssh-ed25519 AAAA", "config": "Host git.example.com\n  Port 2222\n  StrictHostKeyChecking no\n",
		})
		got := run.do(t).ok(t)
		text := log()
		for _, line := range []string{
			"hostname git.example.com", "port 2222", "stricthostkeychecking true", "batchmode yes", "identitiesonly yes",
		} {
			assert.Contains(t, text, "\n"+line+"\n")
		}
		dirs, err := filepath.Glob(filepath.Join(got.tmp, "*", "ssh"))
		require.NoError(t, err)
		require.Len(t, dirs, 1)
		assert.Contains(t, text, "\nuserknownhostsfile "+dirs[0]+"/known_hosts\n")
		assert.Contains(t, text, "\nidentityfile "+dirs[0]+"/ssh-privatekey\n")
		assert.Contains(t, text, "\nidentityfile "+dirs[0]+"/deploy key\n")
		assert.NotContains(t, text, "ssh-publickey")
		for _, path := range []string{filepath.Dir(dirs[0]), filepath.Join(dirs[0], "ssh-privatekey")} {
			info, err := os.Stat(path)
			require.NoError(t, err)
			assert.Zero(t, info.Mode().Perm()&0o077, "readable by others")
		}
		copied, err := os.ReadFile(filepath.Join(dirs[0], "ssh-privatekey"))
		require.NoError(t, err)
		assert.Equal(t, key+"\n", string(copied))
		info, err := os.Stat(filepath.Join(run.workspaces["output"], "README"))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o644), info.Mode().Perm(), "the clone is as readable as ever")
	})
	t.Run("no known hosts", func(t *testing.T) {
		run, log := sshRun(t)
		run.workspaces["ssh"] = write(t, t.TempDir(), map[string]string{"ssh-privatekey": key})
		run.do(t).refused(t, "git-clone", "has no file known_hosts")
		assert.Empty(t, log())
	})
	t.Run("of the account", func(t *testing.T) {
		run, log := sshRun(t)
		run.home = write(t, t.TempDir(), map[string]string{".ssh/config": "Host git.example.com\n  Port 2223\n", ".ssh/known_hosts": ""})
		run.do(t).ok(t)
		assert.Contains(t, log(), "\nport 2223\n")
		assert.Contains(t, log(), "\nuserknownhostsfile "+run.home+"/.ssh/known_hosts\n")
	})
	t.Run("none", func(t *testing.T) {
		run, log := sshRun(t)
		run.do(t).ok(t)
		assert.NotContains(t, log(), "-F ")
	})
	t.Run("dash host", func(t *testing.T) {
		run, log := sshRun(t)
		run.params["url"] = "ssh://-oProxyCommand=touch%20canary/x"
		run.do(t).refused(t, "git-clone", "cannot fetch")
		assert.Empty(t, log())
	})
}

// The scripts work for the user that the pod gives them.
func TestGitCloneUnprivileged(t *testing.T) {
	t.Parallel()
	r := newRepository(t, map[string]string{"README": "one\n"})
	output := t.TempDir()
	run := cloning(t, output, map[string]string{"url": "file://" + r.bare})
	run.cred = asNobody(t, r.bare, output)
	require.NoError(t, exec.Command("chown", "-R", "65534", r.bare).Run())
	require.NoError(t, os.Chmod(output, 0o755)) // root's
	run.do(t).refused(t, "git-clone", "may not write to the output workspace: set an fsGroup for the pod of the run")
	require.NoError(t, os.Chmod(output, 0o777))
	run.do(t).ok(t)
	require.NoError(t, exec.Command("chmod", "-R", "go-w", output).Run())
	require.NoError(t, os.Chmod(output, 0o777))
	run.do(t).ok(t) // over its own files
}

package harness

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/subtle"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gliderlabs/ssh"
	"github.com/stretchr/testify/require"
	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// GitHost is the name under which pods reach the machine that the tests run on.
const GitHost = "git.cluster.internal"

// Repository is a bare Git repository below GIT_ROOT.
type Repository struct {
	Path string // below the root, as in the URLs of all servers: "acme/app.git"
	dir  string
	work string
}

// NewRepository makes an empty repository with the default branch main, which
// is removed at the end of the test.
func NewRepository(t *testing.T, path string) *Repository {
	t.Helper()
	root := os.Getenv("GIT_ROOT")
	require.NotEmpty(t, root, "GIT_ROOT says where a Git server finds its repositories")
	r := &Repository{Path: path, dir: filepath.Join(root, path), work: t.TempDir()}
	require.NoError(t, os.RemoveAll(r.dir))
	t.Cleanup(func() { _ = os.RemoveAll(r.dir) })
	git(t, root, "init", "--quiet", "--bare", "--initial-branch=main", r.dir)
	git(t, r.work, "init", "--quiet", "--initial-branch=main")
	git(t, r.work, "remote", "add", "origin", r.dir)
	return r
}

// Commit writes files on top of what main has, and pushes; it returns the full
// name of the commit. A file without content is removed.
func (r *Repository) Commit(t *testing.T, message string, files map[string]string) string {
	t.Helper()
	if r.Git(t, "branch", "--list", "main") != "" {
		git(t, r.work, "fetch", "--quiet", "origin", "main")
		git(t, r.work, "reset", "--quiet", "--hard", "FETCH_HEAD")
	}
	for name, content := range files {
		file := filepath.Join(r.work, name)
		if content == "" {
			require.NoError(t, os.RemoveAll(file))
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(content), 0o644))
	}
	git(t, r.work, "add", "--all")
	git(t, r.work, "commit", "--quiet", "--allow-empty", "--message", message)
	git(t, r.work, "push", "--quiet", "origin", "HEAD:main")
	return git(t, r.work, "rev-parse", "HEAD")
}

// Git runs git in the bare repository and returns what it wrote.
func (r *Repository) Git(t *testing.T, args ...string) string {
	t.Helper()
	return git(t, r.dir, args...)
}

// URL is the repository's URL at the server that asks for no password.
func (r *Repository) URL() string { return os.Getenv("GIT_URL") + "/" + r.Path }

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=dev", "GIT_AUTHOR_EMAIL=dev@example.com",
		"GIT_COMMITTER_NAME=dev", "GIT_COMMITTER_EMAIL=dev@example.com",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "git %s: %s", strings.Join(args, " "), out)
	return strings.TrimSpace(string(out))
}

// PasswordGit serves the repositories over HTTP to one user, and returns its
// URL.
func PasswordGit(t *testing.T, user, password string) string {
	t.Helper()
	root := os.Getenv("GIT_ROOT")
	backend := &cgi.Handler{
		Path: filepath.Join(git(t, root, "--exec-path"), "git-http-backend"),
		Dir:  root,
		Env: []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "HOME=" + root,
			"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=http.receivepack", "GIT_CONFIG_VALUE_0=true",
			"GIT_CONFIG_KEY_1=safe.directory", "GIT_CONFIG_VALUE_1=*"},
	}
	return Serve(t, Password(user, password, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body) // CGI wants a length
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
		backend.ServeHTTP(w, r)
	}))
}

// Password lets one user through.
func Password(user, password string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		u, p, _ := r.BasicAuth()
		if subtle.ConstantTimeCompare([]byte(u+":"+p), []byte(user+":"+password)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="tests"`)
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

// PrivateRegistry is the registry of the cluster for one user, and returns its
// host and port. It has no TLS.
func PrivateRegistry(t *testing.T, user, password string) string {
	t.Helper()
	to := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host = "http", os.Getenv("REGISTRY")
		r.Out.Host = r.In.Host // which the registry leads to from there on
	}}
	return strings.TrimPrefix(Serve(t, Password(user, password, to.ServeHTTP)), "http://")
}

// Serve serves pods over HTTP, and returns the URL.
func Serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp4", "0.0.0.0:0")
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return fmt.Sprintf("http://%s:%d", GitHost, listener.Addr().(*net.TCPAddr).Port)
}

// SSHGit is a Git server that lets one key in.
type SSHGit struct {
	PrivateKey string // in PEM
	KnownHosts string // the server's own key, in ssh's format
}

// sshGit is the one server of the process: ssh has one port.
var sshGit struct {
	sync.Mutex
	host gossh.PublicKey
	keys map[string]bool // of users, in ssh's wire format
}

// NewSSHGit serves the repositories at git@GitHost:PATH to a key of its own,
// until the end of the test.
func NewSSHGit(t *testing.T) SSHGit {
	t.Helper()
	user, private := newKey(t)
	key := string(user.PublicKey().Marshal())
	sshGit.Lock()
	defer sshGit.Unlock()
	if sshGit.host == nil {
		listener, err := net.Listen("tcp4", "0.0.0.0:22")
		require.NoError(t, err)
		host, _ := newKey(t)
		server := &ssh.Server{
			HostSigners: []ssh.Signer{host},
			PublicKeyHandler: func(_ ssh.Context, key ssh.PublicKey) bool {
				sshGit.Lock()
				defer sshGit.Unlock()
				return sshGit.keys[string(key.Marshal())]
			},
			Handler: func(s ssh.Session) { _ = s.Exit(serveGit(s)) },
		}
		go func() { _ = server.Serve(listener) }()
		sshGit.host, sshGit.keys = host.PublicKey(), map[string]bool{}
	}
	sshGit.keys[key] = true
	t.Cleanup(func() {
		sshGit.Lock()
		defer sshGit.Unlock()
		delete(sshGit.keys, key)
	})
	return SSHGit{PrivateKey: private, KnownHosts: knownhosts.Line([]string{GitHost}, sshGit.host) + "\n"}
}

// serveGit runs what git asks for over ssh: git-upload-pack 'acme/app.git'.
func serveGit(s ssh.Session) int {
	command := s.Command()
	if len(command) != 2 || (command[0] != "git-upload-pack" && command[0] != "git-receive-pack") {
		fmt.Fprintln(s.Stderr(), "only git is served here, not "+strconv.Quote(s.RawCommand()))
		return 1
	}
	root := os.Getenv("GIT_ROOT")
	cmd := exec.CommandContext(s.Context(), "git", strings.TrimPrefix(command[0], "git-"), filepath.Join(root, filepath.Join("/", command[1])))
	cmd.Env = append(os.Environ(), s.Environ()...)
	cmd.Env = append(cmd.Env, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s, s, s.Stderr()
	if err := cmd.Run(); err != nil {
		return 1
	}
	return 0
}

func newKey(t *testing.T) (gossh.Signer, string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	signer, err := gossh.NewSignerFromKey(private)
	require.NoError(t, err)
	block, err := gossh.MarshalPrivateKey(private, "")
	require.NoError(t, err)
	return signer, string(pem.EncodeToMemory(block))
}

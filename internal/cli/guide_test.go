package cli_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFirstMinutes does what the first part of docs/guide.md says: it runs the commands that
// need no cluster, writes the files, and compares what is shown. Of the commands for a cluster,
// it tests that they get as far as to ask the server.
func TestFirstMinutes(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "docs", "guide.md"))
	require.NoError(t, err)
	_, part, ok := strings.Cut(string(text), "\n## The first ten minutes\n")
	require.True(t, ok)
	part, _, ok = strings.Cut(part, "\n### Next\n")
	require.True(t, ok)

	refused := httptest.NewServer(http.NotFoundHandler())
	defer refused.Close()
	u := user{root: root, config: "KUBECONFIG=" + kubeconfig(t, refused.URL)}
	t.Chdir(t.TempDir())
	done := map[string]int{}
	for _, block := range regexp.MustCompile("(?ms)^```(\\S+) ?(\\S*)\n(.*?)^```$").FindAllStringSubmatch(part, -1) {
		kind, name, body := block[1], block[2], block[3]
		done[strings.TrimSpace(kind+" "+name)]++
		switch {
		case kind == "go":
			require.NoError(t, os.WriteFile(name, []byte(body), 0o600))
		case kind == "yaml":
			written, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
			require.NoError(t, err)
			assert.Equal(t, string(written), body, "init writes another %s", name)
		case kind == "console":
			command, shown, _ := strings.Cut(strings.TrimPrefix(body, "$ "), "\n")
			out, err := u.run(t, command)
			require.Error(t, err, "the page shows a command that fails")
			for line := range strings.Lines(shown) {
				if strings.TrimSpace(line) != "..." {
					assert.Contains(t, untimed(out), untimed(line))
				}
			}
		case name == "cluster":
			for command := range strings.Lines(strings.ReplaceAll(body, "\\\n", "")) {
				u.asks(t, strings.TrimSpace(command))
			}
		default:
			for command := range strings.Lines(body) {
				out, err := u.run(t, strings.TrimSpace(command))
				require.NoError(t, err, "%s\n%s", command, out)
			}
		}
	}
	assert.Equal(t, map[string]int{
		"sh": 3, "sh cluster": 2, "go version.go": 1, "go main.go": 2, "console": 1, "yaml .github/workflows/tekton.yml": 1,
	}, done, "the kinds of blocks of the page")
}

var times = regexp.MustCompile(`\([0-9.]+s\)`)

// untimed replaces how long a test took.
func untimed(text string) string { return times.ReplaceAllString(text, "(0s)") }

// A user follows the page.
type user struct{ root, config string }

// run runs a command of the page, and returns what it prints. The library is that of this
// repository.
func (u user) run(t *testing.T, command string) (string, error) {
	t.Helper()
	words := strings.Fields(command)
	switch {
	case words[0] == "cd":
		t.Chdir(words[1])
		return "", nil
	case words[0] == "tekwright":
		r := run("", words[1:], "NO_COLOR=1")
		assert.Zero(t, r.exit, r.out+r.err)
		return r.out + r.err, nil
	case strings.HasPrefix(command, "go get github.com/tekwright/tekwright@"):
		for _, name := range []string{"go.mod", "go.sum"} {
			text, err := os.ReadFile(filepath.Join(u.root, name))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(name, text, 0o600))
		}
		words = []string{"go", "mod", "edit", "-module", "example.com/ci", "-require", "github.com/tekwright/tekwright@v0.0.0",
			"-replace", "github.com/tekwright/tekwright=" + u.root}
	case command == "go mod tidy": // would load the tests of all dependencies
		return "", nil
	}
	cmd := exec.CommandContext(context.Background(), words[0], words[1:]...) //nolint:gosec // commands of the page
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// asks tests a command for a cluster: those of tekwright must have no mistake before they ask
// the server, and the others must be of kubectl or openssl.
func (u user) asks(t *testing.T, command string) {
	t.Helper()
	words := strings.Fields(command)
	if words[0] != "tekwright" {
		assert.Contains(t, []string{"kubectl", "openssl"}, words[0])
		return
	}
	r := run("", words[1:], u.config)
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "is not a Kubernetes API server", command)
}

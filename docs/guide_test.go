// Package docs_test tests the page for beginners. It is a package of its own because it
// compiles programs, which takes long on a busy machine.
package docs_test

import (
	"bytes"
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

	"github.com/tekwright/tekwright/internal/cli"
)

// TestFirstMinutes does what the first part of docs/guide.md says: it runs the commands that
// need no cluster, writes the files, and compares what is shown. Of the commands for a cluster,
// it tests that they get as far as to ask the server.
func TestFirstMinutes(t *testing.T) {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "docs", "guide.md"))
	require.NoError(t, err)
	_, part, ok := strings.Cut(string(text), "\n## The first ten minutes\n")
	require.True(t, ok)
	part, _, ok = strings.Cut(part, "\n### Next\n")
	require.True(t, ok)

	refused := httptest.NewServer(http.NotFoundHandler())
	defer refused.Close()
	config := filepath.Join(t.TempDir(), "config")
	require.NoError(t, os.WriteFile(config, []byte(`{apiVersion: v1, kind: Config, current-context: c, clusters: [{name: c, cluster: {server: "`+
		refused.URL+`"}}], contexts: [{name: c, context: {cluster: c, namespace: ci}}]}`), 0o600))
	u := user{root: root, config: "KUBECONFIG=" + config}
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
		exit, out := tekwright(words[1:], "NO_COLOR=1")
		assert.Zero(t, exit, out)
		return out, nil
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
	exit, out := tekwright(words[1:], u.config)
	assert.Equal(t, 2, exit)
	assert.Contains(t, out, "is not a Kubernetes API server", command)
}

// tekwright runs the command with a variable, and returns all that it prints.
func tekwright(args []string, variable string) (exit int, out string) {
	var printed bytes.Buffer
	exit = cli.Run(context.Background(), args, cli.Streams{
		In: strings.NewReader(""), Out: &printed, Err: &printed, Terminal: true,
		Env: func(name string) string {
			if value, ok := strings.CutPrefix(variable, name+"="); ok {
				return value
			}
			return ""
		},
	})
	return exit, printed.String()
}

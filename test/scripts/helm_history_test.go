package scripts

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// TestHelmHistoryUnread tests that a release whose history cannot be read is not taken for a new
// one, and that the history is read where helm deploys.
func TestHelmHistoryUnread(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		history  reply
		code     int // of helm upgrade
		refused  string
		upgrades int
	}{
		"a release":          {reply{Stdout: history}, 0, "", 1},
		"no release":         {reply{Stderr: "Error: release: not found\n", Code: 1}, 0, "", 1},
		"no release, failed": {reply{Stderr: "Error: release: not found\n", Code: 1}, 1, "helm upgrade failed", 1},
		"no server":          {reply{Stderr: "Error: Kubernetes cluster unreachable\n", Code: 1}, 0, "cannot read the history of 'app'", 0},
		"no permission":      {reply{Stderr: "Error: query: failed to query with labels: secrets is forbidden\n", Code: 1}, 0, "cannot read the history of 'app'", 0},
		"no output":          {reply{}, 0, "cannot read the history of 'app'", 0},
		"another format":     {reply{Stdout: "[{\"revision\":1}]\n"}, 0, "cannot read the history of 'app'", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.history.Args = []string{"history"}
			dir, env, calls := standins(t, []reply{c.history, {Args: []string{"upgrade"}, Code: c.code}}, "helm")
			got := run{
				task: define(t, tasks.HelmDeploy{}), path: []string{dir}, env: env, workspaces: map[string]string{},
				params: map[string]string{"chart": "oci://registry.local/app", "release": "app", "namespace": "prod"},
			}.do(t)
			if c.refused == "" {
				got.ok(t)
			} else {
				got.refused(t, "helm-deploy", c.refused)
			}
			assert.Len(t, args(calls(), "helm", "upgrade"), c.upgrades)
			if c.upgrades == 0 && c.history.Stderr != "" {
				assert.Contains(t, got.stderr, c.history.Stderr)
			}
		})
	}
}

// TestHelmPassword tests that no advice leads to a password in an argument.
func TestHelmPassword(t *testing.T) {
	t.Parallel()
	dir, env, calls := standins(t, nil, "helm")
	for _, params := range []map[string]string{
		{"chart": "https://me:geheim@charts.example.com/app.tgz"},
		{"chart": "app", "repository": "https://me:geheim@charts.example.com"},
	} {
		params["release"], params["namespace"] = "app", "prod"
		got := run{task: define(t, tasks.HelmDeploy{}), path: []string{dir}, env: env, workspaces: map[string]string{}, params: params}.do(t)
		got.refused(t, "helm-deploy", "use an oci:// chart with the docker-config workspace")
		assert.NotContains(t, got.stdout+got.stderr, "geheim")
		assert.NotContains(t, got.stderr, "--password")
	}
	assert.Empty(t, calls())
}

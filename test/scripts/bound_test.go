package scripts

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// whereBound is where a tool finds the credentials.
var whereBound = regexp.MustCompile(`(?m)^  \{(DOCKER_CONFIG|KUBECONFIG)=.*\n`)

func unbound(seen string) string { return whereBound.ReplaceAllString(seen, "") }

// TestBoundCredentials: with credentials from a workspace, a task does what it does without
// them: its tools get the same arguments and repositories, and its results are the same.
// The variables of a shell are global, so what finds a file could change an image.
func TestBoundCredentials(t *testing.T) {
	t.Parallel()
	files := map[string]map[string]string{
		"docker-config": {"config.json": `{"auths": {}}`}, "kubeconfig": {"config": "x"}, "ca": {"ca-bundle.crt": "x"},
	}
	tried := 0
	for name, r := range recordings(t) {
		t.Run(name, func(t *testing.T) {
			r.inputs = nil
			want, calls, source := r.with(t, nil)
			want.ok(t)
			for workspace, content := range files {
				if !slices.ContainsFunc(r.task.Spec.Workspaces, func(w v1.WorkspaceDeclaration) bool { return w.Name == workspace && w.Optional }) || r.sidecar {
					continue
				}
				tried++
				r := r
				r.bound = maps.Clone(r.bound)
				if r.bound == nil {
					r.bound = map[string]map[string]string{}
				}
				r.bound[workspace] = content
				got, boundCalls, boundSource := r.with(t, nil)
				assert.Equal(t, want.results, got.ok(t).results, workspace)
				assert.Equal(t, unbound(seen(calls, want, source)), unbound(seen(boundCalls, got, boundSource)), workspace)
			}
		})
	}
	assert.Greater(t, tried, 10)
}

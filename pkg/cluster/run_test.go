package cluster_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/cluster"
)

// Invalid names are reported before any request is sent.
func TestRunNames(t *testing.T) {
	s := newRunServer(t)
	for _, c := range []struct{ namespace, name, want string }{
		{"", "x y", `"x y" is not a valid name of a PipelineRun` + "\n\thelp: use up to 253 of a-z, 0-9, - and ., with a letter or digit at the beginning and end"},
		{"", "Release", `"Release" is not a valid name of a PipelineRun`},
		{"", "", "the name of the PipelineRun is empty"},
		{"team/ci", "x", `"team/ci" is not a valid namespace for PipelineRun "x"` + "\n\thelp: use up to 63 of a-z, 0-9 and -, with a letter or digit at the beginning and end"},
	} {
		run := s.client.PipelineRun(c.namespace, c.name)
		_, followed := run.Follow(t.Context(), cluster.FollowOptions{})
		_, asked := run.Status(t.Context())
		for _, err := range []error{followed, asked, run.Cancel(t.Context(), ""), run.Logs(t.Context(), io.Discard, cluster.LogOptions{})} {
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
		}
	}
	assert.Zero(t, s.lists)
}

package cluster

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// FuzzExplain tests that any answer of a server or a webhook is converted to an error
// that contains its message.
func FuzzExplain(f *testing.F) {
	files, err := filepath.Glob("testdata/status/*.json")
	require.NoError(f, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data)
	}
	_, c := newServer(f)
	targets, err := c.targets(yamlSource(f, "refused"), ApplyOptions{})
	require.NoError(f, err)
	target := targets[0]
	f.Fuzz(func(t *testing.T, data []byte) {
		var status metav1.Status
		if json.Unmarshal(data, &status) != nil {
			return
		}
		answer := &apierrors.StatusError{ErrStatus: status}
		explained := c.explain(answer, requestFor(target.body, target.object.At, schema.GroupResource{Resource: "tasks"}, "patch"))
		require.Error(t, explained)
		assert.ErrorIs(t, explained, answer)
		assert.NotEmpty(t, strings.TrimSpace(explained.Error()))
	})
}

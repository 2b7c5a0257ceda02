package triggers_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/tekwright/tekwright/pkg/triggers"
)

// TestListenerMetadata: an EventListener has the labels and annotations that it is
// given, besides those that it needs.
func TestListenerMetadata(t *testing.T) {
	l := triggers.NewListener("l").Label("team", "ci").Annotate("example.com/note", "a").Namespaces("ci")
	for range 2 {
		objects, err := l.Objects()
		require.NoError(t, err)
		m, err := meta.Accessor(objects[len(objects)-1].Object)
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"team": "ci"}, m.GetLabels())
		assert.Equal(t, map[string]string{"example.com/note": "a"}, m.GetAnnotations())
	}
}

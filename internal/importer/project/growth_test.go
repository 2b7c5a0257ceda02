package project_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/internal/importer/project"
)

// TestGrowth shows that reading takes no longer for each document if a file has many.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large manifests")
	}
	growth.Linear(t, 500, func(n int) func() {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c%d}\n---\n", i)
		}
		dir := folder(t, map[string]string{"x.yaml": b.String()})
		return func() {
			s, err := project.Read(t.Context(), []string{dir}, project.ReadOptions{})
			assert.NoError(t, err)
			assert.Len(t, s.Documents, n)
		}
	})
}

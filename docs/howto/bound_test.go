package howto_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/docs/howto/bound"
	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// howto typed-bundle

// Package bound is what the command has written.
func release() *builder.Pipeline {
	p := builder.NewPipeline("release")
	image := p.Param("image")
	scan := builder.Add(p, "scan", bound.Scan{
		Image:    image, // Img or image: does not compile
		Severity: bound.ScanSeverityCritical,
	})
	p.Result("report", scan.Report)
	return p
}

// howto end

func typedBundle() *manifest.Set { return manifest.New(release()) }

// TestBound shows that the package bound is what the snapshot gives. With TEKWRIGHT_UPDATE=1,
// it is bound anew from tasks/scan.yaml, which stands in for the bundle.
func TestBound(t *testing.T) {
	text, err := os.ReadFile("tasks/scan.yaml")
	require.NoError(t, err)
	t.Chdir("bound")
	o := bind.Options{
		Sources: []string{"bundle://registry.example.com/ci/task-scan:0.2#scan"}, Pin: true, Output: "bound.go", Package: "bound",
	}
	if os.Getenv("TEKWRIGHT_UPDATE") != "" {
		o.Fetch = func(context.Context, bind.Source) (bind.Fetched, error) {
			return bind.Fetched{
				Files:    []bind.Text{{Path: "scan", Bytes: text}},
				Resolved: "sha256:2f9a3c0b7d1e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c",
			}, nil
		}
	}
	r, err := bind.Plan(t.Context(), o)
	require.NoError(t, err)
	if os.Getenv("TEKWRIGHT_UPDATE") != "" {
		_, err := r.Write()
		require.NoError(t, err)
	}
	for _, f := range r.Files {
		is, err := os.ReadFile(f.Name)
		require.NoError(t, err)
		assert.Equal(t, string(f.Text), string(is), f.Name)
	}
	assert.Empty(t, r.Changes)
}

package tasks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// TestMatrixOfClones tests that clones which have a directory each do not share the
// workspace, and that others do.
func TestMatrixOfClones(t *testing.T) {
	for name, c := range map[string]struct {
		clone  func(repo, each builder.String) tasks.GitClone
		shared bool
	}{
		"directory joined": {clone: func(repo, _ builder.String) tasks.GitClone {
			return tasks.GitClone{URL: "https://git.example.com/" + repo, Subdirectory: "repos/" + repo}
		}},
		"directory whole": {clone: func(repo, _ builder.String) tasks.GitClone {
			return tasks.GitClone{URL: "https://git.example.com/" + repo, Subdirectory: repo}
		}},
		"directory with Each": {clone: func(_, each builder.String) tasks.GitClone {
			return tasks.GitClone{URL: "https://git.example.com/acme/a", Subdirectory: each}
		}},
		"revisions in directories": {clone: func(repo, _ builder.String) tasks.GitClone {
			return tasks.GitClone{URL: "https://git.example.com/acme/a", Revision: repo, Subdirectory: repo}
		}},
		"no directory": {shared: true, clone: func(repo, _ builder.String) tasks.GitClone {
			return tasks.GitClone{URL: "https://git.example.com/" + repo}
		}},
		"one directory": {shared: true, clone: func(repo, _ builder.String) tasks.GitClone {
			return tasks.GitClone{URL: "https://git.example.com/" + repo, Subdirectory: "repos"}
		}},
		"one directory, Each": {shared: true, clone: func(_, each builder.String) tasks.GitClone {
			return tasks.GitClone{URL: each, Subdirectory: "repos"}
		}},
		"one directory, revisions": {shared: true, clone: func(repo, _ builder.String) tasks.GitClone {
			return tasks.GitClone{URL: "https://git.example.com/acme/a", Revision: repo}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			repos := p.ArrayParam("repos")
			clone := c.clone(builder.Axis("repo", repos), builder.Each(repos))
			clone.Output = p.Workspace("data")
			builder.AddMatrix(p, "clone", clone)
			var codes []string
			for _, f := range p.Findings() {
				codes = append(codes, f.Code)
			}
			if c.shared {
				assert.Contains(t, codes, check.MatrixShared)
				return
			}
			assert.Empty(t, codes)
		})
	}
}

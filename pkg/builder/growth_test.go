package builder_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/builder"
)

// TestGrowth tests that building takes no longer for each part if there are many.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("builds large pipelines")
	}
	for name, build := range map[string]func(n int) *builder.Pipeline{
		"inputs of a task": func(n int) *builder.Pipeline {
			p := builder.NewPipeline("p")
			p.AddInline("a", func(k *builder.Task) {
				var script strings.Builder
				inputs := make([]builder.TaskString, n)
				for i := range n {
					inputs[i] = k.Param(fmt.Sprint("p", i), builder.String("x"))
					fmt.Fprintf(&script, "echo $(params.p%d)\n", i)
				}
				k.Step("s").Image("registry.local/a:1").PasteScript(script.String(), inputs...)
			})
			return p
		},
		"tasks with a script": func(n int) *builder.Pipeline {
			p := builder.NewPipeline("p")
			for i := range n {
				p.AddInline(fmt.Sprint("a", i), func(k *builder.Task) { k.Step("s").Image("registry.local/a:1").Script("echo a\n") })
			}
			return p
		},
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 120, func(n int) (work func()) {
				return func() {
					objects, err := build(n).Objects()
					require.NoError(t, err)
					require.NotEmpty(t, objects)
				}
			})
		})
	}
}

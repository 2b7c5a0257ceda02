package generate_test

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/generate"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// This is a complete program: "go run ." prints the YAML, "go run . -o manifests"
// writes a folder, and "go run . -o manifests -check" checks that it is up to date.
func ExampleMain() {
	p := builder.NewPipeline("hello")
	p.AddInline("greet", func(t *builder.Task) {
		t.Step("greet").Image("registry.local/alpine:3").Script("echo hello")
	})
	generate.Main(manifest.New(p))
}

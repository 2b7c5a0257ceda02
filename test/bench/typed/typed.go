// Package typed describes the shape that is measured with tekwright.
package typed

import (
	"fmt"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Job is the n-th task.
type Job struct {
	Prefix string
	N      int
	Key    builder.String
	Mode   builder.String
	Source builder.Workspace
}

// Done is what it leaves behind.
type Done struct {
	*builder.PipelineTask
	Digest builder.String
}

func (j Job) TaskName() string { return fmt.Sprintf("%s%d", j.Prefix, j.N) }

func (j Job) Define(t *builder.Task) Done {
	key := t.Param("key", j.Key, builder.Describe("what to build"))
	mode := t.Param("mode", j.Mode, builder.Describe("how to build it"), builder.Default("fast"))
	src := t.Workspace("source", j.Source)
	digest := t.Result("digest", builder.Describe("what was built"))
	t.Step("build").Image("registry.local/builder:1.2").Env("KEY", key).Env("MODE", mode).
		Script("cd " + src.Path() + "\nbuild \"$KEY\" \"$MODE\"\n")
	t.Step("publish").Image("registry.local/publisher:1.2").Env("KEY", key).
		Script("publish \"$KEY\" > " + digest.Path() + "\n")
	return Done{t.PipelineTask(), digest.Value()}
}

// Pipeline is a Pipeline of n tasks in a chain, each with a Task of its own, whose names
// begin with the prefix.
func Pipeline(name, prefix string, n int) *builder.Pipeline {
	p := builder.NewPipeline(name)
	key, src := p.Param("key"), p.Workspace("source")
	for i := range n {
		done := builder.Add(p, fmt.Sprintf("task-%d", i), Job{Prefix: prefix, N: i, Key: key, Mode: "slow", Source: src})
		key = done.Digest
	}
	return p
}

// Command ours writes N Tasks and a Pipeline of them with tekwright, checked.
package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Job is the n-th task.
type Job struct {
	N      int
	Key    builder.String
	Mode   builder.String
	Source builder.Workspace
}

// Done is what it leaves behind.
type Done struct {
	*builder.Node
	Digest builder.String
}

func (j Job) TaskName() string { return fmt.Sprintf("job-%d", j.N) }

func (j Job) Define(t *builder.Task) Done {
	key := t.Param("key", j.Key, builder.Describe("what to build"))
	mode := t.Param("mode", j.Mode, builder.Describe("how to build it"), builder.Default("fast"))
	src := t.Workspace("source", j.Source)
	digest := t.Result("digest", builder.Describe("what was built"))
	t.Step("build").Image("registry.local/builder:1.2").Env("KEY", key).Env("MODE", mode).
		Script("cd " + src.Path() + "\nbuild \"$KEY\" \"$MODE\"\n")
	t.Step("publish").Image("registry.local/publisher:1.2").Env("KEY", key).
		Script("publish \"$KEY\" > " + digest.Path() + "\n")
	return Done{t.Node(), digest.Value()}
}

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	p := builder.NewPipeline("all")
	key, src := p.Param("key"), p.Workspace("source")
	for i := range n {
		done := builder.Add(p, fmt.Sprintf("task-%d", i), Job{N: i, Key: key, Mode: "slow", Source: src})
		key = done.Digest
	}
	if err := manifest.New(p).Write(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

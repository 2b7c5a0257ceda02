package builder_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
)

// selfAdding is a task that adds itself, in some way, unless that is nil.
type selfAdding struct {
	Add func(t *builder.Task)
}

func (selfAdding) TaskName() string { return "self-adding" }

func (n selfAdding) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("s").Image("registry.local/a:1").Script("true")
	if n.Add != nil {
		n.Add(t)
	}
	return t.PipelineTask()
}

// TestEndlessDefinitions tests that a task that contains itself is one problem, and not the
// end of the program.
func TestEndlessDefinitions(t *testing.T) {
	for name, describe := range map[string]func(p *builder.Pipeline){
		"steps": func(p *builder.Pipeline) {
			var n selfAdding
			n.Add = func(t *builder.Task) { builder.AddSteps(t, "x", n) }
			builder.Add(p, "a", n)
		},
		"steps, twice": func(p *builder.Pipeline) {
			var n selfAdding
			n.Add = func(t *builder.Task) { builder.AddSteps(t, "x", n); builder.AddSteps(t, "y", n) }
			builder.Add(p, "a", n)
		},
		"a shared step": func(p *builder.Pipeline) {
			var n selfAdding
			n.Add = func(t *builder.Task) { builder.AddSharedStep(t, "x", n) }
			builder.Add(p, "a", n)
		},
		"one another": func(p *builder.Pipeline) {
			var n, m selfAdding
			n.Add = func(t *builder.Task) { builder.AddSteps(t, "x", m) }
			m.Add = func(t *builder.Task) { builder.AddSteps(t, "y", n) }
			builder.Add(p, "a", n)
		},
		"the pipeline": func(p *builder.Pipeline) {
			var n selfAdding
			n.Add = func(*builder.Task) { builder.Add(p, "a", n) }
			builder.Add(p, "a", n)
		},
		"inline": func(p *builder.Pipeline) {
			var define func(t *builder.Task)
			define = func(*builder.Task) { p.AddInline("a", define) }
			p.AddInline("a", define)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			describe(p)
			p.AddInline("fine", func(t *builder.Task) { t.Step("s").Image("registry.local/a:1").Script("true") })
			found := p.Findings()
			if assert.NotEmpty(t, found) {
				assert.Contains(t, found[0].Message, "definitions of tasks are nested more than 100 deep, here that of ")
				assert.Contains(t, found[0].Position.File, "endless_test.go")
			}
			if name != "the pipeline" && name != "inline" { // whose tasks all have one name
				errors := slices.DeleteFunc(found, func(f diag.Finding) bool { return f.Severity != diag.Error })
				assert.Len(t, errors, 1)
			}
		})
	}
}

// TestNestedDefinitions tests that tasks can contain others that contain others.
func TestNestedDefinitions(t *testing.T) {
	n := selfAdding{}
	for range 9 {
		inner := n
		n.Add = func(t *builder.Task) { builder.AddSteps(t, "x", inner) }
	}
	p := builder.NewPipeline("p")
	builder.Add(p, "a", n)
	assert.NoError(t, p.Build())
}

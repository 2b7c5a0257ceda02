package builder_test

import (
	"github.com/tekwright/tekwright/pkg/builder"
)

// twoSteps, withVolume and pathInScript cannot become StepActions.
type (
	twoSteps     struct{}
	withVolume   struct{}
	pathInScript struct{ Source builder.Workspace }
)

func (twoSteps) TaskName() string     { return "two-steps" }
func (withVolume) TaskName() string   { return "with-volume" }
func (pathInScript) TaskName() string { return "path-in-script" }

func (twoSteps) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("a").Image(image).Command("true")
	t.Step("b").Image(image).Command("true")
	return t.PipelineTask()
}

func (withVolume) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("a").Image(image).Command("true").Mount(t.EmptyDir("tmp"), "/scratch")
	return t.PipelineTask()
}

func (p pathInScript) Define(t *builder.Task) *builder.PipelineTask {
	source := t.Workspace("source", p.Source)
	t.Step("a").Image(image).Script("ls " + source.Path())
	return t.PipelineTask()
}

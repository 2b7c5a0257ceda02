package unused

import "github.com/tekwright/tekwright/pkg/builder"

func bad(p *builder.Pipeline, repo builder.String, w builder.Workspace, task *builder.PipelineTask, t builder.TaskString, a builder.Array) {
	repo.In("main")                  // want `the result of repo.In is not used, and the call does nothing else; pass it to When`
	repo.Set("x")                    // want `pass it to Run`
	t.In("x")                        // want `pass it to Step.When`
	w.SubPath("x")                   // want `the result of w.SubPath is not used`
	w.PVC("x")                       // want `pass it to Run`
	task.Status()                    // want `the result of task.Status is not used, and the call does nothing else; use what it returns, or delete the call`
	task.Status().In(builder.Failed) // want `pass it to When of a finally task`
	builder.Strings("x")             // want `the result of builder.Strings is not used`
	builder.Default("x")             // want `the result of builder.Default is not used`
	a.At(1)                          // want `the result of a.At is not used`
	builder.NewPipeline("x")         // want `the result of builder.NewPipeline is not used`
}

type own struct{}

func (own) In(...builder.String) builder.When { return builder.When{} }

func good(p *builder.Pipeline, repo builder.String, w builder.Workspace, task *builder.PipelineTask, b *builder.WorkspaceBinding, t *builder.Task) {
	p.Param("repo")
	p.AddInline("x", func(*builder.Task) {})
	p.Result("x", repo)
	task.When(repo.In("main"))
	task.Retries(2)
	t.Param("x", repo)
	t.Workspace("x", w)
	t.Result("x")
	t.Step("x")
	b.SubPath("x")
	_ = repo.In("x")
	own{}.In("x")
}

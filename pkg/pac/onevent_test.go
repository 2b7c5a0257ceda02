package pac_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/pac"
)

// TestOnEvent tests the annotations of runs that are described as they are in YAML.
func TestOnEvent(t *testing.T) {
	r := pac.Run(run("x-", "y")).
		On(pac.OnEvent("push", "pull_request").TargetBranch("main", "a,b").PathChange("**.go").PathChangeIgnore("docs/*").Label("e2e"), pac.Comment("^/x")).
		RemoteTasks("git-clone:0.9", ".tekton/lint.yaml").RemoteTasks("https://git.example.com/x.yaml").RemotePipeline(".tekton/p.yaml")
	assert.Equal(t, map[string]string{
		"on-event": "[push, pull_request]", "on-target-branch": "[main, a&#44;b]", "on-path-change": "[**.go]", "on-path-change-ignore": "[docs/*]",
		"on-label": "[e2e]", "on-comment": "^/x", "task": "[git-clone:0.9, .tekton/lint.yaml, https://git.example.com/x.yaml]", "pipeline": ".tekton/p.yaml",
	}, annotations(t, r))
	assert.Equal(t, map[string]string{"on-event": "[incoming]", "on-target-branch": "[*]", "pipeline": "[a b]"},
		annotations(t, pac.Run(run("x", "y")).On(pac.OnEvent("incoming").TargetBranch("*")).RemotePipeline("a b")))

	o, err := r.Object()
	require.NoError(t, err)
	assert.Equal(t, "x", o.Object.(*v1.PipelineRun).Name)
	for _, name := range []builder.String{"x", "x-"} {
		o, err = pac.Run(run(string(name), "y")).On(pac.Push()).GenerateName().Object()
		require.NoError(t, err)
		assert.Equal(t, "x-", o.Object.(*v1.PipelineRun).GenerateName, name)
		assert.Empty(t, o.Object.(*v1.PipelineRun).Name, name)
	}
}

// TestOnEventMistakes has what Pipelines-as-Code ignores, or what keeps all runs from starting.
func TestOnEventMistakes(t *testing.T) {
	main := pac.OnEvent("push").TargetBranch("main")
	for name, c := range map[string]struct {
		run  *pac.PipelineRun
		want string
	}{
		"no branch":        {pac.Run(run("x", "y")).On(pac.OnEvent("push")), "has no TargetBranch"},
		"no event":         {pac.Run(run("x", "y")).On(pac.OnEvent().TargetBranch("main")), "OnEvent has no arguments"},
		"another event":    {pac.Run(run("x", "y")).On(pac.OnEvent("tag").TargetBranch("main")), `"tag" is not an event`},
		"an empty list":    {pac.Run(run("x", "y")).On(pac.OnEvent("push").TargetBranch()), "TargetBranch has no arguments"},
		"an empty item":    {pac.Run(run("x", "y")).On(pac.OnEvent("push").TargetBranch("main").PathChange("")), `item "" of PathChange`},
		"lines":            {pac.Run(run("x", "y")).On(pac.OnEvent("push").TargetBranch("a\nb")), "cannot be written in an annotation"},
		"a handle":         {pac.Run(run("x", "y")).On(pac.OnEvent("push").TargetBranch(string(pac.TargetBranch))), "contains a handle"},
		"two":              {pac.Run(run("x", "y")).On(main, pac.Push()), "OnEvent is not the only event"},
		"with incoming":    {pac.Run(run("x", "y")).On(main, pac.Incoming()), "OnEvent is not the only event"},
		"nil":              {pac.Run(run("x", "y")).On((*pac.AnnotatedEvent)(nil).TargetBranch("main")), "nil or empty"},
		"no tasks":         {pac.Run(run("x", "y")).On(main).RemoteTasks(), "RemoteTasks has no arguments"},
		"no pipeline":      {pac.Run(run("x", "y")).On(main).RemotePipeline(""), `item "" of RemotePipeline`},
		"a task of a text": {pac.Run(run("x", "y")).On(main).RemoteTasks(" a"), `item " a" of RemoteTasks`},
	} {
		_, err := c.run.Object()
		assert.ErrorContains(t, err, c.want, name)
	}
}

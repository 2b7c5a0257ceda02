package triggers_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// TestElsewhere creates runs of Pipelines that are not in the set, with params of the
// template, and runs of Tasks. Of these, only the Task is written.
func TestElsewhere(t *testing.T) {
	template := triggers.NewTemplate("t", "sha")
	there := builder.ExistingPipeline("release")
	version := there.Param("version")
	far := builder.RemotePipeline(builder.Git("https://git.example.com/ci.git", "main", "release.yaml"))
	revision := far.Param("revision")
	template.Create(
		there.Run("there-", version.Set(template.Param("sha"))),
		far.Run("far-", revision.Set(template.Param("sha"))),
		builder.RunTask("task-", show{Lines: builder.Strings(template.Param("sha"))}),
	)
	written(t, "testdata/elsewhere.yaml", template)

	objects, err := manifest.New(triggers.NewListener("l").Inline(triggers.NewTrigger("a").Template(template).
		Bind(triggers.Value("sha", "$(body.after)")).Intercept(github()))).Objects()
	require.NoError(t, err)
	var kinds []string
	for _, o := range objects {
		kinds = append(kinds, o.Ref().Kind)
	}
	assert.Equal(t, []string{"Task", "TriggerTemplate", "EventListener"}, kinds)
}

package triggers_test

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// own is a source without the objects of its pipelines.
type own struct{ manifest.Source }

func (o own) Objects() ([]object.Object, error) {
	objects, err := o.Source.Objects()
	return slices.DeleteFunc(objects, func(x object.Object) bool {
		return x.GetObjectKind().GroupVersionKind().Group != "triggers.tekton.dev"
	}), err
}

// written compares the YAML of the sources, in namespace ci, with a golden file,
// validates it with upstream, and checks that it is the same each time.
func written(t *testing.T, file string, sources ...manifest.Source) {
	t.Helper()
	render := func() string {
		var b bytes.Buffer
		set := manifest.New().Namespace("ci")
		for _, s := range sources {
			set.Add(own{s})
		}
		require.NoError(t, set.Write(&b))
		return b.String()
	}
	text := render()
	golden.YAML(t, file, []byte(text))
	for range 5 {
		require.Equal(t, text, render())
	}
}

// show is a task that prints its params.
type show struct{ Lines builder.Array }

func (show) TaskName() string { return "show" }

func (s show) Define(t *builder.Task) *builder.PipelineTask {
	lines := t.ArrayParam("lines", s.Lines)
	t.Step("show").Image("registry.local/shell:1").Args(lines.All()).Script(`printf '%s\n' "$@"`)
	return t.PipelineTask()
}

// value is an argument of a run.
type value struct {
	name string
	is   builder.String
}

// run returns a run of a pipeline with a param for each value.
func run(name builder.String, values ...value) *builder.PipelineRun {
	p := builder.NewPipeline("p")
	var lines []builder.String
	var args []builder.Arg
	for _, v := range values {
		param := p.Param(v.name)
		lines = append(lines, param)
		args = append(args, param.Set(v.is)) // want run
	}
	builder.Add(p, "show", show{Lines: builder.Strings(lines...)})
	return p.Run(name, args...) // want run
}

// sha returns a run that uses one field.
func sha(v builder.String) *builder.PipelineRun { return run("p-", value{"sha", v}) }

// everything returns a run that uses all fields of an event.
func everything(e triggers.Event) *builder.PipelineRun {
	var values []value
	v := reflect.ValueOf(e).Elem()
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		text := v.Field(i).String()
		if tok, ok := handle.Single(text); ok && tok.Form != handle.Bad {
			values = append(values, value{v.Type().Field(i).Name, builder.String(text)})
		}
	}
	return run("p-", values...)
}

// constructors returns all events with a known sender.
func constructors() map[string]triggers.Event {
	return map[string]triggers.Event{
		"github-push": triggers.GitHubPush(), "github-pull-request": triggers.GitHubPullRequest(),
		"github-tag": triggers.GitHubTag(), "github-release": triggers.GitHubRelease(), "github-comment": triggers.GitHubComment(), "github-merge-group": triggers.GitHubMergeGroup(),
		"gitlab-push": triggers.GitLabPush(), "gitlab-merge-request": triggers.GitLabMergeRequest(), "gitlab-tag": triggers.GitLabTag(),
		"gitea-push": triggers.GiteaPush(), "gitea-pull-request": triggers.GiteaPullRequest(),
		"bitbucket-push": triggers.BitbucketPush(), "bitbucket-pull-request": triggers.BitbucketPullRequest(),
		"bitbucket-server-push": triggers.BitbucketServerPush(), "bitbucket-server-pull-request": triggers.BitbucketServerPullRequest(),
	}
}

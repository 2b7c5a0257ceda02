package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
)

func given(name string, value string, more ...string) v1.Param {
	return v1.Param{Name: name, Value: *v1.NewStructuredValues(value, more...)}
}

// Params are checked against the Pipeline or Task before any request is sent.
func TestStartParams(t *testing.T) {
	s := newRunServer(t)
	task := v1.TaskSpec{Steps: []v1.Step{{Name: "a", Image: "docker.io/library/busybox:1.37", Script: "echo $(params.shared)"}}}
	embedded := manifest.FromObjects(&v1.PipelineRun{
		TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "PipelineRun"}, ObjectMeta: metav1.ObjectMeta{Name: "embeds", Namespace: "e2e"},
		Spec: v1.PipelineRunSpec{
			Params:       v1.Params{given("shared", "x")},
			PipelineSpec: &v1.PipelineSpec{Tasks: []v1.PipelineTask{{Name: "a", TaskSpec: &v1.EmbeddedTask{TaskSpec: task}}}},
		},
	})
	elsewhere := manifest.FromObjects(&v1.PipelineRun{
		TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "PipelineRun"}, ObjectMeta: metav1.ObjectMeta{Name: "refers", Namespace: "e2e"},
		Spec: v1.PipelineRunSpec{PipelineRef: &v1.PipelineRef{Name: "elsewhere"}},
	})
	alone := manifest.FromObjects(&v1.TaskRun{
		TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "TaskRun"}, ObjectMeta: metav1.ObjectMeta{Name: "alone", Namespace: "e2e"},
		Spec: v1.TaskRunSpec{Params: v1.Params{given("shared", "x")}, TaskSpec: &task},
	})
	for _, c := range []struct {
		source manifest.Source
		params v1.Params
		want   string // "" if it starts
	}{
		{greeting("a"), v1.Params{given("whom", "x")}, `param "whom" is not declared by Pipeline "greeting"` + "\n\thelp: did you mean \"who\"?"},
		{greeting("a"), v1.Params{given("language", "x"), given("Who", "y")},
			`param "language" is not declared by Pipeline "greeting"` + "\n\thelp: use one of the declared params: \"who\"\n" +
				`param "Who" is not declared by Pipeline "greeting"` + "\n\thelp: did you mean \"who\"?"},
		{greeting("a"), v1.Params{given("who", "x"), given("who", "y")}, `param "who" is set twice` + "\n\t" + `help: set it once; an array is one value, such as ["a", "b"]`},
		{embedded, v1.Params{given("sharde", "x")}, `param "sharde" is not declared by the pipeline of the run` + "\n\thelp: did you mean \"shared\"?"},
		{alone, v1.Params{given("sharde", "x")}, `param "sharde" is not declared by the task of the run` + "\n\thelp: did you mean \"shared\"?"},
		{embedded, v1.Params{given("shared", "y")}, ""},
		{alone, v1.Params{given("shared", "y")}, ""},
		{elsewhere, v1.Params{given("anything", "y")}, ""},
	} {
		s.creates = nil
		_, err := s.client.Start(t.Context(), c.source, cluster.StartOptions{Params: c.params})
		if c.want == "" {
			require.NoError(t, err)
			assert.Len(t, s.creates, 1)
			continue
		}
		require.EqualError(t, err, c.want)
		assert.Empty(t, s.creates)
	}
}

// The rules check the run with the given params: a wrong type is an error, and a
// required param that is given is not.
func TestStartParamsRules(t *testing.T) {
	s := newRunServer(t)
	_, err := s.client.Start(t.Context(), greeting("a"), cluster.StartOptions{Params: v1.Params{given("who", "x", "y")}})
	require.ErrorContains(t, err, "param-type")
	assert.Empty(t, s.creates)

	needs := func() *builder.PipelineRun {
		p := builder.NewPipeline("needs")
		who := p.Param("who")
		p.AddInline("greet", func(t *builder.Task) {
			t.Step("greet").Image("docker.io/library/busybox:1.37").Env("WHO", t.Param("who", who)).Script(`echo "hello $WHO"`)
		})
		return p.Run("needs")
	}
	_, err = s.client.Start(t.Context(), needs(), cluster.StartOptions{})
	require.ErrorContains(t, err, "who")
	_, err = s.client.Start(t.Context(), needs(), cluster.StartOptions{Params: v1.Params{given("who", "x")}})
	require.NoError(t, err)
}

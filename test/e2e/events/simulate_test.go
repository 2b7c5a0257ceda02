package events

import (
	"io"
	"net/http"
	"regexp"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/simulate"
)

// simulate returns what package simulate says of a request. It knows the values of the
// Secrets, as the sink does.
func (s *sink) simulate(r *http.Request) *simulate.EventResult {
	s.t.Helper()
	body, err := r.GetBody()
	require.NoError(s.t, err)
	text, err := io.ReadAll(body)
	require.NoError(s.t, err)
	var objects []runtime.Object
	for _, o := range s.objects {
		objects = append(objects, o)
	}
	result, err := simulate.Event(manifest.New(manifest.FromObjects(objects...)),
		simulate.HTTP{Header: r.Header, Body: text, URL: r.URL.RequestURI()}, simulate.EventOptions{Token: secret})
	require.NoError(s.t, err)
	require.Len(s.t, result.Listeners, 1)
	require.Empty(s.t, result.Listeners[0].Refused)
	require.Len(s.t, result.Listeners[0].Triggers, len(s.triggers))
	return result
}

// status is what the sink writes before the words of an interceptor, and the simulator does not.
var status = regexp.MustCompile(`^rpc error: code = \w+ desc = `)

// toldAlike shows that an event starts nothing in the simulation either, and that each trigger
// says the same words there.
func (s *sink) toldAlike(event, name string, said map[string]string) {
	s.t.Helper()
	want, told := map[string]string{}, map[string]string{}
	for trigger, message := range said {
		want[trigger] = status.ReplaceAllString(message, "")
	}
	for _, trigger := range s.simulated[event].Listeners[0].Triggers {
		assert.False(s.t, trigger.Starts, "%s: trigger %s starts", name, trigger.Name)
		if n := len(trigger.Interceptors); assert.NotZero(s.t, n) {
			told[trigger.Name] = trigger.Interceptors[n-1].Message
		}
	}
	assert.Equal(s.t, want, told, "%s: the simulator says something else than the sink", name)
}

// startedAlike shows that the simulation of an event creates this run, and nothing else.
func (s *sink) startedAlike(event string, run *pipelinev1.PipelineRun) {
	s.t.Helper()
	var created []simulate.EventObject
	for _, trigger := range s.simulated[event].Listeners[0].Triggers {
		created = append(created, trigger.Objects...)
	}
	if !assert.Len(s.t, created, 1, "the sink created %s", run.Name) {
		return
	}
	simulated := &pipelinev1.PipelineRun{}
	require.NoError(s.t, runtime.DefaultUnstructuredConverter.FromUnstructured((&unstructured.Unstructured{Object: created[0].Object}).Object, simulated))
	simulated.SetDefaults(s.t.Context())
	assert.Equal(s.t, run.Namespace, created[0].Namespace)
	assert.Equal(s.t, run.GenerateName, simulated.GenerateName)
	assert.Equal(s.t, run.Spec.PipelineRef, simulated.Spec.PipelineRef)
	assert.Equal(s.t, run.Spec.Params, simulated.Spec.Params)
	assert.Equal(s.t, run.Spec.Workspaces, simulated.Spec.Workspaces)
	assert.Equal(s.t, run.Spec.TaskRunTemplate, simulated.Spec.TaskRunTemplate)
	assert.Equal(s.t, run.Spec.TaskRunSpecs, simulated.Spec.TaskRunSpecs)
	const id = "triggers.tekton.dev/triggers-eventid"
	for label, value := range simulated.Labels {
		if label != id {
			assert.Equal(s.t, value, run.Labels[label], "label %s", label)
		}
	}
	assert.Contains(s.t, simulated.Labels, id)
}

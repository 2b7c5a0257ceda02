package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/tekwright/tekwright/pkg/simulate"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// What the cluster must do, it does within patience; it is asked at each tick.
const patience, tick = 2 * time.Minute, 200 * time.Millisecond

// sink is a listener that runs.
type sink struct {
	t        *testing.T
	c        *harness.Cluster
	ns, name string
	url      string
	triggers []string

	objects   []*unstructured.Unstructured
	simulated map[string]*simulate.EventResult // by the id of the event
}

// open creates the objects, with the Secrets that their triggers name, and
// starts the sink of the one listener among them.
func open(t *testing.T, c *harness.Cluster, objects []*unstructured.Unstructured) *sink {
	t.Helper()
	s := &sink{t: t, c: c, objects: objects, simulated: map[string]*simulate.EventResult{}}
	for _, o := range objects {
		switch o.GetKind() {
		case "Namespace":
			continue // made already
		case "EventListener":
			require.Empty(t, s.name, "there are two listeners")
			s.ns, s.name = o.GetNamespace(), o.GetName()
		case "Trigger":
			s.triggers = append(s.triggers, o.GetName())
			s.secrets(o)
		}
		_, err := c.Create(t.Context(), o)
		require.NoError(t, err)
	}
	s.tell()
	s.url = c.SinkURL(t, s.ns, s.name)
	return s
}

// tell makes the sink say why it starts nothing, which it logs as a detail: on
// clusters that are here for the tests alone, since all sinks do then.
func (s *sink) tell() {
	s.t.Helper()
	if s.c.Tier == "" {
		return
	}
	config := []byte(`{"data":{"loglevel.eventlistener":"debug"}}`)
	_, err := s.c.Core.CoreV1().ConfigMaps("tekton-pipelines").Patch(s.t.Context(), "config-logging-triggers",
		types.MergePatchType, config, metav1.PatchOptions{FieldManager: harness.Manager})
	require.NoError(s.t, err)
	listeners := s.c.Objects.Resource(schema.GroupVersionResource{Group: "triggers.tekton.dev", Version: "v1beta1", Resource: "eventlisteners"})
	tries := 0
	require.Eventually(s.t, func() bool {
		d, err := s.c.Core.AppsV1().Deployments(s.ns).Get(s.t.Context(), "el-"+s.name, metav1.GetOptions{})
		if err == nil && slices.ContainsFunc(d.Spec.Template.Spec.Containers[0].Env, func(e corev1.EnvVar) bool {
			return e.Name == "K_LOGGING_CONFIG" && strings.Contains(e.Value, `\"level\":\"debug\"`)
		}) {
			return true
		}
		// Any change makes Tekton look at the listener again.
		tries++
		touch := fmt.Sprintf(`{"metadata":{"annotations":{"example.com/touched":"%d"}}}`, tries)
		_, _ = listeners.Namespace(s.ns).Patch(s.t.Context(), s.name, types.MergePatchType, []byte(touch), metav1.PatchOptions{})
		return false
	}, patience, tick, "the sink does not become verbose")
}

// secrets makes those that the interceptors of a trigger name.
func (s *sink) secrets(trigger *unstructured.Unstructured) {
	s.t.Helper()
	interceptors, _, err := unstructured.NestedSlice(trigger.Object, "spec", "interceptors")
	require.NoError(s.t, err)
	for _, i := range interceptors {
		params, _, err := unstructured.NestedSlice(i.(map[string]any), "params")
		require.NoError(s.t, err)
		for _, p := range params {
			p := p.(map[string]any)
			if p["name"] != "secretRef" {
				continue
			}
			ref := p["value"].(map[string]any)
			name, key := ref["secretName"].(string), ref["secretKey"].(string)
			_, err := s.c.Core.CoreV1().Secrets(trigger.GetNamespace()).Create(s.t.Context(), &corev1.Secret{
				ObjectMeta: metav1.ObjectMeta{Name: name}, StringData: map[string]string{key: secret},
			}, metav1.CreateOptions{})
			if err != nil {
				require.ErrorContains(s.t, err, "already exists")
			}
		}
	}
}

// post sends an event, which the sink must take, and returns its id. What comes
// of it the sender is not told.
func (s *sink) post(p payload, key string) string {
	s.t.Helper()
	return s.deliver(p.request(s.t, s.url, key))[0]
}

// send sends a request. A Service may lead nowhere for a moment after its pod is
// ready: what was not connected was not heard, and is sent again.
func send(r *http.Request) (*http.Response, error) {
	var response *http.Response
	err := wait.ExponentialBackoffWithContext(r.Context(), wait.Backoff{Duration: 200 * time.Millisecond, Factor: 2, Steps: 6},
		func(context.Context) (done bool, err error) {
			attempt := r.Clone(r.Context())
			if attempt.Body, err = r.GetBody(); err != nil {
				return false, err
			}
			response, err = http.DefaultClient.Do(attempt)
			var op *net.OpError
			if errors.As(err, &op) && op.Op == "dial" {
				return false, nil
			}
			return true, err
		})
	return response, err
}

// deliver sends events all at once, and returns their ids.
func (s *sink) deliver(requests ...*http.Request) []string {
	s.t.Helper()
	type answer struct {
		to       int
		response *http.Response
		err      error
	}
	answers := make(chan answer)
	for i, r := range requests {
		go func() {
			response, err := send(r)
			answers <- answer{i, response, err}
		}()
	}
	events := make([]string, len(requests))
	for range requests {
		got := <-answers
		require.NoError(s.t, got.err)
		defer got.response.Body.Close()
		body, err := io.ReadAll(got.response.Body)
		require.NoError(s.t, err)
		require.Equal(s.t, http.StatusAccepted, got.response.StatusCode, "%s", body)
		var said struct{ EventListener, Namespace, EventID string }
		require.NoError(s.t, json.Unmarshal(body, &said))
		require.Equal(s.t, []string{s.name, s.ns}, []string{said.EventListener, said.Namespace})
		require.NotEmpty(s.t, said.EventID)
		events[got.to] = said.EventID
		s.simulated[said.EventID] = s.simulate(requests[got.to])
	}
	return events
}

// line is what the sink logs.
type line struct {
	Message string `json:"message"`
	Event   string `json:"/triggers-eventid"`
	Trigger string `json:"/trigger"`
}

// refused waits until the sink has told, of each trigger, that the event starts
// nothing. One of them must say why.
func (s *sink) refused(event, name, why string) {
	s.t.Helper()
	if s.c.Tier == "" {
		return // it does not tell; that no run comes is seen at the end
	}
	said := map[string]string{}
	require.Eventually(s.t, func() bool {
		log, err := s.c.SinkLog(s.t.Context(), s.ns, s.name)
		if err != nil {
			return false
		}
		for text := range strings.Lines(log) {
			var l line
			if json.Unmarshal([]byte(text), &l) != nil || l.Event != event {
				continue
			}
			if message, ok := strings.CutPrefix(l.Message, "interceptor stopped trigger processing: "); ok {
				said[l.Trigger] = message
			}
		}
		return len(said) == len(s.triggers)
	}, patience, tick, "%s: the sink does not say that the event starts nothing, but %v", name, said)
	assert.Contains(s.t, strings.Join(slices.Collect(maps.Values(said)), "\n"), why, name)
	s.toldAlike(event, name, said)
}

// runs waits for the one run of each event, and returns them in that order.
// There are no others in the namespace.
func (s *sink) runs(events ...string) (runs []*pipelinev1.PipelineRun) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		list, err := s.c.Tekton.TektonV1().PipelineRuns(s.ns).List(s.t.Context(), metav1.ListOptions{})
		if err != nil {
			return false
		}
		runs = make([]*pipelinev1.PipelineRun, len(events))
		for i := range list.Items {
			of := list.Items[i].Labels["triggers.tekton.dev/triggers-eventid"]
			at := slices.Index(events, of)
			if !assert.GreaterOrEqual(s.t, at, 0, "an event %s started %s, and should not", of, list.Items[i].Name) ||
				!assert.Nil(s.t, runs[at], "event %s started two runs", of) {
				return true
			}
			runs[at] = &list.Items[i]
		}
		return len(list.Items) == len(events)
	}, patience, tick, "there are not %d runs", len(events))
	require.False(s.t, s.t.Failed())
	for i, event := range events {
		s.startedAlike(event, runs[i])
	}
	return runs
}

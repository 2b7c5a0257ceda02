package harness

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Outcome is what came of a request.
type Outcome struct {
	// Runs are the PipelineRuns that were created, by the name of the Trigger.
	Runs map[string]*pipelinev1.PipelineRun
	// Others are the other objects that were created.
	Others []*unstructured.Unstructured
	// Accounts are those that triggers created as, instead of the listener's.
	Accounts []string
	// Why says, for each trigger that started nothing, why: as the sink logs it.
	Why []string
}

// Send posts a request, waits until all triggers have done their work, and
// returns what was created: what upstream does not admit, read strictly, is not.
func (l *Listener) Send(t testing.TB, r Request) Outcome {
	t.Helper()
	return l.Post(t, r, http.StatusAccepted)
}

// Post is Send with another status expected.
func (l *Listener) Post(t testing.TB, r Request, status int) Outcome {
	t.Helper()
	l.logs.TakeAll()
	const url = "http://el.example.com/hooks?a=b"
	request := httptest.NewRequest(http.MethodPost, url, bytes.NewReader(r.Body))
	request.Header = r.Header.Clone()
	w := httptest.NewRecorder()
	l.sink.IsValidPayload(http.HandlerFunc(l.sink.HandleEvent)).ServeHTTP(w, request)
	l.sink.WGProcessTriggers.Wait()
	require.Equal(t, status, w.Code, "%s", w.Body)

	out := Outcome{Runs: map[string]*pipelinev1.PipelineRun{}}
	objects, accounts := l.created.take()
	l.simulated(t, r, url, status, objects)
	out.Accounts = accounts
	for _, o := range objects {
		run, ok := o.typed.(*pipelinev1.PipelineRun)
		if !ok {
			out.Others = append(out.Others, o.raw)
			continue
		}
		require.NotContains(t, out.Runs, triggerOf(run), "the trigger started two runs")
		out.Runs[triggerOf(run)] = run
	}
	for _, e := range l.logs.All() {
		if e.Level > 0 || strings.HasPrefix(e.Message, "interceptor stopped") {
			out.Why = append(out.Why, e.Message)
		}
	}
	return out
}

// Params are the arguments of a run.
func Params(run *pipelinev1.PipelineRun) map[string]string {
	out := map[string]string{}
	for _, p := range run.Spec.Params {
		out[p.Name] = p.Value.StringVal
	}
	return out
}

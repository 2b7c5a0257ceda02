package simulate_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/simulate"
)

// webhook is a listener with a trigger for pushes, and one for pull requests.
const webhook = `
apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: hub, namespace: ci}
spec:
  serviceAccountName: listener
  triggers:
    - name: push
      interceptors:
        - ref: {name: github}
          params:
            - {name: secretRef, value: {secretName: webhook, secretKey: token}}
            - {name: eventTypes, value: [push]}
        - ref: {name: cel}
          params:
            - {name: filter, value: "body.ref.startsWith('refs/heads/') && body.repository.full_name == 'acme/app'"}
            - {name: overlays, value: [{key: short, expression: "body.after.substring(0, 7)"}]}
      bindings:
        - {ref: push}
        - {name: short, value: $(extensions.short)}
        - {name: extra, value: x}
      template: {ref: build}
    - name: pull-request
      interceptors:
        - ref: {name: github}
          params: [{name: eventTypes, value: [pull_request]}]
      bindings: [{ref: push}]
      template: {ref: build}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerBinding
metadata: {name: push, namespace: ci}
spec:
  params:
    - {name: sha, value: $(body.after)}
    - {name: message, value: "$(body.message)"}
    - {name: who, value: $(body.sender.login)}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: {name: build, namespace: ci}
spec:
  params: [{name: sha}, {name: short, default: none}, {name: who, default: nobody}, {name: message}, {name: level, default: low}]
  resourcetemplates:
    - apiVersion: tekton.dev/v1
      kind: PipelineRun
      metadata: {generateName: build-}
      spec:
        pipelineRef: {name: build}
        params:
          - {name: sha, value: $(tt.params.sha)}
          - {name: note, value: "$(tt.params.message) $(tt.params.short) $(tt.params.who) $(tt.params.level) $(uid)"}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: build, namespace: ci}
spec:
  params: [{name: sha}, {name: note}]
  tasks:
    - name: build
      params: [{name: sha, value: $(params.sha)}]
      taskSpec:
        params: [{name: sha}]
        steps: [{image: registry.local/tool, script: "true"}]
`

func pushOf(ref string) simulate.HTTP {
	return simulate.HTTP{
		Header: http.Header{"X-Github-Event": {"push"}, "Content-Type": {"application/json"}},
		Body:   []byte(`{"ref": "` + ref + `", "after": "0123456789abcdef", "message": "a \"b\"\nc", "repository": {"full_name": "acme/app"}}`),
	}
}

func event(t testing.TB, text string, e simulate.HTTP, options simulate.EventOptions) *simulate.EventResult {
	t.Helper()
	r, err := simulate.Event(read(t, text), e, options)
	require.NoError(t, err)
	return r
}

func TestEvent(t *testing.T) {
	r := event(t, webhook, pushOf("refs/heads/main"), simulate.EventOptions{})
	require.True(t, r.Starts())
	push := r.Trigger("push")
	require.True(t, push.Starts, push.Reason)
	assert.Equal(t, []string{`the value of key "token" of Secret "webhook" is not given, so a valid header X-Hub-Signature-256 is assumed`}, push.Notes)
	params := map[string]simulate.EventParam{}
	for _, p := range push.Params {
		params[p.Name] = p
	}
	assert.Equal(t, simulate.EventParam{Name: "sha", Value: "0123456789abcdef", Origin: simulate.FromBinding, Expression: "$(body.after)", Binding: "TriggerBinding/push"}, params["sha"])
	assert.Equal(t, []simulate.EventOverlay{{Key: "short", Expression: "body.after.substring(0, 7)"}}, params["short"].Overlays)
	assert.Equal(t, "0123456", params["short"].Value)
	assert.Equal(t, "a \"b\"\nc", params["message"].Value)
	assert.Equal(t, simulate.FromDefault, params["who"].Origin)
	assert.Equal(t, "nobody", params["who"].Value)
	assert.Contains(t, params["who"].Missing, "sender")
	assert.Equal(t, simulate.FromDefault, params["level"].Origin)
	assert.Equal(t, simulate.NotUsed, params["extra"].Origin)
	require.Len(t, push.Objects, 1)
	text, err := json.Marshal(push.Objects[0].Object)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"a \"b\"\nc 0123456 nobody low 00000000-0000-4000-8000-000000000002"`)
	assert.Contains(t, string(text), `"triggers.tekton.dev/triggers-eventid":"00000000-0000-4000-8000-000000000001"`)

	no := r.Trigger("pull-request")
	assert.False(t, no.Starts)
	assert.Equal(t, "interceptor github: event type push is not allowed", no.Reason)
	assert.Equal(t, []simulate.EventValue{{Name: "header X-Github-Event", Value: "push"}}, no.Interceptors[0].Saw)
}

// TestEventFilter shows which part of a filter is false, and what it compared.
func TestEventFilter(t *testing.T) {
	push := event(t, webhook, pushOf("refs/tags/v1"), simulate.EventOptions{}).Trigger("push")
	require.False(t, push.Starts)
	assert.Contains(t, push.Reason, "did not return true")
	last := push.Interceptors[len(push.Interceptors)-1]
	assert.Equal(t, []simulate.EventCondition{
		{Expression: `body.ref.startsWith("refs/heads/")`, Value: "false", Operands: []simulate.EventValue{{Name: "body.ref", Value: "refs/tags/v1"}}},
		{Expression: `body.repository.full_name == "acme/app"`, Value: "true", Operands: []simulate.EventValue{{Name: "body.repository.full_name", Value: "acme/app"}}},
	}, last.Conditions)

	for filter, want := range map[string]simulate.EventCondition{
		"header.match('x-github-event', 'ping')": {Value: "false", Operands: []simulate.EventValue{{Name: "header X-Github-Event", Value: "push"}}},
		"body.x.y == 1":                          {Error: "no such key: x", Operands: []simulate.EventValue{{Name: "body.x.y", Missing: true}}},
		"has(body.x)":                            {Value: "false", Operands: []simulate.EventValue{{Name: "body.x", Missing: true}}},
		"body['ref'] in ['a']":                   {Value: "false", Operands: []simulate.EventValue{{Name: `body["ref"]`, Value: "refs/heads/main"}}},
		"header['X-Gitlab-Token'][0] == 'a'":     {Error: "no such key: X-Gitlab-Token", Operands: []simulate.EventValue{{Name: `header["X-Gitlab-Token"][0]`, Missing: true}}},
		"body.list.exists(x, x == body.ref)":     {Error: "no such key: list", Operands: []simulate.EventValue{{Name: "body.list", Missing: true}, {Name: "body.ref", Value: "refs/heads/main"}}},
		"body.ref":                               {Value: "a value of type string", Operands: []simulate.EventValue{{Name: "body.ref", Value: "refs/heads/main"}}},
	} {
		set := strings.Replace(webhook, `body.ref.startsWith('refs/heads/') && body.repository.full_name == 'acme/app'`, filter, 1)
		push := event(t, set, pushOf("refs/heads/main"), simulate.EventOptions{}).Trigger("push")
		require.False(t, push.Starts, filter)
		got := push.Interceptors[len(push.Interceptors)-1].Conditions
		require.Len(t, got, 1, filter)
		want.Expression = filter
		assert.Equal(t, want, got[0], filter)
	}
}

func TestEventSignature(t *testing.T) {
	key := simulate.SecretKey{Name: "webhook", Key: "token"}
	for name, c := range map[string]struct {
		options simulate.EventOptions
		header  string
		want    string
	}{
		"no header":    {simulate.EventOptions{Token: "s"}, "", "no X-Hub-Signature-256 header set"},
		"wrong":        {simulate.EventOptions{Token: "s"}, "sha256=00", "payload signature check failed"},
		"wrong secret": {simulate.EventOptions{Secrets: map[simulate.SecretKey]string{key: "other"}}, "sha256=3e0d6bf2d7d6b8b3b21a3a83b1e6b3ed2f0a8a6ecb22b0b4c9d93d0a6dbfce3f", "payload signature check failed"},
		"not known":    {simulate.EventOptions{}, "sha256=00", ""},
	} {
		e := pushOf("refs/heads/main")
		if c.header != "" {
			e.Header.Set("X-Hub-Signature-256", c.header)
		}
		push := event(t, webhook, e, c.options).Trigger("push")
		assert.Equal(t, c.header != "" && c.want != "", strings.Contains(strings.Join(push.Notes, "\n"), `is not that of this payload with the value that is given for key "token" of Secret "webhook"`), name)
		assert.Equal(t, c.want == "", push.Starts, name)
		assert.Contains(t, push.Reason, c.want, name)
	}
}

// TestEventReformatted: whoever gives a payload that an editor has changed learns why its signature
// is wrong.
func TestEventReformatted(t *testing.T) {
	sent := pushOf("refs/heads/main").Body
	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, sent))
	mac := hmac.New(sha256.New, []byte("s"))
	mac.Write(compact.Bytes())
	signature := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	var indented bytes.Buffer
	require.NoError(t, json.Indent(&indented, sent, "", "  "))
	for body, reformatted := range map[string]bool{compact.String(): false, compact.String() + "\n": true, indented.String(): true} {
		e := pushOf("refs/heads/main")
		e.Body = []byte(body)
		e.Header.Set("X-Hub-Signature-256", signature)
		push := event(t, webhook, e, simulate.EventOptions{Token: "s"}).Trigger("push")
		assert.Equal(t, !reformatted, push.Starts)
		assert.NotContains(t, strings.Join(push.Notes, "\n"), "is not that of this payload")
		assert.Equal(t, reformatted, strings.Contains(strings.Join(push.Notes, "\n"), "give the bytes that were sent"))
	}
}

func TestEventListener(t *testing.T) {
	_, err := simulate.Event(read(t, webhook), pushOf("a"), simulate.EventOptions{Listener: "hubs"})
	assert.ErrorContains(t, err, `Did you mean "hub"?`)
	_, err = simulate.Event(read(t, work), pushOf("a"), simulate.EventOptions{})
	assert.ErrorContains(t, err, "there is no EventListener and no .tekton folder")
	r := event(t, webhook, simulate.HTTP{Body: []byte("[]")}, simulate.EventOptions{Listener: "ci/hub"})
	assert.Contains(t, r.Listeners[0].Refused, "status 400: Invalid event body format")
	r = event(t, strings.Replace(webhook, "{ref: build}", "{ref: biuld}", 1), pushOf("refs/heads/main"), simulate.EventOptions{})
	assert.Contains(t, r.Trigger("push").Reason, `"biuld" not found`)
	r = event(t, strings.Replace(webhook, "pipelineRef: {name: build}", "pipelineRef: {name: build}\n        x: y", 1), pushOf("refs/heads/main"), simulate.EventOptions{})
	assert.Contains(t, r.Trigger("push").Reason, `Tekton refuses PipelineRun/build-: unknown field "spec.x"`)
	r = event(t, strings.Replace(webhook, "$(body.after)", "$(body.none)", 1), pushOf("refs/heads/main"), simulate.EventOptions{})
	assert.Contains(t, r.Trigger("push").Reason, "none is not found")
	r = event(t, strings.Replace(webhook, "ref: {name: cel}", "ref: {name: mine}", 1), pushOf("refs/heads/main"), simulate.EventOptions{})
	assert.Contains(t, r.Trigger("push").Notes, `ClusterInterceptor "mine" is not one of Tekton's: it is assumed to let the event pass, and to add nothing`)
}

// TestStarted simulates the run that an event starts.
func TestStarted(t *testing.T) {
	r := event(t, webhook, pushOf("refs/heads/main"), simulate.EventOptions{})
	result, err := simulate.Started(read(t, webhook), r.Trigger("push").Objects[0], simulate.Script{})
	require.NoError(t, err)
	assert.True(t, result.Succeeded())
	assert.Equal(t, []string{"build"}, result.Ran())
	assert.Equal(t, "0123456789abcdef", result.Task("build").Runs[0].Params[0].Value)
}

// TestEventFolder shows that the runs of a folder are those of package pac.
func TestEventFolder(t *testing.T) {
	folder := fstest.MapFS{"push.yaml": {Data: []byte(`apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: push
  annotations: {pipelinesascode.tekton.dev/on-event: "[push]", pipelinesascode.tekton.dev/on-target-branch: "[main]"}
spec:
  pipelineSpec: {tasks: [{name: a, taskSpec: {steps: [{image: registry.local/tool}]}}]}
`)}}
	for _, branch := range []string{"main", "other"} {
		hook := pac.GitHubPush("https://github.com/acme/app", "refs/heads/"+branch)
		r := event(t, work, simulate.HTTP{Header: hook.Headers, Body: hook.Payload}, simulate.EventOptions{Folder: folder})
		want, err := pac.Matches(folder, hook)
		require.NoError(t, err)
		assert.Equal(t, want, r.Folder)
		assert.Equal(t, branch == "main", r.Starts())
	}
}

// TestEventPure shows that simulations are independent of each other, and leave nothing behind.
func TestEventPure(t *testing.T) {
	set := read(t, webhook)
	text := func() string {
		r, err := simulate.Event(set, pushOf("refs/heads/main"), simulate.EventOptions{})
		if err != nil {
			return err.Error()
		}
		b, err := json.Marshal(r)
		if err != nil {
			return err.Error()
		}
		return string(b)
	}
	want, before := text(), runtime.NumGoroutine()
	got := make([]string, 8)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i] = text() })
	}
	all.Wait()
	for _, g := range got {
		assert.Equal(t, want, g)
	}
	// Not Eventually, which has a goroutine of its own.
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}

func FuzzEvent(f *testing.F) {
	set := read(f, webhook)
	f.Add("push", "application/json", `{"ref":"refs/heads/main","after":"0123456789","number":"x"}`)
	f.Add("pull_request", "application/x-www-form-urlencoded", `a=b&c=d`)
	f.Fuzz(func(t *testing.T, event, kind, body string) {
		h := http.Header{}
		h.Set("X-GitHub-Event", event)
		h.Set("Content-Type", kind)
		r, err := simulate.Event(set, simulate.HTTP{Header: h, Body: []byte(body)}, simulate.EventOptions{})
		require.NoError(t, err)
		_, err = json.Marshal(r)
		assert.NoError(t, err)
	})
}

func BenchmarkEvent(b *testing.B) {
	set := read(b, webhook)
	for b.Loop() {
		if _, err := simulate.Event(set, pushOf("refs/heads/main"), simulate.EventOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

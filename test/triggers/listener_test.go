package triggers_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/triggers"
	"github.com/tekwright/tekwright/test/triggers/harness"
)

// TestManyRepositories serves several repositories, pipelines and senders with
// one listener.
func TestManyRepositories(t *testing.T) {
	l := triggers.NewListener("all").Secret("webhook", "token")
	for name, repository := range map[string]string{"hello": "Codertocat/Hello-World", "drone": "bradrydzewski/drone-test-go"} {
		push, tag := triggers.GitHubPush(), triggers.GitHubTag()
		l.On(name, push, run(name, fields{"sha": push.SHA})).Repositories(repository)
		l.On(name+"-tag", tag, run(name, fields{"sha": tag.SHA})).Repositories(repository)
	}
	lab, hub := triggers.GitLabPush(), triggers.GitHubPush()
	l.On("lab", lab, run("lab", fields{"sha": lab.SHA})).Secret("gitlab", "token")
	l.On("audit", hub, run("audit", fields{"sha": hub.SHA})) // of every repository
	h := harness.Of(t, l).Secret("webhook", "token", secret).Secret("gitlab", "token", other)
	for name, c := range map[string]struct {
		secret string
		starts []string
	}{
		"github-push-goscm":     {secret, []string{"audit", "hello"}},
		"github-push-tag-goscm": {secret, []string{"drone-tag"}},
		"gitlab-push":           {other, []string{"lab"}},
		"github-pr-opened":      {secret, nil},
		"github-ping":           {secret, nil},
	} {
		p := load(t, name)
		assert.Equal(t, c.starts, triggersOf("all", h.Send(t, p.request(c.secret))), name)
		wrong := map[string]string{secret: other, other: secret}[c.secret]
		assert.Empty(t, h.Send(t, p.request(wrong)).Runs, name)
	}
}

// TestSeveralObjects creates a claim beside the run, as an account of the
// trigger's own.
func TestSeveralObjects(t *testing.T) {
	push := triggers.GitHubPush()
	l := triggers.NewListener("l").Secret("webhook", "token")
	claim := infra.NewPVC("work-"+push.ShortSHA+"-"+triggers.UID, "1Gi")
	l.On("t", push, run("p", fields{"sha": push.SHA}), claim).ServiceAccount("deployer")
	out := harness.Of(t, l).Secret("webhook", "token", secret).Send(t, load(t, "github-push-goscm").request(secret))
	require.Len(t, out.Runs, 1, "%s", out.Why)
	require.Len(t, out.Others, 1)
	assert.Equal(t, "PersistentVolumeClaim", out.Others[0].GetKind())
	assert.Regexp(t, "^work-199eddf-", out.Others[0].GetName())
	assert.Equal(t, []string{"deployer"}, out.Accounts)
}

// TestSelect finds triggers by their labels, and starts each once.
func TestSelect(t *testing.T) {
	push := triggers.GitHubPush()
	l := triggers.NewListener("l").Secret("webhook", "token").Select(map[string]string{"served-by": "l"}).Namespaces("*")
	l.On("t", push, run("p", fields{"sha": push.SHA}))
	h := harness.Of(t, l).Secret("webhook", "token", secret)
	assert.Len(t, h.Send(t, load(t, "github-push-goscm").request(secret)).Runs, 1)
	assert.Empty(t, h.Send(t, load(t, "github-push-goscm").request(other)).Runs)
}

// TestGroup checks the event once, for triggers that are found by their labels.
func TestGroup(t *testing.T) {
	l := triggers.NewListener("l").Secret("webhook", "token")
	l.Group("hub", triggers.GitHubPush().Branches("master"), map[string]string{"team": "a"})
	push := triggers.GitHubPush()
	tr := l.On("t", push, run("p", fields{"sha": push.SHA}))
	tr.Mutate(func(x *v1beta1.Trigger) {
		x.Labels = map[string]string{"team": "a"}
		x.Spec.Interceptors = nil // the group has them
	})
	l.Mutate(func(x *v1beta1.EventListener) { x.Spec.Triggers = nil })
	h := harness.Of(t, l).Secret("webhook", "token", secret)
	assert.Len(t, h.Send(t, load(t, "github-push-goscm").request(secret)).Runs, 1)
	for _, p := range []payload{
		load(t, "github-push-tag-goscm"), load(t, "github-pr-opened"), load(t, "github-push-branch-delete-goscm"),
		load(t, "github-push-goscm").edit(t, map[string]any{"ref": "refs/heads/other"}),
	} {
		assert.Empty(t, h.Send(t, p.request(secret)).Runs, p.name)
	}
	assert.Empty(t, h.Send(t, load(t, "github-push-goscm").request(other)).Runs)
}

// TestUnsigned takes events from anybody, where that is asked for.
func TestUnsigned(t *testing.T) {
	push := triggers.GitHubPush()
	l := triggers.NewListener("l")
	l.On("t", push, run("p", fields{"sha": push.SHA})).Unsigned("a closed network")
	h := harness.Of(t, l)
	assert.Len(t, h.Send(t, load(t, "github-push-goscm").request("")).Runs, 1)
	assert.Empty(t, h.Send(t, load(t, "github-push-tag-goscm").request("")).Runs, "it is still of another type")
}

// TestAnyEvent takes an event of no known sender.
func TestAnyEvent(t *testing.T) {
	e := triggers.AnyEvent()
	l := triggers.NewListener("l")
	l.On("t", e, run("p", fields{"name": e.Body("image.name"), "from": e.Header("X-From"), "tag": e.CEL("tag", "body.image.tag.lowerAscii()")})).
		Filter("header.match('X-From', 'registry') && body.image.pushed").Unsigned("it is for tests")
	h := harness.Of(t, l)
	request := harness.Request{
		Header: http.Header{"X-From": {"registry"}},
		Body:   []byte(`{"image": {"name": "app", "tag": "V1", "pushed": true}}`),
	}
	out := h.Send(t, request)
	require.Len(t, out.Runs, 1, "%s", out.Why)
	assert.Equal(t, args{"name": "app", "from": "registry", "tag": "v1"}, args(harness.Params(out.Runs["l-t"])))
	request.Header.Set("X-From", "elsewhere")
	assert.Empty(t, h.Send(t, request).Runs)
}

// TestSlack takes a slash command, which is a form.
func TestSlack(t *testing.T) {
	e := triggers.AnyEvent()
	l := triggers.NewListener("l")
	l.On("t", e, run("p", fields{"image": e.CEL("image", "extensions.text[0].split(' ')[1]"), "user": e.CEL("user", "body.user_name[0]")})).
		Intercept(triggers.SlackFields("text")).Filter("extensions.text[0].startsWith('deploy ')").Unsigned("Slack's signature is checked before")
	h := harness.Of(t, l)
	request := harness.Request{
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "X-Slack-Signature": {"v0=abc"}},
		Body:   []byte("user_name=jane&command=%2Fci&text=deploy+app%3A1"),
	}
	out := h.Send(t, request)
	require.Len(t, out.Runs, 1, "%s", out.Why)
	assert.Equal(t, args{"image": "app:1", "user": "jane"}, args(harness.Params(out.Runs["l-t"])))
	request.Body = []byte("user_name=jane&text=help+me")
	assert.Empty(t, h.Send(t, request).Runs)
}

// TestWebhookInterceptor has a Service look at the event, after its signature
// was checked and before the filters.
func TestWebhookInterceptor(t *testing.T) {
	push := triggers.GitHubPush()
	l := triggers.NewListener("l").Secret("webhook", "token")
	l.On("t", push, run("p", fields{"team": push.Body("team"), "short": push.ShortSHA})).
		Intercept(triggers.WebhookInterceptor("teams")).Filter("body.team == 'a'")
	team, asked := "a", 0
	h := harness.Of(t, l).Secret("webhook", "token", secret)
	h.Service("teams", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		var body map[string]any
		raw, _ := io.ReadAll(r.Body)
		assert.NoError(t, json.Unmarshal(raw, &body))
		body["team"] = team
		assert.NoError(t, json.NewEncoder(w).Encode(body))
	}))
	out := h.Send(t, load(t, "github-push-goscm").request(secret))
	require.Len(t, out.Runs, 1, "%s", out.Why)
	assert.Equal(t, args{"team": "a", "short": "199eddf"}, args(harness.Params(out.Runs["l-t"])))
	team = "b"
	assert.Empty(t, h.Send(t, load(t, "github-push-goscm").request(secret)).Runs)
	assert.Equal(t, 2, asked)
	assert.Empty(t, h.Send(t, load(t, "github-push-goscm").request(other)).Runs)
	assert.Equal(t, 2, asked, "what is not signed reaches no Service")
}

// TestCustomInterceptors has an interceptor of the cluster, and one of the
// namespace, look at the event.
func TestCustomInterceptors(t *testing.T) {
	for _, interceptor := range []triggers.Interceptor{
		triggers.ClusterInterceptor("teams", map[string]any{"of": []string{"a"}}),
		triggers.NamespacedInterceptor("teams", map[string]any{"of": []string{"a"}}),
	} {
		e := triggers.AnyEvent()
		l := triggers.NewListener("l")
		l.On("t", e, run("p", fields{"team": e.CEL("team", "extensions.team")})).Intercept(interceptor)
		allow := true
		h := harness.Of(t, l)
		h.Interceptor(t, "teams", func(in v1beta1.InterceptorRequest) v1beta1.InterceptorResponse {
			assert.Equal(t, map[string]any{"of": []any{"a"}}, in.InterceptorParams)
			return v1beta1.InterceptorResponse{Continue: allow, Extensions: map[string]any{"team": "a"}}
		})
		request := harness.Request{Body: []byte("{}"), Header: http.Header{}}
		out := h.Send(t, request)
		require.Len(t, out.Runs, 1, "%s", out.Why)
		assert.Equal(t, args{"team": "a"}, args(harness.Params(out.Runs["l-t"])))
		allow = false
		assert.Empty(t, h.Send(t, request).Runs)
	}
}

// TestOneEventTwice starts two runs from one event, each with what it takes.
func TestOneEventTwice(t *testing.T) {
	pr := triggers.GitHubPullRequest()
	l := triggers.NewListener("l").Secret("webhook", "token")
	l.On("files", pr, run("files", fields{"files": pr.ChangedFiles}))
	l.On("short", pr, run("short", fields{"short": pr.ShortSHA}))
	h := harness.Of(t, l).Secret("webhook", "token", secret)
	p := load(t, "github-pr-opened").edit(t, map[string]any{"number": 404})
	out := h.Send(t, p.request(secret))
	require.Equal(t, []string{"short"}, triggersOf("l", out), "GitHub does not know the request, which one run alone asks for")
	assert.Equal(t, args{"short": "ec26c3e"}, args(harness.Params(out.Runs["l-short"])))
}

// TestPods shapes the listener's pod; that upstream admits it is what Of shows.
func TestPods(t *testing.T) {
	push := triggers.GitHubPush()
	l := triggers.NewListener("l").Secret("webhook", "token").TLS("certificate").Replicas(2).Requests("100m", "64Mi").
		ServiceAccount("receiver").Namespaces("a", "b")
	l.On("t", push, run("p", fields{"sha": push.SHA}))
	assert.Len(t, harness.Of(t, l).Secret("webhook", "token", secret).Send(t, load(t, "github-push-goscm").request(secret)).Runs, 1)
}

// TestOwnTemplate starts what a template and bindings written by hand say.
func TestOwnTemplate(t *testing.T) {
	template := triggers.NewTemplate("note", "text", "size").Default("size", "small").Raw([]byte(`
apiVersion: v1
kind: ConfigMap
metadata:
  generateName: note-
data:
  text: $(tt.params.text)
  size: $(tt.params.size)
  id: $(uid)
`))
	l := triggers.NewListener("l").Secret("webhook", "token")
	l.On("t", triggers.GitHubPush(), template).
		Bind(triggers.NewBinding("note").Param("text", "$(body.ref) of $(body.repository.full_name)"))
	out := harness.Of(t, l).Secret("webhook", "token", secret).Send(t, load(t, "github-push-goscm").request(secret))
	require.Len(t, out.Others, 1, "%s", out.Why)
	data, ok := out.Others[0].Object["data"].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, "refs/heads/master of Codertocat/Hello-World", data["text"])
	assert.Equal(t, "small", data["size"])
	assert.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, data["id"])
}

// TestRefused are listeners that tekwright must not write, since upstream would
// run them and do what nobody meant.
func TestRefused(t *testing.T) {
	for name, shape := range map[string]func(*triggers.Listener){
		"signature-missing": func(l *triggers.Listener) {
			push := triggers.GitHubPush()
			l.On("t", push, run("p", fields{"sha": push.SHA}))
		},
		"accepts unsigned requests": func(l *triggers.Listener) {
			e := triggers.AnyEvent()
			l.On("t", e, run("p", fields{"x": e.Body("x")})).Intercept(triggers.SlackFields("text"))
		},
		"longer than 63": func(l *triggers.Listener) {
			push := triggers.GitHubPush()
			l.Secret("webhook", "token").On(string(slices.Repeat([]byte("t"), 62)), push, run("p", fields{"sha": push.SHA}))
		},
		"cannot be used in a string": func(l *triggers.Listener) {
			push := triggers.GitHubPush()
			l.Secret("webhook", "token").On("t", push, run("p", fields{"x": push.CEL("x", "body.commits.map(c, c.id)")}))
		},
		"undeclared reference to 'bdy' at column 1": func(l *triggers.Listener) {
			push := triggers.GitHubPush()
			l.Secret("webhook", "token").On("t", push, run("p", fields{"sha": push.SHA})).Filter("bdy.x")
		},
		"syntax error": func(l *triggers.Listener) {
			push := triggers.GitHubPush()
			l.Secret("webhook", "token").On("t", push, run("p", fields{"sha": push.SHA})).Filter("body.x).exists(true")
		},
	} {
		l := triggers.NewListener("l")
		shape(l)
		_, err := l.Objects()
		assert.ErrorContains(t, err, name)
	}
}

package triggers_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/triggers"
	"github.com/tekwright/tekwright/test/triggers/harness"
)

// TestHostileValues sends texts that try to break out of the place that they
// arrive in: JSON, and Tekton's variables.
func TestHostileValues(t *testing.T) {
	for _, text := range []string{
		`say "hello"`, `back\slash \" \n`, "two\nlines\r\n\tand a tab", "emoji \U0001F680, \u00e9, \u2028", "", " ", "a\u0000b",
		`"},{"name":"branch","value":"evil"},{"x":"`, `","params":[]},"spec":{"serviceAccountName":"admin"`,
		"$(params.url)", "$(tt.params.sha)", "$(tt.params.url)$(tt.params.ssh)", "$(context.pipelineRun.name)", "$$(x)", "$(uid)",
		"${HOME} `id` $(id)", strings.Repeat("x", 10_000),
	} {
		// A value must arrive, but for what upstream does to it: it makes $( into
		// $$(, so that Tekton reads no variable, and fills in $(uid) all the same.
		p := load(t, "github-push-goscm").edit(t, map[string]any{"head_commit.message": text})
		push := triggers.GitHubPush()
		message := serve(t, push, push.Message).Send(t, p.request(secret))
		require.Len(t, message.Runs, 1, "%q: %s", text, message.Why)
		got := uid.ReplaceAllLiteralString(harness.Params(message.Runs["l-t"])["v"], "$(uid)")
		assert.Equal(t, strings.ReplaceAll(text, "$(", "$$("), got)

		// The same from an overlay, with a run that takes all there is.
		push = triggers.GitHubPush()
		all := without(ofPush(push), "message")
		all["message"] = push.CEL("text", "body.head_commit.message + '.'")
		l := triggers.NewListener("l").Secret("webhook", "token")
		l.On("t", push, run("p", all))
		out := harness.Of(t, l).Secret("webhook", "token", secret).Send(t, p.request(secret))
		require.Len(t, out.Runs, 1, "%q: %s", text, out.Why)
		params := harness.Params(out.Runs["l-t"])
		assert.Equal(t, "master", params["branch"])
		assert.Equal(t, "199eddf46df50de8d02e99bf1c5fdb4101338224", params["sha"])
		assert.Len(t, params, len(all))
		assert.Equal(t, "p", out.Runs["l-t"].Spec.PipelineRef.Name)
		assert.Empty(t, out.Runs["l-t"].Spec.TaskRunTemplate.ServiceAccountName)
	}
}

// TestResultReferences shows what upstream does with a text that looks like a
// result of a task: it escapes it, and refuses the run all the same.
func TestResultReferences(t *testing.T) {
	push := triggers.GitHubPush()
	p := load(t, "github-push-goscm").edit(t, map[string]any{"head_commit.message": "$(tasks.clone.results.commit)"})
	out := serve(t, push, push.Message).Send(t, p.request(secret))
	assert.Empty(t, out.Runs)
	assert.Contains(t, strings.Join(out.Why, "\n"), "cannot use result expressions")
}

var uid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// TestFields sends values of other types, and takes fields by path, header and
// expression.
func TestFields(t *testing.T) {
	push := triggers.GitHubPush()
	f := fields{
		"id": push.Body("repository.id"), "private": push.Body("repository.private"), "nothing": push.Body("base_ref"),
		"license": push.Body("$.repository.has_wiki"), "commit": push.Body("commits[0].id"), "dashed": push.Body("x-y_z.a1"),
		"delivery": push.Header("x-github-DELIVERY"), "event": push.Header("X-GitHub-Event"),
		"minor": push.CEL("minor", "body.ref.split('/')[1]"), "sum": push.CEL("sum", "1 + 1"), "half": push.CEL("half", "0.5"),
		"yes": push.CEL("yes", "1 < 2"), "digit": push.CEL("2fa", "'on'"), "list": push.CEL("list", "body.commits.map(c, c.id).join(',')"),
		"json": push.CEL("json", "body.commits[0].added.marshalJSON()"), "query": push.CEL("query", "requestURL.parseURL().query.a"),
		"mixed": "a-" + push.ShortSHA + "-" + push.Branch + "$",
	}
	l := triggers.NewListener("l").Secret("webhook", "token")
	l.On("t", push, run("p", f))
	p := load(t, "github-push-new-branch").edit(t, map[string]any{
		"x-y_z": map[string]any{"a1": 1.5}, "repository.id": 123456789012, "base_ref": null{},
	})
	out := harness.Of(t, l).Secret("webhook", "token", secret).Send(t, p.request(secret))
	require.Len(t, out.Runs, 1, "%s", out.Why)
	assert.Equal(t, args{
		"id": "123456789012", "private": "false", "nothing": "null", "license": "true",
		"commit": "6113728f27ae82c7b1a177c8d03f9e96e0adf246", "dashed": "1.5",
		"delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958", "event": "push", "minor": "heads", "sum": "2", "half": "0.5",
		"yes": "true", "digit": "on", "list": "6113728f27ae82c7b1a177c8d03f9e96e0adf246", "json": `["README.md"]`, "query": "b",
		"mixed": "a-6113728-master$",
	}, args(harness.Params(out.Runs["l-t"])))
}

// TestMissingFields shows that an event without a field that the run takes
// starts nothing.
func TestMissingFields(t *testing.T) {
	for _, take := range []func(*triggers.Push) builder.String{
		func(p *triggers.Push) builder.String { return p.Body("nowhere") },
		func(p *triggers.Push) builder.String { return p.Body("commits[9].id") },
		func(p *triggers.Push) builder.String { return p.Body("ref.x") },
		func(p *triggers.Push) builder.String { return p.Header("X-Nothing") },
		func(p *triggers.Push) builder.String { return p.CEL("x", "body.nowhere") },
		func(p *triggers.Push) builder.String { return p.CEL("x", "body.commits") }, // a list
		func(p *triggers.Push) builder.String { return p.Body("repository.owner") }, // an object
	} {
		push := triggers.GitHubPush()
		out := serve(t, push, take(push)).Send(t, load(t, "github-push-goscm").edit(t, map[string]any{"commits": []any{"x"}}).request(secret))
		assert.Empty(t, out.Runs)
		assert.NotEmpty(t, out.Why)
	}
}

// TestNames puts fields into the names of runs, labels, annotations and claims.
func TestNames(t *testing.T) {
	push := triggers.GitHubPush()
	p := builder.NewPipeline("p")
	sha, src := p.Param("sha"), p.Workspace("src")
	builder.Add(p, "keep", keep{Text: sha, Into: src})
	r := p.Run("p-"+push.ShortSHA+"-"+triggers.UID, sha.Set(push.SHA), src.PVC("cache-"+push.ShortSHA)).
		Label("example.com/commit", push.SHA).Annotate("example.com/branch", push.Branch)
	l := triggers.NewListener("l").Secret("webhook", "token")
	l.On("t", push, r)
	out := harness.Of(t, p, l).Secret("webhook", "token", secret).Send(t, load(t, "github-push-goscm").request(secret))
	require.Len(t, out.Runs, 1, "%s", out.Why)
	got := out.Runs["l-t"]
	assert.Regexp(t, `^p-199eddf-[0-9a-f-]{36}$`, got.Name)
	assert.Equal(t, "cache-199eddf", got.Spec.Workspaces[0].PersistentVolumeClaim.ClaimName)
	assert.Equal(t, "199eddf46df50de8d02e99bf1c5fdb4101338224", got.Labels["example.com/commit"])
	assert.Equal(t, "master", got.Annotations["example.com/branch"])
	assert.Equal(t, "l", got.Labels["triggers.tekton.dev/eventlistener"])
}

// keep writes a text into a workspace.
type keep struct {
	Text builder.String
	Into builder.Workspace
}

// TaskName is the name of the Task.
func (keep) TaskName() string { return "keep" }

// Define describes the Task.
func (k keep) Define(t *builder.Task) *builder.PipelineTask {
	text, into := t.Param("text", k.Text), t.Workspace("into", k.Into)
	t.Step("keep").Image("registry.local/shell:1").Env("TEXT", text).Env("INTO", into.PathValue()).Script(`printf %s "$TEXT" > "$INTO/text"`)
	return t.PipelineTask()
}

package triggers_test

import (
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
		"$(params.url)", "$(tt.params.sha)", "$(tt.params.clone-url)$(tt.params.ssh-url)", "$(context.pipelineRun.name)", "$$(x)", "$(uid)",
		"$(tt.params.message)", "$(tt.params.$(tt.params.sha))", "$$(tt.params.sha)", "$$$$(tt.params.sha", "$(tasks.clone.results.commit)",
		"$(workspaces.src.path)", "$(extensions.branch)", "$(body.after)", "$", "(tt.params.sha)", "$(",
		"${HOME} `id` $(id)", strings.Repeat("x", 10_000),
	} {
		// A value arrives, but for $(, which Triggers and Pipelines would replace.
		p := load(t, "github-push-goscm").edit(t, map[string]any{"head_commit.message": text})
		push := triggers.GitHubPush()
		message := serve(t, push, push.Message).Send(t, p.request(secret))
		require.Len(t, message.Runs, 1, "%q: %s", text, message.Why)
		want := strings.ReplaceAll(text, "$(", "$ (")
		assert.Equal(t, want, harness.Params(message.Runs["l-t"])["v"])

		// The same from an overlay, with a run that takes all there is.
		push = triggers.GitHubPush()
		all := without(ofPush(push), "message")
		all["message"] = push.CEL("text", "body.head_commit.message + '.'")
		l := triggers.NewListener("l").Secret("webhook", "token")
		l.On("t", push, run("p", all))
		out := harness.Of(t, l).Secret("webhook", "token", secret).Send(t, p.request(secret))
		require.Len(t, out.Runs, 1, "%q: %s", text, out.Why)
		params := harness.Params(out.Runs["l-t"])
		assert.Equal(t, want+".", params["message"])
		assert.Equal(t, "master", params["branch"])
		assert.Equal(t, "199eddf46df50de8d02e99bf1c5fdb4101338224", params["sha"])
		assert.Len(t, params, len(all))
		assert.Equal(t, "p", out.Runs["l-t"].Spec.PipelineRef.Name)
		assert.Empty(t, out.Runs["l-t"].Spec.TaskRunTemplate.ServiceAccountName)
	}
}

// TestBoundByHand shows what upstream does with a text that is bound to its path: it
// replaces variables of the template, in an order that changes, and refuses a run
// whose text looks like a result of a task.
func TestBoundByHand(t *testing.T) {
	serve := func() *harness.Listener {
		tt := triggers.NewTemplate("t", "sha", "message")
		tt.Create(run("p", fields{"sha": tt.Param("sha"), "v": tt.Param("message")}))
		l := triggers.NewListener("l").Secret("webhook", "token")
		l.On("t", triggers.GitHubPush(), tt).Bind(triggers.NewBinding("b").Param("sha", "$(body.after)").Param("message", "$(body.head_commit.message)"))
		return harness.Of(t, l).Secret("webhook", "token", secret)
	}
	send := func(l *harness.Listener, text string) harness.Outcome {
		return l.Send(t, load(t, "github-push-goscm").edit(t, map[string]any{"head_commit.message": text}).request(secret))
	}
	out := send(serve(), "$(tasks.clone.results.commit)")
	assert.Empty(t, out.Runs)
	assert.Contains(t, strings.Join(out.Why, "\n"), "cannot use result expressions")

	l, replaced := serve(), 0
	for range 64 {
		out := send(l, "$(tt.params.sha)")
		require.Len(t, out.Runs, 1)
		if !strings.Contains(harness.Params(out.Runs["l-t"])["v"], "tt.params") {
			replaced++
		}
	}
	assert.Positive(t, replaced, "upstream no longer replaces variables in values: escape.go may be unnecessary")
}

// TestJoinedValues sends values that form a variable only together, or with the text
// between them.
func TestJoinedValues(t *testing.T) {
	for _, c := range []struct {
		a, b, want string
		join       func(a, b builder.String) builder.String
	}{
		{"x$", "(tt.params.sha)", "x$  (tt.params.sha)", func(a, b builder.String) builder.String { return a + b }},
		{"x$", "", "x$ (uid)", func(a, b builder.String) builder.String { return a + "(uid)" + b }},
		{"", "(uid)", "$ (uid)", func(a, b builder.String) builder.String { return a + "$" + b }},
		{"x$", "(uid)", "x$-(uid)", func(a, b builder.String) builder.String { return a + "-" + b }},
		{"$", "$", "$ $", func(a, b builder.String) builder.String { return a + b }},
	} {
		push := triggers.GitHubPush()
		p := load(t, "github-push-goscm").edit(t, map[string]any{"head_commit.message": c.a, "compare": c.b})
		l := triggers.NewListener("l").Secret("webhook", "token")
		l.On("t", push, run("p", fields{"v": c.join(push.Message, push.Body("compare")), "sha": push.SHA}))
		out := harness.Of(t, l).Secret("webhook", "token", secret).Send(t, p.request(secret))
		require.Len(t, out.Runs, 1, "%s", out.Why)
		assert.Equal(t, c.want, harness.Params(out.Runs["l-t"])["v"])
	}
}

// TestLists sends lists and objects for values. In JSON, their quotes would end the
// text that they are inserted into: the second list would remove the params after it.
func TestLists(t *testing.T) {
	for text, value := range map[string]any{
		"[a, b]":                  []any{"a", "b"},
		`[,, :, }],"timeouts":{]`: []any{",", ":", "}],\"timeouts\":{"},
		"[]":                      []any{},
		"{a: 1, b: [true, null]}": map[string]any{"b": []any{true, null{}}, "a": 1},
	} {
		push := triggers.GitHubPush()
		all := without(ofPush(push), "message")
		all["message"], all["labels"] = push.Body("labels"), push.CEL("cel", "body.labels")
		l := triggers.NewListener("l").Secret("webhook", "token")
		l.On("t", push, run("p", all))
		p := load(t, "github-push-goscm").edit(t, map[string]any{"labels": value})
		out := harness.Of(t, l).Secret("webhook", "token", secret).Send(t, p.request(secret))
		require.Len(t, out.Runs, 1, "%s", out.Why)
		params := harness.Params(out.Runs["l-t"])
		assert.Len(t, params, len(all))
		assert.Equal(t, text, params["message"])
		assert.Equal(t, text, params["labels"])
	}
}

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
		"named": push.As("first-commit", push.Body("commits[0].id")), "renamed": push.As("rev", push.SHA),
		"named-header": push.As("kind", push.Header("X-GitHub-Event")), "named-cel": push.As("third", push.CEL("3rd", "1 + 2")),
		"named-slug": push.As("place", push.Slug(push.Branch)),
		"mixed":      "a-" + push.ShortSHA + "-" + push.Branch + "$",
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
		"named": "6113728f27ae82c7b1a177c8d03f9e96e0adf246", "renamed": "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
		"named-header": "push", "named-cel": "3", "named-slug": "master",
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

// TestDraftsAndLabels sends pull requests as newer and older senders do.
func TestDraftsAndLabels(t *testing.T) {
	for _, c := range []struct {
		payload string
		edits   map[string]any
		want    args
	}{
		{"github-pr-opened", map[string]any{"pull_request.draft": true, "pull_request.labels": []any{map[string]any{"name": "a, b"}, map[string]any{"name": "it's"}}},
			args{"labels": "a, b\nit's", "draft": "true"}},
		{"github-pr-opened", map[string]any{"pull_request.labels": null{}}, args{"labels": "", "draft": "false"}},
		{"gitea-pr", map[string]any{"pull_request.draft": true, "pull_request.labels": []any{map[string]any{"name": "x"}}}, args{"labels": "x", "draft": "true"}},
		{"gitlab-merge-request", map[string]any{"object_attributes.draft": true, "labels": []any{}}, args{"labels": "", "draft": "true"}},
		{"gitlab-mr-reopen-goscm", map[string]any{"object_attributes.work_in_progress": true, "labels": null{}}, args{"labels": "", "draft": "true"}},
	} {
		p := load(t, c.payload)
		l := triggers.NewListener("l").Secret("webhook", "token")
		for name, e := range senders[p.sender]() {
			if pr, ok := e.event.(*triggers.PullRequest); ok {
				l.On(name, pr, run(name, fields{"labels": pr.Labels, "draft": pr.Draft}))
			}
		}
		out := harness.Of(t, l).Secret("webhook", "token", secret).Send(t, p.edit(t, c.edits).request(secret))
		require.Len(t, out.Runs, 1, "%s: %s", c.payload, out.Why)
		for _, run := range out.Runs {
			assert.Equal(t, c.want, args(harness.Params(run)), c.payload)
		}
	}
	// A branch of Bitbucket that is new has no old commit.
	p := load(t, "bitbucket-cloud-push").edit(t, map[string]any{"push.changes.0.old": null{}})
	push := triggers.BitbucketPush()
	l := triggers.NewListener("l").Secret("webhook", "token")
	l.On("push", push, run("push", fields{"before": push.Before}))
	out := harness.Of(t, l).Secret("webhook", "token", secret).Send(t, p.request(secret))
	require.Len(t, out.Runs, 1, "%s", out.Why)
	assert.Equal(t, args{"before": strings.Repeat("0", 40)}, args(harness.Params(out.Runs["l-push"])))
}

// TestMergeGroups selects groups by the branch into which they are merged.
func TestMergeGroups(t *testing.T) {
	for target, starts := range map[string]int{"master": 1, "m*": 1, "main": 0} {
		group := triggers.GitHubMergeGroup().Targets(target)
		l := triggers.NewListener("l").Secret("webhook", "token")
		l.On("group", group, run("group", fields{"sha": group.SHA})).Repositories("Codertocat/*").AuthorIDs("21031067")
		h := harness.Of(t, l).Secret("webhook", "token", secret)
		assert.Len(t, h.Send(t, load(t, "github-merge-group").request(secret)).Runs, starts, target)
		assert.Empty(t, h.Send(t, load(t, "github-merge-group-destroyed").request(secret)).Runs)
		assert.Empty(t, h.Send(t, load(t, "github-pr-opened").request(secret)).Runs)
	}
}

package triggers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/triggers"
	"github.com/tekwright/tekwright/test/triggers/harness"
)

// serve starts a listener with one trigger, whose run takes one value.
func serve(t *testing.T, e triggers.Event, value builder.String, shape ...func(*triggers.Trigger)) *harness.Listener {
	t.Helper()
	l := triggers.NewListener("l").Secret("webhook", "token")
	tr := l.On("t", e, run("p", fields{"v": value}))
	for _, f := range shape {
		f(tr)
	}
	return harness.Of(t, l).Secret("webhook", "token", secret)
}

// filtered says whether a payload, changed or not, passes a filter.
type filtered struct {
	payload string
	event   triggers.Event
	value   builder.String
	shape   func(*triggers.Trigger)
	edit    map[string]any
	passes  bool
}

func pushed(p *triggers.Push) (triggers.Event, builder.String) { return p, p.SHA }

func asked(p *triggers.PullRequest) (triggers.Event, builder.String) { return p, p.SHA }

func tagged(p *triggers.Tag) (triggers.Event, builder.String) { return p, p.SHA }

func commented(c *triggers.Comment) (triggers.Event, builder.String) { return c, c.Number }

// filters are cases for each filter that an event and a trigger have.
func filters() []filtered {
	var all []filtered
	add := func(payload string, shape func(*triggers.Trigger), edit map[string]any, passes bool) func(triggers.Event, builder.String) {
		return func(e triggers.Event, v builder.String) {
			all = append(all, filtered{payload, e, v, shape, edit, passes})
		}
	}
	set := func(path string, v any) map[string]any { return map[string]any{path: v} }
	branch := func(name string) map[string]any { return set("ref", "refs/heads/"+name) }
	const push, pr, mr = "github-push-new-branch", "github-pr-opened", "gitlab-merge-request"

	for name, passes := range map[string]bool{"main": true, "mainly": false, "release/1": true, "release/1/2": false,
		"fix/a/b": true, "fix": false, "v1": true, "v12": false, "Main": false} {
		add(push, nil, branch(name), passes)(pushed(triggers.GitHubPush().Branches("main", "release/*", "fix/**", "v?")))
		add("gitlab-push", nil, branch(name), passes)(pushed(triggers.GitLabPush().Branches("main", "release/*", "fix/**", "v?")))
		add("gitea-push", nil, branch(name), passes)(pushed(triggers.GiteaPush().Branches("main", "release/*", "fix/**", "v?")))
		add("bitbucket-cloud-push", nil, set("push.changes.0.new.name", name), passes)(
			pushed(triggers.BitbucketPush().Branches("main", "release/*", "fix/**", "v?")))
		add("bitbucket-server-push-goscm", nil, set("changes.0.ref.displayId", name), passes)(
			pushed(triggers.BitbucketServerPush().Branches("main", "release/*", "fix/**", "v?")))
		add(pr, nil, set("pull_request.base.ref", name), passes)(
			asked(triggers.GitHubPullRequest().Targets("main", "release/*", "fix/**", "v?")))
		add(mr, nil, set("object_attributes.target_branch", name), passes)(
			asked(triggers.GitLabMergeRequest().Targets("main", "release/*", "fix/**", "v?")))
		add("bitbucket-cloud-pr-created", nil, set("pullrequest.destination.branch.name", name), passes)(
			asked(triggers.BitbucketPullRequest().Targets("main", "release/*", "fix/**", "v?")))
		add("bitbucket-server-pr-opened", nil, set("pullRequest.toRef.displayId", name), passes)(
			asked(triggers.BitbucketServerPullRequest().Targets("main", "release/*", "fix/**", "v?")))
	}
	for name, passes := range map[string]bool{"v1.2": true, "v1": false, "w1.2": false, "v1.2/a": false, "v.": true} {
		add("github-push-tag-goscm", nil, set("ref", "refs/tags/"+name), passes)(tagged(triggers.GitHubTag().Names("v*.*")))
		add("gitlab-tag-push", nil, set("ref", "refs/tags/"+name), passes)(tagged(triggers.GitLabTag().Names("v*.*")))
	}
	for file, passes := range map[string]bool{"docs/a/b.md": true, "docs": false, "a.go": true, "b/a.go": false,
		"cmd/x/main.go": true, "cmd/main.go": false, "Dockerfile": true, "a+b(c).txt": true, "aab.txt": false} {
		globs := []string{"docs/**", "*.go", "cmd/*/main.go", "Dockerfile", "a+b(c).txt"}
		for _, change := range []string{"added", "modified", "removed"} {
			edit := map[string]any{"commits.0.added": []any{}, "commits.0.modified": []any{}, "commits.0.removed": []any{}}
			edit["commits.0."+change] = []any{"unrelated", file}
			add(push, nil, edit, passes)(pushed(triggers.GitHubPush().Paths(globs...)))
			add("gitea-push", nil, edit, passes)(pushed(triggers.GiteaPush().Paths(globs...)))
			add("gitlab-push-goscm", nil, edit, passes)(pushed(triggers.GitLabPush().Paths(globs...)))
		}
	}
	add(push, nil, set("commits", []any{}), false)(pushed(triggers.GitHubPush().Paths("**")))

	for text, passes := range map[string]bool{"/deploy": true, "please /deploy": false, "/deployed": false, "x\n/deploy now": true} {
		add("github-issue-comment-created", nil, set("comment.body", text), passes)(
			commented(triggers.GitHubComment().Matching(`(?m)^/deploy\b`)))
	}
	for action, passes := range map[string]bool{"labeled": true, "ready_for_review": true, "opened": false} {
		add(pr, nil, set("action", action), passes)(asked(triggers.GitHubPullRequest().Actions("labeled", "ready_for_review")))
	}
	for action, passes := range map[string]bool{"merge": true, "open": false, "update": false} {
		add(mr, nil, set("object_attributes.action", action), passes)(asked(triggers.GitLabMergeRequest().Actions("merge")))
	}
	add("bitbucket-cloud-pr-fulfilled-goscm", nil, nil, true)(asked(triggers.BitbucketPullRequest().Actions("pullrequest:fulfilled")))
	add("bitbucket-cloud-pr-created", nil, nil, false)(asked(triggers.BitbucketPullRequest().Actions("pullrequest:fulfilled")))
	add("bitbucket-server-pr-merged-goscm", nil, nil, true)(asked(triggers.BitbucketServerPullRequest().Actions("pr:merged")))

	return append(all, ofTriggers()...)
}

// ofTriggers are cases for the filters that a trigger has.
func ofTriggers() []filtered {
	var all []filtered
	// Each sender's repository and author, and a name that only looks so.
	for payload, is := range map[string]struct {
		event        func() (triggers.Event, builder.String)
		name, author string // the author is "" if names are not unique, or not sent
		id           string
	}{
		"github-push-goscm":           {func() (triggers.Event, builder.String) { return pushed(triggers.GitHubPush()) }, "Codertocat/Hello-World", "Codertocat", "21031067"},
		"github-pr-opened":            {func() (triggers.Event, builder.String) { return asked(triggers.GitHubPullRequest()) }, "Codertocat/Hello-World", "Codertocat", "21031067"},
		"github-push-tag-goscm":       {func() (triggers.Event, builder.String) { return tagged(triggers.GitHubTag()) }, "bradrydzewski/drone-test-go", "bradrydzewski", "817538"},
		"gitea-pr":                    {func() (triggers.Event, builder.String) { return asked(triggers.GiteaPullRequest().Forks()) }, "example/example", "example2", "2"},
		"gitlab-push":                 {func() (triggers.Event, builder.String) { return pushed(triggers.GitLabPush()) }, "mike/diaspora", "", "4"},
		"gitlab-push-goscm":           {func() (triggers.Event, builder.String) { return pushed(triggers.GitLabPush()) }, "gitlab-org/hello-world", "sytses", "51764"},
		"gitlab-merge-request":        {func() (triggers.Event, builder.String) { return asked(triggers.GitLabMergeRequest()) }, "gitlabhq/gitlab-test", "", "51"},
		"bitbucket-cloud-push":        {func() (triggers.Event, builder.String) { return pushed(triggers.BitbucketPush()) }, "team_name/repo_name", "", "{a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3}"},
		"bitbucket-server-push-goscm": {func() (triggers.Event, builder.String) { return pushed(triggers.BitbucketServerPush()) }, "PRJ/my-repo", "jcitizen", "1"},
		"bitbucket-server-pr-opened":  {func() (triggers.Event, builder.String) { return asked(triggers.BitbucketServerPullRequest()) }, "~gopher/webhook-test", "gopher", "3231"},
	} {
		owner, _, _ := strings.Cut(is.name, "/")
		for _, c := range []struct {
			shape  func(*triggers.Trigger)
			passes bool
		}{
			{func(t *triggers.Trigger) { t.Repositories(is.name) }, true},
			{func(t *triggers.Trigger) { t.Repositories("other/other", is.name) }, true},
			{func(t *triggers.Trigger) { t.Repositories(owner + "/*") }, true},
			{func(t *triggers.Trigger) { t.Repositories("other/*", "x"+is.name, is.name+"x") }, false},
			{func(t *triggers.Trigger) { t.Repositories(strings.ToUpper(is.name) + "'") }, false},
			{func(t *triggers.Trigger) { t.AuthorIDs(is.id) }, true},
			{func(t *triggers.Trigger) { t.AuthorIDs(another(is.id), is.id) }, true},
			{func(t *triggers.Trigger) { t.AuthorIDs(another(is.id)) }, false},
			{func(t *triggers.Trigger) { t.AuthorIDs(another(is.id), another(another(is.id))) }, false},
			{func(t *triggers.Trigger) { t.Repositories(is.name).AuthorIDs(another(is.id)) }, false},
			{func(t *triggers.Trigger) { t.Filter("true") }, true},
			{func(t *triggers.Trigger) { t.Filter("false || true // or so").Filter("false") }, false},
			{func(t *triggers.Trigger) { t.Filter("true // 'a'").Filter("(false) || (true)") }, true},
			{func(t *triggers.Trigger) { t.Repositories("other/other").Filter("(true) || (true)") }, false},
			{func(t *triggers.Trigger) { t.AuthorIDs(another(is.id)).Filter("true ? true : true") }, false},
			{func(t *triggers.Trigger) { t.Filter("body.nowhere == 1") }, false},
		} {
			e, v := is.event()
			all = append(all, filtered{payload: payload, event: e, value: v, shape: c.shape, passes: c.passes})
		}
		for names, passes := range map[string]bool{"somebody," + is.author: true, "somebody": false} {
			if is.author == "" {
				continue
			}
			e, v := is.event()
			all = append(all, filtered{payload: payload, event: e, value: v, passes: passes, shape: func(t *triggers.Trigger) {
				t.Authors(strings.Split(names, ",")...)
			}})
		}
	}
	return all
}

// another returns the id of another user.
func another(id string) string {
	if rest, ok := strings.CutPrefix(id, "{"); ok {
		return "{0" + rest[1:]
	}
	return id + "1"
}

// TestAuthors sends events of somebody who has taken the name of a trusted user. A
// name selects nobody if another user can have the same.
func TestAuthors(t *testing.T) {
	send := func(payload string, e triggers.Event, v builder.String, edit map[string]any, shape func(*triggers.Trigger)) bool {
		return len(serve(t, e, v, shape).Send(t, load(t, payload).edit(t, edit).request(secret)).Runs) == 1
	}
	const uuid, account = "{a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3}", "udfy9suggmzpswxc7n200y3c"
	trusted := func(ids ...string) func(*triggers.Trigger) {
		return func(tr *triggers.Trigger) { tr.AuthorIDs(ids...) }
	}

	// Emma is emmap1 of Bitbucket Cloud. Somebody else takes both names.
	somebody := map[string]any{"actor.uuid": "{00000000-24e9-4d7f-a3a7-b1ba2cd98aa3}", "actor.account_id": "0000000uggmzpswxc7n200y3"}
	for _, ids := range [][]string{{uuid}, {account}, {uuid, account}} {
		e, v := pushed(triggers.BitbucketPush())
		assert.True(t, send("bitbucket-cloud-push", e, v, nil, trusted(ids...)), "%s", ids)
		assert.False(t, send("bitbucket-cloud-push", e, v, somebody, trusted(ids...)), "%s", ids)
	}

	// An old GitLab sends no user name, and the full name can be anything.
	e, v := pushed(triggers.GitLabPush())
	named := func(tr *triggers.Trigger) { tr.Authors("John Smith", "sytses") }
	assert.False(t, send("gitlab-push", e, v, nil, named))
	assert.False(t, send("gitlab-push-goscm", e, v, map[string]any{"user_username": "eve", "user_name": "sytses"}, named))
	assert.True(t, send("gitlab-push-goscm", e, v, nil, named))

	// A maintainer, 1, reopens the merge request of a stranger, 51.
	e, v = asked(triggers.GitLabMergeRequest())
	assert.False(t, send("gitlab-merge-request", e, v, nil, trusted("1")))
	assert.True(t, send("gitlab-merge-request", e, v, nil, trusted("51")))

	// GitHub's login was given up and taken by somebody else.
	e, v = asked(triggers.GitHubPullRequest())
	assert.False(t, send("github-pr-opened", e, v, map[string]any{"pull_request.user.id": 99}, trusted("21031067")))

	// Without an id there is no author.
	assert.False(t, send("github-pr-opened", e, v, map[string]any{"pull_request.user": null{}}, trusted("21031067")))
	assert.True(t, send("github-pr-opened", e, v, nil, trusted("21031067")))

	// The largest id that is accepted is exact.
	e, v = pushed(triggers.GitHubPush())
	for id, passes := range map[int]bool{999999999999999: true, 999999999999998: false} {
		assert.Equal(t, passes, send("github-push-goscm", e, v, map[string]any{"sender.id": id}, trusted("999999999999999")))
	}
}

// TestForks sends pull requests from forks, which start something only if they are
// asked for.
func TestForks(t *testing.T) {
	type events []func() *triggers.PullRequest
	for payload, c := range map[string]struct {
		events events
		edit   map[string]any
	}{
		"github-pr-opened":      {events{triggers.GitHubPullRequest}, map[string]any{"pull_request.head.repo.id": 1}},
		"github-pr-synchronize": {events{triggers.GitHubPullRequest}, map[string]any{"pull_request.head.repo": null{}}}, // the fork was deleted
		"gitea-pr":              {events{triggers.GiteaPullRequest}, nil},
		// Anybody who can read the repository pushed to refs/for/master, so there is no fork.
		"gitea-pr-reopened-goscm":     {events{triggers.GiteaPullRequest, triggers.GitHubPullRequest}, map[string]any{"pull_request.head.label": "", "pull_request.head.ref": "refs/pull/1/head"}},
		"gitea-pr-synchronized-goscm": {events{triggers.GiteaPullRequest}, map[string]any{"pull_request.head.label": "", "pull_request.head.ref": "refs/pull/1/head"}},
		"gitlab-merge-request":        {events{triggers.GitLabMergeRequest}, map[string]any{"object_attributes.source_project_id": 15}},
		"bitbucket-cloud-pr-created":  {events{triggers.BitbucketPullRequest}, map[string]any{"pullrequest.source.repository.uuid": "{0}"}},
		"bitbucket-server-pr-opened":  {events{triggers.BitbucketServerPullRequest}, map[string]any{"pullRequest.fromRef.repository.id": 5}},
	} {
		for _, forks := range []bool{false, true} {
			for _, event := range c.events {
				pr := event()
				if forks {
					pr.Forks()
				}
				out := serve(t, pr, pr.Number).Send(t, load(t, payload).edit(t, c.edit).request(secret))
				assert.Equal(t, forks, len(out.Runs) == 1, "%s: %s", payload, out.Why)
			}
		}
	}
}

// TestFilters sends payloads that pass a filter, and such that do not.
func TestFilters(t *testing.T) {
	for _, f := range filters() {
		var shapes []func(*triggers.Trigger)
		if f.shape != nil {
			shapes = append(shapes, f.shape)
		}
		out := serve(t, f.event, f.value, shapes...).Send(t, load(t, f.payload).edit(t, f.edit).request(secret))
		assert.Equal(t, f.passes, len(out.Runs) == 1, "%s with %v: %s", f.payload, f.edit, strings.Join(out.Why, "\n"))
	}
}

// TestChangedFiles asks GitHub which files a pull request touches.
func TestChangedFiles(t *testing.T) {
	harness.PullRequestFiles("Codertocat/Hello-World", 2, "docs/a.md", "main.go")
	request := load(t, "github-pr-opened").request(secret)

	pr := triggers.GitHubPullRequest()
	out := serve(t, pr, pr.ChangedFiles).Send(t, request)
	assert.Equal(t, args{"v": "docs/a.md,main.go"}, args(harness.Params(out.Runs["l-t"])), "%s", out.Why)

	for glob, passes := range map[string]bool{"docs/**": true, "*.go": true, "*.rs": false} {
		pr := triggers.GitHubPullRequest().Paths(glob)
		l := serve(t, pr, pr.SHA, func(tr *triggers.Trigger) { tr.Token("github", "api") }).Secret("github", "api", "t0ken")
		assert.Equal(t, passes, len(l.Send(t, request).Runs) == 1, glob)
		assert.Equal(t, "t0ken", harness.GitHubToken())
		assert.Empty(t, l.Send(t, load(t, "github-pr-opened").request(other)).Runs)
	}
}

package facts_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/facts"
)

// sends are parts of the events that strangers cause. The owner of the repository is acme;
// eve and mallory are strangers, and eve has a fork. Strangers can also take the names acme-eve and eve-acme.
var sends = map[string]string{
	"pull_request": `{"action": "ACTION", "number": 7, "sender": {"login": "eve", "type": "User", "id": 666, "full_name": "Ada", "name": "Ada", "avatar_url": "https://avatars/1"},
		"repository": {"id": 1, "full_name": "acme/app", "private": false, "visibility": "public", "fork": false, "owner": {"login": "acme"}},
		"pull_request": {"number": 7, "title": "TEXT", "merged": false, "merged_by": null, "draft": false, "state": "open", "labels": [], "assignees": [], "assignee": null,
			"milestone": null, "requested_reviewers": [], "author_association": "NONE", "user": {"login": "eve", "type": "User", "id": 666},
			"head": {"ref": "main", "label": "eve:main", "sha": "abc", "user": {"login": "eve"},
				"repo": {"id": 2, "name": "app", "full_name": "eve/app", "private": false, "fork": true, "owner": {"login": "eve", "type": "Organization", "full_name": "Ada"},
					"default_branch": "main", "language": "Go", "topics": ["ci"], "license": {"key": "mit"}, "stargazers_count": 3, "has_issues": false, "description": "acme/app",
					"html_url": "https://github.com/eve/app", "parent": {"full_name": "acme/app"}}},
			"base": {"ref": "main", "label": "acme:main", "sha": "def", "user": {"login": "acme"}, "repo": {"id": 1, "full_name": "acme/app", "fork": false, "owner": {"login": "acme"}}}}}`,
	"issue_comment": `{"action": "created", "sender": {"login": "eve", "type": "User"}, "repository": {"id": 1, "full_name": "acme/app", "private": false, "owner": {"login": "acme"}},
		"issue": {"number": 7, "title": "x", "labels": [], "assignees": [], "user": {"login": "eve"}, "author_association": "NONE", "pull_request": {"url": "x"}},
		"comment": {"body": "TEXT", "author_association": "NONE", "user": {"login": "eve"}}}`,
	"Merge Request Hook": `{"object_kind": "merge_request", "user": {"username": "eve", "name": "Ada"}, "project": {"id": 42, "visibility_level": 20, "path_with_namespace": "acme/app"}, "labels": [],
		"object_attributes": {"iid": 7, "action": "open", "state": "opened", "source_project_id": 43, "target_project_id": 42, "author_id": 666, "labels": [], "source_branch": "main",
			"target_branch": "main", "assignee_id": null, "source": {"name": "app", "path_with_namespace": "eve/app", "namespace": "Acme", "default_branch": "main"}, "target": {"path_with_namespace": "acme/app"}}}`,
	"Note Hook": `{"object_kind": "note", "user": {"username": "eve"}, "project_id": 42, "project": {"id": 42},
		"object_attributes": {"note": "TEXT", "author_id": 666, "noteable_type": "MergeRequest"},
		"merge_request": {"iid": 7, "author_id": 666, "source_project_id": 43, "target_project_id": 42, "labels": [], "target_branch": "main"}}`,
	"pr:opened": `{"eventKey": "pr:opened", "actor": {"name": "eve", "displayName": "Ada", "active": true, "type": "NORMAL"}, "pullRequest": {"id": 7, "title": "TEXT", "reviewers": REVIEWERS, "author": {"user": {"name": "eve"}},
		"fromRef": {"displayId": "main", "repository": {"id": 2, "slug": "app", "hierarchyId": "h", "forkable": true, "state": "AVAILABLE", "origin": {"id": 1, "slug": "app"}, "project": {"key": "~eve"}}}, "toRef": {"displayId": "main", "repository": {"id": 1, "public": true, "slug": "app", "hierarchyId": "h", "project": {"key": "ACME"}}}}}`,
	"pullrequest:created": `{"actor": {"uuid": "{e}", "account_id": "e", "nickname": "ada", "display_name": "Ada", "type": "user"}, "repository": {"uuid": "{1}", "full_name": "acme/app"},
		"pullrequest": {"id": 7, "title": "TEXT", "author": {"uuid": "{e}", "nickname": "ada", "display_name": "Ada"},
			"source": {"branch": {"name": "main"}, "repository": {"uuid": "{2}", "name": "app", "full_name": "eve/app", "type": "repository", "project": {"key": "APP", "name": "App"}, "workspace": {"slug": "eve", "name": "Acme"}}},
			"destination": {"branch": {"name": "main"}, "repository": {"uuid": "{1}", "name": "app", "full_name": "acme/app"}}}}`,
	"workflow_run": `{"action": "completed", "sender": {"login": "eve"}, "repository": {"id": 1, "full_name": "acme/app"}, "workflow_run": {"event": "pull_request", "conclusion": "success",
		"head_branch": "main", "pull_requests": [], "head_repository": {"id": 2, "name": "app", "full_name": "eve/app", "fork": true}}}`,
	"check_suite": `{"action": "completed", "sender": {"login": "eve"}, "repository": {"id": 1, "full_name": "acme/app"},
		"check_suite": {"head_branch": null, "conclusion": "success", "pull_requests": []}}`,
}

// passesOne reports whether one of the events of strangers passes a filter, as the
// interceptor evaluates it.
func passesOne(t *testing.T, filter, event string) bool {
	t.Helper()
	env, err := celenv.Env()
	require.NoError(t, err)
	a, issues := env.Compile(filter)
	require.NoError(t, issues.Err(), filter)
	program, err := env.Program(a)
	require.NoError(t, err, filter)
	for _, action := range []string{"opened", "synchronize", "closed", "edited"} {
		for _, text := range []string{"/test", "/deploy"} {
			for _, name := range []string{"eve", "acme-eve", "eve-acme"} {
				for _, reviewers := range []string{"[]", `[{"user": {"name": "ada"}}]`} {
					var body map[string]any
					require.NoError(t, json.Unmarshal([]byte(strings.NewReplacer("ACTION", action, "TEXT", text, "REVIEWERS", reviewers, "eve", name).Replace(sends[event])), &body), event)
					// An error stops the event.
					if out, _, err := program.Eval(map[string]any{"body": body, "header": map[string]any{}, "extensions": map[string]any{}, "requestURL": ""}); err == nil && out.Value() == true {
						return true
					}
				}
			}
		}
	}
	return false
}

// TestKeepsOut compares what filters do with the events of strangers with what is said
// about the filters.
func TestKeepsOut(t *testing.T) {
	for event, filters := range map[string]struct{ open, shut, unsure []string }{
		"pull_request": {
			open: []string{
				"true", "!false", "body.action == 'opened'", "body.action in ['opened', 'labeled']", "body.action != 'labeled'", "body.pull_request.title.startsWith('/')",
				"body.pull_request.author_association in ['OWNER'] || body.action == 'synchronize'",
				"body.action == 'opened' || (body.action == 'closed' && body.pull_request.merged)",
				"body.action in ['opened', 'synchronize'] || (body.action == 'labeled' && body.label.name == 'ok-to-test')",
				"body.pull_request.base.ref == 'main' || body.pull_request.head.repo.full_name == 'acme/app'",
				"!body.pull_request.labels.exists(l, l.name == 'skip-ci')", "body.pull_request.labels.all(l, l.name != 'wip')", "body.pull_request.labels.size() == 0",
				"size(body.pull_request.labels) < 1", "!('wip' in body.pull_request.labels.map(l, l.name))", "body.pull_request.labels.filter(l, l.name == 'wip').size() == 0",
				"!body.pull_request.labels.exists_one(l, l.name == 'wip')", "!body.pull_request.labels.map(l, l.name).join(',').contains('wip')",
				"!has(body.pull_request.labels) || !body.pull_request.labels.exists(l, l.name == 'wip')", "!has(body.label) || body.label.name == 'ok'",
				"!(body.pull_request.labels.exists(l, l.name == 'a') && body.pull_request.merged)", "!has(body.head_commit)",
				"!body.pull_request.merged", "body.pull_request.merged == false", "body.pull_request.merged != true", "body.action == 'closed' && body.pull_request.merged == false",
				"body.pull_request.merged_by == null", "body.pull_request.draft == false && !body.pull_request.labels.exists(x, x.name == 'dependencies')",
				"body.pull_request.head.user.login != 'renovate[bot]'", "!(body.sender.login in ['renovate[bot]'])", "!body.sender.login.endsWith('[bot]')",
				"body.pull_request.head.label != 'acme:main'", "body.pull_request.head.repo != null", "body.pull_request.head.repo.fork", "body.pull_request.head.repo.full_name != 'acme/app'",
				"body.repository.visibility == 'public'", "body.repository.visibility in ['public', 'internal']", "!body.repository.private", "body.pull_request.base.label == 'acme:main'",
				"body.pull_request.base.repo.full_name == body.repository.full_name", "body.pull_request.base.repo.id == 1",
				"body.sender.login == body.pull_request.user.login", "body.pull_request.user.login == body.pull_request.head.repo.owner.login", "body.sender.type == 'User'",
				"body.pull_request.requested_reviewers.size() == 0", "!body.pull_request.assignees.exists(a, a.login == 'ada')", "body.pull_request.assignee == null",
				"body.pull_request.merged ? true : body.action == 'opened'", "has(body.head_commit) ? false : true", "body.pull_request.author_association != 'OWNER'",
				"!(body.pull_request.author_association in ['OWNER', 'MEMBER'])", "['NONE', 'MEMBER'].exists(a, a == body.pull_request.author_association)",
				"(has(body.head_commit) && body.sender.login == 'ada') || (has(body.pull_request) && body.action == 'opened')",
				"(body.sender.login == 'ada') || true", "'pull_request' in body", "body.number > 3", "string(int(body.number)) == '7'", "body.pull_request.state == 'open'",
				"body.sender.login.startsWith('acme-')", "body.sender.login.contains('acme')", "body.sender.login.endsWith('-acme')", "body.sender.login.matches('^acme-')", "body.sender.login.matches('.*')",
				"body.sender.login.matches('acme')", "body.sender.login.matches('^[a-z0-9-]+$')", "body.sender.full_name == 'Ada'", "body.sender.name in ['Ada']", "body.sender.avatar_url.startsWith('https://')",
				"body.pull_request.head.repo.full_name.startsWith('acme')", "body.pull_request.head.repo.full_name.endsWith('/app')", "body.pull_request.head.repo.full_name.endsWith('acme/app')",
				"body.pull_request.head.repo.full_name.contains('acme/')", "body.pull_request.head.repo.full_name.matches('.*/.*')", "body.pull_request.head.label.endsWith(':main')",
				"body.pull_request.head.repo.default_branch == 'main'", "body.pull_request.head.repo.language == 'Go'", "'ci' in body.pull_request.head.repo.topics", "body.pull_request.head.repo.license.key == 'mit'",
				"body.pull_request.head.repo.owner.type == 'Organization'", "body.pull_request.head.repo.stargazers_count >= 0", "body.pull_request.head.repo.has_issues == false",
				"body.pull_request.head.repo.description == 'acme/app'", "body.pull_request.head.repo.owner.full_name == 'Ada'", "body.pull_request.head.repo.parent.full_name == body.repository.full_name",
			},
			shut: []string{
				"false", "body.action == 'labeled'", "body.action == 'labeled' || body.action == 'assigned'", "body.label.name == 'ok'", "body.label.name != 'wip'", "has(body.label) && body.label.name != 'wip'",
				"body.pull_request.labels.exists(l, l.name == 'ok')", "!body.pull_request.labels.all(l, l.name != 'ok')", "body.pull_request.labels.size() > 0", "'ok' in body.pull_request.labels.map(l, l.name)",
				"body.pull_request.labels[0].name == 'ok'", "body.pull_request.labels.exists_one(l, l.name == 'ok')", "body.pull_request.labels.filter(l, l.name == 'ok').size() != 0",
				"body.pull_request.merged", "body.pull_request.merged == true", "!(body.pull_request.merged == false)", "body.pull_request.merged_by != null", "body.pull_request.state == 'merged'",
				"body.pull_request.author_association in ['OWNER', 'MEMBER']", "['OWNER', 'MEMBER'].exists(a, a == body.pull_request.author_association)",
				"['OWNER', 'MEMBER'].exists(a, body.pull_request.author_association == a) || body.sender.login == 'ada'",
				"body.pull_request.head.repo.full_name == body.repository.full_name", "body.pull_request.head.repo.id == body.pull_request.base.repo.id", "!body.pull_request.head.repo.fork",
				"body.pull_request.head.repo.full_name == 'acme/app' && true", "body.pull_request.head.label == 'acme:x'", "body.pull_request.head.repo.owner.login == body.repository.owner.login",
				"!has(body.pull_request) || body.pull_request.head.repo.id == body.repository.id", "has(body.pull_request) ? body.pull_request.head.repo.id == body.repository.id : true",
				"body.ref == 'refs/heads/main' || body.pull_request.head.repo.full_name == body.repository.full_name", "has(body.head_commit) || body.pull_request.merged",
				"body.sender.login == 'ada'", "body.sender.login in ['ada', 'bob']", "body.sender.login == body.repository.owner.login", "body.sender.type == 'Bot'",
				"body.sender.login.endsWith('[bot]')", "body.sender.login.endsWith('_acme')", "body.sender.login.matches('^(ada|bob)$')", "body.sender.login.matches('^ada$')",
				"body.pull_request.head.repo.full_name.startsWith('acme/')", "body.pull_request.head.label.startsWith('acme:')", "body.pull_request.head.repo.full_name.matches('^acme/')",
				"body.pull_request.head.repo.html_url == 'https://github.com/acme/app'", "body.pull_request.head.repo.html_url.startsWith('https://github.com/acme/')",
				"body.sender.login.lowerAscii() == 'ada'", "string(int(body.sender.id)) == '42'", "body.repository.private", "body.repository.visibility != 'public'", "body.repository.visibility == 'private'",
				"body.pull_request.assignee.login == 'ada'", "body.pull_request.assignees.exists(a, a.login == 'ada')", "body.pull_request.milestone.title != 'x'",
				"(body.pull_request.labels.exists(l, l.name == 'ok') ? 'yes' : 'no') == 'yes'", "!(body.pull_request.labels.size() == 0 || body.pull_request.merged == false)",
			},
			unsure: []string{
				"body.pull_request.author_association != 'NONE'", "sets.contains(['eve'], [body.sender.login])", "body.pull_request.head.repo.fork == body.repository.fork",
				"!has(body.pull_request.foo)", "extensions.x == 'y'",
			},
		},
		"issue_comment": {
			open: []string{
				"body.comment.body == '/test' && !body.issue.labels.exists(l, l.name == 'no-ci')",
				"body.comment.body == '/test' || (body.comment.body == '/deploy' && body.comment.author_association == 'OWNER')",
				"body.comment.user.login == body.issue.user.login", "has(body.issue.pull_request)", "body.comment.body.matches('^/test')", "!has(body.pull_request)",
				"!(body.issue.user.login == 'ada')", "body.issue.labels.all(l, l.name != 'x')", "body.comment.author_association == 'NONE'", "'comment' in body && 'issue' in body",
			},
			shut: []string{
				"body.comment.body == '/test' && body.comment.author_association in ['MEMBER']", "body.comment.user.login == 'ada'", "has(body.pull_request)",
				"body.issue.labels.exists(l, l.name == 'ok')", "body.comment.user.login == body.repository.owner.login", "!has(body.comment)",
				"body.pull_request.base.ref == 'main'", "body.issue.assignees.exists(a, a.login == body.comment.user.login)",
				"body.comment.body == '/test' ? body.comment.author_association == 'OWNER' : false", "body.comment.user.login in ['ada'] || body.issue.labels.exists(l, l.name == 'ok')",
			},
		},
		"Merge Request Hook": {
			open: []string{
				"!body.labels.exists(l, l.title == 'skip-ci')", "body.object_attributes.target_project_id == 42", "body.project.id == body.object_attributes.target_project_id",
				"body.object_attributes.source_project_id != body.object_attributes.target_project_id", "body.object_attributes.action in ['open', 'merge']", "body.object_kind == 'merge_request'",
				"body.object_attributes.source.name == 'app'", "body.object_attributes.target.path_with_namespace == 'acme/app'", "body.object_attributes.state != 'merged'", "body.project.visibility_level == 20",
				"body.object_attributes.labels.all(l, l.title != 'x')", "body.user.name == 'Ada'", "body.object_attributes.source.namespace == 'Acme'", "body.object_attributes.source.default_branch == 'main'",
				"body.object_attributes.source.path_with_namespace.endsWith('/app')",
			},
			shut: []string{
				"body.object_attributes.source_project_id == body.object_attributes.target_project_id", "body.object_attributes.source_project_id == 42", "body.object_attributes.source_project_id == body.project.id",
				"body.object_attributes.action == 'merge'", "body.object_attributes.state == 'merged'", "body.labels.exists(l, l.title == 'ok')", "body.object_kind == 'push'", "body.user.username == 'ada'",
				"body.object_attributes.source.path_with_namespace == 'acme/app'", "body.object_attributes.source.path_with_namespace.startsWith('acme/')", "body.project.visibility_level == 0", "body.object_kind == 'push' || body.object_attributes.author_id == 42",
			},
		},
		"Note Hook": {
			open: []string{
				"body.object_attributes.author_id == body.merge_request.author_id", "body.merge_request.target_project_id == 42 && body.object_attributes.note == '/test'", "has(body.merge_request)",
			},
			shut: []string{"body.merge_request.source_project_id == body.merge_request.target_project_id", "body.object_attributes.author_id in [42]", "body.merge_request.labels.exists(l, l.title == 'ok')"},
		},
		"pr:opened": {
			open: []string{"body.pullRequest.reviewers.size() > 0", "body.pullRequest.reviewers.exists(r, r.user.name == 'ada')", "body.pullRequest.toRef.repository.public", "body.pullRequest.toRef.repository.public == true",
				"body.pullRequest.toRef.repository.project.key == 'ACME'", "body.pullRequest.fromRef.repository.slug == 'app'", "body.eventKey == 'pr:opened'",
				"body.actor.displayName == 'Ada'", "body.actor.active", "body.actor.type == 'NORMAL'", "body.pullRequest.fromRef.repository.origin.id == body.pullRequest.toRef.repository.id",
				"body.pullRequest.fromRef.repository.origin.slug == 'app'", "body.pullRequest.fromRef.repository.hierarchyId == body.pullRequest.toRef.repository.hierarchyId",
				"body.pullRequest.fromRef.repository.forkable", "body.pullRequest.fromRef.repository.state == 'AVAILABLE'"},
			shut: []string{"body.pullRequest.toRef.repository.public == false", "!body.pullRequest.toRef.repository.public", "body.pullRequest.fromRef.repository.id == body.pullRequest.toRef.repository.id",
				"body.pullRequest.fromRef.repository.project.key == 'ACME'", "body.actor.name == 'ada'", "body.eventKey == 'repo:refs_changed'"},
		},
		"pullrequest:created": {
			open: []string{"body.actor.nickname == 'ada'", "body.actor.display_name == 'Ada'", "body.pullrequest.author.nickname in ['ada', 'bob']", "body.pullrequest.author.display_name.startsWith('A')",
				"body.actor.type == 'user'", "body.pullrequest.source.repository.type == 'repository'", "body.pullrequest.source.repository.project.key == 'APP'",
				"body.pullrequest.source.repository.workspace.name == 'Acme'", "body.pullrequest.source.repository.full_name.endsWith('/app')"},
			shut: []string{"body.actor.uuid == '{a}'", "body.actor.account_id == 'a'", "body.pullrequest.author.uuid in ['{a}']", "body.pullrequest.source.repository.full_name == 'acme/app'",
				"body.pullrequest.source.repository.uuid == body.pullrequest.destination.repository.uuid", "body.pullrequest.source.repository.workspace.slug == 'acme'"},
		},
		"workflow_run": {
			open: []string{"body.workflow_run.event != 'push'", "body.workflow_run.pull_requests.size() == 0", "body.workflow_run.head_branch == 'main'", "body.workflow_run.event.startsWith('pu')"},
			shut: []string{"body.workflow_run.event == 'push'", "body.workflow_run.event != 'pull_request'", "body.workflow_run.pull_requests.exists(p, p.number > 0)",
				"body.workflow_run.head_repository.id == body.repository.id", "!body.workflow_run.head_repository.fork"},
		},
		"check_suite": {
			open: []string{"body.check_suite.head_branch != 'gh-pages'", "body.check_suite.conclusion == 'success'", "body.check_suite.pull_requests.all(p, p.number > 0)"},
			shut: []string{"body.check_suite.head_branch == 'main'", "body.check_suite.head_branch.startsWith('ma')", "body.check_suite.pull_requests.exists(p, p.head.repo.id == body.repository.id)"},
		},
	} {
		for _, filter := range filters.open {
			assert.False(t, facts.KeepsOut(filter, event), "%s: %s", event, filter)
			assert.True(t, passesOne(t, filter, event), "no event of %s passes %s", event, filter)
		}
		for _, filter := range filters.shut {
			assert.True(t, facts.KeepsOut(filter, event), "%s: %s", event, filter)
			assert.False(t, passesOne(t, filter, event), "an event of %s passes %s", event, filter)
		}
		for _, filter := range filters.unsure {
			assert.True(t, facts.KeepsOut(filter, event), "%s: %s", event, filter)
		}
	}
	assert.True(t, facts.KeepsOut("body.(", "pull_request"))
}

// TestEventInFilter checks that a filter for several events is read for each.
func TestEventInFilter(t *testing.T) {
	both := "(header.match('X-GitHub-Event', 'push') && body.sender.login == 'ada') || (header.match('X-GitHub-Event', 'pull_request') && body.action == 'opened')"
	for filter, open := range map[string][]string{
		both: {"pull_request"},
		"header.match('X-GitHub-Event', 'push') || body.comment.author_association == 'OWNER'":                              nil,
		"header.match('X-GitHub-Event', 'pull_request') ? body.sender.login == 'ada' : true":                                {"issue_comment"},
		"!header.match('X-GitHub-Event', 'issue_comment')":                                                                  {"pull_request"},
		"header.canonical('X-GitHub-Event') in ['issue_comment', 'push']":                                                   {"issue_comment"},
		"header.canonical('X-GitHub-Event') != 'issue_comment'":                                                             {"pull_request"},
		"header.canonical('X-GitHub-Event').startsWith('issue')":                                                            {"issue_comment"},
		"header['X-Github-Event'][0] == 'pull_request'":                                                                     {"pull_request"},
		"header.match('X-Gitlab-Event', 'Note Hook')":                                                                       {"Note Hook"},
		"header.match('X-Gitlab-Event', 'Note Hook') || has(body.pull_request) && body.pull_request.draft == false":         {"Note Hook", "pull_request"},
		"header.canonical('X-Token').compareSecret('token', 'hook')":                                                        {"Note Hook", "issue_comment", "pull_request"},
		"has(body.comment) ? body.comment.author_association == 'OWNER' : body.pull_request.head.repo.full_name == 'eve/x'": nil,
	} {
		var got []string
		for _, event := range []string{"Note Hook", "issue_comment", "pull_request"} {
			if !facts.KeepsOut(filter, event) {
				got = append(got, event)
			}
		}
		assert.Equal(t, open, got, filter)
	}
}

// TestGitea checks filters for pull requests of Gitea, whose head may be in the repository
// itself.
func TestGitea(t *testing.T) {
	const same = "body.pull_request.head.repo.full_name == body.repository.full_name"
	for _, c := range []struct {
		types, filter string
		strangers     bool
	}{
		{`["pull_request"]`, same, false},
		{`["pull_request", "pull_request_sync"]`, same, true},
		{`["pull_request", "pull_request_sync"]`, "body.pull_request.head.repo_id == body.pull_request.base.repo_id", true},
		{`["pull_request"]`, "header.match('X-Gitea-Event', 'pull_request') && " + same, true},
		{`["pull_request", "pull_request_sync"]`, same + " && !body.pull_request.head.ref.startsWith('refs/pull/')", false},
		{`["pull_request", "pull_request_sync"]`, same + " && !body.pull_request.head.ref.startsWith('refs/')", false},
		{`["pull_request", "pull_request_sync"]`, same + " && body.pull_request.head.ref != 'main'", true},
		{`["pull_request", "pull_request_sync"]`, same + " && body.pull_request.user.login == 'ada'", false},
		{`["pull_request", "pull_request_sync"]`, "!body.pull_request.head.repo.fork", true},
		{`["pull_request", "pull_request_sync"]`, "body.pull_request.head.repo.id != body.repository.id", true},
	} {
		trigger, _ := listening(t, []*v1beta1.TriggerInterceptor{interceptor("github", "eventTypes", c.types), interceptor("cel", "filter", `"`+c.filter+`"`)},
			map[string]string{"sha": "$(body.pull_request.head.sha)"})
		assert.Equal(t, c.strangers, len(trigger.Strangers()) > 0, "%s %s", c.types, c.filter)
	}
}

// TestStoppedBy asks which when expressions stop strangers.
func TestStoppedBy(t *testing.T) {
	trigger, _ := listening(t, []*v1beta1.TriggerInterceptor{interceptor("github", "eventTypes", `["pull_request"]`)}, map[string]string{"sha": "$(body.pull_request.head.sha)"})
	require.Len(t, trigger.Strangers(), 1)
	stranger := trigger.Strangers()[0]
	text := strings.NewReplacer("$(params.repo)", "$(body.pull_request.head.repo.full_name)", "$(params.fork)", "$(body.pull_request.head.repo.fork)",
		"$(params.merged)", "$(body.pull_request.merged)", "$(params.action)", "$(body.action)", "$(params.event)", "$(header.X-GitHub-Event)",
		"$(params.by)", "$(body.pull_request.author_association)", "$(params.base)", "$(body.pull_request.base.ref)", "$(params.user)", "$(body.sender.login)").Replace
	in := func(input string, values ...string) v1.WhenExpression {
		return v1.WhenExpression{Input: input, Operator: selection.In, Values: values}
	}
	notin := func(input string, values ...string) v1.WhenExpression {
		return v1.WhenExpression{Input: input, Operator: selection.NotIn, Values: values}
	}
	for _, c := range []struct {
		when  v1.WhenExpression
		stops bool
	}{
		{in("$(params.action)", "closed"), false}, {in("$(params.action)", "labeled"), true}, {notin("$(params.action)", "labeled"), false},
		{in("$(params.merged)", "true"), true}, {in("$(params.merged)", "false"), false}, {notin("$(params.merged)", "true"), false},
		{in("$(params.by)", "MEMBER", "OWNER"), true}, {in("$(params.by)", "MEMBER", "NONE"), false}, {notin("$(params.by)", "MEMBER"), false}, {notin("$(params.by)", "NONE"), true},
		{in("$(params.repo)", "acme/app"), true}, {notin("$(params.repo)", "acme/app"), false}, {in("$(params.fork)", "false"), true}, {in("$(params.fork)", "true"), false},
		{in("$(params.event)", "push"), true}, {in("$(params.event)", "push", "pull_request"), false}, {notin("$(params.event)", "pull_request"), true},
		{in("$(params.base)", "main"), false}, {in("$(params.user)", "ada"), true}, {notin("$(params.user)", "bot"), false},
		{in("$(params.unknown)", "x"), true}, {in("$(tasks.a.results.b)", "x"), true}, {notin("$(params.unknown)", "x"), true},
		{in("x", "x"), false}, {in("x", "y"), true}, {in("main", "$(params.base)"), false}, {in("by $(params.user)", "by ada"), true}, {in("to $(params.base)", "to main"), false},
		{v1.WhenExpression{CEL: "'$(params.repo)' == 'acme/app'"}, true}, {v1.WhenExpression{CEL: "'$(params.repo)' != 'acme/app'"}, false},
		{v1.WhenExpression{CEL: "'$(params.base)' == 'main' || '$(params.user)' == 'ada'"}, false}, {v1.WhenExpression{CEL: "'$(params.base)' == 'main' && '$(params.user)' == 'ada'"}, true},
		{v1.WhenExpression{CEL: "'$(params.event)' == 'push'"}, true}, {v1.WhenExpression{CEL: "'$(params.merged)' == 'true'"}, true}, {v1.WhenExpression{CEL: "'$(params.unknown)' == 'x'"}, true},
		{v1.WhenExpression{CEL: "'$(params.action)' in ['opened', 'labeled']"}, false}, {v1.WhenExpression{CEL: "$(params.fork)"}, true},
		{v1.WhenExpression{Input: "$(params.base)", Operator: "exists"}, true},
	} {
		assert.Equal(t, c.stops, stranger.StoppedBy(&c.when, text), "%+v", c.when)
	}
}

// TestMarked asks when expressions for the label of a pull request, which stays when there
// are new commits, and which no new pull request of a stranger has.
func TestMarked(t *testing.T) {
	when := v1.WhenExpression{Input: "$(body.pull_request.milestone.title)", Operator: selection.In, Values: []string{"next"}}
	for filter, stops := range map[string]bool{
		"true": false, "body.action in ['opened', 'synchronize']": false, "body.action == 'opened'": true, "body.action in ['reopened', 'edited']": true,
	} {
		trigger, _ := listening(t, []*v1beta1.TriggerInterceptor{interceptor("github", "eventTypes", `["pull_request"]`), interceptor("cel", "filter", `"`+filter+`"`)},
			map[string]string{"sha": "$(body.pull_request.head.sha)"})
		require.Len(t, trigger.Strangers(), 1, filter)
		assert.False(t, trigger.Strangers()[0].Marked, filter)
		assert.Equal(t, stops, trigger.Strangers()[0].StoppedBy(&when, func(text string) string { return text }), filter)
	}
}

// FuzzKeepsOut checks that any filter is read without a panic.
func FuzzKeepsOut(f *testing.F) {
	for _, expr := range []string{
		"body.a[0].b.exists(x, x == 'y')", "[1, 2].exists(x, x > 1)", "{'a': 1}['a'] == 1", "[].exists(x, x)", "body", "header", "extensions.x.y", "body['a']['b'] in body",
		"[body.a].map(x, x.b).filter(y, y != '').size() > 0", "body.labels[99].name", "has(body.a) ? body.b : !body.c", "body.x.transformList(i, v, v)", "'a'.matches('(')", "x", "1 < 'a'",
	} {
		f.Add(expr)
	}
	f.Fuzz(func(_ *testing.T, expr string) {
		for _, event := range []string{"", "pull_request", "Merge Request Hook"} {
			facts.KeepsOut(expr, event)
		}
	})
}

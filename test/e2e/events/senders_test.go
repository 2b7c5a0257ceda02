package events

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/triggers"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// fields are fields of an event, by the names of the run's params.
type fields map[string]builder.String

// Show prints what it is given.
type Show struct{ Lines builder.Array }

func (Show) TaskName() string { return "show" }

func (s Show) Define(t *builder.Task) *builder.PipelineTask {
	lines := t.ArrayParam("lines", s.Lines)
	t.Step("show").Image("registry.local/shell:1").Requests("10m", "16Mi").Args(lines.All()).Script(`printf '%s\n' "$@"`)
	return t.PipelineTask()
}

// run is a run of a pipeline that has a param for each field.
func run(name string, f fields) *builder.PipelineRun {
	p := builder.NewPipeline(name)
	var lines []builder.String
	var args []builder.Arg
	for _, n := range slices.Sorted(maps.Keys(f)) {
		param := p.Param(n)
		lines = append(lines, param)
		args = append(args, param.Set(f[n]))
	}
	builder.Add(p, "show", Show{Lines: builder.Strings(lines...)})
	return p.Run(builder.String(name+"-"), args...)
}

// sender is a listener for events of one sender.
type sender struct {
	name   string
	on     func(*triggers.Listener)
	starts map[string]start // by payload
	none   []string         // payloads that mean something else
	wrong  string           // what the interceptor says of a wrong signature
}

// start is what a payload starts.
type start struct {
	trigger string
	params  map[string]string
}

func ofPush(p *triggers.Push) fields {
	return fields{"url": p.CloneURL, "sha": p.SHA, "short": p.ShortSHA, "branch": p.Branch, "author": p.Author}
}

func ofPull(p *triggers.PullRequest) fields {
	return fields{"url": p.CloneURL, "sha": p.SHA, "branch": p.Branch, "target": p.Target, "number": p.Number, "title": p.Title}
}

const mismatch = "payload signature check failed"

func senders() []sender {
	return []sender{gitHub(), gitea(), gitLab(), bitbucketCloud(), bitbucketServer()}
}

func gitHub() sender {
	const hello = "https://github.com/Codertocat/Hello-World.git"
	return sender{"github", func(l *triggers.Listener) {
		push, pull, tag := triggers.GitHubPush(), triggers.GitHubPullRequest(), triggers.GitHubTag()
		release, comment := triggers.GitHubRelease(), triggers.GitHubComment()
		l.On("push", push, run("push", ofPush(push)))
		l.On("pull", pull, run("pull", ofPull(pull)))
		l.On("tag", tag, run("tag", fields{"sha": tag.SHA, "name": tag.Name}))
		l.On("release", release, run("release", fields{"tag": release.Tag}))
		l.On("comment", comment, run("comment", fields{"text": comment.Text, "number": comment.Number}))
	}, map[string]start{
		"github-push-goscm": {"push", map[string]string{"url": hello, "sha": "199eddf46df50de8d02e99bf1c5fdb4101338224",
			"short": "199eddf", "branch": "master", "author": "Codertocat"}},
		"github-pr-opened": {"pull", map[string]string{"url": hello, "sha": "ec26c3e57ca3a959ca5aad62de7213c562f8c821",
			"branch": "changes", "target": "master", "number": "2", "title": "Update the README with new information."}},
		"github-push-tag-goscm":    {"tag", map[string]string{"sha": "d2b75aa7797ec26b088fa2dd527e9d2c052fcedd", "name": "v0.0.1"}},
		"github-release-published": {"release", map[string]string{"tag": "0.0.1"}},
		"github-issue-comment-created": {"comment", map[string]string{"number": "1",
			"text": "You are totally right! I'll get this fixed right away."}},
	}, []string{"github-ping", "github-push-branch-delete-goscm", "github-push-tag-delete-goscm", "github-pr-closed"}, mismatch}
}

func gitea() sender {
	const url = "http://localhost:3000/example/example.git"
	return sender{"gitea", func(l *triggers.Listener) {
		push, pull := triggers.GiteaPush(), triggers.GiteaPullRequest().Forks()
		l.On("push", push, run("push", ofPush(push)))
		l.On("pull", pull, run("pull", ofPull(pull)))
	}, map[string]start{
		"gitea-push": {"push", map[string]string{"url": url, "sha": "67b56589a45103f891bdee7c0546e5d40bc02001",
			"short": "67b5658", "branch": "master", "author": "example"}},
		"gitea-pr": {"pull", map[string]string{"url": url, "sha": "48e773f892a831faa47c0a160d1b7f0cd369ae2a",
			"branch": "master", "target": "master", "number": "2", "title": "update"}},
	}, []string{"gitea-branch-delete-goscm", "gitea-pr-merged-goscm"}, mismatch}
}

func gitLab() sender {
	const commit = "da1560886d4f094c3e6c9ef40349f7d38b5d27d7"
	return sender{"gitlab", func(l *triggers.Listener) {
		push, merge, tag := triggers.GitLabPush(), triggers.GitLabMergeRequest(), triggers.GitLabTag()
		l.On("push", push, run("push", ofPush(push)))
		l.On("merge", merge, run("merge", ofPull(merge)))
		l.On("tag", tag, run("tag", fields{"sha": tag.SHA, "name": tag.Name}))
	}, map[string]start{
		"gitlab-push": {"push", map[string]string{"url": "http://example.com/mike/diaspora.git", "sha": commit,
			"short": "da15608", "branch": "master", "author": "John Smith"}},
		"gitlab-merge-request": {"merge", map[string]string{"url": "http://example.com/gitlabhq/gitlab-test.git", "sha": commit,
			"branch": "ms-viewport", "target": "master", "number": "1", "title": "MS-Viewport"}},
		"gitlab-tag-push": {"tag", map[string]string{"sha": "82b3d5ae55f7080f1e6022629cdb57bfae7cccc7", "name": "v1.0.0"}},
	}, []string{"gitlab-push-branch-delete-goscm", "gitlab-tag-delete-goscm", "gitlab-mr-merge-goscm"}, "Invalid X-GitLab-Token"}
}

func bitbucketCloud() sender {
	const url = "https://bitbucket.org/team_name/repo_name.git"
	return sender{"bitbucket-cloud", func(l *triggers.Listener) {
		push, pull := triggers.BitbucketPush(), triggers.BitbucketPullRequest()
		l.On("push", push, run("push", ofPush(push)))
		l.On("pull", pull, run("pull", ofPull(pull)))
	}, map[string]start{
		"bitbucket-cloud-push": {"push", map[string]string{"url": url, "sha": "709d658dc5b6d6afcd46049c2f332ee3f515a67d",
			"short": "709d658", "branch": "name-of-branch", "author": "emmap1"}},
		"bitbucket-cloud-pr-created": {"pull", map[string]string{"url": url, "sha": "d3022fc0ca3d", // it shortens it itself
			"branch": "branch2", "target": "master", "number": "1", "title": "Title of pull request"}},
	}, []string{"bitbucket-cloud-branch-delete-goscm", "bitbucket-cloud-tag-create-goscm", "bitbucket-cloud-pr-fulfilled-goscm"}, mismatch}
}

func bitbucketServer() sender {
	return sender{"bitbucket-server", func(l *triggers.Listener) {
		push, pull := triggers.BitbucketServerPush(), triggers.BitbucketServerPullRequest()
		l.On("push", push, run("push", fields{"sha": push.SHA, "branch": push.Branch, "author": push.Author}))
		l.On("pull", pull, run("pull", ofPull(pull)))
	}, map[string]start{
		"bitbucket-server-push-goscm": {"push", map[string]string{"sha": "823b2230a56056231c9425d63758fa87078a66b4",
			"branch": "master", "author": "jcitizen"}},
		"bitbucket-server-pr-opened": {"pull", map[string]string{"url": "https://server.bitbucket.local/scm/~gopher/webhook-test.git",
			"sha": "32a0b8a740c2963c6f56bd8baf3dc05683d299e0", "branch": "feature/wip", "target": "master", "number": "5",
			"title": "Update README"}},
	}, []string{"bitbucket-server-push", "bitbucket-server-tag-create-goscm", "bitbucket-server-pr-merged-goscm"}, mismatch}
}

// TestSenders posts what each sender has sent to a listener for its events:
// each starts the run of its own trigger, with its values, and no event does
// that is signed wrong, changed after it was signed, or means something else.
func TestSenders(t *testing.T) {
	for _, from := range senders() {
		t.Run(from.name, func(t *testing.T) {
			t.Parallel()
			c := harness.Get(t)
			l := triggers.NewListener("events").Secret("webhook", "token").Requests("10m", "16Mi")
			from.on(l)
			var stream bytes.Buffer
			require.NoError(t, manifest.New(l, infra.ListenerRBAC(l), infra.WebhookSecret("webhook", "token")).Namespace("ci").Write(&stream))
			s := open(t, c, c.Move(t, c.Namespace(t), harness.Decode(t, stream.String())))

			for _, name := range from.none {
				s.refused(s.post(recorded(t, name), secret), name, "")
			}
			var events, payloads []string
			for _, name := range slices.Sorted(maps.Keys(from.starts)) {
				p := recorded(t, name)
				s.refused(s.post(p, "another secret"), name, from.wrong)
				s.refused(s.post(p, ""), name, "header")
				if from.name != "gitlab" { // which signs nothing, but sends the secret
					s.refused(s.tampered(p), name, from.wrong)
				}
				events, payloads = append(events, s.post(p, secret)), append(payloads, name)
			}
			for i, run := range s.runs(events...) {
				name := payloads[i]
				assert.Equal(t, "events-"+from.starts[name].trigger, run.Labels["triggers.tekton.dev/trigger"], name)
				params := map[string]string{}
				for _, p := range run.Spec.Params {
					params[p.Name] = p.Value.StringVal
				}
				assert.Equal(t, from.starts[name].params, params, name)
				assert.True(t, strings.HasPrefix(run.Name, from.starts[name].trigger+"-"), run.Name)
			}
			s.rights()
		})
	}
}

// tampered posts an event with the signature of another.
func (s *sink) tampered(p payload) string {
	s.t.Helper()
	r := p.with(s.t, map[string]any{"more": true}).request(s.t, s.url, "")
	r.Header = p.request(s.t, s.url, secret).Header
	return s.deliver(r)[0]
}

package triggers_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/triggers"
	"github.com/tekwright/tekwright/test/triggers/harness"
)

// fields are fields of an event, by the names of the run's params.
type fields map[string]builder.String

// started is an event and what its run takes from it.
type started struct {
	event  triggers.Event
	fields fields
}

// senders are all events of pkg/triggers, by sender and by the name of their
// trigger.
var senders = map[string]func() map[string]started{
	"github": func() map[string]started {
		push, pr := triggers.GitHubPush(), triggers.GitHubPullRequest().Forks()
		tag, release, comment := triggers.GitHubTag(), triggers.GitHubRelease(), triggers.GitHubComment()
		group := triggers.GitHubMergeGroup()
		return map[string]started{
			"push": {push, ofPush(push)}, "pull-request": {pr, ofPullRequest(pr)}, "tag": {tag, ofTag(tag)},
			"merge-group": {group, fields{"url": group.CloneURL, "ssh": group.SSHURL, "repository": group.Repository, "sha": group.SHA, "short": group.ShortSHA,
				"base": group.BaseSHA, "branch": group.Branch, "target": group.Target, "author": group.Author}},
			"release": {release, fields{"url": release.CloneURL, "repository": release.Repository, "tag": release.Tag, "name": release.Name}},
			"comment": {comment, fields{"url": comment.CloneURL, "repository": comment.Repository, "number": comment.Number,
				"text": comment.Text, "author": comment.Author}},
		}
	},
	"gitea": func() map[string]started {
		push, pr := triggers.GiteaPush(), triggers.GiteaPullRequest().Forks()
		return map[string]started{"push": {push, ofPush(push)}, "pull-request": {pr, ofPullRequest(pr)}}
	},
	"gitlab": func() map[string]started {
		push, mr, tag := triggers.GitLabPush(), triggers.GitLabMergeRequest(), triggers.GitLabTag()
		return map[string]started{"push": {push, ofPush(push)}, "merge-request": {mr, without(ofPullRequest(mr), "base")}, "tag": {tag, ofTag(tag)}}
	},
	"bitbucket-cloud": func() map[string]started {
		push, pr := triggers.BitbucketPush(), triggers.BitbucketPullRequest()
		return map[string]started{"push": {push, without(ofPush(push), "files")}, "pull-request": {pr, without(ofPullRequest(pr), "labels")}}
	},
	"bitbucket-server": func() map[string]started {
		push, pr := triggers.BitbucketServerPush(), triggers.BitbucketServerPullRequest()
		return map[string]started{
			"push": {push, without(ofPush(push), "files", "message")}, "pull-request": {pr, without(ofPullRequest(pr), "labels")},
		}
	},
}

func ofPush(p *triggers.Push) fields {
	return fields{
		"url": p.CloneURL, "ssh": p.SSHURL, "repository": p.Repository, "sha": p.SHA, "short": p.ShortSHA,
		"branch": p.Branch, "author": p.Author, "message": p.Message, "files": p.ChangedFiles, "before": p.Before,
	}
}

func ofPullRequest(p *triggers.PullRequest) fields {
	return fields{
		"url": p.CloneURL, "ssh": p.SSHURL, "repository": p.Repository, "sha": p.SHA, "short": p.ShortSHA,
		"branch": p.Branch, "target": p.Target, "number": p.Number, "author": p.Author, "title": p.Title,
		"base": p.BaseSHA, "labels": p.Labels, "draft": p.Draft,
	}
}

func ofTag(t *triggers.Tag) fields {
	return fields{"url": t.CloneURL, "repository": t.Repository, "sha": t.SHA, "name": t.Name}
}

func without(f fields, names ...string) fields {
	f = maps.Clone(f)
	for _, n := range names {
		delete(f, n)
	}
	return f
}

// show prints what it is given.
type show struct{ Lines builder.Array }

// TaskName is the name of the Task.
func (show) TaskName() string { return "show" }

// Define describes the Task.
func (s show) Define(t *builder.Task) *builder.PipelineTask {
	lines := t.ArrayParam("lines", s.Lines)
	t.Step("show").Image("registry.local/shell:1").Args(lines.All()).Script(`printf '%s\n' "$@"`)
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
	builder.Add(p, "show", show{Lines: builder.Strings(lines...)})
	return p.Run(builder.String(name+"-"), args...)
}

const (
	secret = "It's a Secret to Everybody"
	other  = "another secret"
)

// listen starts a listener for all events of a sender, whose runs take all
// fields but some.
func listen(t *testing.T, sender string, except ...string) *harness.Listener {
	t.Helper()
	return listenFor(t, sender, func(f fields) fields { return without(f, except...) })
}

// listenLean is listen with runs that take one field, which every payload has:
// nothing but the event's own meaning keeps them from starting.
func listenLean(t *testing.T, sender string) *harness.Listener {
	t.Helper()
	return listenFor(t, sender, func(f fields) fields { return fields{"repository": f["repository"]} })
}

func listenFor(t *testing.T, sender string, pick func(fields) fields) *harness.Listener {
	t.Helper()
	l := triggers.NewListener(sender).Secret("webhook", "token")
	events := senders[sender]()
	for _, name := range slices.Sorted(maps.Keys(events)) {
		l.On(name, events[name].event, run(name, pick(events[name].fields)))
	}
	return harness.Of(t, l).Secret("webhook", "token", secret)
}

package triggers_test

import (
	"testing"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// TestErrorsEvents tests mistakes in events, fields and filters.
func TestErrorsEvents(t *testing.T) {
	other := triggers.GitHubPush()
	handle := string(other.SHA)
	take := func(l *triggers.Listener, e triggers.Event) { l.On("t", e, sha(e.Body("x"))) }
	checkMistakes(t, "testdata/errors/events.txt", []mistake{
		{"an invalid path", "field-invalid", on(func(p *triggers.Push) builder.String { return p.Body("commits[*].id") })},                          // want
		{"no path", "field-invalid", on(func(p *triggers.Push) builder.String { return p.Body("") })},                                               // want
		{"a field as path", "field-invalid", on(func(p *triggers.Push) builder.String { return p.Body(handle) })},                                   // want
		{"an invalid header", "field-invalid", on(func(p *triggers.Push) builder.String { return p.Header("X From") })},                             // want
		{"a field with capitals", "field-invalid", on(func(p *triggers.Push) builder.String { return p.CEL("Minor", "1") })},                        // want
		{"a field twice", "field-duplicate", on(func(p *triggers.Push) builder.String { return p.CEL("branch", "body.ref") })},                      // want
		{"an incomplete expression", "cel-invalid", on(func(p *triggers.Push) builder.String { return p.CEL("x", "body.ref.split(") })},             // want
		{"an unknown name", "cel-invalid", on(func(p *triggers.Push) builder.String { return p.CEL("x", "bdy.ref") })},                              // want
		{"an expression with a list", "cel-invalid", on(func(p *triggers.Push) builder.String { return p.CEL("x", "body.commits.map(c, c.id)") })},  // want
		{"a field in an expression", "handle-misplaced", on(func(p *triggers.Push) builder.String { return p.CEL("x", "'"+handle+"' + 'x'") })},     // want
		{"a field that the event lacks", "field-missing", on(func(*triggers.Push) builder.String { return triggers.BitbucketPush().ChangedFiles })}, // want
		{"a field of another event", "handle-foreign", on(func(*triggers.Push) builder.String { return other.SHA })},                                // want run

		{"a slug of text", "slug-invalid", on(func(p *triggers.Push) builder.String { return p.Slug("release/1") })},            // want
		{"a slug of joined text", "slug-invalid", on(func(p *triggers.Push) builder.String { return p.Slug("x-" + p.Branch) })}, // want
		{"a slug of another event", "slug-invalid", on(func(p *triggers.Push) builder.String { return p.Slug(other.Branch) })},  // want
		{"a slug of an empty text", "slug-invalid", on(func(p *triggers.Push) builder.String { return p.Slug("") })},            // want
		{"a branch as label", "label-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, sha(push.SHA).Label("branch", push.Branch).Label("commit", push.SHA)) // want
		})},
		{"a message in a label", "label-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, sha(push.SHA).
				Label("why", "for-"+push.Message)) // want
		})},
		{"branches with a slash as label", "label-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push.Branches("main", "release/*"), sha(push.SHA).Label("branch", push.Branch)) // want
		})},
		{"a title of a release as label", "label-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			r := triggers.GitHubRelease()
			l.On("t", r, run("p-", value{"x", r.Tag}).Label("version", r.Tag).Label("title", r.Name)) // want
		})},
		{"a branch in a name", "name-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, run("p-"+push.Branch+"-", value{"sha", push.SHA})) // want
		})},

		{"Branches without arguments", "filter-empty", of(func(l *triggers.Listener, push *triggers.Push) {
			take(l, push.Branches()) // want
		})},
		{"Branches with an empty argument", "filter-empty", of(func(l *triggers.Listener, push *triggers.Push) {
			take(l, push.Branches("main", "")) // want
		})},
		{"Branches with a field", "handle-misplaced", of(func(l *triggers.Listener, push *triggers.Push) {
			take(l, push.Branches(handle)) // want
		})},
		{"Paths without arguments", "filter-empty", of(func(l *triggers.Listener, push *triggers.Push) {
			take(l, push.Paths()) // want
		})},
		{"Paths of a sender without changed files", "filter-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			take(l, triggers.BitbucketPush().Paths("docs/**")) // want
		})},
		{"Paths of a merge request without changed files", "filter-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			take(l, triggers.GitLabMergeRequest().Paths()) // want
		})},
		{"Targets without arguments", "filter-empty", of(func(l *triggers.Listener, _ *triggers.Push) {
			take(l, triggers.GitHubPullRequest().Targets()) // want
		})},
		{"Actions without arguments", "filter-empty", of(func(l *triggers.Listener, _ *triggers.Push) {
			take(l, triggers.GitHubPullRequest().Actions()) // want
		})},
		{"Names without arguments", "filter-empty", of(func(l *triggers.Listener, _ *triggers.Push) {
			take(l, triggers.GitLabTag().Names()) // want
		})},
		{"an invalid regular expression", "filter-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			take(l, triggers.GitHubComment().Matching("/deploy(")) // want
		})},
		{"Matching with an empty expression", "filter-empty", of(func(l *triggers.Listener, _ *triggers.Push) {
			take(l, triggers.GitHubComment().Matching("")) // want
		})},
		{"Matching with a field", "handle-misplaced", of(func(l *triggers.Listener, _ *triggers.Push) {
			take(l, triggers.GitHubComment().Matching(handle)) // want
		})},

		{"one event for two triggers", "filter-invalid field-invalid cel-invalid", of(func(l *triggers.Listener, _ *triggers.Push) {
			push := triggers.BitbucketPush().Paths("docs/**") // want paths
			push.Body("a b")                                  // want body
			x := push.CEL("x", "bdy")                         // want cel
			l.On("a", push, sha(x))
			l.On("b", push, sha(x))
			l.Group("c", push, map[string]string{"team": "c"})
		})},
	})
}

package triggers_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// A merge queue checks its groups. The param for who merged a pull request has a name of our
// own.
func ExampleGitHubMergeGroup() {
	group := triggers.GitHubMergeGroup().Targets("main")
	listener := triggers.NewListener("github").Secret("github-webhook", "token")
	listener.On("queue", group, run("check-", value{"sha", group.SHA}, value{"base", group.BaseSHA},
		value{"queued-by", group.As("queued-by", group.Body("sender.login"))})).Repositories("acme/app")
	condition(listener)
	// Output:
	// when body.action == 'checks_requested'
	//  and body.merge_group.base_ref.split('/', 3)[2] == 'main'
	//  and body.repository.full_name == 'acme/app'
	// queued_by is '%s'.format([body.sender.login]).replace('$(', '$ (')
}

// TestAs tests names of fields, and mistakes in them.
func TestAs(t *testing.T) {
	push, other := triggers.GitHubPush(), triggers.GitHubTag()
	for _, c := range []struct {
		value builder.String
		want  string
	}{
		{push.As("A", push.SHA), `field-invalid: "A" is not a valid field name`},
		{push.As("", push.SHA), "field-invalid"},
		{push.As("x", "text"), `the argument of As is "text", which is not a field of this event`},
		{push.As("x", other.SHA), "which is not a field of this event"},
		{push.As("x", push.SHA+push.Branch), "which is not a field of this event"},
		{push.As("author", push.SHA), `field-duplicate: a GitHub push has two fields named "author"`},
	} {
		l := triggers.NewListener("l").Secret("a", "b")
		l.On("t", push, sha(c.value))
		_, err := l.Objects()
		assert.ErrorContains(t, err, c.want)
	}
	// The same name for the same field is fine.
	again := triggers.GitHubPush()
	l := triggers.NewListener("l").Secret("a", "b")
	l.On("t", again, sha(again.As("rev", again.SHA)+again.As("rev", again.SHA)+again.As("sha", again.SHA)))
	_, err := l.Objects()
	assert.NoError(t, err)
	assert.Equal(t, fmt.Sprint(again.SHA), fmt.Sprint(again.As("sha", again.SHA)))
}

package triggers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/test/triggers/harness"
)

// zeros is the commit of what is not there.
const zeros = "0000000000000000000000000000000000000000"

// TestEdits changes what payloads mean, where no recorded payload does.
func TestEdits(t *testing.T) {
	for _, c := range []struct {
		payload string
		edit    map[string]any
		starts  []string
	}{
		{"github-push-goscm", map[string]any{"deleted": true}, nil},
		{"github-push-goscm", map[string]any{"ref": "refs/notes/x"}, nil},
		{"github-push-goscm", map[string]any{"ref": "refs/heads/feature/a/b"}, []string{"push"}},
		{"github-push-goscm", map[string]any{"ref": "refs/tags/heads/x"}, []string{"tag"}},
		{"github-push-goscm", map[string]any{"ref": "master"}, nil},
		{"github-push-goscm", map[string]any{"ref": 5}, nil},
		{"github-push-goscm", map[string]any{"repository": null{}}, nil},
		{"github-pr-opened", map[string]any{"action": "edited"}, nil},
		{"github-release-published", map[string]any{"action": "created"}, nil},
		{"github-release-published", map[string]any{"release.name": null{}}, []string{"release"}},
		{"github-issue-comment-created", map[string]any{"action": "deleted"}, nil},

		{"gitea-push", map[string]any{"after": zeros}, nil},
		{"gitea-push", map[string]any{"ref": "refs/tags/v1"}, nil},
		{"gitea-pr", map[string]any{"action": "closed"}, nil},
		{"gitea-pr", map[string]any{"action": "label_updated"}, nil},

		{"gitlab-push", map[string]any{"checkout_sha": null{}}, nil},
		{"gitlab-push", map[string]any{"after": zeros}, nil},
		{"gitlab-push", map[string]any{"commits": []any{}}, []string{"push"}}, // a new branch without commits of its own
		{"gitlab-push", map[string]any{"ref": "refs/tags/v1"}, nil},
		{"gitlab-tag-push", map[string]any{"checkout_sha": null{}}, nil},
		{"gitlab-merge-request", map[string]any{"object_attributes.action": "close"}, nil},
		{"gitlab-merge-request", map[string]any{"object_attributes.action": "update"}, nil}, // of a title
		{"gitlab-merge-request", map[string]any{"object_attributes.action": "approved"}, nil},
		{"gitlab-merge-request", map[string]any{"object_attributes.action": nil}, nil}, // a test of the webhook

		{"bitbucket-cloud-push", map[string]any{"push.changes.0.new": null{}}, nil},
		{"bitbucket-cloud-push", map[string]any{"push.changes": []any{}}, nil},
		{"bitbucket-cloud-push", map[string]any{"push.changes.0.new.type": "tag"}, nil},
		{"bitbucket-cloud-push", map[string]any{"actor.nickname": nil, "actor.display_name": "CI"}, []string{"push"}},

		{"bitbucket-server-push", map[string]any{"changes.0.type": "UPDATE", "changes.0.toHash": "32a0b8a740c2963c6f56bd8baf3dc05683d299e0"}, []string{"push"}},
		{"bitbucket-server-push", map[string]any{"changes.0.type": "ADD", "changes.0.ref.type": "TAG"}, nil},
		{"bitbucket-server-push", map[string]any{"changes": []any{}}, nil},
		{"bitbucket-server-pr-opened", map[string]any{"pullRequest": null{}}, nil},
	} {
		p := load(t, c.payload).edit(t, c.edit)
		for _, l := range []*harness.Listener{listen(t, p.sender), listenLean(t, p.sender)} {
			out := l.Send(t, p.request(secret))
			assert.Equal(t, c.starts, triggersOf(p.sender, out), "%s with %v: %s", c.payload, c.edit, strings.Join(out.Why, "\n"))
		}
	}
}

// TestNotJSON sends bodies that are no event at all, signed.
func TestNotJSON(t *testing.T) {
	for _, body := range []string{"", "[]", "null", "5", "{}", "{", "payload=%7B%7D"} {
		for sender := range senders {
			for _, event := range []string{"push", "Push Hook", "repo:push", "repo:refs_changed", "pull_request"} {
				p := payload{sender: sender, event: event, body: []byte(body)}
				l := listen(t, sender)
				status := 202
				if body != "{}" && body != "null" {
					status = 400
				}
				assert.Empty(t, l.Post(t, p.request(secret), status).Runs)
			}
		}
	}
}

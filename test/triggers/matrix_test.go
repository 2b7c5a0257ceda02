package triggers_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/test/triggers/harness"
)

// args are the arguments of a run.
type args map[string]string

// row says what one payload starts at its sender's listener, which has all of
// the sender's events: the runs by the name of their trigger.
type row struct {
	starts map[string]args
	// lacks are fields that an old version of the sender does not send. A run
	// that takes one is not started.
	lacks []string
}

// nothing is a payload that starts nothing.
var nothing = row{}

// expected is what each file of testdata starts.
func expected() map[string]row {
	all := map[string]row{}
	for _, of := range []map[string]row{githubRows, giteaRows, gitlabRows, bitbucketRows} {
		maps.Copy(all, of)
	}
	return all
}

// TestPayloads sends every payload, signed right, and compares the runs that
// start, and their arguments, with what is expected.
func TestPayloads(t *testing.T) {
	want := expected()
	for _, p := range payloads(t) {
		t.Run(p.name, func(t *testing.T) {
			w, ok := want[p.name]
			require.True(t, ok, "nothing says what this payload starts")
			out := listen(t, p.sender, w.lacks...).Send(t, p.request(secret))
			assert.Equal(t, slices.Sorted(maps.Keys(w.starts)), triggersOf(p.sender, out), "because: %s", strings.Join(out.Why, "\n"))
			lean := listenLean(t, p.sender).Send(t, p.request(secret))
			assert.Equal(t, slices.Sorted(maps.Keys(w.starts)), triggersOf(p.sender, lean), "with runs that take no more than the repository")
			for name, run := range out.Runs {
				trigger := strings.TrimPrefix(name, p.sender+"-")
				assert.Equal(t, w.starts[trigger], args(harness.Params(run)))
				assert.Equal(t, trigger, run.Spec.PipelineRef.Name, "it is a run of another pipeline")
				assert.Equal(t, trigger+"-", run.GenerateName)
				assert.Equal(t, harness.Namespace, run.Namespace)
			}
		})
	}
	for name := range want {
		load(t, name) // every row has its file
	}
}

// triggersOf are the names of the triggers that started something.
func triggersOf(sender string, out harness.Outcome) []string {
	var names []string
	for _, n := range slices.Sorted(maps.Keys(out.Runs)) {
		names = append(names, strings.TrimPrefix(n, sender+"-"))
	}
	return names
}

// TestSignatures sends every payload that starts something with a wrong
// signature, with none, and with a changed body.
func TestSignatures(t *testing.T) {
	want := expected()
	for _, p := range payloads(t) {
		if len(want[p.name].starts) == 0 {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			l := listen(t, p.sender, want[p.name].lacks...)
			assert.Empty(t, l.Send(t, p.request(other)).Runs, "signed with another secret")
			assert.Empty(t, l.Send(t, p.request("")).Runs, "not signed")
			tampered := p.request(secret)
			tampered.Body = slices.Concat(tampered.Body, []byte(" "))
			if p.sender != "gitlab" { // whose token does not depend on the body
				assert.Empty(t, l.Send(t, tampered).Runs, "signed, then changed")
			}
			l.Secret("webhook", "token", other)
			assert.Empty(t, l.Send(t, p.request(secret)).Runs, "the Secret was changed")
			assert.NotEmpty(t, l.Send(t, p.request(other)).Runs, "signed with the new secret")
		})
	}
}

// TestOtherSenders sends every payload to the listeners of all other senders,
// who are told the right secret.
func TestOtherSenders(t *testing.T) {
	listeners := map[string]*harness.Listener{}
	for sender := range senders {
		listeners[sender] = listen(t, sender)
	}
	// Gitea has GitHub's headers and GitHub's fields: what tells the two apart
	// is the secret.
	alike := map[string]string{"github": "gitea", "gitea": "github"}
	for _, p := range payloads(t) {
		for sender, l := range listeners {
			if sender == p.sender || sender == alike[p.sender] {
				continue
			}
			assert.Empty(t, l.Send(t, p.request(secret)).Runs, "%s at the listener of %s", p.name, sender)
		}
	}
}

// TestOtherEvents sends every payload under each event type of its sender but
// its own.
func TestOtherEvents(t *testing.T) {
	types := map[string]map[string]bool{}
	for _, p := range payloads(t) {
		if types[p.sender] == nil {
			types[p.sender] = map[string]bool{"": true, "ping": true}
		}
		types[p.sender][p.event] = true
	}
	// These differ in the header alone, and mean the same to us.
	same := map[string]string{
		"pullrequest:created": "pullrequest:updated", "pullrequest:updated": "pullrequest:created",
		"pullrequest:fulfilled": "", "pr:opened": "pr:from_ref_updated", "pr:from_ref_updated": "pr:opened", "pr:merged": "",
	}
	for _, p := range payloads(t) {
		l := listen(t, p.sender, expected()[p.name].lacks...)
		for event := range types[p.sender] {
			_, alike := same[p.event]
			if event == p.event || alike && (same[event] != "" || same[p.event] == event) {
				continue
			}
			q := p
			q.event = event
			assert.Empty(t, l.Send(t, q.request(secret)).Runs, "%s as %q", p.name, event)
		}
	}
}

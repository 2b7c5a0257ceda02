package harness

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/simulate"
)

// everything is a cluster on which all features are on, as for [admitted].
var everything = &check.Profile{APIFields: "alpha", Features: []string{
	"enable-cel-in-whenexpression", "enable-param-enum", "enable-artifacts", "enable-concise-resolver-syntax",
}}

// uuid is the form of the identities that the sink makes.
var uuid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// simulated shows that the simulator says of a request what the sink did with it: which
// objects were created by which triggers, with the same content but for identities.
func (l *Listener) simulated(t testing.TB, r Request, url string, status int, created []object) {
	t.Helper()
	if len(l.network.services) > 0 {
		return // the simulator does not know what they answer
	}
	set, err := manifest.Read(strings.NewReader(string(l.stream)), "stream.yaml")
	require.NoError(t, err)
	options := simulate.EventOptions{Namespace: Namespace, Profile: everything, Secrets: map[simulate.SecretKey]string{}}
	for k, v := range l.secrets {
		options.Secrets[simulate.SecretKey{Namespace: k.namespace, Name: k.name, Key: k.key}] = v
	}
	var known bool
	options.Changed, known = filesOf(r)
	got, err := simulate.Event(set, simulate.HTTP{Header: r.Header, Body: r.Body, URL: url}, options)
	require.NoError(t, err)
	require.Len(t, got.Listeners, 1)
	if status != http.StatusAccepted {
		assert.Contains(t, got.Listeners[0].Refused, "400", "the sink answers %d", status)
		return
	}
	assert.Empty(t, got.Listeners[0].Refused)
	var want, have []string
	for _, o := range created {
		want = append(want, identical(t, o.raw.Object))
	}
	for _, tr := range got.Listeners[0].Triggers {
		if !known && strings.Contains(strings.Join(tr.Notes, "\n"), "no changed files are given") {
			return // the interceptor got an error from GitHub
		}
		for _, o := range tr.Objects {
			o.Object["metadata"].(map[string]any)["namespace"] = o.Namespace // as the API server does
			have = append(have, identical(t, o.Object))
		}
		assert.Equal(t, tr.Starts, len(tr.Objects) > 0)
		assert.Equal(t, tr.Starts, tr.Reason == "", "%s", tr.Reason)
	}
	slices.Sort(want)
	slices.Sort(have)
	if strings.Contains(strings.Join(want, "")+strings.Join(have, ""), "$(tt.params.") {
		return // whether the sink replaces a variable in a value changes from one time to the next
	}
	assert.Equal(t, want, have, "the simulator says something else than the sink")
}

// identical is an object as JSON, without identities.
func identical(t testing.TB, o map[string]any) string {
	t.Helper()
	text, err := json.Marshal(o)
	require.NoError(t, err)
	return uuid.ReplaceAllString(string(text), "UUID")
}

// filesOf are the files that GitHub's API has for the pull request of a request.
func filesOf(r Request) (files pac.ChangedFiles, known bool) {
	var body struct {
		Number     json.Number
		Repository struct {
			Name string `json:"full_name"`
		}
	}
	if json.Unmarshal(r.Body, &body) != nil {
		return files, false
	}
	api.Lock()
	defer api.Unlock()
	files.All, known = api.files["/repos/"+body.Repository.Name+"/pulls/"+body.Number.String()+"/files"]
	return files, known
}

package triggers_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/test/triggers/harness"
)

// payload is a file of testdata.
type payload struct {
	name   string
	sender string // as in senders
	event  string // what the sender's header says
	body   []byte
}

// payloads are all files of testdata, in the order of SOURCES.tsv.
func payloads(t *testing.T) []payload {
	t.Helper()
	table, err := os.ReadFile("testdata/SOURCES.tsv")
	require.NoError(t, err)
	var all []payload
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n")[1:] {
		columns := strings.Split(line, "\t")
		_, event, ok := strings.Cut(columns[1], ": ")
		require.True(t, ok, line)
		p := payload{name: strings.TrimSuffix(columns[0], ".json"), event: event}
		for sender := range senders {
			if strings.HasPrefix(p.name, sender+"-") {
				p.sender = sender
			}
		}
		require.NotEmpty(t, p.sender, line)
		p.body, err = os.ReadFile(filepath.Join("testdata", columns[0]))
		require.NoError(t, err)
		all = append(all, p)
	}
	return all
}

// load is one file of testdata.
func load(t *testing.T, name string) payload {
	t.Helper()
	for _, p := range payloads(t) {
		if p.name == name {
			return p
		}
	}
	t.Fatalf("SOURCES.tsv has no %s.json", name)
	return payload{}
}

// request is the payload as its sender posts it; "" does not sign.
func (p payload) request(secret string) harness.Request {
	switch p.sender {
	case "github":
		return harness.GitHub(p.event, p.body, secret)
	case "gitea":
		return harness.Gitea(p.event, p.body, secret)
	case "gitlab":
		return harness.GitLab(p.event, p.body, secret)
	}
	return harness.Bitbucket(p.event, p.body, secret)
}

// edit returns the payload with other values at dotted paths; nil removes one.
func (p payload) edit(t *testing.T, changes map[string]any) payload {
	t.Helper()
	var body any
	require.NoError(t, json.Unmarshal(p.body, &body))
	for path, v := range changes {
		put(t, body, strings.Split(path, "."), v)
	}
	var err error
	p.body, err = json.Marshal(body)
	require.NoError(t, err)
	return p
}

// has tells whether the payload has something at a dotted path.
func (p payload) has(t *testing.T, path string) bool {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(p.body, &v))
	for name := range strings.SplitSeq(path, ".") {
		object, ok := v.(map[string]any)
		if !ok || object[name] == nil {
			return false
		}
		v = object[name]
	}
	return true
}

// null is a value for edit that is null in the payload.
type null struct{}

// MarshalJSON writes null.
func (null) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

func put(t *testing.T, in any, path []string, v any) {
	t.Helper()
	if list, ok := in.([]any); ok {
		require.Equal(t, "0", path[0])
		if len(path) == 1 {
			list[0] = v
			return
		}
		put(t, list[0], path[1:], v)
		return
	}
	object, ok := in.(map[string]any)
	require.True(t, ok, "there is no %v", path)
	switch {
	case len(path) > 1:
		put(t, object[path[0]], path[1:], v)
	case v == nil:
		delete(object, path[0])
	default:
		object[path[0]] = v
	}
}

package events

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// secret is what the Secrets of the listeners hold.
const secret = "It's a Secret to Everybody"

// payload is what a sender has posted once, from the folder of test/triggers.
type payload struct {
	name   string
	header string // "X-GitHub-Event"
	event  string // "push"
	body   []byte
}

// recorded reads a payload, with the header that came with it.
func recorded(t *testing.T, name string) payload {
	t.Helper()
	dir := filepath.Join("..", "..", "triggers", "testdata")
	table, err := os.ReadFile(filepath.Join(dir, "SOURCES.tsv"))
	require.NoError(t, err)
	for line := range strings.Lines(string(table)) {
		columns := strings.Split(line, "\t")
		if columns[0] != name+".json" {
			continue
		}
		p := payload{name: name}
		p.header, p.event, _ = strings.Cut(columns[1], ": ")
		p.body, err = os.ReadFile(filepath.Join(dir, columns[0]))
		require.NoError(t, err)
		return p
	}
	require.FailNow(t, "there is no payload "+name)
	return payload{}
}

// with is the payload with other values at dotted paths.
func (p payload) with(t *testing.T, values map[string]any) payload {
	t.Helper()
	var body map[string]any
	require.NoError(t, json.Unmarshal(p.body, &body))
	for path, v := range values {
		at, names := body, strings.Split(path, ".")
		for _, n := range names[:len(names)-1] {
			next, ok := at[n].(map[string]any)
			require.True(t, ok, "%s has no %s", p.name, path)
			at = next
		}
		at[names[len(names)-1]] = v
	}
	var err error
	p.body, err = json.Marshal(body)
	require.NoError(t, err)
	return p
}

// request is the payload as its sender posts it; the key "" signs nothing.
func (p payload) request(t *testing.T, url, key string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(string(p.body)))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(p.header, p.event)
	if p.header == "X-Gitea-Event" {
		r.Header.Set("X-GitHub-Event", p.event)
	}
	if key == "" {
		return r
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(p.body)
	signature := hex.EncodeToString(mac.Sum(nil))
	switch p.header {
	case "X-Gitlab-Event":
		r.Header.Set("X-Gitlab-Token", key)
	case "X-Event-Key":
		r.Header.Set("X-Hub-Signature", "sha256="+signature)
	default:
		r.Header.Set("X-Hub-Signature-256", "sha256="+signature)
	}
	return r
}

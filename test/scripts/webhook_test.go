package scripts

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// posted is a request that a server got.
type posted struct {
	method, path string
	header       http.Header
	body         string
}

// receiver is a server that keeps requests, and answers as it is told.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	list   []posted
	code   int
	answer string
	wait   string // Retry-After
}

func newReceiver(t testing.TB) *receiver {
	t.Helper()
	need(t, "curl")
	r := &receiver{code: http.StatusCreated, answer: "{}"}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.list = append(r.list, posted{req.Method, req.URL.EscapedPath(), req.Header, string(body)})
		w.Header().Set("Location", "http://"+req.Host+"/elsewhere")
		if r.wait != "" {
			w.Header().Set("Retry-After", r.wait)
		}
		w.WriteHeader(r.code)
		_, _ = io.WriteString(w, r.answer)
	}))
	t.Cleanup(r.Close)
	return r
}

// last is the last request, with its body.
func (r *receiver) last(t testing.TB) (posted, map[string]any) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	require.NotEmpty(t, r.list)
	p := r.list[len(r.list)-1]
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(p.body), &body), p.body)
	return p, body
}

const theToken = `tok"en\with'odd$(characters)`

func reporting(t testing.TB, r *receiver, params map[string]string) run {
	t.Helper()
	all := map[string]string{"provider": "github", "api": r.URL, "repository": "acme/app", "commit": strings.Repeat("ab", 20), "state": "success"}
	maps.Copy(all, params)
	return run{
		task: define(t, tasks.CommitStatus{}), params: all,
		workspaces: map[string]string{"token": write(t, t.TempDir(), map[string]string{"token": theToken + "\n", "password": "other"})},
	}
}

func TestCommitStatus(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	commit := strings.Repeat("ab", 20)
	for name, c := range map[string]struct {
		params             map[string]string
		path, header, want string
		body               map[string]any
	}{
		"github":          {nil, "/repos/acme/app/statuses/" + commit, "Authorization", "Bearer " + theToken, map[string]any{"state": "success", "context": "tekton"}},
		"github failed":   {map[string]string{"state": "Failed"}, "/repos/acme/app/statuses/" + commit, "Authorization", "Bearer " + theToken, map[string]any{"state": "failure", "context": "tekton"}},
		"github done":     {map[string]string{"state": "Completed"}, "/repos/acme/app/statuses/" + commit, "Authorization", "Bearer " + theToken, map[string]any{"state": "success", "context": "tekton"}},
		"github none":     {map[string]string{"state": "None"}, "/repos/acme/app/statuses/" + commit, "Authorization", "Bearer " + theToken, map[string]any{"state": "error", "context": "tekton"}},
		"another file":    {map[string]string{"token-file": "password"}, "/repos/acme/app/statuses/" + commit, "Authorization", "Bearer other", map[string]any{"state": "success", "context": "tekton"}},
		"slashes":         {map[string]string{"api": r.URL + "/api/v3//"}, "/api/v3/repos/acme/app/statuses/" + commit, "Authorization", "Bearer " + theToken, map[string]any{"state": "success", "context": "tekton"}},
		"gitea":           {map[string]string{"provider": "gitea", "state": "failure", "api": r.URL + "/api/v1"}, "/api/v1/repos/acme/app/statuses/" + commit, "Authorization", "token " + theToken, map[string]any{"state": "failure", "context": "tekton"}},
		"gitlab":          {map[string]string{"provider": "gitlab", "repository": "a/b/c.d"}, "/projects/a%2Fb%2Fc.d/statuses/" + commit, "Private-Token", theToken, map[string]any{"state": "success", "context": "tekton"}},
		"gitlab number":   {map[string]string{"provider": "gitlab", "repository": "42", "state": "Failed"}, "/projects/42/statuses/" + commit, "Private-Token", theToken, map[string]any{"state": "failed", "context": "tekton"}},
		"gitlab canceled": {map[string]string{"provider": "gitlab", "state": "None"}, "/projects/acme%2Fapp/statuses/" + commit, "Private-Token", theToken, map[string]any{"state": "canceled", "context": "tekton"}},
		"texts": {
			map[string]string{"context": "a/\"b\"", "description": strings.Repeat("ü😀", 100), "target-url": "https://example.com/a?b=c&d#e"},
			"/repos/acme/app/statuses/" + commit, "Authorization", "Bearer " + theToken,
			map[string]any{"state": "success", "context": "a/\"b\"", "description": strings.Repeat("ü😀", 70), "target_url": "https://example.com/a?b=c&d#e"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"", applets(t)} {
				run := reporting(t, r, c.params)
				if path != "" {
					run.path = []string{path}
				}
				got := run.do(t).ok(t)
				p, body := r.last(t)
				assert.Equal(t, http.MethodPost, p.method)
				assert.Equal(t, c.path, p.path)
				assert.Equal(t, c.want, p.header.Get(c.header))
				assert.Equal(t, "application/json", p.header.Get("Content-Type"))
				assert.Equal(t, c.body, body)
				assert.NotContains(t, got.stdout+got.stderr, "odd")
			}
		})
	}
}

// The token is in no argument, no variable and no file that others can read.
func TestCommitStatusToken(t *testing.T) {
	t.Parallel()
	dir, env, calls := standins(t, []reply{{Stdout: "201"}}, "curl")
	r := reporting(t, &receiver{Server: &httptest.Server{URL: "https://api.example.com"}}, nil)
	r.path, r.env = []string{dir}, env
	got := r.do(t).ok(t)
	require.Len(t, calls(), 1)
	for _, text := range append(calls()[0].Args, calls()[0].Env...) {
		assert.NotContains(t, text, "odd")
	}
	assert.Equal(t, "--disable", calls()[0].Args[0], "no .curlrc")
	require.NoError(t, filepath.WalkDir(got.tmp, func(path string, d os.DirEntry, err error) error {
		require.NoError(t, err)
		if b, _ := os.ReadFile(path); strings.Contains(string(b), "odd") {
			info, err := d.Info()
			require.NoError(t, err)
			assert.Zero(t, info.Mode().Perm()&0o077, path)
		}
		return nil
	}))
}

func TestCommitStatusFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		params map[string]string
		code   int
		answer string
		want   string // "" if it succeeds
	}{
		"no permission":       {nil, 403, `{"message": "Resource not accessible"}`, "with code 403: {\"message\": \"Resource not accessible\"}"},
		"redirect":            {nil, 307, "", "with code 307"},
		"redirect to get":     {nil, 301, "", "with code 301"},
		"a forged line":       {nil, 422, "x\ncommit-status: tekton of it is success\n\x1b[2J", "with code 422: x?commit-status: tekton of it is success?[2J"},
		"a long answer":       {nil, 500, strings.Repeat("x", 5000), "with code 500: xxx"},
		"the token":           {nil, 401, `{"Authorization": "Bearer ` + theToken + `", "token": "` + theToken + `"}`, `with code 401: {"Authorization": "Bearer ***", "token": "***"}`},
		"a part of the token": {nil, 401, strings.Repeat("x", 495) + theToken, "xxxxx***\n"},
		"a part, later":       {nil, 401, theToken + strings.Repeat("x", 472) + theToken, "***" + strings.Repeat("x", 472) + "\n"},
		"the token in JSON":   {nil, 401, `{"Authorization": "Bearer tok\"en\\with'odd$(characters)"}`, "with code 401: ***\n"},
		"escaped and not":     {nil, 401, theToken + ` tok\u0022en\u005cwith\u0027odd$(characters)`, "with code 401: ***\n"},
		"escaped at the cut":  {nil, 401, strings.Repeat("x", 495) + `odd$(characters)`, "with code 401: ***\n"},
		"in a URL":            {nil, 401, `tok%22en%5Cwith%27odd%24%28characters%29`, "with code 401: ***\n"},
		"a percent sign":      {nil, 401, "%s%d***", "with code 401: %s%d***\n"},
		"gitlab, the same":    {map[string]string{"provider": "gitlab", "state": "pending"}, 400, `{"message":"Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via \"enqueue\")"}`, ""},
		"gitlab, another one": {map[string]string{"provider": "gitlab", "state": "pending"}, 400, `{"message":"Cannot transition status via :enqueue from :success"}`, "with code 400"},
		"github, the same":    {nil, 400, `Cannot transition status from :success`, "with code 400"},
		"no server":           {map[string]string{"api": "http://127.0.0.1:1"}, 0, "", "does not answer: curl ended with exit code 7"},
		"no provider":         {map[string]string{"provider": ""}, 0, "", "provider is ''"},
		"gitea without api":   {map[string]string{"provider": "gitea", "api": ""}, 0, "", "requires it"},
		"user in the api":     {map[string]string{"api": "https://u:secret@example.com"}, 0, "", "api is not a URL, or contains a user"},
		"file":                {map[string]string{"api": "file:///etc"}, 0, "", "is not an http or https URL"},
		"query":               {map[string]string{"api": "https://example.com/?a"}, 0, "", "api is not a URL"},
		"no owner":            {map[string]string{"repository": "app"}, 0, "", "is not OWNER/NAME"},
		"three parts":         {map[string]string{"repository": "a/b/c"}, 0, "", "is not OWNER/NAME"},
		"up":                  {map[string]string{"repository": "a/.."}, 0, "", "is not the path of a repository"},
		"another path":        {map[string]string{"repository": "a/b?x"}, 0, "", "is not the path of a repository"},
		"branch":              {map[string]string{"commit": "main"}, 0, "", "is not the full hash"},
		"deleted branch":      {map[string]string{"commit": strings.Repeat("0", 40)}, 0, "", "the branch was deleted"},
		"state":               {map[string]string{"state": "passed"}, 0, "", "state is 'passed'"},
		"no context":          {map[string]string{"context": ""}, 0, "", "context is empty"},
		"target":              {map[string]string{"target-url": "javascript:alert(1)"}, 0, "", "is not an http or https URL"},
		"target with a line":  {map[string]string{"target-url": "https://a\nb"}, 0, "", "target-url is not a URL: it contains a blank or a control character"},
		"no file":             {map[string]string{"token-file": "none"}, 0, "", "has no file 'none'"},
		"file elsewhere":      {map[string]string{"token-file": "../../etc/hostname"}, 0, "", "is not the name of a file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			r.code, r.answer = c.code, c.answer
			run := reporting(t, r, c.params)
			run.files = map[string]string{"--retry 3": "--retry 0"}
			got := run.do(t)
			assert.NotContains(t, got.stdout+got.stderr, "odd")
			for _, p := range r.list {
				assert.NotEqual(t, "/elsewhere", p.path)
			}
			if c.want == "" {
				got.ok(t)
				return
			}
			got.refused(t, "commit-status", c.want)
			assert.Equal(t, 1, strings.Count(got.stderr, "\n"), got.stderr)
			assert.Less(t, len(got.stderr), 800)
			assert.Equal(t, c.code == 0, len(r.list) == 0)
		})
	}
	for _, token := range []string{"", "\n", "a b", "a\nHeader: x", "ü", "a\x00\x01b"} {
		r := newReceiver(t)
		run := reporting(t, r, nil)
		write(t, run.workspaces["token"], map[string]string{"token": token})
		run.do(t).refused(t, "commit-status", "'token' of the token workspace")
		assert.Empty(t, r.list)
	}
}

// TestPostDoesNotWait: a server that asks to come back in an hour does not stop the step
// for an hour.
func TestPostDoesNotWait(t *testing.T) {
	t.Parallel()
	for _, wait := range []string{"3600", "Fri, 31 Dec 2100 23:59:59 GMT"} {
		r := newReceiver(t)
		r.code, r.wait = http.StatusTooManyRequests, wait
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for prefix, run := range map[string]run{"commit-status": reporting(t, r, nil), "notify": notifying(t, r, nil)} {
			run.ctx = ctx
			run.do(t).refused(t, prefix, "with code 429")
		}
	}
}

// TestPostEndless: an answer without an end does not fill the disk.
func TestPostEndless(t *testing.T) {
	t.Parallel()
	need(t, "curl")
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		w.WriteHeader(http.StatusInternalServerError)
		block := make([]byte, 1<<20)
		for range 1000 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}))
	defer endless.Close()
	r := &receiver{Server: endless}
	for prefix, run := range map[string]run{"commit-status": reporting(t, r, nil), "notify": notifying(t, r, nil)} {
		got := run.do(t)
		got.refused(t, prefix, "does not answer: curl ended with exit code ")
		left, err := filepath.Glob(filepath.Join(got.tmp, "*", "answer"))
		require.NoError(t, err)
		for _, file := range left {
			info, err := os.Stat(file)
			require.NoError(t, err)
			assert.LessOrEqual(t, info.Size(), int64(4<<20))
		}
	}
}

func TestCommitStatusHostile(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	for _, param := range []string{"provider", "api", "repository", "commit", "state", "context", "description", "target-url", "token-file"} {
		for _, value := range hostile {
			got := reporting(t, r, map[string]string{param: value}).do(t)
			for _, dir := range []string{got.work, got.home, got.tmp} {
				assert.NoFileExists(t, filepath.Join(dir, "canary"))
			}
			switch {
			case value == "" && (param == "description" || param == "target-url"):
				got.ok(t)
			case param == "api" && value == "":
				continue // the server of GitHub, which is not reached here
			case param == "context" && value != "", param == "description":
				got.ok(t)
				_, body := r.last(t)
				assert.Equal(t, value, body[param])
			default:
				got.refused(t, "commit-status", "")
			}
		}
	}
}

func notifying(t testing.TB, r *receiver, params map[string]string) run {
	t.Helper()
	all := map[string]string{"message": "release"}
	maps.Copy(all, params)
	statuses := strings.Fields(all["tasks"])
	delete(all, "tasks")
	return run{
		task: define(t, tasks.Notify{}), params: all, arrays: map[string][]string{"tasks": statuses},
		workspaces: map[string]string{"webhook": write(t, t.TempDir(), map[string]string{"url": r.URL + "/services/secret?key=odd&x={a,b}[1-2]\r\n", "other": r.URL + "/other"})},
	}
}

func TestNotify(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	const text = "a <!channel> & <https://evil|x>\n\"q\" \\ @everyone $(id) ü\x01"
	for name, c := range map[string]struct {
		params map[string]string
		want   map[string]any
	}{
		"default": {nil, map[string]any{"text": "release"}},
		"slack": {map[string]string{"message": text, "status": "Failed", "link": "https://example.com/?a=b&c"},
			map[string]any{"text": "Failed: a &lt;!channel&gt; &amp; &lt;https://evil|x&gt;\n\"q\" \\ @everyone $(id) ü\x01\nhttps://example.com/?a=b&amp;c"}},
		"discord": {map[string]string{"message": text, "format": "discord", "link": "https://example.com"},
			map[string]any{"content": text + "\nhttps://example.com", "allowed_mentions": map[string]any{"parse": []any{}}}},
		"json": {map[string]string{"message": text, "format": "json", "status": "Succeeded"},
			map[string]any{"status": "Succeeded", "message": text, "link": ""}},
		"teams": {map[string]string{"message": "m", "format": "teams", "status": "Succeeded", "link": "https://example.com"},
			map[string]any{"type": "message", "attachments": []any{map[string]any{"contentType": "application/vnd.microsoft.card.adaptive", "content": map[string]any{
				"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
				"body":    []any{map[string]any{"type": "TextBlock", "wrap": true, "text": "Succeeded: m"}},
				"actions": []any{map[string]any{"type": "Action.OpenUrl", "title": "Open", "url": "https://example.com"}},
			}}}}},
		"long": {map[string]string{"message": strings.Repeat("😀", 3000), "format": "discord"},
			map[string]any{"content": strings.Repeat("😀", 2000), "allowed_mentions": map[string]any{"parse": []any{}}}},
		"failed tasks": {map[string]string{"tasks": "clone=Succeeded scan=Failed join=None a=b=Failed", "status": "Failed"},
			map[string]any{"text": "Failed: release\nfailed tasks: scan, a=b"}},
		"no failed tasks": {map[string]string{"tasks": "clone=Succeeded Failed=None"}, map[string]any{"text": "release"}},
		"not UTF-8":       {map[string]string{"message": "a\xffb\xc3(\xed\xa0\x80", "format": "json"}, map[string]any{"status": "", "message": "a\ufffdb\ufffd(\ufffd\ufffd\ufffd", "link": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"", applets(t)} {
				run := notifying(t, r, c.params)
				if path != "" {
					run.path = []string{path}
				}
				got := run.do(t).ok(t)
				p, body := r.last(t)
				assert.Equal(t, c.want, body)
				assert.Equal(t, "/services/secret", p.path)
				assert.Equal(t, "notify: posted the message\n", got.stdout)
				assert.Empty(t, got.stderr)
			}
		})
	}
	run := notifying(t, r, map[string]string{"url-file": "other"})
	run.do(t).ok(t)
	p, _ := r.last(t)
	assert.Equal(t, "/other", p.path)
}

// The URL is a secret: whatever happens, no log and no argument has it.
func TestNotifyFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		params map[string]string
		url    string
		code   int
		want   string
	}{
		"refused":       {nil, "", 404, "the webhook refused the message with code 404"},
		"redirect":      {nil, "", 308, "with code 308"},
		"no server":     {nil, "http://127.0.0.1:1/odd", 0, "the webhook does not answer: curl ended with exit code 7"},
		"no host":       {nil, "http://odd.invalid/odd", 0, "the webhook does not answer: curl ended with exit code"},
		"a file":        {nil, "file:///etc/odd", 0, "'url' of the webhook workspace is not an http or https URL"},
		"an option":     {nil, "-oodd", 0, "is not an http or https URL"},
		"two lines":     {nil, "http://a/odd\noutput = \"canary\"", 0, "contains a blank"},
		"malformed":     {nil, "http://[odd", 0, "does not answer"},
		"no message":    {map[string]string{"message": ""}, "", 0, "message is empty"},
		"format":        {map[string]string{"format": "xml"}, "", 0, "format is 'xml'"},
		"task":          {map[string]string{"tasks": "Failed"}, "", 0, "task 'Failed' is not NAME=STATUS"},
		"task name":     {map[string]string{"tasks": "=Failed"}, "", 0, "task '=Failed' has no name"},
		"link":          {map[string]string{"link": "javascript:x"}, "", 0, "is not an http or https URL"},
		"file of a dir": {map[string]string{"url-file": "../url"}, "", 0, "is not the name of a file"},
		"no file":       {map[string]string{"url-file": "URL"}, "", 0, "has no file 'URL'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			r.code, r.answer = c.code, "no such hook: "+r.URL+"/services/secret?key=odd"
			run := notifying(t, r, c.params)
			run.files = map[string]string{"--retry 3": "--retry 0"}
			if c.url != "" {
				write(t, run.workspaces["webhook"], map[string]string{"url": c.url})
			}
			got := run.do(t)
			got.refused(t, "notify", c.want)
			assert.NotContains(t, got.stdout+got.stderr, "odd")
			assert.NoFileExists(t, filepath.Join(got.work, "canary"))
			assert.LessOrEqual(t, len(r.list), 1)
		})
	}
	dir, env, calls := standins(t, []reply{{Stdout: "200"}}, "curl")
	run := notifying(t, &receiver{Server: &httptest.Server{URL: "https://hooks.example.com"}}, nil)
	run.path, run.env = []string{dir}, env
	run.do(t).ok(t)
	require.Len(t, calls(), 1)
	for _, text := range append(calls()[0].Args, calls()[0].Env...) {
		assert.NotContains(t, text, "odd")
	}
}

// TestLinksWithLogins: a message shows no login of a link, wherever it contains a blank or a
// control character.
func TestLinksWithLogins(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	const secret = "odd-password"
	for _, odd := range []string{" ", "\t", "\n", "\r", "\x1b", "\u2028", "' ", "'\n"} {
		for _, text := range []string{"https://u" + odd + "r:" + secret + "@host/x", "https://u:a" + odd + secret + "@host", "x://u:a" + odd + secret + "@host", "https://u:" + secret + "/@host/a" + odd + "b"} {
			for _, run := range []run{notifying(t, r, map[string]string{"link": text}), reporting(t, r, map[string]string{"target-url": text})} {
				got := run.do(t)
				assert.NotContains(t, got.stdout+got.stderr, secret, "%q", text)
				assert.NotContains(t, got.stdout+got.stderr, "u:", "%q", text)
				if odd != "\u2028" || strings.HasPrefix(text, "x") {
					assert.Equal(t, 1, got.code)
				}
				assert.Equal(t, 1, strings.Count(got.stdout+got.stderr, "\n"))
			}
		}
	}
}

func TestNotifyHostile(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	for _, param := range []string{"message", "status", "link", "format", "url-file"} {
		for _, value := range append([]string{"\x00"[:0] + "\u2028", "a\rb", strings.Repeat("ü", 100)}, hostile...) {
			params := map[string]string{"format": "json", param: value}
			got := notifying(t, r, params).do(t)
			for _, dir := range []string{got.work, got.home, got.tmp} {
				assert.NoFileExists(t, filepath.Join(dir, "canary"))
			}
			if param == "message" && value != "" || param == "status" || param == "link" && value == "" {
				got.ok(t)
				_, body := r.last(t)
				assert.Equal(t, value, body[param])
				assert.True(t, utf8.ValidString(value))
				continue
			}
			got.refused(t, "notify", "")
		}
	}
}

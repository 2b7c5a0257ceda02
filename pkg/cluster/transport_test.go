package cluster_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// operations are the methods that send requests.
var operations = map[string]func(context.Context, *cluster.Client) error{
	"Start": func(ctx context.Context, c *cluster.Client) error {
		_, err := c.Start(ctx, greeting("hello"), cluster.StartOptions{})
		return err
	},
	"Start of a run without a name": func(ctx context.Context, c *cluster.Client) error {
		_, err := c.Start(ctx, greeting("hello"), cluster.StartOptions{Again: true})
		return err
	},
	"Apply": func(ctx context.Context, c *cluster.Client) error {
		_, err := c.Apply(ctx, manifest.FromObjects(&corev1.ServiceAccount{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"}, ObjectMeta: metav1.ObjectMeta{Name: "a"},
		}), cluster.ApplyOptions{})
		return err
	},
	"Versions": func(ctx context.Context, c *cluster.Client) error {
		_, err := c.Versions(ctx)
		return err
	},
	"Status": func(ctx context.Context, c *cluster.Client) error {
		_, err := c.PipelineRun("ci", "a").Status(ctx)
		return err
	},
	"Follow": func(ctx context.Context, c *cluster.Client) error {
		_, err := c.PipelineRun("ci", "a").Follow(ctx, cluster.FollowOptions{Attempts: 1})
		return err
	},
	"Cancel": func(ctx context.Context, c *cluster.Client) error {
		return c.PipelineRun("ci", "a").Cancel(ctx, cluster.CancelMode(""))
	},
}

// connected returns a client of a server.
func connected(t *testing.T, address string, limit time.Duration) *cluster.Client {
	t.Helper()
	c, err := cluster.New(&rest.Config{Host: address}, cluster.Options{Namespace: "ci", RequestTimeout: limit})
	require.NoError(t, err)
	return c
}

// silent returns the address of a server that accepts connections and never answers.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
		}
	}()
	return "http://" + l.Addr().String()
}

// slow returns the address of a server that begins to answer and does not end.
func slow(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"a":`)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestNoAnswer tests that no method waits for long for a server that does not answer.
func TestNoAnswer(t *testing.T) {
	for name, do := range operations {
		for _, server := range []func(*testing.T) string{silent, slow} {
			address := server(t)
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			err := do(ctx, connected(t, address, 50*time.Millisecond))
			require.NoError(t, ctx.Err(), name)
			cancel()
			require.Error(t, err, name)
			assert.Contains(t, err.Error(), "no answer within 50ms", name)
			if name == "Start of a run without a name" {
				assert.Contains(t, err.Error(), "check whether it exists", name)
				continue
			}
			var unreachable *cluster.UnreachableError
			if assert.ErrorAs(t, err, &unreachable, name) {
				assert.Equal(t, address, unreachable.Host, name)
				assert.Equal(t, 1, unreachable.Attempts, name)
			}
		}
	}
}

// TestCause tests that an error wraps why a context has ended, and names the server.
func TestCause(t *testing.T) {
	enough := errors.New("that is enough")
	for name, do := range operations {
		for _, server := range []func(*testing.T) string{silent, slow} {
			address := server(t)
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(50*time.Millisecond, func() { cancel(enough) })
			err := do(ctx, connected(t, address, 0))
			require.ErrorIs(t, err, enough, name)
			assert.Contains(t, err.Error(), "that is enough", name)
			if name == "Follow" {
				continue // it says that the run keeps running
			}
			require.ErrorIs(t, err, context.Canceled, name)
			assert.Contains(t, err.Error(), address, name)
		}
	}
}

// TestNotKubernetes tests servers of something else.
func TestNotKubernetes(t *testing.T) {
	page := func(code int, kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(code)
			_, _ = io.WriteString(w, text)
		}
	}
	login := page(http.StatusOK, "text/html; charset=utf-8", "<html>who are you?</html>")
	for kind, handler := range map[string]http.HandlerFunc{
		"404":            http.NotFound,
		"404 as a page":  page(http.StatusNotFound, "text/html", "<html>not found</html>"),
		"404 without it": page(http.StatusNotFound, "application/json", ""),
		"a page":         login,
		"a refused page": page(http.StatusForbidden, "text/html", "<html>no</html>"),
		"a login": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/login" {
				http.Redirect(w, r, "/login", http.StatusFound)
				return
			}
			login(w, r)
		},
	} {
		s := httptest.NewServer(handler)
		for name, do := range operations {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			err := do(ctx, connected(t, s.URL, 0))
			require.NoError(t, ctx.Err(), "%s of %s", kind, name)
			cancel()
			var foreign *cluster.NotKubernetesError
			if assert.ErrorAs(t, err, &foreign, "%s of %s", kind, name) {
				assert.Contains(t, err.Error(), "the server at "+s.URL+" is not a Kubernetes API server: it ", "%s of %s", kind, name)
			}
		}
		s.Close()
	}
	// An API server without Tekton is one.
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/version" {
			page(http.StatusOK, "application/json", `{"gitVersion":"v1.36.3"}`)(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	defer s.Close()
	var missing *cluster.NotServedError
	require.ErrorAs(t, operations["Start"](t.Context(), connected(t, s.URL, 0)), &missing)
	// A page that says that a proxy is overloaded is no reason to give up.
	s = httptest.NewServer(page(http.StatusServiceUnavailable, "text/html", "<html>busy</html>"))
	defer s.Close()
	c, err := cluster.New(&rest.Config{Host: s.URL}, cluster.Options{Attempts: 2})
	require.NoError(t, err)
	var busy *cluster.UnreachableError
	require.ErrorAs(t, operations["Status"](t.Context(), c), &busy)
	assert.Equal(t, 2, busy.Attempts)
}

// TestFollowRefused tests that Follow does not repeat a request that cannot succeed.
func TestFollowRefused(t *testing.T) {
	var lists atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		lists.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Invalid","code":422,"message":"unable to parse the selector"}`)
	}))
	defer s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err := connected(t, s.URL, 0).PipelineRun("ci", "a").Follow(ctx, cluster.FollowOptions{})
	require.NoError(t, ctx.Err())
	require.ErrorContains(t, err, "unable to parse the selector")
	assert.LessOrEqual(t, lists.Load(), int64(3), "one for each kind")
}

// TestWatchIsNotLimited tests that a watch may be silent for longer than the limit.
func TestWatchIsNotLimited(t *testing.T) {
	s := newRunServer(t)
	run := &v1.PipelineRun{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "PipelineRun"}, ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "e2e", UID: "1"}}
	run.Status.MarkRunning("Running", "")
	s.put(run)
	c := connected(t, s.URL, 200*time.Millisecond)
	time.AfterFunc(time.Second, func() {
		done := run.DeepCopy()
		done.Status.MarkSucceeded("Succeeded", "")
		s.put(done)
	})
	_, err := c.PipelineRun("e2e", "a").Follow(t.Context(), cluster.FollowOptions{Attempts: 1, IdleTimeout: time.Millisecond})
	require.NoError(t, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	assert.LessOrEqual(t, s.lists, 3, "the watch was not repeated")
}

// TestQuiet tests that client-go writes nothing to standard error.
func TestQuiet(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/stderr")
	require.NoError(t, err)
	before := os.Stderr
	os.Stderr = file
	defer func() { os.Stderr = before }()
	attempts := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Warning", `299 - "this is old"`)
		w.Header().Set("Content-Type", "application/json")
		switch attempts++; {
		case r.URL.Query().Has("watch"):
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Unauthorized","code":401}`)
		case attempts%3 == 0:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "pipelineruns"):
			_, _ = io.WriteString(w, `{"kind":"PipelineRunList","apiVersion":"tekton.dev/v1","metadata":{"resourceVersion":"7"},"items":[]}`)
		default:
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
	defer s.Close()
	c, err := cluster.New(&rest.Config{Host: s.URL, QPS: 0.8, Burst: 1}, cluster.Options{Namespace: "ci", Attempts: 2}) // requests wait for more than a second
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for _, name := range []string{"Start", "Status", "Follow"} {
		require.Error(t, operations[name](ctx, c))
	}
	require.NoError(t, file.Close())
	written, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	assert.Empty(t, string(written))
}

package fetch_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/bind/fetch"
)

// stranger is a registry that answers what it likes.
type stranger struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]http.HandlerFunc // by the path
	asked   []string
}

func newStranger(t *testing.T) *stranger {
	t.Helper()
	s := &stranger{answers: map[string]http.HandlerFunc{"/v2/": func(http.ResponseWriter, *http.Request) {}}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		answer := s.answers[r.URL.Path]
		s.mu.Unlock()
		if answer == nil {
			http.NotFound(w, r)
			return
		}
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	return s
}

func (s *stranger) host() string { return strings.TrimPrefix(s.URL, "http://") }

func sha(b []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(b)) }

// blob adds a blob, and returns its descriptor.
func (s *stranger) blob(b []byte) map[string]any {
	s.answers["/v2/ci/a/blobs/"+sha(b)] = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b) }
	return map[string]any{
		"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": sha(b), "size": len(b),
		"annotations": map[string]string{"dev.tekton.image.kind": "task", "dev.tekton.image.name": "notify", "dev.tekton.image.apiVersion": "v1"},
	}
}

// manifest adds a manifest, and returns its descriptor.
func (s *stranger) manifest(tag, mediaType string, m map[string]any) map[string]any {
	m["schemaVersion"], m["mediaType"] = 2, mediaType
	b, _ := json.Marshal(m)
	answer := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		_, _ = w.Write(b)
	}
	s.answers["/v2/ci/a/manifests/"+tag], s.answers["/v2/ci/a/manifests/"+sha(b)] = answer, answer
	return map[string]any{"mediaType": mediaType, "digest": sha(b), "size": len(b)}
}

const (
	imageType = "application/vnd.oci.image.manifest.v1+json"
	indexType = "application/vnd.oci.image.index.v1+json"
)

// bundle adds an image with layers.
func (s *stranger) bundle(tag string, layers ...map[string]any) map[string]any {
	config := s.blob([]byte("{}"))
	return s.manifest(tag, imageType, map[string]any{"config": config, "layers": layers})
}

func (s *stranger) fetch(t *testing.T, tag string) error {
	t.Helper()
	_, err := fetched(t, &fetch.Fetcher{}, "bundle://"+s.host()+"/ci/a:"+tag+"#notify")
	return err
}

// with returns a descriptor with other values.
func with(d map[string]any, pairs ...any) map[string]any {
	out := maps.Clone(d)
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1] //nolint:forcetypeassert // the tests pass names
	}
	return out
}

func zipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// TestBundleOtherServers tests that a manifest sends no request to a server that it names.
func TestBundleOtherServers(t *testing.T) {
	s := newStranger(t)
	var asked atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte(task))
	}))
	defer other.Close()
	here := s.blob([]byte(task))
	urls := []string{strings.Replace(other.URL, "127.0.0.1", "localhost", 1) + "/x", other.URL + "/x"}
	s.bundle("both", with(here, "urls", urls))
	require.NoError(t, s.fetch(t, "both"))

	// The config can have the digest of the layer.
	absent := with(here, "digest", sha([]byte("absent")), "size", 6)
	s.bundle("only", with(absent, "urls", urls))
	s.manifest("config", imageType, map[string]any{"config": with(absent, "urls", urls), "layers": []any{absent}})
	for _, tag := range []string{"only", "config"} {
		require.EqualError(t, s.fetch(t, tag), `task "notify": the registry does not have its layer`)
	}
	assert.Zero(t, asked.Load())
}

// TestBundleLies tests layers and manifests that are not what they are said to be.
func TestBundleLies(t *testing.T) {
	s := newStranger(t)
	l := s.blob([]byte(task))
	s.bundle("short", with(l, "size", 3))
	s.bundle("long", with(l, "size", 1<<50))
	s.bundle("negative", with(l, "size", -1<<40))
	s.answers["/v2/ci/a/blobs/"+sha([]byte("x"))] = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(task)) }
	s.bundle("digest", with(l, "digest", sha([]byte("x"))))
	s.bundle("path", with(l, "digest", "sha256:../../../x"))
	s.bundle("algorithm", with(l, "digest", "md5:"+strings.Repeat("0", 32)))
	s.bundle("data", with(l, "data", base64.StdEncoding.EncodeToString([]byte("other"))))
	s.bundle("bomb", s.blob(zipped(t, bytes.Repeat([]byte(" "), 40<<20))))
	s.bundle("header", s.blob(zipped(t, append([]byte("x"), make([]byte, 40<<20)...))))
	for _, tag := range []string{"short", "long", "negative", "digest", "path", "algorithm", "data", "bomb", "header"} {
		err := s.fetch(t, tag)
		require.Error(t, err, tag)
		assert.NotContains(t, err.Error(), "\n", tag)
	}
	s.manifest("notype", "text/plain", map[string]any{"layers": []any{l}})
	require.NoError(t, s.fetch(t, "notype"))
}

// TestBundleNames tests that names of a bundle cannot write lines of a message.
func TestBundleNames(t *testing.T) {
	s := newStranger(t)
	l := s.blob([]byte(task))
	named := func(kind, name string) map[string]any {
		return with(l, "annotations", map[string]string{"dev.tekton.image.kind": kind, "dev.tekton.image.name": name, "dev.tekton.image.apiVersion": "v1"})
	}
	s.bundle("lines", named("task", "../../x\n::error::forged"), named("task", strings.Repeat("é", 1<<20)), named("pipeline", "p"))
	err := s.fetch(t, "lines")
	require.ErrorContains(t, err, "\n  help: it has \"../../x\\n::error::forged\", \"éé")
	assert.Less(t, len(err.Error()), 400)
	s.bundle("kind", named("\x1b]0;x\a", "notify"), named(strings.Repeat("S", 1<<20), "notify"))
	err = s.fetch(t, "kind")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "\x1b")
	assert.Less(t, len(err.Error()), 400)
	s.bundle("none", named("pipeline", "p"))
	require.EqualError(t, s.fetch(t, "none"), "the bundle has no Task and no StepAction")
}

// TestBundleChain tests that indexes that refer to indexes come to an end.
func TestBundleChain(t *testing.T) {
	s := newStranger(t)
	last := s.bundle("image", s.blob([]byte(task)))
	for i := range 600 {
		last = s.manifest(fmt.Sprint("chain", i), indexType, map[string]any{"manifests": []any{last}})
	}
	require.NoError(t, s.fetch(t, "chain5"))
	require.EqualError(t, s.fetch(t, "chain599"), "it needs more than 500 requests")

	// One that refers to itself has not the digest of its own text.
	self := map[string]any{"mediaType": indexType, "digest": sha([]byte("x")), "size": 1}
	s.manifest("self", indexType, map[string]any{"manifests": []any{self}})
	s.answers["/v2/ci/a/manifests/"+sha([]byte("x"))] = s.answers["/v2/ci/a/manifests/self"]
	require.ErrorContains(t, s.fetch(t, "self"), "does not match requested digest")
}

// TestBundleRedirects tests that redirects end, stay encrypted, and do not get credentials.
func TestBundleRedirects(t *testing.T) {
	for _, how := range []string{"Basic", "Bearer"} {
		s := newStranger(t)
		image := s.bundle("image", s.blob([]byte(task)))
		var asked, got atomic.Int32
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			if r.Header.Get("Authorization") != "" || strings.Contains(r.URL.RawQuery, "geheim") {
				got.Add(1)
			}
			if strings.HasSuffix(r.URL.Path, "ask") {
				w.Header().Set("WWW-Authenticate", r.URL.Query().Get("how")+` realm="`+s.URL+`/token",service="x"`)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			s.mu.Lock()
			answer := s.answers[r.URL.Path]
			s.mu.Unlock()
			answer(w, r)
		}))
		defer other.Close()
		elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
		config := filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json")
		require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `{"auths": {%q: {"auth": %q}}}`, s.host(), base64.StdEncoding.EncodeToString([]byte("me:geheim"))), 0o600))
		var known atomic.Int32
		s.answers["/v2/"] = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", how+` realm="`+s.URL+`/token",service="x"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
		s.answers["/token"] = func(w http.ResponseWriter, r *http.Request) {
			if _, password, _ := r.BasicAuth(); password == "geheim" {
				fmt.Fprint(w, `{"token": "t"}`)
			}
		}
		to := func(target string) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "" {
					known.Add(1)
				}
				http.Redirect(w, r, target, http.StatusTemporaryRedirect)
			}
		}
		digest := image["digest"].(string) //nolint:forcetypeassert // it is made above
		s.answers["/v2/ci/a/manifests/moved"] = to(elsewhere + "/v2/ci/a/manifests/" + digest)
		s.answers["/v2/ci/a/manifests/asked"] = to(elsewhere + "/ask?how=" + how)
		s.answers["/v2/ci/a/manifests/loop"] = to(s.URL + "/v2/ci/a/manifests/loop")
		s.answers["/v2/ci/a/manifests/plain"] = to("http://registry.invalid/x")
		require.NoError(t, s.fetch(t, "moved"))
		require.EqualError(t, s.fetch(t, "asked"), "the registry refuses access\n  help: log in with docker login or podman login")
		require.EqualError(t, s.fetch(t, "loop"), "the server redirects more than 5 times")
		require.EqualError(t, s.fetch(t, "plain"), "the server redirects to an address without https")
		assert.GreaterOrEqual(t, asked.Load(), int32(2), how)
		assert.GreaterOrEqual(t, known.Load(), int32(9), how)
		assert.Zero(t, got.Load(), how)
	}
}

// TestBundleWindow tests that a layer in zstd does not choose how much memory it takes.
func TestBundleWindow(t *testing.T) {
	s := newStranger(t)
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	require.NoError(t, err)
	s.bundle("zstd", s.blob(w.EncodeAll([]byte(task), nil)))
	require.NoError(t, s.fetch(t, "zstd"))

	// A window of 512 MiB, and a segment of 1 GiB, after a frame with the start of the Task.
	start := w.EncodeAll([]byte(task[:10]), nil)
	window := "\x28\xb5\x2f\xfd\x00\x98\x09\x00\x00x"
	segment := "\x28\xb5\x2f\xfd\xa0\x00\x00\x00\x40\x09\x00\x00x"
	for tag, frame := range map[string]string{"window": window, "segment": segment} {
		s.bundle(tag, s.blob(append(slices.Clip(start), frame...)))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		require.Error(t, s.fetch(t, tag), tag)
		runtime.ReadMemStats(&after)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(128<<20), tag)
	}
}

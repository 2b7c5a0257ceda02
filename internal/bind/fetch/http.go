package fetch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/internal/bounded"
)

// errNotFound means that the server does not have the file.
var errNotFound = errors.New("the server does not have it")

// maxRedirects is how often a server may send the client elsewhere.
const maxRedirects = 5

// client returns a client for files. What it may be redirected to is a matter of its transport.
func (f *Fetcher) client() *http.Client {
	return &http.Client{Transport: f.transport(), Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
}

// redirected returns an error if a request was redirected too often, or to where no server may
// send its client. It is a matter of the transport, because the client of
// go-containerregistry follows redirects without an end.
func redirected(r *http.Request) error {
	first, times := r, 0
	for first.Response != nil && first.Response.Request != nil {
		first = first.Response.Request
		times++
	}
	switch {
	case times > maxRedirects:
		return fmt.Errorf("the server redirects more than %d times", maxRedirects)
	case times > 0 && r.URL.Scheme != "https" && (first.URL.Scheme != "http" || local(first.URL) && !local(r.URL)):
		return errors.New("the server redirects to an address without https")
	case times > 0 && local(r.URL) && !local(first.URL):
		return errors.New("the server redirects to this machine")
	}
	return nil
}

func local(u *url.URL) bool {
	h := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	ip := net.ParseIP(h)
	return h == "localhost" || strings.HasSuffix(h, ".localhost") || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// transport returns the base of all connections for one source.
func (f *Fetcher) transport() http.RoundTripper {
	base := f.Transport
	if base == nil {
		base = http.DefaultTransport
	}
	return &limited{base: base}
}

// maxRequests is the maximum number of requests for a source. The manifests of a registry can
// refer to each other in a chain of any length.
const maxRequests = 500

// limited limits the size of answers, their number and the redirects.
type limited struct {
	base  http.RoundTripper
	count atomic.Int64
}

// RoundTrip sends a request.
func (l *limited) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := redirected(r); err != nil {
		return nil, err
	}
	if l.count.Add(1) > maxRequests {
		return nil, fmt.Errorf("it needs more than %d requests", maxRequests)
	}
	answer, err := l.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{newAtMost(answer.Body, maxAnswer), answer.Body}
	return answer, nil
}

// maxAnswer is the maximum size of an answer: that of a file, in JSON.
const maxAnswer = 4 * bind.MaxBytes

// atMost is a reader that fails when there is more.
type atMost struct {
	io.Reader
	left, limit int64
}

func newAtMost(r io.Reader, limit int64) *atMost { return &atMost{r, limit, limit} }

// Read reads a part.
func (a *atMost) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	if a.left -= int64(n); a.left < 0 {
		return 0, fmt.Errorf("the answer is larger than %d MiB", a.limit>>20)
	}
	return n, err
}

// get returns a file.
func (f *Fetcher) get(ctx context.Context, address string, user *url.Userinfo) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("it is not a URL")
	}
	r.Header.Set("User-Agent", "tekwright")
	if user != nil {
		password, _ := user.Password()
		r.SetBasicAuth(user.Username(), password)
	}
	answer, err := f.client().Do(r)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusNotFound:
		return nil, errNotFound
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the server answers %s", answer.Status)
	}
	text, err := bounded.ReadAll(answer.Body, maxAnswer)
	if err != nil {
		return nil, withoutURL(err)
	}
	if head := bytes.ToLower(bytes.TrimSpace(text[:min(len(text), 200)])); bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html")) {
		return nil, errors.New("it is a web page\n  help: use the address of the file itself, such as that of Raw on GitHub")
	}
	return text, nil
}

// withoutURL returns the cause of an error of package http, whose text has the address with
// all that is secret in it.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		if u.Timeout() {
			return errors.New("the server does not answer in time")
		}
		return u.Err
	}
	return err
}

// artifactHub is the address of Artifact Hub.
const artifactHub = "https://artifacthub.io"

// hub asks a hub, as the hub resolver of Tekton does.
func (f *Fetcher) hub(ctx context.Context, s bind.Source) (bind.Fetched, error) {
	kinds := []string{"task"}
	if s.Catalog != "" {
		kinds = append(kinds, "stepaction")
	}
	var got bind.Fetched
	for _, kind := range kinds {
		address, err := f.hubAddress(s, kind)
		if err != nil {
			return got, err
		}
		answer, err := f.get(ctx, address, nil)
		if errors.Is(err, errNotFound) {
			continue
		}
		if err != nil {
			return got, err
		}
		var body struct {
			Data struct {
				Manifest string `json:"manifestRaw"` // of Artifact Hub
				YAML     string `json:"yaml"`        // of a Tekton Hub
			} `json:"data"`
		}
		if err := json.Unmarshal(answer, &body); err != nil {
			return got, errors.New("the answer of the hub is not JSON")
		}
		text := body.Data.Manifest
		if s.TektonHub {
			text = body.Data.YAML
		}
		if text == "" {
			return got, errors.New("the answer of the hub has no YAML")
		}
		got.Files = []bind.Text{{Bytes: []byte(text)}}
		return got, nil
	}
	return got, fmt.Errorf("the hub has no version %s of %s", s.Version, s.Name)
}

// hubAddress returns the address of a version. The versions of Artifact Hub have three
// numbers, those of a Tekton Hub have two.
func (f *Fetcher) hubAddress(s bind.Source, kind string) (string, error) {
	numbers := strings.Split(s.Version, ".")
	if s.TektonHub {
		base, err := hubBase(f.Env("TEKTON_HUB_API"), "")
		if err != nil {
			return "", err
		}
		catalog := s.Catalog
		if catalog == "" {
			catalog = "Tekton"
		}
		version := strings.Join(numbers[:min(2, len(numbers))], ".")
		return fmt.Sprintf("%s/v1/resource/%s/%s/%s/%s/yaml", base, catalog, kind, s.Name, version), nil
	}
	base, err := hubBase(f.Env("ARTIFACT_HUB_API"), artifactHub)
	if err != nil {
		return "", err
	}
	catalog, version := s.Catalog, s.Version
	if catalog == "" {
		catalog = "tekton-catalog-tasks"
	}
	if len(numbers) == 2 {
		version += ".0"
	}
	return fmt.Sprintf("%s/api/v1/packages/tekton-%s/%s/%s/%s", base, kind, catalog, s.Name, version), nil
}

// hubBase returns the address of a hub.
func hubBase(given, usual string) (string, error) {
	if given == "" {
		given = usual
	}
	if given == "" {
		return "", errors.New("a Tekton Hub has no usual address\n  help: set TEKTON_HUB_API to it")
	}
	u, err := url.Parse(given)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && local(u)) {
		return "", errors.New("the address of the hub in the environment is not a URL with https")
	}
	return strings.TrimRight(given, "/"), nil
}

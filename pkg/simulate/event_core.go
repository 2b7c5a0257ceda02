package simulate

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http" //nolint:depguard // Tekton's interceptors are handlers, called in this process
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/interceptors"
	"github.com/tektoncd/triggers/pkg/interceptors/github"
	"github.com/tektoncd/triggers/pkg/interceptors/server"
	"go.uber.org/zap"
	"golang.org/x/oauth2"
)

// ask sends the request to the server of Tekton's interceptors, which answers in this process.
func ask(ctx context.Context, name string, request *v1beta1.InterceptorRequest, secrets interceptors.SecretGetter) (*v1beta1.InterceptorResponse, error) {
	core, err := server.NewWithCoreInterceptors(secrets, zap.NewNop().Sugar())
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) { return answered(core, r) })}
	return interceptors.Execute(ctx, client, request, "http://"+interceptors.CoreInterceptorsHost+"/"+name)
}

// roundTrip is a function as the transport of a client.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answered is the answer of a handler. If it panics, a server closes the connection.
func answered(h http.Handler, r *http.Request) (response *http.Response, err error) {
	defer func() {
		if v := recover(); v != nil {
			response, err = nil, fmt.Errorf("the code of Tekton panics on this event: %v", v)
		}
	}()
	w := &recorder{status: http.StatusOK, header: http.Header{}}
	h.ServeHTTP(w, r)
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.text), Request: r}, nil
}

// recorder keeps an answer.
type recorder struct {
	status int
	header http.Header
	text   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (r *recorder) Header() http.Header { return r.header }

// WriteHeader implements [http.ResponseWriter].
func (r *recorder) WriteHeader(status int) { r.status = status }

// Write implements [http.ResponseWriter].
func (r *recorder) Write(text []byte) (int, error) { return r.text.Write(text) }

// secretValues gives interceptors the values of Secrets.
type secretValues struct {
	*chain
	assume bool // values that are not known
}

// assumedSecret is the value of a Secret that is not known, with which a signature is made.
const assumedSecret = "assumed"

// known returns the value of a key of a Secret, if it is.
func (s *secretValues) known(namespace string, ref *v1beta1.SecretRef) (string, bool) {
	for _, in := range []string{namespace, ""} {
		if v, ok := s.options.Secrets[SecretKey{in, ref.SecretName, ref.SecretKey}]; ok {
			return v, true
		}
	}
	return s.options.Token, s.options.Token != ""
}

// Get implements [interceptors.SecretGetter].
func (s *secretValues) Get(_ context.Context, namespace string, ref *v1beta1.SecretRef) ([]byte, error) {
	own := *ref == v1beta1.SecretRef{SecretName: assumedSecret, SecretKey: assumedSecret}
	if v, ok := s.known(namespace, ref); ok && !own {
		return []byte(v), nil
	}
	if s.assume || own {
		return []byte(assumedSecret), nil
	}
	return nil, fmt.Errorf("the value of key %q of Secret %q is not given", ref.SecretKey, ref.SecretName)
}

// sign gives the request a valid signature if the Secret is not known.
func (c *chain) sign(r *v1beta1.InterceptorRequest, secrets *secretValues, header, name string) {
	var p struct {
		SecretRef *v1beta1.SecretRef `json:"secretRef"`
	}
	if err := interceptors.UnmarshalParams(r.InterceptorParams, &p); err != nil || p.SecretRef == nil || p.SecretRef.SecretKey == "" {
		return // it says so itself
	}
	if token, ok := secrets.known(c.namespace, p.SecretRef); ok {
		if sent := http.Header(r.Header).Get("X-Hub-Signature-256"); name != "gitlab" && sent != "" && sent != signedWith(token, r.Body) && isReformatted(token, r.Body, sent) {
			c.note("the header X-Hub-Signature-256 is that of the same payload with other blanks or line breaks: give the bytes that were sent")
		} else if name != "gitlab" && sent != "" && sent != signedWith(token, r.Body) {
			c.note("the header X-Hub-Signature-256 is not that of this payload with the value that is given for key %q of Secret %q", p.SecretRef.SecretKey, p.SecretRef.SecretName)
		}
		return
	}
	secrets.assume = true
	value := assumedSecret
	if name != "gitlab" {
		value = signedWith(assumedSecret, r.Body)
	}
	sent := http.Header(r.Header).Get(header) != ""
	http.Header(r.Header).Set(header, value)
	if sent {
		c.note("the value of key %q of Secret %q is not given, so the header %s that was sent is not checked; give --token-file", p.SecretRef.SecretKey, p.SecretRef.SecretName, header)
		return
	}
	c.note("the value of key %q of Secret %q is not given, so a valid header %s is assumed", p.SecretRef.SecretKey, p.SecretRef.SecretName, header)
}

// signedWith returns the value of the header X-Hub-Signature-256.
func signedWith(token, body string) string {
	mac := hmac.New(sha256.New, []byte(token))
	_, _ = io.WriteString(mac, body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// isReformatted reports whether a signature is that of a payload as GitHub sends it, without
// blanks between the values, or without a line break at its end.
func isReformatted(token, body, sent string) bool {
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(body)); err != nil {
		return false
	}
	return sent == signedWith(token, compact.String()) || sent == signedWith(token, strings.TrimRight(body, "\r\n"))
}

// gitHub lets the interceptor github reach an API in this process, which knows the changed files.
// Who is an owner of the repository is not known.
func (c *chain) gitHub(ctx context.Context, r *v1beta1.InterceptorRequest) context.Context {
	var p github.InterceptorParams
	if err := interceptors.UnmarshalParams(r.InterceptorParams, &p); err != nil {
		return ctx
	}
	event := http.Header(r.Header).Get("X-Github-Event")
	if slices.Contains([]string{"pull_request", "issue_comment"}, event) && p.GithubOwners.Enabled {
		delete(r.InterceptorParams, "githubOwners")
		c.note("the sender is assumed to be an owner of the repository, which the interceptor github asks GitHub for")
	}
	if event != "pull_request" || !p.AddChangedFiles.Enabled {
		return ctx
	}
	if len(c.options.Changed.All) == 0 {
		c.note("no changed files are given; the interceptor github gets those of a pull request from GitHub")
	}
	// Without a token, the interceptor would use the network.
	token := p.AddChangedFiles.PersonalAccessToken
	if token == nil || token.SecretKey != "" {
		p.AddChangedFiles.PersonalAccessToken = &v1beta1.SecretRef{SecretName: assumedSecret, SecretKey: assumedSecret}
		text, err := json.Marshal(p.AddChangedFiles)
		if err == nil {
			r.InterceptorParams["addChangedFiles"] = json.RawMessage(text)
		}
	}
	return context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: roundTrip(c.gitHubAPI)})
}

// gitHubAPI answers which files a pull request changes.
func (c *chain) gitHubAPI(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/files") {
		return nil, errors.New("there is no network")
	}
	return answered(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		list := []map[string]string{}
		for _, f := range c.options.Changed.All {
			list = append(list, map[string]string{"filename": f})
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(list)
	}), r)
}

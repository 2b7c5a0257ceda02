package harness

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1alpha1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/interceptors"
	"github.com/tektoncd/triggers/pkg/interceptors/server"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// network takes requests of the sink to those who answer them in this process.
type network struct {
	interceptors *server.Server
	services     services
}

type services map[string]http.Handler

func (n *network) client() *http.Client { return &http.Client{Transport: n} }

// RoundTrip answers a request.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	service, _, _ := strings.Cut(r.URL.Hostname(), ".")
	if service == interceptors.CoreInterceptorsHost {
		return answer(n.interceptors, r), nil
	}
	if h := n.services[service]; h != nil {
		return answer(h, r), nil
	}
	return nil, fmt.Errorf("nobody answers %s", r.URL)
}

func answer(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// Service answers what the sink sends to a webhook interceptor.
func (l *Listener) Service(name string, h http.Handler) *Listener {
	l.network.services[name] = h
	return l
}

// Interceptor offers a ClusterInterceptor and an Interceptor of that name.
func (l *Listener) Interceptor(t testing.TB, name string, answer func(v1beta1.InterceptorRequest) v1beta1.InterceptorResponse) *Listener {
	t.Helper()
	config := v1alpha1.ClientConfig{Service: &v1alpha1.ServiceReference{Name: name, Namespace: Namespace, Path: "x"}}
	meta := metav1.ObjectMeta{Name: name}
	l.objects.add(t, &v1alpha1.ClusterInterceptor{TypeMeta: metav1.TypeMeta{Kind: "ClusterInterceptor"}, ObjectMeta: meta,
		Spec: v1alpha1.ClusterInterceptorSpec{ClientConfig: config}})
	meta.Namespace = Namespace
	l.objects.add(t, &v1alpha1.Interceptor{TypeMeta: metav1.TypeMeta{Kind: "Interceptor"}, ObjectMeta: meta,
		Spec: v1alpha1.InterceptorSpec{ClientConfig: config}})
	return l.Service(name, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in v1beta1.InterceptorRequest
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		_ = json.NewEncoder(w).Encode(answer(in))
	}))
}

// gitHub is GitHub's API, which upstream's github interceptor reaches by the
// default transport.
type gitHub struct {
	sync.Mutex
	files map[string][]string // by repository and number
	token string              // that the last request had
}

var api = func() *gitHub {
	g := &gitHub{files: map[string][]string{}}
	http.DefaultTransport = g
	return g
}()

// PullRequestFiles lets GitHub's API tell the files of a pull request.
func PullRequestFiles(repository string, number int, files ...string) {
	api.Lock()
	defer api.Unlock()
	api.files[fmt.Sprintf("/repos/%s/pulls/%d/files", repository, number)] = files
}

// GitHubToken is what the last request to GitHub's API authenticated with.
func GitHubToken() string {
	api.Lock()
	defer api.Unlock()
	return api.token
}

// RoundTrip answers a request to GitHub's API; there is no other network.
func (g *gitHub) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Hostname() != "api.github.com" {
		return nil, fmt.Errorf("no network: %s", r.URL)
	}
	g.Lock()
	defer g.Unlock()
	g.token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	files, ok := g.files[r.URL.Path]
	return answer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		var list []map[string]string
		for _, f := range files {
			list = append(list, map[string]string{"filename": f})
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(list)
	}), r), nil
}

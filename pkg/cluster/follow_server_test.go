package cluster_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"

	"github.com/tekwright/tekwright/pkg/cluster"
)

// runServer is a fake API server that lists and watches the given objects, and
// fails on demand.
type runServer struct {
	*httptest.Server
	client *cluster.Client

	mu      sync.Mutex
	version int
	objects map[string]metav1.Object // by kind and name
	history []change                 // the events for watches
	first   int                      // the oldest version that is remembered
	wake    chan struct{}            // closed at every change
	drop    chan struct{}            // closed to cut off every watch
	refuse  map[string]int           // by resource: the HTTP status
	down    int                      // how many requests get no answer
	lists   int
	patches []string
	creates []string
	logs    func(http.ResponseWriter, *http.Request)
}

type change struct {
	version  int
	kind     string // of the event
	resource string
	object   []byte
	labels   labels.Set
	name     string
}

func newRunServer(t *testing.T) *runServer {
	t.Helper()
	s := &runServer{
		version: 10, objects: map[string]metav1.Object{}, refuse: map[string]int{},
		wake: make(chan struct{}), drop: make(chan struct{}),
		logs: func(w http.ResponseWriter, _ *http.Request) {},
	}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	var err error
	s.client, err = cluster.New(&rest.Config{Host: s.URL, QPS: -1}, cluster.Options{Namespace: "e2e"})
	require.NoError(t, err)
	return s
}

// put adds or changes an object.
func (s *runServer) put(objects ...runtime.Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range objects {
		s.change("MODIFIED", o)
	}
}

func (s *runServer) remove(o runtime.Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change("DELETED", o)
}

func (s *runServer) change(kind string, o runtime.Object) {
	o = o.DeepCopyObject()
	object := o.(metav1.Object)
	s.version++
	object.SetResourceVersion(strconv.Itoa(s.version))
	resource := resourceOf(o)
	key := resource + "/" + object.GetName()
	if kind == "DELETED" {
		delete(s.objects, key)
	} else {
		if s.objects[key] == nil {
			kind = "ADDED"
		}
		s.objects[key] = object
	}
	b, _ := json.Marshal(o)
	s.history = append(s.history, change{s.version, kind, resource, b, object.GetLabels(), object.GetName()})
	close(s.wake)
	s.wake = make(chan struct{})
}

func resourceOf(o runtime.Object) string {
	return strings.ToLower(o.GetObjectKind().GroupVersionKind().Kind) + "s"
}

// cut interrupts every watch, and optionally drops the history.
func (s *runServer) cut(forget bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.drop)
	s.drop = make(chan struct{})
	if forget {
		s.history, s.version = nil, s.version+5
		s.first = s.version
	}
}

func (s *runServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	i := 0
	for i < len(parts) && parts[i] != "namespaces" {
		i++
	}
	resource, name := parts[i+2], ""
	if len(parts) > i+3 {
		name = parts[i+3]
	}
	s.mu.Lock()
	code := s.refuse[resource]
	if s.down > 0 {
		s.down--
		code = -1
	}
	s.mu.Unlock()
	switch {
	case code == -1:
		if hijacked, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = hijacked.Close()
		}
	case code != 0:
		status(w, code, fmt.Sprintf("%s is forbidden: User %q cannot list resource %q in API group %q in the namespace %q", resource, "jane", resource, "tekton.dev", "e2e"))
	case strings.HasSuffix(r.URL.Path, "/log"):
		s.logs(w, r)
	case r.Method == http.MethodPatch || r.Method == http.MethodPost:
		s.write(w, r, resource, name)
	case r.URL.Query().Get("watch") != "":
		s.watch(w, r, resource)
	case name != "":
		s.mu.Lock()
		defer s.mu.Unlock()
		if o := s.objects[resource+"/"+name]; o != nil {
			reply(w, o)
			return
		}
		status(w, http.StatusNotFound, resource+" "+name+" not found")
	default:
		s.list(w, r, resource)
	}
}

func (s *runServer) write(w http.ResponseWriter, r *http.Request, resource, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	_, _ = fmt.Fprint(&b, r.Method, " ", resource, " ")
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)
	if r.Method == http.MethodPatch {
		s.patches = append(s.patches, must(json.Marshal(body)))
		reply(w, s.objects[resource+"/"+name])
		return
	}
	s.creates = append(s.creates, must(json.Marshal(body)))
	meta := body["metadata"].(map[string]any)
	if s.objects[resource+"/"+fmt.Sprint(meta["name"])] != nil {
		status(w, http.StatusConflict, "it exists")
		return
	}
	meta["uid"] = "uid-1"
	if meta["name"] == nil {
		meta["name"] = fmt.Sprint(meta["generateName"], "x7k2p")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	reply(w, body)
}

func reply(w http.ResponseWriter, o any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(o)
}

var reasons = map[int]metav1.StatusReason{
	403: metav1.StatusReasonForbidden, 404: metav1.StatusReasonNotFound, 409: metav1.StatusReasonAlreadyExists,
	410: metav1.StatusReasonExpired, 503: metav1.StatusReasonServiceUnavailable,
}

func statusOf(code int, message string) *metav1.Status {
	return &metav1.Status{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}, Status: metav1.StatusFailure,
		Code: int32(code), Reason: reasons[code], Message: message,
	}
}

func status(w http.ResponseWriter, code int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(statusOf(code, message))
}

// selects returns a function that selects the objects of a query.
func selects(r *http.Request) func(labels.Set, string) bool {
	of, _ := labels.Parse(r.URL.Query().Get("labelSelector"))
	by, _ := fields.ParseSelector(r.URL.Query().Get("fieldSelector"))
	want, byName := by.RequiresExactMatch("metadata.name")
	return func(l labels.Set, name string) bool { return of.Matches(l) && (!byName || want == name) }
}

func (s *runServer) list(w http.ResponseWriter, r *http.Request, resource string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists++
	items := []any{}
	match := selects(r)
	for key, o := range s.objects {
		if strings.HasPrefix(key, resource+"/") && match(o.GetLabels(), o.GetName()) {
			items = append(items, o)
		}
	}
	reply(w, map[string]any{"metadata": map[string]string{"resourceVersion": strconv.Itoa(s.version)}, "items": items})
}

func (s *runServer) watch(w http.ResponseWriter, r *http.Request, resource string) {
	from, _ := strconv.Atoi(r.URL.Query().Get("resourceVersion"))
	match := selects(r)
	flusher := w.(http.Flusher)
	w.Header().Set("Content-Type", "application/json")
	flusher.Flush()
	tell := func(kind string, object []byte) {
		_, _ = fmt.Fprintf(w, `{"type":%q,"object":%s}`+"\n", kind, object)
		flusher.Flush()
	}
	s.mu.Lock()
	drop := s.drop
	s.mu.Unlock()
	for {
		s.mu.Lock()
		wake, first := s.wake, s.first
		var due []change
		for _, c := range s.history {
			if c.version > from && c.resource == resource && match(c.labels, c.name) {
				due = append(due, c)
			}
		}
		s.mu.Unlock()
		if from < first {
			b, _ := json.Marshal(statusOf(http.StatusGone, "too old resource version"))
			tell("ERROR", b)
			return
		}
		for _, c := range due {
			tell(c.kind, c.object)
			from = c.version
		}
		select {
		case <-wake:
		case <-drop:
			return
		case <-r.Context().Done():
			return
		}
	}
}

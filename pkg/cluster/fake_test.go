package cluster

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
)

// server is a fake API server that stores objects and returns given answers.
type server struct {
	mu      sync.Mutex
	served  map[string][]metav1.APIResource // by group version
	objects map[string]map[string]any       // by path
	version int
	asked   []string            // method, path and query of each request that changes something
	says    map[string][]answer // by method and path, in order
	stop    func()
}

// answer is an answer that the server gives instead of its own.
type answer struct {
	status int
	text   string
	drop   bool // the connection, before anything is done
}

func namespaced(kind, resource string) metav1.APIResource {
	return metav1.APIResource{Name: resource, Kind: kind, Namespaced: true, Verbs: []string{"get", "list", "patch", "delete"}}
}

func newServer(t testing.TB) (*server, *Client) {
	t.Helper()
	s := &server{
		served: map[string][]metav1.APIResource{
			"v1": {namespaced("ConfigMap", "configmaps"), namespaced("Secret", "secrets"), namespaced("PersistentVolumeClaim", "persistentvolumeclaims"),
				{Name: "namespaces", Kind: "Namespace", Verbs: []string{"get", "list", "patch", "delete"}}},
			"tekton.dev/v1":           {namespaced("Task", "tasks"), namespaced("TaskRun", "taskruns"), namespaced("Pipeline", "pipelines"), namespaced("PipelineRun", "pipelineruns")},
			"tekton.dev/v1beta1":      {namespaced("Task", "tasks")},
			"apiextensions.k8s.io/v1": {{Name: "customresourcedefinitions", Kind: "CustomResourceDefinition", Verbs: []string{"get", "list", "patch", "delete"}}},
			"rbac.authorization.k8s.io/v1": {namespaced("Role", "roles"),
				{Name: "clusterroles", Kind: "ClusterRole", Verbs: []string{"get", "list", "patch", "delete"}}},
		},
		objects: map[string]map[string]any{}, says: map[string][]answer{},
	}
	hs := httptest.NewServer(s)
	t.Cleanup(hs.Close)
	s.stop = hs.Close
	c, err := New(&rest.Config{Host: hs.URL}, Options{Namespace: "ci"})
	require.NoError(t, err)
	c.backoff = wait.Backoff{Duration: time.Microsecond, Steps: 5}
	return s, c
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	key := r.Method + " " + r.URL.Path
	if r.Method != http.MethodGet {
		s.asked = append(s.asked, key+"?"+r.URL.RawQuery)
	}
	if says := s.says[key]; len(says) > 0 {
		s.says[key] = says[1:]
		switch a := says[0]; {
		case a.drop:
			panic(http.ErrAbortHandler)
		case a.status != 0:
			w.WriteHeader(a.status)
			_, _ = io.WriteString(w, a.text)
			return
		}
	}
	switch {
	case r.URL.Path == "/version":
		_, _ = io.WriteString(w, `{"gitVersion":"v1.36.3"}`)
	case s.discovery(w, r.URL.Path):
	default:
		s.object(w, r)
	}
}

// discovery handles discovery requests.
func (s *server) discovery(w http.ResponseWriter, path string) bool {
	switch {
	case path == "/api":
		send(w, metav1.APIVersions{TypeMeta: metav1.TypeMeta{Kind: "APIVersions"}, Versions: []string{"v1"}})
		return true
	case path == "/apis":
		var groups metav1.APIGroupList
		for _, gv := range slices.Sorted(maps.Keys(s.served)) {
			group, version, ok := strings.Cut(gv, "/")
			if !ok {
				continue
			}
			v := metav1.GroupVersionForDiscovery{GroupVersion: gv, Version: version}
			if n := len(groups.Groups); n > 0 && groups.Groups[n-1].Name == group {
				groups.Groups[n-1].Versions = append(groups.Groups[n-1].Versions, v)
				continue
			}
			groups.Groups = append(groups.Groups, metav1.APIGroup{Name: group, Versions: []metav1.GroupVersionForDiscovery{v}, PreferredVersion: v})
		}
		send(w, groups)
		return true
	}
	gv := strings.TrimPrefix(strings.TrimPrefix(path, "/apis/"), "/api/")
	resources, ok := s.served[gv]
	if ok {
		send(w, metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList"}, GroupVersion: gv, APIResources: resources})
	}
	return ok
}

// object handles get, patch, list and delete requests.
func (s *server) object(w http.ResponseWriter, r *http.Request) {
	dry := r.URL.Query().Get("dryRun") != ""
	live := s.objects[r.URL.Path]
	switch r.Method {
	case http.MethodGet:
		if live != nil {
			send(w, live)
			return
		}
		if list, ok := s.list(r.URL.Path, r.URL.Query().Get("labelSelector")); ok {
			send(w, list)
			return
		}
		refuse(w, http.StatusNotFound, metav1.StatusReasonNotFound, "not found")
	case http.MethodDelete:
		if live == nil {
			refuse(w, http.StatusNotFound, metav1.StatusReasonNotFound, "not found")
			return
		}
		var options metav1.DeleteOptions
		_ = json.NewDecoder(r.Body).Decode(&options)
		u := unstructured.Unstructured{Object: live}
		if p := options.Preconditions; p == nil || *p.ResourceVersion != u.GetResourceVersion() || *p.UID != u.GetUID() {
			refuse(w, http.StatusConflict, metav1.StatusReasonConflict, "the preconditions do not hold")
			return
		}
		if !dry && len(options.DryRun) == 0 {
			delete(s.objects, r.URL.Path)
		}
		send(w, metav1.Status{Status: metav1.StatusSuccess})
	case http.MethodPatch:
		var o map[string]any
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil || r.Header.Get("Content-Type") != "application/apply-patch+yaml" {
			refuse(w, http.StatusUnsupportedMediaType, metav1.StatusReasonUnsupportedMediaType, "no apply patch")
			return
		}
		s.apply(w, r, o, dry)
	}
}

// apply stores the object, with the fields that a server adds.
func (s *server) apply(w http.ResponseWriter, r *http.Request, o map[string]any, dry bool) {
	u := &unstructured.Unstructured{Object: o}
	labels := map[string]any{}
	for k := range u.GetLabels() {
		labels["f:"+k] = map[string]any{}
		if strings.HasPrefix(k, "warn") {
			w.Header().Add("Warning", `299 - "`+k+` is old"`)
		}
	}
	fields, _ := json.Marshal(map[string]any{"f:metadata": map[string]any{"f:labels": labels}})
	u.SetManagedFields([]metav1.ManagedFieldsEntry{{Manager: r.URL.Query().Get("fieldManager"), Operation: metav1.ManagedFieldsOperationApply,
		FieldsType: "FieldsV1", FieldsV1: &metav1.FieldsV1{Raw: fields}}})
	live := s.objects[r.URL.Path]
	if live == nil || !same(&unstructured.Unstructured{Object: live}, u) {
		s.version++
	}
	u.SetResourceVersion(strconv.Itoa(s.version))
	u.SetUID("1")
	if !dry {
		s.objects[r.URL.Path] = u.Object
		if u.GetKind() == "CustomResourceDefinition" {
			s.served["example.com/v1"] = []metav1.APIResource{namespaced("Widget", "widgets")}
		}
	}
	send(w, u.Object)
}

// list returns the objects of a collection; false if it does not exist.
func (s *server) list(path, selector string) (map[string]any, bool) {
	parts := strings.Split(path, "/")
	known := false
	for _, resources := range s.served {
		known = known || slices.ContainsFunc(resources, func(r metav1.APIResource) bool { return r.Name == parts[len(parts)-1] })
	}
	items := []any{}
	key, value, _ := strings.Cut(selector, "=")
	for _, p := range slices.Sorted(maps.Keys(s.objects)) {
		o := s.objects[p]
		rest, ok := strings.CutPrefix(p, path+"/")
		if ok && !strings.Contains(rest, "/") && (&unstructured.Unstructured{Object: o}).GetLabels()[key] == value {
			items = append(items, o)
		}
	}
	return map[string]any{"apiVersion": "v1", "kind": "List", "metadata": map[string]any{}, "items": items}, known
}

func send(w http.ResponseWriter, v any) { _ = json.NewEncoder(w).Encode(v) }

func refuse(w http.ResponseWriter, code int, reason metav1.StatusReason, message string) {
	w.WriteHeader(code)
	send(w, metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusFailure,
		Code: int32(code), Reason: reason, Message: message})
}

// failure returns an error as an answer.
func failure(code int, reason metav1.StatusReason, message string) answer {
	return answer{status: code, text: fmt.Sprintf(`{"kind":"Status","apiVersion":"v1","status":"Failure","code":%d,"reason":%q,"message":%q}`,
		code, reason, message)}
}

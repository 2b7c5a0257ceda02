package scripts

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
)

// cluster is as much of an API server as helm needs to install a chart of
// ConfigMaps: discovery, and objects that are made, read, changed and deleted.
type cluster struct {
	mu      sync.Mutex
	objects map[string]map[string]any // by path
	version int
	tokens  map[string]bool // bearer tokens that came
}

// newCluster starts a cluster and returns it with a kubeconfig for it.
func newCluster(t testing.TB) (*cluster, string) {
	c := &cluster{objects: map[string]map[string]any{}, tokens: map[string]bool{}}
	server := httptest.NewTLSServer(c)
	t.Cleanup(server.Close)
	return c, fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: %q, certificate-authority-data: %s}}]
users: [{name: u, user: {token: the-token}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
`, server.URL, base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
}

// data is the data of a ConfigMap, nil where there is none.
func (c *cluster) data(namespace, name string) map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	data, _ := c.objects["/api/v1/namespaces/"+namespace+"/configmaps/"+name]["data"].(map[string]any)
	return data
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens[r.Header.Get("Authorization")] = true
	resource := func(name, kind string, namespaced bool) map[string]any {
		return map[string]any{"name": name, "singularName": strings.ToLower(kind), "namespaced": namespaced, "kind": kind,
			"verbs": []string{"create", "delete", "get", "list", "patch", "update"}}
	}
	switch r.URL.Path {
	case "/version":
		answer(w, 200, map[string]any{"major": "1", "minor": "36", "gitVersion": "v1.36.0"})
		return
	case "/api":
		answer(w, 200, map[string]any{"kind": "APIVersions", "versions": []string{"v1"}})
		return
	case "/apis":
		answer(w, 200, map[string]any{"kind": "APIGroupList", "apiVersion": "v1", "groups": []any{}})
		return
	case "/api/v1":
		answer(w, 200, map[string]any{"kind": "APIResourceList", "groupVersion": "v1", "resources": []any{
			resource("secrets", "Secret", true), resource("configmaps", "ConfigMap", true), resource("namespaces", "Namespace", false),
		}})
		return
	}
	if !strings.HasPrefix(r.URL.Path, "/api/v1/namespaces/") {
		refuse(w, 404, "NotFound", "no such path "+r.URL.Path)
		return
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/api/v1/namespaces/"), "/")
	switch {
	case len(parts) == 2 && r.Method == http.MethodGet:
		c.list(w, r)
	case len(parts) == 2 && r.Method == http.MethodPost:
		c.create(w, r)
	case len(parts) == 3:
		c.one(w, r)
	default:
		refuse(w, 405, "MethodNotAllowed", r.Method+" "+r.URL.Path)
	}
}

func (c *cluster) list(w http.ResponseWriter, r *http.Request) {
	items := []any{}
	for _, name := range slices.Sorted(maps.Keys(c.objects)) {
		if strings.HasPrefix(name, r.URL.Path+"/") && selected(c.objects[name], r.URL.Query().Get("labelSelector")) {
			items = append(items, c.objects[name])
		}
	}
	kind := map[string]string{"secrets": "SecretList", "configmaps": "ConfigMapList"}[path.Base(r.URL.Path)]
	answer(w, 200, map[string]any{"kind": kind, "apiVersion": "v1", "metadata": map[string]any{}, "items": items})
}

func selected(object map[string]any, selector string) bool {
	labels, _ := object["metadata"].(map[string]any)["labels"].(map[string]any)
	for term := range strings.SplitSeq(selector, ",") {
		if key, value, ok := strings.Cut(term, "="); ok && labels[key] != strings.TrimPrefix(value, "=") {
			return false
		}
	}
	return true
}

func (c *cluster) create(w http.ResponseWriter, r *http.Request) {
	object := read(r.Body)
	path := r.URL.Path + "/" + object["metadata"].(map[string]any)["name"].(string)
	if c.objects[path] != nil {
		refuse(w, 409, "AlreadyExists", path)
		return
	}
	c.store(w, path, object, 201)
}

func (c *cluster) one(w http.ResponseWriter, r *http.Request) {
	path, old := r.URL.Path, c.objects[r.URL.Path]
	if old == nil {
		refuse(w, 404, "NotFound", path)
		return
	}
	switch r.Method {
	case http.MethodGet:
		answer(w, 200, old)
	case http.MethodPut:
		c.store(w, path, read(r.Body), 200)
	case http.MethodPatch:
		merged := read(strings.NewReader(text(old)))
		merge(merged, read(r.Body))
		c.store(w, path, merged, 200)
	case http.MethodDelete:
		delete(c.objects, path)
		answer(w, 200, map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Success"})
	default:
		refuse(w, 405, "MethodNotAllowed", r.Method)
	}
}

// store keeps an object, but for one that says it fails.
func (c *cluster) store(w http.ResponseWriter, path string, object map[string]any, code int) {
	if data, _ := object["data"].(map[string]any); data["fail"] == "true" {
		refuse(w, 422, "Invalid", "this object was told to fail")
		return
	}
	c.version++
	meta := object["metadata"].(map[string]any)
	meta["resourceVersion"], meta["namespace"] = fmt.Sprint(c.version), strings.Split(path, "/")[4]
	if meta["uid"] == nil {
		meta["uid"] = fmt.Sprintf("uid-%d", c.version)
	}
	c.objects[path] = object
	answer(w, code, object)
}

// merge is a JSON merge patch.
func merge(into, patch map[string]any) {
	for k, v := range patch {
		inner, isMap := v.(map[string]any)
		old, wasMap := into[k].(map[string]any)
		switch {
		case v == nil:
			delete(into, k)
		case isMap && wasMap:
			merge(old, inner)
		default:
			into[k] = v
		}
	}
}

// decoder reads what helm sends of the built-in kinds: protocol buffers.
var decoder = func() *protobuf.Serializer {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		panic(err)
	}
	return protobuf.NewSerializer(scheme, scheme)
}()

func read(r io.Reader) map[string]any {
	b, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	if bytes.HasPrefix(b, []byte("k8s\x00")) {
		object, _, err := decoder.Decode(b, nil, nil)
		if err != nil {
			panic(err)
		}
		b = []byte(text(object))
	}
	object := map[string]any{}
	if err := json.Unmarshal(b, &object); err != nil {
		panic(err)
	}
	return object
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, text(v))
}

func refuse(w http.ResponseWriter, code int, reason, message string) {
	answer(w, code, map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": message})
}

// serveFiles serves a directory and returns its URL.
func serveFiles(t testing.TB, dir string) string {
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	return server.URL
}

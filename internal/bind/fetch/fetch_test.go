package fetch_test

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/fake"

	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/internal/bind/fetch"
)

const task = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: notify}\nspec: {params: [{name: channel}], steps: [{name: s, image: registry.local/a:1}]}\n"

// fetched fetches a source.
func fetched(t *testing.T, f *fetch.Fetcher, source string) (bind.Fetched, error) {
	t.Helper()
	s, err := bind.Parse(source)
	require.NoError(t, err)
	if f.Env == nil {
		f.Env = func(string) string { return "" }
	}
	return f.Fetch(context.Background(), s)
}

// git runs git in a directory.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgSign=false", "-c", "init.defaultBranch=main"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "git %v: %s", args, out)
	return strings.TrimSpace(string(out))
}

// repository returns a folder with the bare repository repo.git, and its two commits.
func repository(t *testing.T) (folder, first, second string) {
	t.Helper()
	work, folder := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(work, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	git(t, work, "init", "-q")
	write("tasks/notify.yaml", task)
	write("tasks/sub/other.yml", strings.Replace(task, "notify", "other", 1))
	write("tasks/README.md", "no")
	require.NoError(t, os.Symlink("/etc/passwd", filepath.Join(work, "tasks", "link.yaml")))
	git(t, work, "add", "-A")
	git(t, work, "commit", "-qm", "a")
	git(t, work, "tag", "v1")
	first = git(t, work, "rev-parse", "HEAD")
	write("tasks/notify.yaml", strings.Replace(task, "channel", "room", 1))
	git(t, work, "commit", "-qam", "b")
	second = git(t, work, "rev-parse", "HEAD")
	git(t, work, "clone", "-q", "--bare", ".", filepath.Join(folder, "repo.git"))
	return folder, first, second
}

func TestGit(t *testing.T) {
	folder, first, second := repository(t)
	program, err := exec.LookPath("git")
	require.NoError(t, err)
	var user string
	backend := &cgi.Handler{Path: program, Args: []string{"http-backend"}, Stderr: io.Discard, Env: []string{"GIT_PROJECT_ROOT=" + folder, "GIT_HTTP_EXPORT_ALL=1"}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, password, _ := r.BasicAuth(); strings.HasPrefix(r.URL.Path, "/private/") {
			if user = name + ":" + password; user != "me:geheim" {
				w.Header().Set("WWW-Authenticate", "Basic")
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			r.URL.Path = strings.TrimPrefix(r.URL.Path, "/private")
		}
		backend.ServeHTTP(w, r)
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")

	// A program in the place of ssh, as there is no server for it.
	ssh := filepath.Join(t.TempDir(), "ssh")
	require.NoError(t, os.WriteFile(ssh, []byte("#!/bin/sh\nfor last; do :; done\nexec sh -c \"$last\"\n"), 0o755))
	t.Setenv("GIT_SSH_COMMAND", ssh)
	t.Setenv("GIT_SSH_VARIANT", "ssh")

	for source, want := range map[string]string{
		"git+http://" + host + "/repo.git@main:tasks/notify.yaml":                   second + " tasks/notify.yaml room",
		"git+http://" + host + "/repo.git@v1:tasks/notify.yaml":                     first + " tasks/notify.yaml channel",
		"git+http://" + host + "/repo.git@" + first + ":tasks/notify.yaml":          first + " tasks/notify.yaml channel",
		"git+http://" + host + "/repo.git@" + first[:8] + ":tasks/notify.yaml":      first + " tasks/notify.yaml channel",
		"git+http://" + host + "/repo.git@main:tasks":                               second + " tasks/notify.yaml room tasks/sub/other.yml channel",
		"git+http://" + host + "/repo.git@refs/heads/main:":                         second + " tasks/notify.yaml room tasks/sub/other.yml channel",
		"git+http://me:geheim@" + host + "/private/repo.git@main:tasks/notify.yaml": second + " tasks/notify.yaml room",
		"git+file://" + folder + "/repo.git@main:tasks/notify.yaml":                 second + " tasks/notify.yaml room",
		"git+ssh://git@example.com" + folder + "/repo.git@main:tasks/notify.yaml":   second + " tasks/notify.yaml room",
		"git+file://" + folder + "/repo.git@nope:tasks/notify.yaml":                 "the repository file://" + folder + "/repo.git has no branch and no tag \"nope\"",
		"git+file://" + folder + "/repo.git@0123456789:x":                           "the repository file://" + folder + "/repo.git has no commit 0123456789 in its branches and tags",
		"git+file://" + folder + "/repo.git@main:none.yaml":                         "the revision has no file and no folder of manifests \"none.yaml\"",
		"git+file://" + folder + "/repo.git@main:tasks/link.yaml":                   "tasks/link.yaml is a symbolic link",
		"git+file://" + folder + "/none.git@main:x":                                 "does not appear to be a git repository",
		"git+http://me:falsch@" + host + "/private/repo.git@main:tasks/notify.yaml": "could not read Username|Authentication failed|terminal prompts disabled",
		"git+http://" + host + "/none.git@main:tasks/notify.yaml":                   "not found",
	} {
		got, err := fetched(t, &fetch.Fetcher{}, source)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n", source)
			assert.NotContains(t, err.Error(), "geheim")
			assert.NotContains(t, err.Error(), "falsch")
			assert.Regexp(t, want, err.Error(), source)
			continue
		}
		text := got.Resolved
		for _, f := range got.Files {
			text += " " + f.Path + " channel"
			if bytes.Contains(f.Bytes, []byte("room")) {
				text = strings.TrimSuffix(text, "channel") + "room"
			}
		}
		assert.Equal(t, want, text, source)
		assert.Equal(t, !strings.HasSuffix(source, "notify.yaml"), got.Folder, source)
	}
	assert.Equal(t, "me:falsch", strings.Replace(user, "geheim", "falsch", 1))
}

// TestGitRunsNothing shows that git runs no program that a repository brings along.
func TestGitRunsNothing(t *testing.T) {
	folder, _, _ := repository(t)
	ran := filepath.Join(t.TempDir(), "ran")
	script := []byte("#!/bin/sh\ntouch " + ran + "\n")
	for _, hook := range []string{"post-checkout", "pre-auto-gc", "reference-transaction", "post-merge", "fsmonitor-watchman"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "repo.git", "hooks", hook), script, 0o755))
	}
	template := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(template, "hooks"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(template, "hooks", "reference-transaction"), script, 0o755))
	t.Setenv("GIT_TEMPLATE_DIR", template)
	got, err := fetched(t, &fetch.Fetcher{}, "git+file://"+folder+"/repo.git@main:tasks")
	require.NoError(t, err)
	assert.Len(t, got.Files, 2)
	assert.NoFileExists(t, ran)
}

// archive returns a layer that is an archive with one file.
func archive(t *testing.T, text string) v1.Layer {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	require.NoError(t, w.WriteHeader(&tar.Header{Name: "x", Mode: 0o600, Size: int64(len(text)), Typeflag: tar.TypeReg}))
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	l, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil })
	require.NoError(t, err)
	return l
}

// layer is a layer with the annotations of a bundle.
func layer(l v1.Layer, kind, object string) mutate.Addendum {
	return mutate.Addendum{Layer: l, Annotations: map[string]string{
		"dev.tekton.image.kind": kind, "dev.tekton.image.name": object, "dev.tekton.image.apiVersion": "v1",
	}}
}

// push pushes an image, and returns its digest.
func push(t *testing.T, image string, layers ...mutate.Addendum) string {
	t.Helper()
	img, err := mutate.Append(empty.Image, layers...)
	require.NoError(t, err)
	ref, err := name.ParseReference(image)
	require.NoError(t, err)
	require.NoError(t, remote.Write(ref, img))
	digest, err := img.Digest()
	require.NoError(t, err)
	return digest.String()
}

// TestGitRedirect tests that the host of a redirect does not get the password for the first one.
func TestGitRedirect(t *testing.T) {
	folder, _, second := repository(t)
	program, err := exec.LookPath("git")
	require.NoError(t, err)
	backend := &cgi.Handler{Path: program, Args: []string{"http-backend"}, Stderr: io.Discard, Env: []string{"GIT_PROJECT_ROOT=" + folder, "GIT_HTTP_EXPORT_ALL=1"}}
	var asked, got atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Authorization") != "" {
			got.Add(1)
		}
		backend.ServeHTTP(w, r)
	}))
	defer other.Close()
	var asks, known atomic.Bool
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); asks.Load() && password != "ge heim" {
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		known.Store(asks.Load())
		http.Redirect(w, r, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+r.URL.RequestURI(), http.StatusFound)
	}))
	defer first.Close()
	source := "git+http://me:ge%20heim@" + strings.TrimPrefix(first.URL, "http://") + "/repo.git@main:tasks/notify.yaml"
	f, err := fetched(t, &fetch.Fetcher{}, source)
	require.NoError(t, err)
	assert.Equal(t, second, f.Resolved)
	asks.Store(true)
	_, err = fetched(t, &fetch.Fetcher{}, source) // git follows no redirect after it was asked for a password
	require.Error(t, err)
	assert.True(t, known.Load())
	assert.GreaterOrEqual(t, asked.Load(), int32(2))
	assert.Zero(t, got.Load(), "the other host got the password")
}

func TestBundle(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	lint := strings.Replace(task, "notify", "lint", 1)
	digest := push(t, host+"/ci/all:1", layer(archive(t, task), "task", "notify"), layer(static.NewLayer([]byte(lint), "text/plain"), "task", "lint"),
		layer(archive(t, "kind: Pipeline"), "pipeline", "p"))
	push(t, host+"/ci/plain:1", mutate.Addendum{Layer: archive(t, task)})
	push(t, host+"/ci/plural:1", layer(archive(t, task), "Tasks", "notify"))
	push(t, host+"/ci/huge:1", layer(archive(t, strings.Repeat(" ", bind.MaxBytes+1)), "task", "notify"))
	var many []mutate.Addendum
	for i := range 21 {
		many = append(many, layer(archive(t, task), "task", fmt.Sprint("t", i)))
	}
	push(t, host+"/ci/many:1", many...)

	got, err := fetched(t, &fetch.Fetcher{}, "bundle://"+host+"/ci/all:1")
	require.NoError(t, err)
	assert.Equal(t, bind.Fetched{Resolved: digest, Folder: true, Files: []bind.Text{{Path: "notify", Bytes: []byte(task)}, {Path: "lint", Bytes: []byte(lint)}}}, got)
	got, err = fetched(t, &fetch.Fetcher{}, "bundle://"+host+"/ci/all@"+digest+"#lint")
	require.NoError(t, err)
	assert.Equal(t, bind.Fetched{Resolved: digest, Files: []bind.Text{{Path: "lint", Bytes: []byte(lint)}}}, got)

	for image, want := range map[string]string{
		"ci/all:1#none":    "the bundle has no Task and no StepAction \"none\"\n  help: it has \"notify\", \"lint\"",
		"ci/none:1#x":      "the registry does not have the image",
		"ci/plain:1#x":     "it is not a Tekton bundle: layer 0 has no annotation dev.tekton.image.apiVersion",
		"ci/plural:1#x":    "it is not a bundle that Tekton reads: the annotation dev.tekton.image.kind of layer 0 is \"Tasks\", which is not lower-case and singular",
		"ci/huge:1#notify": "task \"notify\": ",
		"ci/many:1#t1":     "it is not a bundle that Tekton reads: it has more than 20 layers",
	} {
		_, err := fetched(t, &fetch.Fetcher{}, "bundle://"+host+"/"+image)
		require.Error(t, err, image)
		assert.True(t, strings.HasPrefix(err.Error(), want), "%s: %v", image, err)
	}
}

func TestHub(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		switch r.URL.Path {
		case "/api/v1/packages/tekton-task/tekton-catalog-tasks/notify/0.9.0", "/api/v1/packages/tekton-stepaction/mine/lint/1.2.3":
			fmt.Fprintf(w, `{"name": "x", "data": {"manifestRaw": %q, "pipelines.minVersion": "1"}}`, task)
		case "/v1/resource/Tekton/task/notify/0.9/yaml":
			fmt.Fprintf(w, `{"data": {"yaml": %q}}`, task)
		case "/api/v1/packages/tekton-task/tekton-catalog-tasks/empty/1.0.0":
			fmt.Fprint(w, `{"data": {}}`)
		case "/api/v1/packages/tekton-task/tekton-catalog-tasks/html/1.0.0":
			fmt.Fprint(w, `oops`)
		case "/api/v1/packages/tekton-task/tekton-catalog-tasks/busy/1.0.0":
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer server.Close()
	f := &fetch.Fetcher{Env: func(name string) string {
		return map[string]string{"ARTIFACT_HUB_API": server.URL + "/", "TEKTON_HUB_API": server.URL}[name]
	}}
	for source, want := range map[string]string{
		"hub://notify@0.9":               "",
		"hub://notify@0.9.0":             "",
		"hub://mine/lint@1.2.3":          "",
		"hub://notify@0.9?type=tekton":   "",
		"hub://notify@0.9.0?type=tekton": "",
		"hub://empty@1.0.0":              "the answer of the hub has no YAML",
		"hub://html@1.0.0":               "the answer of the hub is not JSON",
		"hub://busy@1.0.0":               "the server answers 429 Too Many Requests",
		"hub://none@1.0.0":               "the hub has no version 1.0.0 of none",
	} {
		got, err := fetched(t, f, source)
		if want == "" {
			require.NoError(t, err, source)
			assert.Equal(t, []bind.Text{{Bytes: []byte(task)}}, got.Files)
			continue
		}
		assert.EqualError(t, err, want, source)
	}
	assert.Contains(t, asked, "/api/v1/packages/tekton-task/mine/lint/1.2.3")
	_, err := fetched(t, &fetch.Fetcher{}, "hub://notify@0.9?type=tekton")
	assert.EqualError(t, err, "a Tekton Hub has no usual address\n  help: set TEKTON_HUB_API to it")
	_, err = fetched(t, &fetch.Fetcher{Env: func(string) string { return "http://hub.example.com" }}, "hub://notify@0.9")
	assert.EqualError(t, err, "the address of the hub in the environment is not a URL with https")
}

func TestHTTP(t *testing.T) {
	var server *httptest.Server //nolint:staticcheck // the handler refers to it
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/task.yaml":
			fmt.Fprint(w, task)
		case "/private.yaml":
			if _, password, _ := r.BasicAuth(); password != "geheim" && r.FormValue("token") != "geheim" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			fmt.Fprint(w, task)
		case "/moved.yaml":
			http.Redirect(w, r, "/task.yaml", http.StatusFound)
		case "/loop.yaml":
			http.Redirect(w, r, "/loop.yaml?x=geheim", http.StatusFound)
		case "/plain.yaml":
			http.Redirect(w, r, "http://example.invalid/x", http.StatusFound)
		case "/page.yaml":
			fmt.Fprint(w, "\n<!DOCTYPE html><html>")
		case "/huge.yaml":
			for range 25 {
				_, _ = w.Write(bytes.Repeat([]byte("#"), 1<<20))
			}
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	for source, want := range map[string]string{
		server.URL + "/task.yaml":                    "",
		server.URL + "/moved.yaml":                   "",
		server.URL + "/private.yaml?token=geheim":    "",
		"http://me:geheim@" + host + "/private.yaml": "",
		server.URL + "/private.yaml":                 "the server answers 403 Forbidden",
		server.URL + "/loop.yaml":                    "the server redirects more than 5 times",
		server.URL + "/plain.yaml":                   "the server redirects to an address without https",
		server.URL + "/page.yaml":                    "it is a web page\n  help: use the address of the file itself, such as that of Raw on GitHub",
		server.URL + "/none.yaml":                    "the server does not have it",
		server.URL + "/huge.yaml":                    "the answer is larger than 20 MiB",
	} {
		got, err := fetched(t, &fetch.Fetcher{}, source)
		if want == "" {
			require.NoError(t, err, source)
			assert.Equal(t, []bind.Text{{Bytes: []byte(task)}}, got.Files)
			continue
		}
		assert.EqualError(t, err, want, source)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	_, err := fetched(t, &fetch.Fetcher{}, gone.URL+"/x.yaml?token=geheim")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "geheim")
	var u *url.Error
	assert.NotErrorAs(t, err, &u)
}

func TestCluster(t *testing.T) {
	o := func(version, kind, name string) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "tekton.dev/" + version, "kind": kind,
			"metadata": map[string]any{
				"name": name, "namespace": "ci", "uid": "1", "resourceVersion": "2", "labels": map[string]any{"a": "b"},
				"annotations": map[string]any{"kubectl.kubernetes.io/last-applied-configuration": "{}", "c": "d"},
			},
			"spec": map[string]any{"params": []any{map[string]any{"name": "channel", "default": ""}, map[string]any{"name": "tags", "default": []any{}}}},
		}}
	}
	client := fake.NewSimpleDynamicClient(runtime.NewScheme(), o("v1", "Task", "notify"), o("v1beta1", "StepAction", "lint"))
	f := &fetch.Fetcher{Cluster: func() (dynamic.Interface, error) { return client, nil }}
	got, err := fetched(t, f, "cluster://ci/notify")
	require.NoError(t, err)
	assert.Equal(t, `apiVersion: tekton.dev/v1
kind: Task
metadata:
  annotations:
    c: d
  labels:
    a: b
  name: notify
spec:
  params:
    - default: ""
      name: channel
    - default: []
      name: tags
`, string(got.Files[0].Bytes))
	got, err = fetched(t, f, "cluster://ci/lint")
	require.NoError(t, err)
	assert.Contains(t, string(got.Files[0].Bytes), "kind: StepAction")
	_, err = fetched(t, f, "cluster://other/notify")
	assert.EqualError(t, err, "the cluster has no Task and no StepAction of this name")
}

package real_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// registry is the one that tests push to, by the name that pods reach over TLS.
func registry() string {
	host, _, _ := strings.Cut(os.Getenv("REGISTRY"), ":")
	return host
}

// From a push that GitLab signs to a Deployment with the image of that push by
// its digest; then a push that breaks the deploy, and the way back. The
// example's own objects, with each way to build the image.
func TestRelease(t *testing.T) {
	t.Parallel()
	t.Run("DockerBuild", func(t *testing.T) { testRelease(t, "docker-build", nil) })
	t.Run("Kaniko", func(t *testing.T) { testRelease(t, "kaniko", builder.Define(tasks.Kaniko{})) })
	t.Run("BuildKit", func(t *testing.T) { testRelease(t, "buildkit", builder.Define(tasks.BuildKit{})) })
}

func testRelease(t *testing.T, maker string, task manifest.Source) {
	t.Parallel()
	l := newLab(t)
	app := harness.NewRepository(t, l.ns+"/devops-demo.git")
	git := harness.PasswordGit(t, "release", "p4ss w0rd")
	source := files(t, "testdata/app")
	first := app.Commit(t, "first", source)

	instead := [][3]string{
		{"harbor.k8s.local/", registry() + "/" + l.ns + "/", "the registry here"},
		{"https://git.k8s.local/course/", git + "/" + l.ns + "/", "the Git server here"},
		{"value: kube-ops\n", "value: " + l.ns + "-kube-ops\n", "a namespace of the test's own"},
		{"        - name: chart\n          value: helm\n", "        - name: chart\n          value: helm\n        - name: timeout\n          value: 90s\n",
			"a deploy that cannot become ready is given up sooner"},
	}
	if task != nil {
		instead = append(instead, [3]string{"        name: docker-build\n", "        name: " + maker + "\n", "the image is built by another task"})
	}
	objects := harness.Decode(t, example(t, "release", instead...))
	if task != nil {
		objects = slices.DeleteFunc(objects, func(o *unstructured.Unstructured) bool { return o.GetKind() == "PipelineRun" })
		objects = append(objects, harness.Decode(t, written(t, manifest.New(task).Namespace("ci")))...)
	}
	objects = l.Move(t, l.ns, objects)
	ci, ops := l.ns+"-ci", l.ns+"-kube-ops"
	l.secret(t, ci, "gitlab-auth", corev1.SecretTypeBasicAuth, map[string]string{"username": "release", "password": "p4ss w0rd"})
	l.secret(t, ci, "harbor-auth", corev1.SecretTypeDockerConfigJson, map[string]string{".dockerconfigjson": dockerConfig(registry(), "push", "secret")})
	l.secret(t, ci, "gitlab-webhook", corev1.SecretTypeOpaque, map[string]string{"token": "from-gitlab"})
	l.apply(t, objects)

	push := func(token, sha string) string {
		return l.gitLab(t, ci, "gitlab", token, map[string]any{"ref": "refs/heads/main", "after": sha, "checkout_sha": sha,
			"project": map[string]any{"path_with_namespace": "course/devops-demo", "git_http_url": git + "/" + app.Path}})
	}
	if task != nil { // what follows the image does not depend on who made it
		run := l.succeeded(t, ci, l.started(t, ci, "gitlab", push("from-gitlab", first)), long)
		l.deployed(t, ops, run, first)
		l.answers(t, ops, "one")
		return
	}

	// By hand: the example's first run.
	run := l.succeeded(t, ci, "release-1", long)
	l.deployed(t, ops, run, first)
	l.answers(t, ops, "one")

	// A push, which nobody but GitLab may announce.
	source["main.go"] = strings.Replace(source["main.go"], `version = "one"`, `version = "two"`, 1)
	second := app.Commit(t, "second", source)
	wrong := push("from-a-stranger", second)
	run = l.succeeded(t, ci, l.started(t, ci, "gitlab", push("from-gitlab", second)), long)
	require.Empty(t, l.runsOf(t, ci, wrong), "an event of a stranger started a run")
	good := l.deployed(t, ops, run, second)
	l.answers(t, ops, "two")
	require.Len(t, run.Status.SkippedTasks, 1)
	assert.Equal(t, "rollback", run.Status.SkippedTasks[0].Name)

	// A push whose deploy never becomes healthy.
	broken := maps.Clone(source)
	broken["main.go"] = strings.Replace(source["main.go"], `version = "two"`, `version = "three"`, 1)
	broken["helm/my-values.yaml"] += "probe:\n  port: 9\n"
	third := app.Commit(t, "third", broken)
	run = l.pipelineRun(t, ci, l.started(t, ci, "gitlab", push("from-gitlab", third)), long)
	assert.False(t, run.IsSuccessful())
	failed := l.of(t, run, "deploy")
	assert.False(t, failed.IsSuccessful())
	assert.Equal(t, "failed", result(failed, "status"))
	assert.Equal(t, "3", result(failed, "revision"))
	assert.Contains(t, l.log(t, failed), "helm-deploy: helm upgrade failed")
	back := l.of(t, run, "rollback")
	assert.True(t, back.IsSuccessful(), "%s", l.log(t, back))
	assert.Equal(t, "4", result(back, "revision"))
	assert.Equal(t, good, l.image(t, ops))
	l.answers(t, ops, "two")
}

// dockerConfig is what docker login leaves.
func dockerConfig(host, user, password string) string {
	auth := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	return fmt.Sprintf(`{"auths": {%q: {"auth": %q}}}`, host, auth)
}

// deployed shows that the release runs the image of the commit, by the digest
// that the run says and the registry has, and is healthy. It returns the image.
func (l *lab) deployed(t *testing.T, namespace string, run *v1.PipelineRun, commit string) string {
	t.Helper()
	require.Len(t, run.Status.Results, 1)
	digest := run.Status.Results[0].Value.StringVal
	repository := l.ns + "/course/devops-demo"
	require.Equal(t, inRegistry(t, repository, commit), digest)
	image := registry() + "/" + repository + "@" + digest
	require.Equal(t, image, l.image(t, namespace))
	return image
}

// inRegistry is the digest that the registry has for a tag.
func inRegistry(t *testing.T, repository, tag string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, "http://"+os.Getenv("REGISTRY")+"/v2/"+repository+"/manifests/"+tag, nil)
	require.NoError(t, err)
	request.Header["Accept"] = []string{"application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json",
		"application/vnd.oci.image.index.v1+json"}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode, "%s:%s", repository, tag)
	return response.Header.Get("Docker-Content-Digest")
}

// image is the image of the Deployment, once that is healthy.
func (l *lab) image(t *testing.T, namespace string) string {
	t.Helper()
	image := ""
	until(t, 2*time.Minute, "the Deployment is healthy", func(ctx context.Context) string {
		d, err := l.Core.AppsV1().Deployments(namespace).Get(ctx, "devops-demo", metav1.GetOptions{})
		if err != nil {
			return err.Error()
		}
		s := d.Status
		if s.ObservedGeneration != d.Generation || s.UpdatedReplicas != 1 || s.AvailableReplicas != 1 || s.Replicas != 1 {
			return fmt.Sprintf("%+v", s)
		}
		image = d.Spec.Template.Spec.Containers[0].Image
		return ""
	})
	return image
}

// answers shows what the Service answers.
func (l *lab) answers(t *testing.T, namespace, want string) {
	t.Helper()
	until(t, 2*time.Minute, "the Service answers "+want, func(ctx context.Context) string {
		got, err := l.Core.CoreV1().Services(namespace).ProxyGet("http", "devops-demo", "http", "/", nil).DoRaw(ctx)
		if err != nil || string(got) != want {
			return fmt.Sprintf("%s %v", got, err)
		}
		return ""
	})
}

// gitLab posts a push as GitLab does, with some fields of the payload changed;
// it returns the id of the event.
func (l *lab) gitLab(t *testing.T, namespace, listener, token string, change map[string]any) string {
	t.Helper()
	return l.post(t, l.listens(t, namespace, listener), "gitlab-push.json", change, func(h http.Header, _ []byte) {
		h.Set("X-Gitlab-Event", "Push Hook")
		h.Set("X-Gitlab-Token", token)
	})
}

// listens waits until the listener runs, and returns the URL of its Service.
func (l *lab) listens(t *testing.T, namespace, listener string) string {
	t.Helper()
	until(t, 2*time.Minute, "the listener runs", func(ctx context.Context) string {
		d, err := l.Core.AppsV1().Deployments(namespace).Get(ctx, "el-"+listener, metav1.GetOptions{})
		if err != nil {
			return err.Error()
		}
		if d.Status.AvailableReplicas == 0 {
			return fmt.Sprintf("%+v", d.Status)
		}
		return ""
	})
	return l.SinkURL(t, namespace, listener)
}

// post sends a recorded payload, with some of its fields changed, and returns the
// id of the event.
func (l *lab) post(t *testing.T, url, payload string, change map[string]any, sign func(http.Header, []byte)) string {
	t.Helper()
	data, err := os.ReadFile("../../triggers/testdata/" + payload)
	require.NoError(t, err)
	body := map[string]any{}
	require.NoError(t, json.Unmarshal(data, &body))
	merge(body, change)
	data, err = json.Marshal(body)
	require.NoError(t, err)

	var answer struct{ EventID string }
	until(t, 2*time.Minute, "the listener takes the event", func(ctx context.Context) string {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(data))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		sign(request.Header, data)
		response, err := http.DefaultClient.Do(request)
		if err != nil { // the Service may not lead to the pod yet
			return err.Error()
		}
		defer response.Body.Close()
		said, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusAccepted, response.StatusCode, "%s", said)
		require.NoError(t, json.Unmarshal(said, &answer))
		return ""
	})
	require.NotEmpty(t, answer.EventID)
	return answer.EventID
}

func merge(into, from map[string]any) {
	for k, v := range from {
		if sub, ok := v.(map[string]any); ok {
			if old, ok := into[k].(map[string]any); ok {
				merge(old, sub)
				continue
			}
		}
		into[k] = v
	}
}

// runsOf are the names of the runs that an event started.
func (l *lab) runsOf(t *testing.T, namespace, event string) []string {
	t.Helper()
	runs, err := l.Tekton.TektonV1().PipelineRuns(namespace).List(t.Context(), metav1.ListOptions{LabelSelector: "triggers.tekton.dev/triggers-eventid=" + event})
	require.NoError(t, err)
	names := []string{}
	for _, r := range runs.Items {
		names = append(names, r.Name)
	}
	return names
}

// started is the name of the one run that an event started.
func (l *lab) started(t *testing.T, namespace, listener, event string) string {
	t.Helper()
	var names []string
	until(t, 2*time.Minute, "the event starts a run", func(ctx context.Context) string {
		if names = l.runsOf(t, namespace, event); len(names) == 0 {
			log, err := l.SinkLog(ctx, namespace, listener)
			return fmt.Sprintf("none; the listener says %s %v", log, err)
		}
		return ""
	})
	require.Len(t, names, 1)
	return names[0]
}

package real_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// The Task, TaskRun, Pipeline and PipelineRun of the introduction say hello, and
// the image of a private repository is built and pushed to a private registry.
func TestFirstSteps(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	git := harness.PasswordGit(t, "me", "p4ss w0rd")
	source := harness.NewRepository(t, l.ns+"/private.git")
	commit := source.Commit(t, "first", map[string]string{
		"Dockerfile": "FROM busybox:1.37\nCOPY name /name\nUSER 65534\nENTRYPOINT [\"cat\", \"/name\"]\n", "name": "private",
	})
	private := harness.PrivateRegistry(t, "push", "p4ss")
	for _, closed := range []string{git + "/" + source.Path + "/info/refs?service=git-upload-pack", "http://" + private + "/v2/"} {
		assert.Equal(t, http.StatusUnauthorized, asks(t, closed), "%s lets anybody in", closed)
	}
	objects := l.Move(t, l.ns, harness.Decode(t, example(t, "first-steps",
		[3]string{"https://github.com/acme/", git + "/" + l.ns + "/", "the Git server here"},
		[3]string{"registry.k8s.local/acme", private + "/" + l.ns + "/acme", "the registry here, for one user"},
		plain(private, "image\n          value: $(params.image):$(tasks.clone.results.commit)"))))
	ns := l.ns + "-first-steps"
	l.secret(t, ns, "github-auth", corev1.SecretTypeBasicAuth, map[string]string{"username": "me", "password": "p4ss w0rd"})
	l.secret(t, ns, "registry-auth", corev1.SecretTypeDockerConfigJson, map[string]string{".dockerconfigjson": dockerConfig(private, "push", "p4ss")})
	l.apply(t, objects)

	alone := l.taskRun(t, ns, "hello-task", long)
	assert.True(t, alone.IsSuccessful(), "%s", alone.Status.GetCondition("Succeeded").GetMessage())
	assert.Equal(t, "hello world\n", l.log(t, alone))
	hello := l.succeeded(t, ns, "hello-pipeline", long)
	assert.Equal(t, "hello world\n", l.log(t, l.of(t, hello, "hello")))

	image := l.succeeded(t, ns, "image-1", long)
	assert.Equal(t, commit, result(l.of(t, image, "clone"), "commit"))
	digest := result(l.of(t, image, "build"), "IMAGE_DIGEST")
	assert.Equal(t, inRegistry(t, l.ns+"/acme/private", commit), digest)
	assert.Equal(t, "private", l.runs(t, registry()+"/"+l.ns+"/acme/private@"+digest))
}

// asks is the status that a URL answers.
func asks(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

// The Go client of the first steps, built from its source, applies a pipeline, runs
// it, and prints its events, its logs and its result. Started again, it creates
// another run, and configures nothing.
func TestDrive(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	drive := filepath.Join(t.TempDir(), "drive")
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	source := filepath.Join(root, "examples/first-steps/drive/main.go")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", drive, "-overlay", standIn(t, source), "./examples/first-steps/drive")
	build.Dir = root
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)

	said, before := []string{}, ""
	for range 2 {
		command := exec.CommandContext(t.Context(), drive, "-namespace", l.ns)
		out, err := command.Output()
		require.NoError(t, err, "%s", out)
		said = append(said, varies.ReplaceAllString(string(out), ""))
		pipeline, err := l.Tekton.TektonV1().Pipelines(l.ns).Get(t.Context(), "hello", metav1.GetOptions{})
		require.NoError(t, err)
		task, err := l.Tekton.TektonV1().Tasks(l.ns).Get(t.Context(), "greet", metav1.GetOptions{})
		require.NoError(t, err)
		version := pipeline.ResourceVersion + " " + task.ResourceVersion
		if before != "" {
			assert.Equal(t, before, version, "what the first run has applied is as it was")
		}
		before = version
	}
	runs, err := l.Tekton.TektonV1().PipelineRuns(l.ns).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	require.Len(t, runs.Items, 2)
	want := []string{}
	for _, r := range runs.Items {
		assert.True(t, r.IsSuccessful(), r.Name)
		want = append(want, strings.ReplaceAll(driven, "NAME", r.Name))
	}
	assert.ElementsMatch(t, want, said)
}

// driven is what the client of the first steps prints of a run.
const driven = `PipelineRun "NAME" started
task "hello" started
task "hello", step "greet" started
[hello : greet] hello world
task "hello", step "greet" succeeded
task "hello" succeeded
PipelineRun "NAME" succeeded
text = hello world
`

// varies is what a busy machine adds: how long something took, and what waits.
var varies = regexp.MustCompile(` after [0-9.hm]+m?s|(?m:^.* is waiting: .*\n)`)

// standIn is an overlay for the go command: the source file with the images that
// the node has.
func standIn(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	data, err := os.ReadFile(source)
	require.NoError(t, err)
	file := filepath.Join(dir, "main.go")
	require.NoError(t, os.WriteFile(file, []byte(harness.StandInText(t, string(data))), 0o600))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{source: file}})
	require.NoError(t, err)
	path := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(path, overlay, 0o600))
	return path
}

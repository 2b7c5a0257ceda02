package real_test

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("6") // most of the time is spent waiting for pods
	}
	harness.Main(m)
}

// long is a limit for what takes as long as the machine is slow.
const long = 15 * time.Minute

// lab is the cluster, and what one test does there.
type lab struct {
	*harness.Cluster
	ns string
}

func newLab(t *testing.T) *lab {
	t.Helper()
	c := harness.Get(t)
	c.Needs(t, harness.Node)
	harness.StandsIn(t, "images: made by recipes, under the names of the published ones")
	return &lab{Cluster: c, ns: c.Namespace(t)}
}

// example is the text of an example's manifests, in the order that a cluster
// needs, with some words replaced; why each is, goes into the record.
func example(t *testing.T, name string, instead ...[3]string) string {
	t.Helper()
	files, err := filepath.Glob("../../../examples/" + name + "/manifests/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files, "the tests run in their own folder")
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		fmt.Fprintf(&all, "---\n%s", text)
	}
	text := all.String()
	for _, i := range instead {
		require.Contains(t, text, i[0])
		text = strings.ReplaceAll(text, i[0], i[1])
		harness.StandsIn(t, fmt.Sprintf("%q for %q: %s", i[1], i[0], i[2]))
	}
	set, err := manifest.Read(strings.NewReader(text), name)
	require.NoError(t, err)
	return written(t, set)
}

// written is what the library writes of the sources.
func written(t *testing.T, sources ...manifest.Source) string {
	t.Helper()
	var text strings.Builder
	require.NoError(t, manifest.New(sources...).Write(&text))
	return text.String()
}

// apply brings a stream of manifests to the cluster, as kubectl apply would.
func (l *lab) apply(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	l.StandInImages(t, objects)
	for _, o := range objects {
		client, err := l.Of(o)
		require.NoError(t, err)
		data, err := o.MarshalJSON()
		require.NoError(t, err)
		force := true
		_, err = client.Patch(t.Context(), o.GetName(), types.ApplyPatchType, data, metav1.PatchOptions{
			FieldManager: harness.Manager, Force: &force, FieldValidation: metav1.FieldValidationStrict})
		require.NoError(t, err, "%s %s", o.GetKind(), o.GetName())
	}
}

// put applies what the library writes of the sources to the test's namespace.
func (l *lab) put(t *testing.T, sources ...manifest.Source) {
	t.Helper()
	objects := harness.Decode(t, written(t, manifest.New(sources...).Namespace(l.ns)))
	l.apply(t, objects)
}

// secret makes a Secret, as the commands that the manifests begin with do.
func (l *lab) secret(t *testing.T, namespace, name string, kind corev1.SecretType, data map[string]string) {
	t.Helper()
	_, err := l.Core.CoreV1().Secrets(namespace).Create(t.Context(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: name}, Type: kind, StringData: data}, metav1.CreateOptions{})
	require.NoError(t, err)
}

// until repeats a question until it is answered with "", which is what a test
// waits for; the last answer is in the failure.
func until(t *testing.T, limit time.Duration, what string, ask func(ctx context.Context) string) {
	t.Helper()
	answer := ""
	err := wait.PollUntilContextTimeout(t.Context(), 250*time.Millisecond, limit, true, func(ctx context.Context) (bool, error) {
		answer = ask(ctx)
		return answer == "", nil
	})
	require.NoError(t, err, "%s: %s", what, answer)
}

// pipelineRun waits for the end of a run.
func (l *lab) pipelineRun(t *testing.T, namespace, name string, limit time.Duration) *v1.PipelineRun {
	t.Helper()
	var run *v1.PipelineRun
	err := wait.PollUntilContextTimeout(t.Context(), 250*time.Millisecond, limit, true, func(ctx context.Context) (bool, error) {
		var err error
		run, err = l.Tekton.TektonV1().PipelineRuns(namespace).Get(ctx, name, metav1.GetOptions{})
		return err == nil && run.IsDone(), err
	})
	if err != nil {
		l.tell(t, namespace, name)
	}
	require.NoError(t, err, "PipelineRun %s", name)
	return run
}

// succeeded waits for the end of a run, which is to be a good one.
func (l *lab) succeeded(t *testing.T, namespace, name string, limit time.Duration) *v1.PipelineRun {
	t.Helper()
	run := l.pipelineRun(t, namespace, name, limit)
	if !run.IsSuccessful() {
		l.tell(t, namespace, name)
	}
	require.True(t, run.IsSuccessful(), "%s", run.Status.GetCondition("Succeeded").GetMessage())
	return run
}

// taskRun waits for the end of a TaskRun.
func (l *lab) taskRun(t *testing.T, namespace, name string, limit time.Duration) *v1.TaskRun {
	t.Helper()
	var run *v1.TaskRun
	err := wait.PollUntilContextTimeout(t.Context(), 250*time.Millisecond, limit, true, func(ctx context.Context) (bool, error) {
		var err error
		run, err = l.Tekton.TektonV1().TaskRuns(namespace).Get(ctx, name, metav1.GetOptions{})
		return err == nil && run.IsDone(), err
	})
	if err != nil && run != nil {
		t.Logf("%s: %s\n%s", name, run.Status.GetCondition("Succeeded").GetMessage(), l.log(t, run))
	}
	require.NoError(t, err, "TaskRun %s", name)
	return run
}

// of is the TaskRun of a task of the pipeline; it has to be there.
func (l *lab) of(t *testing.T, run *v1.PipelineRun, task string) *v1.TaskRun {
	t.Helper()
	for _, child := range run.Status.ChildReferences {
		if child.PipelineTaskName == task {
			taskRun, err := l.Tekton.TektonV1().TaskRuns(run.Namespace).Get(t.Context(), child.Name, metav1.GetOptions{})
			require.NoError(t, err)
			return taskRun
		}
	}
	require.Fail(t, "not run: "+task)
	return nil
}

// log is what the steps of the TaskRun wrote.
func (l *lab) log(t *testing.T, run *v1.TaskRun) string {
	t.Helper()
	var all strings.Builder
	for _, step := range run.Status.Steps {
		text, err := l.Core.CoreV1().Pods(run.Namespace).GetLogs(run.Status.PodName, &corev1.PodLogOptions{Container: step.Container}).DoRaw(t.Context())
		if err != nil {
			text = []byte(err.Error())
		}
		all.Write(text)
	}
	return all.String()
}

// tell logs how the tasks of a run fare, with what those wrote that did not
// succeed.
func (l *lab) tell(t *testing.T, namespace, name string) {
	t.Helper()
	runs, err := l.Tekton.TektonV1().TaskRuns(namespace).List(t.Context(), metav1.ListOptions{LabelSelector: "tekton.dev/pipelineRun=" + name})
	require.NoError(t, err)
	for i := range runs.Items {
		r := &runs.Items[i]
		c := r.Status.GetCondition("Succeeded")
		t.Logf("%s: %s %s", r.Name, c.GetReason(), c.GetMessage())
		if !r.IsSuccessful() {
			t.Log(l.log(t, r))
		}
	}
}

// files reads a folder, each file by its path in it.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	root := os.DirFS(dir)
	require.NoError(t, fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, path)
		all[path] = string(data)
		return err
	}))
	return all
}

// result is the value of a result of a run of one task.
func result(run *v1.TaskRun, name string) string {
	for _, r := range run.Status.Results {
		if r.Name == name {
			return r.Value.StringVal
		}
	}
	return ""
}

// lists are the results of a run of one task that are arrays.
func lists(run *v1.TaskRun) map[string][]string {
	all := map[string][]string{}
	for _, r := range run.Status.Results {
		if r.Value.Type == v1.ParamTypeArray {
			all[r.Name] = append([]string(nil), r.Value.ArrayVal...)
		}
	}
	return all
}

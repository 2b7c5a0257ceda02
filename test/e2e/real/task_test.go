package real_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// catalogue is every task of it.
func catalogue() map[string]manifest.Source {
	return map[string]manifest.Source{
		"git-clone":     builder.Define(tasks.GitClone{}),
		"go-test":       builder.Define(tasks.GoTest{}),
		"go-build":      builder.Define(tasks.GoBuild{}),
		"image-tag":     builder.Define(tasks.ImageTag{}),
		"docker-build":  builder.Define(tasks.DockerBuild{}),
		"kaniko":        builder.Define(tasks.Kaniko{}),
		"buildkit":      builder.Define(tasks.BuildKit{}),
		"helm-deploy":   builder.Define(tasks.HelmDeploy{}),
		"helm-rollback": builder.Define(tasks.HelmRollback{}),
		"kubectl-apply": builder.Define(tasks.KubectlApply{}),
		"gitops-update": builder.Define(tasks.GitOpsUpdate{}),

		"changed-paths":   builder.Define(tasks.ChangedPaths{}),
		"git-tag":         builder.Define(tasks.GitTag{}),
		"kustomize-apply": builder.Define(tasks.KustomizeApply{}),
		"commit-status":   builder.Define(tasks.CommitStatus{}),
		"notify":          builder.Define(tasks.Notify{}),
	}
}

// bench is a lab with the catalogue's Tasks, a volume that has testdata/tasks in
// the folder src, and the account deployer with the rights that the library
// derives.
type bench struct {
	*lab
	source, operations *harness.Repository
	commit             string // the last one of source, which changes tiny
	service            string // the URL of a server that accepts what is posted
	posted             posted
	count              sync.Mutex
	next               int
}

// posted is what the server of a bench was sent.
type posted struct {
	sync.Mutex
	requests []string // METHOD PATH TOKEN BODY
}

// accept answers as the APIs of commits and the webhooks do.
func (p *posted) accept(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.Lock()
	p.requests = append(p.requests, strings.Join([]string{r.Method, r.URL.Path, r.Header.Get("Authorization"), string(body)}, " "))
	p.Unlock()
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, "{}")
}

// all are the requests so far.
func (p *posted) all() string {
	p.Lock()
	defer p.Unlock()
	return strings.Join(p.requests, "\n")
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{lab: newLab(t)}
	harness.StandsIn(t, "requests: less than the catalogue's, so that many runs fit on the node")
	b.source = harness.NewRepository(t, b.ns+"/source.git")
	b.source.Commit(t, "first", files(t, "testdata/tasks"))
	b.commit = b.source.Commit(t, "second", map[string]string{"tiny/notes.txt": "another file"})
	b.operations = harness.NewRepository(t, b.ns+"/operations.git")
	b.operations.Commit(t, "first", map[string]string{"app.yaml": operations})

	volume, ns := builder.NewWorkspace("source"), builder.String(b.ns)
	claim := volume.PVC("sources")
	deploy := builder.RunTask("d", tasks.HelmDeploy{Chart: "charts/cm", Release: "x", Namespace: ns, Source: volume}, claim).ServiceAccount("deployer")
	apply := builder.RunTask("a", tasks.KubectlApply{Path: "manifests", Namespace: ns, Source: volume}, claim).ServiceAccount("deployer")
	kustomize := builder.RunTask("k", tasks.KustomizeApply{Path: "kustomize", Namespace: ns, Source: volume,
		Permissions: tasks.ApplyRules("configmaps", "cronjobs")}, claim).ServiceAccount("deployer")
	b.service = harness.Serve(t, http.HandlerFunc(b.posted.accept))
	b.secret(t, b.ns, "token", corev1.SecretTypeOpaque, map[string]string{"token": apiToken})
	b.secret(t, b.ns, "webhook", corev1.SecretTypeOpaque, map[string]string{"url": b.service + "/hooks/" + apiToken})
	sources := []manifest.Source{infra.NewPVC("sources", "1Gi").AccessModes("ReadWriteMany"), infra.RunRBAC(deploy, apply, kustomize)}
	for _, name := range slices.Sorted(maps.Keys(catalogue())) {
		sources = append(sources, catalogue()[name])
	}
	b.put(t, sources...)
	b.good(t, try{task: "git-clone", params: map[string]any{"url": b.source.URL(), "subdirectory": "src"},
		workspaces: []v1.WorkspaceBinding{claimed("output", "")}})
	return b
}

// try is a run of one task of the catalogue.
type try struct {
	task       string
	params     map[string]any // a string or a list
	workspaces []v1.WorkspaceBinding
}

// with is the same, with another value.
func (c try) with(param string, value any) try {
	c.params = maps.Clone(c.params)
	c.params[param] = value
	return c
}

func claimed(name, folder string) v1.WorkspaceBinding {
	return v1.WorkspaceBinding{Name: name, SubPath: folder, PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "sources"}}
}

// apiToken is in the Secrets of the tasks that post something, and may be nowhere else.
const apiToken = "t0ps3cr3t"

func secretly(name, secret string) v1.WorkspaceBinding {
	return v1.WorkspaceBinding{Name: name, Secret: &corev1.SecretVolumeSource{SecretName: secret}}
}

func scratch(name string) v1.WorkspaceBinding {
	return v1.WorkspaceBinding{Name: name, EmptyDir: &corev1.EmptyDirVolumeSource{}}
}

// usual are runs of all tasks as they are meant to be, with what is required
// and without any optional workspace. The suffix keeps what they leave apart.
func (b *bench) usual(name, suffix string) try {
	source := []v1.WorkspaceBinding{claimed("source", "src")}
	image := registry() + "/" + b.ns + "/"
	c := map[string]try{
		"git-clone":     {params: map[string]any{"url": b.source.URL()}, workspaces: []v1.WorkspaceBinding{scratch("output")}},
		"go-test":       {params: map[string]any{"directory": "tiny"}, workspaces: source},
		"go-build":      {params: map[string]any{"directory": "tiny", "output": "bin" + suffix + "/"}, workspaces: source},
		"image-tag":     {params: map[string]any{"image": "registry.example/app", "commit": "0123abc"}},
		"docker-build":  {params: map[string]any{"image": image + "docker:1" + suffix, "context": "img"}, workspaces: source},
		"kaniko":        {params: map[string]any{"image": image + "kaniko:1" + suffix, "context": "img"}, workspaces: source},
		"buildkit":      {params: map[string]any{"image": image + "buildkit:1" + suffix, "context": "img"}, workspaces: source},
		"helm-deploy":   {params: map[string]any{"chart": "charts/cm", "release": "app" + suffix, "namespace": b.ns}, workspaces: source},
		"helm-rollback": {params: map[string]any{"release": "app" + suffix, "namespace": b.ns}},
		"kubectl-apply": {params: map[string]any{"path": "manifests", "namespace": b.ns}, workspaces: source},
		"gitops-update": {params: map[string]any{"url": b.operations.URL(), "file": "app.yaml", "container": "python-hello",
			"image": "registry.example/app:" + time.Now().Format("150405.000000") + suffix}},
		"changed-paths": {params: map[string]any{"url": b.source.URL(), "directories": []string{"*"}}},
		"git-tag":       {params: map[string]any{"url": b.source.URL(), "tag": "v1" + suffix, "commit": b.commit}},
		"kustomize-apply": {params: map[string]any{"path": "kustomize", "namespace": b.ns,
			"images": []string{"example.com/app=registry.example/app:1" + suffix}}, workspaces: source},
		"commit-status": {params: map[string]any{"provider": "gitea", "api": b.service + "/api/v1", "repository": "acme/app",
			"commit": b.commit, "state": "Succeeded"}, workspaces: []v1.WorkspaceBinding{secretly("token", "token")}},
		"notify": {params: map[string]any{"message": "released"}, workspaces: []v1.WorkspaceBinding{secretly("webhook", "webhook")}},
	}[name]
	c.task = name
	return c
}

// start starts the run, and returns its name.
func (b *bench) start(t *testing.T, c try) string {
	t.Helper()
	b.count.Lock()
	b.next++
	name := fmt.Sprintf("%s-%d", c.task, b.next)
	b.count.Unlock()
	group := tasks.Group
	run := &v1.TaskRun{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1.TaskRunSpec{
			TaskRef: &v1.TaskRef{Name: c.task}, Workspaces: c.workspaces, ServiceAccountName: "deployer",
			PodTemplate: &pod.Template{SecurityContext: &corev1.PodSecurityContext{FSGroup: &group}},
		},
	}
	for _, p := range slices.Sorted(maps.Keys(c.params)) {
		value := v1.ParamValue{Type: v1.ParamTypeString}
		switch v := c.params[p].(type) {
		case string:
			value.StringVal = v
		case []string:
			value.Type, value.ArrayVal = v1.ParamTypeArray, v
		default:
			require.Fail(t, "no value of a param", "%v", v)
		}
		run.Spec.Params = append(run.Spec.Params, v1.Param{Name: p, Value: value})
	}
	// The node is small, and what is tried here is no load.
	little := corev1.ResourceRequirements{Requests: corev1.ResourceList{
		corev1.ResourceCPU: resource.MustParse("10m"), corev1.ResourceMemory: resource.MustParse("16Mi")}}
	spec := b.task(t, c.task).Spec
	for _, s := range spec.Steps {
		run.Spec.StepSpecs = append(run.Spec.StepSpecs, v1.TaskRunStepSpec{Name: s.Name, ComputeResources: little})
	}
	for _, s := range spec.Sidecars {
		run.Spec.SidecarSpecs = append(run.Spec.SidecarSpecs, v1.TaskRunSidecarSpec{Name: s.Name, ComputeResources: little})
	}
	_, err := b.Tekton.TektonV1().TaskRuns(b.ns).Create(t.Context(), run, metav1.CreateOptions{})
	require.NoError(t, err)
	return name
}

func (b *bench) task(t *testing.T, name string) *v1.Task {
	t.Helper()
	task, err := b.Tekton.TektonV1().Tasks(b.ns).Get(t.Context(), name, metav1.GetOptions{})
	require.NoError(t, err)
	return task
}

// end runs the task to its end.
func (b *bench) end(t *testing.T, c try) (*v1.TaskRun, string) {
	t.Helper()
	run := b.taskRun(t, b.ns, b.start(t, c), long)
	return run, b.log(t, run)
}

// good runs the task, which is to succeed.
func (b *bench) good(t *testing.T, c try) (*v1.TaskRun, string) {
	t.Helper()
	run, log := b.end(t, c)
	require.True(t, run.IsSuccessful(), "%s: %s\n%s", c.task, run.Status.GetCondition("Succeeded").GetMessage(), log)
	return run, log
}

// everything is what all containers of the run's pod wrote, with the results
// and the messages of the run.
func (b *bench) everything(t *testing.T, run *v1.TaskRun) string {
	t.Helper()
	var all strings.Builder
	all.WriteString(b.log(t, run))
	for _, s := range run.Status.Sidecars {
		text, err := b.Core.CoreV1().Pods(run.Namespace).GetLogs(run.Status.PodName, &corev1.PodLogOptions{Container: s.Container}).DoRaw(t.Context())
		require.NoError(t, err)
		all.Write(text)
	}
	fmt.Fprintf(&all, "%v %s", run.Status.Results, run.Status.GetCondition("Succeeded").GetMessage())
	return all.String()
}

// releases are the states of a release's revisions, oldest first, as helm keeps
// them.
func (b *bench) releases(ctx context.Context, name string) []string {
	secrets, err := b.Core.CoreV1().Secrets(b.ns).List(ctx, metav1.ListOptions{LabelSelector: "owner=helm,name=" + name})
	if err != nil {
		return []string{err.Error()}
	}
	states := []string{}
	for _, s := range secrets.Items {
		states = append(states, s.Labels["version"]+" "+s.Labels["status"])
	}
	slices.Sort(states)
	return states
}

package tasks_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// catalogue is each task, by its name.
func catalogue(t testing.TB) map[string]*v1.Task {
	return map[string]*v1.Task{
		"git-clone":       define(t, tasks.GitClone{}),
		"go-test":         define(t, tasks.GoTest{}),
		"go-build":        define(t, tasks.GoBuild{}),
		"docker-build":    define(t, tasks.DockerBuild{}),
		"kaniko":          define(t, tasks.Kaniko{}),
		"buildkit":        define(t, tasks.BuildKit{}),
		"helm-deploy":     define(t, tasks.HelmDeploy{}),
		"helm-rollback":   define(t, tasks.HelmRollback{}),
		"kubectl-apply":   define(t, tasks.KubectlApply{}),
		"image-tag":       define(t, tasks.ImageTag{}),
		"gitops-update":   define(t, tasks.GitOpsUpdate{}),
		"changed-paths":   define(t, tasks.ChangedPaths{}),
		"commit-status":   define(t, tasks.CommitStatus{}),
		"git-tag":         define(t, tasks.GitTag{}),
		"notify":          define(t, tasks.Notify{}),
		"image-copy":      define(t, tasks.ImageCopy{}),
		"go-lint":         define(t, tasks.GoLint{}),
		"kustomize-apply": define(t, tasks.KustomizeApply{}),
		"cosign-sign":     define(t, tasks.CosignSign{}),
		"ko":              define(t, tasks.Ko{}),
		"buildah":         define(t, tasks.Buildah{}),
	}
}

func TestDefinitions(t *testing.T) {
	t.Parallel()
	for name, task := range catalogue(t) {
		assert.Equal(t, name, task.Name)
		assert.NotEmpty(t, task.Spec.Description)
		for _, p := range task.Spec.Params {
			assert.NotEmpty(t, p.Description, "%s: param %s", name, p.Name)
			assert.Empty(t, p.Enum, "%s: param %s: an enum is refused where its feature flag is off", name, p.Name)
		}
		for _, w := range task.Spec.Workspaces {
			assert.NotEmpty(t, w.Description, "%s: workspace %s", name, w.Name)
		}
		for _, r := range task.Spec.Results {
			assert.NotEmpty(t, r.Description, "%s: result %s", name, r.Name)
		}
		require.Len(t, task.Spec.Steps, 1)
		s := task.Spec.Steps[0]
		assert.NotEmpty(t, s.ComputeResources.Requests.Cpu().String(), name)
		assert.False(t, s.ComputeResources.Requests.Memory().IsZero(), name)
		for _, e := range s.Env {
			assert.Nil(t, e.ValueFrom, "%s: %s: a secret in the environment could be named by an input", name, e.Name)
		}
		security := s.SecurityContext
		assert.Nil(t, security.Privileged, name)
		if name == "buildkit" || name == "buildah" { // newuidmap needs privilege escalation
			assert.True(t, *security.RunAsNonRoot)
			assert.EqualValues(t, 1000, *security.RunAsUser)
			assert.EqualValues(t, "Unconfined", security.SeccompProfile.Type)
			continue
		}
		assert.False(t, *security.AllowPrivilegeEscalation, name)
		if name == "kaniko" {
			assert.Zero(t, *security.RunAsUser)
			continue
		}
		assert.True(t, *security.RunAsNonRoot, name)
		assert.EqualValues(t, 65534, *security.RunAsUser, "%s: all tasks write as one user", name)
		assert.Equal(t, []string{"ALL"}, func() (drop []string) {
			for _, c := range security.Capabilities.Drop {
				drop = append(drop, string(c))
			}
			return drop
		}(), name)
	}
	for name, task := range catalogue(t) {
		if name != "docker-build" {
			assert.Empty(t, task.Spec.Sidecars, name)
			continue
		}
		require.Len(t, task.Spec.Sidecars, 1)
		assert.True(t, *task.Spec.Sidecars[0].SecurityContext.Privileged)
		assert.False(t, task.Spec.Sidecars[0].ComputeResources.Requests.Memory().IsZero())
		assert.NotNil(t, task.Spec.Sidecars[0].ReadinessProbe)
	}
}

// Images have the tag of a full version, and Images lists them.
func TestImages(t *testing.T) {
	t.Parallel()
	version := regexp.MustCompile(`^[a-z.]+/[a-z0-9/-]+:v?\d+\.\d+\.\d+(-[a-z]+)?$`)
	used := map[string]bool{}
	for _, task := range catalogue(t) {
		used[task.Spec.Steps[0].Image] = true
		for _, s := range task.Spec.Sidecars {
			used[s.Image] = true
		}
	}
	for image := range used {
		assert.Regexp(t, version, image)
	}
	assert.Equal(t, slices.Sorted(maps.Keys(used)), tasks.Images())

	compared, err := os.ReadFile("../../docs/security.md")
	require.NoError(t, err)
	for _, image := range tasks.Images() {
		name, tag, _ := strings.Cut(image[strings.Index(image, "/")+1:], ":")
		name = strings.TrimPrefix(name, "library/")
		if base, ok := strings.CutSuffix(tag, "-dind"); ok {
			tag = base + "-cli" // in one row
		}
		assert.Contains(t, string(compared), "`"+name+":"+tag+"`", "compare the image with advisories")
	}
}

// A different image makes a different definition with a different name.
func TestToolImage(t *testing.T) {
	t.Parallel()
	const image = "example.com/tool:1"
	for usual, task := range map[string]*v1.Task{
		"git-clone":       define(t, tasks.GitClone{ToolImage: image}),
		"go-test":         define(t, tasks.GoTest{ToolImage: image}),
		"go-build":        define(t, tasks.GoBuild{ToolImage: image}),
		"docker-build":    define(t, tasks.DockerBuild{ToolImage: image}),
		"kaniko":          define(t, tasks.Kaniko{ToolImage: image}),
		"buildkit":        define(t, tasks.BuildKit{ToolImage: image}),
		"helm-deploy":     define(t, tasks.HelmDeploy{ToolImage: image}),
		"helm-rollback":   define(t, tasks.HelmRollback{ToolImage: image}),
		"kubectl-apply":   define(t, tasks.KubectlApply{ToolImage: image}),
		"image-tag":       define(t, tasks.ImageTag{ToolImage: image}),
		"gitops-update":   define(t, tasks.GitOpsUpdate{ToolImage: image}),
		"changed-paths":   define(t, tasks.ChangedPaths{ToolImage: image}),
		"commit-status":   define(t, tasks.CommitStatus{ToolImage: image}),
		"git-tag":         define(t, tasks.GitTag{ToolImage: image}),
		"notify":          define(t, tasks.Notify{ToolImage: image}),
		"image-copy":      define(t, tasks.ImageCopy{ToolImage: image}),
		"go-lint":         define(t, tasks.GoLint{ToolImage: image}),
		"kustomize-apply": define(t, tasks.KustomizeApply{ToolImage: image}),
		"cosign-sign":     define(t, tasks.CosignSign{ToolImage: image}),
		"ko":              define(t, tasks.Ko{ToolImage: image}),
		"buildah":         define(t, tasks.Buildah{ToolImage: image}),
	} {
		assert.Equal(t, image, task.Spec.Steps[0].Image)
		assert.Regexp(t, "^"+usual+"-[0-9a-f]{8}$", task.Name)
	}
	daemon := define(t, tasks.DockerBuild{DaemonImage: image})
	assert.Equal(t, image, daemon.Spec.Sidecars[0].Image)
	assert.NotEqual(t, tasks.DockerBuild{ToolImage: image}.TaskName(), daemon.Name)
	assert.Equal(t, "git-clone-e0053282", tasks.GitClone{ToolImage: image}.TaskName(), "the name is stable")
	same := catalogue(t)["git-clone"].Spec.Steps[0].Image
	assert.Equal(t, "git-clone", tasks.GitClone{ToolImage: same}.TaskName())
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	for name, task := range catalogue(t) {
		golden.YAML(t, "testdata/"+name+".yaml", yaml(t, task))
	}
}

// source is a line of a script that sources a part, which the Task has there.
var source = regexp.MustCompile(`(?m)^# shellcheck source-path=SCRIPTDIR source=(\S+)\n\. \./(\S+)\n`)

func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("scripts/*.sh")
	require.NoError(t, err)
	used := map[string]bool{}
	dir := t.TempDir()
	joined := []string{}
	for _, task := range catalogue(t) {
		list := []string{}
		for _, s := range task.Spec.Steps {
			list = append(list, s.Script)
		}
		for _, s := range task.Spec.Sidecars {
			list = append(list, s.Script)
		}
		for _, text := range list {
			used[text] = true
			joined = append(joined, filepath.Join(dir, fmt.Sprintf("%d.sh", len(joined))))
			require.NoError(t, os.WriteFile(joined[len(joined)-1], []byte(text), 0o644))
		}
	}
	texts, parts := map[string]string{}, map[string]bool{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		texts[file] = string(b)
	}
	for file, text := range texts {
		texts[file] = source.ReplaceAllStringFunc(text, func(line string) string {
			names := source.FindStringSubmatch(line)
			assert.Equal(t, names[1], names[2], file)
			parts["scripts/"+names[1]] = true
			return strings.TrimPrefix(texts["scripts/"+names[1]], "#!/bin/sh\n")
		})
	}
	assert.Len(t, files, len(used)+len(parts))
	for file, text := range texts {
		shebang := "#!/bin/sh"
		if strings.HasSuffix(file, "/kaniko.sh") || strings.HasSuffix(file, "/cosign-sign.sh") {
			shebang = "#!/busybox/sh"
		}
		assert.True(t, strings.HasPrefix(text, shebang+"\n"), file)
		assert.NotRegexp(t, `\$\((params|workspaces|results|steps|context|tasks)\b`, text, file)
		if !parts[file] {
			assert.True(t, used[text], "%s: no task has exactly this script", file)
			assert.True(t, strings.HasPrefix(text, shebang+"\nset -eu\n"), file)
		}
	}
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("SKIPPED: this machine has no shellcheck")
	}
	for _, list := range [][]string{files, joined} {
		out, err := exec.Command(shellcheck, append([]string{"--norc", "--shell=sh"}, list...)...).CombinedOutput()
		assert.NoError(t, err, "%s", out)
	}
}

// Permissions are required only if the pod's service account is used.
func TestPermissions(t *testing.T) {
	t.Parallel()
	p := builder.NewPipeline("p")
	kubeconfig := p.Workspace("kubeconfig")
	builder.Add(p, "own", tasks.HelmDeploy{Chart: "oci://r/c", Release: "r", Namespace: "prod"})
	builder.Add(p, "other", tasks.HelmDeploy{Chart: "oci://r/c", Release: "r", Namespace: "far", Kubeconfig: kubeconfig})
	src := p.Workspace("source")
	more := rbacv1.PolicyRule{APIGroups: []string{"example.com"}, Resources: []string{"apps"}, Verbs: []string{"patch"}}
	builder.Add(p, "apply", tasks.KubectlApply{Path: ".", Namespace: "stage", Source: src, Permissions: []rbacv1.PolicyRule{more}})
	builder.Add(p, "apply-other", tasks.KubectlApply{Path: ".", Namespace: "far", Source: src, Kubeconfig: kubeconfig})
	permissions := p.Run("r-", kubeconfig.Secret("k"), src.EmptyDir()).Permissions()
	require.Len(t, permissions, 2)
	assert.EqualValues(t, "prod", permissions[0].Namespace)
	assert.EqualValues(t, "stage", permissions[1].Namespace)
	for _, permission := range permissions {
		for _, rule := range permission.Rules {
			for _, list := range [][]string{rule.APIGroups, rule.Resources, rule.Verbs} {
				assert.NotContains(t, list, "*")
			}
		}
	}
	assert.Equal(t, []rbacv1.PolicyRule{more}, permissions[1].Rules, "and nothing of the default")
}

// The rules of Helm have its storage and what it waits for, and those for the usual resources
// allow what a deploy may do by default.
func TestHelmRules(t *testing.T) {
	t.Parallel()
	rule := func(group string, verbs []string, resources ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: verbs}
	}
	change, read := []string{"get", "list", "watch", "create", "update", "patch", "delete"}, []string{"get", "list", "watch"}
	assert.Equal(t, []rbacv1.PolicyRule{
		rule("", change, "secrets", "services"), rule("apps", change, "deployments"), rule("", read, "pods"), rule("apps", read, "replicasets"),
	}, tasks.HelmRules("services", "deployments"))

	granted := func(rules []rbacv1.PolicyRule) (all []string) {
		for _, r := range rules {
			for _, resource := range r.Resources {
				for _, verb := range r.Verbs {
					all = append(all, verb+" "+resource+"."+r.APIGroups[0])
				}
			}
		}
		return all
	}
	of := func(h tasks.HelmDeploy) []string {
		p := builder.NewPipeline("p")
		h.Chart, h.Release, h.Namespace = "oci://r/c", "r", "n"
		builder.Add(p, "deploy", h)
		return granted(p.Run("r-").Permissions()[0].Rules)
	}
	usual := of(tasks.HelmDeploy{})
	assert.Greater(t, len(usual), 80)
	assert.ElementsMatch(t, usual, granted(tasks.HelmRules(tasks.UsualResources()...)))
	assert.ElementsMatch(t, granted(tasks.HelmRules("deployments")), of(tasks.HelmDeploy{Permissions: tasks.HelmRules("deployments")}))
	assert.Contains(t, tasks.UsualResources(), "ingresses.networking.k8s.io")
}

// The rules are one for each group, and the usual resources need no group.
func TestApplyRules(t *testing.T) {
	t.Parallel()
	rule := func(group string, resources ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: tasks.ApplyVerbs()}
	}
	assert.Empty(t, tasks.ApplyRules())
	assert.Equal(t, []rbacv1.PolicyRule{rule("apps", "deployments", "statefulsets"), rule("", "services", "secrets"), rule("batch", "jobs")},
		tasks.ApplyRules("deployments", "services", "statefulsets.apps", "secrets", "jobs", "deployments.apps"))
	assert.Equal(t, []rbacv1.PolicyRule{rule("networking.k8s.io", "ingresses"), rule("a.b.example.com", "deployments")},
		tasks.ApplyRules("ingresses.networking.k8s.io", "ingresses", "deployments.a.b.example.com"))

	p := builder.NewPipeline("p")
	src := p.Workspace("source")
	builder.Add(p, "apply", tasks.KustomizeApply{Path: ".", Namespace: "stage", Source: src, Permissions: tasks.ApplyRules("deployments")})
	permissions := p.Run("r-", src.EmptyDir()).Permissions()
	require.Len(t, permissions, 1)
	assert.Equal(t, []rbacv1.PolicyRule{rule("apps", "deployments")}, permissions[0].Rules, "and nothing of the default")
}

// define returns the Task of a task type.
func define[T builder.TaskType[Out], Out builder.TaskOutput](t testing.TB, task T) *v1.Task {
	t.Helper()
	def, err := builder.Define(task).Task()
	require.NoError(t, err)
	return def
}

// yaml returns the Task as YAML.
func yaml(t testing.TB, task *v1.Task) []byte {
	t.Helper()
	node, err := yamlwrite.Of(task)
	require.NoError(t, err)
	return node.AppendYAML(nil)
}

// One can replace the other: this compiles only if the fields are the same.
var _ = tasks.BuildKit(tasks.Kaniko{})

func TestBuildKitIsLikeKaniko(t *testing.T) {
	t.Parallel()
	kaniko, buildkit := define(t, tasks.Kaniko{}).Spec, define(t, tasks.BuildKit{}).Spec
	params := func(list v1.ParamSpecs) (out []v1.ParamSpec) {
		for _, p := range list {
			p.Description = ""
			out = append(out, p)
		}
		return out
	}
	assert.Equal(t, params(kaniko.Params), params(buildkit.Params))
	assert.Equal(t, kaniko.Workspaces, buildkit.Workspaces)
	assert.Equal(t, kaniko.Results, buildkit.Results)
}

package real_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	authv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// Two repositories, two pipelines, one listener, one volume: pushes to both at
// once are released side by side.
func TestMultiRepo(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	git := harness.PasswordGit(t, "bot", "p4ss")
	proxy := os.Getenv("GOPROXY_URL")
	objects := harness.Decode(t, example(t, "multi-repo",
		[3]string{"registry.cn-hangzhou.aliyuncs.com/", registry() + "/" + l.ns + "/", "the registry here"},
		[3]string{"https://mirrors.aliyun.com/goproxy/,direct", proxy, "the module proxy here"},
		[3]string{"name: namespace\n          value: gateway\n", "name: namespace\n          value: " + l.ns + "-gateway\n", "a namespace of the test's own"},
		[3]string{"name: namespace\n          value: gmqtt\n", "name: namespace\n          value: " + l.ns + "-gmqtt\n", "a namespace of the test's own"}))
	objects = l.Move(t, l.ns, objects)
	ci := l.ns + "-ci"
	l.secret(t, ci, "git-login", corev1.SecretTypeBasicAuth, map[string]string{"username": "bot", "password": "p4ss"})
	l.secret(t, ci, "registry-auth", corev1.SecretTypeDockerConfigJson, map[string]string{".dockerconfigjson": dockerConfig(registry(), "push", "secret")})
	l.secret(t, ci, "github-webhook", corev1.SecretTypeOpaque, map[string]string{"token": "from-github"})
	services := []string{"gateway", "gmqtt"}
	l.secret(t, ci, "kubeconfig", corev1.SecretTypeOpaque, map[string]string{"config": l.deployer(t, ci, l.ns+"-gateway", l.ns+"-gmqtt")})
	l.apply(t, objects)

	events, commits := map[string]string{}, map[string]string{}
	for _, name := range services {
		repository := harness.NewRepository(t, l.ns+"/"+name+".git")
		commits[name] = repository.Commit(t, "first", service(t, name))
		events[name] = l.gitHub(t, l.listens(t, ci, "github"), "from-github", "push", map[string]any{"ref": "refs/heads/main", "after": commits[name], "deleted": false,
			"repository": map[string]any{"full_name": "hb-chen/" + name, "clone_url": git + "/" + repository.Path}})
	}
	for _, name := range services {
		run := l.succeeded(t, ci, l.started(t, ci, "github", events[name]), long)
		assert.Equal(t, name, run.Spec.PipelineRef.Name)
		image := l.of(t, run, "image")
		assert.Equal(t, inRegistry(t, l.ns+"/hb-chen/"+name, commits[name]), result(image, "IMAGE_DIGEST"))
		until(t, 2*time.Minute, name+" is healthy", func(ctx context.Context) string {
			list, err := l.Core.AppsV1().Deployments(l.ns+"-"+name).List(ctx, metav1.ListOptions{})
			require.NoError(t, err)
			if len(list.Items) != 1 || list.Items[0].Status.AvailableReplicas != 1 {
				return fmt.Sprintf("%+v", list.Items)
			}
			assert.Equal(t, registry()+"/"+l.ns+"/hb-chen/"+name+"@"+result(image, "IMAGE_DIGEST"), list.Items[0].Spec.Template.Spec.Containers[0].Image)
			return ""
		})
		answer, err := l.Core.CoreV1().Services(l.ns+"-"+name).ProxyGet("http", name, "http", "/", nil).DoRaw(t.Context())
		require.NoError(t, err)
		assert.Equal(t, name, string(answer))
	}

	// Each run's directory is deleted, the cache of each repository stays.
	volume := builder.NewWorkspace("source")
	look := builder.RunTask("look", list{volume}, volume.PVC("sources")).FSGroup(tasks.Group)
	objects = harness.Decode(t, strings.ReplaceAll(written(t, look), "\nmetadata:\n", "\nmetadata:\n  namespace: "+ci+"\n"))
	l.apply(t, objects)
	seen := l.log(t, l.taskRun(t, ci, "look", long))
	for _, name := range services {
		assert.Contains(t, seen, "./go/hb-chen%2F"+name+"@reviewed/download/golang.org/x/text")
	}
	assert.NotContains(t, seen, "main.go\n")
	assert.NotContains(t, seen, "./runs/")
}

// list lists what a volume holds.
type list struct{ volume builder.Workspace }

func (list) TaskName() string { return "list" }

func (l list) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("list").Image("docker.io/library/busybox:1.37").
		Env("VOLUME", t.Workspace("volume", l.volume).PathValue()).
		Script(`cd "$VOLUME" && find . -maxdepth 6 -not -path './go/*/build/*'`)
	return t.PipelineTask()
}

// service is the source of a service: a program in cmd/NAME that takes a module
// from a proxy.
func service(t *testing.T, name string) map[string]string {
	t.Helper()
	all := files(t, "testdata/app")
	program := strings.Replace(all["main.go"], `version = "one"`, fmt.Sprintf("version = %q", name), 1)
	program = strings.Replace(program, "\t\"syscall\"\n)", "\t\"syscall\"\n\n\t\"golang.org/x/text/transform\"\n)\n\nvar _ = transform.Nop", 1)
	for _, f := range []string{"main.go", "main_test.go"} {
		all["cmd/"+name+"/"+f] = all[f]
		delete(all, f)
	}
	all["cmd/"+name+"/main.go"] = program
	all["go.mod"] += "\nrequire golang.org/x/text v0.40.0\n"
	all["go.sum"] = "golang.org/x/text v0.40.0 h1:Ub2Z6/xjgF1WrYQz2nuITOEegKFtiIy+rieRJ5lHZKs=\n" +
		"golang.org/x/text v0.40.0/go.mod h1:hpnzDAfGV753zIKo+wk3u1bVKCGPbrnF7+7LBF/UHVY=\n"
	all["Dockerfile"] = strings.ReplaceAll(all["Dockerfile"], "COPY demo-app", "COPY bin/"+name)
	all["helm/values.yaml"] = strings.Replace(all["helm/values.yaml"], "replicas: 2", "replicas: 1", 1)
	return all
}

// deployer is a kubeconfig of an account that may deploy to the namespaces.
func (l *lab) deployer(t *testing.T, home string, namespaces ...string) string {
	t.Helper()
	_, err := l.Core.CoreV1().ServiceAccounts(home).Create(t.Context(), &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "deployer"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	for _, ns := range namespaces {
		_, err := l.Core.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: ns}}, metav1.CreateOptions{})
		require.NoError(t, err)
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			_ = l.Core.CoreV1().Namespaces().Delete(ctx, ns, metav1.DeleteOptions{})
		})
		_, err = l.Core.RbacV1().RoleBindings(ns).Create(t.Context(), &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: "deployer"},
			Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Name: "deployer", Namespace: home}},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "edit"},
		}, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	token, err := l.Core.CoreV1().ServiceAccounts(home).CreateToken(t.Context(), "deployer", &authv1.TokenRequest{}, metav1.CreateOptions{})
	require.NoError(t, err)
	config := rest.CopyConfig(l.Config)
	require.NoError(t, rest.LoadTLSFiles(config))
	return fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: %q, certificate-authority-data: %s}}]
users: [{name: u, user: {token: %q}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
`, config.Host, base64.StdEncoding.EncodeToString(config.CAData), token.Status.Token)
}

// gitHub posts a push or a pull request as GitHub does.
func (l *lab) gitHub(t *testing.T, url, secret, event string, change map[string]any) string {
	t.Helper()
	payload := map[string]string{"push": "github-push-goscm.json", "pull_request": "github-pr-opened.json"}[event]
	return l.post(t, url, payload, change, func(h http.Header, body []byte) {
		sum := hmac.New(sha256.New, []byte(secret))
		sum.Write(body)
		h.Set("X-GitHub-Event", event)
		h.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(sum.Sum(nil)))
	})
}

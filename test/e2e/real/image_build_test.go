package real_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// A push and a pull request of GitHub, sent where the Ingress leads, each end as
// two images that are built side by side from an SSH clone, with the commit as
// their tag. A pull request from a fork and one that GitHub has not signed start
// nothing.
func TestImageBuild(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	server := harness.NewSSHGit(t)
	shop := harness.NewRepository(t, l.ns+"/shop.git")
	pushed := shop.Commit(t, "first", parts("first"))
	proposed := shop.Commit(t, "second", parts("second"))
	shop.Git(t, "update-ref", "refs/heads/proposal", proposed)
	shop.Git(t, "update-ref", "refs/heads/main", pushed)

	private := harness.PrivateRegistry(t, "push", "p4ss")
	objects := l.Move(t, l.ns, harness.Decode(t, example(t, "image-build",
		[3]string{"registry.k8s.local/acme", private + "/" + l.ns + "/acme", "the registry here, for one user"},
		plain(private, "context\n          value: frontend"), plain(private, "context\n          value: backend"))))
	ci := l.ns + "-ci"
	l.secret(t, ci, "git-credentials", corev1.SecretTypeSSHAuth, map[string]string{"ssh-privatekey": server.PrivateKey, "known_hosts": server.KnownHosts})
	l.secret(t, ci, "registry-auth", corev1.SecretTypeDockerConfigJson, map[string]string{".dockerconfigjson": dockerConfig(private, "push", "p4ss")})
	l.secret(t, ci, "github-webhook", corev1.SecretTypeOpaque, map[string]string{"token": "from-github"})
	l.apply(t, objects)

	url := l.behind(t, ci, "hooks", l.listens(t, ci, "github"))
	repository := map[string]any{"full_name": "acme/shop", "ssh_url": "git@" + harness.GitHost + ":" + shop.Path}
	pull := func(secret string, from float64) string {
		return l.gitHub(t, url, secret, "pull_request", map[string]any{"repository": repository, "pull_request": map[string]any{
			"base": map[string]any{"ref": "main", "repo": map[string]any{"id": 1.0}},
			"head": map[string]any{"ref": "proposal", "sha": proposed, "repo": map[string]any{"id": from}},
		}})
	}
	none := []string{pull("from-github", 2), pull("from-a-stranger", 1)}
	events := []string{
		l.gitHub(t, url, "from-github", "push", map[string]any{"ref": "refs/heads/main", "after": pushed, "deleted": false, "repository": repository}),
		pull("from-github", 1),
	}
	for i, commit := range []string{pushed, proposed} {
		run := l.succeeded(t, ci, l.started(t, ci, "github", events[i]), long)
		assert.True(t, strings.HasPrefix(run.Name, []string{"push-", "pull-request-"}[i]), run.Name)
		front, back := l.of(t, run, "build-frontend"), l.of(t, run, "build-backend")
		assert.True(t, together(front, back), "%s and %s do not run side by side", front.Name, back.Name)
		results := map[string]string{}
		for _, r := range run.Status.Results {
			results[r.Name] = r.Value.StringVal
		}
		for _, part := range []string{"frontend", "backend"} {
			digest := inRegistry(t, l.ns+"/acme/"+part, commit)
			assert.Equal(t, digest, results[part+"-digest"])
			assert.Equal(t, part+" "+[]string{"first", "second"}[i], l.runs(t, registry()+"/"+l.ns+"/acme/"+part+"@"+digest))
		}
	}
	for _, part := range []string{"frontend", "backend"} {
		assert.ElementsMatch(t, []string{pushed, proposed}, tags(t, l.ns+"/acme/"+part), "one tag for each commit")
	}
	for _, event := range none {
		assert.Empty(t, l.runsOf(t, ci, event))
	}
	all, err := l.Tekton.TektonV1().PipelineRuns(ci).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	assert.Len(t, all.Items, len(events))
}

// parts is the source of two images, which write their names.
func parts(version string) map[string]string {
	all := map[string]string{}
	for _, part := range []string{"frontend", "backend"} {
		all[part+"/Dockerfile"] = "FROM busybox:1.37\nCOPY name /name\nUSER 65534\nENTRYPOINT [\"cat\", \"/name\"]\n"
		all[part+"/name"] = part + " " + version
	}
	return all
}

// plain makes the task that has a param use a registry without TLS.
func plain(registry, param string) [3]string {
	param = "        - name: " + param + "\n"
	return [3]string{param, param + "        - name: insecure\n          value: [" + registry + "]\n", "the registry for one user has no TLS"}
}

// behind is where the one path of an Ingress leads: the Service of the listener,
// as its own URL says. Nothing here does what the Ingress says.
func (l *lab) behind(t *testing.T, namespace, ingress, listener string) string {
	t.Helper()
	harness.StandsIn(t, "the test, which sends events to the Service that the Ingress names: there is no ingress controller")
	i, err := l.Core.NetworkingV1().Ingresses(namespace).Get(t.Context(), ingress, metav1.GetOptions{})
	require.NoError(t, err)
	require.Len(t, i.Spec.Rules, 1)
	require.Len(t, i.Spec.Rules[0].HTTP.Paths, 1)
	path := i.Spec.Rules[0].HTTP.Paths[0]
	require.Equal(t, networkingv1.PathTypeExact, *path.PathType)
	service := path.Backend.Service
	url := fmt.Sprintf("http://%s.%s.svc.cluster.local:%d", service.Name, namespace, service.Port.Number)
	require.Equal(t, strings.TrimSuffix(listener, "/"), url)
	return url + path.Path
}

// together reports whether neither of two TaskRuns waited for the end of the other.
// Their pods may wait for a full node.
func together(a, b *v1.TaskRun) bool {
	return a.Status.StartTime.Before(b.Status.CompletionTime) && b.Status.StartTime.Before(a.Status.CompletionTime)
}

// runs is what a container of the image writes.
func (l *lab) runs(t *testing.T, image string) string {
	t.Helper()
	pod, err := l.Core.CoreV1().Pods(l.ns).Create(t.Context(), &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "image-"},
		Spec:       corev1.PodSpec{RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{Name: "image", Image: image}}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	until(t, long, image+" runs", func(ctx context.Context) string {
		now, err := l.Core.CoreV1().Pods(l.ns).Get(ctx, pod.Name, metav1.GetOptions{})
		require.NoError(t, err)
		if now.Status.Phase == corev1.PodSucceeded || now.Status.Phase == corev1.PodFailed {
			return ""
		}
		return fmt.Sprintf("%+v", now.Status)
	})
	said, err := l.Core.CoreV1().Pods(l.ns).GetLogs(pod.Name, &corev1.PodLogOptions{}).DoRaw(t.Context())
	require.NoError(t, err)
	return string(said)
}

// tags are all tags that the registry has of a repository.
func tags(t *testing.T, repository string) []string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+os.Getenv("REGISTRY")+"/v2/"+repository+"/tags/list", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var list struct{ Tags []string }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&list))
	return list.Tags
}

package runs_test

import (
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// jobs are the lines of the table of rights in the documentation of package
// cluster, for sets of tasks and pipelines.
var jobs = map[string]rbacv1.PolicyRule{
	"apply":  {APIGroups: []string{"tekton.dev"}, Resources: []string{"tasks", "pipelines"}, Verbs: []string{"get", "create", "patch"}},
	"prune":  {APIGroups: []string{"tekton.dev"}, Resources: []string{"tasks", "pipelines"}, Verbs: []string{"list", "delete"}},
	"start":  {APIGroups: []string{"tekton.dev"}, Resources: []string{"pipelineruns", "taskruns"}, Verbs: []string{"create"}},
	"follow": {APIGroups: []string{"tekton.dev"}, Resources: []string{"pipelineruns", "taskruns", "customruns"}, Verbs: []string{"get", "list", "watch"}},
	"logs":   {APIGroups: []string{""}, Resources: []string{"pods/log"}, Verbs: []string{"get"}},
	"events": {APIGroups: []string{""}, Resources: []string{"events"}, Verbs: []string{"list", "watch"}},
	"cancel": {APIGroups: []string{"tekton.dev"}, Resources: []string{"pipelineruns", "taskruns"}, Verbs: []string{"get", "patch"}},
}

// granted is a client of an account that may do these jobs, and nothing else.
func granted(t *testing.T, c *harness.Cluster, ns, account string, may ...string) *cluster.Client {
	t.Helper()
	role := &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: account}}
	for _, job := range may {
		require.Contains(t, jobs, job)
		role.Rules = append(role.Rules, jobs[job])
	}
	_, err := c.Core.RbacV1().Roles(ns).Create(t.Context(), role, metav1.CreateOptions{})
	require.NoError(t, err)
	_, err = c.Core.RbacV1().RoleBindings(ns).Create(t.Context(), &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: account},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: account},
		Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Name: account, Namespace: ns}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	config := rest.CopyConfig(c.Config)
	config.Impersonate.UserName = "system:serviceaccount:" + ns + ":" + account
	client, err := cluster.New(config, cluster.Options{Namespace: ns})
	require.NoError(t, err)
	return client
}

// An account with the rights of the table does every job, and one that lacks
// those of a job is told which.
func TestForbidden(t *testing.T) {
	t.Parallel()
	c := harness.Get(t)
	if c.Tier == harness.ControlPlane {
		harness.StandsIn(t, "a kubelet that ends pods without running them")
	}
	ns := c.Namespace(t)
	pipeline := func(task func(*builder.Task)) *builder.Pipeline {
		p := builder.NewPipeline("rights")
		p.AddInline("work", task)
		return p
	}
	source := func(run string, task func(*builder.Task)) manifest.Source {
		return manifest.New(pipeline(task).Run(builder.String(run))).Namespace(ns)
	}
	set := cluster.ApplyOptions{Set: "rights", Prune: true}
	none := granted(t, c, ns, "none")
	begins := granted(t, c, ns, "begins", "start")
	all := granted(t, c, ns, "all", "apply", "prune", "start", "follow", "logs", "events", "cancel")
	// Permissions reach the API server some time after they are stored.
	var run *cluster.Run
	ctx := t.Context()
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		started, err := all.Start(ctx, source("rights", good), cluster.StartOptions{Apply: &set})
		if !assert.NoError(t, err) {
			return
		}
		run = started
	}, time.Minute, 200*time.Millisecond)
	outcome, err := run.Follow(t.Context(), cluster.FollowOptions{Logs: true})
	require.NoError(t, err)
	require.NoError(t, outcome.Err())
	require.NoError(t, run.Logs(t.Context(), io.Discard, cluster.LogOptions{}))

	// It prunes what the set has no longer.
	lone := &v1.Task{
		TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}, ObjectMeta: metav1.ObjectMeta{Name: "lone", Namespace: ns},
		Spec: v1.TaskSpec{Steps: []v1.Step{{Name: "a", Image: image, Script: "true"}}},
	}
	_, err = all.Apply(t.Context(), manifest.FromObjects(lone), set)
	require.NoError(t, err)
	_, err = c.Tekton.TektonV1().Pipelines(ns).Get(t.Context(), "rights", metav1.GetOptions{})
	require.ErrorContains(t, err, "not found")

	var rights *cluster.ForbiddenError
	_, err = none.Apply(t.Context(), manifest.FromObjects(lone), set)
	require.ErrorAs(t, err, &rights)
	_, err = none.Start(t.Context(), source("refused", good), cluster.StartOptions{})
	require.ErrorAs(t, err, &rights)
	_, err = none.PipelineRun("", "rights").Follow(t.Context(), cluster.FollowOptions{})
	require.ErrorAs(t, err, &rights)
	require.ErrorAs(t, none.PipelineRun("", "rights").Cancel(t.Context(), ""), &rights)

	// A run that may be started and not followed goes on, and is cancelled by who may.
	_, err = all.Apply(t.Context(), pipeline(slow), cluster.ApplyOptions{})
	require.NoError(t, err)
	blind, err := begins.Start(t.Context(), source("blind", slow), cluster.StartOptions{})
	require.NoError(t, err)
	_, err = blind.Follow(t.Context(), cluster.FollowOptions{})
	require.ErrorAs(t, err, &rights)
	assert.ErrorContains(t, err, `cannot follow PipelineRun "blind" in namespace "`+ns+`", which keeps running: `)
	require.NoError(t, all.PipelineRun("", "blind").Cancel(t.Context(), cluster.CancelNow))
	outcome, err = all.PipelineRun("", "blind").Follow(t.Context(), cluster.FollowOptions{})
	require.NoError(t, err)
	assert.Equal(t, cluster.StateCancelled, outcome.State)
}

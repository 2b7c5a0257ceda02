package apply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// blind sees no problem in the objects, so that the cluster is asked.
func blind(objects ...runtime.Object) *manifest.Set {
	var off []string
	for _, r := range check.Rules() {
		off = append(off, r.Code)
	}
	return manifest.New(manifest.FromObjects(objects...)).Profile(check.Profile{Disabled: off})
}

// fails applies the objects, and holds the text of the error against a golden.
func (s *scene) fails(t *testing.T, client *cluster.Client, o cluster.ApplyOptions, objects ...runtime.Object) ([]cluster.Change, error) {
	t.Helper()
	changes, err := client.Apply(t.Context(), blind(objects...), o)
	require.Error(t, err)
	text := strings.ReplaceAll(err.Error(), s.namespace, "NAMESPACE")
	golden.Check(t, "testdata/"+strings.ReplaceAll(t.Name(), "/", "-")+".txt", []byte(text+"\n"))
	return changes, err
}

// none tells whether the namespace has no Tasks and no ConfigMaps of the test.
func (s *scene) none(t *testing.T) {
	t.Helper()
	tasks, err := s.Tekton.TektonV1().Tasks(s.namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	assert.Empty(t, tasks.Items)
}

func free(apiVersion, kind, name string, more map[string]any) *unstructured.Unstructured {
	u := &unstructured.Unstructured{Object: more}
	u.SetAPIVersion(apiVersion)
	u.SetKind(kind)
	u.SetName(name)
	return u
}

func TestRefused(t *testing.T) {
	steps := []any{map[string]any{"name": "s", "image": newer}}
	t.Run("webhook", func(t *testing.T) {
		s := newScene(t)
		p := &pipelinev1.Pipeline{
			TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Pipeline"},
			ObjectMeta: metav1.ObjectMeta{Name: "p"},
			Spec: pipelinev1.PipelineSpec{Tasks: []pipelinev1.PipelineTask{
				{Name: "a"},
				{Name: "b", TaskRef: &pipelinev1.TaskRef{Name: "t"}, RunAfter: []string{"zz"}},
				{Name: "C_", TaskRef: &pipelinev1.TaskRef{Name: "t"}, Params: pipelinev1.Params{{Name: "x", Value: *pipelinev1.NewStructuredValues("$(params.nope)")}}},
			}},
		}
		bad := task("bad", "")
		changes, err := s.fails(t, s.client, cluster.ApplyOptions{}, configMap("before", "1"), bad, task("good", newer), p)
		assert.Equal(t, []string{"created ConfigMap before", "skipped Task good"}, told(changes), "nothing is stored after the first refusal")
		s.none(t)
		var refused *cluster.RejectedError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, "spec.steps[0].image", refused.Fields[0].Path.String())
		assert.Equal(t, "validation.webhook.pipeline.tekton.dev", refused.Webhook)
		assert.True(t, apierrors.IsBadRequest(refused))
	})
	// One problem is not told as the other's, though it names no field.
	t.Run("gates", func(t *testing.T) {
		s := newScene(t)
		_, err := s.client.Apply(t.Context(), blind(free("tekton.dev/v1", "Task", "gates", map[string]any{"spec": map[string]any{
			"params": []any{map[string]any{"name": "env", "enum": []any{"a", "b"}}},
			"steps":  []any{map[string]any{"name": "s", "image": newer, "stdoutConfig": map[string]any{"path": "/tmp/out"}}},
		}})), cluster.ApplyOptions{})
		var refused *cluster.RejectedError
		require.ErrorAs(t, err, &refused)
		for _, f := range refused.Fields {
			assert.NotRegexp(t, `\n|: ?$`, f.Message)
		}
		text := err.Error()
		assert.Regexp(t, `\n\tspec\.params\[0\]: [^\n]*Enum\n`, text)
		assert.Regexp(t, `\n\tstep stdout stream support requires`, text)
		// What the rules know of it is recalled.
		gated := task("gated", newer)
		gated.Spec.Params = pipelinev1.ParamSpecs{{Name: "env", Type: pipelinev1.ParamTypeString, Enum: []string{"a", "b"}}}
		_, err = s.client.Apply(t.Context(), manifest.FromObjects(gated), cluster.ApplyOptions{})
		require.ErrorAs(t, err, &refused)
		assert.Contains(t, refused.Help, "the check warned: feature-gate: ")
	})
	t.Run("schema", func(t *testing.T) {
		s := newScene(t)
		_, err := s.fails(t, s.client, cluster.ApplyOptions{},
			free("tekton.dev/v1", "Task", "fields", map[string]any{"spec": map[string]any{"new": int64(1), "steps": steps}}),
			free("tekton.dev/v1", "Task", "types", map[string]any{"spec": map[string]any{"steps": map[string]any{"name": "s"}}}),
			// One mistake each: of two, the API server names the second one or not.
			free("v1", "ConfigMap", "numbers", map[string]any{"data": map[string]any{"a": int64(1)}}),
			free("v1", "ConfigMap", "unknown", map[string]any{"dada": map[string]any{}}),
			free("triggers.tekton.dev/v1beta1", "TriggerBinding", "binding", map[string]any{"spec": map[string]any{"parms": []any{}}}),
		)
		var refused *cluster.RejectedError
		require.ErrorAs(t, err, &refused)
		assert.NotEmpty(t, refused.Fields[0].Path.String())
	})
	t.Run("names", func(t *testing.T) {
		s := newScene(t)
		c := configMap("c_", "1")
		c.Labels = map[string]string{"a b": "c"}
		_, _ = s.fails(t, s.client, cluster.ApplyOptions{}, c)
	})
	t.Run("run", func(t *testing.T) {
		s := newScene(t)
		_, err := s.client.Apply(t.Context(), manifest.FromObjects(run("r", old)), cluster.ApplyOptions{Set: "x"})
		require.NoError(t, err)
		changes, err := s.client.Apply(t.Context(), manifest.FromObjects(run("r", old)), cluster.ApplyOptions{Set: "x"})
		require.NoError(t, err)
		assert.Equal(t, []string{"unchanged TaskRun r"}, told(changes))
		_, err = s.client.Apply(t.Context(), manifest.FromObjects(run("r", newer)), cluster.ApplyOptions{Set: "x"})
		var refused *cluster.RejectedError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, "spec", refused.Fields[0].Path.String())
		assert.Contains(t, refused.Fields[0].Message, "updates are allowed") // Tekton's words depend on how far the run is
		assert.Contains(t, refused.Help, "an existing run cannot be changed")
	})
}

func TestNotServed(t *testing.T) {
	t.Run("kinds", func(t *testing.T) {
		s := newScene(t)
		changes, err := s.fails(t, s.client, cluster.ApplyOptions{}, task("a", newer),
			free("tekton.dev/v2", "Task", "b", nil), free("tekton.dev/v1", "Tsak", "c", nil), free("tekton.dev/v1", "Tsak", "d", nil),
			free("example.com/v1", "Widget", "e", nil))
		assert.Empty(t, changes)
		s.none(t)
		var absent *cluster.NotServedError
		require.ErrorAs(t, err, &absent)
		assert.NotEmpty(t, absent.APIVersion)
	})
	t.Run("namespace", func(t *testing.T) {
		s := newScene(t)
		a := task("a", newer)
		a.Namespace = s.namespace + "-x"
		_, err := s.fails(t, s.client, cluster.ApplyOptions{}, a)
		var absent *cluster.NotServedError
		require.ErrorAs(t, err, &absent)
		assert.Equal(t, s.namespace+"-x", absent.Namespace)
	})
	t.Run("namespace-deleted", func(t *testing.T) {
		s := newScene(t)
		held := configMap("held", "1")
		held.Finalizers = []string{"tekwright.dev/held"}
		_, err := s.Core.CoreV1().ConfigMaps(s.namespace).Create(t.Context(), held, metav1.CreateOptions{})
		require.NoError(t, err)
		require.NoError(t, s.Core.CoreV1().Namespaces().Delete(t.Context(), s.namespace, metav1.DeleteOptions{}))
		_, err = s.fails(t, s.client, cluster.ApplyOptions{}, task("a", newer))
		var absent *cluster.NotServedError
		require.ErrorAs(t, err, &absent)
		assert.True(t, absent.Deleted)
		held.Finalizers = nil
		_, err = s.Core.CoreV1().ConfigMaps(s.namespace).Update(t.Context(), held, metav1.UpdateOptions{})
		require.NoError(t, err)
	})
	t.Run("namespace-to-come", func(t *testing.T) {
		s := newScene(t)
		ns := &corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: s.namespace + "-x"}}
		t.Cleanup(func() { s.Removed(t, harness.Unstructured(t, ns)) })
		a := task("a", newer)
		a.Namespace = ns.Name
		source := manifest.FromObjects(a, ns)
		changes, err := s.client.Apply(t.Context(), source, cluster.ApplyOptions{DryRun: true})
		require.NoError(t, err)
		assert.Equal(t, []string{"created Namespace " + ns.Name, "skipped Task a"}, told(changes))
		changes, err = s.client.Apply(t.Context(), source, cluster.ApplyOptions{})
		require.NoError(t, err)
		assert.Equal(t, []string{"created Namespace " + ns.Name, "created Task a"}, told(changes))
	})
}

func TestConflict(t *testing.T) {
	t.Run("fields", func(t *testing.T) {
		s := newScene(t)
		_, err := s.client.Apply(t.Context(), manifest.FromObjects(task("a", old), configMap("c", "1")), cluster.ApplyOptions{Set: "x"})
		require.NoError(t, err)
		for _, change := range []struct{ resource, name, patch string }{
			{"tasks", "a", `[{"op":"replace","path":"/spec/steps/0/image","value":"busybox:by-hand"}]`},
			{"configmaps", "c", `[{"op":"replace","path":"/data/key","value":"by hand"}]`},
		} {
			s.patch(t, change.resource, change.name, change.patch)
		}
		changes, err := s.fails(t, s.client, cluster.ApplyOptions{Set: "x"}, task("a", newer), configMap("c", "2"))
		assert.Empty(t, changes)
		var conflict *cluster.ConflictError
		require.ErrorAs(t, err, &conflict)
		assert.Equal(t, "kubectl-edit", conflict.Fields[0].Manager)

		changes, err = s.client.Apply(t.Context(), manifest.FromObjects(task("a", newer), configMap("c", "2")), cluster.ApplyOptions{Set: "x", Force: true})
		require.NoError(t, err)
		assert.Equal(t, []string{"configured ConfigMap c", "configured Task a"}, told(changes))
		assert.Contains(t, changes[0].Diff, "-  key: by hand")
	})
	t.Run("sets", func(t *testing.T) {
		s := newScene(t)
		_, err := s.client.Apply(t.Context(), manifest.FromObjects(configMap("c", "1")), cluster.ApplyOptions{Set: "x"})
		require.NoError(t, err)
		_, _ = s.fails(t, s.client, cluster.ApplyOptions{Set: "y"}, configMap("c", "1"))
		changes, err := s.client.Apply(t.Context(), manifest.FromObjects(configMap("c", "1")), cluster.ApplyOptions{Set: "y", Force: true})
		require.NoError(t, err)
		assert.Equal(t, []string{"configured ConfigMap c"}, told(changes))
	})
}

func TestForbidden(t *testing.T) {
	allow := func(t *testing.T, s *scene, rules ...rbacv1.PolicyRule) {
		t.Helper()
		role := &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: "deployer"}, Rules: rules}
		_, err := s.Core.RbacV1().Roles(s.namespace).Create(t.Context(), role, metav1.CreateOptions{})
		require.NoError(t, err)
		binding := &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "deployer"},
			RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "deployer"},
			Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "deployer", Namespace: s.namespace}}}
		_, err = s.Core.RbacV1().RoleBindings(s.namespace).Create(t.Context(), binding, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	t.Run("none", func(t *testing.T) {
		s := newScene(t)
		_, err := s.fails(t, s.as(t, "deployer"), cluster.ApplyOptions{}, task("a", newer), task("b", newer), task("c", newer), clusterRole("r"))
		var rights *cluster.ForbiddenError
		require.ErrorAs(t, err, &rights)
		assert.Len(t, rights.Objects, 1, "the ClusterRole comes first")
		assert.Equal(t, s.user("deployer"), rights.User)
		// The rules that the error names are enough.
		require.Len(t, cluster.Problems(err), 2)
		require.ErrorAs(t, cluster.Problems(err)[1], &rights)
		assert.Len(t, rights.Objects, 3)
		assert.Equal(t, s.namespace, rights.Namespace)
		allow(t, s, rights.Rule)
		_, err = s.as(t, "deployer").Apply(t.Context(), manifest.FromObjects(task("a", newer)), cluster.ApplyOptions{})
		require.NoError(t, err)
	})
	t.Run("create", func(t *testing.T) {
		s := newScene(t)
		allow(t, s, rbacv1.PolicyRule{APIGroups: []string{"tekton.dev"}, Resources: []string{"tasks"}, Verbs: []string{"get", "patch"}})
		_, _ = s.fails(t, s.as(t, "deployer"), cluster.ApplyOptions{}, task("a", newer))
	})
	t.Run("grant", func(t *testing.T) {
		s := newScene(t)
		allow(t, s, rbacv1.PolicyRule{APIGroups: []string{rbacv1.GroupName}, Resources: []string{"roles"}, Verbs: []string{"get", "patch", "create"}})
		_, _ = s.fails(t, s.as(t, "deployer"), cluster.ApplyOptions{}, &rbacv1.Role{
			TypeMeta: metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "Role"}, ObjectMeta: metav1.ObjectMeta{Name: "wide"},
			Rules: []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get", "list"}}},
		})
	})
	// Whoever gives what each error asks for gets there.
	t.Run("step-by-step", func(t *testing.T) {
		s := newScene(t)
		o := cluster.ApplyOptions{Set: "x", Prune: true}
		_, err := s.client.Apply(t.Context(), manifest.FromObjects(task("a", old), configMap("c", "1"), configMap("gone", "1")), o)
		require.NoError(t, err)
		allow(t, s)
		roles := s.Core.RbacV1().Roles(s.namespace)
		var changes []cluster.Change
		given := map[string]bool{}
		require.Eventually(t, func() bool {
			changes, err = s.as(t, "deployer").Apply(t.Context(), manifest.FromObjects(task("a", newer), configMap("c", "1")), o)
			if err == nil {
				return true
			}
			role, failed := roles.Get(t.Context(), "deployer", metav1.GetOptions{})
			require.NoError(t, failed)
			for _, e := range cluster.Problems(err) {
				var rights *cluster.ForbiddenError
				require.ErrorAs(t, e, &rights)
				if text := rights.Rule.String(); !given[text] { // the API server may not know it yet
					given[text] = true
					role.Rules = append(role.Rules, rights.Rule)
				}
			}
			_, failed = roles.Update(t.Context(), role, metav1.UpdateOptions{})
			require.NoError(t, failed)
			return false
		}, 30*time.Second, 200*time.Millisecond)
		assert.Equal(t, []string{"unchanged ConfigMap c", "unchanged Task a", "pruned ConfigMap gone"}, told(changes))
		assert.Len(t, given, 4, "two kinds, to apply and to prune")
	})
	t.Run("prune", func(t *testing.T) {
		s := newScene(t)
		allow(t, s, rbacv1.PolicyRule{APIGroups: []string{"*"}, Resources: []string{"configmaps", "tasks"}, Verbs: []string{"get", "patch", "create"}})
		o := cluster.ApplyOptions{Set: "x", Prune: true}
		changes, err := s.as(t, "deployer").Apply(t.Context(), manifest.FromObjects(configMap("c", "1")), o)
		assert.Equal(t, []string{"created ConfigMap c"}, told(changes))
		var rights *cluster.ForbiddenError
		require.ErrorAs(t, err, &rights)
		assert.Equal(t, []string{"list", "delete"}, rights.Rule.Verbs)
	})
}

package apply_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestConnectionLost cuts every connection a few times in the middle of what
// Apply does.
func TestConnectionLost(t *testing.T) {
	s := newScene(t)
	var cuts atomic.Int32
	cuts.Store(3)
	config := rest.CopyConfig(s.Config)
	var open atomic.Pointer[net.Conn]
	config.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			open.Store(&conn)
		}
		return conn, err
	}
	client, err := cluster.New(config, cluster.Options{Namespace: s.namespace})
	require.NoError(t, err)
	changes, err := client.Apply(t.Context(), manifest.FromObjects(task("a", newer), task("b", newer), task("c", newer), task("d", newer)),
		cluster.ApplyOptions{Progress: func(cluster.Change) {
			if cuts.Add(-1) >= 0 {
				_ = (*open.Load()).Close()
			}
		}})
	require.NoError(t, err)
	assert.Len(t, changes, 4)
	assert.Negative(t, cuts.Load())
}

func TestUnreachable(t *testing.T) {
	s := newScene(t)
	config := rest.CopyConfig(s.Config)
	config.Host = "https://127.0.0.1:1"
	client, err := cluster.New(config, cluster.Options{Attempts: 2})
	require.NoError(t, err)
	changes, err := client.Apply(t.Context(), manifest.FromObjects(task("a", newer)), cluster.ApplyOptions{})
	assert.Empty(t, changes)
	var unreachable *cluster.UnreachableError
	require.ErrorAs(t, err, &unreachable)
	assert.Equal(t, 2, unreachable.Attempts)
	assert.ErrorContains(t, err, "the cluster at https://127.0.0.1:1 does not answer (attempts: 2)")
	_, err = client.Versions(t.Context())
	assert.ErrorAs(t, err, &unreachable)
}

func TestCancelled(t *testing.T) {
	s := newScene(t)
	ctx, cancel := context.WithCancel(t.Context())
	changes, err := s.client.Apply(ctx, manifest.FromObjects(task("a", newer), task("b", newer), task("c", newer)),
		cluster.ApplyOptions{Progress: func(cluster.Change) { cancel() }})
	assert.Equal(t, []string{"created Task a"}, told(changes))
	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, `stopped at Task "b"`)
	tasks, err := s.Tekton.TektonV1().Tasks(s.namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	assert.Len(t, tasks.Items, 1)
}

// TestWebhookNotReady has a webhook that nobody serves, as Tekton's is while it
// starts.
func TestWebhookNotReady(t *testing.T) {
	s := newScene(t)
	fail, none := admissionv1.Fail, admissionv1.SideEffectClassNone
	hooks := s.Core.AdmissionregistrationV1().ValidatingWebhookConfigurations()
	path, name, seconds := "/", s.namespace+".tekwright.dev", int32(1)
	_, err := hooks.Create(t.Context(), &admissionv1.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: s.namespace},
		Webhooks: []admissionv1.ValidatingWebhook{{
			Name: name, FailurePolicy: &fail, SideEffects: &none, AdmissionReviewVersions: []string{"v1"}, TimeoutSeconds: &seconds,
			ClientConfig:      admissionv1.WebhookClientConfig{Service: &admissionv1.ServiceReference{Namespace: s.namespace, Name: "nobody", Path: &path}},
			NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"kubernetes.io/metadata.name": s.namespace}},
			Rules: []admissionv1.RuleWithOperations{{Operations: []admissionv1.OperationType{admissionv1.OperationAll},
				Rule: admissionv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"configmaps"}}}},
		}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	remove := func() { _ = hooks.Delete(context.Background(), s.namespace, metav1.DeleteOptions{}) }
	t.Cleanup(remove)

	hasty, err := cluster.New(s.Config, cluster.Options{Namespace: s.namespace, Attempts: 2})
	require.NoError(t, err)
	source := manifest.FromObjects(configMap("c", "1"))
	require.Eventually(t, func() bool { // until the API server knows the webhook
		_, err = hasty.Apply(t.Context(), source, cluster.ApplyOptions{DryRun: true})
		return err != nil
	}, 30*time.Second, 100*time.Millisecond)
	var unreachable *cluster.UnreachableError
	require.ErrorAs(t, err, &unreachable)
	assert.Equal(t, `webhook "`+name+`"`, unreachable.Target)

	time.AfterFunc(time.Second, remove)
	patient, err := cluster.New(s.Config, cluster.Options{Namespace: s.namespace, Attempts: 8})
	require.NoError(t, err)
	changes, err := patient.Apply(t.Context(), source, cluster.ApplyOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"created ConfigMap c"}, told(changes))
}

func TestVersions(t *testing.T) {
	s := newScene(t)
	v, err := s.client.Versions(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, v.Kubernetes)
	assert.NotEmpty(t, v.Pipelines)
	assert.NotEmpty(t, v.Triggers)
	assert.Empty(t, v.Unknown)
	assert.Contains(t, v.APIs, "tekton.dev/v1")
	assert.Contains(t, v.APIs, "triggers.tekton.dev/v1beta1")
	t.Attr("kubernetes", v.Kubernetes)

	v, err = s.as(t, "nobody").Versions(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, v.Kubernetes)
	if v.Pipelines == "" { // the release lets everyone read the version
		assert.NotEmpty(t, v.Unknown)
	}
}

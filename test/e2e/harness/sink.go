package harness

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
)

// SinkURL is where events for the listener are to be posted. Where
// E2E_SINK names a command, that is run with the namespace and the name, and
// prints the URL; otherwise it is the address of the listener.
func (c *Cluster) SinkURL(t *testing.T, namespace, name string) string {
	t.Helper()
	if command := strings.Fields(os.Getenv("E2E_SINK")); len(command) > 0 {
		defer alone(t)()
		out, err := exec.CommandContext(t.Context(), command[0], append(command[1:], namespace, name)...).Output()
		require.NoError(t, err, "%s: %s", os.Getenv("E2E_SINK"), stderr(err))
		return strings.TrimSpace(string(out))
	}
	listener := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "triggers.tekton.dev/v1beta1", "kind": "EventListener"}}
	listener.SetNamespace(namespace)
	objects, err := c.Of(listener)
	require.NoError(t, err)
	url := ""
	err = wait.PollUntilContextTimeout(t.Context(), time.Second, 2*time.Minute, true, func(ctx context.Context) (bool, error) {
		now, err := objects.Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return false, err
		}
		url, _, _ = unstructured.NestedString(now.Object, "status", "address", "url")
		return url != "", nil
	})
	require.NoError(t, err, "the listener %s/%s has no address", namespace, name)
	return url
}

// alone waits until no other test, of any part, starts a sink: the command may
// give two sinks one port. It returns what ends that.
func alone(t *testing.T) func() {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(os.TempDir(), "tekwright-e2e-sink.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	require.NoError(t, err)
	require.NoError(t, syscall.Flock(int(f.Fd()), syscall.LOCK_EX))
	return func() { _ = f.Close() }
}

func stderr(err error) string {
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(e.Stderr)
	}
	return ""
}

// SinkLog is what the sink of the listener has written so far.
func (c *Cluster) SinkLog(ctx context.Context, namespace, name string) (string, error) {
	if dir := os.Getenv("CLUSTER_LOGS"); dir != "" && c.Tier == ControlPlane {
		log, err := os.ReadFile(filepath.Join(dir, "sink-"+namespace+"-"+name+".log"))
		return string(log), err
	}
	return c.podLogs(ctx, namespace, "eventlistener="+name)
}

// InterceptorLog is what Tekton's own interceptors have written so far.
func (c *Cluster) InterceptorLog(ctx context.Context) (string, error) {
	if dir := os.Getenv("CLUSTER_LOGS"); dir != "" {
		log, err := os.ReadFile(filepath.Join(dir, "triggers-interceptors.log"))
		return string(log), err
	}
	return c.podLogs(ctx, system, "app.kubernetes.io/component=interceptors")
}

func (c *Cluster) podLogs(ctx context.Context, namespace, labels string) (string, error) {
	pods, err := c.Core.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{LabelSelector: labels})
	if err != nil {
		return "", err
	}
	var all strings.Builder
	for _, p := range pods.Items {
		log, err := c.Core.CoreV1().Pods(namespace).GetLogs(p.Name, &corev1.PodLogOptions{}).DoRaw(ctx)
		if err != nil {
			return "", err
		}
		all.Write(log)
	}
	return all.String(), nil
}

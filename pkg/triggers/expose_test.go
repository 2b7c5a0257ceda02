package triggers_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/triggers"
)

func TestExpose(t *testing.T) {
	l := triggers.NewListener("hub").Secret("webhook", "token").TLS("hub-tls").Expose(corev1.ServiceTypeLoadBalancer, 443).
		Group("all", triggers.GitHubPush(), map[string]string{"a": "b"})
	name, port := l.Service()
	assert.Equal(t, "el-hub", name)
	assert.EqualValues(t, 443, port)

	objects, err := l.Objects()
	require.NoError(t, err)
	k := objects[len(objects)-1].Object.(*v1beta1.EventListener).Spec.Resources.KubernetesResource
	assert.Equal(t, corev1.ServiceTypeLoadBalancer, k.ServiceType)
	assert.EqualValues(t, 443, *k.ServicePort)

	_, port = triggers.NewListener("hub").TLS("hub-tls").Expose(corev1.ServiceTypeNodePort, 0).Service()
	assert.EqualValues(t, 8443, port, "0 is the usual one")
}

package infra_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
)

func TestObjects(t *testing.T) {
	rules := []rbacv1.PolicyRule{allow("apps", "deployments", "patch", "get")}
	role := infra.NewRole("restart", "prod", rules...).Bind("release", "ops/bot")
	rules[0].Verbs[0] = "delete" // a description keeps a copy
	data := map[string]string{"settings.xml": "<settings/>\n", "empty": ""}
	config := infra.NewConfigMap("maven", data)
	data["late"] = "x"
	written(t, "testdata/objects.yaml",
		infra.NewNamespace("ci").Label("pod-security.kubernetes.io/enforce", "privileged").Label("empty", ""),
		infra.NewServiceAccount("release").Secrets("gitlab-auth", "harbor-auth").PullSecrets("harbor-auth"),
		role,
		infra.NewRole("alone", "", pods),
		infra.NewClusterRole("nodes", allow("", "nodes", "list"),
			rbacv1.PolicyRule{NonResourceURLs: []string{"/metrics"}, Verbs: []string{"get"}}).Bind("release"),
		infra.NewClusterRole("system:alone", allow("", "nodes", "list")),
		config,
		infra.NewConfigMap("none", nil),
		infra.NewPVC("go-cache", "10Gi").StorageClass("fast").AccessModes("ReadWriteMany", "ReadOnlyMany"),
		infra.NewPVC("plain", "500Mi"),
		infra.NewPVC("existing", "1Gi").StorageClass(""),
	)
}

// event returns a field of an event, as pkg/triggers does.
func event(name string) builder.String {
	return builder.String(handle.Token{Owner: handle.NewOwner(handle.Event, "push"), Form: handle.Value, Expr: "tt.params." + name}.String())
}

// TestPVCOfAnEvent checks that a PVC may use fields of an event in a template, and
// nowhere else.
func TestPVCOfAnEvent(t *testing.T) {
	c := infra.NewPVC("source-"+event("short-sha")+"-$(uid)", "1Gi")
	o, err := c.Object()
	require.NoError(t, err)
	assert.Equal(t, "source-$(tt.params.short-sha)-$(uid)", o.Object.(*corev1.PersistentVolumeClaim).Name)
	fields := c.EventFields()
	require.Len(t, fields, 1)
	assert.Equal(t, "$(tt.params.short-sha)", handle.Strip(string(fields[0].Text)))
	assert.Contains(t, fields[0].Position.File, "objects_test.go")
	_, err = c.Objects()
	assert.ErrorContains(t, err, "event-misplaced")
	assert.Empty(t, infra.NewPVC("a", "1Gi").EventFields())
}

// TestNil checks that methods do not panic on nil.
func TestNil(t *testing.T) {
	for name, s := range map[string]manifest.Source{
		"Ingress": (*infra.Ingress)(nil).Path("/", nil).Exact("/", nil).Class("").TLS("").Namespace("").
			Annotate("", "").Mutate(nil),
		"ServiceAccount":        (*infra.ServiceAccount)(nil).Secrets("a").PullSecrets("a"),
		"Role":                  (*infra.Role)(nil).Bind("a"),
		"ClusterRole":           (*infra.ClusterRole)(nil).Bind("a"),
		"Secret":                (*infra.Secret)(nil).FromEnv("", "").FromFile("", "").Annotate("", ""),
		"PersistentVolumeClaim": (*infra.PVC)(nil).StorageClass("").AccessModes(""),
		"ConfigMap":             (*infra.ConfigMap)(nil),
		"Namespace":             (*infra.Namespace)(nil).Label("", ""),
		"RBAC":                  (*infra.RBAC)(nil).Secrets("").PullSecrets("").Roles(nil),
	} {
		_, err := s.Objects()
		assert.ErrorContains(t, err, "the "+name+" is nil", name)
	}
	_, err := (*infra.PVC)(nil).Object()
	assert.ErrorContains(t, err, "is nil")
	assert.Empty(t, (*infra.PVC)(nil).EventFields())
	assert.Empty(t, (*infra.Secret)(nil).Command(""))

	for _, s := range []manifest.Source{
		new(infra.Ingress), new(infra.ServiceAccount), new(infra.Role), new(infra.ClusterRole), new(infra.Secret),
		new(infra.PVC), new(infra.ConfigMap), new(infra.Namespace),
	} {
		_, err := s.Objects()
		assert.ErrorContains(t, err, "the name is empty", "%T", s)
	}
	objects, err := new(infra.RBAC).Objects()
	assert.NoError(t, err)
	assert.Empty(t, objects)
	assert.NotEmpty(t, new(infra.Secret).Command(""))
}

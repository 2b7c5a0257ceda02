package same_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/importer/same"
)

// TestKubernetes has, for each rule about objects of Kubernetes, objects that are the same and
// objects that are not.
func TestKubernetes(t *testing.T) {
	const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
	const applied = "{name: s, annotations: {kubectl.kubernetes.io/last-applied-configuration: x}}"
	binding := func(namespace, subject string) string {
		return "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: " + namespace + "}\nsubjects: [{kind: ServiceAccount, name: s" + subject + "}]\n"
	}
	thing := func(spec string) string {
		return "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: s}\nspec: " + spec + "\n"
	}
	for _, c := range []struct {
		name, a, b string
		differ     string // the path, "" if they are the same
	}{
		{"values of Secrets", secret + "stringData: {a: x}", secret + "data: {a: eQ==}", ""},
		{"another key", secret + "stringData: {a: x}", secret + "stringData: {b: x}", "data"},
		{"a key is lost", secret + "stringData: {a: x}\ndata: {b: eQ==}", secret + "stringData: {a: x}", "data"},
		{"type: Opaque", secret + "type: Opaque", secret, ""},
		{"another type", secret + "type: kubernetes.io/tls", secret, "type"},
		{"immutable", secret + "immutable: true", secret, "immutable"},
		{"what kubectl has applied", "apiVersion: v1\nkind: ConfigMap\nmetadata: " + applied, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}", ""},
		{"values of ConfigMaps", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata: {a: x}", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata: {a: z}", "data[a]"},

		{"the namespace of a subject", binding("ci", ", namespace: ci"), binding("ci", ""), ""},
		{"another namespace of a subject", binding("ci", ", namespace: prod"), binding("ci", ""), "subjects[0].namespace"},

		{"other kinds", thing("{a: 1, b: [x]}"), thing("{b: [x], a: 1}"), ""},
		{"what kubectl has applied to other kinds", "apiVersion: example.com/v1\nkind: Thing\nmetadata: " + applied, "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: s, annotations: {}}", ""},
		{"other kinds differ", thing("{a: 1, b: [x]}"), thing("{b: [x], a: 2}"), "[spec][a]"},
		{"a value of other kinds is lost", thing("{a: 1, b: false}"), thing("{a: 1}"), "[spec]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := same.Prepared(read(t, c.a)), same.Prepared(read(t, c.b))
			for _, pair := range [][]same.Difference{same.Objects(a, b), same.Objects(b, a)} {
				if c.differ == "" {
					assert.Empty(t, pair)
				} else if assert.Len(t, pair, 1) {
					assert.Equal(t, c.differ, pair[0].String())
				}
			}
		})
	}
}

// TestNumbers has an object with numbers that the deep copy of Kubernetes does not know.
func TestNumbers(t *testing.T) {
	u := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.com/v1", "kind": "Thing", "spec": map[string]any{"a": 1}}}
	assert.Empty(t, same.Objects(same.Prepared(u), same.Prepared(u)))
}

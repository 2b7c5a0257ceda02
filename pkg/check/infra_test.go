package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// loose decodes the documents of a YAML stream as unstructured objects.
func loose(t *testing.T, data string) []object.Object {
	t.Helper()
	var out []object.Object
	for _, doc := range separator.Split(data, -1) {
		var content map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(doc), &content))
		for _, k := range []string{"spec", "metadata", "rules", "data", "subjects"} {
			content[k] = integers(content[k])
		}
		out = append(out, object.Object{Object: &unstructured.Unstructured{Object: content}})
	}
	return out
}

// integers converts whole numbers to integers, as the Kubernetes decoders do.
func integers(v any) any {
	switch v := v.(type) {
	case float64:
		if v == float64(int64(v)) {
			return int64(v)
		}
	case []any:
		for i := range v {
			v[i] = integers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = integers(v[k])
		}
	}
	return v
}

// TestLooseInfra tests mistakes that are possible only in unstructured objects.
func TestLooseInfra(t *testing.T) {
	for name, c := range map[string]struct {
		yaml string
		want []string
	}{
		"amounts": {`
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: a}
spec: {accessModes: [RWO], resources: {requests: {storage: 1 Gi}}}
`, []string{`pvc-invalid spec.accessModes[0]`, `pvc-invalid spec.resources.requests["storage"]`}},
		"labels": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {a: true, b: "1", c: 2}, annotations: {d: [x]}}
`, []string{`label-invalid metadata.annotations["d"]`, `label-invalid metadata.labels["a"]`, `label-invalid metadata.labels["c"]`}},
		"made by controllers": {`
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  steps: [{name: s, image: "x:1", envFrom: [{secretRef: {name: sealed}}, {secretRef: {name: external}}, {secretRef: {name: none}}]}]
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: sealed}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: other}
spec: {target: {name: external}}
`, []string{`secret-external spec.steps[0].envFrom[2].secretRef.name`}},
		"nonsense": {`
apiVersion: v1
kind: Secret
metadata: {name: a}
data: nonsense
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: a}
rules: nonsense
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec: {rules: [{http: {paths: {}}}]}
`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range runAll(loose(t, strings.TrimSpace(c.yaml)), check.Profile{}) {
				if f.Severity == diag.Error || f.Code == "secret-external" {
					got = append(got, f.Code+" "+f.Path.String())
				}
			}
			assert.Equal(t, c.want, got)
		})
	}
}

// TestDeclaredSecret checks that a declared Secret is not reported as plain text, and
// that its keys are known.
func TestDeclaredSecret(t *testing.T) {
	o := &corev1.Secret{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}, ObjectMeta: metav1.ObjectMeta{Name: "s"}, StringData: map[string]string{"a": "b"}}
	declared := &object.Declaration{Values: map[string]object.ValueSource{"c": {Env: "C"}}}
	task := must(t, `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec: {steps: [{name: s, image: "x:1", env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: c}}}]}]}
`)[0]
	codes := func(secret object.Object) (out []string) {
		for _, f := range runAll([]object.Object{secret, task}, check.Profile{Complete: true}) {
			if strings.HasPrefix(f.Code, "secret-") {
				out = append(out, f.Code)
			}
		}
		return out
	}
	assert.Empty(t, codes(object.Object{Object: o, Declared: declared}))
	assert.Equal(t, []string{"secret-plain", "secret-key-unknown"}, codes(object.Object{Object: o}))
}

// TestExists checks that references to objects in Exists are not reported.
func TestInfraExists(t *testing.T) {
	run := must(t, `
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: r, namespace: ci}
spec:
  taskSpec: {steps: [{name: s, image: "x:1"}]}
  podTemplate: {volumes: [{name: v, secret: {secretName: a}}]}
`)
	count := func(p check.Profile) (n int) {
		p.Complete = true
		for _, f := range runAll(run, p) {
			if f.Code == "secret-unknown" || f.Code == "serviceaccount-unknown" {
				n++
			}
		}
		return n
	}
	assert.Equal(t, 1, count(check.Profile{}))
	assert.Equal(t, 0, count(check.Profile{Exists: []diag.ObjectRef{{Kind: "Secret", Name: "*"}}}))
	assert.Equal(t, 1, count(check.Profile{Exists: []diag.ObjectRef{{Kind: "Secret", Name: "a", Namespace: "prod"}}}))
	assert.Equal(t, 2, count(check.Profile{DefaultServiceAccount: "bot"}), "the account that runs get which name none")
	assert.Equal(t, 1, count(check.Profile{DefaultServiceAccount: "default"}))
}

func TestInfraOfNothing(t *testing.T) {
	for _, f := range runAll([]object.Object{
		{Object: &rbacv1.Role{}}, {Object: &rbacv1.ClusterRole{Rules: []rbacv1.PolicyRule{{}}}}, {Object: &rbacv1.RoleBinding{Subjects: []rbacv1.Subject{{}}}},
		{Object: &rbacv1.ClusterRoleBinding{}}, {Object: &corev1.PersistentVolumeClaim{}}, {Object: &corev1.ServiceAccount{Secrets: []corev1.ObjectReference{{}}}},
	}, check.Profile{Complete: true}) {
		assert.NotEqual(t, "internal", f.Code, f.Error())
	}
}

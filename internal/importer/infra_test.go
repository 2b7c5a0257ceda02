package importer_test

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/pkg/object"
)

// TestInfra shows how objects of Kubernetes read in Go, and that a set has the same objects in
// the same namespaces.
func TestInfra(t *testing.T) {
	text, err := os.ReadFile("testdata/infra.yaml")
	require.NoError(t, err)
	source, set, left := packageOf(t, string(text))
	assert.Empty(t, left)
	assert.NotContains(t, source, "hidden")
	golden.Check(t, "testdata/infra.go.txt", []byte(source))

	want, _ := parse(t, string(text), "x.yaml")
	got, err := set.Objects()
	require.NoError(t, err)
	assert.Len(t, got, len(want))
	for _, w := range want {
		m, _ := w.(metav1.Object)
		i := slices.IndexFunc(got, func(o object.Object) bool {
			g, _ := o.Object.(metav1.Object)
			return o.GetObjectKind().GroupVersionKind() == w.GetObjectKind().GroupVersionKind() && g.GetName() == m.GetName() && g.GetNamespace() == m.GetNamespace()
		})
		if assert.GreaterOrEqual(t, i, 0, "%T %s/%s", w, m.GetNamespace(), m.GetName()) {
			assert.Empty(t, same.Objects(same.Prepared(w), same.Prepared(got[i].Object)), m.GetName())
		}
	}
}

// TestInfraLess has objects that a call describes only in part: they become values of their
// type, or YAML.
func TestInfraLess(t *testing.T) {
	const role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: x}\nrules: [{apiGroups: [a], resources: [b], verbs: [get]}]\n"
	const binding = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: x}\nsubjects: "
	for name, c := range map[string]struct {
		text    string
		results []string // "" for YAML
	}{
		"immutable data":     {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\nimmutable: true", []string{"manifest.Source"}},
		"an owner":           {"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: x, ownerReferences: [{apiVersion: v1, kind: Pod, name: p, uid: u}]}", []string{"manifest.Source"}},
		"an invalid name":    {"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: X_1}", []string{"manifest.Source"}},
		"an immutable value": {"apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {a: hidden}\nimmutable: true", []string{""}},
		"no Go type":         {"apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x}\nspec: {a: 1}", []string{""}},
		"a filter":           {"apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: x}\nspec: {parentRefs: [{name: g}], rules: [{filters: [{type: RequestMirror}]}]}", []string{""}},
		"a named port": {"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: x}\nspec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {name: http}}}}]}}]}",
			[]string{"manifest.Source"}},
		"a binding":                {role + binding + "[{kind: ServiceAccount, name: s}]", []string{"*infra.Role", "*infra.Role"}},
		"a binding in other order": {role + binding + "[{kind: User, name: u, apiGroup: rbac.authorization.k8s.io}, {kind: ServiceAccount, name: s}]", []string{"*infra.Role", "manifest.Source"}},
		"a binding twice": {role + binding + "[{kind: ServiceAccount, name: s}]\n" + binding + "[{kind: ServiceAccount, name: t}]",
			[]string{"*infra.Role", "*infra.RoleBinding", "*infra.RoleBinding"}},
		"a binding with labels":      {role + "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x, labels: {a: b}}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: x}", []string{"*infra.Role", "*infra.RoleBinding"}},
		"a binding of nobody":        {role + binding + "[]", []string{"*infra.Role", "*infra.RoleBinding"}},
		"a binding of a ClusterRole": {role + "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: x}", []string{"*infra.Role", "*infra.RoleBinding"}},
	} {
		t.Run(name, func(t *testing.T) {
			objects, x := parse(t, c.text, "x.yaml")
			var results []string
			for _, o := range objects {
				r := importer.Import(x, o, "x.yaml")
				result := ""
				if r.Func != nil {
					result = r.Func.Result
				} else {
					assert.NotEmpty(t, r.Reason)
				}
				results = append(results, result)
			}
			assert.Equal(t, c.results, results)
		})
	}
}

// TestRoleFiles shows that a role does not describe a binding of another file, which may not
// be imported.
func TestRoleFiles(t *testing.T) {
	objects, _ := parse(t, `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: x}
rules: [{apiGroups: [a], resources: [b], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: x}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: x}
subjects: [{kind: ServiceAccount, name: s, namespace: ci}]
`, "x.yaml")
	results := func(files ...string) []string {
		x := importer.NewIndex()
		for i, o := range objects {
			x.Add(o, files[i])
		}
		return []string{importer.Import(x, objects[0], files[0]).Func.Result, importer.Import(x, objects[1], files[1]).Func.Result}
	}
	assert.Equal(t, []string{"*infra.ClusterRole", "*infra.ClusterRole"}, results("a.yaml", "a.yaml"))
	assert.Equal(t, []string{"*infra.ClusterRole", "*infra.ClusterRoleBinding"}, results("a.yaml", "b.yaml"))
}

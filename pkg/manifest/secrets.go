package manifest

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/pkg/diag"
)

// refuseSecrets returns a finding for each Secret with a value, since the output is
// often committed to a repository. Keys with empty values are allowed.
func refuseSecrets(docs []document) error {
	var found diag.Findings
	for _, d := range docs {
		path, ok := secretValue(d.item)
		if !ok || d.Declared != nil {
			continue
		}
		found = append(found, diag.Finding{
			Code: "secret-value", Severity: diag.Error, Object: d.ref, Path: path, Position: d.At(path), Subject: d.ref.Name,
			Message: d.ref.String() + " has a value at " + path.String() + ", and Secret values are not written to a stream or a folder",
			Help:    "remove the value, and create the Secret in the cluster by other means",
		})
	}
	found.Sort()
	return found.Err()
}

// secretValue returns the path of the first value of a Secret, and reports whether
// there is one.
func secretValue(it *item) (diag.Path, bool) {
	var paths []diag.Path
	add := func(field, key, value string) {
		if value != "" {
			paths = append(paths, diag.Fields(field).Key(key))
		}
	}
	switch s := it.Object.Object.(type) {
	case *corev1.Secret:
		for k, v := range s.Data {
			add("data", k, string(v))
		}
		for k, v := range s.StringData {
			add("stringData", k, v)
		}
	case *unstructured.Unstructured:
		if it.kind != (schema.GroupKind{Kind: "Secret"}) {
			return diag.Path{}, false
		}
		for _, field := range []string{"data", "stringData"} {
			values, _, _ := unstructured.NestedMap(s.Object, field)
			for k, v := range values {
				if text, ok := v.(string); !ok || text != "" {
					add(field, k, "something")
				}
			}
		}
	}
	if len(paths) == 0 {
		return diag.Path{}, false
	}
	return slices.MinFunc(paths, diag.Path.Compare), true
}

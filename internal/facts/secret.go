package facts

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Keys returns the keys of a Secret or a ConfigMap, sorted.
func (e *Entry) Keys() []string {
	keys := map[string]bool{}
	switch o := e.Kube.(type) {
	case *corev1.Secret:
		for k := range o.Data {
			keys[k] = true
		}
		for k := range o.StringData {
			keys[k] = true
		}
		if o.Type == corev1.SecretTypeServiceAccountToken { // filled by Kubernetes
			keys["token"], keys["ca.crt"], keys["namespace"] = true, true, true
		}
	case *corev1.ConfigMap:
		for k := range o.Data {
			keys[k] = true
		}
		for k := range o.BinaryData {
			keys[k] = true
		}
	}
	if e.Declared != nil {
		for k := range e.Declared.Values {
			keys[k] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// KeySpot returns the place of the value of a key of a Secret.
func (e *Entry) KeySpot(o *corev1.Secret, key string) Spot {
	if _, ok := o.StringData[key]; ok {
		return e.At("stringData").Key(key)
	}
	return e.At("data").Key(key)
}

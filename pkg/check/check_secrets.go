package check

import (
	"encoding/json"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
)

// interceptors checks the Secrets that interceptors name, as far as they are in
// the set.
func (c *checker) interceptors(e *entry) {
	switch o := e.Object.Object.(type) {
	case *v1beta1.Trigger:
		c.intercepted(in(e, "spec"), o.Spec.Interceptors)
	case *v1beta1.EventListener:
		for i := range o.Spec.Triggers {
			c.intercepted(in(e, "spec").index("triggers", i), o.Spec.Triggers[i].Interceptors)
		}
		for i := range o.Spec.TriggerGroups {
			c.intercepted(in(e, "spec").index("triggerGroups", i), o.Spec.TriggerGroups[i].Interceptors)
		}
	}
}

func (c *checker) intercepted(s spot, list []*v1beta1.TriggerInterceptor) {
	for i, x := range list {
		if x == nil {
			continue
		}
		for j := range x.Params {
			if x.Params[j].Name != "secretRef" {
				continue
			}
			var ref v1beta1.SecretRef
			if json.Unmarshal(x.Params[j].Value.Raw, &ref) != nil {
				continue
			}
			at := s.index("interceptors", i).index("params", j).field("value")
			c.secretKey(at, ref.SecretName, ref.SecretKey)
		}
	}
}

// secretKey checks that a Secret of the set has a key.
func (c *checker) secretKey(s spot, name, key string) {
	e := c.find("Secret", s.ref.Namespace, name)
	if e == nil {
		return
	}
	secret, ok := e.Object.Object.(*corev1.Secret)
	if !ok || len(secret.Data)+len(secret.StringData) == 0 {
		return
	}
	_, data := secret.Data[key]
	_, text := secret.StringData[key]
	if data || text {
		return
	}
	keys := slices.Sorted(maps.Keys(secret.Data))
	for k := range secret.StringData {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	c.fail(s, "secret-key-unknown", key, e.ref.String()+" has no key "+q(key), suggest(key, keys, oneOf(key, keys)),
		in(e, "data").related(e.ref.String()+" is declared"))
}

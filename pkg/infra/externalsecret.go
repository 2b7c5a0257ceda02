package infra

import (
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// ExternalSecret describes an ExternalSecret of the External Secrets Operator
// (external-secrets.io/v1), which copies values from a store outside the cluster, such as
// Vault, into a Secret.
type ExternalSecret struct {
	at      place
	secret  *Secret
	store   string
	cluster bool
	keys    []externalKey
	refresh *named
	metadata
}

// externalKey is the place of the value of a key in the store.
type externalKey struct {
	at                    place
	key, remote, property string
}

// NewExternalSecret returns an ExternalSecret that creates the given Secret, with its name,
// type, labels and annotations, from a SecretStore in the same namespace. Each key of the
// Secret needs a place in the store; see Key. The Secret must not be added to the set as well.
//
//	infra.NewExternalSecret(infra.DockerConfig("registry-auth"), "vault").
//		Key(".dockerconfigjson", "ci/registry", "config")
func NewExternalSecret(secret *Secret, store string) *ExternalSecret {
	return &ExternalSecret{at: callsite.Here(), secret: secret, store: store}
}

// ClusterStore makes the store a ClusterSecretStore.
func (e *ExternalSecret) ClusterStore() *ExternalSecret {
	if e != nil {
		e.cluster = true
	}
	return e
}

// Key sets the place of the value of a key: the name of an entry of the store, and the
// property in it; "" means the whole entry.
func (e *ExternalSecret) Key(key, remote, property string) *ExternalSecret {
	if e != nil {
		e.keys = append(e.keys, externalKey{callsite.Here(), key, remote, property})
	}
	return e
}

// Refresh sets how often the values are read again, such as "15m". The default of the
// operator is one hour.
func (e *ExternalSecret) Refresh(interval string) *ExternalSecret {
	if e != nil {
		e.refresh = &named{callsite.Here(), interval}
	}
	return e
}

// Label sets a label of the ExternalSecret.
func (e *ExternalSecret) Label(key, value string) *ExternalSecret {
	if e != nil {
		e.metadata.label(key, value)
	}
	return e
}

// Annotate sets an annotation of the ExternalSecret.
func (e *ExternalSecret) Annotate(key, value string) *ExternalSecret {
	if e != nil {
		e.metadata.annotate(key, value)
	}
	return e
}

// Objects returns the ExternalSecret, and the declaration of the Secret. It implements
// manifest.Source.
func (e *ExternalSecret) Objects() ([]object.Object, error) {
	if e == nil {
		return absent("ExternalSecret", "create it with infra.NewExternalSecret")
	}
	if e.secret == nil {
		return absent("Secret", "pass a Secret to infra.NewExternalSecret")
	}
	kind := schema.GroupVersionKind{Group: "external-secrets.io", Version: "v1", Kind: "ExternalSecret"}
	l := lower(e.at, kind, e.secret.name)
	secret := *e.secret
	if secret.owner == nil {
		secret.owner = &named{e.at, `ExternalSecret "` + handle.Strip(secret.name) + `"`}
	}
	declared, made := secret.lower()
	_, meta := l.meta(dnsName)
	l.list = slices.Clone(made.list) // which has what is wrong with the name
	e.metadata.lower(l, &meta)
	l.check(e.at, diag.Fields("spec", "secretStoreRef", "name"), dnsName, "the name of the store", e.store)
	store := map[string]any{"name": e.store, "kind": "SecretStore"}
	if e.cluster {
		store["kind"] = "ClusterSecretStore"
	}
	spec := map[string]any{"secretStoreRef": store, "target": e.target(declared.Object.(*corev1.Secret)), "data": e.data(l)}
	if e.refresh != nil {
		path := diag.Fields("spec", "refreshInterval")
		l.put(path, e.refresh.at)
		if d, err := time.ParseDuration(e.refresh.name); err != nil || d < 0 {
			l.report(e.refresh.at, path, "interval-invalid", handle.Strip(e.refresh.name), "the refresh interval "+q(handle.Strip(e.refresh.name))+" is not a valid duration",
				`write a duration such as "15m"; "0" means that the values are read once`)
		}
		spec["refreshInterval"] = e.refresh.name
	}
	return finish([]object.Object{l.object(loose(kind, meta.Name, meta.Labels, meta.Annotations, spec)), declared}, l.list)
}

// target returns the field for the Secret that is created.
func (e *ExternalSecret) target(o *corev1.Secret) map[string]any {
	target := map[string]any{"name": o.Name}
	template := map[string]any{}
	if o.Type != corev1.SecretTypeOpaque {
		template["type"] = string(o.Type)
	}
	meta := map[string]any{}
	if len(o.Labels) > 0 {
		meta["labels"] = texts(o.Labels)
	}
	if len(o.Annotations) > 0 {
		meta["annotations"] = texts(o.Annotations)
	}
	if len(meta) > 0 {
		template["metadata"] = meta
	}
	if len(template) > 0 {
		target["template"] = template
	}
	return target
}

// data returns the places of the values.
func (e *ExternalSecret) data(l *lowering) []any {
	var out []any
	seen := l.once("key", "key")
	given := map[string]bool{}
	for i, k := range e.keys {
		path := diag.Fields("spec", "data").Index(i)
		l.put(path, k.at)
		name := handle.Strip(k.key)
		switch {
		case !seen.first(k.at, path, k.key):
			continue
		case e.secret.index(k.key) < 0:
			l.report(k.at, path.Field("secretKey"), "key-unknown", name, "the Secret has no key "+q(name), "use one of "+quoteAll(e.secret.names()))
			continue
		case k.remote == "":
			l.report(k.at, path.Field("remoteRef", "key"), "source-missing", name, "key "+q(name)+" has no entry of the store", "pass the name of the entry")
		}
		given[k.key] = true
		l.plain(k.at, path.Field("remoteRef", "key"), "the entry of the store", k.remote)
		l.plain(k.at, path.Field("remoteRef", "property"), "the property", k.property)
		remote := map[string]any{"key": k.remote}
		if k.property != "" {
			remote["property"] = k.property
		}
		out = append(out, map[string]any{"secretKey": k.key, "remoteRef": remote})
	}
	for _, k := range e.secret.keys {
		if !given[k.name] {
			l.report(e.at, diag.Fields("spec", "data"), "source-missing", handle.Strip(k.name), "key "+q(handle.Strip(k.name))+" of the Secret has no entry of the store", "set it with Key")
		}
	}
	return out
}

// loose returns an object of a kind that this module does not link.
func loose(kind schema.GroupVersionKind, name string, labels, annotations map[string]string, spec map[string]any) *unstructured.Unstructured {
	u := &unstructured.Unstructured{Object: map[string]any{"spec": spec}}
	u.SetGroupVersionKind(kind)
	u.SetName(name)
	u.SetLabels(maps.Clone(labels))
	u.SetAnnotations(maps.Clone(annotations))
	return u
}

func texts(m map[string]string) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

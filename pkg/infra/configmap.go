package infra

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// ConfigMap describes a ConfigMap.
type ConfigMap struct {
	at   place
	name string
	data map[string]string
	metadata
}

// NewConfigMap returns a ConfigMap with the given name and data. In a workspace,
// each key is a file:
//
//	infra.NewConfigMap("maven-settings", map[string]string{"settings.xml": xml})
//	run := p.Run("build-", settings.ConfigMap("maven-settings"))
func NewConfigMap(name string, data map[string]string) *ConfigMap {
	return &ConfigMap{at: callsite.Here(), name: name, data: maps.Clone(data)}
}

// maxData is the maximum size of the values of a ConfigMap.
const maxData = 1 << 20

// Objects returns the ConfigMap. It implements manifest.Source.
func (c *ConfigMap) Objects() ([]object.Object, error) {
	if c == nil {
		return absent("ConfigMap", "create it with infra.NewConfigMap")
	}
	return finish(c.lower())
}

func (c *ConfigMap) lower() ([]object.Object, diag.Findings) {
	l := lower(c.at, corev1.SchemeGroupVersion.WithKind("ConfigMap"), c.name)
	o := &corev1.ConfigMap{Data: maps.Clone(c.data)}
	o.TypeMeta, o.ObjectMeta = l.meta(dnsName)
	c.metadata.lower(l, &o.ObjectMeta)
	size := 0
	for _, k := range slices.Sorted(maps.Keys(c.data)) {
		path := diag.Fields("data").Key(k)
		l.check(c.at, path, dataKey, "a key", k)
		l.plain(c.at, path, "the value of "+q(k), c.data[k])
		size += len(c.data[k])
	}
	if size > maxData {
		l.report(c.at, diag.Fields("data"), "data-size", c.name, "the data is larger than 1 MiB, the limit for a ConfigMap",
			"store the files in the source repository, or on a volume")
	}
	return []object.Object{l.object(o)}, l.list
}

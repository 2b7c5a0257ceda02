package check

import (
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	corev1 "k8s.io/api/core/v1"
)

// variables checks what the environment of a container is taken from: row 56.
func (c *checker) variables(s spot, env []corev1.EnvVar, from []corev1.EnvFromSource) {
	for i := range env {
		v := env[i].ValueFrom
		if v == nil {
			continue
		}
		at := s.index("env", i).field("valueFrom")
		if r := v.SecretKeyRef; r != nil {
			c.key(at.field("secretKeyRef"), "Secret", r.Name, r.Key, isTrue(r.Optional))
		}
		if r := v.ConfigMapKeyRef; r != nil {
			c.key(at.field("configMapKeyRef"), "ConfigMap", r.Name, r.Key, isTrue(r.Optional))
		}
	}
	for i := range from {
		at := s.index("envFrom", i)
		if r := from[i].SecretRef; r != nil {
			c.wants(at.field("secretRef.name"), want{kind: "Secret", name: r.Name, optional: isTrue(r.Optional)})
		}
		if r := from[i].ConfigMapRef; r != nil {
			c.wants(at.field("configMapRef.name"), want{kind: "ConfigMap", name: r.Name, optional: isTrue(r.Optional)})
		}
	}
}

// key checks one key of a Secret or ConfigMap.
func (c *checker) key(s spot, kind, name, key string, optional bool) {
	found := c.wants(s.field("name"), want{kind: kind, name: name, optional: optional})
	if found != nil && !optional {
		c.hasKey(s.field("key"), found, key)
	}
}

func isTrue(b *bool) bool { return b != nil && *b }

// volumes checks what volumes are made of: rows 55 and 56.
func (c *checker) volumes(s spot, list []corev1.Volume) {
	for i := range list {
		c.volume(s.index("volumes", i), &list[i].VolumeSource)
	}
}

func (c *checker) volume(s spot, v *corev1.VolumeSource) {
	switch {
	case v.Secret != nil:
		at := s.field("secret")
		c.items(at, c.wants(at.field("secretName"), want{kind: "Secret", name: v.Secret.SecretName, optional: isTrue(v.Secret.Optional)}), v.Secret.Items, v.Secret.Optional)
	case v.ConfigMap != nil:
		at := s.field("configMap")
		c.items(at, c.wants(at.field("name"), want{kind: "ConfigMap", name: v.ConfigMap.Name, optional: isTrue(v.ConfigMap.Optional)}), v.ConfigMap.Items, v.ConfigMap.Optional)
	case v.PersistentVolumeClaim != nil:
		c.wants(s.field("persistentVolumeClaim.claimName"), want{kind: "PersistentVolumeClaim", name: v.PersistentVolumeClaim.ClaimName})
	case v.Projected != nil:
		c.projected(s.field("projected"), v.Projected)
	case v.CSI != nil:
		c.csi(s.field("csi"), v.CSI)
	case v.Ephemeral != nil && v.Ephemeral.VolumeClaimTemplate != nil:
		at := s.field("ephemeral.volumeClaimTemplate.spec")
		c.claimSpec(at, "the claim template of volume "+q(s.path), &v.Ephemeral.VolumeClaimTemplate.Spec)
	}
}

// projected checks the sources of a projected volume.
func (c *checker) projected(s spot, v *corev1.ProjectedVolumeSource) {
	for i := range v.Sources {
		at := s.index("sources", i)
		if r := v.Sources[i].Secret; r != nil {
			c.items(at.field("secret"), c.wants(at.field("secret.name"), want{kind: "Secret", name: r.Name, optional: isTrue(r.Optional)}), r.Items, r.Optional)
		}
		if r := v.Sources[i].ConfigMap; r != nil {
			c.items(at.field("configMap"), c.wants(at.field("configMap.name"), want{kind: "ConfigMap", name: r.Name, optional: isTrue(r.Optional)}), r.Items, r.Optional)
		}
	}
}

func (c *checker) csi(s spot, v *corev1.CSIVolumeSource) {
	if v.NodePublishSecretRef != nil {
		c.wants(s.field("nodePublishSecretRef.name"), want{kind: "Secret", name: v.NodePublishSecretRef.Name})
	}
}

// items checks the keys that a volume shows as files.
func (c *checker) items(s spot, found *entry, items []corev1.KeyToPath, optional *bool) {
	if found == nil || isTrue(optional) {
		return
	}
	for i := range items {
		c.hasKey(s.index("items", i).field("key"), found, items[i].Key)
	}
}

// podTemplate checks what the pods of a run get.
func (c *checker) podTemplate(s spot, t *pod.PodTemplate) {
	if t == nil {
		return
	}
	c.variables(s, t.Env, nil)
	c.plainEnv(s, t.Env)
	c.volumes(s, t.Volumes)
	for i := range t.ImagePullSecrets {
		c.pullSecret(s.index("imagePullSecrets", i).field("name"), t.ImagePullSecrets[i].Name)
	}
}

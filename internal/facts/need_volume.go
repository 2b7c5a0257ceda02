package facts

import (
	corev1 "k8s.io/api/core/v1"
)

// This file finds the objects that volumes refer to.

func (e *Entry) volumeNeeds(s Spot, list []corev1.Volume) {
	for i := range list {
		e.sourceNeeds(s.Index("volumes", i), &list[i].VolumeSource)
	}
}

// sourceNeeds adds the objects that are the source of a volume.
func (e *Entry) sourceNeeds(at Spot, v *corev1.VolumeSource) {
	switch {
	case v.Secret != nil:
		e.secretVolume(at.Field("secret"), v.Secret)
	case v.ConfigMap != nil:
		e.configMapVolume(at.Field("configMap"), v.ConfigMap)
	case v.PersistentVolumeClaim != nil:
		e.need(Need{Spot: at.Field("persistentVolumeClaim", "claimName"), Kind: "PersistentVolumeClaim", Name: v.PersistentVolumeClaim.ClaimName})
	case v.Projected != nil:
		e.projectedVolume(at.Field("projected"), v.Projected)
	case v.CSI != nil:
		e.csiVolume(at.Field("csi"), v.CSI)
	}
}

func (e *Entry) secretVolume(s Spot, v *corev1.SecretVolumeSource) {
	e.need(Need{Spot: s.Field("secretName"), Kind: "Secret", Name: v.SecretName, Optional: isTrue(v.Optional), Keys: items(s, v.Items, v.Optional)})
}

func (e *Entry) configMapVolume(s Spot, v *corev1.ConfigMapVolumeSource) {
	e.need(Need{Spot: s.Field("name"), Kind: "ConfigMap", Name: v.Name, Optional: isTrue(v.Optional), Keys: items(s, v.Items, v.Optional)})
}

func (e *Entry) projectedVolume(s Spot, v *corev1.ProjectedVolumeSource) {
	for i := range v.Sources {
		at := s.Index("sources", i)
		if r := v.Sources[i].Secret; r != nil {
			at := at.Field("secret")
			e.need(Need{Spot: at.Field("name"), Kind: "Secret", Name: r.Name, Optional: isTrue(r.Optional), Keys: items(at, r.Items, r.Optional)})
		}
		if r := v.Sources[i].ConfigMap; r != nil {
			at := at.Field("configMap")
			e.need(Need{Spot: at.Field("name"), Kind: "ConfigMap", Name: r.Name, Optional: isTrue(r.Optional), Keys: items(at, r.Items, r.Optional)})
		}
	}
}

func (e *Entry) csiVolume(s Spot, v *corev1.CSIVolumeSource) {
	if v.NodePublishSecretRef != nil {
		e.need(Need{Spot: s.Field("nodePublishSecretRef", "name"), Kind: "Secret", Name: v.NodePublishSecretRef.Name})
	}
}

// items returns the keys that a volume projects to files.
func items(s Spot, list []corev1.KeyToPath, optional *bool) []NeededKey {
	if isTrue(optional) {
		return nil
	}
	var out []NeededKey
	for i := range list {
		out = append(out, NeededKey{s.Index("items", i).Field("key"), list[i].Key})
	}
	return out
}

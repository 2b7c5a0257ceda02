package facts

import (
	corev1 "k8s.io/api/core/v1"
)

// cloudIdentities are annotations of a ServiceAccount that give its pods an identity of a
// cloud: that of a role of AWS, a service account of Google Cloud, or an application of Azure.
var cloudIdentities = [...]string{"eks.amazonaws.com/role-arn", "iam.gke.io/gcp-service-account", "azure.workload.identity/client-id"}

// storedSecrets returns the secrets of a store outside the cluster that the object mounts
// with the Secrets Store CSI driver.
func (e *Entry) storedSecrets() []Credential {
	var out []Credential
	add := func(at Spot, csi *corev1.CSIVolumeSource) {
		if csi == nil || csi.Driver != "secrets-store.csi.k8s.io" && csi.Driver != "secrets-store-gke.csi.k8s.io" {
			return
		}
		what := "the secrets of a store"
		if class := csi.VolumeAttributes["secretProviderClass"]; class != "" {
			what = `the secrets of SecretProviderClass "` + class + `"`
		}
		out = append(out, Credential{at.Field("csi"), what})
	}
	for i, w := range e.RunWorkspaces() {
		add(e.At("spec").Index("workspaces", i), w.CSI)
	}
	for _, t := range e.TaskSpecs() {
		if t.Spec == nil {
			continue
		}
		for i := range t.Spec.Volumes {
			add(t.Spot.Index("volumes", i), t.Spec.Volumes[i].CSI)
		}
	}
	return out
}

package check

import "slices"

// removedVersion are kinds of an API version that Kubernetes does not serve
// any more.
type removedVersion struct {
	version string
	kinds   []string // nil for all of the version
	since   string
	to      string // the version to write instead; "" where the kind is gone
}

// removedVersions is in order: the first one that fits counts.
var removedVersions = []removedVersion{
	{"extensions/v1beta1", []string{"Ingress"}, "1.22", "networking.k8s.io/v1"},
	{"extensions/v1beta1", []string{"NetworkPolicy"}, "1.16", "networking.k8s.io/v1"},
	{"extensions/v1beta1", []string{"PodSecurityPolicy"}, "1.16", ""},
	{"extensions/v1beta1", nil, "1.16", "apps/v1"},
	{"networking.k8s.io/v1beta1", []string{"Ingress", "IngressClass"}, "1.22", "networking.k8s.io/v1"},
	{"apps/v1beta1", nil, "1.16", "apps/v1"},
	{"apps/v1beta2", nil, "1.16", "apps/v1"},
	{"batch/v1beta1", nil, "1.25", "batch/v1"},
	{"batch/v2alpha1", nil, "1.21", "batch/v1"},
	{"policy/v1beta1", []string{"PodSecurityPolicy"}, "1.25", ""},
	{"policy/v1beta1", nil, "1.25", "policy/v1"},
	{"rbac.authorization.k8s.io/v1beta1", nil, "1.22", "rbac.authorization.k8s.io/v1"},
	{"rbac.authorization.k8s.io/v1alpha1", nil, "1.22", "rbac.authorization.k8s.io/v1"},
	{"autoscaling/v2beta1", nil, "1.25", "autoscaling/v2"},
	{"autoscaling/v2beta2", nil, "1.26", "autoscaling/v2"},
	{"apiextensions.k8s.io/v1beta1", nil, "1.22", "apiextensions.k8s.io/v1"},
	{"apiregistration.k8s.io/v1beta1", nil, "1.22", "apiregistration.k8s.io/v1"},
	{"certificates.k8s.io/v1beta1", []string{"CertificateSigningRequest"}, "1.22", "certificates.k8s.io/v1"},
	{"coordination.k8s.io/v1beta1", []string{"Lease"}, "1.22", "coordination.k8s.io/v1"},
	{"discovery.k8s.io/v1beta1", nil, "1.25", "discovery.k8s.io/v1"},
	{"events.k8s.io/v1beta1", nil, "1.25", "events.k8s.io/v1"},
	{"node.k8s.io/v1beta1", nil, "1.25", "node.k8s.io/v1"},
	{"scheduling.k8s.io/v1beta1", nil, "1.22", "scheduling.k8s.io/v1"},
	{"storage.k8s.io/v1beta1", []string{"StorageClass", "VolumeAttachment", "CSIDriver", "CSINode"}, "1.22", "storage.k8s.io/v1"},
	{"admissionregistration.k8s.io/v1beta1", []string{"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}, "1.22", "admissionregistration.k8s.io/v1"},
}

// kubeVersion reports what Kubernetes does not serve any more.
func (c *checker) kubeVersion(s spot, version, kind string) {
	i := slices.IndexFunc(removedVersions, func(r removedVersion) bool {
		return r.version == version && (r.kinds == nil || slices.Contains(r.kinds, kind))
	})
	if i < 0 {
		return
	}
	r, help := removedVersions[i], ""
	switch {
	case r.to == "": // a PodSecurityPolicy
		help = "use Pod Security Admission: the label pod-security.kubernetes.io/enforce of the namespace"
	case kind == "Ingress":
		help = "write apiVersion: " + r.to + ", with a pathType for each path, and backend.service instead of serviceName and servicePort"
	default:
		help = "write apiVersion: " + r.to
	}
	c.fail(s, "version-removed", kind, "Kubernetes serves no "+kind+" of "+version+" since "+r.since, help)
}

package check

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/tekref"
)

// claim checks a PersistentVolumeClaim.
func (c *checker) claim(e *entry, o *corev1.PersistentVolumeClaim) {
	if u, ok := e.Object.Object.(*unstructured.Unstructured); ok && len(badQuantities(u)) > 0 {
		c.claimModes(in(e, "spec"), e.ref.String(), &o.Spec)
		return
	}
	c.claimSpec(in(e, "spec"), e.ref.String(), &o.Spec)
}

// claimSpec checks what a claim has to say, which the API server refuses it
// without: row 66.
func (c *checker) claimSpec(s spot, label string, spec *corev1.PersistentVolumeClaimSpec) {
	if len(spec.AccessModes) == 0 {
		c.fail(s, "claim-invalid", s.ref.Name, label+" lists no accessModes", "add ReadWriteOnce")
	}
	if _, ok := spec.Resources.Requests[corev1.ResourceStorage]; !ok {
		c.fail(s, "claim-invalid", s.ref.Name, label+" requests no storage", "set resources.requests.storage")
	}
	c.claimModes(s, label, spec)
}

var accessModes = []string{
	string(corev1.ReadWriteOnce), string(corev1.ReadOnlyMany), string(corev1.ReadWriteMany), string(corev1.ReadWriteOncePod),
}

// claimModes checks what a claim says, as far as it says it.
func (c *checker) claimModes(s spot, label string, spec *corev1.PersistentVolumeClaimSpec) {
	for i, m := range spec.AccessModes {
		at := s.index("accessModes", i)
		switch mode := string(m); {
		case tekref.Contains(mode):
		case !slices.Contains(accessModes, mode):
			c.fail(at, "claim-invalid", mode, label+" has access mode "+q(mode)+", which does not exist", shortMode(mode))
		case m == corev1.ReadWriteOncePod && len(spec.AccessModes) > 1:
			c.fail(at, "claim-invalid", mode, label+" has access mode "+q(mode)+" beside others, which the API server refuses", "keep one of them")
		}
	}
	if r, ok := spec.Resources.Requests[corev1.ResourceStorage]; ok && r.Sign() <= 0 {
		c.fail(s.at(key(s.field("resources.requests").path, "storage")), "claim-invalid", r.String(), label+" requests "+r.String()+" of storage", "request more than nothing")
	}
	if mode := spec.VolumeMode; mode != nil && *mode != corev1.PersistentVolumeFilesystem && *mode != corev1.PersistentVolumeBlock && !tekref.Contains(string(*mode)) {
		c.fail(s.field("volumeMode"), "claim-invalid", string(*mode), label+" has volume mode "+q(string(*mode))+", which does not exist", oneOf(string(*mode), []string{"Filesystem", "Block"}))
	}
}

// shortMode is the help for an access mode that does not exist: kubectl shows
// them as abbreviations.
func shortMode(mode string) string {
	for short, long := range map[string]corev1.PersistentVolumeAccessMode{
		"RWO": corev1.ReadWriteOnce, "ROX": corev1.ReadOnlyMany, "RWX": corev1.ReadWriteMany, "RWOP": corev1.ReadWriteOncePod,
	} {
		if alike(mode, short) {
			return "write " + string(long)
		}
	}
	return oneOf(mode, accessModes)
}

func (c *checker) badQuantity(s spot, bad badQuantity) {
	text, ok := bad.value.(string)
	if !ok {
		c.fail(s, "claim-invalid", bad.name, "the amount of "+bad.name+" is not a quantity", "write a number with a unit: 1Gi")
		return
	}
	c.fail(s, "claim-invalid", text, q(text)+" is not a quantity", "write a number with a unit: 1Gi")
}

// boundClaim checks the claim that a workspace is bound to.
func (c *checker) boundClaim(s spot, w *v1.WorkspaceBinding) {
	at := s.field("claimName")
	found := c.wants(at, want{kind: "PersistentVolumeClaim", name: w.PersistentVolumeClaim.ClaimName})
	if found == nil {
		return
	}
	o, ok := found.kube.(*corev1.PersistentVolumeClaim)
	if !ok {
		return
	}
	if o.Spec.VolumeMode != nil && *o.Spec.VolumeMode == corev1.PersistentVolumeBlock {
		c.fail(at, "claim-unusable", found.ref.Name, "workspace "+q(w.Name)+" is bound to "+found.ref.String()+", which is a block device: no pod can mount it as a folder",
			"set volumeMode: Filesystem", in(found, "spec.volumeMode").related("its volume mode"))
	}
	if len(o.Spec.AccessModes) == 1 && o.Spec.AccessModes[0] == corev1.ReadOnlyMany && !w.PersistentVolumeClaim.ReadOnly {
		c.warn(at, "claim-unusable", found.ref.Name, "workspace "+q(w.Name)+" is bound to "+found.ref.String()+", which can only be read, and is not bound read-only",
			"bind it with readOnly: true, or ask for ReadWriteOnce", in(found, "spec.accessModes").related("its access modes"))
	}
}

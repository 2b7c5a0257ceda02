package volumes

import (
	_ "embed"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pvc-invalid.md
var pvcInvalidText string

var pvcInvalid = &rule.Rule{
	Code:     "pvc-invalid",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     pvcInvalidText,
	Kinds:    []string{"PersistentVolumeClaim", "Task", "Pipeline", "PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		if u, ok := p.Entry.Object.Object.(*unstructured.Unstructured); ok && !p.Entry.IsTekton() && !p.Entry.IsCopy() {
			for _, bad := range facts.BadQuantities(u) {
				badQuantity(p, bad)
			}
		}
		if o, ok := p.Entry.Kube.(*corev1.PersistentVolumeClaim); ok && !p.Entry.IsCopy() {
			u, loose := p.Entry.Object.Object.(*unstructured.Unstructured)
			if !loose || len(facts.BadQuantities(u)) == 0 {
				claimNeeds(p, p.At("spec"), p.Entry.Ref.String(), &o.Spec)
			}
			claimModes(p, p.At("spec"), p.Entry.Ref.String(), &o.Spec)
		}
		list := p.Entry.RunWorkspaces()
		for i := range list {
			if w := &list[i]; p.Entry.CustomRun == nil && isClaimTemplate(w) {
				at := p.At("spec").Index("workspaces", i).Field("volumeClaimTemplate", "spec")
				claimModes(p, at, "the volumeClaimTemplate of workspace "+phrase.Quote(w.Name), &w.VolumeClaimTemplate.Spec)
			}
		}
		p.Entry.EachVolume(func(s facts.Spot, v *corev1.Volume) {
			if v.Ephemeral != nil && v.Ephemeral.VolumeClaimTemplate != nil && facts.VolumeSource(v) == "ephemeral" {
				at, label := s.Field("ephemeral", "volumeClaimTemplate", "spec"), "the volumeClaimTemplate of volume "+phrase.Quote(s.String())
				claimNeeds(p, at, label, &v.Ephemeral.VolumeClaimTemplate.Spec)
				claimModes(p, at, label, &v.Ephemeral.VolumeClaimTemplate.Spec)
			}
		})
	},
}

// isClaimTemplate reports whether a workspace is bound to a volumeClaimTemplate,
// and to no source that Tekton prefers to it.
func isClaimTemplate(w *v1.WorkspaceBinding) bool {
	return w.VolumeClaimTemplate != nil && w.Secret == nil && w.ConfigMap == nil && w.PersistentVolumeClaim == nil && w.Projected == nil && w.CSI == nil
}

// claimNeeds reports missing fields that the API server requires of a
// PersistentVolumeClaim.
func claimNeeds(p *rule.Pass, s facts.Spot, label string, spec *corev1.PersistentVolumeClaimSpec) {
	if len(spec.AccessModes) == 0 {
		p.Error(s, p.Entry.Ref.Name, label+" has no accessModes", "set accessModes, such as [ReadWriteOnce]")
	}
	if _, ok := spec.Resources.Requests[corev1.ResourceStorage]; !ok {
		p.Error(s, p.Entry.Ref.Name, label+" requests no storage", "set resources.requests.storage")
	}
}

var accessModes = []string{
	string(corev1.ReadWriteOnce), string(corev1.ReadOnlyMany), string(corev1.ReadWriteMany), string(corev1.ReadWriteOncePod),
}

// claimModes checks the access modes, volume mode and storage request of a
// PersistentVolumeClaim, as far as they are set.
func claimModes(p *rule.Pass, s facts.Spot, label string, spec *corev1.PersistentVolumeClaimSpec) {
	for i, m := range spec.AccessModes {
		switch mode := string(m); {
		case tekref.Contains(mode):
		case !slices.Contains(accessModes, mode):
			p.Error(s.Index("accessModes", i), mode, label+" has the unknown access mode "+phrase.Quote(mode), shortMode(mode))
		case m == corev1.ReadWriteOncePod && len(spec.AccessModes) > 1:
			p.Error(s.Index("accessModes", i), mode, label+" combines access mode "+phrase.Quote(mode)+" with others, which the API server rejects", "keep only "+mode+", or remove it")
		}
	}
	if r, ok := spec.Resources.Requests[corev1.ResourceStorage]; ok && r.Sign() <= 0 {
		p.Error(s.Field("resources", "requests").Key("storage"), r.String(), label+" requests "+phrase.Quote(r.String())+" as storage, but the amount must be positive", "request a positive amount, such as 1Gi")
	}
	if mode := spec.VolumeMode; mode != nil && *mode != corev1.PersistentVolumeFilesystem && *mode != corev1.PersistentVolumeBlock && !tekref.Contains(string(*mode)) {
		p.Error(s.Field("volumeMode"), string(*mode), label+" has the unknown volume mode "+phrase.Quote(string(*mode)), phrase.OneOf(string(*mode), []string{"Filesystem", "Block"})).Misspelled(string(*mode), []string{"Filesystem", "Block"})
	}
}

// shortMode returns the help for an unknown access mode, which may be one of the
// abbreviations that kubectl prints.
func shortMode(mode string) string {
	for _, m := range [...]struct {
		short string
		mode  corev1.PersistentVolumeAccessMode
	}{{"RWO", corev1.ReadWriteOnce}, {"ROX", corev1.ReadOnlyMany}, {"RWX", corev1.ReadWriteMany}, {"RWOP", corev1.ReadWriteOncePod}} {
		if suggest.Alike(mode, m.short) {
			return "use " + string(m.mode)
		}
	}
	return phrase.OneOf(mode, accessModes)
}

func badQuantity(p *rule.Pass, bad facts.BadQuantity) {
	at, help := p.At().To(bad.Path), "use a number with a unit, such as 1Gi"
	if text, ok := bad.Value.(string); ok {
		p.Error(at, text, phrase.Quote(text)+" is not a quantity", help)
		return
	}
	p.Error(at, bad.Name, "the amount of "+bad.Name+" is not a quantity", help)
}

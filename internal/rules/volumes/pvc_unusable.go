package volumes

import (
	_ "embed"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pvc-unusable.md
var pvcUnusableText string

var pvcUnusable = &rule.Rule{
	Code:     "pvc-unusable",
	Severity: diag.Warning,
	Topic:    "volumes",
	Text:     pvcUnusableText,
	Kinds:    []string{"PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		list := p.Entry.RunWorkspaces()
		for i := range list {
			w := &list[i]
			if w.PersistentVolumeClaim == nil || w.Secret != nil || w.ConfigMap != nil {
				continue
			}
			found := p.Set.Find("PersistentVolumeClaim", p.Entry.Ref.Namespace, w.PersistentVolumeClaim.ClaimName, p.Entry)
			if found == nil {
				continue
			}
			o, ok := found.Kube.(*corev1.PersistentVolumeClaim)
			if !ok {
				continue
			}
			at, bound := p.At("spec").Index("workspaces", i).Field("persistentVolumeClaim", "claimName"), "workspace "+phrase.Quote(w.Name)+" is bound to "+found.Ref.String()
			if o.Spec.VolumeMode != nil && *o.Spec.VolumeMode == corev1.PersistentVolumeBlock {
				p.Error(at, found.Ref.Name, bound+", which is a block device and cannot be mounted as a directory",
					"set volumeMode: Filesystem", found.At("spec", "volumeMode").Related("its volume mode"))
			}
			if len(o.Spec.AccessModes) == 1 && o.Spec.AccessModes[0] == corev1.ReadOnlyMany && !w.PersistentVolumeClaim.ReadOnly {
				p.Warning(at, found.Ref.Name, bound+" without readOnly: true, but its only access mode is ReadOnlyMany",
					"set readOnly: true in the binding, or request ReadWriteOnce", found.At("spec", "accessModes").Related("its access modes"))
			}
		}
	},
}

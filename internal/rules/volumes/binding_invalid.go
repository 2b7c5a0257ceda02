package volumes

import (
	_ "embed"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed binding-invalid.md
var bindingInvalidText string

var bindingInvalid = &rule.Rule{
	Code:     "binding-invalid",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     bindingInvalidText,
	Kinds:    []string{"PipelineRun", "TaskRun", "CustomRun"},
	Run: func(p *rule.Pass) {

		list := p.Entry.RunWorkspaces()
		for i := range list {
			bound(p, p.At("spec").Index("workspaces", i), &list[i])
		}
	},
}

// bound checks the binding of a workspace of a run.
func bound(p *rule.Pass, s facts.Spot, w *v1.WorkspaceBinding) {
	label := "workspace " + phrase.Quote(w.Name)
	var set []string
	for _, f := range [...]struct {
		name string
		on   bool
	}{
		{"volumeClaimTemplate", w.VolumeClaimTemplate != nil}, {"persistentVolumeClaim", w.PersistentVolumeClaim != nil}, {"emptyDir", w.EmptyDir != nil},
		{"configMap", w.ConfigMap != nil}, {"secret", w.Secret != nil}, {"projected", w.Projected != nil}, {"csi", w.CSI != nil},
	} {
		if f.on {
			set = append(set, f.name)
		}
	}
	switch len(set) {
	case 0:
		p.Error(s, w.Name, label+" has no volume source", "set one of volumeClaimTemplate, persistentVolumeClaim, emptyDir, configMap, secret, projected or csi")
		return
	case 1:
	default:
		p.Error(s, w.Name, label+" is bound to "+strings.Join(set, " and "), "keep one of them")
		return
	}
	lacks := ""
	switch {
	case w.PersistentVolumeClaim != nil && w.PersistentVolumeClaim.ClaimName == "":
		lacks = "claimName"
	case w.ConfigMap != nil && w.ConfigMap.Name == "":
		lacks = "name"
	case w.Secret != nil && w.Secret.SecretName == "":
		lacks = "secretName"
	case w.Projected != nil && len(w.Projected.Sources) == 0:
		lacks = "sources"
	case w.CSI != nil && w.CSI.Driver == "":
		lacks = "driver"
	case w.VolumeClaimTemplate != nil:
		claim, at := &w.VolumeClaimTemplate.Spec, s.Field("volumeClaimTemplate", "spec")
		if len(claim.AccessModes) == 0 {
			p.Error(at, w.Name, "the volumeClaimTemplate of "+label+" has no accessModes", "set accessModes, such as [ReadWriteOnce]")
		}
		if _, ok := claim.Resources.Requests["storage"]; !ok {
			p.Error(at, w.Name, "the volumeClaimTemplate of "+label+" requests no storage", "set resources.requests.storage")
		}
	}
	if lacks != "" {
		p.Error(s.Field(set[0]), w.Name, label+" is bound to a "+set[0]+" without "+lacks, "set "+lacks)
	}
}

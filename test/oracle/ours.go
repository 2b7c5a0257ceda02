package oracle

import "github.com/tekwright/tekwright/pkg/check"
import "github.com/tekwright/tekwright/pkg/diag"

// ours is what tekwright has against the system, notes left out.
func ours(s *system) diag.Findings {
	profile := check.Profile{
		Complete: true, APIFields: "alpha", Features: []string{"enable-param-enum", "enable-cel-in-whenexpression"},
		Exists: []diag.ObjectRef{
			{Kind: "ServiceAccount", Name: "*"}, {Kind: "PersistentVolumeClaim", Name: "*"},
			{Kind: "ConfigMap", Name: "*"}, {Kind: "Secret", Name: "*"},
		},
	}
	var out diag.Findings
	for _, f := range check.Run(s.objects(), profile) {
		if f.Severity != diag.Note {
			out = append(out, f)
		}
	}
	return out
}

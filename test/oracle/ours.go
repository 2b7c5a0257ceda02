package oracle

import (
	"context"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

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
	found, _ := check.Run(context.Background(), s.objects(), profile) // which does not end
	for _, f := range found {
		if f.Severity != diag.Note {
			out = append(out, f)
		}
	}
	return out
}

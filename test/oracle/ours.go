package oracle

import "github.com/tekwright/tekwright/pkg/check"

// ours is what tekwright has against the system, notes left out.
func ours(s *system) check.Findings {
	profile := check.Profile{
		Complete: true, APIFields: "alpha", Features: []string{"enable-param-enum", "enable-cel-in-whenexpression"},
		Exists: []check.Ref{
			{Kind: "ServiceAccount", Name: "*"}, {Kind: "PersistentVolumeClaim", Name: "*"},
			{Kind: "ConfigMap", Name: "*"}, {Kind: "Secret", Name: "*"},
		},
	}
	var out check.Findings
	for _, f := range check.Run(s.objects(), profile) {
		if f.Severity != check.Note {
			out = append(out, f)
		}
	}
	return out
}

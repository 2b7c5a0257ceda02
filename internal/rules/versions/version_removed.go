package versions

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed version-removed.md
var versionRemovedText string

var versionRemoved = &rule.Rule{
	Code:     "version-removed",
	Severity: diag.Error,
	Topic:    "versions",
	Text:     versionRemovedText,
	Run: func(p *rule.Pass) {

		v, kind := p.Entry.Version(), p.Entry.Ref.Kind
		switch v.State {
		case facts.KindRemoved:
			p.Error(p.At("kind"), kind, v.Noun+" has removed the kind "+kind, v.Instead)
		case facts.NoLongerServed:
			p.Error(p.At("apiVersion"), kind, v.Noun+" no longer serves "+kind+" in "+v.APIVersion,
				"write apiVersion: "+v.To+", with params, workspaces and results instead of inputs and outputs")
		case facts.RemovedFromServer:
			help := "write apiVersion: " + v.To
			switch {
			case v.To == "": // a PodSecurityPolicy
				help = "use Pod Security Admission, with the label pod-security.kubernetes.io/enforce of the namespace"
			case kind == "Ingress":
				help += ", with a pathType for each path, and backend.service instead of serviceName and servicePort"
			}
			p.Error(p.At("apiVersion"), kind, "Kubernetes "+v.Since+" no longer serves "+kind+" in "+v.APIVersion, help)
		}
	},
}

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
			p.Error(p.At("kind"), kind, v.Noun+" no longer has the kind "+kind, v.Instead)
		case facts.NoLongerServed:
			p.Error(p.At("apiVersion"), kind, v.Noun+" no longer serves "+kind+" in "+v.APIVersion,
				"set apiVersion: "+v.To+", and replace inputs and outputs with params, workspaces and results")
		case facts.RemovedFromServer:
			help := "set apiVersion: " + v.To
			switch {
			case v.To == "": // a PodSecurityPolicy
				help = "use Pod Security Admission: set the label pod-security.kubernetes.io/enforce on the namespace"
			case kind == "Ingress":
				help += ", add a pathType to each path, and replace serviceName and servicePort with backend.service"
			}
			p.Error(p.At("apiVersion"), kind, "Kubernetes "+v.Since+" no longer serves "+kind+" in "+v.APIVersion, help)
		}
	},
}

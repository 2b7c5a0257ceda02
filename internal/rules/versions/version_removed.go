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
			p.Error(p.At("apiVersion"), kind, v.Noun+" does not serve "+kind+" of "+v.APIVersion+" any more",
				"write apiVersion: "+v.To+": what v1alpha1 calls inputs and outputs are params, workspaces and results there")
		case facts.RemovedFromServer:
			help := "write apiVersion: " + v.To
			switch {
			case v.To == "": // a PodSecurityPolicy
				help = "use Pod Security Admission: the label pod-security.kubernetes.io/enforce of the namespace"
			case kind == "Ingress":
				help += ", with a pathType for each path, and backend.service instead of serviceName and servicePort"
			}
			p.Error(p.At("apiVersion"), kind, "Kubernetes serves no "+kind+" of "+v.APIVersion+" since "+v.Since, help)
		}
	},
}

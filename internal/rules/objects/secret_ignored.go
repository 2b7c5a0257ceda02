package objects

import (
	_ "embed"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-ignored.md
var secretIgnoredText string

var secretIgnored = &rule.Rule{
	Code:     "secret-ignored",
	Severity: diag.Warning,
	Topic:    "objects",
	Text:     secretIgnoredText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {

		switch o := p.Entry.Kube.(type) {
		case *corev1.Secret:
			if !p.Entry.IsCopy() {
				ignoredHosts(p, o)
			}
		case *corev1.ServiceAccount:
			if !p.Entry.IsCopy() {
				listedSecrets(p)
			}
		}
		needs := p.Entry.Needs()
		for i := range needs {
			if n := &needs[i]; n.For == facts.ForPull {
				pullSecret(p, n)
			}
		}
	},
}

// ignoredHosts reports annotations that Tekton ignores, and Secrets that no service
// account lists and that are not used in another way, such as in a workspace.
func ignoredHosts(p *rule.Pass, o *corev1.Secret) {
	names, annotations := facts.Hosts(o), p.At("metadata", "annotations")
	for _, name := range names {
		git := strings.HasPrefix(name, facts.GitHost)
		if o.Type == corev1.SecretTypeBasicAuth || git && o.Type == corev1.SecretTypeSSHAuth {
			continue
		}
		types := "type kubernetes.io/basic-auth"
		if git {
			types += " or kubernetes.io/ssh-auth"
		}
		p.Warning(annotations.Key(name).Of(name), name, "annotation "+phrase.Quote(name)+" is ignored: Tekton reads it only from Secrets of "+types, "set the type of the Secret")
	}
	ref := p.Entry.Ref
	if len(names) > 0 && !p.Set.IsListed(ref.Namespace, ref.Name, p.Profile.Complete) && !p.Set.IsUsed(ref.Namespace, ref.Name) {
		p.Warning(annotations.Key(names[0]).Of(names[0]), p.Entry.Ref.Name, p.Entry.Ref.String()+" has annotations for Git or registry credentials, but no ServiceAccount in the checked objects lists it, so Tekton does not use it",
			"list it under secrets in the ServiceAccount that the run uses")
	}
}

// listedSecrets reports Secrets that a service account lists, but that have no host.
func listedSecrets(p *rule.Pass) {
	needs := p.Entry.Needs()
	for i := range needs {
		n := &needs[i]
		if n.For == facts.ForPull {
			continue
		}
		found := n.Found()
		if found == nil {
			continue
		}
		if secret, ok := found.Kube.(*corev1.Secret); ok && len(facts.Hosts(secret)) == 0 && (secret.Type == corev1.SecretTypeBasicAuth || secret.Type == corev1.SecretTypeSSHAuth) {
			p.Warning(n.Spot, n.Name, p.Entry.Ref.String()+" lists "+found.Ref.String()+", but the Secret has no annotation with its host, so Tekton does not use it",
				"annotate the Secret with its host: tekton.dev/git-0", found.At("metadata").Related(found.Ref.String()+" is declared here"))
		}
	}
}

// pullSecret reports an image pull Secret of the wrong type.
func pullSecret(p *rule.Pass, n *facts.Need) {
	found := n.Found()
	if found == nil {
		return
	}
	secret, ok := found.Kube.(*corev1.Secret)
	if !ok || secret.Type == corev1.SecretTypeDockerConfigJson || secret.Type == corev1.SecretTypeDockercfg {
		return
	}
	kind := string(secret.Type)
	if kind == "" {
		kind = string(corev1.SecretTypeOpaque)
	}
	p.Warning(n.Spot, n.Name, found.Ref.String()+" has type "+kind+", so it is never used to pull images", "change its type to "+string(corev1.SecretTypeDockerConfigJson),
		found.At("type").Related(found.Ref.String()+" is declared here"))
}

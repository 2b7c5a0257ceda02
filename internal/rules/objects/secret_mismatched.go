package objects

import (
	_ "embed"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-mismatched.md
var secretMismatchedText string

var secretMismatched = &rule.Rule{
	Code:     "secret-mismatched",
	Severity: diag.Warning,
	Topic:    "objects",
	Text:     secretMismatchedText,
	Kinds:    []string{"PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		bindings := p.Entry.RunWorkspaces()
		if !slices.ContainsFunc(bindings, func(w v1.WorkspaceBinding) bool { return w.Secret != nil }) {
			return
		}
		read := map[string]string{} // the workspace for credentials that a task reads, by that of the pipeline
		pipeline := p.Entry.RunPipeline()
		if pipeline != nil {
			for _, t := range pipeline.Tasks {
				for i := range t.Workspaces {
					if from := facts.From(&t.Workspaces[i]); read[from] == "" && credentials[t.Workspaces[i].Name].keys != nil {
						read[from] = t.Workspaces[i].Name
					}
				}
			}
		}
		for i := range bindings {
			name := read[bindings[i].Name]
			if p.Entry.TaskRun != nil {
				name = bindings[i].Name
			}
			if w := &bindings[i]; w.Secret != nil && len(w.Secret.Items) == 0 && credentials[name].keys != nil {
				mismatched(p, p.At("spec").Index("workspaces", i).Field("secret", "secretName"), w.Secret.SecretName, name)
			}
		}
	},
}

// credential is what Tasks read in a workspace with a usual name.
type credential struct {
	what string
	keys []string
	kind corev1.SecretType // that fits whatever its keys are
}

// credentials are the names that the catalogue of Tekton and ours give to workspaces for
// credentials.
var credentials = map[string]credential{
	"basic-auth":    gitLogin,
	"docker-config": registryLogin,
	"dockerconfig":  registryLogin,
	"ssh":           sshKeys,
	"ssh-directory": sshKeys,
}

var (
	gitLogin      = credential{"a login for Git", []string{"username", "password", ".gitconfig", ".git-credentials"}, corev1.SecretTypeBasicAuth}
	registryLogin = credential{"a login for registries", []string{"config.json", ".dockerconfigjson"}, corev1.SecretTypeDockerConfigJson}
	sshKeys       = credential{"SSH keys", []string{"ssh-privatekey", "id_rsa", "id_ed25519", "id_ecdsa", "known_hosts", "config"}, corev1.SecretTypeSSHAuth}
)

// loginTypes are the types of Secrets of which the keys are known.
var loginTypes = []corev1.SecretType{
	corev1.SecretTypeBasicAuth, corev1.SecretTypeSSHAuth, corev1.SecretTypeDockerConfigJson, corev1.SecretTypeDockercfg,
}

// mismatched reports a Secret whose type is for other credentials, unless it has a key that the
// Task may read.
func mismatched(p *rule.Pass, at facts.Spot, secret, workspace string) {
	found := p.Set.Find("Secret", p.Entry.Ref.Namespace, secret, p.Entry)
	if found == nil {
		return
	}
	o, ok := found.Kube.(*corev1.Secret)
	want := credentials[workspace]
	if !ok || o.Type == want.kind || !slices.Contains(loginTypes, o.Type) || slices.ContainsFunc(want.keys, found.HasKey) {
		return
	}
	p.Warning(at, secret, found.Ref.String()+" has type "+string(o.Type)+", but workspace "+phrase.Quote(workspace)+" is for "+want.what,
		"bind a Secret of type "+string(want.kind)+", or one with one of the keys "+strings.Join(want.keys, ", "), found.At("type").Related(found.Ref.String()+" is declared here"))
}

package pacmatch

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A Repository is what matching uses of a Repository object.
type Repository struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec RepositorySpec `json:"spec"`
}

// A RepositorySpec is the spec of a [Repository].
type RepositorySpec struct {
	URL         string       `json:"url,omitempty"`
	Params      *[]Param     `json:"params,omitempty"`
	Incomings   *[]Incoming  `json:"incoming,omitempty"`
	GitProvider *GitProvider `json:"git_provider,omitempty"`
	Settings    *Settings    `json:"settings,omitempty"`
}

// A Param is a param of a [Repository].
type Param struct {
	Name      string     `json:"name"`
	Value     string     `json:"value,omitempty"`
	SecretRef *SecretKey `json:"secret_ref,omitempty"`
	Filter    string     `json:"filter,omitempty"`
}

// A SecretKey refers to a key of a Secret.
type SecretKey struct {
	Name string `json:"name"`
	Key  string `json:"key"`
}

// An Incoming is a rule for the incoming webhook.
type Incoming struct {
	Type    string    `json:"type"`
	Secret  SecretKey `json:"secret"`
	Params  []string  `json:"params,omitempty"`
	Targets []string  `json:"targets,omitempty"`
}

// A GitProvider is the provider of a repository.
type GitProvider struct {
	Type string `json:"type,omitempty"`
}

// Settings are the settings that matching uses.
type Settings struct {
	GitOpsCommandPrefix string `json:"gitops_command_prefix,omitempty"`
}

// repositoryFor returns the oldest Repository with a URL, in a namespace if one is given.
// Nil means that there is none.
func repositoryFor(all []*Repository, url, namespace string) *Repository {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *Repository) int {
		return a.CreationTimestamp.Compare(b.CreationTimestamp.Time)
	})
	for _, r := range sorted {
		if (namespace == "" || r.Namespace == namespace) && strings.TrimSuffix(r.Spec.URL, "/") == url {
			return r
		}
	}
	return nil
}

// merged returns a Repository with the settings of the global one where it has none.
func merged(r, global *Repository) *Repository {
	out := *r
	if global == nil {
		return &out
	}
	if g := global.Spec.Settings; g != nil {
		s := Settings{}
		if r.Spec.Settings != nil {
			s = *r.Spec.Settings
		}
		if s.GitOpsCommandPrefix == "" {
			s.GitOpsCommandPrefix = g.GitOpsCommandPrefix
		}
		out.Spec.Settings = &s
	}
	if out.Spec.Incomings == nil {
		out.Spec.Incomings = global.Spec.Incomings
	}
	if out.Spec.Params == nil {
		out.Spec.Params = global.Spec.Params
	}
	return &out
}

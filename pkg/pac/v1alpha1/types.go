// Package v1alpha1 has the Repository of Pipelines-as-Code v0.50 as a Go type, with the
// names of its fields in JSON. The module of Pipelines-as-Code itself is not needed.
package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupVersion is the group and version of Repository.
var GroupVersion = schema.GroupVersion{Group: "pipelinesascode.tekton.dev", Version: "v1alpha1"}

// Repository connects a repository with the namespace in which its runs are created.
type Repository struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec RepositorySpec `json:"spec"`
}

// RepositorySpec describes a Repository.
type RepositorySpec struct {
	// ConcurrencyLimit is how many runs of the repository may be active at once. Others
	// wait, in the order of their names. It is at least 1; nil is no limit.
	ConcurrencyLimit *int `json:"concurrency_limit,omitempty"`
	// URL is the URL of the repository exactly as in the payload of its webhook: http or
	// https, the right case, and without .git at the end. It is unique in a cluster.
	URL string `json:"url"`
	// GitProvider is how to reach the git server. It is needed unless a GitHub App is used.
	GitProvider *GitProvider `json:"git_provider,omitempty"`
	// Incomings are the rules for calls of the URL /incoming. The first one with a target
	// that matches the branch applies.
	Incomings []Incoming `json:"incoming,omitempty"`
	// Params are the params {{ NAME }} of the runs.
	Params []Param `json:"params,omitempty"`
	// Settings are the other settings.
	Settings *Settings `json:"settings,omitempty"`
}

// GitProvider is how Pipelines-as-Code reaches a git server.
type GitProvider struct {
	// URL is the base URL of the API. The default is that of the public service.
	URL string `json:"url,omitempty"`
	// User is the user of the token. Bitbucket Cloud requires it.
	User string `json:"user,omitempty"`
	// Secret is the token. The default of its key is provider.token.
	Secret *Secret `json:"secret,omitempty"`
	// WebhookSecret is the secret with which webhooks are signed. The default of its key is
	// webhook.secret. Without it, every signed event is refused.
	WebhookSecret *Secret `json:"webhook_secret,omitempty"`
	// Type is github, gitlab, bitbucket-datacenter, bitbucket-cloud, gitea or forgejo.
	Type string `json:"type,omitempty"`
}

// Secret refers to a key of a Secret in the namespace of the Repository.
type Secret struct {
	Name string `json:"name"`          // metadata.name of the Secret
	Key  string `json:"key,omitempty"` // the default depends on what the Secret is for
}

// Incoming is a rule for calls of the URL /incoming.
type Incoming struct {
	// Type is webhook-url.
	Type string `json:"type"`
	// Secret is what a call has to contain. The default of its key is secret.
	Secret Secret `json:"secret"`
	// Params are the names of the params that a call may set.
	Params []string `json:"params,omitempty"`
	// Targets are globs for the branch, of which one has to match.
	Targets []string `json:"targets,omitempty"`
}

// Param is a param of the runs of a repository.
type Param struct {
	// Name is the name in {{ NAME }}.
	Name string `json:"name"`
	// Value is the value. It wins over SecretRef.
	Value string `json:"value,omitempty"`
	// SecretRef is the key of a Secret with the value. The key has no default.
	SecretRef *Secret `json:"secret_ref,omitempty"`
	// Filter is a CEL expression. If it is false for an event, the param has no value.
	Filter string `json:"filter,omitempty"`
}

// Settings are settings of a repository.
type Settings struct {
	// GithubAppTokenScopeRepos are further repositories, as owner/name or globs, that the
	// token of the GitHub App can read. Each needs a Repository in the same namespace.
	GithubAppTokenScopeRepos []string `json:"github_app_token_scope_repos,omitempty"`
	// PipelineRunProvenance is where the folder .tekton is read: source, the commit of the
	// event, is the default; default_branch is the default branch.
	PipelineRunProvenance string `json:"pipelinerun_provenance,omitempty"`
	// GitOpsCommandPrefix is a word that commands in comments need: /WORD test.
	GitOpsCommandPrefix string `json:"gitops_command_prefix,omitempty"`
	// Policy is who may start runs by a pull request.
	Policy *Policy `json:"policy,omitempty"`
	// Gitlab are settings for GitLab.
	Gitlab *GitlabSettings `json:"gitlab,omitempty"`
	// Github are settings for GitHub.
	Github *GithubSettings `json:"github,omitempty"`
	// Forgejo are settings for Forgejo and Gitea.
	Forgejo *ForgejoSettings `json:"forgejo,omitempty"`
	// AIAnalysis describes comments of a language model on failed runs.
	AIAnalysis *AIAnalysisConfig `json:"ai,omitempty"`
}

// Policy is who may start runs by a pull request, as teams of GitHub or Forgejo. A list that
// is set but empty allows nobody but the users in the file OWNERS.
type Policy struct {
	OkToTest    []string `json:"ok_to_test,omitempty"`   // may comment /ok-to-test, /test and /retest
	PullRequest []string `json:"pull_request,omitempty"` // may start runs by a pull request
}

// GitlabSettings are settings for GitLab.
type GitlabSettings struct {
	// CommentStrategy is "" (a new comment for each report), update or disable_all.
	CommentStrategy string `json:"comment_strategy,omitempty"`
	// TokenAutoRotation renews the token before it expires.
	TokenAutoRotation *bool `json:"token_auto_rotation,omitempty"`
}

// GithubSettings are settings for GitHub.
type GithubSettings struct {
	CommentStrategy string `json:"comment_strategy,omitempty"` // "", update or disable_all
}

// ForgejoSettings are settings for Forgejo and Gitea.
type ForgejoSettings struct {
	UserAgent       string `json:"user_agent,omitempty"`       // the header User-Agent of requests
	CommentStrategy string `json:"comment_strategy,omitempty"` // "", update or disable_all
}

// AIAnalysisConfig describes comments of a language model on runs.
type AIAnalysisConfig struct {
	Enabled        bool           `json:"enabled"`
	Provider       string         `json:"provider"`                  // openai or gemini
	APIURL         string         `json:"api_url,omitempty"`         // default: that of the provider
	TokenSecretRef *Secret        `json:"secret_ref"`                // the token of the API
	TimeoutSeconds int            `json:"timeout_seconds,omitempty"` // 1 to 300; default 30
	MaxTokens      int            `json:"max_tokens,omitempty"`      // 1 to 4000; default 1000
	Roles          []AnalysisRole `json:"roles"`                     // at least one, with different names
}

// AnalysisRole is one kind of analysis.
type AnalysisRole struct {
	Name         string         `json:"name"`
	Prompt       string         `json:"prompt"`
	Model        string         `json:"model,omitempty"`  // default: that of the provider
	OnCEL        string         `json:"on_cel,omitempty"` // when it runs; default: always
	Output       string         `json:"output,omitempty"` // pr-comment, the default
	ContextItems *ContextConfig `json:"context_items,omitempty"`
}

// ContextConfig is what the model gets to see.
type ContextConfig struct {
	CommitContent bool                 `json:"commit_content,omitempty"` // the message and the changes
	PRContent     bool                 `json:"pr_content,omitempty"`     // title and description of the pull request
	ErrorContent  bool                 `json:"error_content,omitempty"`  // messages of failures
	ContainerLogs *ContainerLogsConfig `json:"container_logs,omitempty"`
}

// ContainerLogsConfig is how many lines of logs the model gets to see.
type ContainerLogsConfig struct {
	Enabled  bool `json:"enabled"`
	MaxLines int  `json:"max_lines,omitempty"` // 1 to 1000; default 50
}

// DeepCopyObject returns a deep copy. It implements runtime.Object.
func (r *Repository) DeepCopyObject() runtime.Object {
	if c := r.DeepCopy(); c != nil {
		return c
	}
	return nil
}

// DeepCopy returns a deep copy.
func (r *Repository) DeepCopy() *Repository {
	if r == nil {
		return nil
	}
	c := &Repository{TypeMeta: r.TypeMeta, Spec: *r.Spec.DeepCopy()}
	r.ObjectMeta.DeepCopyInto(&c.ObjectMeta)
	return c
}

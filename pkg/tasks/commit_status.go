package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// Providers of CommitStatus.
const (
	// GitHub is GitHub, or GitHub Enterprise Server with its API.
	GitHub builder.String = "github"
	// GitLab is GitLab.
	GitLab builder.String = "gitlab"
	// Gitea is Gitea or Forgejo. It requires API.
	Gitea builder.String = "gitea"
)

// CommitStatus sets the status of a commit on GitHub, GitLab, Gitea or Forgejo, which
// they show beside it and can require before a merge. A task at the start of a
// pipeline sets it to pending, and one in finally to the status of all tasks:
//
//	builder.AddFinally(p, "report", tasks.CommitStatus{
//		Provider: tasks.GitHub, Repository: "acme/app", Commit: commit,
//		State: p.Status().Value(), Token: token,
//	})
type CommitStatus struct {
	// Provider is tasks.GitHub, tasks.GitLab or tasks.Gitea. Required.
	Provider builder.String
	// API is the URL of the API, such as https://gitea.example.com/api/v1. Required
	// for Gitea. Default: that of github.com or gitlab.com.
	API builder.String
	// Repository is the path of the repository, such as acme/app, or for GitLab
	// the number of the project. Required.
	Repository builder.String
	// Commit is the full hash of the commit. Required.
	Commit builder.String
	// State is pending, success, failure or error, or the status of a task or a
	// pipeline: Succeeded and Completed are success, Failed is failure, None is
	// error. GitLab shows error as canceled. Required.
	State builder.String
	// Context distinguishes the statuses of a commit. Default: "tekton".
	Context builder.String
	// Description is a short text, of which 140 characters are sent. Default: none.
	Description builder.String
	// TargetURL is where the status links to, such as the run in the dashboard.
	// Default: none.
	TargetURL builder.String
	// TokenFile is the file of Token that has the token. Default: "token".
	TokenFile builder.String

	// Token has an access token that may set the status of commits. Required.
	Token builder.Workspace
	// CA has ca-bundle.crt, the certificate authorities for https servers. They
	// replace those of the image. Optional.
	CA builder.Workspace

	// ToolImage is the image of the step. It must have sh, awk, od, sed and curl.
	// Default: the image of the catalogue.
	ToolImage string
}

func (c CommitStatus) image() choice { return choice{c.ToolImage, curlImage} }

// TaskName returns commit-status, with a suffix if the image is not the default.
func (c CommitStatus) TaskName() string { return named("commit-status", c.image()) }

// Define declares the task.
func (c CommitStatus) Define(t *builder.Task) *builder.PipelineTask {
	t.Describe("Sets the status of a commit on GitHub, GitLab or Gitea.")
	token := t.Workspace("token", c.Token, builder.ReadOnly(), builder.Describe("access token"))
	ca := t.Workspace("ca", c.CA, builder.Optional(), builder.ReadOnly(),
		builder.Describe("certificate authorities to trust: ca-bundle.crt"))
	s := t.Step("report").Image(c.image().image()).
		Requests("10m", "16Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("PROVIDER", t.Param("provider", c.Provider, builder.Describe("github, gitlab or gitea"))).
		Env("API", t.Param("api", c.API, builder.Default(""),
			builder.Describe("URL of the API; empty for that of github.com or gitlab.com"))).
		Env("REPOSITORY", t.Param("repository", c.Repository, builder.Describe("path of the repository"))).
		Env("COMMIT", t.Param("commit", c.Commit, builder.Describe("full hash of the commit"))).
		Env("STATE", t.Param("state", c.State,
			builder.Describe("pending, success, failure or error, or the status of a task"))).
		Env("CONTEXT", t.Param("context", c.Context, builder.Default("tekton"),
			builder.Describe("distinguishes the statuses of a commit"))).
		Env("DESCRIPTION", t.Param("description", c.Description, builder.Default(""),
			builder.Describe("short text"))).
		Env("TARGET_URL", t.Param("target-url", c.TargetURL, builder.Default(""),
			builder.Describe("where the status links to"))).
		Env("TOKEN_FILE", t.Param("token-file", c.TokenFile, builder.Default("token"),
			builder.Describe("file of the workspace that has the token"))).
		Env("TOKEN_PATH", token.PathValue())
	bind(s, "CA", ca)
	s.Script(commitStatusScript)
	return t.PipelineTask()
}

package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// GitOpsUpdate sets the image of a container in a manifest of a GitOps repository,
// commits and pushes. The rest of the file, including comments, is not changed. If
// the container has the image already, the task succeeds without a commit.
//
// Concurrent runs are safe: if another run pushes first, the change is made again
// on top of the new commit. The task never force-pushes.
//
//	builder.Add(p, "operations", tasks.GitOpsUpdate{
//		URL: "git@git.example.com:ops.git", SSH: key,
//		File: "prod/app.yaml", Container: "app", Image: img.Reference,
//		SourceCommit: clone.Commit,
//	})
type GitOpsUpdate struct {
	// URL is the URL of the GitOps repository, as for GitClone. Required.
	URL builder.String
	// Branch is the branch to push to. Default: the default branch.
	Branch builder.String
	// File is the path of the manifest in the repository: YAML in block style, with
	// one or more documents. Required.
	File builder.String
	// Container is the name of the container, or init container, in the file.
	// Default: the only container.
	Container builder.String
	// Object is the object in the file that has the container, such as
	// Deployment/app. Default: the only object with such a container.
	Object builder.String
	// Image is the image reference to set. Required.
	Image builder.String
	// SourceCommit is the commit that the image was built from. It is added to the
	// commit message as a Source-Commit trailer. Default: none.
	SourceCommit builder.String
	// Message is the commit message. Default: "Set app to
	// registry.example.com/app:1", with the container's name and the image.
	Message builder.String
	// AuthorName is the name of the commit's author. Default: "Tekton".
	AuthorName builder.String
	// AuthorEmail is the email address of the commit's author. Default:
	// "tekton@localhost".
	AuthorEmail builder.String
	// HTTPProxy is the proxy for http URLs. Default: the pod's http_proxy.
	HTTPProxy builder.String
	// HTTPSProxy is the proxy for https URLs. Default: the pod's https_proxy.
	HTTPSProxy builder.String
	// NoProxy lists the hosts to reach without a proxy, separated by commas.
	// Default: the pod's no_proxy.
	NoProxy builder.String

	// SSH has private keys with any names (ssh-privatekey, id_ed25519), known_hosts,
	// which is required, and optionally config: a Secret of type
	// kubernetes.io/ssh-auth with an additional key known_hosts. Optional.
	SSH builder.Workspace
	// BasicAuth has username and password, which are sent only to the host of the
	// URL: a Secret of type kubernetes.io/basic-auth. Alternatively, it has
	// .gitconfig and .git-credentials. Optional.
	BasicAuth builder.Workspace
	// CA has ca-bundle.crt, the certificate authorities for https servers. They
	// replace those of the image. Optional.
	CA builder.Workspace

	// ToolImage is the image of the step. It must have sh, awk, git and ssh.
	// Default: the image of the catalogue.
	ToolImage string
}

// Updated is the output of GitOpsUpdate.
type Updated struct {
	*builder.PipelineTask
	// Commit is the full hash of the commit in the GitOps repository that has the
	// image: the pushed commit, or the latest one if there was no change.
	Commit builder.String
	// Changed is "true" if a commit was pushed, and "false" otherwise.
	Changed builder.String
}

func (g GitOpsUpdate) image() choice { return choice{g.ToolImage, gitImage} }

// TaskName returns gitops-update, with a suffix if the image is not the default.
func (g GitOpsUpdate) TaskName() string { return named("gitops-update", g.image()) }

// Define declares the task.
func (g GitOpsUpdate) Define(t *builder.Task) Updated {
	t.Describe("Sets the image of a container in a manifest of a Git repository.")
	commit := t.Result("commit", builder.Describe("full hash of the commit that has the image"))
	changed := t.Result("changed", builder.Describe("true if a commit was pushed, otherwise false"))
	remote{g.URL, g.HTTPProxy, g.HTTPSProxy, g.NoProxy, g.SSH, g.BasicAuth, g.CA}.
		step(t, "update", g.image().image()).
		Env("BRANCH", t.Param("branch", g.Branch, builder.Default(""),
			builder.Describe("branch to push to; empty for the default branch"))).
		Env("FILE", t.Param("file", g.File, builder.Describe("path of the manifest in the repository"))).
		Env("CONTAINER", t.Param("container", g.Container, builder.Default(""),
			builder.Describe("name of the container; empty for the only container"))).
		Env("OBJECT", t.Param("object", g.Object, builder.Default(""),
			builder.Describe("object that has the container, KIND/NAME; empty for the only object with it"))).
		Env("IMAGE", t.Param("image", g.Image, builder.Describe("image reference to set"))).
		Env("SOURCE_COMMIT", t.Param("source-commit", g.SourceCommit, builder.Default(""),
			builder.Describe("commit that the image was built from"))).
		Env("MESSAGE", t.Param("message", g.Message, builder.Default(""),
			builder.Describe("commit message; empty for a message with the container and the image"))).
		Env("AUTHOR_NAME", t.Param("author-name", g.AuthorName, builder.Default("Tekton"),
			builder.Describe("name of the commit's author"))).
		Env("AUTHOR_EMAIL", t.Param("author-email", g.AuthorEmail, builder.Default("tekton@localhost"),
			builder.Describe("email address of the commit's author"))).
		Env("RESULT_COMMIT", commit.PathValue()).
		Env("RESULT_CHANGED", changed.PathValue()).
		Script(gitOpsUpdateScript)
	return Updated{t.PipelineTask(), commit.Value(), changed.Value()}
}

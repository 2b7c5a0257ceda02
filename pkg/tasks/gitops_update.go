package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// GitOpsUpdate sets the image of a container in a manifest of an operations
// repository, commits, and pushes. The rest of the file stays as it is, with
// its comments. Where the container has the image already, there is nothing to
// commit, and the task succeeds.
//
// Two runs at once are safe: the one that comes second makes its change anew
// upon what the first one pushed. Nothing is ever forced.
//
//	builder.Add(p, "operations", tasks.GitOpsUpdate{
//		URL: "git@git.example.com:ops.git", SSH: key,
//		File: "prod/app.yaml", Container: "app", Image: image + "@" + img.Digest,
//		SourceCommit: clone.Commit,
//	})
type GitOpsUpdate struct {
	// URL of the operations repository, as GitClone takes it. Required.
	URL builder.String
	// Branch to push to. Default: the remote's default branch.
	Branch builder.String
	// File is the path of the manifest in the repository: YAML in lines, of one
	// document or several. Required.
	File builder.String
	// Container is the name of the container, or init container, in the file.
	// Default: the only one.
	Container builder.String
	// Object is the object in the file that has the container, Deployment/app,
	// where several have one of the name. Default: the only one that has it.
	Object builder.String
	// Image is the reference that the container is to run. Required.
	Image builder.String
	// SourceCommit is the commit that the image is built of. The message ends
	// in a line, Source-Commit, that names it. Default: none.
	SourceCommit builder.String
	// Message of the commit. Default: "Set app to registry.example.com/app:1",
	// with the container's name and the image.
	Message builder.String
	// AuthorName is the name of the commit's author. Default: "Tekton".
	AuthorName builder.String
	// AuthorEmail is the address of the commit's author. Default:
	// "tekton@localhost".
	AuthorEmail builder.String
	// HTTPProxy is the proxy for http URLs. Default: the pod's http_proxy.
	HTTPProxy builder.String
	// HTTPSProxy is the proxy for https URLs. Default: the pod's https_proxy.
	HTTPSProxy builder.String
	// NoProxy lists the hosts to reach without a proxy, separated by commas.
	// Default: the pod's no_proxy.
	NoProxy builder.String

	// SSH holds private keys under any names (ssh-privatekey, id_ed25519),
	// known_hosts, which is required, and maybe a config: a Secret of type
	// kubernetes.io/ssh-auth with a known_hosts key. Optional.
	SSH builder.Workspace
	// BasicAuth holds username and password, for the URL's host alone: a Secret
	// of type kubernetes.io/basic-auth. Or it holds .gitconfig and
	// .git-credentials. Optional.
	BasicAuth builder.Workspace
	// CA holds ca-bundle.crt, the authorities that https servers are checked
	// against, instead of the image's. Optional.
	CA builder.Workspace

	// ToolImage runs the script: sh, awk, git, ssh. Default: the catalogue's.
	ToolImage string
}

// Updated is what GitOpsUpdate leaves behind.
type Updated struct {
	*builder.PipelineTask
	// Commit is the full name of the operations repository's commit that has
	// the image: the one pushed, or the newest where nothing was to change.
	Commit builder.String
	// Changed is "true" where a commit was pushed, else "false".
	Changed builder.String
}

func (g GitOpsUpdate) image() choice { return choice{g.ToolImage, gitImage} }

// TaskName is gitops-update, with a suffix for another ToolImage.
func (g GitOpsUpdate) TaskName() string { return named("gitops-update", g.image()) }

// Define declares the task.
func (g GitOpsUpdate) Define(t *builder.Task) Updated {
	t.Describe("Sets the image of a container in a manifest of a Git repository.")
	commit := t.Result("commit", builder.Describe("full name of the commit that has the image"))
	changed := t.Result("changed", builder.Describe("true where a commit was pushed, else false"))
	remote{g.URL, g.HTTPProxy, g.HTTPSProxy, g.NoProxy, g.SSH, g.BasicAuth, g.CA}.
		step(t, "update", g.image().image()).
		Env("BRANCH", t.Param("branch", g.Branch, builder.Default(""),
			builder.Describe("branch to push to; empty for the default branch"))).
		Env("FILE", t.Param("file", g.File, builder.Describe("path of the manifest in the repository"))).
		Env("CONTAINER", t.Param("container", g.Container, builder.Default(""),
			builder.Describe("name of the container; empty for the only one"))).
		Env("OBJECT", t.Param("object", g.Object, builder.Default(""),
			builder.Describe("object that has the container, KIND/NAME; empty for the only one"))).
		Env("IMAGE", t.Param("image", g.Image, builder.Describe("reference that the container is to run"))).
		Env("SOURCE_COMMIT", t.Param("source-commit", g.SourceCommit, builder.Default(""),
			builder.Describe("commit that the image is built of"))).
		Env("MESSAGE", t.Param("message", g.Message, builder.Default(""),
			builder.Describe("message of the commit; empty for one that says what is set"))).
		Env("AUTHOR_NAME", t.Param("author-name", g.AuthorName, builder.Default("Tekton"),
			builder.Describe("name of the commit's author"))).
		Env("AUTHOR_EMAIL", t.Param("author-email", g.AuthorEmail, builder.Default("tekton@localhost"),
			builder.Describe("address of the commit's author"))).
		Env("RESULT_COMMIT", commit.PathValue()).
		Env("RESULT_CHANGED", changed.PathValue()).
		Script(gitOpsUpdateScript)
	return Updated{t.PipelineTask(), commit.Value(), changed.Value()}
}

package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// GitTag creates a tag in a Git repository. If the tag is at the commit already, the
// task succeeds and changes nothing. It fails if the tag is at another commit, unless
// Move is set.
//
//	builder.AddFinally(p, "tag", tasks.GitTag{
//		URL: repo, Tag: "v" + version, Commit: clone.Commit, Message: "Release " + version, SSH: key,
//	})
type GitTag struct {
	// URL is the URL of the repository, as for GitClone. Required.
	URL builder.String
	// Tag is the name of the tag, such as v1.2.3. Required.
	Tag builder.String
	// Commit is the full hash of the commit, which the repository must have. Required.
	Commit builder.String
	// Message is the message of an annotated tag. Default: none, and the tag is
	// lightweight.
	Message builder.String
	// Move controls whether to move a tag that is at another commit. Default: "false".
	Move builder.String
	// AuthorName is the name of the tagger. Default: "Tekton".
	AuthorName builder.String
	// AuthorEmail is the email address of the tagger. Default: "tekton@localhost".
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

	// ToolImage is the image of the step. It must have sh, git and ssh. Default: the
	// image of the catalogue.
	ToolImage string
}

// CreatedTag is the output of GitTag.
type CreatedTag struct {
	*builder.PipelineTask
	// Commit is the full hash of the commit that the tag is at.
	Commit builder.String
	// Created is "true" if the tag was created or moved, and "false" if it was at the
	// commit already.
	Created builder.String
}

func (g GitTag) image() choice { return choice{g.ToolImage, gitImage} }

// TaskName returns git-tag, with a suffix if the image is not the default.
func (g GitTag) TaskName() string { return named("git-tag", g.image()) }

// Define declares the task.
func (g GitTag) Define(t *builder.Task) CreatedTag {
	t.Describe("Creates a tag in a Git repository.")
	commit := t.Result("commit", builder.Describe("full hash of the commit that the tag is at"))
	created := t.Result("created", builder.Describe("true if the tag was created or moved, otherwise false"))
	remote{g.URL, g.HTTPProxy, g.HTTPSProxy, g.NoProxy, g.SSH, g.BasicAuth, g.CA}.
		step(t, "tag", g.image().image()).
		Env("TAG", t.Param("tag", g.Tag, builder.Describe("name of the tag"))).
		Env("COMMIT", t.Param("commit", g.Commit, builder.Describe("full hash of the commit"))).
		Env("MESSAGE", t.Param("message", g.Message, builder.Default(""),
			builder.Describe("message of an annotated tag; empty for a lightweight tag"))).
		Env("MOVE", t.Param("move", g.Move, builder.Default("false"),
			builder.Describe("true to move a tag that is at another commit"))).
		Env("AUTHOR_NAME", t.Param("author-name", g.AuthorName, builder.Default("Tekton"),
			builder.Describe("name of the tagger"))).
		Env("AUTHOR_EMAIL", t.Param("author-email", g.AuthorEmail, builder.Default("tekton@localhost"),
			builder.Describe("email address of the tagger"))).
		Env("RESULT_COMMIT", commit.PathValue()).
		Env("RESULT_CREATED", created.PathValue()).
		Script(gitTagScript)
	return CreatedTag{t.PipelineTask(), commit.Value(), created.Value()}
}

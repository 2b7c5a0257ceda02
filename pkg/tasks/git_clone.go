package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// GitClone clones one revision of a Git repository into a workspace.
//
// By default it deletes the contents of the directory and fetches only one commit.
// HEAD is detached at the commit. Credentials are never written to an argument, a
// URL, a log or .git/config. They can come from a workspace, or from Secrets of the
// run's service account that are annotated with tekton.dev/git-0 and so on.
//
// If it fails, it deletes what it has put into the directory, and the directory if it is
// new, so that a task that runs all the same finds no clone.
//
// It runs as a user without privileges. Most volumes are writable only by root unless
// the run calls FSGroup(tasks.Group).
type GitClone struct {
	// URL is the URL of the repository: http, https, ssh, user@host:path, or a path
	// in a workspace. A repository at a path may not refer to files elsewhere, such as by
	// objects/info/alternates, and its hooks do not run. A URL with a password is an error. A user in an http or https URL,
	// which can be a token, only selects one of the users in .git-credentials. Required.
	URL builder.String
	// Revision is a branch, a tag, a full or abbreviated commit hash, or a ref
	// (refs/pull/1/head, pull/1/head). A tag takes precedence over a branch with the
	// same name. An abbreviated hash requires fetching the whole history. Default:
	// the default branch.
	Revision builder.String
	// Refspec lists refspecs, separated by spaces, to fetch before Revision is
	// resolved. Default: none.
	Refspec builder.String
	// Depth is the number of commits of history to fetch. "0" fetches the whole
	// history and all tags. Default: "1".
	Depth builder.String
	// Submodules controls whether to fetch submodules, recursively. One that is not at the
	// commit that is recorded for it is an error. Default: "true".
	Submodules builder.String
	// Subdirectory is the directory of Output to clone into. It is created if
	// necessary. It must not lead out of Output or through a symbolic link. Default:
	// Output itself.
	Subdirectory builder.String
	// DeleteExisting controls whether to delete the contents of the directory before
	// cloning, except a lost+found of the file system that the step cannot read. With "false", the directory is updated to the revision, and files
	// that Git does not track are kept, except .gitattributes, which would change
	// others. Default: "true".
	DeleteExisting builder.String
	// SparseCheckout lists the directories to check out, in addition to the files in
	// the top directory. Default: everything.
	SparseCheckout builder.Array
	// HTTPProxy is the proxy for http URLs. Default: the pod's http_proxy.
	HTTPProxy builder.String
	// HTTPSProxy is the proxy for https URLs. Default: the pod's https_proxy.
	HTTPSProxy builder.String
	// NoProxy lists the hosts to reach without a proxy, separated by commas.
	// Default: the pod's no_proxy.
	NoProxy builder.String
	// Verbose controls whether to log each command. Default: "false".
	Verbose builder.String

	// Output is where the repository is cloned to. Required.
	Output builder.Workspace
	// SSH has private keys with any names (ssh-privatekey, id_ed25519), known_hosts,
	// which is required, and optionally config: a Secret of type
	// kubernetes.io/ssh-auth with an additional key known_hosts. Optional.
	SSH builder.Workspace
	// BasicAuth has username and password, which are sent only to the host of the
	// URL: a Secret of type kubernetes.io/basic-auth. Alternatively, it has
	// .gitconfig and .git-credentials. username and password are one line each. Optional.
	BasicAuth builder.Workspace
	// CA has ca-bundle.crt, the certificate authorities for https servers. They
	// replace those of the image. Optional.
	CA builder.Workspace

	// ToolImage is the image of the step. It must have sh, git and ssh. Default: the
	// image of the catalogue.
	ToolImage string
}

// Cloned is the output of GitClone.
type Cloned struct {
	*builder.PipelineTask
	// Source is the workspace with the clone, in Subdirectory.
	Source builder.Workspace
	// Commit is the full hash of the commit.
	Commit builder.String
	// ShortCommit is the abbreviated hash of the commit: seven digits, or more if
	// that is ambiguous in the clone.
	ShortCommit builder.String
	// CommitTime is the committer date, in seconds since 1970. It is empty if the date of
	// the commit is not valid.
	CommitTime builder.String
	// URL is the URL that was cloned.
	URL builder.String
}

func (g GitClone) image() choice { return choice{g.ToolImage, gitImage} }

// TaskName returns git-clone, with a suffix if the image is not the default.
func (g GitClone) TaskName() string { return named("git-clone", g.image()) }

// Define declares the task.
func (g GitClone) Define(t *builder.Task) Cloned {
	t.Describe("Clones one revision of a Git repository into a workspace.")
	output := t.Workspace("output", g.Output, builder.Describe("where the repository is cloned to"))
	commit := t.Result("commit", builder.Describe("full hash of the commit"))
	short := t.Result("short-commit", builder.Describe("abbreviated hash of the commit"))
	date := t.Result("committer-date", builder.Describe("committer date, in seconds since 1970"))
	url := t.Result("url", builder.Describe("URL that was cloned"))

	remote{g.URL, g.HTTPProxy, g.HTTPSProxy, g.NoProxy, g.SSH, g.BasicAuth, g.CA}.
		step(t, "clone", g.image().image()).
		Env("REVISION", t.Param("revision", g.Revision, builder.Default(""),
			builder.Describe("branch, tag, commit or ref; empty for the default branch"))).
		Env("REFSPEC", t.Param("refspec", g.Refspec, builder.Default(""),
			builder.Describe("refspecs to fetch before the revision is resolved, separated by spaces"))).
		Env("DEPTH", t.Param("depth", g.Depth, builder.Default("1"),
			builder.Describe("number of commits of history to fetch; 0 for all"))).
		Env("SUBMODULES", t.Param("submodules", g.Submodules, builder.Default("true"),
			builder.Describe("true to fetch submodules"))).
		Env("SUBDIRECTORY", t.Param("subdirectory", g.Subdirectory, builder.Default(""),
			builder.Describe("directory of the output to clone into"))).
		Env("DELETE_EXISTING", t.Param("delete-existing", g.DeleteExisting, builder.Default("true"),
			builder.Describe("true to delete the contents of the directory first"))).
		Env("VERBOSE", t.Param("verbose", g.Verbose, builder.Default("false"),
			builder.Describe("true to log each command"))).
		Env("OUTPUT", output.PathValue()).
		Env("RESULT_COMMIT", commit.PathValue()).
		Env("RESULT_SHORT_COMMIT", short.PathValue()).
		Env("RESULT_COMMITTER_DATE", date.PathValue()).
		Env("RESULT_URL", url.PathValue()).
		Args(t.ArrayParam("sparse-checkout", g.SparseCheckout, builder.DefaultArray(),
			builder.Describe("directories to check out; empty for all")).All()).
		Script(gitCloneScript)
	return Cloned{t.PipelineTask(), output.Value(), commit.Value(), short.Value(), date.Value(), url.Value()}
}

package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// GitClone clones one revision of a Git repository into a workspace.
//
// The clone is made anew, by default one commit deep, with HEAD detached at
// the commit. Credentials never come into an argument, an URL, a log or the
// clone's .git/config. A Secret that the run's account lists, annotated with
// tekton.dev/git-0 and the like, serves as well as a workspace.
type GitClone struct {
	// URL of the repository: http, https, ssh, user@host:path, or a path in a
	// workspace. Required. One that holds a password is refused.
	URL builder.String
	// Revision is a branch, a tag, a commit's full or abbreviated name, or a
	// ref (refs/pull/1/head, pull/1/head). A tag goes before a branch of the
	// same name. Default: the remote's default branch. An abbreviated name
	// costs the whole history.
	Revision builder.String
	// Refspec is fetched before Revision is looked for; several are separated
	// by spaces. Default: none.
	Refspec builder.String
	// Depth is how many commits of history to fetch. Default: "1". "0" fetches
	// all of it, with all tags.
	Depth builder.String
	// Submodules says whether to fetch submodules, recursively. Default:
	// "true".
	Submodules builder.String
	// Subdirectory of Output to clone into. It is made where missing. Default:
	// Output itself. It can neither lead out of Output nor through a link.
	Subdirectory builder.String
	// DeleteExisting says whether to delete what the directory holds, before
	// cloning. Default: "true". With "false", the directory is brought to the
	// revision and files that Git does not track stay.
	DeleteExisting builder.String
	// SparseCheckout lists the directories to check out, with the files at the
	// top. Default: everything.
	SparseCheckout builder.Array
	// HTTPProxy is the proxy for http URLs. Default: the pod's http_proxy.
	HTTPProxy builder.String
	// HTTPSProxy is the proxy for https URLs. Default: the pod's https_proxy.
	HTTPSProxy builder.String
	// NoProxy lists the hosts to reach without a proxy, separated by commas.
	// Default: the pod's no_proxy.
	NoProxy builder.String
	// Verbose says whether to log each command. Default: "false".
	Verbose builder.String

	// Output takes the clone. Required.
	Output builder.Workspace
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

	// ToolImage runs the script: sh, git, ssh. Default: the catalogue's.
	ToolImage string
}

// Cloned is what GitClone leaves behind.
type Cloned struct {
	*builder.PipelineTask
	// Source is the workspace with the clone in it, in Subdirectory.
	Source builder.Workspace
	// Commit is the full name of the commit.
	Commit builder.String
	// ShortCommit is the name of the commit in seven digits, or as many more as
	// the clone needs to tell it from others.
	ShortCommit builder.String
	// CommitTime is the committer's date, in seconds since 1970.
	CommitTime builder.String
	// URL is the URL that was cloned.
	URL builder.String
}

func (g GitClone) image() choice { return choice{g.ToolImage, gitImage} }

// TaskName is git-clone, with a suffix for another ToolImage.
func (g GitClone) TaskName() string { return named("git-clone", g.image()) }

// Define declares the task.
func (g GitClone) Define(t *builder.Task) Cloned {
	t.Describe("Clones one revision of a Git repository into a workspace.")
	output := t.Workspace("output", g.Output, builder.Describe("takes the clone"))
	commit := t.Result("commit", builder.Describe("full name of the commit"))
	short := t.Result("short-commit", builder.Describe("abbreviated name of the commit"))
	date := t.Result("committer-date", builder.Describe("time of the commit, in seconds since 1970"))
	url := t.Result("url", builder.Describe("URL that was cloned"))

	remote{g.URL, g.HTTPProxy, g.HTTPSProxy, g.NoProxy, g.SSH, g.BasicAuth, g.CA}.
		step(t, "clone", g.image().image()).
		Env("REVISION", t.Param("revision", g.Revision, builder.Default(""),
			builder.Describe("branch, tag, commit or ref; empty for the default branch"))).
		Env("REFSPEC", t.Param("refspec", g.Refspec, builder.Default(""),
			builder.Describe("what to fetch before the revision, separated by spaces"))).
		Env("DEPTH", t.Param("depth", g.Depth, builder.Default("1"),
			builder.Describe("commits of history to fetch; 0 for all"))).
		Env("SUBMODULES", t.Param("submodules", g.Submodules, builder.Default("true"),
			builder.Describe("true to fetch submodules"))).
		Env("SUBDIRECTORY", t.Param("subdirectory", g.Subdirectory, builder.Default(""),
			builder.Describe("directory of the output to clone into"))).
		Env("DELETE_EXISTING", t.Param("delete-existing", g.DeleteExisting, builder.Default("true"),
			builder.Describe("true to delete what the directory holds"))).
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

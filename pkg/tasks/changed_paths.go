package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// ChangedPaths lists the directories of a repository that differ between two
// revisions, for example to build only the services of a push:
//
//	changes := builder.Add(p, "changes", tasks.ChangedPaths{
//		URL: repo, Revision: revision, Base: before,
//		Directories: builder.Strings("services/*"), Shared: builder.Strings("go.mod", "lib"),
//	})
//	builder.AddMatrix(p, "test", tasks.GoTest{Source: src, Directory: builder.Each(changes.Changed)})
//
// It fetches the two revisions from the server, without the contents of files where
// the server supports that, and needs no clone. The files of the two revisions are
// compared, so that after a force push the result is what differs from the files of
// before. Everything counts as changed if there is nothing to compare with: on the
// first push to a branch, for the first commit, and if the server no longer has Base.
//
// Tekton skips a task whose matrix has no items.
type ChangedPaths struct {
	// URL is the URL of the repository, as for GitClone. Required.
	URL builder.String
	// Revision is a branch, a tag, a full commit hash, or a ref. Default: the default
	// branch.
	Revision builder.String
	// Base is the revision to compare with, such as the commit before a push. The
	// zeros that an event has for a new branch are allowed. Default: the first parent
	// of Revision.
	Base builder.String
	// MergeBase controls whether to compare with the last commit that Base and
	// Revision have in common, for pull requests. It requires fetching the history.
	// Default: "false".
	MergeBase builder.String
	// Directories lists the directories to look for: builder.Strings("services/*",
	// "docs"). A star matches any part of one name, except a dot at its start.
	// Required.
	Directories builder.Array
	// Shared lists files and directories that all others depend on: if one of them
	// differs, everything counts as changed. Default: none.
	Shared builder.Array
	// Names controls whether the results are the names of the directories, such as
	// api for services/api. Directories with the same name are one item. Default:
	// "false".
	Names builder.String
	// ResultSize is the number of bytes that the results can have together. The task
	// fails if they have more. A cluster with results-from: sidecar-logs can have
	// larger results. Default: "4096".
	ResultSize builder.String
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

	// ToolImage is the image of the step. It must have sh, awk, od, git and ssh.
	// Default: the image of the catalogue.
	ToolImage string
}

// Changes is the output of ChangedPaths. The items are sorted.
type Changes struct {
	*builder.PipelineTask
	// Changed has the directories that have changed and exist in Revision.
	Changed builder.Array
	// Deleted has the directories that exist in Base, but not in Revision.
	Deleted builder.Array
	// Any is "true" if Changed has an item, and "false" otherwise.
	Any builder.String
}

func (c ChangedPaths) image() choice { return choice{c.ToolImage, gitImage} }

// TaskName returns changed-paths, with a suffix if the image is not the default.
func (c ChangedPaths) TaskName() string { return named("changed-paths", c.image()) }

// Define declares the task.
func (c ChangedPaths) Define(t *builder.Task) Changes {
	t.Describe("Lists the directories that differ between two revisions of a Git repository.")
	changed := t.ArrayResult("changed", builder.Describe("directories that have changed"))
	deleted := t.ArrayResult("deleted", builder.Describe("directories that were deleted"))
	some := t.Result("any", builder.Describe("true if a directory has changed, otherwise false"))

	s := remote{c.URL, c.HTTPProxy, c.HTTPSProxy, c.NoProxy, c.SSH, c.BasicAuth, c.CA}.
		step(t, "compare", c.image().image()).
		Env("REVISION", t.Param("revision", c.Revision, builder.Default(""),
			builder.Describe("branch, tag, commit or ref; empty for the default branch"))).
		Env("BASE", t.Param("base", c.Base, builder.Default(""),
			builder.Describe("revision to compare with; empty for the parent of the revision"))).
		Env("MERGE_BASE", t.Param("merge-base", c.MergeBase, builder.Default("false"),
			builder.Describe("true to compare with the last commit in common"))).
		Env("NAMES", t.Param("names", c.Names, builder.Default("false"),
			builder.Describe("true for the names of the directories instead of their paths"))).
		Env("RESULT_SIZE", t.Param("result-size", c.ResultSize, builder.Default("4096"),
			builder.Describe("bytes that the results can have together")))
	directories := t.ArrayParam("directories", c.Directories,
		builder.Describe("directories to look for; a star matches any part of a name"))
	shared := t.ArrayParam("shared", c.Shared, builder.DefaultArray(),
		builder.Describe("files and directories that all others depend on"))

	s.Env("RESULT_CHANGED", changed.PathValue()).
		Env("RESULT_DELETED", deleted.PathValue()).
		Env("RESULT_ANY", some.PathValue()).
		Args(directories.All(), next, shared.All()).
		Script(changedPathsScript)
	return Changes{t.PipelineTask(), changed.Value(), deleted.Value(), some.Value()}
}

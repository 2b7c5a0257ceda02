package pac

import (
	"strings"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
)

// The values of an event, for the arguments, labels and annotations of a run. Join them
// to other text with +. Build reports a value that none of the events of the run has.
const (
	// Revision is the full hash of the commit. Bitbucket Cloud abbreviates that of a pull
	// request.
	Revision builder.String = handle.PaCOpen + "revision)"
	// ShortRevision is the first seven digits of Revision.
	ShortRevision builder.String = handle.PaCOpen + "short_revision)"
	// RepoURL is the URL of the repository. For git, it is also the one to clone, except on
	// Bitbucket Server for SSH.
	RepoURL builder.String = handle.PaCOpen + "repo_url)"
	// RepoOwner is the owner of the repository in lower case; on GitLab, the path of its
	// group.
	RepoOwner builder.String = handle.PaCOpen + "repo_owner)"
	// RepoName is the name of the repository in lower case.
	RepoName builder.String = handle.PaCOpen + "repo_name)"
	// SourceURL is the URL of the repository with the commit: for a pull request from a
	// fork, that of the fork. Incoming calls have none.
	SourceURL builder.String = handle.PaCOpen + "source_url)"
	// SourceBranch is the branch of a pull request, and the branch that was pushed. Whoever
	// opens a pull request chooses the name.
	SourceBranch builder.String = handle.PaCOpen + "source_branch)"
	// TargetBranch is the branch into which a pull request is merged, and the branch that
	// was pushed. For a tag it is refs/tags/NAME; use GitTag.
	TargetBranch builder.String = handle.PaCOpen + "target_branch)"
	// GitTag is the name of the tag. Only a pushed tag has one.
	GitTag builder.String = handle.PaCOpen + "git_tag)"
	// Sender is the user whose event it is, in lower case: for a pull request on GitHub and
	// Bitbucket Cloud its author, elsewhere who caused the event.
	Sender builder.String = handle.PaCOpen + "sender)"
	// EventType is the type of the event: "push", "pull_request", "Merge Request",
	// "pull_request_labeled", "Tag Push", "on-comment" or "incoming".
	EventType builder.String = handle.PaCOpen + "event_type)"
	// TargetNamespace is the namespace of the Repository.
	TargetNamespace builder.String = handle.PaCOpen + "target_namespace)"
	// TriggerComment is the text of the comment that started the run. Line breaks are the
	// two characters \n.
	TriggerComment builder.String = handle.PaCOpen + "trigger_comment)"
	// PullRequestNumber is the number of the pull request or the merge request.
	PullRequestNumber builder.String = handle.PaCOpen + "pull_request_number)"
	// PullRequestLabels are the labels of the pull request, separated by the two
	// characters \n. Comments on GitLab and Forgejo, and Bitbucket, have none.
	PullRequestLabels builder.String = handle.PaCOpen + "pull_request_labels)"
	// GitAuthSecret is the name of the Secret with which the repository can be cloned. Pass
	// it to the Secret method of a workspace. The Secret is deleted with the run.
	GitAuthSecret builder.String = handle.PaCOpen + "git_auth_secret)"

	// Files are the paths of the changed files, separated by commas: all those of a
	// pull request, and those of the last commit of a push. Bitbucket Cloud has none.
	Files builder.String = handle.PaCOpen + "files.all)"
	// FilesAdded are the Files that are new.
	FilesAdded builder.String = handle.PaCOpen + "files.added)"
	// FilesModified are the Files that existed before.
	FilesModified builder.String = handle.PaCOpen + "files.modified)"
	// FilesDeleted are the Files that no longer exist.
	FilesDeleted builder.String = handle.PaCOpen + "files.deleted)"
	// FilesRenamed are the Files that had another path.
	FilesRenamed builder.String = handle.PaCOpen + "files.renamed)"
)

// Body returns the field of the payload with the given path, such as
// Body("repository.id") or Body("commits[0].message"). Numbers and booleans become
// strings. It is empty if the event has no such field; this cannot be checked in advance.
func Body(path string) builder.String {
	path = strings.TrimPrefix(path, "body.")
	if _, ok := bodyCEL(path); !ok {
		return wrong("body." + path)
	}
	return builder.String(handle.PaCOpen + "body." + path + ")")
}

// Header returns the value of a header of the webhook. The name is not case-sensitive. It
// is empty if there is no such header.
func Header(name string) builder.String {
	if !isHeader(name) {
		return wrong("headers." + name)
	}
	return builder.String(handle.PaCOpen + "headers." + name + ")")
}

// wrong returns a handle for a value that cannot exist, which is reported where it is
// used.
func wrong(expr string) builder.String {
	return builder.String(handle.Token{
		Owner: handle.Owner{Scope: handle.PaC, Name: "Pipelines-as-Code"}, Form: handle.Bad, Mistake: handle.NoField, Expr: expr,
	}.String())
}

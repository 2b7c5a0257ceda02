package pacmatch

import "slices"

// githubTypes are the types of the payloads that Pipelines-as-Code accepts from GitHub.
var githubTypes = map[string]string{
	"push":           "github.PushEvent",
	"pull_request":   "github.PullRequestEvent",
	"issue_comment":  "github.IssueCommentEvent",
	"commit_comment": "github.CommitCommentEvent",
	"check_run":      "github.CheckRunEvent",
	"check_suite":    "github.CheckSuiteEvent",
}

// parseGitHub parses an event of GitHub.
func parseGitHub(in *Input, e *Event) (mine bool, err error) {
	kind := e.Headers.Get("X-Github-Event")
	if kind == "" || e.Headers.Get("X-Gitea-Event-Type") != "" {
		return false, nil
	}
	shape, known := githubTypes[kind]
	if !known {
		return true, refuse("events of type %q are not supported", kind)
	}
	body, err := reshape(shape, in.Payload)
	if err != nil {
		return true, err
	}
	e.Body = body
	e.installed = isSet(body, "installation", "id")
	switch kind {
	case "push":
		return true, githubPush(e)
	case "pull_request":
		return true, githubPullRequest(e)
	case "issue_comment":
		return true, githubComment(in, e)
	case "commit_comment":
		return true, githubCommitComment(in, e)
	}
	return true, githubCheck(in, e, kind)
}

// repository sets the parts of an event that GitHub tells about the repository.
func githubRepository(e *Event) error {
	if !isSet(e.Body, "repository") {
		return refuse("the payload has no repository")
	}
	e.Organization = text(e.Body, "repository", "owner", "login")
	e.Repository = text(e.Body, "repository", "name")
	e.DefaultBranch = text(e.Body, "repository", "default_branch")
	e.URL = text(e.Body, "repository", "html_url")
	return nil
}

func githubPush(e *Event) error {
	body := e.Body
	if !isSet(body, "pusher") {
		return refuse("the payload has no pusher")
	}
	if err := githubRepository(e); err != nil {
		return err
	}
	if isZero(text(body, "after")) {
		return refuse("the push deletes the branch")
	}
	e.Target, e.EventType = "push", "push"
	if e.SHA = text(body, "head_commit", "id"); e.SHA == "" {
		e.SHA = text(body, "before")
	}
	e.SHATitle, e.SHAURL = text(body, "head_commit", "message"), text(body, "head_commit", "url")
	e.Sender = text(body, "sender", "login")
	e.BaseBranch = text(body, "ref")
	e.HeadBranch = e.BaseBranch
	e.BaseURL = e.URL
	e.HeadURL = e.URL
	return nil
}

func githubPullRequest(e *Event) error {
	body := e.Body
	action := text(body, "action")
	if !slices.Contains([]string{"opened", "synchronize", "synchronized", "reopened", "ready_for_review", "labeled", "closed"}, action) {
		return refuse("pull_request events with the action %q are not supported", action)
	}
	if err := githubRepository(e); err != nil {
		return err
	}
	e.Target, e.EventType = "pull_request", "pull_request"
	switch action {
	case "labeled":
		e.EventType = typeLabeled
	case "closed":
		e.Target = targetClosed
	}
	e.SHA = text(body, "pull_request", "head", "sha")
	e.BaseBranch = text(body, "pull_request", "base", "ref")
	e.HeadBranch = text(body, "pull_request", "head", "ref")
	e.BaseURL = text(body, "pull_request", "base", "repo", "html_url")
	e.HeadURL = text(body, "pull_request", "head", "repo", "html_url")
	e.Sender = text(body, "pull_request", "user", "login")
	e.PullRequest = number(body, "pull_request", "number")
	e.PullRequestTitle = text(body, "pull_request", "title")
	for _, l := range list(body, "pull_request", "labels") {
		e.Labels = append(e.Labels, text(l, "name"))
	}
	return nil
}

// The type of the event when a label is added, and the target of a closed pull request.
const (
	typeLabeled  = "pull_request_labeled"
	targetClosed = "pull_request_closed"
)

func githubComment(in *Input, e *Event) error {
	body := e.Body
	if action := text(body, "action"); action != "created" {
		return refuse("issue_comment events with the action %q are not supported", action)
	}
	if !isSet(body, "issue", "pull_request") {
		return refuse("the comment is not on a pull request")
	}
	if err := githubRepository(e); err != nil {
		return err
	}
	e.Sender = text(body, "sender", "login")
	e.Target = "pull_request"
	e.PullRequest = number(body, "issue", "number")
	repo := in.repositoryFor(e.URL)
	if repo == nil {
		return refuse("no Repository has the URL %s", e.URL)
	}
	if err := pullRequestOf(in, e); err != nil {
		return err
	}
	commandsOf(repo).apply(e, text(body, "comment", "body"))
	return nil
}

func githubCommitComment(in *Input, e *Event) error {
	body := e.Body
	if action := text(body, "action"); action != "created" {
		return refuse("commit_comment events with the action %q are not supported", action)
	}
	if !e.installed {
		return refuse("comments on commits need a GitHub App, and the payload has no installation")
	}
	if err := githubRepository(e); err != nil {
		return err
	}
	e.Sender = text(body, "sender", "login")
	e.SHA = text(body, "comment", "commit_id")
	e.HeadURL, e.BaseURL = e.URL, e.URL
	e.Target = "push"
	repo := in.repositoryFor(e.URL)
	if repo == nil {
		return refuse("no Repository has the URL %s", e.URL)
	}
	c, comment := commandsOf(repo), text(body, "comment", "body")
	c.apply(e, comment)
	return commitComment(c, e, comment)
}

// commitComment sets the branches of the event of a comment on a commit.
func commitComment(c commands, e *Event, comment string) error {
	branch, tag, err := c.onCommit(e, comment)
	if err != nil {
		return err
	}
	switch {
	case tag != "":
		branch = tags + tag
	case branch == "":
		branch = e.DefaultBranch
	}
	e.HeadBranch, e.BaseBranch = branch, branch
	return nil
}

// githubCheck sets the parts of an event for a check or a suite of checks that is run
// again.
func githubCheck(in *Input, e *Event, kind string) error {
	body := e.Body
	if action := text(body, "action"); action != "rerequested" || !isSet(body, kind) {
		return refuse("%s events with the action %q are not supported", kind, action)
	}
	if !e.installed {
		return refuse("running checks again needs a GitHub App, and the payload has no installation")
	}
	if err := githubRepository(e); err != nil {
		return err
	}
	suite := at(body, "check_suite")
	if kind == "check_run" {
		suite = at(body, "check_run", "check_suite")
	}
	e.SHA = text(suite, "head_sha")
	e.HeadBranch = text(suite, "head_branch")
	e.HeadURL = text(suite, "repository", "html_url")
	e.Sender = text(body, "sender", "login")
	prs := list(suite, "pull_requests")
	if len(prs) == 0 && kind == "check_run" {
		prs = list(body, "check_run", "pull_requests")
	}
	switch {
	case len(prs) > 1:
		return refuse("the commit is in several pull requests")
	case len(prs) == 1:
		e.PullRequest = number(prs[0], "number")
		e.Target = "pull_request"
		return pullRequestOf(in, e)
	case e.HeadBranch == "":
		return refuse("the payload has no branch")
	}
	e.BaseBranch, e.BaseURL = e.HeadBranch, e.HeadURL
	e.EventType = "push"
	if kind == "check_suite" {
		e.Target = "push"
	}
	return nil
}

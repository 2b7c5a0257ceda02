package pacmatch

import (
	"path"
	"slices"
	"strconv"
)

// parseForgejo parses an event of Forgejo or Gitea.
func parseForgejo(_ *Input, e *Event) (mine bool, err error) {
	kind := e.Headers.Get("X-Gitea-Event-Type")
	if kind == "" {
		return false, nil
	}
	switch kind {
	case "push":
		return true, forgejoPush(e, kind)
	case "pull_request", "pull_request_approved", "pull_request_sync", "pull_request_rejected", "pull_request_label":
		return true, forgejoPullRequest(e)
	case "issue_comment", "pull_request_comment":
		return true, forgejoComment(e)
	}
	return true, refuse("events of type %q are not supported", kind)
}

func forgejoRepository(e *Event) {
	e.Organization = text(e.Body, "repository", "owner", "login")
	e.Repository = text(e.Body, "repository", "name")
	e.DefaultBranch = text(e.Body, "repository", "default_branch")
	e.URL = text(e.Body, "repository", "html_url")
	e.Sender = text(e.Body, "sender", "login")
}

func forgejoPush(e *Event, kind string) (err error) {
	if e.Body, err = reshape("gitea.PushPayload", e.Payload); err != nil {
		return err
	}
	if !isSet(e.Body, "pusher") {
		return refuse("the payload has no pusher")
	}
	forgejoRepository(e)
	if e.SHA = text(e.Body, "head_commit", "id"); e.SHA == "" {
		e.SHA = text(e.Body, "before")
	}
	e.SHAURL, e.SHATitle = text(e.Body, "head_commit", "url"), text(e.Body, "head_commit", "message")
	e.BaseURL, e.HeadURL = e.URL, e.URL
	e.BaseBranch = text(e.Body, "ref")
	e.HeadBranch = e.BaseBranch
	e.Target, e.EventType = "push", kind
	return nil
}

func forgejoPullRequest(e *Event) (err error) {
	if e.Body, err = reshape("gitea.PullRequestPayload", e.Payload); err != nil {
		return err
	}
	action := text(e.Body, "action")
	if !slices.Contains([]string{"opened", "synchronize", "synchronized", "reopened", "label_updated", "closed"}, action) {
		return refuse("pull request events with the action %q are not supported", action)
	}
	forgejoRepository(e)
	forgejoHead(e)
	e.PullRequest = number(e.Body, "number")
	e.Target, e.EventType = "pull_request", "pull_request"
	switch action {
	case "label_updated":
		e.EventType = typeLabeled
	case "closed":
		e.Target = targetClosed
	}
	for _, l := range list(e.Body, "pull_request", "labels") {
		if l != nil {
			e.Labels = append(e.Labels, text(l, "name"))
		}
	}
	return nil
}

// forgejoHead sets the parts of an event that are in the pull request.
func forgejoHead(e *Event) {
	pr := at(e.Body, "pull_request")
	e.PullRequestTitle = text(pr, "title")
	e.SHA, e.HeadBranch, e.HeadURL = text(pr, "head", "sha"), text(pr, "head", "ref"), text(pr, "head", "repo", "html_url")
	e.BaseBranch, e.BaseURL = text(pr, "base", "ref"), text(pr, "base", "repo", "html_url")
	if u := text(pr, "html_url"); u != "" && e.SHA != "" {
		e.SHAURL = u + "/commit/" + e.SHA
	}
}

func forgejoComment(e *Event) (err error) {
	if e.Body, err = reshape("gitea.IssueCommentPayload", e.Payload); err != nil {
		return err
	}
	if text(e.Body, "action") != "created" || !isSet(e.Body, "issue", "pull_request") || text(e.Body, "issue", "state") != "open" {
		return refuse("the comment is not a new one on an open pull request")
	}
	forgejoRepository(e)
	e.Target = "pull_request"
	if isSet(e.Body, "comment") {
		slash.apply(e, text(e.Body, "comment", "body"))
	}
	forgejoHead(e)
	e.PullRequest = number(e.Body, "pull_request", "number")
	if u := text(e.Body, "issue", "url"); u != "" {
		n, err := strconv.Atoi(path.Base(u))
		switch {
		case err == nil:
			e.PullRequest = n
		case e.PullRequest == 0:
			return refuse("the URL of the issue does not end with a number")
		}
	}
	return nil
}

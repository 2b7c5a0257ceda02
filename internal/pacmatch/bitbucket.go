package pacmatch

import (
	"slices"
	"strings"
)

// parseCloud parses an event of Bitbucket Cloud.
func parseCloud(_ *Input, e *Event) (mine bool, err error) {
	kind := e.Headers.Get("X-Event-Key")
	switch kind {
	case "repo:push":
		if e.Body, err = reshape("cloud.PushRequestEvent", e.Payload); err != nil {
			return true, err
		}
		return true, cloudPush(e)
	case "pullrequest:created", "pullrequest:updated", "pullrequest:comment_created",
		"pullrequest:closed", "pullrequest:fulfilled", "pullrequest:rejected":
		if e.Body, err = reshape("cloud.PullRequestEvent", e.Payload); err != nil {
			return true, err
		}
		return true, cloudPullRequest(e, kind)
	}
	return false, nil
}

func cloudPullRequest(e *Event, kind string) error {
	body := e.Body
	pr := at(body, "pullrequest")
	e.Target = "pull_request"
	switch kind {
	case "pullrequest:created", "pullrequest:updated":
		e.EventType = "pull_request"
	case "pullrequest:comment_created":
		comment := text(body, "comment", "content", "raw")
		if !strictIsCommand(comment) {
			return refuse("the comment has no command")
		}
		slash.apply(e, comment)
	default:
		e.Target, e.EventType = targetClosed, targetClosed
	}
	_, name, found := strings.Cut(text(body, "repository", "full_name"), "/")
	if !found {
		return refuse("the full name of the repository has no slash")
	}
	e.Organization = text(body, "repository", "workspace", "slug")
	e.Repository, _, _ = strings.Cut(name, "/")
	e.SHA = text(pr, "source", "commit", "hash")
	e.URL = text(body, "repository", "links", "html", "href")
	e.BaseBranch = text(pr, "destination", "branch", "name")
	e.HeadBranch = text(pr, "source", "branch", "name")
	e.BaseURL = text(pr, "destination", "repository", "links", "html", "href")
	e.HeadURL = text(pr, "source", "repository", "links", "html", "href")
	e.Sender = text(pr, "author", "nickname")
	e.PullRequest = number(pr, "id")
	e.PullRequestTitle = text(pr, "title")
	return nil
}

func cloudPush(e *Event) error {
	body := e.Body
	changes := list(body, "push", "changes")
	if len(changes) == 0 {
		return refuse("the push has no changes")
	}
	_, name, found := strings.Cut(text(body, "Repository", "full_name"), "/")
	if !found {
		return refuse("the full name of the repository has no slash")
	}
	e.Target, e.EventType = "push", "push"
	e.Organization = text(body, "Repository", "workspace", "slug")
	e.Repository, _, _ = strings.Cut(name, "/")
	e.URL = text(body, "Repository", "links", "html", "href")
	e.SHA = text(changes[0], "New", "Target", "hash")
	e.HeadBranch = text(changes[0], "Old", "Name")
	e.BaseURL = text(changes[0], "New", "Target", "links", "html", "href")
	e.HeadURL = text(changes[0], "Old", "Target", "links", "html", "href")
	e.BaseBranch = text(changes[0], "New", "Name")
	if text(changes[0], "New", "Type") == "tag" {
		e.BaseBranch = tags + e.BaseBranch
	}
	e.Sender = text(body, "Actor", "Nickname")
	return nil
}

// parseDataCenter parses an event of Bitbucket Data Center.
func parseDataCenter(_ *Input, e *Event) (mine bool, err error) {
	kind := e.Headers.Get("X-Event-Key")
	switch kind {
	case "repo:refs_changed":
		if e.Body, err = reshape("datacenter.PushRequestEvent", e.Payload); err != nil {
			return true, err
		}
		return true, dataCenterPush(e)
	case "pr:from_ref_updated", "pr:opened", "pr:comment:added", "pr:comment:edited":
		if e.Body, err = reshape("datacenter.PullRequestEvent", e.Payload); err != nil {
			return true, err
		}
		return true, dataCenterPullRequest(e, kind)
	}
	return false, nil
}

func dataCenterPullRequest(e *Event, kind string) error {
	pr := at(e.Body, "pullRequest")
	e.Target = "pull_request"
	comment := text(e.Body, "comment", "text")
	switch {
	case kind == "pr:opened" || kind == "pr:from_ref_updated":
		e.EventType = "pull_request"
	case kind == "pr:comment:edited" || !strictIsCommand(comment):
		return refuse("the comment is not a new one with a command")
	case strictIsTest(comment):
		e.EventType = typeRetest
		command := "/retest"
		if strings.Contains(comment, "/test") {
			e.EventType, command = typeTest, "/test"
		}
		e.TargetTest = nameAfter(command, comment)
	case strictIsOkToTest(comment):
		e.EventType = typeOkToTest
	default:
		e.EventType, e.Cancel = typeCancel, true
		e.TargetCancel = nameAfter("/cancel", comment)
	}
	if kind == "pr:comment:added" {
		e.TriggerComment = comment
	}
	if missing := lacks(e.Body); missing != "" {
		return refuse("the payload has no %s", missing)
	}
	from, to := at(pr, "fromRef"), at(pr, "toRef")
	e.Organization = strings.ReplaceAll(text(to, "repository", "project", "key"), "~", "")
	e.Repository = text(to, "repository", "name")
	e.SHA = text(from, "latestCommit")
	e.PullRequest = number(pr, "id")
	e.BaseURL, e.HeadURL = self(to, "repository"), self(from, "repository")
	e.URL = strings.TrimSuffix(e.BaseURL, "/browse")
	e.BaseBranch, e.HeadBranch = text(to, "displayId"), text(from, "displayId")
	e.Sender = text(e.Body, "actor", "name")
	e.CloneURL = httpClone(at(from, "repository"))
	return nil
}

// lacks returns what is missing in the payload of a pull request of Bitbucket Data
// Center, which Pipelines-as-Code requires.
func lacks(body map[string]any) string {
	pr := at(body, "pullRequest")
	for _, side := range []string{"toRef", "fromRef"} {
		ref := at(pr, side)
		for _, path := range [][]string{
			{"repository", "project", "key"}, {"repository", "name"}, {"latestCommit"}, {"displayId"},
		} {
			if text(ref, path...) == "" {
				return side + "." + strings.Join(path, ".")
			}
		}
		for _, links := range []string{"self", "clone"} {
			if len(list(ref, "repository", "links", links)) == 0 {
				return side + ".repository.links." + links
			}
		}
	}
	switch {
	case number(pr, "id") == 0:
		return "pullRequest.id"
	case number(body, "actor", "id") == 0:
		return "actor.id"
	case text(body, "actor", "name") == "":
		return "actor.name"
	}
	return ""
}

// self returns the first link of a repository to itself.
func self(v any, path ...string) string {
	links := list(at(v, path...), "links", "self")
	if len(links) == 0 {
		return ""
	}
	return text(links[0], "href")
}

// httpClone returns the URL for clones by HTTP.
func httpClone(repository any) string {
	out := ""
	for _, l := range list(repository, "links", "clone") {
		if text(l, "name") == "http" {
			out = text(l, "href")
		}
	}
	return out
}

func dataCenterPush(e *Event) error {
	body := e.Body
	changes := list(body, "changes")
	if len(changes) == 0 {
		return refuse("the push has no changes")
	}
	if slices.ContainsFunc(changes, func(c any) bool { return isZero(text(c, "toHash")) && text(c, "type") == "DELETE" }) {
		return refuse("the push deletes a branch")
	}
	if len(list(body, "commits")) == 0 {
		return refuse("the push has no commits")
	}
	repository := at(body, "repository")
	if !isSet(repository, "project") || self(repository) == "" {
		return refuse("the payload has no project or no link of the repository")
	}
	e.Target, e.EventType = "push", "push"
	e.Organization = strings.ReplaceAll(text(repository, "project", "key"), "~", "")
	e.Repository = text(repository, "slug")
	e.SHA = text(changes[0], "toHash")
	e.BaseURL = self(repository)
	e.HeadURL = e.BaseURL
	e.URL = strings.TrimSuffix(e.BaseURL, "/browse")
	e.BaseBranch = text(changes[0], "refId")
	e.HeadBranch = e.BaseBranch
	e.Sender = text(body, "actor", "name")
	e.CloneURL = httpClone(repository)
	return nil
}

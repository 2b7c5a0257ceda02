package pacmatch

import (
	"encoding/hex"
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// parseGitLab parses an event of GitLab.
func parseGitLab(_ *Input, e *Event) (mine bool, err error) {
	kind := e.Headers.Get("X-Gitlab-Event")
	if kind == "" {
		return false, nil
	}
	e.EventType = strings.ReplaceAll(kind, " Hook", "")
	switch kind {
	case "Push Hook":
		return true, gitlabPush(e)
	case "Tag Push Hook":
		return true, gitlabTag(e)
	case "Merge Request Hook":
		return true, gitlabMergeRequest(e)
	case "Note Hook", "Confidential Note Hook":
		return true, gitlabNote(e)
	}
	return true, refuse("events of type %q are not supported", kind)
}

// gitlabProject sets the parts of an event that are in the project.
func gitlabProject(e *Event, fullName string) {
	e.DefaultBranch = text(e.Body, "project", "default_branch")
	e.URL = text(e.Body, "project", "web_url")
	e.Organization, e.Repository = path.Dir(fullName), path.Base(fullName)
}

func gitlabMergeRequest(e *Event) (err error) {
	if e.Body, err = reshape("gitlab.MergeEvent", e.Payload); err != nil {
		return err
	}
	attributes := at(e.Body, "object_attributes")
	action := text(attributes, "action")
	if action == "update" && text(attributes, "oldrev") == "" && !onlyLabelsAdded(at(e.Body, "changes")) {
		return refuse("the update of the merge request has neither new commits nor only new labels")
	}
	if !slices.Contains([]string{"open", "reopen", "update", "close"}, action) {
		return refuse("merge request events with the action %q are not supported", action)
	}
	gitlabProject(e, text(attributes, "target", "path_with_namespace"))
	e.Sender = text(e.Body, "user", "username")
	e.SHA = text(attributes, "last_commit", "id")
	e.SHAURL, e.SHATitle = text(attributes, "last_commit", "url"), text(attributes, "last_commit", "title")
	e.HeadBranch, e.BaseBranch = text(attributes, "source_branch"), text(attributes, "target_branch")
	e.HeadURL, e.BaseURL = text(attributes, "source", "web_url"), text(attributes, "target", "web_url")
	e.PullRequest = number(attributes, "iid")
	e.PullRequestTitle = text(attributes, "title")
	e.Target = "pull_request"
	if isSet(e.Body, "changes", "labels", "current") {
		e.EventType = typeLabeled
	}
	for _, l := range list(e.Body, "labels") {
		e.Labels = append(e.Labels, text(l, "title"))
	}
	if action == "close" {
		e.Target = targetClosed
	}
	return nil
}

// onlyLabelsAdded reports whether a label was added and nothing else was changed.
func onlyLabelsAdded(changes any) bool {
	had := map[string]bool{}
	for _, l := range list(changes, "labels", "previous") {
		if l != nil {
			had[text(l, "title")] = true
		}
	}
	added := slices.ContainsFunc(list(changes, "labels", "current"), func(l any) bool { return l != nil && !had[text(l, "title")] })
	if !added {
		return false
	}
	for _, name := range []string{
		"draft", "assignees", "reviewers", "description", "merge_status", "milestone_id", "source_branch",
		"source_project_id", "state_id", "target_branch", "target_project_id", "title",
	} {
		for _, when := range []string{"previous", "current"} {
			v := at(changes, name, when)
			if l, isList := v.([]any); isList && l != nil || !isList && !isEmpty(v) {
				return false
			}
		}
	}
	return true
}

func gitlabTag(e *Event) (err error) {
	if e.Body, err = reshape("gitlab.TagEvent", e.Payload); err != nil {
		return err
	}
	if isZero(text(e.Body, "after")) && text(e.Body, "checkout_sha") == "" {
		return refuse("the push deletes the tag")
	}
	commits := list(e.Body, "commits")
	if len(commits) == 0 {
		return refuse("the event of the tag has no commits")
	}
	gitlabPushed(e, commits)
	return nil
}

func gitlabPush(e *Event) (err error) {
	if e.Body, err = reshape("gitlab.PushEvent", e.Payload); err != nil {
		return err
	}
	commits := list(e.Body, "commits")
	if len(commits) == 0 {
		after := text(e.Body, "after")
		branch, isBranch := strings.CutPrefix(text(e.Body, "ref"), heads)
		_, notHex := hex.DecodeString(after)
		if !isBranch || branch == "" || !isZero(text(e.Body, "before")) || len(after) != 40 || isZero(after) || notHex != nil {
			return refuse("the push has no commits")
		}
		e.SHA, e.metadataLacks = after, true
	}
	gitlabPushed(e, commits)
	e.EventType = "push"
	return nil
}

// gitlabPushed sets the parts of an event of a push of a branch or tag.
func gitlabPushed(e *Event, commits []any) {
	if n := len(commits); n > 0 {
		last := commits[n-1]
		e.SHA, e.SHAURL, e.SHATitle = text(last, "id"), text(last, "url"), text(last, "title")
	}
	gitlabProject(e, text(e.Body, "project", "path_with_namespace"))
	e.Sender = text(e.Body, "user_username")
	e.HeadBranch = text(e.Body, "ref")
	e.BaseBranch = e.HeadBranch
	e.HeadURL, e.BaseURL = e.URL, e.URL
	e.Target = "push"
}

func gitlabNote(e *Event) (err error) {
	var note struct {
		Kind       string `json:"object_kind"`
		Attributes struct {
			On string `json:"noteable_type"`
		} `json:"object_attributes"`
	}
	if err := json.Unmarshal(e.Payload, &note); err != nil {
		return refuse("the payload does not have the form of the event: %v", err)
	}
	switch {
	case note.Kind != "note":
		return refuse("notes of kind %q are not supported", note.Kind)
	case note.Attributes.On == "Commit":
		return gitlabCommitNote(e)
	case note.Attributes.On != "MergeRequest":
		return refuse("comments on %q are not supported", note.Attributes.On)
	}
	if e.Body, err = reshape("gitlab.MergeCommentEvent", e.Payload); err != nil {
		return err
	}
	request := at(e.Body, "merge_request")
	if text(request, "state") != "opened" {
		return refuse("the merge request is not open")
	}
	slash.apply(e, text(e.Body, "object_attributes", "note"))
	gitlabProject(e, text(e.Body, "project", "path_with_namespace"))
	e.Sender = text(e.Body, "user", "username")
	e.SHA = text(request, "last_commit", "id")
	e.SHAURL, e.SHATitle = text(request, "last_commit", "url"), text(request, "last_commit", "title")
	e.BaseBranch, e.HeadBranch = text(request, "target_branch"), text(request, "source_branch")
	e.BaseURL, e.HeadURL = text(request, "target", "web_url"), text(request, "source", "web_url")
	e.Target = "pull_request"
	e.PullRequest = number(request, "iid")
	return nil
}

func gitlabCommitNote(e *Event) (err error) {
	if e.Body, err = reshape("gitlab.CommitCommentEvent", e.Payload); err != nil {
		return err
	}
	comment := text(e.Body, "object_attributes", "note")
	if action := text(e.Body, "object_attributes", "action"); action != "create" {
		return refuse("comments on commits with the action %q are not supported", action)
	}
	if !strictIsTest(comment) && !strictIsCancel(comment) {
		return refuse("the comment on the commit has no command")
	}
	if !isSet(e.Body, "repository") {
		return refuse("the payload has no repository")
	}
	gitlabProject(e, text(e.Body, "project", "path_with_namespace"))
	e.Sender = text(e.Body, "user", "username")
	e.SHA = text(e.Body, "object_attributes", "commit_id")
	e.SHATitle = text(e.Body, "commit", "title")
	e.HeadURL, e.BaseURL = e.URL, e.URL
	e.Target = "push"
	slash.apply(e, comment)
	return commitComment(slash, e, comment)
}

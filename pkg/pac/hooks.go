package pac

import (
	"encoding/json"
	"strings"
)

// This file makes webhooks for tests. Their payloads have the fields that Pipelines-as-Code
// reads, and those that expressions use most.

type payload = map[string]any

// hookCommit is the commit of all events.
const hookCommit = "8f3a1d0c2b4e5f60718293a4b5c6d7e8f9012345"

func hook(header, kind string, p payload, files []string) Webhook {
	text, _ := json.Marshal(p)
	return Webhook{Headers: map[string][]string{header: {kind}}, Payload: text, CommitMessage: "a commit", Changed: ChangedFiles{All: files, Modified: files}}
}

// ownerAndName returns the last two segments of the URL of a repository.
func ownerAndName(url string) (owner, name string) {
	parts := strings.Split(strings.TrimSuffix(url, "/"), "/")
	if len(parts) < 2 {
		return "", url
	}
	return parts[len(parts)-2], parts[len(parts)-1]
}

func githubRepository(url string) payload {
	owner, name := ownerAndName(url)
	return payload{
		"id": 1, "name": name, "full_name": owner + "/" + name, "html_url": url, "default_branch": "main", "owner": payload{"login": owner},
		"clone_url": url + ".git", "ssh_url": sshURL(url), "private": false, "fork": false,
	}
}

func githubPull(url, target string, labels ...string) payload {
	repo, list := githubRepository(url), []payload{}
	for _, l := range labels {
		list = append(list, payload{"name": l})
	}
	return payload{
		"number": 7, "state": "open", "title": "it's {{ a }} title", "html_url": url + "/pull/7", "user": payload{"login": "dev"}, "draft": false, "labels": list,
		"head": payload{"ref": "fix/it's", "sha": hookCommit, "repo": repo}, "base": payload{"ref": target, "sha": strings.Repeat("1", 40), "repo": repo},
	}
}

// GitHubPush returns the webhook of a push to GitHub, for Matches. The ref is that of a
// branch or a tag, such as refs/heads/main. The payload has the usual fields; the files are
// those that the last commit changes.
//
//	out, err := pac.Matches(os.DirFS(".tekton"), pac.GitHubPush("https://github.com/acme/shop", "refs/heads/main", "go.mod"))
func GitHubPush(url, ref string, files ...string) Webhook {
	return hook("X-Github-Event", "push", payload{
		"ref": ref, "before": strings.Repeat("1", 40), "after": hookCommit, "repository": githubRepository(url), "sender": payload{"login": "dev"}, "pusher": payload{"name": "dev"},
		"head_commit": payload{"id": hookCommit, "message": "a commit", "url": url + "/commit/" + hookCommit},
		"created":     strings.HasPrefix(ref, "refs/tags/"), "deleted": false, "forced": false,
	}, files)
}

// GitHubPullRequest returns the webhook of a pull request at GitHub, for Matches. The action
// is opened, synchronize or reopened, and the target the branch into which it is merged. The
// title and the branch of the pull request contain what a folder has to bear.
func GitHubPullRequest(url, action, target string, files ...string) Webhook {
	return hook("X-Github-Event", "pull_request", payload{
		"action": action, "number": 7, "pull_request": githubPull(url, target, "bug"), "repository": githubRepository(url), "sender": payload{"login": "dev"},
	}, files)
}

// GitHubLabel returns the webhook of a label that is added to a pull request at GitHub, for
// Matches. The pull request has only this label.
func GitHubLabel(url, label, target string, files ...string) Webhook {
	return hook("X-Github-Event", "pull_request", payload{
		"action": "labeled", "number": 7, "label": payload{"name": label}, "pull_request": githubPull(url, target, label), "repository": githubRepository(url), "sender": payload{"login": "dev"},
	}, files)
}

// GitHubComment returns the webhook of a comment on a pull request at GitHub, for Matches.
// The pull request is to be merged into the branch main.
func GitHubComment(url, text string, files ...string) Webhook {
	w := hook("X-Github-Event", "issue_comment", payload{
		"action": "created", "comment": payload{"id": 1, "body": text}, "repository": githubRepository(url), "sender": payload{"login": "dev"},
		"issue": payload{"number": 7, "state": "open", "pull_request": payload{"url": url + "/pull/7"}, "user": payload{"login": "dev"}},
	}, files)
	w.PullRequest, _ = json.Marshal(githubPull(url, "main", "bug"))
	return w
}

func gitlabProject(url string) payload {
	_, rest, _ := strings.Cut(url, "://")
	_, path, _ := strings.Cut(rest, "/")
	return payload{
		"id": 3, "name": path[strings.LastIndexByte(path, '/')+1:], "web_url": url, "default_branch": "main", "path_with_namespace": path,
		"git_http_url": url + ".git", "git_ssh_url": sshURL(url),
	}
}

// sshURL is the address for git over SSH of a repository.
func sshURL(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	host, path, _ := strings.Cut(rest, "/")
	return "git@" + host + ":" + path + ".git"
}

func gitlabCommit(url string) payload {
	return payload{"id": hookCommit, "title": "a title", "message": "a title\n", "url": url + "/-/commit/" + hookCommit}
}

// GitLabPush returns the webhook of a push to GitLab, for Matches. The ref is that of a
// branch or a tag.
func GitLabPush(url, ref string, files ...string) Webhook {
	kind, object := "Push Hook", "push"
	if strings.HasPrefix(ref, "refs/tags/") {
		kind, object = "Tag Push Hook", "tag_push"
	}
	return hook("X-Gitlab-Event", kind, payload{
		"object_kind": object, "ref": ref, "before": strings.Repeat("1", 40), "after": hookCommit, "checkout_sha": hookCommit, "user_username": "dev", "project": gitlabProject(url), "project_id": 3,
		"commits": []payload{gitlabCommit(url)},
	}, files)
}

// GitLabMergeRequest returns the webhook of a merge request at GitLab that was opened, for
// Matches. The target is the branch into which it is merged.
func GitLabMergeRequest(url, target string, files ...string) Webhook {
	project := gitlabProject(url)
	return hook("X-Gitlab-Event", "Merge Request Hook", payload{
		"object_kind": "merge_request", "user": payload{"id": 9, "username": "dev"}, "project": project, "labels": []payload{}, "changes": payload{},
		"object_attributes": payload{
			"iid": 7, "title": "a title", "action": "open", "source_branch": "fix", "target_branch": target, "last_commit": gitlabCommit(url), "source": project, "target": project, "state": "opened",
		},
	}, files)
}

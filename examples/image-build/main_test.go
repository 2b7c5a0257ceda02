package main

import (
	"testing"

	"github.com/tekwright/tekwright/internal/exampletest"
)

func TestExample(t *testing.T) { exampletest.Example(t, system) }

func TestFolders(t *testing.T) { exampletest.Tekton(t, system) }

// TestEvents tests which runs the events of GitHub start with Pipelines-as-Code.
func TestEvents(t *testing.T) {
	const url = "https://github.com/acme/shop"
	exampletest.Events(t, map[string]exampletest.Event{
		"push":           {Starts: "push", Hook: exampletest.GitHubPush(url, "refs/heads/main")},
		"another branch": {Starts: "", Hook: exampletest.GitHubPush(url, "refs/heads/next")},
		"tag":            {Starts: "", Hook: exampletest.GitHubPush(url, "refs/tags/main")},
		"pull request":   {Starts: "pull-request", Hook: exampletest.GitHubPullRequest(url, "opened", "main")},
		"label":          {Starts: "", Hook: exampletest.GitHubPullRequest(url, "labeled", "main")},
	})
}

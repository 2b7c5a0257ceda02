package main

import (
	"testing"

	"github.com/tekwright/tekwright/internal/exampletest"
	"github.com/tekwright/tekwright/pkg/pac"
)

func TestExample(t *testing.T) { exampletest.Example(t, system) }

func TestFolders(t *testing.T) { exampletest.Tekton(t, system) }

// TestEvents tests which runs the events of GitHub start with Pipelines-as-Code.
func TestEvents(t *testing.T) {
	const url = "https://github.com/acme/shop"
	exampletest.Events(t, map[string]exampletest.Event{
		"push":           {Starts: "push", Hook: pac.GitHubPush(url, "refs/heads/main")},
		"another branch": {Starts: "", Hook: pac.GitHubPush(url, "refs/heads/next")},
		"tag":            {Starts: "", Hook: pac.GitHubPush(url, "refs/tags/main")},
		"pull request":   {Starts: "pull-request", Hook: pac.GitHubPullRequest(url, "opened", "main")},
		"label":          {Starts: "", Hook: pac.GitHubPullRequest(url, "labeled", "main")},
	})
}

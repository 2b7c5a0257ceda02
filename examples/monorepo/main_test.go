package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/exampletest"
	"github.com/tekwright/tekwright/pkg/pac"
)

func TestFolders(t *testing.T) { exampletest.Tekton(t, system) }

// TestEvents tests which runs the events of GitHub and GitLab start.
func TestEvents(t *testing.T) {
	const github, gitlab = "https://github.com/acme/shop", "https://gitlab.com/acme/shop"
	exampletest.Events(t, map[string]exampletest.Event{
		"a push of one service":          {Starts: "build-cart", Hook: pac.GitHubPush(github, "refs/heads/main", "services/cart/main.go")},
		"a push of the library":          {Starts: "build-cart build-catalog build-checkout", Hook: pac.GitHubPush(github, "refs/heads/main", "libs/money/money.go")},
		"a push of documentation":        {Starts: "", Hook: pac.GitHubPush(github, "refs/heads/main", "services/cart/README.md", "libs/README.md")},
		"a push of both":                 {Starts: "build-cart", Hook: pac.GitHubPush(github, "refs/heads/main", "services/cart/README.md", "services/cart/go.mod")},
		"a push to another branch":       {Starts: "", Hook: pac.GitHubPush(github, "refs/heads/main-2", "services/cart/main.go")},
		"a tag":                          {Starts: "release-cart release-catalog release-checkout", Hook: pac.GitHubPush(github, "refs/tags/v1.2")},
		"another tag":                    {Starts: "", Hook: pac.GitHubPush(github, "refs/tags/main", "services/cart/main.go")},
		"a pull request":                 {Starts: "test-cart test-checkout", Hook: pac.GitHubPullRequest(github, "opened", "main", "services/cart/a.go", "services/checkout/b.go")},
		"a pull request to another":      {Starts: "", Hook: pac.GitHubPullRequest(github, "opened", "next", "services/cart/a.go")},
		"a label":                        {Starts: "", Hook: pac.GitHubPullRequest(github, "labeled", "main", "services/cart/a.go")},
		"a comment":                      {Starts: "preview-cart preview-catalog preview-checkout", Hook: pac.GitHubComment(github, "/preview", "services/cart/a.go")},
		"a comment with more words":      {Starts: "", Hook: pac.GitHubComment(github, "/preview please", "services/cart/a.go")},
		"the command test":               {Starts: "test-cart", Hook: pac.GitHubComment(github, "/test", "services/cart/a.go")},
		"the command test with a name":   {Starts: "release-cart", Hook: pac.GitHubComment(github, "/test release-cart", "services/cart/a.go")},
		"a push on GitLab":               {Starts: "build-catalog", Hook: pac.GitLabPush(gitlab, "refs/heads/main", "services/catalog/main.go")},
		"a tag on GitLab":                {Starts: "release-cart release-catalog release-checkout", Hook: pac.GitLabPush(gitlab, "refs/tags/v1.2")},
		"a merge request on GitLab":      {Starts: "test-catalog", Hook: pac.GitLabMergeRequest(gitlab, "main", "services/catalog/main.go")},
		"a merge request to another one": {Starts: "", Hook: pac.GitLabMergeRequest(gitlab, "next", "services/catalog/main.go")},
	})
}

// TestImages tests the images that are built, and that the commit of the event is cloned.
func TestImages(t *testing.T) {
	const url = "https://github.com/acme/shop"
	objects, err := system().Objects()
	require.NoError(t, err)
	for want, hook := range map[string]pac.Webhook{
		"registry.example.com/shop/cart:8f3a1d0": pac.GitHubPush(url, "refs/heads/main", "services/cart/main.go"),
		"registry.example.com/shop/cart:v1.2":    pac.GitHubPush(url, "refs/tags/v1.2"),
		"registry.example.com/shop/cart:pr-7":    pac.GitHubComment(url, "/preview"),
	} {
		for _, o := range objects {
			if o.Ref().Kind == "Repository" {
				hook.Objects = append(hook.Objects, o)
			}
		}
		out, err := pac.Matches(os.DirFS(".tekton"), hook)
		require.NoError(t, err)
		assert.Equal(t, "shop-ci/shop", out.Repository)
		params := map[string]string{}
		for _, r := range out.Runs {
			if r.Started && len(params) == 0 {
				assert.Equal(t, "shop-ci", r.Namespace)
				for _, p := range r.Object.Spec.Params {
					params[p.Name] = p.Value.StringVal
				}
			}
		}
		assert.Equal(t, map[string]string{"repo": url, "revision": "8f3a1d0c2b4e5f60718293a4b5c6d7e8f9012345", "service": "cart", "image": want}, params)
	}
}

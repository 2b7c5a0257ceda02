package bind_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/bind"
)

func TestParse(t *testing.T) {
	const digest = "sha256:0123456789012345678901234567890123456789012345678901234567890123"
	for text, want := range map[string]bind.Source{
		"task.yaml":           {Scheme: bind.File, Path: "task.yaml"},
		"../a b/":             {Scheme: bind.File, Path: "../a b/"},
		`C:\tasks\a.yaml`:     {Scheme: bind.File, Path: `C:\tasks\a.yaml`},
		"tasks/git+https://x": {Scheme: bind.File, Path: "tasks/git+https://x"},
		"git+https://github.com/o/r@main:task/a.yaml":      {Scheme: bind.Git, URL: "https://github.com/o/r", Revision: "main", Path: "task/a.yaml"},
		"git+https://h:8443/o/r.git@release/v1:a@b:c.yaml": {Scheme: bind.Git, URL: "https://h:8443/o/r.git", Revision: "release/v1", Path: "a@b:c.yaml"},
		"git+https://h/r@v1:":                              {Scheme: bind.Git, URL: "https://h/r", Revision: "v1"},
		"git+https://h/r@v1:./a//b/":                       {Scheme: bind.Git, URL: "https://h/r", Revision: "v1", Path: "a/b"},
		"git+ssh://git@h/r@v1:a":                           {Scheme: bind.Git, URL: "ssh://git@h/r", Revision: "v1", Path: "a"},
		"git+file:///srv/r.git@v1:a":                       {Scheme: bind.Git, URL: "file:///srv/r.git", Revision: "v1", Path: "a"},
		"bundle://quay.io/o/task-x:0.1#x":                  {Scheme: bind.Bundle, Image: "quay.io/o/task-x:0.1", Name: "x"},
		"bundle://quay.io/o/task-x:0.1@" + digest + "#x":   {Scheme: bind.Bundle, Image: "quay.io/o/task-x:0.1@" + digest, Name: "x"},
		"bundle://localhost:5000/x":                        {Scheme: bind.Bundle, Image: "localhost:5000/x"},
		"hub://git-clone@0.9":                              {Scheme: bind.Hub, Name: "git-clone", Version: "0.9"},
		"hub://mine/git-clone@0.9.1?type=tekton":           {Scheme: bind.Hub, Catalog: "mine", Name: "git-clone", Version: "0.9.1", TektonHub: true},
		"cluster://ci/notify":                              {Scheme: bind.Cluster, Namespace: "ci", Name: "notify"},
		"https://h/a.yaml?ref=main":                        {Scheme: bind.HTTP, URL: "https://h/a.yaml?ref=main"},
		"http://localhost:1/a.yaml":                        {Scheme: bind.HTTP, URL: "http://localhost:1/a.yaml"},
	} {
		got, err := bind.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
		again, err := bind.Parse(got.String())
		require.NoError(t, err, text)
		assert.Equal(t, got, again, text)
	}
	for text, want := range map[string]string{
		"":                                  `"" is not a source: it is empty`,
		"a\nb":                              `"a\nb" is not a source: it contains a control character`,
		"a\u202eb":                          "\"a\\u202eb\" is not a source: it contains a control character",
		strings.Repeat("a", 2001):           `"` + strings.Repeat("a", 2000) + `" is not a source: it is longer than 2000 characters`,
		"git+https://h/r":                   `write it as git+https://HOST/REPO@REVISION:PATH`,
		"git+https://h/r@v1":                `write it as git+https://HOST/REPO@REVISION:PATH`,
		"git+https:///r@v1:a":               `write it as git+https://HOST/REPO@REVISION:PATH`,
		"git+https://h/@v1:a":               `write it as git+https://HOST/REPO@REVISION:PATH`,
		"git+https://h/r@:a":                `"" is not a git revision`,
		"git+https://h/r@-x:a":              `"-x" is not a git revision`,
		"git+https://h/r@a..b:a":            `"a..b" is not a git revision`,
		"git+https://h/r@v1:../a":           `"../a" is not a path in a repository`,
		"git+https://h/r@v1:/a":             `"/a" is not a path in a repository`,
		"git+https://h/r@v1:.git/config":    `".git/config" is not a path in a repository`,
		"git+ssh://-oProxyCommand=x/r@v1:a": `it has no host`,
		"git+ssh://-oProxy@h/r@v1:a":        `its user begins with a dash`,
		"git+http://h/r@v1:a":               "http is only for localhost\n  help: use https",
		"http://h/a":                        "http is only for localhost\n  help: use https",
		"git://h/r@v1:a":                    "it begins with none of",
		"ext::sh -c x":                      "",
		"bundle://":                         `write it as bundle://IMAGE#NAME`,
		"bundle://a b":                      `' ' cannot be in the name of an image`,
		"https://me:geh%0Aeim@h/x":          "its user or its password contains a control character",
		"bundle://me:geheim@quay.io/x#y":    "an image has no user\n  help: log in with docker login or podman login",
		"bundle://quay.io/x#../y":           `"../y" is not the name of a Task or a StepAction`,
		"hub://x":                           `write it as hub://NAME@VERSION`,
		"hub://a/b/c@1":                     `write it as hub://NAME@VERSION`,
		"hub://a@>=1":                       `write it as hub://NAME@VERSION`,
		"hub://../x@1":                      `write it as hub://NAME@VERSION`,
		"cluster://x":                       `write it as cluster://NAMESPACE/NAME`,
		"cluster://x/y/z":                   `write it as cluster://NAMESPACE/NAME`,
		"ftp://h/x":                         "did you mean",
		"https://me:geheim@h:x/y":           "it is not a URL",
		"git+https://me:ge/heim@h/r@v1:a":   "",
	} {
		s, err := bind.Parse(text)
		if want == "" {
			assert.NotContains(t, s.String(), "geheim")
			continue
		}
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), want, text)
		assert.NotContains(t, err.Error(), "geheim", text)
	}
}

// TestPassword shows that what gives access is not shown.
func TestPassword(t *testing.T) {
	for text, want := range map[string]string{
		"git+https://me:geheim@h/r@v1:a":                 "git+https://h/r@v1:a",
		"git+https://geheim@h/r@v1:a":                    "git+https://h/r@v1:a",
		"https://me:geheim@h/a.yaml":                     "https://h/a.yaml",
		"https://h/a.yaml?private_token=geheim&ref=x":    "https://h/a.yaml?ref=x",
		"https://h/a.yaml?X-Amz-Signature=geheim#geheim": "https://h/a.yaml",
	} {
		s, err := bind.Parse(text)
		require.NoError(t, err)
		assert.Equal(t, want, s.String())
	}
	s, err := bind.Parse("https://h/a.yaml?token=geheim&ref=x")
	require.NoError(t, err)
	assert.Equal(t, "https://h/a.yaml?token=geheim&ref=x", s.Address())
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"task.yaml", "git+https://me:pw@h/o/r@main:task/a.yaml", "git+ssh://git@h/r@v1:a", "git+file:///srv/r.git@v1:a", "bundle://q.io/o/x:0.1@sha256:00#x",
		"hub://mine/git-clone@0.9.1?type=tekton", "cluster://ci/notify", "https://h/a.yaml?ref=main&token=x", "http://[::1]:1/a", "git+https://h/%2e%2e@v:a",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := bind.Parse(text)
		if err != nil {
			return
		}
		shown := s.String()
		if strings.ContainsFunc(shown, unicode.IsControl) {
			t.Fatalf("%q is shown as %q", text, shown)
		}
		if !s.Remote() {
			return
		}
		again, err := bind.Parse(shown)
		if err != nil {
			t.Fatalf("%q is shown as %q: %v", text, shown, err)
		}
		if again.String() != shown || again.Password() != nil || again.Address() != again.URL {
			t.Fatalf("%q is shown as %q, and that as %q", text, shown, again)
		}
		for part := range strings.SplitSeq(s.Path, "/") {
			if part == ".." {
				t.Fatalf("%q has the path %q", text, s.Path)
			}
		}
		if strings.HasPrefix(s.Revision, "-") || strings.HasPrefix(s.URL, "-") || strings.HasPrefix(s.Image, "-") {
			t.Fatalf("%q begins like an option", text)
		}
	})
}

package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/pac"
)

// sampleFlags describe an event whose payload is made up.
type sampleFlags struct {
	event, provider             choice
	branch, tag, label, comment string
	url                         string
}

// add adds the flags to a command.
func (s *sampleFlags) add(cmd *cobra.Command) {
	s.event.allowed = []string{"push", "tag", "pull_request", "labeled", "comment"}
	s.provider = choice{value: "github", allowed: []string{"github", "gitlab"}}
	s.event.flag(cmd, "event", "", "`event` with the usual payload: "+alternatives(s.event.allowed))
	s.provider.flag(cmd, "provider", "", "`provider` of --event: "+alternatives(s.provider.allowed))
	f := cmd.Flags()
	f.StringVar(&s.branch, "branch", "main", "`branch` of --event push, and the target of a pull request")
	f.StringVar(&s.tag, "tag", "v1.0.0", "`tag` of --event tag")
	f.StringVar(&s.label, "label", "", "`label` of --event labeled")
	f.StringVar(&s.comment, "comment", "", "`text` of --event comment, such as /test")
	f.StringVar(&s.url, "url", "", "`URL` of the repository of --event; the default is that of the Repository")
	for _, name := range []string{"branch", "tag", "label", "comment", "url"} {
		complete(cmd, name, cobra.NoFileCompletions)
	}
}

// hook returns the webhook.
func (s *sampleFlags) hook(repositories []object.Object) (pac.Webhook, error) {
	url, gitlab, event := s.url, s.provider.value == "gitlab", s.event.value
	for _, o := range repositories {
		if u, ok := o.Object.(*unstructured.Unstructured); ok && url == "" {
			url, _, _ = unstructured.NestedString(u.Object, "spec", "url")
		}
	}
	if url == "" {
		url = "https://" + s.provider.value + ".com/owner/name"
	}
	url = strings.TrimSuffix(url, "/")
	lacks := func(flag string) (pac.Webhook, error) {
		return pac.Webhook{}, fmt.Errorf("--event %s needs --%s", event, flag)
	}
	ref := "refs/heads/" + s.branch
	if event == "tag" {
		ref = "refs/tags/" + s.tag
	}
	switch {
	case event == "labeled" && s.label == "":
		return lacks("label")
	case event == "comment" && s.comment == "":
		return lacks("comment")
	case gitlab && (event == "labeled" || event == "comment"):
		return pac.Webhook{}, fmt.Errorf("--event %s is not made for gitlab\n  help: use --payload", event)
	case event == "pull_request" && gitlab:
		return pac.GitLabMergeRequest(url, s.branch), nil
	case event == "pull_request":
		return pac.GitHubPullRequest(url, "opened", s.branch), nil
	case event == "labeled":
		return pac.GitHubLabel(url, s.label, s.branch), nil
	case event == "comment":
		return pac.GitHubComment(url, s.comment), nil
	case gitlab:
		return pac.GitLabPush(url, ref), nil
	}
	return pac.GitHubPush(url, ref), nil
}

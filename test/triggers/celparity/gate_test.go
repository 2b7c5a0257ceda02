package celparity

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	triggerscel "github.com/tektoncd/triggers/pkg/interceptors/cel"
	"google.golang.org/grpc/codes"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// strangeTrigger is a trigger for an event, with a filter, whose run executes a title.
const strangeTrigger = `
apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: hub}
spec:
  serviceAccountName: hub
  triggers:
    - name: t
      interceptors:
        - {ref: {name: %s}, params: [{name: secretRef, value: {secretName: hook, secretKey: token}}, {name: eventTypes, value: ["%s"]}]}
        - {ref: {name: cel}, params: [{name: filter, value: %q}]}
      bindings: [{name: title, value: $(body.pull_request.title)}]
      template:
        spec:
          params: [{name: title}]
          resourcetemplates:
            - apiVersion: tekton.dev/v1
              kind: TaskRun
              metadata: {generateName: t-}
              spec:
                params: [{name: title, value: $(tt.params.title)}]
                taskSpec:
                  params: [{name: title}]
                  steps: [{name: say, image: docker.io/library/busybox:1.37.0, script: echo "$(params.title)"}]
`

var suggestion = regexp.MustCompile(`stop strangers with a CEL filter such as (".*")`)

// suggested returns the filter that is suggested for an event; "" if strangers do not
// cause it or the filter stops them.
func suggested(t testing.TB, interceptor, event, filter string) string {
	t.Helper()
	objects, findings := manifest.Parse(fmt.Appendf(nil, strangeTrigger, interceptor, event, filter), "t.yaml")
	require.Empty(t, findings)
	found, err := check.Run(t.Context(), objects, check.Profile{})
	require.NoError(t, err)
	for _, f := range found {
		if f.Code == "untrusted-input" {
			m := suggestion.FindStringSubmatch(f.Help)
			require.NotNil(t, m, f.Help)
			text, err := strconv.Unquote(m[1])
			require.NoError(t, err)
			return text
		}
	}
	return ""
}

// filterWith runs upstream's interceptor with a filter.
func filterWith(filter, body string) *v1beta1.InterceptorResponse {
	return triggerscel.NewInterceptor(noSecrets{}).Process(context.Background(), &v1beta1.InterceptorRequest{
		Body: body, Header: map[string][]string{}, Context: &v1beta1.TriggerContext{TriggerID: "namespaces/ci/triggers/t"},
		InterceptorParams: map[string]any{"filter": filter},
	})
}

// TestSuggestedFilters: what is suggested against strangers stops them, is no error for
// other events, and is then known by the rule.
func TestSuggestedFilters(t *testing.T) {
	filters := map[string]string{}
	for _, interceptor := range []string{"github", "gitlab", "bitbucket"} {
		for _, event := range facts.EventNames(interceptor) {
			filter := suggested(t, interceptor, event, "true")
			if filter == "" {
				continue
			}
			filters[event] = filter
			assert.Empty(t, suggested(t, interceptor, event, filter), "%s: the rule does not know its own filter %s", event, filter)
			sender := interceptor
			switch {
			case interceptor == "github":
				sender = "git[he]*" // Gitea's have its header, too
			case strings.HasPrefix(event, "pr:"), strings.HasPrefix(event, "repo:comment:"), event == "repo:forked":
				sender = "bitbucket-server"
			case interceptor == "bitbucket":
				sender = "bitbucket-cloud"
			}
			files, err := filepath.Glob("../testdata/" + sender + "-*.json")
			require.NoError(t, err)
			require.NotEmpty(t, files)
			bodies := []string{"{}"}
			for _, file := range files {
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				bodies = append(bodies, string(text))
			}
			for i, body := range bodies {
				out := filterWith(filter, body)
				if out.Status.Code != codes.OK && out.Status.Code != codes.FailedPrecondition {
					t.Errorf("%s with payload %d: %s: %s", event, i, filter, out.Status.Message)
				}
			}
		}
	}
	assert.Len(t, filters, 61)

	for name, c := range map[string]struct {
		event, body string
		passes      bool
	}{
		"a comment of somebody":           {"issue_comment", `{"comment":{"user":{"id":1},"author_association":"OWNER"},"sender":{"id":42}}`, false},
		"a comment of 42":                 {"issue_comment", `{"comment":{"user":{"id":42}}}`, true},
		"a comment of 42 on Gitea":        {"pull_request_comment", `{"comment":{"user":{"id":42}},"sender":{"id":42}}`, true},
		"a comment edited by 42 on Gitea": {"pull_request_comment", `{"comment":{"user":{"id":1}},"sender":{"id":42}}`, false},
		"a review of 42 on Gitea":         {"pull_request_comment", `{"review":{"content":""},"sender":{"id":42}}`, true},
		"a review of 1 on Gitea":          {"pull_request_comment", `{"review":{"content":""},"sender":{"id":1}}`, false},
		"AGit":                            {"pull_request", agit(`"refs/pull/7/head"`, `{"full_name":"a/b"}`), false},
		"AGit approved":                   {"pull_request_approved", agit(`"refs/pull/7/head"`, `{"full_name":"a/b"}`), false},
		"a branch on Gitea":               {"pull_request_sync", agit(`"fix"`, `{"full_name":"a/b"}`), true},
		"a fork on Gitea":                 {"pull_request", agit(`"fix"`, `{"full_name":"eve/b"}`), false},
		"a deleted fork":                  {"pull_request", agit(`"fix"`, `null`), false},
		"a fork without a name":           {"pull_request", agit(`"fix"`, `{}`), false},
		"Cloud":                           {"pullrequest:approved", `{"pullrequest":{"source":{"repository":{"uuid":"{1}"}},"destination":{"repository":{"uuid":"{1}"}}}}`, true},
		"a fork on Cloud":                 {"pullrequest:approved", `{"pullrequest":{"source":{"repository":{"uuid":"{2}"}},"destination":{"repository":{"uuid":"{1}"}}}}`, false},
		"a deleted fork on Cloud":         {"pullrequest:created", `{"pullrequest":{"source":{"repository":null},"destination":{"repository":{"uuid":"{1}"}}}}`, false},
		"a fork on a server":              {"pr:reviewer:approved", `{"pullRequest":{"fromRef":{"repository":{"id":2}},"toRef":{"repository":{"id":1}}}}`, false},
		"an issue labelled by 42":         {"Issue Hook", `{"user":{"id":42},"object_attributes":{"author_id":1}}`, false},
		"a fork on GitLab":                {"Merge Request Hook", `{"object_attributes":{"source_project_id":1,"target_project_id":2}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			out := filterWith(filters[c.event], c.body)
			assert.Equal(t, c.passes, out.Continue, "%s: %s", filters[c.event], out.Status.Message)
			assert.Contains(t, []codes.Code{codes.OK, codes.FailedPrecondition}, out.Status.Code, out.Status.Message)
		})
	}
}

// agit returns a pull request as Gitea sends it, with a ref and a repository of its head.
func agit(ref, repository string) string {
	return `{"pull_request":{"head":{"ref":` + ref + `,"repo":` + repository + `},"base":{"ref":"main","repo":{"full_name":"a/b"}}},"repository":{"full_name":"a/b"}}`
}

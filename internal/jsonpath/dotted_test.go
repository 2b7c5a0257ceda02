package jsonpath

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDottedKeys(t *testing.T) {
	for expr, want := range map[string][]string{
		"body.taskRun.metadata.labels['tekton.dev/pipelineTask']":        {`tekton\.dev/pipelineTask`},
		"body.taskRun.metadata.labels.tekton.dev/pipelineRun":            {`tekton\.dev/pipelineRun`},
		"body.metadata.annotations['a.b.c/d.e']":                         {`a\.b\.c/d\.e`},
		"body.metadata.labels['app.kubernetes.io']":                      {`app\.kubernetes\.io`},
		"body.items[0].metadata.labels['app.kubernetes.io/name']":        {`app\.kubernetes\.io/name`},
		"body['metadata']['labels']['tekton.dev/x']":                     {`tekton\.dev/x`},
		"body.items[?(@.metadata.labels['tekton.dev/x']=='a.b/c')].name": {`tekton\.dev/x`},
		"body.labels['a.io/b','c.io/d']":                                 {`a\.io/b`},
		"body.extra['example.com/x']":                                    {`example\.com/x`},
		"body.extra.example.com/x":                                       {`example\.com/x`},
		"{.body.metadata.labels['tekton.dev/x']}":                        {`tekton\.dev/x`},
		"body.data['settings.xml']":                                      {`settings\.xml`},
		`body.labels['tekton\.dev/a.b']`:                                 {`tekton\.dev/a\.b`},
		"body.metadata.labels.app.kubernetes.io/name":                    {`app\.kubernetes\.io/name`},
		`body.taskRun.metadata.labels['tekton\.dev/pipelineTask']`:       nil,
		`body.taskRun.metadata.labels.tekton\.dev/pipelineRun`:           nil,
		"body['repository.clone_url']":                                   nil, // finds clone_url of repository
		"body.repository['owner.login']":                                 nil,
		"extensions['a.b']":                                              nil,
		"body.metadata.labels.app":                                       nil,
		"body.metadata.labels['app']":                                    nil,
		"body.pull_request.labels[0].name":                               nil,
		"body.metadata.labels['team/app']":                               nil,
		"body.metadata.labels.team/app":                                  nil,
		"body.items[?(@.name=='tekton.dev/x')].id":                       nil,
		"body.repository.clone_url":                                      nil,
		"header.X-GitHub-Event":                                          nil,
		"body.ref":                                                       nil,
		"body.data['user.name']":                                         nil,
		"":                                                               nil,
	} {
		var got []string
		for _, d := range DottedKeys(expr) {
			got = append(got, d.Escaped)
		}
		assert.Equal(t, want, got, expr)
	}
}

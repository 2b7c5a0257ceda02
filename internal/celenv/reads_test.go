package celenv_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/celenv"
)

func TestRead(t *testing.T) {
	type m = map[string][]string
	for expr, want := range map[string]celenv.Reading{
		"body.action in ['opened', 'reopened'] && body.sender.login == 'ada'": {
			Paths: []string{"body.action", "body.sender.login"}, Values: m{"body.action": {"opened", "reopened"}, "body.sender.login": {"ada"}},
		},
		"!(body.sender.login in ['bot']) && body.x != 'y'":   {},
		"body.x != 'y' && body.x == 'z'":                     {Paths: []string{"body.x"}, Values: m{"body.x": {"z"}}},
		"!body.pull_request.head.repo.fork":                  {},
		"header.match('X-GitHub-Event', 'push')":             {Paths: []string{"header"}, Values: m{"header.x-github-event": {"push"}}},
		"header.canonical('X-GitHub-Event') == 'push'":       {Paths: []string{"header.x-github-event"}, Values: m{"header.x-github-event": {"push"}}},
		"header['X-Github-Event'][0] == 'push'":              {Paths: []string{"header.x-github-event"}, Values: m{"header.x-github-event": {"push"}}},
		"body.pull_request.labels.exists(l, l.name == 'ok')": {Paths: []string{"body.pull_request.labels"}},
		"'ok' in body.labels.map(l, l.name)":                 {Paths: []string{"body.labels"}},
		"has(body.issue.pull_request)":                       {Tested: []string{"body.issue.pull_request"}},
		"body.comment.body.matches('^/deploy$')":             {Paths: []string{"body.comment.body"}},
		"'x-' + body.title.trim().replace('$(', '$ (')":      {Paths: []string{"body.title"}, Texts: []string{"body.title"}},
		"body.ref.split('/')[2]":                             {Paths: []string{"body.ref"}, Texts: []string{"body.ref"}},
		"'%s'.format([body.commits[0]['message']])":          {Paths: []string{"body.commits[0].message"}, Texts: []string{"body.commits[0].message"}},
		"body.title.translate('[^a-z]', '')":                 {Paths: []string{"body.title"}},
		"body.after.truncate(7)":                             {Paths: []string{"body.after"}, Texts: []string{"body.after"}},
		"has(body.a) ? body.a : string(body.b)":              {Paths: []string{"body.a", "body.b"}, Tested: []string{"body.a"}, Texts: []string{"body.a", "body.b"}},
		"{'a': body.x}[body.y]":                              {Paths: []string{"body.x", "body.y"}},
		"body.a == false && true != body.b":                  {},
		"body.a == true && !(false == body.b)":               {Paths: []string{"body.a", "body.b"}},
		"body.a || true":                                     {},
		"true || body.a == 'x'":                              {},
		"!(false && body.a == 'x')":                          {},
		"body.b == 'y' && (body.a || !false)":                {Paths: []string{"body.b"}, Values: m{"body.b": {"y"}}},
		"body.a && false":                                    {Never: true},
		"body.a || !body.a":                                  {Paths: []string{"body.a"}},
		"body.a && body.a == body.b":                         {Paths: []string{"body.a", "body.b"}},
		"body.a != 'x' && body.a != 'y'":                     {},
		"body.a != 'x' && body.a != body.b":                  {},
		"body.a.b(":                                          {},
	} {
		if want.Values == nil {
			want.Values = m{}
		}
		assert.Equal(t, want, celenv.Read(expr), expr)
	}
}

package pac

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestExpand(t *testing.T) {
	v := Values{
		Standard: map[string]string{"revision": "abc", "git_tag": "", "pull_request_number": "7"},
		Params:   map[string]string{"who": "me", "pull_request_number": "8"},
		Body:     map[string]any{"title": "a title", "labels": []any{"a", "b"}, "n": 7.0},
		Headers:  map[string]string{"X-Github-Event": "push"},
		Files:    map[string]any{"all": []string{"a"}},
	}
	for in, want := range map[string]string{
		"{{ revision }}{{revision}}":                   "abcabc",
		"{{x}} {{ x }} {{ }} ${{ a }}":                 "{{x}} {{ x }} {{ }} ${{ a }}",
		"<{{ git_tag }}> {{ cel: git_tag }}":           "<{{ git_tag }}> ",
		"{{ pull_request_number }} {{ who }}":          "7 me",
		"{{ body.title }} {{ body.none }}":             "a title {{ body.none }}",
		"{{ body.labels }} {{ body.n }}":               `["a","b"] 7`,
		"{{ headers['X-Github-Event'] }}":              "push",
		"{{ cel: revision == 'abc' ? 'yes' : 'no' }}":  "yes",
		"{{ cel: body.none }}|{{ cel: ( }}":            "|",
		"{{ cel: files.all.size() }} {{ files.none }}": "1 {{ files.none }}",
		"{{ cel: pac.who + 'x' }}":                     "mex",
	} {
		assert.Equal(t, want, Expand(in, v).Text, in)
	}
	v.NoParams = true
	assert.Equal(t, "<>", Expand("<{{ git_tag }}>", v).Text)
}

func TestSource(t *testing.T) {
	text := "a {{ revision }} b {{ who }}{{ none }} c"
	e := Expand(text, Values{Standard: map[string]string{"revision": "abc"}, Params: map[string]string{"who": "a longer text than it"}})
	for _, part := range []string{"a ", " b", "{{ none }}", " c"} {
		assert.Equal(t, strings.Index(text, part), e.Source(strings.Index(e.Text, part)), part)
	}
	assert.Equal(t, 2, e.Source(2))
	assert.Equal(t, 2, e.Source(4))
	assert.Equal(t, strings.Index(text, "{{ who"), e.Source(strings.Index(e.Text, "than")))
	assert.Equal(t, len(text), e.Source(len(e.Text)))
}

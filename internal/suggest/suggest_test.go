package suggest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestName(t *testing.T) {
	fields := []string{"", "name", "image", "imagePullPolicy", "script", "steps", "workingDir", "env", "envFrom", "a-b_c.d"}
	for in, want := range map[string]string{
		"workingdir": "workingDir", "working_dir": "workingDir", "WORKING-DIR": "workingDir", "imagePullPolicys": "imagePullPolicy",
		"nmae": "name", "step": "steps", "scirpt": "script", "evn": "env", "abcd": "a-b_c.d", "x": "", "no": "", "command": "", "": "",
		"name": "", "envfrom": "envFrom", "envs": "env",
	} {
		assert.Equal(t, want, Name(in, fields), "%q", in)
	}
	many := make([]string, MaxCandidates, MaxCandidates+1)
	assert.Empty(t, Name("name", append(many, "nam")), "only MaxCandidates are compared")
}

func TestNameOfParams(t *testing.T) {
	all := []string{"repo", "revision", "IMAGE", "go-flags", "x"}
	for in, want := range map[string]string{
		"rep": "repo", "erpo": "repo", "Repo": "repo", "revison": "revision", "image": "IMAGE", "goFlags": "go-flags",
		"y": "", "something": "", "": "", "repo": "",
	} {
		assert.Equal(t, want, Name(in, all), in)
	}
}

func TestDistance(t *testing.T) {
	long := strings.Repeat("x", 100)
	for _, c := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"", "", 3, 0}, {"a", "", 3, 1}, {"", "ab", 3, 2}, {"abc", "acb", 3, 1}, {"abc", "abd", 3, 1}, {"abc", "xyz", 3, 3}, {"abc", "xyz", 2, 2},
		{"kitten", "sitting", 9, 3}, {"abcdef", "a", 3, 3}, {long, long + "y", 3, 1}, {long, "y" + long[1:], 3, 1},
	} {
		assert.Equal(t, c.want, Distance(c.a, c.b, c.limit), "%.9s %.9s", c.a, c.b)
		assert.Equal(t, c.want, Distance(c.b, c.a, c.limit), "%.9s %.9s", c.b, c.a)
	}
}

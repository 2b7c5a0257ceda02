package suggest

import (
	"math/rand"
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

// TestDistanceNearDiagonal compares with the whole table of distances.
func TestDistanceNearDiagonal(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	word := func() string {
		b := make([]byte, random.Intn(12))
		for i := range b {
			b[i] = "abc"[random.Intn(3)]
		}
		return string(b)
	}
	for range 50_000 {
		a, b := word(), word()
		for limit := 1; limit <= 13; limit++ {
			if want := min(distance(a, b), limit); want != Distance(a, b, limit) {
				t.Fatalf("%q to %q is %d, up to %d; got %d", a, b, distance(a, b), limit, Distance(a, b, limit))
			}
		}
	}
}

func distance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], 1+d[i-2][j-2])
				}
			}
		}
	}
	return d[len(a)][len(b)]
}

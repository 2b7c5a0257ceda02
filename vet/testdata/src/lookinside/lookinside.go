package lookinside

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tekwright/tekwright/pkg/builder"
)

var pattern = regexp.MustCompile("a")

func bad(ref, sha builder.String, m builder.Mount) {
	_ = sha[:7]               // want `sha\[:7\] cuts a variable, not the value that sha has in a run; pass it to a step through Env, and do this in its script`
	_ = string(sha)[1:]       // want `cuts a variable`
	_ = ref[0]                // want `ref\[0\] is a byte of a variable`
	_ = len(ref)              // want `len\(ref\) measures a variable`
	_ = len(string(ref)) > 20 // want `len\(string\(ref\)\) measures a variable, not the value that ref has`
	_ = len(ref) == 1         // want `measures`
	for range ref {           // want `range ref reads the characters of a variable`
	}
	for range []byte(ref) { // want `reads the characters`
	}
	_ = strings.Split(string(ref), "/")                           // want `strings.Split reads a variable, not the value that ref has in a run`
	_ = strings.HasPrefix(string(ref), "refs/")                   // want `strings.HasPrefix reads`
	_ = strings.ToLower("x" + string(ref))                        // want `strings.ToLower reads`
	_ = strings.EqualFold("main", string(ref))                    // want `strings.EqualFold reads`
	_ = strings.TrimSuffix(fmt.Sprint(ref), ".git")               // want `strings.TrimSuffix reads`
	_ = builder.String(strings.ReplaceAll(string(ref), "/", "-")) // want `strings.ReplaceAll reads`
	_ = strings.NewReplacer("/", "-").Replace(string(ref))        // want `Replace reads`
	_, _ = strconv.Atoi(string(ref))                              // want `strconv.Atoi reads`
	_ = pattern.MatchString(string(ref))                          // want `pattern.MatchString reads`
	_ = regexp.QuoteMeta(string(ref))                             // want `regexp.QuoteMeta reads`
	_ = path.Base(string(m.PathValue()))                          // want `path.Base reads`
	_, _ = url.Parse(string(ref))                                 // want `url.Parse reads`
	_ = url.QueryEscape(string(ref))                              // want `url.QueryEscape reads`
	_, _ = time.ParseDuration(string(ref))                        // want `time.ParseDuration reads`
	text := string(ref) + "/x"
	_, _, _ = strings.Cut(text, "/") // want `strings.Cut reads a variable, not the value that text has`
}

func good(ref builder.String, m builder.Mount, r builder.Result, name string, outcome builder.TaskStatus, t *builder.Task) {
	_ = len(ref) == 0 || len(ref) > 0 || 0 != len(string(ref)) || len(ref) < 1
	_ = ref[:]
	_ = len(name) + len(outcome) + len("x")
	_ = "x/" + ref
	_ = builder.String(strings.Split(name, "/")[0])
	_ = strings.Join([]string{string(ref), "x"}, "/")
	_ = strings.ReplaceAll("a X", "X", string(ref))
	_ = strings.Repeat(string(ref), 2)
	_ = strings.TrimSpace(r.Path())
	_ = path.Join(string(m.PathValue()), "x")
	_ = strings.Contains(name, "x")
	_ = strings.Contains(string(ref), "$(")
	t.Step("x").Script("cat " + string(m.PathValue()))
	var b strings.Builder
	b.WriteString(string(ref))
	for range map[string]builder.String{"a": ref} {
	}
	const fixed builder.String = "v1"
	_ = fixed[1:]
	_ = pattern.ReplaceAllString(name, string(ref))
}

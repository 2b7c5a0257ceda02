package real_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/golden"
)

// What a stranger may put into a param. Any shell that reads it as a program
// writes the word without the quotes.
var hostile = map[string]string{
	"text": "$(echo pwn''ed >&2)`echo pwn''ed >&2`'; echo pwn''ed >&2; \"; echo pwn''ed >&2 #\necho pwn''ed >&2\n* ?[a-z] ~ $(reboot)",
	"dash": "--version",
}

// Every param of every task takes each of them: as data, or not at all. What
// becomes of it is a golden, so that somebody has looked at each.
func TestHostile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.good(t, b.usual("helm-deploy", "")) // for the rollbacks

	var mu sync.Mutex
	verdicts := map[string]string{}
	t.Run("params", func(t *testing.T) {
		n := 0
		for _, name := range slices.Sorted(maps.Keys(catalogue())) {
			for _, p := range b.task(t, name).Spec.Params {
				for _, kind := range slices.Sorted(maps.Keys(hostile)) {
					n++
					c := b.usual(name, fmt.Sprintf("-h%d", n))
					switch name {
					case "helm-rollback":
						c = c.with("release", "app")
					case "go-test", "go-build": // the standard library is compiled once
						c.workspaces = append(c.workspaces, claimed("cache", "cache"))
					}
					var value any = hostile[kind]
					if p.Type == v1.ParamTypeArray {
						value = []string{hostile[kind]}
					}
					c = c.with(p.Name, value)
					t.Run(name+"/"+p.Name+"/"+kind, func(t *testing.T) {
						t.Parallel()
						run, log := b.end(t, c)
						assert.NotContains(t, b.everything(t, run), "pwned")
						mu.Lock()
						defer mu.Unlock()
						verdicts[name+" "+p.Name+" "+kind] = verdict(run, name, log, kind)
					})
				}
			}
		}
	})
	var all strings.Builder
	for _, key := range slices.Sorted(maps.Keys(verdicts)) {
		fmt.Fprintf(&all, "%s: %s\n", key, verdicts[key])
	}
	golden.Check(t, "testdata/hostile.txt", []byte(strings.ReplaceAll(all.String(), b.ns, "NAMESPACE")))
}

// verdict is how the run ended: in success, or with the line in which the
// task's script says why.
func verdict(run *v1.TaskRun, task, log, kind string) string {
	if run.IsSuccessful() {
		return "works"
	}
	why := "failed without a word of its own: " + log
	text := "\n" + log
	for _, value := range []string{hostile[kind], shown(hostile[kind])} {
		text = strings.ReplaceAll(text, value, "HOSTILE")
	}
	if i := strings.LastIndex(text, "\n"+task+": "); i >= 0 {
		why = strings.TrimSpace(text[i:])
	}
	if len(run.Status.Results) > 0 {
		names := []string{}
		for _, r := range run.Status.Results {
			names = append(names, r.Name)
		}
		why += " (results: " + strings.Join(names, ", ") + ")"
	}
	return "fails, " + why
}

// shown is a value as the scripts of the catalogue print it: no control character of it
// reaches a log.
func shown(value string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return '?'
		}
		return r
	}, value)
}

// What may be any text arrives as it is.
func TestHostileArrives(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	text := hostile["text"]
	sum := sha256.Sum256([]byte(text))
	for _, name := range []string{"docker-build", "kaniko", "buildkit"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // the Dockerfile compares
			run, _ := b.good(t, b.usual(name, "").with("build-args", []string{"TEXT=" + text, "SUM=" + hex.EncodeToString(sum[:])}))
			assert.NotContains(t, b.everything(t, run), "pwned")
		})
	}
	t.Run("helm-deploy", func(t *testing.T) {
		t.Parallel()
		for _, list := range []string{"set", "set-string"} {
			b.good(t, b.usual("helm-deploy", "").with(list, []string{"text=" + text}))
			made, err := b.Core.CoreV1().ConfigMaps(b.ns).Get(t.Context(), "app", metav1.GetOptions{})
			require.NoError(t, err)
			assert.Equal(t, text, made.Data["text"])
		}
	})
	t.Run("gitops-update", func(t *testing.T) {
		t.Parallel()
		b.good(t, b.usual("gitops-update", "").with("message", "-"+text).with("author-email", "$(echo pwn''ed)"))
		assert.Equal(t, "-"+text, b.operations.Git(t, "log", "-1", "--format=%B", "main"))
		assert.Equal(t, "$(echo pwn''ed)", b.operations.Git(t, "log", "-1", "--format=%ae", "main"))
	})
}

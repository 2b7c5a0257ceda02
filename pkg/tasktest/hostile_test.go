package tasktest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasktest"
)

// attacked returns what is found with a script, which gets the param who as $WHO and as a
// variable of Tekton.
func attacked(t *testing.T, script string) []string {
	t.Helper()
	found, err := tasktest.Attack(t.Context(), tasktest.Case{
		Task: task(t, `
params: [{name: who}]
results: [{name: said}]
workspaces: [{name: source}]
steps:
  - image: x
    env: [{name: WHO, value: $(params.who)}]
    args: [$(params.who)]
    script: |
      cd $(workspaces.source.path)
      `+script),
		Params:     tasktest.Params{"who": "you"},
		Workspaces: map[string]tasktest.Folder{"source": {}},
		Commands:   map[string]tasktest.Command{"greet": {}},
	}, host())
	require.NoError(t, err)
	return found
}

func TestHostile(t *testing.T) {
	t.Parallel()
	for _, safe := range []string{
		`greet "$WHO"; printf 'x%s' "$1" >"$(results.said.path)"; printf %s "$WHO" >out`,
		`case $WHO in *[!a-z-]*) exit 1 ;; esac; greet "$WHO"`,
	} {
		assert.Empty(t, attacked(t, safe), safe)
	}
	for _, unsafe := range []struct{ script, want string }{
		{`greet $(params.who)`, "was run as a command"},
		{`greet "$(params.who)"`, "was run as a command"},
		{`eval "greet $WHO"`, "was run as a command"},
		{`sh -c "greet '$WHO'"`, "was run as a command"},
		{`greet $WHO`, `argument 1 of call 1 of greet is "$(tasktest-injected", want "$(tasktest-injected >tasktest-canary)"`},
		{`greet "$(echo "$WHO")"`, `with the value "trailing\n": argument 1 of call 1 of greet is "trailing", want "trailing\n"`},
		{`echo $WHO >out`, `with the value "two\nlines": file source/out is "two lines\n", want "two\nlines\n"`},
		{`printf "$WHO" >"$(results.said.path)"`, `result said is`},
		{`if [ "$WHO" != "*" ]; then greet "$WHO"; fi`, `with the value "*": there are 0 calls, but 1`},
	} {
		found := strings.Join(attacked(t, unsafe.script), "\n")
		assert.Contains(t, found, unsafe.want, unsafe.script)
	}
}

func TestHostileNeedsABaseline(t *testing.T) {
	t.Parallel()
	_, err := tasktest.Attack(t.Context(), tasktest.Case{Task: task(t, `
params: [{name: who}]
steps: [{image: x, script: "exit 1"}]
`)}, host())
	assert.ErrorContains(t, err, "nothing can be compared")
}

// TestHostileNowhere: a param that is named must arrive somewhere, or nothing shows what becomes
// of its values.
func TestHostileNowhere(t *testing.T) {
	t.Parallel()
	c := tasktest.Case{
		Task:     task(t, "params: [{name: who}, {name: times}]\nsteps: [{image: x, env: [{name: WHO, value: $(params.who)}, {name: TIMES, value: $(params.times)}], script: '[ \"$TIMES\" = 0 ] || greet \"$WHO\"'}]"),
		Params:   tasktest.Params{"who": "someone", "times": "0"},
		Commands: map[string]tasktest.Command{"greet": {}},
	}
	found, err := tasktest.Attack(t.Context(), c, host(), "who")
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Contains(t, found[0], `param "who": the harmless value "someone" arrives at no call, result or file`)
	c.Params["times"] = "1"
	found, err = tasktest.Attack(t.Context(), c, host(), "who")
	require.NoError(t, err)
	assert.Empty(t, found)
}

package refusal_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// verdict is what a cluster says of one example of a defect. It has exactly one
// of Refused, Client, Fails, Literal, Reaches, Skipped, Event, Interceptor, and Accepted.
type verdict struct {
	What string            `json:"what"` // which example; "" for the bad one of the rule
	YAML string            `json:"yaml"` // the example; that of the rule if empty
	Text bool              `json:"text"` // the server reads the text itself
	Idle bool              `json:"idle"` // nothing of it is run
	Need map[string]string `json:"need"` // flags of the ConfigMap feature-flags

	Results map[string]any `json:"results"` // what the stand-in of a kubelet lets tasks write

	Refused string `json:"refused"` // what the API server or a webhook says
	Client  string `json:"client"`  // what any client says that asks what is served

	Fails   string `json:"fails"`   // the reason of a run that fails
	Message string `json:"message"` // and a part of its message

	Literal string `json:"literal"` // what reaches a pod as it is
	Reaches string `json:"reaches"` // what reaches a pod in place of what was meant
	Skipped string `json:"skipped"` // the reason why a task is skipped
	Event   string `json:"event"`   // what the log of the listener says when an event arrives

	// What the log of Tekton's interceptors says then, and that of the listener
	// does not.
	Interceptor string `json:"interceptor"`

	Accepted string `json:"accepted"` // nothing shows on a control plane, for this reason

	// What a node says where a control plane lets it pass: the reason why a pod
	// waits, or that of the run, or a part of its message or of a step's log.
	Node string `json:"node"`
}

// tried tells whether a cluster of the tier can be asked: what a run does
// without a node is known where a stand-in ends its pods.
func (v verdict) tried(tier string) bool {
	return tier == harness.ControlPlane || v.Refused+v.Client != "" || tier == harness.Node && v.Node != ""
}

func (v verdict) kinds() int {
	n := 0
	for _, s := range []string{v.Refused, v.Client, v.Fails, v.Literal, v.Reaches, v.Skipped, v.Event, v.Interceptor, v.Accepted} {
		if s != "" {
			n++
		}
	}
	return n
}

func verdicts(t *testing.T) map[string][]verdict {
	t.Helper()
	all := map[string][]verdict{}
	files, err := filepath.Glob("testdata/further/*.yaml")
	require.NoError(t, err)
	for _, file := range append(files, "testdata/verdicts.yaml") {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		some := map[string][]verdict{}
		require.NoError(t, yaml.UnmarshalStrict(data, &some))
		for code, cases := range some {
			all[code] = append(all[code], cases...)
		}
	}
	return all
}

// TestTable holds the table against the rules: each that is an error has its
// verdict, and the bad example of the rule is one of those that are tried. What is an error
// to Pipelines-as-Code never arrives in a cluster; test/pac shows it.
func TestTable(t *testing.T) {
	all := verdicts(t)
	for _, r := range check.Rules() {
		if r.Severity == diag.Error && r.Topic != "pac" {
			assert.NotEmpty(t, all[r.Code], "%s has no verdict", r.Code)
		}
	}
	for code, cases := range all {
		_, ok := check.Lookup(code)
		assert.True(t, ok, "%s is no rule", code)
		seen := map[string]bool{}
		for _, v := range cases {
			assert.Equal(t, 1, v.kinds(), "%s %s: a verdict is one of refused, client, fails, literal, reaches, skipped, event, interceptor, accepted", code, v.What)
			assert.Equal(t, v.What == "", v.YAML == "", "%s %s: an example of one's own says what it is", code, v.What)
			assert.False(t, seen[v.What], "%s %s: twice", code, v.What)
			seen[v.What] = true
			assert.True(t, v.Node == "" || v.Accepted+v.Literal != "", "%s %s: a node is asked where no run fails without", code, v.What)
		}
		if r, _ := check.Lookup(code); r.Severity == diag.Error {
			assert.True(t, seen[""], "%s: the example of the rule is not tried", code)
		}
	}
}

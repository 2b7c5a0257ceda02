package check_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

const twoPasting = `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t, namespace: ci}
spec:
  params: [{name: a}, {name: unused}]
  steps:
    - {name: s, image: "registry.local/a:1", script: "echo $(params.a)"}
    - {name: s10, image: "registry.local/a:1", script: "echo $(params.a)"}
`

// TestAccepted tests which findings are accepted, and what is said of entries that accept
// none.
func TestAccepted(t *testing.T) {
	task := diag.ObjectRef{Kind: "Task", Name: "t"}
	named := func(namespace, apiVersion string) diag.ObjectRef {
		return diag.ObjectRef{Kind: "Task", Name: "t", Namespace: namespace, APIVersion: apiVersion}
	}
	const both = "input-in-script@spec.steps[0].script input-in-script@spec.steps[1].script "
	for name, c := range map[string]struct {
		accepted check.Accepted
		want     string
	}{
		"nothing":            {check.Accepted{}, both + "suppression-unknown@"},
		"all of the object":  {check.Accepted{Object: task, Code: "input-in-script", Reason: "r"}, ""},
		"one":                {check.Accepted{Object: task, Code: "input-in-script", Path: "spec.steps[0].script", Reason: "r"}, "input-in-script@spec.steps[1].script"},
		"a value around it":  {check.Accepted{Object: task, Code: "input-in-script", Path: "spec.steps[1]", Reason: "r"}, "input-in-script@spec.steps[0].script"},
		"a list around it":   {check.Accepted{Object: task, Code: "input-in-script", Path: "spec.steps", Reason: "r"}, ""},
		"a part of a name":   {check.Accepted{Object: task, Code: "input-in-script", Path: "spec.step", Reason: "r"}, both + "suppression-unused@"},
		"another index":      {check.Accepted{Object: task, Code: "input-in-script", Path: "spec.steps[10]", Reason: "r"}, both + "suppression-unused@"},
		"another object":     {check.Accepted{Object: diag.ObjectRef{Kind: "Task", Name: "u"}, Code: "input-in-script", Reason: "r"}, both + "suppression-unused@"},
		"another kind":       {check.Accepted{Object: diag.ObjectRef{Kind: "Pipeline", Name: "t"}, Code: "input-in-script", Reason: "r"}, both + "suppression-unused@"},
		"its namespace":      {check.Accepted{Object: named("ci", ""), Code: "input-in-script", Reason: "r"}, ""},
		"another namespace":  {check.Accepted{Object: named("x", ""), Code: "input-in-script", Reason: "r"}, both + "suppression-unused@"},
		"its apiVersion":     {check.Accepted{Object: named("", "tekton.dev/v1"), Code: "input-in-script", Reason: "r"}, ""},
		"another apiVersion": {check.Accepted{Object: named("", "tekton.dev/v1beta1"), Code: "input-in-script", Reason: "r"}, both + "suppression-unused@"},
		"another code":       {check.Accepted{Object: task, Code: "image-missing", Reason: "r"}, both + "suppression-unused@"},
		"a code of no rule":  {check.Accepted{Object: task, Code: "input-in-scrip", Reason: "r"}, both + "suppression-unknown@"},
		"without a reason":   {check.Accepted{Object: task, Code: "input-in-script"}, both + "suppression-reason@"},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := manifest.Read(strings.NewReader(twoPasting), "t.yaml")
			require.NoError(t, err)
			objects, err := set.Objects()
			require.NoError(t, err)
			suppressed := 0
			profile := check.Profile{Accepted: []check.Accepted{c.accepted}, Suppressed: func(_ diag.Finding, reason string) {
				suppressed++
				assert.Equal(t, "r", reason)
			}}
			found, err := check.Run(context.Background(), objects, profile)
			require.NoError(t, err)
			got := ""
			n := 0
			for _, f := range found {
				if f.Code == "input-in-script" {
					n++
				}
				if f.Code == "input-in-script" || f.Code[:5] == "suppr" {
					got += f.Code + "@" + f.Path.String() + " "
				}
			}
			assert.ElementsMatch(t, strings.Fields(c.want), strings.Fields(got))
			assert.Equal(t, 2-n, suppressed)
		})
	}
	t.Run("a rule that is disabled", func(t *testing.T) {
		set, err := manifest.Read(strings.NewReader(twoPasting), "t.yaml")
		require.NoError(t, err)
		set.Profile(check.Profile{Disabled: []string{"input-in-script"}})
		set.Accept(check.Accepted{Object: task, Code: "input-in-script", Reason: "r"})
		for _, f := range set.Findings() {
			assert.NotEqual(t, "suppression-unused", f.Code)
		}
	})
	t.Run("a profile that is set later", func(t *testing.T) {
		set, err := manifest.Read(strings.NewReader(twoPasting), "t.yaml")
		require.NoError(t, err)
		set.Accept(check.Accepted{Object: task, Code: "input-in-script", Reason: "r"}).Profile(check.Profile{})
		for _, f := range set.Findings() {
			assert.NotEqual(t, "input-in-script", f.Code)
		}
	})
}

func ExampleAccepted() {
	set, err := manifest.Read(strings.NewReader(twoPasting), "t.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	set.Accept(
		check.Accepted{Object: diag.ObjectRef{Kind: "Task", Name: "t"}, Code: check.InputInScript, Reason: "only the release team starts it"},
		check.Accepted{Object: diag.ObjectRef{Kind: "Task", Name: "gone"}, Code: check.InputInScript, Reason: "it is old"},
	)
	for _, f := range set.Findings() {
		if f.Code == check.InputInScript || f.Code == check.SuppressionUnused {
			fmt.Println(f.Message)
		}
	}
	// Output:
	// the accepted finding "input-in-script" of Task "gone" does not exist, so it accepts nothing
}

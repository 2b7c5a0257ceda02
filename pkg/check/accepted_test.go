package check_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/growth"
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
		"a name":             {check.Accepted{Object: task, Code: "input-in-script", Path: "spec.steps[name=s].script", Reason: "r"}, "input-in-script@spec.steps[1].script"},
		"a quoted name":      {check.Accepted{Object: task, Code: "input-in-script", Path: `spec.steps[name="s10"]`, Reason: "r"}, "input-in-script@spec.steps[0].script"},
		"its subject":        {check.Accepted{Object: task, Code: "input-in-script", Path: "spec.steps[name=s]", Subject: "$(params.a)", Reason: "r"}, "input-in-script@spec.steps[1].script"},
		"another subject":    {check.Accepted{Object: task, Code: "input-in-script", Path: "spec.steps[name=s]", Subject: "$(params.b)", Reason: "r"}, both + "suppression-unused@"},
		"another name":       {check.Accepted{Object: task, Code: "input-in-script", Path: "spec.steps[name=s1]", Reason: "r"}, both + "suppression-unused@"},
		"no valid path":      {check.Accepted{Object: task, Code: "input-in-script", Path: "spec.steps[name=s", Reason: "r"}, both + "suppression-unused@"},
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

// TestAcceptedPlaces tests that the reason is that of the first entry, that all entries for a
// finding are used, and that they are those of [check.Accepted.Matches].
func TestAcceptedPlaces(t *testing.T) {
	ref := diag.ObjectRef{APIVersion: "tekton.dev/v1", Kind: "Task", Namespace: "ci", Name: "t"}
	anyVersion, anyNamespace, anyOf := ref, ref, ref
	anyVersion.APIVersion, anyOf.APIVersion = "", ""
	anyNamespace.Namespace, anyOf.Namespace = "", ""
	set, err := manifest.Read(strings.NewReader(twoPasting), "t.yaml")
	require.NoError(t, err)
	objects, err := set.Objects()
	require.NoError(t, err)
	var all []check.Accepted
	for _, o := range []diag.ObjectRef{anyOf, anyNamespace, anyVersion, ref} {
		for _, path := range []string{"spec.steps[1].script", "spec.steps[name=s10].script", "spec.steps[1]", "spec.steps[name=s10]", "spec.steps", "spec", "", "spec"} {
			all = append(all, check.Accepted{Object: o, Code: "input-in-script", Path: path, Reason: fmt.Sprint(len(all))})
		}
	}
	for i := range all {
		rest := all[i:]
		want := map[string]bool{}
		profile := check.Profile{Accepted: rest, Suppressed: func(f diag.Finding, reason string) {
			if f.Code != "input-in-script" {
				return
			}
			for _, a := range rest {
				if a.Matches(f, objects[0]) {
					assert.Equal(t, a.Reason, reason)
					break
				}
			}
			want[f.Path.String()] = true
		}}
		found, err := check.Run(t.Context(), objects, profile)
		require.NoError(t, err)
		for _, f := range found {
			assert.NotEqual(t, "suppression-unused", f.Code)
			if f.Code == "input-in-script" {
				assert.False(t, want[f.Path.String()])
				for _, a := range rest {
					assert.False(t, a.Matches(f, objects[0]), "%s", f.Path)
				}
			}
		}
		assert.True(t, want["spec.steps[1].script"])
	}
}

// TestAcceptedGrowth tests that many entries do not take longer for each finding.
func TestAcceptedGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("checks large texts")
	}
	growth.Linear(t, 150, func(n int) (work func()) {
		var text strings.Builder
		var all []check.Accepted
		text.WriteString("apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  params: [{name: a}]\n  steps:\n")
		for i := range n {
			fmt.Fprintf(&text, "  - {name: s%d, image: \"registry.local/a:1\", script: echo $(params.a)}\n", i)
			all = append(all, check.Accepted{Object: diag.ObjectRef{Kind: "Task", Name: "t"}, Code: "input-in-script", Path: fmt.Sprintf("spec.steps[%d].script", i), Reason: "r"})
		}
		objects, _ := manifest.Parse([]byte(text.String()), "a.yaml")
		return func() {
			found, err := check.Run(t.Context(), objects, check.Profile{Accepted: all})
			require.NoError(t, err)
			assert.Empty(t, found)
		}
	})
}

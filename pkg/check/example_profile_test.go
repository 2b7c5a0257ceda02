package check_test

import (
	"fmt"

	"github.com/tekwright/tekwright/pkg/check"
)

func ExampleReadProfile() {
	profile, err := check.ReadProfile([]byte(`
complete: true
features: [enable-param-enum]
exists:
  - {kind: Task, name: git-clone, namespace: ci}
severities:
  param-unused: off
  input-in-script: error
`))
	fmt.Println(err, profile.Complete, profile.Features, profile.Exists[0], profile.Disabled)

	_, err = check.ReadProfile([]byte("feature: [enable-param-enum]\ncomplete: maybe"))
	fmt.Println(err)
	profile.Disabled = append(profile.Disabled, "param-unusd")
	fmt.Println(check.ValidateProfile(profile), check.ProfileWarnings(profile))
	// Output:
	// <nil> true [enable-param-enum] Task "git-clone" [param-unused]
	// profile: line 1: unknown field "feature": did you mean "features"?
	// profile: line 2: complete is "maybe": use true or false
	// <nil> [profile: disabled has "param-unusd", which is not a rule here: did you mean "param-unused"?]
}

func ExampleLookup() {
	rule, _ := check.Lookup(check.ParamMissing)
	fmt.Println(rule.Severity, rule.Topic, rule.Doc().Summary)
	// Output:
	// error params a param without a default is not set
}

package manifest_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// gated returns a Task with a field that clusters reject by default.
func gated() object.Object {
	return object.Object{Object: &v1.Task{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"},
		ObjectMeta: metav1.ObjectMeta{Name: "t"},
		Spec: v1.TaskSpec{Steps: []v1.Step{{
			Name: "s", Image: "docker.io/library/busybox:1.37", Command: []string{"true"},
			StdoutConfig: &v1.StepOutputConfig{Path: "/tmp/out"},
		}}},
	}}
}

// Warnings are not errors of Build, and are in Findings.
func TestFindings(t *testing.T) {
	assert.Empty(t, manifest.New(given{config()}).Findings())

	set := manifest.New(given{gated()})
	require.NoError(t, set.Build())
	found := map[string]diag.Severity{}
	for _, f := range set.Findings() {
		found[f.Code] = f.Severity
	}
	assert.Equal(t, diag.Warning, found["feature-gate"])
}

// With a profile, fields that the cluster rejects are errors.
func TestProfile(t *testing.T) {
	set := manifest.New(given{gated()}).Profile(check.Profile{})
	var out bytes.Buffer
	require.ErrorContains(t, set.Write(&out), "feature-gate")
	assert.Empty(t, out.String())
	require.NoError(t, manifest.New(given{gated()}).Profile(check.Profile{APIFields: "alpha"}).Write(&out))
}

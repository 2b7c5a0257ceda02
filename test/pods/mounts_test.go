package pods

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// TestMounts: mount-invalid has the verdict of the API server on the subPath and the modes of
// a mount.
func TestMounts(t *testing.T) {
	paths := []string{"", "a", "a/b", "/a", "/", "..", "../a", "a/..", "a/../b", "a..", "..a", "a..b", "...", ".", "./a", "a//b", "a/"}
	var modes []*corev1.RecursiveReadOnlyMode
	for _, m := range []corev1.RecursiveReadOnlyMode{corev1.RecursiveReadOnlyDisabled, corev1.RecursiveReadOnlyEnabled, corev1.RecursiveReadOnlyIfPossible} {
		modes = append(modes, &m)
	}
	var accepted, refused int
	for _, sub := range paths {
		for _, expr := range paths {
			for _, readOnly := range []bool{false, true} {
				for _, mode := range append(modes, nil) {
					run := &v1.TaskRun{}
					run.APIVersion, run.Kind, run.Name = "tekton.dev/v1", "TaskRun", "r"
					run.Spec.TaskSpec = &v1.TaskSpec{
						Volumes: v1.Volumes{{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
						Steps: []v1.Step{{Name: "s", Image: "x:1", VolumeMounts: []corev1.VolumeMount{
							{Name: "v", MountPath: "/v", SubPath: sub, SubPathExpr: expr, ReadOnly: readOnly, RecursiveReadOnly: mode},
						}}},
					}
					rejected := theirs(t, run) != nil
					all, _ := check.Run(context.Background(), []object.Object{{Object: run}}, check.Profile{}) // which does not end
					found := slices.ContainsFunc(all, func(f diag.Finding) bool { return f.Code == "mount-invalid" && f.Severity == diag.Error })
					assert.Equal(t, rejected, found, fmt.Sprint(sub, " ", expr, " ", readOnly, " ", mode))
					if rejected {
						refused++
					} else {
						accepted++
					}
				}
			}
		}
	}
	t.Logf("%d accepted, %d rejected", accepted, refused)
	assert.Greater(t, accepted, 50)
}

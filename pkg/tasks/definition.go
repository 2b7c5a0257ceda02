package tasks

import (
	"crypto/sha256"
	"encoding/hex"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

const (
	// home is a writable directory in every pod. Tekton writes the credentials of
	// the run's service account to it.
	home builder.TaskString = "/tekton/home"

	// next separates two lists in the arguments of a script.
	next builder.TaskString = "--next--"

	// nobody is the user of steps that need no privileges. They all run as the same
	// user, so that one task can change the files of another. The user has a name
	// in every image of the catalogue, which ssh requires.
	nobody int64 = 65534
)

// Group is the group ID that the steps of the catalogue run as. Volumes of most
// storage classes are writable only by root unless the run sets an fsGroup:
//
//	run.FSGroup(tasks.Group)
const Group int64 = nobody

// choice is an image that a plain Go field can replace.
type choice struct {
	chosen string             // "" for the image of the catalogue
	usual  builder.TaskString // the image of the catalogue
}

func (c choice) image() builder.TaskString {
	if c.chosen == "" {
		return c.usual
	}
	return builder.TaskString(c.chosen)
}

// named returns the name of a task with these images: base if all are those of
// the catalogue, otherwise base and a suffix that depends on the images.
func named(base string, choices ...choice) string {
	usual, sum := true, sha256.New()
	for _, c := range choices {
		usual = usual && c.image() == c.usual
		sum.Write([]byte(c.image() + "\n"))
	}
	if usual {
		return base
	}
	return base + "-" + hex.EncodeToString(sum.Sum(nil)[:4])
}

// unprivileged returns the security context of a step that needs no privileges.
func unprivileged() corev1.SecurityContext {
	yes, no, id := true, false, nobody
	return corev1.SecurityContext{
		AllowPrivilegeEscalation: &no,
		Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		RunAsNonRoot:             &yes,
		RunAsUser:                &id,
		RunAsGroup:               &id,
		SeccompProfile:           &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
	}
}

// bind passes a workspace to a script: NAME_PATH is the path, and NAME_BOUND is
// whether the run binds the workspace.
func bind(s *builder.Step, name string, m builder.Mount) {
	s.Env(name+"_BOUND", m.Bound()).Env(name+"_PATH", m.PathValue())
}

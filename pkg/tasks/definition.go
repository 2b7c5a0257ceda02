package tasks

import (
	"crypto/sha256"
	"encoding/hex"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

const (
	// home is a writable directory of every step's own pod. Tekton puts the
	// credentials there that come with the run's account.
	home builder.TaskString = "/tekton/home"

	// next stands between two lists in the arguments of a script.
	next builder.TaskString = "--next--"

	// nobody is the user of the steps that need no rights. All of them have
	// the same one, so that one task may change what another wrote. It has a
	// name in every image of the catalogue: ssh does not run without.
	nobody int64 = 65534
)

// Group is the group that the steps of the catalogue run as. Most storage
// classes hand out volumes that only root may write to, unless the run says
// which group else may:
//
//	run.FSGroup(tasks.Group)
const Group int64 = nobody

// choice is a plain field that changes a definition: an image.
type choice struct {
	chosen string             // "" for the catalogue's
	usual  builder.TaskString // the catalogue's
}

func (c choice) image() builder.TaskString {
	if c.chosen == "" {
		return c.usual
	}
	return builder.TaskString(c.chosen)
}

// named is the name of a task with these choices: base where all are the
// catalogue's, else base and a suffix that the choices give.
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

// unprivileged is the security context of a step that needs no rights.
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

// bind hands a workspace to a script: NAME_PATH is where it is, NAME_BOUND
// whether the run has it.
func bind(s *builder.Step, name string, m builder.Mount) {
	s.Env(name+"_BOUND", m.Bound()).Env(name+"_PATH", m.PathValue())
}

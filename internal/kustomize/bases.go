package kustomize

import "path"

// Bases are the places of objects that renderings are made of. The value of one is true if the
// object remains, beside what it becomes: a Task, StepAction or Pipeline to which all
// renderings, of other directories, give another name. For its neighbours it keeps its own,
// since its directory can be applied without the overlay.
type Bases map[string]bool

// Add adds an object that a kustomization makes of one at a place of a file, of this kind and
// name. The new name is that of the rendering.
func (b Bases) Add(kustomization, place, file, kind, name, renamed string) {
	switch kind {
	case "Task", "StepAction", "Pipeline":
	default:
		return
	}
	other := renamed != name && path.Dir(kustomization) != path.Dir(file)
	before, known := b[place]
	b[place] = other && (before || !known)
}

package manifest

import "github.com/tekwright/tekwright/pkg/object"

// YAML returns the output of the set for one object.
func YAML(o object.Object) ([]byte, error) {
	it, err := identify(o)
	if err != nil {
		return nil, err
	}
	return it.render()
}

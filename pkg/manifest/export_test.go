package manifest

import "github.com/tekwright/tekwright/pkg/object"

// YAML is what the set writes of one object.
func YAML(o object.Object) ([]byte, error) {
	it, err := identify(o)
	if err != nil {
		return nil, err
	}
	return it.render()
}

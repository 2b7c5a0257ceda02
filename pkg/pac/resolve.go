package pac

import (
	"io/fs"

	folder "github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/pacmatch"
	"github.com/tekwright/tekwright/internal/yamlwrite"
)

// Resolve returns all runs of a .tekton folder as Pipelines-as-Code creates them when their
// variables have the given values. Other variables remain in the text. The checkout is the
// repository, from which remote tasks and pipelines with a path are read; it may be nil.
func Resolve(tekton, checkout fs.FS, values map[string]string) (*Outcome, error) {
	f, err := load(tekton)
	if err != nil {
		return nil, err
	}
	w := Webhook{Checkout: checkout}
	result, err := pacmatch.Resolve(f, folder.Values{Params: values, Body: nil, Files: map[string]any{}}, w.fetch)
	if err != nil {
		return nil, err
	}
	return outcome(result), nil
}

// YAML returns the runs that are started as a stream of YAML documents.
func (o *Outcome) YAML() ([]byte, error) {
	var text []byte
	if o == nil {
		return nil, nil
	}
	for _, r := range o.Runs {
		if r.Object == nil {
			continue
		}
		if len(text) > 0 {
			text = append(text, "---\n"...)
		}
		var err error
		if text, err = yamlwrite.Append(text, r.Object); err != nil {
			return nil, err
		}
	}
	return text, nil
}

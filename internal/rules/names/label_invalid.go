package names

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/naming"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed label-invalid.md
var labelInvalidText string

var labelInvalid = &rule.Rule{
	Code:     "label-invalid",
	Severity: diag.Error,
	Topic:    "names",
	Text:     labelInvalidText,
	Run: func(p *rule.Pass) {

		e := p.Entry
		if u, ok := e.Object.Object.(*unstructured.Unstructured); ok {
			texts(p, u, "labels")
			texts(p, u, "annotations")
		}
		labels := e.Labels()
		for _, name := range slices.Sorted(maps.Keys(labels)) {
			metaKey(p, "labels", "label", name, name)
			if value := labels[name]; !e.IsFilledIn(value) && len(validation.IsValidLabelValue(value)) > 0 {
				p.Error(p.At("metadata", "labels").Key(name), name, "the API server rejects the value "+phrase.Quote(value)+" of label "+phrase.Quote(name),
					naming.LabelValue().Help+", with a letter or digit at both ends")
			}
		}
		annotations, size := e.Annotations(), 0
		for _, name := range slices.Sorted(maps.Keys(annotations)) {
			metaKey(p, "annotations", "annotation", name, strings.ToLower(name))
			size += len(name) + len(annotations[name])
		}
		if size > 256<<10 {
			p.Error(p.At("metadata", "annotations"), e.Ref.Name, "the annotations of "+e.Ref.String()+" are longer than 256 KiB in total", "shorten them")
		}
	},
}

// texts reports values of labels and annotations that are not strings, which the API
// server rejects.
func texts(p *rule.Pass, u *unstructured.Unstructured, list string) {
	values, _, err := unstructured.NestedFieldNoCopy(u.Object, "metadata", list)
	m, ok := values.(map[string]any)
	if err != nil || !ok {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		help := "write a string"
		switch m[name].(type) {
		case string, nil:
			continue
		case bool, int64, float64:
			help = "put it in quotes"
		}
		p.Error(p.At("metadata", list).Key(name), name, "the value of "+phrase.Quote(name)+" is not a string", help)
	}
}

// metaKey checks the key of a label or annotation.
func metaKey(p *rule.Pass, list, what, name, folded string) {
	if !p.Entry.IsFilledIn(name) && len(validation.IsQualifiedName(folded)) > 0 {
		p.Error(p.At("metadata", list).Key(name).Of(name), name, "the API server rejects the "+what+" key "+phrase.Quote(name),
			"write prefix/name, with at most 63 letters, digits, -, _ and . in the name")
	}
}

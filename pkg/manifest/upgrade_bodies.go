package manifest

import (
	"bytes"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// inTemplate is a list of objects in a template, and its path.
type inTemplate struct {
	at   diag.Path
	list []v1beta1.TriggerResourceTemplate
}

// templatesIn returns the lists of objects in the templates of an object of Tekton Triggers.
func templatesIn(o any) []inTemplate {
	const field = "resourcetemplates"
	switch o := o.(type) {
	case *v1beta1.TriggerTemplate:
		return []inTemplate{{diag.Fields("spec", field), o.Spec.ResourceTemplates}}
	case *v1beta1.Trigger:
		if t := o.Spec.Template.Spec; t != nil {
			return []inTemplate{{diag.Fields("spec", "template", "spec", field), t.ResourceTemplates}}
		}
	case *v1beta1.EventListener:
		var out []inTemplate
		for i, t := range o.Spec.Triggers {
			if t.Template != nil && t.Template.Spec != nil {
				out = append(out, inTemplate{diag.Fields("spec").FieldIndex("triggers", i).Field("template", "spec", field), t.Template.Spec.ResourceTemplates})
			}
		}
		return out
	}
	return nil
}

// body is a converted object in a template.
type body struct {
	at diag.Path
	*upgraded
}

// upgradeBodies converts the objects in the templates of an object.
func upgradeBodies(o object.Object) (object.Object, []Conversion) {
	var done []Conversion
	var bodies []body
	copied := o.Object
	for i, t := range templatesIn(o.Object) {
		for j, r := range t.list {
			n, from := newerBody(r.Raw)
			if n == nil {
				continue
			}
			raw, ok := rawOf(n)
			if !ok {
				continue
			}
			if len(bodies) == 0 {
				copied = o.DeepCopyObject()
			}
			templatesIn(copied)[i].list[j].Raw = raw
			at := t.at.Index(j)
			c := n.conversion(o, at)
			c.From = from
			bodies, done = append(bodies, body{at, n}), append(done, c)
		}
	}
	if len(bodies) == 0 {
		return o, nil
	}
	at := make(map[string]body, len(bodies))
	for _, b := range bodies {
		at[b.at.String()] = b
	}
	return inPlace(o, &upgraded{object: copied, old: func(path diag.Path) diag.Path {
		for p := path; !p.IsRoot(); p = p.Parent() {
			if b, ok := at[p.String()]; ok {
				rest, _ := path.Cut(b.at)
				return b.at.Join(b.old(rest))
			}
		}
		return path
	}}), done
}

// newerBody returns an object in a template in its newer version, and the old version. It
// returns nil if there is none, and for objects that are read only when their params have
// values.
func newerBody(raw []byte) (n *upgraded, from string) {
	u := &unstructured.Unstructured{}
	if !bytes.Contains(raw, []byte("tekton.dev/")) || u.UnmarshalJSON(raw) != nil {
		return nil, ""
	}
	n, err := newer(u)
	if err != nil || n == nil {
		return nil, ""
	}
	return n, u.GetAPIVersion()
}

// rawOf returns an object as JSON, as it is written.
func rawOf(n *upgraded) ([]byte, bool) {
	root, err := yamlwrite.Of(n.object)
	if err != nil {
		return nil, false
	}
	raw, err := root.JSON()
	return raw, err == nil
}

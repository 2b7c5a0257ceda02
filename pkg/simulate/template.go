package simulate

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	triggers "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/template"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/conversion"
)

// templateRun is a run that a TriggerTemplate creates.
type templateRun struct {
	kind, name string // the name is a generateName if it has no other
	object     runtime.Object
}

// fromTemplate returns the run that a TriggerTemplate creates, and the script without the
// params of the template. If the template creates several runs, one of them is wanted.
func (p *plan) fromTemplate(t *triggers.TriggerTemplate, wanted string, script *Script) (runtime.Object, *Script, error) {
	rest := *script
	rest.Params = maps.Clone(script.Params)
	var params []triggers.Param
	for _, d := range t.Spec.Params {
		delete(rest.Params, d.Name)
		text, err := p.templateParam(t, d, script)
		if err != nil {
			return nil, nil, err
		}
		// Tekton inserts the value into the JSON of the object.
		quoted, err := json.Marshal(text)
		if err != nil {
			return nil, nil, err
		}
		params = append(params, triggers.Param{Name: d.Name, Value: string(quoted[1 : len(quoted)-1])})
	}
	all, err := runsOf(t, params)
	if err != nil {
		return nil, nil, err
	}
	written, err := runsOf(t, nil) // with the names that the template has
	if err != nil || len(written) != len(all) {
		written = all
	}
	var found []templateRun
	var names []string
	for i, r := range all {
		names = append(names, nameOf(t)+"/"+r.name)
		if wanted == "" || wanted == r.name || wanted == written[i].name {
			found = append(found, r)
		}
	}
	switch {
	case len(all) == 0:
		return nil, nil, errorf("%s creates no PipelineRun and no TaskRun", nameOf(t))
	case len(found) == 0:
		return nil, nil, unknownName("run", nameOf(t)+"/"+wanted, names)
	case len(found) > 1:
		return nil, nil, errorf("%s creates %d runs, give the name of one: %s", nameOf(t), len(found), strings.Join(names, ", "))
	}
	run := found[0].object
	m, err := metaOf(run)
	if err != nil {
		return nil, nil, err
	}
	m.SetName(noName.ReplaceAllString(symbol.ReplaceAllString(m.GetName(), "xxxxx"), "-"))
	m.SetGenerateName(noName.ReplaceAllString(symbol.ReplaceAllString(m.GetGenerateName(), "xxxxx"), "-"))
	if m.GetNamespace() == "" || IsSymbol(m.GetNamespace()) {
		m.SetNamespace(t.Namespace)
	}
	return run, &rest, nil
}

// noName is what a value that is not known, or that was not made for it, puts into a name.
var noName = regexp.MustCompile(`[^a-z0-9.-]+`)

func metaOf(o runtime.Object) (metav1.Object, error) {
	if m, ok := o.(metav1.Object); ok {
		return m, nil
	}
	return nil, errorf("%T has no name", o)
}

// templateParam is the value of a param of a TriggerTemplate: that of the script, the default,
// or a symbol.
func (p *plan) templateParam(t *triggers.TriggerTemplate, d triggers.ParamSpec, script *Script) (string, error) {
	if given, ok := script.Params[d.Name]; ok {
		value, err := normal(given)
		if err != nil {
			return "", errorf("param %q: %w", d.Name, err)
		}
		text, ok := value.(string)
		if !ok {
			return "", errorf("param %q of %s must be a string", d.Name, nameOf(t))
		}
		return text, nil
	}
	if d.Default != nil {
		return *d.Default, nil
	}
	p.notes = append(p.notes, Note{NoteParam, "", fmt.Sprintf("param %q of %s has no value", d.Name, nameOf(t))})
	return p.paramText(d.Name), nil
}

// runsOf are the runs that a TriggerTemplate creates with these params.
func runsOf(t *triggers.TriggerTemplate, params []triggers.Param) (runs []templateRun, err error) {
	of, params := identified(t, params, (&identities{}).next())
	delete(of.Annotations, template.OldEscapeAnnotation) // is about values that bindings have escaped
	if err := resolvable(of, params); err != nil {
		return nil, err
	}
	for _, raw := range template.ResolveResources(of, params) {
		u := &unstructured.Unstructured{}
		if err := u.UnmarshalJSON(raw); err != nil {
			return nil, errorf("%s: %w", nameOf(t), err)
		}
		o, err := typedRun(u)
		if err != nil {
			return nil, errorf("%s: %s %s: %w", nameOf(t), u.GetKind(), u.GetName(), err)
		}
		if current, err := conversion.Convert(o); err == nil && current != nil {
			o = current
		}
		name := u.GetName()
		if name == "" {
			name = u.GetGenerateName()
		}
		switch o.(type) {
		case *v1.PipelineRun, *v1.TaskRun:
			runs = append(runs, templateRun{u.GetKind(), name, o})
		}
	}
	return runs, nil
}

// creates reports whether a TriggerTemplate creates a run of this name. An empty kind is any.
func creates(t *triggers.TriggerTemplate, kind, name string) bool {
	runs, err := runsOf(t, nil)
	return err == nil && slices.ContainsFunc(runs, func(r templateRun) bool {
		return r.name == name && (kind == "" || kind == r.kind)
	})
}

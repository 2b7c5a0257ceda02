package facts

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/diag"
)

// EventObject is an object of Tekton Triggers as a struct of v1beta1. One of the
// pointers is set.
type EventObject struct {
	Listener    *v1beta1.EventListener
	Trigger     *v1beta1.Trigger
	Binding     *v1beta1.TriggerBindingSpec // of a TriggerBinding or a ClusterTriggerBinding
	Template    *v1beta1.TriggerTemplate
	Interceptor *InterceptorServer // of a ClusterInterceptor or an Interceptor

	// Conflicts are the interceptors of v1alpha1 with more than one type.
	Conflicts []diag.Path

	moved []movedPath // the v1alpha1 names of paths in interceptors
}

// InterceptorServer has the common fields of the kinds ClusterInterceptor and
// Interceptor of v1alpha1, whose package is not imported.
type InterceptorServer struct {
	Spec struct {
		ClientConfig struct {
			URL     any `json:"url,omitempty"`
			Service *struct {
				Name      string `json:"name"`
				Namespace string `json:"namespace"`
				Path      string `json:"path,omitempty"`
				Port      *int32 `json:"port,omitempty"`
			} `json:"service,omitempty"`
		} `json:"clientConfig"`
	} `json:"spec"`
}

const triggersGroup = "triggers.tekton.dev/"

// decodeEvents sets the struct of an object of Tekton Triggers, whatever form the
// object has. An object that cannot be decoded has no struct.
func (e *Entry) decodeEvents() {
	switch o := e.Object.Object.(type) {
	case *v1beta1.EventListener:
		e.Event.Listener = o
		return
	case *v1beta1.Trigger:
		e.Event.Trigger = o
		return
	case *v1beta1.TriggerBinding:
		e.Event.Binding = &o.Spec
		return
	case *v1beta1.ClusterTriggerBinding:
		e.Event.Binding = &o.Spec
		return
	case *v1beta1.TriggerTemplate:
		e.Event.Template = o
		return
	}
	content := e.eventContent()
	if content == nil {
		return
	}
	if e.Ref.APIVersion == triggersGroup+"v1alpha1" {
		content = e.modernInterceptors(content)
	}
	into := func(target any) bool {
		return runtime.DefaultUnstructuredConverter.FromUnstructured(content, target) == nil
	}
	switch e.Ref.Kind {
	case "EventListener":
		if o := new(v1beta1.EventListener); into(o) {
			e.Event.Listener = o
		}
	case "Trigger":
		if o := new(v1beta1.Trigger); into(o) {
			e.Event.Trigger = o
		}
	case "TriggerBinding", "ClusterTriggerBinding":
		if o := new(v1beta1.TriggerBinding); into(o) {
			e.Event.Binding = &o.Spec
		}
	case "TriggerTemplate":
		if o := new(v1beta1.TriggerTemplate); into(o) {
			e.Event.Template = o
		}
	case "ClusterInterceptor", "Interceptor":
		if o := new(InterceptorServer); into(o) {
			e.Event.Interceptor = o
		}
	}
}

// movedPath is a path of v1beta1 and its counterpart in the object.
type movedPath struct {
	from, to diag.Path
	exact    bool // paths below from have no counterpart
}

// OldInterceptors returns the sorted names of the fields of interceptors that only v1alpha1
// has: cel, github, gitlab and bitbucket.
func (o *EventObject) OldInterceptors() []string {
	var names []string
	for _, m := range o.moved {
		if m.exact {
			names = append(names, m.to.Last().Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// asWritten returns a path of v1beta1 as an object of v1alpha1 has it.
func (o *EventObject) asWritten(path diag.Path) diag.Path {
	for _, m := range o.moved {
		if rest, ok := path.Cut(m.from); ok {
			if m.exact {
				return m.to
			}
			return m.to.Join(rest)
		}
	}
	return path
}

// eventContent returns the object as a map. The package of the v1alpha1 structs is
// not imported.
func (e *Entry) eventContent() map[string]any {
	if u, ok := e.Object.Object.(*unstructured.Unstructured); ok {
		if strings.HasPrefix(e.Ref.APIVersion, triggersGroup) {
			return u.Object
		}
		return nil
	}
	if !strings.HasPrefix(e.Ref.APIVersion, triggersGroup) && !strings.HasSuffix(e.goType().PkgPath(), "/triggers/v1alpha1") {
		return nil
	}
	raw, err := json.Marshal(e.Object.Object)
	var content map[string]any
	if err != nil || json.Unmarshal(raw, &content) != nil {
		return nil
	}
	return content
}

// modernInterceptors replaces the fields github, gitlab, bitbucket and cel of
// interceptors, which v1alpha1 still has, by a name and params, as the Triggers
// webhook does.
func (e *Entry) modernInterceptors(content map[string]any) map[string]any {
	spec, _ := content["spec"].(map[string]any)
	if spec == nil {
		return content
	}
	spec = maps.Clone(spec)
	e.modernise(spec, diag.Fields("spec"))
	if list, ok := spec["triggers"].([]any); ok {
		triggers := make([]any, len(list))
		for i, t := range list {
			triggers[i] = t
			if m, ok := t.(map[string]any); ok {
				m = maps.Clone(m)
				e.modernise(m, diag.Fields("spec", "triggers").Index(i))
				triggers[i] = m
			}
		}
		spec["triggers"] = triggers
	}
	content = maps.Clone(content)
	content["spec"] = spec
	return content
}

// modernise does the same for one trigger.
func (e *Entry) modernise(trigger map[string]any, path diag.Path) {
	list, ok := trigger["interceptors"].([]any)
	if !ok {
		return
	}
	interceptors := make([]any, len(list))
	for i, x := range list {
		interceptors[i] = x
		m, _ := x.(map[string]any)
		several := 0
		for _, name := range [...]string{"bitbucket", "github", "gitlab", "webhook"} {
			if m[name] != nil {
				several++
			}
		}
		if several > 1 {
			e.Event.Conflicts = append(e.Event.Conflicts, path.Field("interceptors").Index(i))
		}
		if ref, _ := m["ref"].(map[string]any); ref["name"] != nil {
			continue
		}
		for _, name := range [...]string{"bitbucket", "cel", "github", "gitlab"} {
			old, ok := m[name].(map[string]any)
			if !ok {
				continue
			}
			var params []any
			here := path.Field("interceptors").Index(i)
			for j, k := range slices.Sorted(maps.Keys(old)) {
				param, was := here.Field("params").Index(j), here.Field(name, k)
				e.Event.moved = append(e.Event.moved, movedPath{from: param.Field("value"), to: was}, movedPath{from: param.Field("name"), to: was})
				params = append(params, map[string]any{"name": k, "value": old[k]})
			}
			e.Event.moved = append(e.Event.moved, movedPath{from: here.Field("ref"), to: here.Field(name), exact: true})
			m = maps.Clone(m)
			delete(m, name)
			m["ref"] = map[string]any{"name": name, "kind": string(v1beta1.ClusterInterceptorKind)}
			m["params"] = params
			interceptors[i] = m
			break
		}
	}
	trigger["interceptors"] = interceptors
}

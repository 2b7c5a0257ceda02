package check

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// eventObject is an object of Tekton Triggers as a struct of v1beta1; one of
// the pointers is set.
type eventObject struct {
	listener    *v1beta1.EventListener
	trigger     *v1beta1.Trigger
	binding     *v1beta1.TriggerBindingSpec // of a TriggerBinding or a ClusterTriggerBinding
	template    *v1beta1.TriggerTemplate
	interceptor *interceptorServer // of a ClusterInterceptor or an Interceptor

	uses      *eventTrigger // what a Trigger means
	conflicts []string      // the interceptors of v1alpha1 that are several at once
	moved     []movedPath   // what v1alpha1 calls paths in interceptors
}

// interceptorServer is what the kinds ClusterInterceptor and Interceptor of
// v1alpha1 have in common, which no package that is linked declares.
type interceptorServer struct {
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

// decodeTriggers sets the struct of an object of Tekton Triggers, whichever
// form the object has. What cannot be decoded has none.
func (e *entry) decodeTriggers() {
	switch o := e.Object.Object.(type) {
	case *v1beta1.EventListener:
		e.event.listener = o
		return
	case *v1beta1.Trigger:
		e.event.trigger = o
		return
	case *v1beta1.TriggerBinding:
		e.event.binding = &o.Spec
		return
	case *v1beta1.ClusterTriggerBinding:
		e.event.binding = &o.Spec
		return
	case *v1beta1.TriggerTemplate:
		e.event.template = o
		return
	}
	content := e.eventContent()
	if content == nil {
		return
	}
	if e.ref.APIVersion == triggersGroup+"v1alpha1" {
		content = e.modernInterceptors(content)
	}
	into := func(target any) bool {
		return runtime.DefaultUnstructuredConverter.FromUnstructured(content, target) == nil
	}
	switch e.ref.Kind {
	case "EventListener":
		if o := new(v1beta1.EventListener); into(o) {
			e.event.listener = o
		}
	case "Trigger":
		if o := new(v1beta1.Trigger); into(o) {
			e.event.trigger = o
		}
	case "TriggerBinding", "ClusterTriggerBinding":
		if o := new(v1beta1.TriggerBinding); into(o) {
			e.event.binding = &o.Spec
		}
	case "TriggerTemplate":
		if o := new(v1beta1.TriggerTemplate); into(o) {
			e.event.template = o
		}
	case "ClusterInterceptor", "Interceptor":
		if o := new(interceptorServer); into(o) {
			e.event.interceptor = o
		}
	}
}

// movedPath is a path of v1beta1, and what the object has instead of it.
type movedPath struct{ from, to string }

// asWritten is what an object of v1alpha1 calls a path of v1beta1.
func (o *eventObject) asWritten(path string) string {
	for _, m := range o.moved {
		if rest, ok := strings.CutPrefix(path, m.from); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			if strings.HasSuffix(m.from, ".ref") {
				rest = ""
			}
			return m.to + rest
		}
	}
	return path
}

// eventContent is the object as a map: structs of v1alpha1 belong to a package
// that is not linked.
func (e *entry) eventContent() map[string]any {
	if u, ok := e.Object.Object.(*unstructured.Unstructured); ok {
		if strings.HasPrefix(e.ref.APIVersion, triggersGroup) {
			return u.Object
		}
		return nil
	}
	if !strings.HasPrefix(e.ref.APIVersion, triggersGroup) && !strings.HasSuffix(reflect.TypeOf(e.Object.Object).Elem().PkgPath(), "/triggers/v1alpha1") {
		return nil
	}
	raw, err := json.Marshal(e.Object.Object)
	var content map[string]any
	if err != nil || json.Unmarshal(raw, &content) != nil {
		return nil
	}
	return content
}

// modernInterceptors turns the fields github, gitlab, bitbucket and cel of
// interceptors, which v1alpha1 still has, into a name and params, as its
// webhook does.
func (e *entry) modernInterceptors(content map[string]any) map[string]any {
	spec, _ := content["spec"].(map[string]any)
	if spec == nil {
		return content
	}
	spec = maps.Clone(spec)
	e.modernise(spec, "spec")
	if list, ok := spec["triggers"].([]any); ok {
		triggers := make([]any, len(list))
		for i, t := range list {
			triggers[i] = t
			if m, ok := t.(map[string]any); ok {
				m = maps.Clone(m)
				e.modernise(m, at("spec.triggers", i))
				triggers[i] = m
			}
		}
		spec["triggers"] = triggers
	}
	content = maps.Clone(content)
	content["spec"] = spec
	return content
}

// modernise does so for one trigger.
func (e *entry) modernise(trigger map[string]any, path string) {
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
			e.event.conflicts = append(e.event.conflicts, at(field(path, "interceptors"), i))
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
			here := at(field(path, "interceptors"), i)
			for j, k := range sortedKeys(old) {
				param, was := at(here+".params", j), here+"."+name+"."+k
				e.event.moved = append(e.event.moved, movedPath{param + ".value", was}, movedPath{param + ".name", was})
				params = append(params, map[string]any{"name": k, "value": old[k]})
			}
			e.event.moved = append(e.event.moved, movedPath{here + ".ref", here + "." + name})
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

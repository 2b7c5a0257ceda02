package simulate

import (
	"encoding/json"
	"fmt"
	"net/http" //nolint:depguard // Tekton's interceptors are handlers, called in this process
	"regexp"
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/template"
)

// paramsOf finds the values of the params of a trigger, and where they come from.
type paramsOf struct {
	*sink
	trigger    *v1beta1.Trigger
	resolved   template.ResolvedTrigger
	body       []byte
	header     http.Header
	extensions map[string]any
	seen       []InterceptorResult
}

// resolve returns the values, sorted by name, and adds the params to the result.
func (p *paramsOf) resolve(r *TriggerResult) ([]v1beta1.Param, error) {
	all, err := p.values(p.resolved)
	if err != nil {
		// Those that have a value are shown as well.
		r.Params = p.origins(nil)
		return nil, err
	}
	slices.SortFunc(all, func(a, b v1beta1.Param) int { return strings.Compare(a.Name, b.Name) })
	values := map[string]string{}
	for _, v := range all {
		values[v.Name] = v.Value
	}
	r.Params = p.origins(values)
	return all, nil
}

func (p *paramsOf) values(of template.ResolvedTrigger) ([]v1beta1.Param, error) {
	return template.ResolveParams(of, p.body, p.header, p.extensions, template.NewTriggerContext(p.eventID))
}

// alone returns the value of a param without the default of the template.
func (p *paramsOf) alone(param v1beta1.Param) (string, error) {
	one, err := p.values(template.ResolvedTrigger{BindingParams: []v1beta1.Param{param}})
	if err != nil {
		return "", err
	}
	return one[0].Value, nil
}

// origins are the params with their values. Without values, each has its own.
func (p *paramsOf) origins(values map[string]string) []EventParam {
	var out []EventParam
	bound := map[string]v1beta1.Param{}
	for _, b := range p.resolved.BindingParams {
		bound[b.Name] = b
	}
	declared := map[string]bool{}
	for _, d := range p.resolved.TriggerTemplate.Spec.Params {
		declared[d.Name] = true
		one := EventParam{Name: d.Name, Origin: FromNothing}
		b, isBound := bound[d.Name]
		switch {
		case isBound:
			p.bound(&one, b)
			if one.Missing != "" && d.Default != nil {
				one.Origin, one.Value = FromDefault, *d.Default
			}
		case d.Default != nil:
			one.Origin, one.Value = FromDefault, *d.Default
		default:
			one.Value = fmt.Sprintf("$(tt.params.%s)", d.Name)
		}
		if v, ok := values[d.Name]; ok {
			one.Value = v
		}
		out = append(out, one)
	}
	for _, b := range p.resolved.BindingParams {
		if declared[b.Name] {
			continue
		}
		one := EventParam{Name: b.Name}
		p.bound(&one, b)
		one.Origin = NotUsed
		if strings.Contains(p.template(), "$(tt.params."+b.Name+")") {
			one.Origin = FromBinding // the template may use what it does not declare
		}
		out = append(out, one)
	}
	for i := range out {
		out[i].Value = unescaped(out[i].Value)
	}
	return out
}

// template is the text of the objects of the template.
func (p *paramsOf) template() string {
	var b strings.Builder
	for _, t := range p.resolved.TriggerTemplate.Spec.ResourceTemplates {
		b.Write(t.Raw)
	}
	return b.String()
}

// bound describes a param of a binding.
func (p *paramsOf) bound(one *EventParam, b v1beta1.Param) {
	one.Origin, one.Expression, one.Binding = FromBinding, b.Value, p.binding(b)
	value, err := p.alone(b)
	if err != nil {
		one.Missing = err.Error()
		if i := strings.LastIndex(one.Missing, b.Value+": "); i >= 0 {
			one.Missing = one.Missing[i+len(b.Value)+2:]
		}
	}
	one.Value = value
	for _, m := range extensionOf.FindAllStringSubmatch(b.Value, -1) {
		if o, ok := p.overlay(m[1]); ok {
			one.Overlays = append(one.Overlays, o)
		}
	}
}

// extensionOf finds the extensions in an expression.
var extensionOf = regexp.MustCompile(`\$\(\{?\.?extensions\.([^)}\[]+)`)

// overlay returns the overlay that last set an extension.
func (p *paramsOf) overlay(path string) (found EventOverlay, ok bool) {
	for _, i := range p.seen {
		for _, o := range i.Overlays {
			if o.Key == path || strings.HasPrefix(path, o.Key+".") {
				found, ok = o, true
			}
		}
	}
	return found, ok
}

// binding is the object that has a param, as ResolveTrigger finds it.
func (p *paramsOf) binding(param v1beta1.Param) string {
	for _, b := range p.trigger.Spec.Bindings {
		if b.Ref == "" {
			continue
		}
		var params []v1beta1.Param
		kind := "TriggerBinding"
		if b.Kind == v1beta1.ClusterTriggerBindingKind {
			kind = "ClusterTriggerBinding"
			if o, err := get(p.set.clusterBindings, "", "")(b.Ref); err == nil {
				params = o.Spec.Params
			}
		} else if o, err := get(p.set.bindings, p.trigger.Namespace, "")(b.Ref); err == nil {
			params = o.Spec.Params
		}
		if slices.Contains(params, param) {
			return kind + "/" + b.Ref
		}
	}
	return ""
}

// unescaped returns a value as it is in a text of the object: Tekton inserts it into JSON.
func unescaped(value string) string {
	var text string
	if json.Unmarshal([]byte(`"`+value+`"`), &text) == nil {
		return text
	}
	return value
}

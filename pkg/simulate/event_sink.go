package simulate

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http" //nolint:depguard // Tekton's interceptors are handlers, called in this process
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/template"

	"github.com/tekwright/tekwright/internal/callsite"
)

// sink is an EventListener that got an event. It does what HandleEvent of package sink of Tekton
// Triggers does, in the same order, and keeps what happens. The original cannot be called from
// a library: its package defines flags such as -port for the whole program, a panic in one of
// its goroutines ends the program, and it only logs what it decides.
type sink struct {
	set      *triggerSet
	listener *v1beta1.EventListener
	event    HTTP
	options  EventOptions
	plan     *plan // the configuration of Tekton
	ids      *identities
	eventID  string
}

// identities are UUIDs that are the same every time.
type identities struct{ n int }

func (i *identities) next() string {
	i.n++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", i.n)
}

// handle is HandleEvent, behind the check of the payload.
func (s *sink) handle() ListenerResult {
	l := s.listener
	out := ListenerResult{Namespace: l.Namespace, Name: l.Name, Triggers: []TriggerResult{}}
	s.eventID = s.ids.next()
	if crash := callsite.Catch(func() { s.listen(&out) }); crash != nil {
		out.Refused = panicked(crash)
	}
	return out
}

// panicked is why nothing starts when Tekton's code panics.
func panicked(crash *callsite.Panic) string {
	return fmt.Sprintf("the code of Tekton panics on this event: %v", crash.Value)
}

func (s *sink) listen(out *ListenerResult) {
	l := s.listener
	if err := refusal(l); err != nil {
		out.Refused = "Tekton refuses the EventListener: " + err.Error()
		return
	}
	if l.Annotations[triggers.PayloadValidationAnnotation] != "false" {
		var body map[string]any
		if err := json.Unmarshal(s.event.Body, &body); err != nil {
			out.Refused = fmt.Sprintf("status 400: Invalid event body format : %s", err)
			return
		}
	}
	selected, err := s.set.selected(l.Spec.NamespaceSelector, l.Spec.LabelSelector, l.Namespace)
	if err != nil {
		out.Refused = "status 500: " + err.Error()
		return
	}
	merged, err := s.merge(l.Spec.Triggers, selected, out)
	if err != nil {
		out.Refused = "status 500: " + err.Error()
		return
	}
	for _, t := range merged {
		s.safely(out, t, func(r *TriggerResult) { s.trigger(t, r, s.event.Header, map[string]any{}) })
	}
	for i := range l.Spec.TriggerGroups {
		s.group(&l.Spec.TriggerGroups[i], out)
	}
}

// safely adds the result of a trigger, which is that of a panic if there is one.
func (s *sink) safely(out *ListenerResult, t *v1beta1.Trigger, process func(*TriggerResult)) {
	r := TriggerResult{Name: t.Name, Namespace: t.Namespace, ServiceAccount: t.Spec.ServiceAccountName}
	if crash := callsite.Catch(func() { process(&r) }); crash != nil {
		r.Reason = panicked(crash)
	}
	out.Triggers = append(out.Triggers, r)
}

// merge returns the triggers of the listener and those that it selects.
func (s *sink) merge(own []v1beta1.EventListenerTrigger, selected []*v1beta1.Trigger, out *ListenerResult) ([]*v1beta1.Trigger, error) {
	all := selected
	for _, t := range own {
		switch {
		case t.Template == nil && t.TriggerRef != "":
			found, err := get(s.set.triggers, s.listener.Namespace, "trigger")(t.TriggerRef)
			if err != nil {
				out.Triggers = append(out.Triggers, TriggerResult{
					Name: t.TriggerRef, Namespace: s.listener.Namespace, Reason: err.Error(),
				})
				continue
			}
			all = append(all, found)
		case t.Template != nil:
			made := &v1beta1.Trigger{Spec: v1beta1.TriggerSpec{
				ServiceAccountName: t.ServiceAccountName,
				Bindings:           t.Bindings,
				Template:           *t.Template,
				Interceptors:       t.Interceptors,
			}}
			made.Name, made.Namespace = t.Name, s.listener.Namespace
			all = append(all, made)
		default:
			return nil, fmt.Errorf("EventListenerTrigger not defined")
		}
	}
	return all, nil
}

// group is processTriggerGroups. The triggers of a group whose interceptors say no are part of
// the result as well.
func (s *sink) group(g *v1beta1.EventListenerTriggerGroup, out *ListenerResult) {
	id := fmt.Sprintf("namespaces/%s/triggerGroups/%s", s.listener.Namespace, g.Name)
	run := &chain{sink: s, id: id, namespace: s.listener.Namespace}
	var answer answer
	if crash := callsite.Catch(func() { answer = run.execute(g.Interceptors, s.event.Header, map[string]any{}) }); crash != nil {
		answer.stopped = panicked(crash)
	}
	found, err := s.set.selected(g.TriggerSelector.NamespaceSelector, g.TriggerSelector.LabelSelector, s.listener.Namespace)
	if err != nil {
		out.Notes = append(out.Notes, fmt.Sprintf("TriggerGroup %s: %s", g.Name, err))
		return
	}
	if len(found) == 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("TriggerGroup %s selects no Trigger", g.Name))
	}
	for _, t := range found {
		s.safely(out, t, func(r *TriggerResult) {
			r.Group, r.Interceptors, r.Notes = g.Name, append(r.Interceptors, run.seen...), append(r.Notes, run.notes...)
			if answer.stopped != "" {
				r.Reason = answer.stopped
				return
			}
			extensions := map[string]any{}
			maps.Copy(extensions, answer.extensions)
			s.trigger(t, r, answer.header, extensions)
		})
	}
}

// trigger is processTrigger.
func (s *sink) trigger(t *v1beta1.Trigger, r *TriggerResult, header http.Header, extensions map[string]any) {
	if t.Kind != "" { // it is not part of the listener
		if err := refusal(t); err != nil {
			r.Reason = "Tekton refuses the Trigger: " + err.Error()
			return
		}
	}
	run := &chain{sink: s, id: fmt.Sprintf("namespaces/%s/triggers/%s", t.Namespace, t.Name), namespace: t.Namespace}
	answer := run.execute(t.Spec.Interceptors, header, extensions)
	r.Interceptors, r.Notes = append(r.Interceptors, run.seen...), append(r.Notes, run.notes...)
	if answer.stopped != "" {
		r.Reason = answer.stopped
		return
	}
	resolved, err := template.ResolveTrigger(*t,
		get(s.set.bindings, t.Namespace, "triggerbinding"),
		get(s.set.clusterBindings, "", "clustertriggerbinding"),
		get(s.set.templates, t.Namespace, "triggertemplate"))
	if err != nil {
		r.Reason = err.Error()
		return
	}
	if answer.extensions != nil {
		extensions = answer.extensions
	}
	p := &paramsOf{sink: s, trigger: t, resolved: resolved, body: answer.body, header: answer.header, extensions: extensions, seen: r.Interceptors}
	params, err := p.resolve(r)
	if err != nil {
		r.Reason = err.Error()
		return
	}
	s.create(t, resolved.TriggerTemplate, params, r)
}

// create creates the objects of a template. One that is refused ends it.
func (s *sink) create(t *v1beta1.Trigger, of *v1beta1.TriggerTemplate, params []v1beta1.Param, r *TriggerResult) {
	of, params = identified(of, params, s.ids.next())
	if err := resolvable(of, params); err != nil {
		r.Reason = err.Error()
		return
	}
	for _, raw := range template.ResolveResources(of, params) {
		o, err := s.created(t, raw)
		if err == nil {
			err = s.admitted(o)
		}
		if err != nil {
			r.Reason = err.Error()
			break
		}
		r.Objects = append(r.Objects, *o)
	}
	r.Starts = len(r.Objects) > 0
	if r.Starts && r.Reason != "" {
		r.Notes, r.Reason = append(r.Notes, "the other objects are not created: "+r.Reason), ""
	}
	if !r.Starts && r.Reason == "" {
		r.Reason = "the TriggerTemplate has no objects"
	}
}

// identified returns the template and the params with $(uid) replaced, as ResolveResources
// would do it with a random text.
func identified(of *v1beta1.TriggerTemplate, params []v1beta1.Param, uid string) (*v1beta1.TriggerTemplate, []v1beta1.Param) {
	const variable = "$(uid)"
	of = of.DeepCopy()
	for i := range of.Spec.ResourceTemplates {
		raw := &of.Spec.ResourceTemplates[i].RawExtension
		raw.Raw = []byte(strings.ReplaceAll(string(raw.Raw), variable, uid))
	}
	out := make([]v1beta1.Param, len(params))
	for i, p := range params {
		// A $( in a param becomes $$( before the variable is replaced.
		p.Value = strings.ReplaceAll(p.Value, variable, "$"+uid)
		out[i] = p
	}
	return of, out
}

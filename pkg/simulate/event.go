package simulate

import (
	"encoding/json"
	"io/fs"
	"net/http" //nolint:depguard // Tekton's interceptors are handlers, called in this process
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/pac"
)

// HTTP is the request of a webhook.
type HTTP struct {
	Header http.Header
	Body   []byte
	// URL is the path and the query of the request. Empty means "/".
	URL string
}

// SecretKey is a key of a Secret.
type SecretKey struct {
	Namespace string // empty means that of the listener
	Name, Key string
}

// EventOptions are what [Event] knows apart from the objects and the request.
type EventOptions struct {
	// Listener limits the result to one EventListener: its name, or NAMESPACE/NAME.
	Listener string
	// Namespace is that of listeners that do not have one. Empty means "default". Other
	// objects without a namespace are in the namespace of the listener.
	Namespace string

	// Secrets are the values with which signatures are checked, and that expressions are
	// compared with. Token is the value of all others. A signature whose value is not known is
	// assumed to be valid. Values are not part of the result.
	Secrets map[SecretKey]string
	Token   string

	// Changed are the files that the event changes. Tekton Triggers and Pipelines-as-Code
	// get those of a pull request from the provider.
	Changed pac.ChangedFiles

	// Folder is a .tekton folder, for Pipelines-as-Code. If it is nil, there is none. Hook is
	// what else Pipelines-as-Code knows: its Headers, Payload and Changed are not used. If it
	// has no Objects, the Repositories of the source are used.
	Folder fs.FS
	Hook   pac.Webhook

	// Profile describes the cluster: Tekton admits the objects that are created, or refuses
	// them. If it is nil, the profile is that of a cluster with default settings.
	Profile *check.Profile
}

// EventResult is what an event starts. All fields have stable names in JSON.
type EventResult struct {
	// Listeners are the EventListeners, sorted by namespace and name.
	Listeners []ListenerResult `json:"listeners"`
	// Folder is what Pipelines-as-Code does, from [pac.Matches]. It is nil without a folder.
	Folder *pac.Outcome `json:"-"`
}

// Starts reports whether the event creates an object.
func (r *EventResult) Starts() bool {
	for _, l := range r.Listeners {
		for _, t := range l.Triggers {
			if t.Starts {
				return true
			}
		}
	}
	if r.Folder != nil {
		for _, run := range r.Folder.Runs {
			if run.Started {
				return true
			}
		}
	}
	return false
}

// Trigger returns the trigger of this name, or nil.
func (r *EventResult) Trigger(name string) *TriggerResult {
	for i := range r.Listeners {
		for j, t := range r.Listeners[i].Triggers {
			if t.Name == name {
				return &r.Listeners[i].Triggers[j]
			}
		}
	}
	return nil
}

// ListenerResult is what an EventListener does with the event.
type ListenerResult struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Refused is why the listener does not look at its triggers: the words of its answer to
	// the request, or of Tekton about the EventListener.
	Refused  string          `json:"refused,omitempty"`
	Triggers []TriggerResult `json:"triggers"`
	Notes    []string        `json:"notes,omitempty"`
}

// TriggerResult is what a trigger does with the event.
type TriggerResult struct {
	// Name may be empty. Group is the TriggerGroup that selects the trigger.
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	Group     string `json:"group,omitempty"`
	// Starts reports whether the trigger creates an object. If it does not, Reason says why.
	Starts bool   `json:"starts"`
	Reason string `json:"reason,omitempty"`
	// Interceptors are those that saw the event, in this order. The last one said no, if any did.
	Interceptors []InterceptorResult `json:"interceptors,omitempty"`
	// Params are those of the TriggerTemplate, in its order, and then those that only the
	// bindings have.
	Params []EventParam `json:"params,omitempty"`
	// Objects are created, in this order, by this service account. Empty means that of the
	// listener.
	Objects        []EventObject `json:"objects,omitempty"`
	ServiceAccount string        `json:"serviceAccount,omitempty"`
	// Notes say what is assumed.
	Notes []string `json:"notes,omitempty"`
}

// InterceptorResult is the answer of an interceptor.
type InterceptorResult struct {
	// Name is that of the ClusterInterceptor or Interceptor, or webhook.
	Name string `json:"name"`
	// Passed reports whether the event goes on to the next one. If not, Message is why, in
	// the words of Tekton.
	Passed  bool   `json:"passed"`
	Message string `json:"message,omitempty"`
	// Saw are the values that the interceptor looked at, apart from those of a filter.
	Saw []EventValue `json:"saw,omitempty"`
	// Filter is the CEL expression of the interceptor. Conditions are the parts of it that
	// && joins, if it is false or has an error.
	Filter     string           `json:"filter,omitempty"`
	Conditions []EventCondition `json:"conditions,omitempty"`
	// Extensions are the values that the interceptor added, and overlays where they come from.
	Extensions map[string]any `json:"extensions,omitempty"`
	Overlays   []EventOverlay `json:"overlays,omitempty"`
}

// EventCondition is a part of a filter.
type EventCondition struct {
	Expression string `json:"expression"`
	// Value is true, false, or another value. Error is why there is none.
	Value string `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
	// Operands are the parts of the event in the expression.
	Operands []EventValue `json:"operands,omitempty"`
}

// EventValue is a value of the event.
type EventValue struct {
	Name string `json:"name"`
	// Value is a text as it is, and any other value as JSON.
	Value string `json:"value"`
	// Missing reports whether the event does not have it.
	Missing bool `json:"missing,omitempty"`
}

// EventOverlay is an expression that adds an extension.
type EventOverlay struct {
	Key        string `json:"key"`
	Expression string `json:"expression"`
}

// EventParam is a param of a TriggerTemplate, with the origin of its value.
type EventParam struct {
	Name string `json:"name"`
	// Value is what $(tt.params.name) is replaced with, in a text.
	Value string `json:"value"`
	// Origin is where the value comes from.
	Origin ParamOrigin `json:"origin"`
	// Expression is the value in the binding, such as $(body.after). It is empty if there is
	// no binding with the param.
	Expression string `json:"expression,omitempty"`
	// Binding is the kind and name of the object with the expression, or empty if the trigger
	// has it.
	Binding string `json:"binding,omitempty"`
	// Overlays are those of the extensions in the expression.
	Overlays []EventOverlay `json:"overlays,omitempty"`
	// Missing is why an expression has no value, so that the default is used.
	Missing string `json:"missing,omitempty"`
}

// ParamOrigin is where the value of a param comes from.
type ParamOrigin string

const (
	// FromBinding is a value that a binding has, with values of the event.
	FromBinding ParamOrigin = "binding"
	// FromDefault is the default of the TriggerTemplate.
	FromDefault ParamOrigin = "default"
	// FromNothing is a param that has neither, so that $(tt.params.name) remains in the text.
	FromNothing ParamOrigin = "nothing"
	// NotUsed is a param that a binding has, and that the TriggerTemplate does not declare.
	NotUsed ParamOrigin = "unused"
)

// EventObject is an object as the listener creates it. A name that the API server generates
// is still missing.
type EventObject struct {
	Kind      string         `json:"kind"`
	Namespace string         `json:"namespace"`
	Name      string         `json:"name"` // or the generateName
	Object    map[string]any `json:"object"`
}

// Event returns what an event starts: which triggers of the EventListeners, with which params
// and objects, and which interceptor said no to the others.
//
// Tekton's code decides: its interceptors, its templates, and its validation. Only the loop of
// the listener around them is that of this package: the package of the original defines flags
// of the whole program, and starts goroutines.
//
// There is no network. An interceptor that is not one of Tekton's is assumed to let the event
// pass, and a signature to be valid if its Secret is not given. Names and identities are made
// up, and the same every time. An error means that there is nothing to simulate.
func Event(source manifest.Source, event HTTP, options EventOptions) (*EventResult, error) {
	objects, err := source.Objects()
	if err != nil {
		return nil, err
	}
	set, err := triggersOf(objects)
	if err != nil {
		return nil, err
	}
	p := &plan{config: configMaps(options.Profile)}
	if p.ctx, err = configured(triggersContext(), p.config); err != nil {
		return nil, err
	}
	listeners, err := set.choose(options)
	if err != nil {
		return nil, err
	}
	if len(listeners) == 0 && options.Folder == nil {
		for _, o := range objects {
			if r := o.Ref(); r.Kind == "Repository" {
				return nil, errorf("there is no EventListener and no .tekton folder; the runs of Repository %q are in the folder .tekton of the repository that it refers to", r.Name)
			}
		}
		return nil, errorf("there is no EventListener and no .tekton folder")
	}
	header := http.Header{}
	for name, values := range event.Header {
		for _, v := range values {
			header.Add(name, v)
		}
	}
	event.Header = header
	if event.URL == "" {
		event.URL = "/"
	}
	result := &EventResult{Listeners: []ListenerResult{}}
	ids := &identities{}
	for _, l := range listeners {
		s := &sink{set: set.in(l.Namespace), listener: l, event: event, options: options, plan: p, ids: ids}
		result.Listeners = append(result.Listeners, s.handle())
	}
	if options.Folder != nil {
		if result.Folder, err = pac.Matches(options.Folder, hookOf(objects, event, options)); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// hookOf is the request to Pipelines-as-Code.
func hookOf(objects []object.Object, event HTTP, options EventOptions) pac.Webhook {
	hook := options.Hook
	hook.Headers, hook.Payload, hook.Changed = event.Header, event.Body, options.Changed
	if hook.Objects == nil {
		for _, o := range objects {
			if r := o.Ref(); r.Kind == "Repository" && strings.HasPrefix(o.GetObjectKind().GroupVersionKind().Group, "pipelinesascode.") {
				hook.Objects = append(hook.Objects, o)
			}
		}
	}
	return hook
}

// Started returns what Tekton does with a PipelineRun or TaskRun that an event creates, on the
// objects of the source.
func Started(source manifest.Source, started EventObject, script Script) (*Result, error) {
	objects, err := source.Objects()
	if err != nil {
		return nil, err
	}
	u := &unstructured.Unstructured{Object: started.Object}
	u = u.DeepCopy()
	u.SetNamespace(started.Namespace)
	if u.GetName() == "" {
		u.SetName(u.GetGenerateName() + "xxxxx")
	}
	run, err := typedRun(u)
	if err != nil {
		return nil, errorf("%s/%s: %w", started.Kind, started.Name, err)
	}
	all := sources{{Object: run}}
	for _, o := range objects {
		switch o.Ref().Kind {
		case "PipelineRun", "TaskRun":
		default:
			all = append(all, o)
		}
	}
	return Run(all, started.Kind+"/"+u.GetName(), script)
}

// typedRun returns an object of Tekton as the type of its kind.
func typedRun(u *unstructured.Unstructured) (runtime.Object, error) {
	to := kinds.New(u.GetAPIVersion(), u.GetKind())
	if to == nil {
		return u, nil
	}
	text, err := u.MarshalJSON()
	if err != nil {
		return nil, err
	}
	return to, json.Unmarshal(text, to)
}

// sources are objects as a source.
type sources []object.Object

// Objects implements [manifest.Source].
func (s sources) Objects() ([]object.Object, error) { return s, nil }

package facts

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/celenv"
)

// Interceptor is an item of the interceptors of a trigger, or of a group of
// triggers.
type Interceptor struct {
	Spot Spot
	Spec *v1beta1.TriggerInterceptor // nil where the item is empty
	// Core is the name of the interceptor if it comes with Tekton Triggers, ""
	// otherwise.
	Core string

	params       *CoreParams
	faults       []CoreFault
	broken       bool
	paramsDone   bool
	overlays     []Overlay
	overlaysDone bool
}

// newChain makes the interceptors of a list in the field interceptors of s.
func newChain(s Spot, list []*v1beta1.TriggerInterceptor) []*Interceptor {
	if len(list) == 0 {
		return nil
	}
	out := make([]*Interceptor, len(list))
	for i, x := range list {
		out[i] = &Interceptor{Spot: s.Index("interceptors", i), Spec: x, Core: CoreOf(x)}
	}
	return out
}

// Chain returns the interceptors of the trigger, in the order in which an event
// passes them.
func (t *Trigger) Chain() []*Interceptor {
	if !t.chainDone {
		t.chainDone = true
		t.chain = newChain(t.Spot, t.Interceptors)
	}
	return t.chain
}

// TriggerGroup is a group of the triggers of a listener.
type TriggerGroup struct {
	Spot  Spot
	Spec  *v1beta1.EventListenerTriggerGroup
	Chain []*Interceptor // the interceptors that an event passes before those of a trigger
}

// TriggerGroups returns the groups of triggers of a listener.
func (e *Entry) TriggerGroups() []*TriggerGroup {
	if e.Event.Listener == nil {
		return nil
	}
	rare := e.rarely()
	if e.groupsDone {
		return rare.groups
	}
	e.groupsDone = true
	for i := range e.Event.Listener.Spec.TriggerGroups {
		g, at := &e.Event.Listener.Spec.TriggerGroups[i], e.At("spec").Index("triggerGroups", i)
		rare.groups = append(rare.groups, &TriggerGroup{Spot: at, Spec: g, Chain: newChain(at, g.Interceptors)})
	}
	return rare.groups
}

// Interceptors returns every interceptor in the object: those of its triggers, then
// those of its groups.
func (e *Entry) Interceptors() []*Interceptor {
	triggers, groups := e.Triggers(), e.TriggerGroups()
	if len(triggers) == 1 && len(groups) == 0 {
		return triggers[0].Chain()
	}
	var out []*Interceptor
	for _, t := range triggers {
		out = append(out, t.Chain()...)
	}
	for _, g := range groups {
		out = append(out, g.Chain...)
	}
	return out
}

// CoreParams are the params of the interceptors that come with Tekton Triggers, as
// their packages declare them. These packages are not imported. Each interceptor has
// some of the params.
type CoreParams struct {
	SecretRef       *v1beta1.SecretRef `json:"secretRef"`
	EventTypes      []string           `json:"eventTypes"`
	AddChangedFiles struct {
		Enabled             bool               `json:"enabled"`
		PersonalAccessToken *v1beta1.SecretRef `json:"personalAccessToken"`
	} `json:"addChangedFiles"`
	GithubOwners struct {
		Enabled             bool               `json:"enabled"`
		PersonalAccessToken *v1beta1.SecretRef `json:"personalAccessToken"`
		CheckType           string             `json:"checkType"`
	} `json:"githubOwners"`
	RequestedFields []string     `json:"requestedFields"`
	Filter          string       `json:"filter"`
	Overlays        []CELOverlay `json:"overlays"`
}

// CELOverlay is a value that a CEL interceptor adds to the extensions of an event.
type CELOverlay struct {
	Key        string `json:"key"`
	Expression string `json:"expression"`
}

var coreTypes = fieldsOf(reflect.TypeFor[CoreParams]())

// coreNames are the names of the params of each interceptor, sorted.
var coreNames = map[string][]string{
	"bitbucket": {"eventTypes", "secretRef"},
	"cel":       {"filter", "overlays"},
	"github":    {"addChangedFiles", "eventTypes", "githubOwners", "secretRef"},
	"gitlab":    {"eventTypes", "secretRef"},
	"slack":     {"requestedFields"},
}

// CoreFaultKind is the kind of error in a param of an interceptor that comes with
// Tekton Triggers.
type CoreFaultKind int

// The kinds of errors. All but the last leave the other params intact.
const (
	UnknownCoreParam CoreFaultKind = iota // there is no param of that name
	CoreParamTwice                        // it is set before, at First
	NoCoreValue                           // it has no value
	UnknownCoreField                      // its value has an unknown field
	CoreType                              // a value does not have its type, so the interceptor reads no param
)

// CoreFault is an error in a param of an interceptor.
type CoreFault struct {
	Kind  CoreFaultKind
	Spot  Spot
	Name  string       // of the param, or of the value in it, with the names joined by dots
	Field string       // the unknown field
	First Spot         // where the param is set before
	Known []string     // the known names, sorted
	Value any          // the value of the wrong type
	Type  reflect.Type // the expected type
}

// Faults returns the errors in the params of an interceptor that comes with Tekton
// Triggers.
func (x *Interceptor) Faults() []CoreFault {
	x.read()
	return x.faults
}

// Params returns the params of an interceptor that comes with Tekton Triggers. It
// returns nil for other interceptors, and for params that the interceptor cannot
// read.
func (x *Interceptor) Params() *CoreParams {
	x.read()
	return x.params
}

// SoundParams returns the params as Params does, but nil also if any value has the
// wrong type, even one that the interceptor never reads.
func (x *Interceptor) SoundParams() *CoreParams {
	x.read()
	if x.broken {
		return nil
	}
	return x.params
}

// Param returns the place of the value of a param, or that of the interceptor if the
// param is not set.
func (x *Interceptor) Param(name string) Spot {
	for i := len(x.Spec.Params) - 1; i >= 0; i-- {
		if strings.EqualFold(x.Spec.Params[i].Name, name) {
			return x.Spot.Index("params", i).Field("value")
		}
	}
	return x.Spot
}

// read reads the params as the interceptor does: names are matched without case, and
// the last of two with the same name is used.
func (x *Interceptor) read() {
	if x.paramsDone || x.Core == "" {
		return
	}
	x.paramsDone = true
	names := coreNames[x.Core]
	seen, all := map[string]int{}, map[string]json.RawMessage{}
	for i := range x.Spec.Params {
		p := &x.Spec.Params[i]
		fault := func(f CoreFault) {
			f.Spot, f.Name = x.Spot.Index("params", i).Field("name"), p.Name
			if f.Kind == NoCoreValue {
				f.Spot = x.Spot.Index("params", i).Field("value")
			}
			x.faults = append(x.faults, f)
		}
		name := folded(names, p.Name)
		if name == "" {
			fault(CoreFault{Kind: UnknownCoreParam, Known: names})
			continue
		}
		if len(p.Value.Raw) > 0 {
			all[p.Name] = p.Value.Raw
		}
		if first, ok := seen[name]; ok {
			fault(CoreFault{Kind: CoreParamTwice, First: x.Spot.Index("params", first)})
		}
		seen[name] = i
		var v any
		if len(p.Value.Raw) == 0 || json.Unmarshal(p.Value.Raw, &v) != nil {
			fault(CoreFault{Kind: NoCoreValue})
			continue
		}
		x.fit(x.Spot.Index("params", i).Field("value"), p.Name, v, coreTypes[name])
	}
	var params CoreParams
	if raw, err := json.Marshal(all); err == nil && json.Unmarshal(raw, &params) == nil {
		x.params = &params
	}
}

// folded returns the name among names that is equal if case is ignored.
func folded(names []string, name string) string {
	if slices.Contains(names, name) {
		return name
	}
	if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) }); i >= 0 {
		return names[i]
	}
	return ""
}

// fit checks a value of a param against its type.
func (x *Interceptor) fit(s Spot, name string, v any, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := v.(type) {
	case nil:
		return
	case map[string]any:
		if t.Kind() != reflect.Struct {
			break
		}
		fields := fieldsOf(t)
		known := sortedKeys(fields)
		for _, k := range sortedKeys(v) {
			if f := folded(known, k); f != "" {
				x.fit(s.Field(k), name+"."+k, v[k], fields[f])
				continue
			}
			x.faults = append(x.faults, CoreFault{Kind: UnknownCoreField, Spot: s.Field(k), Name: name, Field: k, Known: known})
		}
		return
	case []any:
		if t.Kind() != reflect.Slice {
			break
		}
		for i := range v {
			x.fit(s.Item(i), name, v[i], t.Elem())
		}
		return
	case string:
		if t.Kind() == reflect.String {
			return
		}
	case bool:
		if t.Kind() == reflect.Bool {
			return
		}
	}
	x.broken = true
	x.faults = append(x.faults, CoreFault{Kind: CoreType, Spot: s, Name: name, Value: v, Type: t})
}

// CoreSecret is a key of a Secret that is read by an interceptor that comes with
// Tekton Triggers, in the namespace of the trigger.
type CoreSecret struct {
	Spot  Spot   // of the reference, with secretName and secretKey
	Param string // the param, or the path inside it: addChangedFiles.personalAccessToken
	Name  string // of the Secret, which may be empty
	Key   string // likewise
}

// Secrets returns the keys of Secrets that the interceptor reads, if it comes with
// Tekton Triggers. Those of disabled features of github are not read.
func (x *Interceptor) Secrets() []CoreSecret {
	p := x.SoundParams()
	if p == nil {
		return nil
	}
	var out []CoreSecret
	if ref := p.SecretRef; ref != nil {
		out = append(out, CoreSecret{x.Param("secretRef"), "secretRef", ref.SecretName, ref.SecretKey})
	}
	token := func(param string, enabled bool, ref *v1beta1.SecretRef) {
		if enabled && ref != nil {
			out = append(out, CoreSecret{x.Param(param).Field("personalAccessToken"), param + ".personalAccessToken", ref.SecretName, ref.SecretKey})
		}
	}
	token("addChangedFiles", p.AddChangedFiles.Enabled, p.AddChangedFiles.PersonalAccessToken)
	token("githubOwners", p.GithubOwners.Enabled, p.GithubOwners.PersonalAccessToken)
	return out
}

// Overlay is an overlay of a CEL interceptor.
type Overlay struct {
	CELOverlay
	Spot   Spot
	Quotes celenv.Quotes
	Err    error // why the expression does not compile, or has no value
}

// Overlays returns the overlays of a CEL interceptor.
func (x *Interceptor) Overlays() []Overlay {
	if x.overlaysDone {
		return x.overlays
	}
	x.overlaysDone = true
	if p := x.Params(); p != nil && len(p.Overlays) > 0 {
		s := x.Param("overlays")
		x.overlays = make([]Overlay, len(p.Overlays))
		for i, o := range p.Overlays {
			quotes, err := celenv.Overlay(o.Expression)
			x.overlays[i] = Overlay{o, s.Item(i), quotes, err}
		}
	}
	return x.overlays
}

// Extensions returns the values that the interceptor adds to an event. They are not
// known for interceptors that do not come with Tekton Triggers. Webhooks change the
// body, and add no values.
func (x *Interceptor) Extensions() (added []Extension, known bool) {
	if x.Spec == nil || x.Spec.Webhook != nil {
		return nil, true
	}
	p := x.Params()
	if p == nil {
		return nil, x.Core == "gitlab" || x.Core == "bitbucket" // these add nothing
	}
	for _, o := range x.Overlays() {
		added = append(added, Extension{Path: o.Key, Quotes: o.Quotes})
	}
	if p.AddChangedFiles.Enabled {
		added = append(added, Extension{Path: "changed_files"})
	}
	for _, f := range p.RequestedFields {
		added = append(added, Extension{Path: ExtensionPath([]string{f}), Quotes: celenv.AllQuotes})
	}
	return added, true
}

// guards reports whether the interceptor checks the sender of an event, and whether
// it lets only some events pass. Other people's interceptors are assumed to do both.
func (x *Interceptor) guards() (signed, filtered bool) {
	if x.Core == "slack" { // passes one command only; its signature is not checked
		return false, true
	}
	p := x.Params()
	if p == nil {
		return true, true
	}
	return p.SecretRef != nil || strings.Contains(p.Filter, ".compareSecret("),
		p.EventTypes != nil || p.GithubOwners.Enabled || p.Filter != ""
}

package check

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
)

// The params of the interceptors that come with Tekton Triggers, as their own
// packages declare them, which are not linked.
type (
	githubParams struct {
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
	}
	// hookParams are those of gitlab and of bitbucket.
	hookParams struct {
		SecretRef  *v1beta1.SecretRef `json:"secretRef"`
		EventTypes []string           `json:"eventTypes"`
	}
	slackParams struct {
		RequestedFields []string `json:"requestedFields"`
	}
	celParams struct {
		Filter   string       `json:"filter"`
		Overlays []celOverlay `json:"overlays"`
	}
	celOverlay struct {
		Key        string `json:"key"`
		Expression string `json:"expression"`
	}
)

var coreParamTypes = map[string]reflect.Type{
	"github": reflect.TypeFor[githubParams](), "gitlab": reflect.TypeFor[hookParams](), "bitbucket": reflect.TypeFor[hookParams](),
	"slack": reflect.TypeFor[slackParams](), "cel": reflect.TypeFor[celParams](),
}

// paramsInto reads the params of an interceptor as it does itself: the case of
// names does not count, and of two with one name the last holds.
func paramsInto(params []v1beta1.InterceptorParams, into any) bool {
	all := make(map[string]json.RawMessage, len(params))
	for _, p := range params {
		if len(p.Value.Raw) > 0 {
			all[p.Name] = p.Value.Raw
		}
	}
	raw, err := json.Marshal(all)
	return err == nil && json.Unmarshal(raw, into) == nil
}

// paramSpots are the places of the params of an interceptor, by name.
type paramSpots struct {
	spot   spot // of the interceptor
	params []v1beta1.InterceptorParams
}

// of is the place of a param's value; that of the interceptor if it is not set.
func (p paramSpots) of(name string) spot {
	for i := len(p.params) - 1; i >= 0; i-- {
		if strings.EqualFold(p.params[i].Name, name) {
			return p.spot.index("params", i).field("value")
		}
	}
	return p.spot
}

// coreParams checks the params of an interceptor that comes with Triggers: row
// 70. The webhook lets everything pass.
func (c *checker) coreParams(s spot, core string, params []v1beta1.InterceptorParams) {
	t, before := coreParamTypes[core], len(c.findings)
	fields, wrong := fieldsOf(t), false
	seen := map[string]int{}
	for i := range params {
		p, at := &params[i], s.index("params", i)
		name := foldedField(fields, p.Name)
		if name == "" {
			c.warn(at.field("name"), "interceptor-param", p.Name, "interceptor "+q(core)+" has no param "+q(p.Name)+", and ignores it", oneOf(p.Name, sortedKeys(fields)))
			continue
		}
		if first, ok := seen[name]; ok {
			c.warn(at.field("name"), "interceptor-param", p.Name, "param "+q(p.Name)+" of interceptor "+q(core)+" is set twice: the last one holds", "drop one of them",
				s.index("params", first).related("the first one"))
		}
		seen[name] = i
		var v any
		if len(p.Value.Raw) == 0 || json.Unmarshal(p.Value.Raw, &v) != nil {
			c.warn(at.field("value"), "interceptor-param", p.Name, "param "+q(p.Name)+" of interceptor "+q(core)+" has no value, and does nothing", "set it, or drop it")
			continue
		}
		wrong = c.coreValue(at.field("value"), core, p.Name, v, fields[name]) || wrong
	}
	if wrong {
		return
	}
	spots := paramSpots{s, params}
	switch core {
	case "github":
		var p githubParams
		if paramsInto(params, &p) {
			c.secretRef(spots.of("secretRef"), core, "secretRef", p.SecretRef)
			c.eventTypes(spots.of("eventTypes"), core, p.EventTypes)
			c.github(spots, &p)
		}
	case "gitlab", "bitbucket":
		var p hookParams
		if paramsInto(params, &p) {
			c.secretRef(spots.of("secretRef"), core, "secretRef", p.SecretRef)
			c.eventTypes(spots.of("eventTypes"), core, p.EventTypes)
		}
	case "slack":
		var p slackParams
		if paramsInto(params, &p) && p.RequestedFields == nil && len(c.findings) == before {
			c.fail(s, "interceptor-param", "requestedFields", "interceptor \"slack\" has no requestedFields, so it refuses every event", "list the fields of the form to keep")
		}
	case "cel":
		c.celParams(spots, before)
	}
}

// foldedField is the name of the field that the interceptor reads for a param.
func foldedField(fields map[string]reflect.Type, name string) string {
	if fields[name] != nil {
		return name
	}
	for f := range fields {
		if strings.EqualFold(f, name) {
			return f
		}
	}
	return ""
}

// coreValue checks a value of a param against its type. It reports whether the
// interceptor fails to read it.
func (c *checker) coreValue(s spot, core, name string, v any, t reflect.Type) (wrong bool) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := v.(type) {
	case nil:
		return false
	case map[string]any:
		if t.Kind() != reflect.Struct {
			break
		}
		fields := fieldsOf(t)
		for _, k := range sortedKeys(v) {
			f := foldedField(fields, k)
			if f == "" {
				c.warn(s.field(k), "interceptor-param", k, q(name)+" of interceptor "+q(core)+" has no field "+q(k)+", and ignores it", oneOf(k, sortedKeys(fields)))
				continue
			}
			wrong = c.coreValue(s.field(k), core, name+"."+k, v[k], fields[f]) || wrong
		}
		return wrong
	case []any:
		if t.Kind() != reflect.Slice {
			break
		}
		for i, x := range v {
			wrong = c.coreValue(in(s.entry, at(s.path, i)), core, name, x, t.Elem()) || wrong
		}
		return wrong
	case string:
		if t.Kind() == reflect.String {
			return false
		}
	case bool:
		if t.Kind() == reflect.Bool {
			return false
		}
	}
	c.fail(s, "interceptor-param", name, q(name)+" of interceptor "+q(core)+" is "+typeNoun(t)+", not "+valueNoun(v)+", so it refuses every event", "write "+typeNoun(t))
	return true
}

// secretRef checks a reference to a key of a Secret, which is read in the
// namespace of the trigger.
func (c *checker) secretRef(s spot, core, name string, ref *v1beta1.SecretRef) {
	const refused = ", so it refuses every event"
	switch {
	case ref == nil:
	case ref.SecretName == "":
		c.fail(s, "interceptor-param", name, name+" of interceptor "+q(core)+" names no Secret"+refused, "set secretName and secretKey")
	case ref.SecretKey == "":
		c.fail(s, "interceptor-param", name, name+" of interceptor "+q(core)+" names no key of Secret "+q(ref.SecretName)+refused, "set secretKey")
	default:
		c.interceptorSecret(s, ref.SecretName, ref.SecretKey)
	}
}

// interceptorSecret checks that a Secret and its key are there.
func (c *checker) interceptorSecret(s spot, name, secretKey string) {
	if found := c.wants(s.field("secretName"), want{kind: "Secret", name: name, without: "every event is refused without it"}); found != nil {
		c.hasKey(s.field("secretKey"), found, secretKey)
	}
}

// github checks what only the interceptor of that name does.
func (c *checker) github(spots paramSpots, p *githubParams) {
	if files := &p.AddChangedFiles; files.Enabled {
		at := spots.of("addChangedFiles")
		if files.PersonalAccessToken != nil {
			c.secretRef(at.field("personalAccessToken"), "github", "addChangedFiles.personalAccessToken", files.PersonalAccessToken)
		}
		if p.EventTypes != nil && !slices.Contains(p.EventTypes, "push") && !slices.Contains(p.EventTypes, "pull_request") {
			c.warn(at, "interceptor-param", "addChangedFiles", "addChangedFiles does nothing for these event types", "let push or pull_request through, or drop it")
		}
	}
	owners, at := &p.GithubOwners, spots.of("githubOwners")
	if !owners.Enabled {
		return
	}
	if p.AddChangedFiles.Enabled {
		c.warn(at, "interceptor-param", "githubOwners", "with addChangedFiles in the same interceptor the owners of pull requests are not checked: githubOwners is skipped",
			"make two interceptors of it, that with githubOwners first")
	}
	checks := []string{"orgMembers", "repoMembers", "all", "none"}
	if owners.CheckType != "" && !slices.Contains(checks, owners.CheckType) {
		c.warn(at, "interceptor-param", "checkType", "githubOwners has the checkType "+q(owners.CheckType)+", which checks no membership", oneOf(owners.CheckType, checks))
	}
	if owners.PersonalAccessToken == nil && owners.CheckType != "none" {
		c.fail(at, "interceptor-param", "personalAccessToken", "githubOwners has no personalAccessToken, which checkType "+q(owners.CheckType)+" needs", "name the Secret, or write checkType: none")
		return
	}
	c.secretRef(at.field("personalAccessToken"), "github", "githubOwners.personalAccessToken", owners.PersonalAccessToken)
}

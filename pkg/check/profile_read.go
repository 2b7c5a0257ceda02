package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	kjson "sigs.k8s.io/json"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// ReadProfile reads a profile from YAML or JSON:
//
//	apiFields: beta                     # stable, beta or alpha
//	features: [enable-param-enum]
//	coschedule: workspaces              # workspaces, pipelineruns, isolate-pipelinerun or disabled
//	maxMatrix: 256
//	maxFindings: 250000
//	complete: true
//	oneSet: true                        # of all directories
//	usedOnly: true                      # of Kubernetes' objects
//	persona: regular                    # regular, pedantic or auditor
//	defaultServiceAccount: default
//	disableInlineSpec: pipelinerun      # pipeline, pipelinerun and taskrun, comma-separated
//	forbiddenEnv: [HTTP_PROXY]
//	timeoutMinutes: 60
//	exists:
//	  - {kind: Task, name: git-clone}   # in every namespace
//	  - {kind: Secret, name: "*", namespace: ci}
//	severities:
//	  image-floating: error
//	disabled: [param-unused]            # or, in severities, param-unused: off
//
// All fields are optional. Names are case-sensitive, and unknown names are an
// error. The error reports all mistakes at once. ReadProfile does not check the
// values: see [ValidateProfile] and [ProfileWarnings].
func ReadProfile(data []byte) (Profile, error) {
	var p Profile
	text, err := yamlread.JSON(data, true)
	if err != nil {
		why := strings.Join(strings.Fields(err.Error()), " ")
		why = strings.TrimPrefix(strings.TrimPrefix(why, "yaml: "), "unmarshal errors: ")
		return p, errors.New("profile: not valid YAML: " + why)
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(text, &given); err != nil {
		return p, errors.New("profile: not a YAML map: use fields such as complete: true")
	}
	var severities map[string]severityOrOff
	targets := fieldsByName(&p)
	targets["severities"] = &severities
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(given)) {
		target := targets[name]
		if target == nil {
			errs = append(errs, fmt.Errorf("profile: unknown field %q: %s", name, phrase.OneOf(name, slices.Sorted(maps.Keys(targets)))))
			continue
		}
		errs = append(errs, readField(name, given[name], target))
	}
	for _, code := range slices.Sorted(maps.Keys(severities)) {
		switch s := severities[code]; {
		case s.off && !slices.Contains(p.Disabled, code):
			p.Disabled = append(p.Disabled, code)
		case s.off:
		case p.Severities == nil:
			p.Severities = map[string]diag.Severity{}
			fallthrough
		default:
			p.Severities[code] = s.severity
		}
	}
	return p, errors.Join(errs...)
}

// fieldsByName returns pointers to the fields of a struct, by their JSON names.
func fieldsByName(pointer any) map[string]any {
	v := reflect.ValueOf(pointer).Elem()
	out := map[string]any{}
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			out[name] = v.Field(i).Addr().Interface()
		}
	}
	return out
}

// readField reads one field of a profile.
func readField(name string, text json.RawMessage, target any) error {
	unknown, err := kjson.UnmarshalStrict(text, target)
	if err != nil {
		why := "use " + wants(target)
		if strings.HasPrefix(err.Error(), "unknown severity") {
			why = err.Error()
		}
		return fmt.Errorf("profile: %s is %s: %s", name, text, why)
	}
	for i, e := range unknown {
		// unknown field "[0].names"
		field := strings.Trim(e.Error()[strings.LastIndexAny(e.Error(), ". ")+1:], `"`)
		unknown[i] = fmt.Errorf("profile: %s has an unknown field %q: %s", name, field, phrase.OneOf(field, slices.Sorted(maps.Keys(fieldsByName(&diag.ObjectRef{})))))
	}
	return errors.Join(unknown...)
}

// wants describes the value that a field of a profile expects.
func wants(target any) string {
	switch target.(type) {
	case *bool:
		return "true or false"
	case *int, **int:
		return "a number"
	case *string, *rule.Persona:
		return "a string"
	case *[]string:
		return "a list of names"
	case *[]diag.ObjectRef:
		return "a list of objects with kind, name and an optional namespace"
	}
	return "a map from codes to error, warning, note or off"
}

// severityOrOff is the severity of a rule in a profile, or off.
type severityOrOff struct {
	severity diag.Severity
	off      bool
}

// UnmarshalJSON reads "error", "warning", "note" or "off". An unquoted off is false
// in YAML 1.1.
func (s *severityOrOff) UnmarshalJSON(text []byte) (err error) {
	var name string
	if json.Unmarshal(text, &name) != nil {
		name = string(text)
	}
	if s.off = name == "off" || name == "false"; s.off {
		return nil
	}
	if s.severity, err = diag.ParseSeverity(name); err != nil {
		return fmt.Errorf("unknown severity %q: use error, warning, note or off", name)
	}
	return nil
}

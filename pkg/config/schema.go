package config

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/settings"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// SchemaURL is the address of the published schema.
const SchemaURL = "https://raw.githubusercontent.com/tekwright/tekwright/main/docs/config.schema.json"

// descriptions describe the fields of a configuration, in the order of the documentation.
var descriptions = []struct{ field, text string }{
	{"persona", "Who reads the findings: regular (what is wrong or risky), pedantic (also advice), or auditor (also what a security review looks at)."},
	{"severities", "The severity of rules, by code: error, warning, note or off."},
	{"disabled", "Codes of rules that are turned off."},
	{"overrides", "Settings for some files. If several apply to a file, the later ones win."},
	{"exclude", "Patterns of files and folders to leave out, relative to this file. * and ? do not match a slash, ** does. A pattern without a slash matches in every folder."},
	{"baseline", "A file with known findings, relative to this file. They are not reported. tekwright check --write-baseline writes it."},
	{"profile", "A file with fields of a profile, relative to this file. What is set here wins."},
	{"complete", "The cluster has nothing but the checked objects and what exists lists: a reference to anything else is an error."},
	{"exists", "Objects that the cluster has in addition to the checked ones. The name \"*\" stands for all objects of a kind; without a namespace, it is every namespace."},
	{"pipelinesVersion", "The version of Tekton Pipelines in the cluster, such as v0.53.0. It sets which feature flags exist, and the default of apiFields."},
	{"apiFields", "The cluster's enable-api-fields: stable, beta or alpha."},
	{"features", "The flags of the ConfigMap feature-flags that are enabled."},
	{"coschedule", "The cluster's flag coschedule."},
	{"maxMatrix", "The cluster's default-max-matrix-combinations-count."},
	{"disableInlineSpec", "The cluster's flag disable-inline-spec: pipeline, pipelinerun and taskrun, separated by commas."},
	{"forbiddenEnv", "The cluster's default-forbidden-env: environment variables that a pod template must not set."},
	{"defaultServiceAccount", "The service account of runs that set none. Tekton's default is \"default\"."},
	{"timeoutMinutes", "The cluster's default-timeout-minutes. 0 means no timeout."},
	{"remotes", "Files and folders, relative to this file, of the remote tasks and pipelines that annotations of Pipelines-as-Code refer to: by a URL or a name such as git-clone:0.9, or by a URL that ends with a slash, for a folder."},
	{"oneSet", "The objects of all directories are one set. Otherwise a reference means the nearest object, and the same name in two directories is no mistake."},
	{"usedOnly", "Objects of Kubernetes to which no object of Tekton refers are left out, as in a directory on the command line."},
}

// choices are the values of fields that have only a few.
var choices = map[string][]string{
	"persona":    rule.Personas(),
	"apiFields":  {"stable", "beta", "alpha"},
	"coschedule": {"workspaces", "pipelineruns", "isolate-pipelinerun", "disabled"},
}

// object is a map whose keys have an order in JSON.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON returns the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			out = append(out, ',')
		}
		key, err := json.Marshal(m.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, key...), ':'), value...)
	}
	return append(out, '}'), nil
}

// Schema returns the JSON Schema of configurations, which editors use to complete and
// check them. It ends with a line break.
func Schema() []byte {
	fields := object{}
	for _, d := range descriptions {
		fields = append(fields, member{d.field, append(object{{"description", d.text}}, typeOf(d.field)...)})
	}
	severity := object{}
	for _, r := range slices.Concat(check.Rules(), check.OtherCodes()) {
		severity = append(severity, member{r.Code, object{{"$ref", "#/$defs/severity"}, {"description", r.Doc().Summary}}})
	}
	slices.SortFunc(severity, func(a, b member) int { return strings.Compare(a.key, b.key) })
	codes := make([]string, len(severity))
	for i, m := range severity {
		codes[i] = m.key
	}
	out, err := json.MarshalIndent(object{
		{"$schema", "http://json-schema.org/draft-07/schema#"},
		{"$id", SchemaURL},
		{"title", Name},
		{"description", "The configuration of tekwright check."},
		{"type", "object"},
		{"additionalProperties", false},
		{"properties", fields},
		{"$defs", object{
			{"severity", object{{"enum", []any{"error", "warning", "note", "off", false}}}},
			{"severities", object{{"type", "object"}, {"additionalProperties", false}, {"properties", severity}}},
			{"codes", object{{"type", "array"}, {"items", object{{"enum", codes}}}}},
			{"patterns", object{{"type", "array"}, {"maxItems", mostPatterns}, {"items", object{{"type", "string"}, {"minLength", 1}, {"maxLength", longestPattern}}}}},
		}},
	}, "", "  ")
	if err != nil {
		return nil // strings and lists can always be written
	}
	return append(out, '\n')
}

// typeOf returns the type of a field.
func typeOf(field string) object {
	switch field {
	case "severities":
		return object{{"$ref", "#/$defs/severities"}}
	case "disabled":
		return object{{"$ref", "#/$defs/codes"}}
	case "exclude", "paths":
		return object{{"$ref", "#/$defs/patterns"}}
	case "baseline", "profile":
		return object{{"type", "string"}}
	case "overrides":
		fields := object{{"paths", append(object{{"description", "Patterns of the files, relative to this file."}}, typeOf("paths")...)}}
		for _, name := range []string{"severities", "disabled", "persona"} {
			fields = append(fields, member{name, typeOf(name)})
		}
		return object{{"type", "array"}, {"items", object{
			{"type", "object"}, {"additionalProperties", false}, {"required", []string{"paths"}}, {"properties", fields},
		}}}
	}
	if field == "pipelinesVersion" {
		return object{{"type", "string"}, {"pattern", `^v[0-9]+\.[0-9]+(\.[0-9]+)?$`}}
	}
	if values := choices[field]; values != nil {
		return object{{"enum", values}}
	}
	return goType(settings.FieldsOf(&check.Profile{})[field])
}

// goType returns the type of a field of a profile.
func goType(pointer any) object {
	switch pointer.(type) {
	case *bool:
		return object{{"type", "boolean"}}
	case *int, **int:
		return object{{"type", "integer"}, {"minimum", 0}}
	case *[]string:
		return object{{"type", "array"}, {"items", object{{"type", "string"}}}}
	case *map[string]string:
		return object{{"type", "object"}, {"additionalProperties", object{{"type", "string"}, {"minLength", 1}}}}
	case *[]diag.ObjectRef:
		fields := object{}
		for f := range reflect.TypeFor[diag.ObjectRef]().Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			fields = append(fields, member{name, object{{"type", "string"}}})
		}
		return object{{"type", "array"}, {"items", object{
			{"type", "object"}, {"additionalProperties", false}, {"required", []string{"kind", "name"}}, {"properties", fields},
		}}}
	}
	return object{{"type", "string"}}
}

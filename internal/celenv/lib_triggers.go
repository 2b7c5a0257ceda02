package celenv

import "github.com/google/cel-go/cel"

// triggerFunctions are those that Triggers itself adds.
func triggerFunctions() []cel.EnvOption {
	return []cel.EnvOption{
		method(object, "match", "match_map_string_string", boolean, text, text),
		method(object, "canonical", "canonical_map_string", text, text),
		method(text, "truncate", "truncate_string_uint", text, integer),
		method(text, "compareSecret", "compareSecret_string_string_string", boolean, text, text, text),
		method(text, "compareSecret", "compareSecret_string_string", boolean, text, text),
		method(text, "parseJSON", "parseJSON_string", object),
		method(text, "parseYAML", "parseYAML_string", object),
		method(text, "parseURL", "parseURL_string", object),
		method(object, "marshalJSON", "marshalJSON_map", text),
		method(anyList, "marshalJSON", "marshalJSON_list", text),
		method(anyList, "last", "last_list", anything),
		method(anyList, "first", "first_list", anything),
		method(text, "translate", "translate_string_string", text, text, text),
	}
}

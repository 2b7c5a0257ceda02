package celenv

import "github.com/google/cel-go/cel"

// triggersFunctions declares the functions that Triggers adds, without
// implementations: those of Triggers link a Kubernetes client.
func triggersFunctions() []cel.EnvOption {
	object, list := cel.MapType(cel.StringType, cel.DynType), cel.ListType(cel.DynType)
	text, anything, boolean := cel.StringType, cel.DynType, cel.BoolType
	method := func(name, id string, result *cel.Type, args ...*cel.Type) cel.EnvOption {
		return cel.Function(name, cel.MemberOverload(id, args, result))
	}
	return []cel.EnvOption{
		method("match", "match_map_string_string", boolean, object, text, text),
		method("canonical", "canonical_map_string", text, object, text),
		method("truncate", "truncate_string_uint", text, text, cel.IntType),
		method("compareSecret", "compareSecret_string_string_string", boolean, text, text, text, text),
		method("compareSecret", "compareSecret_string_string", boolean, text, text, text),
		method("parseJSON", "parseJSON_string", object, text),
		method("parseYAML", "parseYAML_string", object, text),
		method("parseURL", "parseURL_string", object, text),
		method("marshalJSON", "marshalJSON_map", text, object),
		method("marshalJSON", "marshalJSON_list", text, list),
		method("last", "last_list", anything, list),
		method("first", "first_list", anything, list),
		method("translate", "translate_string_string", text, text, text, text),
	}
}

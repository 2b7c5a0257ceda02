package celenv

import "github.com/google/cel-go/cel"

// stringFunctions are those of cel-go's Strings, in its newest version.
func stringFunctions() []cel.EnvOption {
	return []cel.EnvOption{
		method(text, "charAt", "string_char_at_int", text, integer),
		method(text, "indexOf", "string_index_of_string", integer, text),
		method(text, "indexOf", "string_index_of_string_int", integer, text, integer),
		method(text, "lastIndexOf", "string_last_index_of_string", integer, text),
		method(text, "lastIndexOf", "string_last_index_of_string_int", integer, text, integer),
		method(text, "lowerAscii", "string_lower_ascii", text),
		method(text, "replace", "string_replace_string_string", text, text, text),
		method(text, "replace", "string_replace_string_string_int", text, text, text, integer),
		method(text, "split", "string_split_string", texts, text),
		method(text, "split", "string_split_string_int", texts, text, integer),
		method(text, "substring", "string_substring_int", text, integer),
		method(text, "substring", "string_substring_int_int", text, integer, integer),
		method(text, "trim", "string_trim", text),
		method(text, "upperAscii", "string_upper_ascii", text),
		method(text, "format", formatOverload, text, anyList),
		function("strings.quote", "strings_quote", text, text),
		method(texts, "join", "list_join", text),
		method(texts, "join", "list_join_string", text, text),
		method(text, "reverse", "string_reverse", text),
	}
}

// encoderFunctions are those of cel-go's Encoders.
func encoderFunctions() []cel.EnvOption {
	return []cel.EnvOption{
		function("base64.decode", "base64_decode_string", data, text),
		function("base64.encode", "base64_encode_bytes", text, data),
		function("json.encode", "json_encode_dyn", text, anything),
	}
}

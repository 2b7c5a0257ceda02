package cluster

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/pkg/diag"
)

// pattern compiles an expression on first use: programs that never talk to a
// cluster do not need it.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

var (
	denied    = pattern(`(?s)admission webhook "([^"]+)" denied the request: (.*)$`)
	calling   = pattern(`failed (?:calling|to call) webhook "([^"]+)"`)
	typed     = pattern(`(?s)^failed to create typed (?:patch|live|new) object \([^)]*\): (.*)$`)
	field     = pattern(`^\s*\.?([A-Za-z][^\s:]*): (.*)$`)
	goValue   = pattern(`&(?:value\.valueUnstructured\{Value:(.*)\}|\{(.*)\})$`)
	decoding  = pattern(`^cannot decode incoming (?:new|old) object: (?:json: )?(.*)$`)
	goField   = pattern(`^cannot unmarshal (.*) into Go struct field \w*\.(\S+) of type (.*)$`)
	pathOf    = pattern(`^(?:spec|metadata|status)(?:\.[A-Za-z0-9_/-]+|\[[^\]]*\])*$`)
	capital   = pattern(`(?:^|\.)[A-Z]`)
	strictOne = pattern(`(unknown|duplicate) field "([^"]+)"`)
	cannot    = pattern(`(?s)User "([^"]*)" (cannot (\w+) resource "([^"]+)".*)$`)
	granting  = pattern(`(?s)user "([^"]*)" .*is attempting to grant RBAC permissions not currently held:\n(.*)$`)
)

// said is one problem of an answer, with the path as it is written there.
type said struct{ path, message string }

// webhookCauses parses the text of a Tekton webhook. Each problem is a line
// that ends with the paths of invalid values, or with a colon if it has none.
// Any other line belongs to the problem before it.
//
//	missing field(s): spec.steps[0].image
//	step results requires "enable-api-fields" feature gate to be "beta":
//	invalid value "B_": spec.tasks[2].name
//	Pipeline Task name must be a valid DNS Label
func webhookCauses(text string) []said {
	for _, prefix := range []string{"validation failed: ", "mutation failed: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	var causes []said
	open := 0 // the causes of the last problem
	for line := range strings.Lines(text) {
		pathless := strings.HasSuffix(strings.TrimRight(line, "\r\n"), ": ")
		line = strings.TrimSpace(line)
		message, paths := cutPaths(line)
		switch {
		case line == "":
		case pathless:
			open = 1
			causes = append(causes, said{message: strings.TrimSuffix(line, ":")})
		case paths != nil:
			open = len(paths)
			for _, p := range paths {
				causes = append(causes, said{path: tidyPath(p), message: message})
			}
		case len(causes) == 0:
			open = 1
			causes = append(causes, said{message: line})
		default:
			for i := len(causes) - open; i < len(causes); i++ {
				causes[i].message += ": " + line
			}
		}
	}
	return causes
}

// decodeCause parses the text of a webhook that could not decode an object; nil
// if the text is something else.
func decodeCause(text string, body map[string]any) *said {
	m := decoding().FindStringSubmatch(strings.TrimPrefix(text, "mutation failed: "))
	if m == nil {
		return nil
	}
	if f := strictOne().FindStringSubmatch(m[1]); f != nil {
		// The text has only the name of the field.
		if paths := pathsTo(body, f[2], ""); len(paths) == 1 {
			return &said{path: paths[0], message: f[1] + " field"}
		}
		return &said{message: m[1]}
	}
	if f := goField().FindStringSubmatch(m[1]); f != nil {
		return &said{path: f[2], message: "cannot read " + f[1] + " as " + f[3]}
	}
	return &said{message: m[1]}
}

// pathsTo returns the paths of all fields with a name.
func pathsTo(value any, name, path string) []string {
	var found []string
	switch v := value.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			p := strings.TrimPrefix(path+"."+k, ".")
			if k == name {
				found = append(found, p)
			}
			found = append(found, pathsTo(v[k], name, p)...)
		}
	case []any:
		for i, item := range v {
			found = append(found, pathsTo(item, name, path+"["+strconv.Itoa(i)+"]")...)
		}
	}
	return found
}

// cutPaths cuts the paths off the end of a line; nil if there are none.
func cutPaths(line string) (message string, paths []string) {
	i := strings.LastIndex(line, ": ")
	if i < 0 {
		return line, nil
	}
	paths = strings.Split(line[i+2:], ", ")
	for _, p := range paths {
		if !pathOf().MatchString(p) {
			return line, nil
		}
	}
	return line[:i], paths
}

// schemaCauses parses the answer of the API server about an object that does
// not match the schema of its kind; nil if the text is something else.
func schemaCauses(text string) []said {
	var causes []said
	if m := typed().FindStringSubmatch(text); m != nil {
		for line := range strings.Lines(strings.TrimPrefix(m[1], "errors:\n")) {
			line = strings.TrimSpace(line)
			if f := field().FindStringSubmatch(line); f != nil {
				causes = append(causes, said{path: f[1], message: goValue().ReplaceAllString(f[2], "$1$2")})
			} else if line != "" {
				causes = append(causes, said{message: line})
			}
		}
		return causes
	}
	for _, m := range strictOne().FindAllStringSubmatch(text, -1) {
		causes = append(causes, said{path: m[2], message: m[1] + " field"})
	}
	return causes
}

// tidyPath returns a path of a Tekton message as findings write it, with the
// keys of the JSON: some messages have spec.steps[0].Image.
func tidyPath(path string) string {
	return capital().ReplaceAllStringFunc(path, strings.ToLower)
}

// step matches the first element of a path in an answer: a field, an index, or
// a key in brackets.
var step = pattern(`^\.?([^.\[\]]+)|^\[(\d+)\]|^\[([A-Za-z]\w*="[^"]*"(?:,[A-Za-z]\w*="[^"]*")*|[^\]]*)\]`)

// readPath parses a path of an answer. Items of lists that are identified by a
// key, as in server-side apply and some Tekton messages, get their index in the
// object. Text that cannot be parsed becomes the name of a field.
//
//	spec.tasks[name="a"].taskRef    spec.tasks[0].taskRef
func readPath(object map[string]any, text string) diag.Path {
	var path diag.Path
	var value any = object
	for text != "" {
		m := step().FindStringSubmatch(text)
		if m == nil {
			return path.Field(text)
		}
		text = text[len(m[0]):]
		key := m[3]
		i, err := strconv.Atoi(m[2])
		isIndex := m[2] != "" && err == nil
		switch {
		case m[2] != "" && err != nil:
			key = m[2] // longer than any list
		case m[1] == "" && !isIndex:
			i, isIndex = indexOf(value, key)
		}
		switch {
		case isIndex:
			path = path.Index(i)
			items, _ := value.([]any)
			value = nil
			if i < len(items) {
				value = items[i]
			}
		case m[1] != "":
			path = path.Field(m[1])
			fields, _ := value.(map[string]any)
			value = fields[m[1]]
		default:
			name, err := strconv.Unquote(key)
			if err != nil {
				name = strings.Join(valuesOf(key), ",")
			}
			path = path.Key(name)
			fields, _ := value.(map[string]any)
			value = fields[name]
		}
	}
	return path
}

// valuesOf returns the values in a key: name="a", or just a.
func valuesOf(key string) []string {
	values := strings.Split(key, ",")
	for i, v := range values {
		if _, quoted, ok := strings.Cut(v, "="); ok {
			if value, err := strconv.Unquote(quoted); err == nil {
				values[i] = value
			}
		}
	}
	return values
}

// indexOf finds the item of a list that a key identifies: name="a", or just a.
func indexOf(list any, key string) (int, bool) {
	items, _ := list.([]any)
	for i, item := range items {
		fields, _ := item.(map[string]any)
		if fields == nil {
			continue
		}
		all := true
		for k := range strings.SplitSeq(key, ",") {
			name, want, ok := strings.Cut(k, "=")
			if !ok {
				name, want = "name", strconv.Quote(k)
			}
			got, _ := fields[name].(string)
			all = all && strconv.Quote(got) == want
		}
		if all {
			return i, true
		}
	}
	return 0, false
}

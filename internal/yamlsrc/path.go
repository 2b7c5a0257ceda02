package yamlsrc

import (
	"strconv"
	"strings"
)

// spot is how far a path leads.
type spot struct {
	node    *Node
	key     *Key // the key that the node stands under, nil for items of lists
	missing bool // the path leads further
}

// locate follows a path as far as there are values.
func locate(root *Node, path string) spot {
	at := spot{node: root}
	for path != "" {
		name, index, rest, ok := step(path)
		if !ok {
			at.missing = true
			return at
		}
		switch {
		case index >= 0 && at.node.Kind == List && index < len(at.node.Items):
			at = spot{node: at.node.Items[index]}
		case index < 0 && at.node.Index(name) >= 0:
			i := at.node.Index(name)
			at = spot{node: at.node.Items[i], key: &at.node.Keys[i]}
		default:
			at.missing = true
			return at
		}
		path = rest
	}
	return at
}

// step takes the first step off a path: a field, an ["key"], or an [0].
func step(path string) (name string, index int, rest string, ok bool) {
	if path[0] != '[' {
		path = strings.TrimPrefix(path, ".")
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		return path[:end], -1, path[end:], true
	}
	if quoted, err := strconv.QuotedPrefix(path[1:]); err == nil {
		name, err := strconv.Unquote(quoted)
		rest, closed := strings.CutPrefix(path[1+len(quoted):], "]")
		return name, -1, rest, err == nil && closed
	}
	digits, rest, closed := strings.Cut(path[1:], "]")
	index, err := strconv.Atoi(digits)
	return "", index, rest, err == nil && closed && index >= 0
}

package yamlread

import (
	"errors"
	"fmt"
)

// JSON returns the first document of a text as JSON, null if it has none. It is for
// small texts that users give, and bounds what aliases and nesting may make of them.
// If it is strict, a key that is in a map twice is an error, and so is a second
// document. An error names the line.
func JSON(text []byte, strict bool) ([]byte, error) {
	var out []byte
	for d := range Documents(string(text)) {
		switch {
		case d.Problem != nil:
			return nil, fmt.Errorf("line %d: %s", d.Problem.Line, d.Problem.Message)
		case out != nil:
			return nil, fmt.Errorf("line %d: a second document begins", d.Line)
		}
		if strict {
			if twin := firstTwin(d.Root); twin != nil {
				return nil, fmt.Errorf("line %d: key %q is already set in line %d", d.Position(twin.Mark).Line, twin.Name, d.Position(twin.First).Line)
			}
		}
		// Aliases may repeat long texts, too.
		if out = d.Root.AppendJSON(nil); len(out) > maxDocument {
			return nil, errors.New("the document is too large")
		}
		if !strict {
			break
		}
	}
	if out == nil {
		return []byte("null"), nil
	}
	return out, nil
}

// firstTwin is the first key that a map has twice; nil if there is none.
func firstTwin(n *Node) *Twin {
	if n == nil {
		return nil
	}
	if len(n.Twice) > 0 {
		return &n.Twice[0]
	}
	for _, item := range n.Items {
		if twin := firstTwin(item); twin != nil {
			return twin
		}
	}
	return nil
}

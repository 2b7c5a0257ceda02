package yamlwrite

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// FromJSON returns the tree of a JSON value. Keys keep their order. A duplicate key is an
// error.
func FromJSON(b []byte) (Node, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	n, err := decode(d, 0)
	if err != nil {
		return n, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return n, errors.New("there is more than one JSON value")
	}
	return n, nil
}

func decode(d *json.Decoder, depth int) (Node, error) {
	t, err := d.Token()
	if err != nil {
		return Node{}, err
	}
	if depth > maxDepth {
		return Node{}, errDepth
	}
	switch t := t.(type) {
	case bool:
		return Node{Kind: Bool, Text: strconv.FormatBool(t)}, nil
	case json.Number:
		return Node{Kind: Number, Text: number(t.String())}, nil
	case string:
		return Node{Kind: String, Text: t}, nil
	case json.Delim:
		if t == '[' {
			return decodeList(d, depth)
		}
		return decodeMap(d, depth)
	}
	return Node{}, nil
}

func decodeList(d *json.Decoder, depth int) (Node, error) {
	n := Node{Kind: List}
	for d.More() {
		item, err := decode(d, depth+1)
		if err != nil {
			return n, atStep(diag.Segment{Index: len(n.Items), Kind: diag.IndexSegment}, err)
		}
		n.Items = append(n.Items, item)
	}
	_, err := d.Token()
	return n, err
}

func decodeMap(d *json.Decoder, depth int) (Node, error) {
	n := Node{Kind: Map}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return n, err
		}
		key, _ := t.(string)
		if seen[key] {
			return n, fmt.Errorf("the key %q occurs twice", key)
		}
		seen[key] = true
		item, err := decode(d, depth+1)
		if err != nil {
			return n, atStep(diag.Segment{Name: key}, err)
		}
		n.add(key, item)
	}
	_, err := d.Token()
	return n, err
}

// number rewrites a number with an exponent so that YAML 1.1 readers recognize it: they
// require a decimal point, and a sign in the exponent.
func number(s string) string {
	i := strings.IndexAny(s, "eE")
	if i < 0 {
		return s
	}
	digits, exponent := s[:i], s[i+1:]
	if !strings.Contains(digits, ".") {
		digits += ".0"
	}
	if exponent[0] != '+' && exponent[0] != '-' {
		exponent = "+" + exponent
	}
	return digits + "e" + exponent
}

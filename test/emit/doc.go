// Package emit reads what tekwright writes with goccy/go-yaml, a reader that
// shares no code with those that the library's own tests use
// (sigs.k8s.io/yaml and go.yaml.in/yaml/v3).
//
// It reads two kinds of text otherwise than YAML says: blanks at the end of a
// block that ends without a line break are dropped, and a block that begins with
// a blank, and begins or ends with empty lines, is refused. The other two readers take them.
package emit

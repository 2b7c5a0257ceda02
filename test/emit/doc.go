// Package emit reads the output of tekwright with goccy/go-yaml, a parser that
// shares no code with those that the tests of the library use (sigs.k8s.io/yaml
// and go.yaml.in/yaml/v3).
//
// It deviates from YAML in two cases: it drops blanks at the end of a block
// scalar that ends without a line break, and it rejects a block scalar that
// begins with a blank and begins or ends with empty lines. The other two
// parsers accept these.
package emit
